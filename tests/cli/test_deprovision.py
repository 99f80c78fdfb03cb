# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that removes a fleet: shown first, confirmed, and nothing else."""

from __future__ import annotations

import dataclasses
import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.emulator import Fault

PLAYBOOK = "cloud_elements.platform.deprovision"
SHOWN, DONE = "Show what goes and what stays", "Say what went and what stayed"
LOUD = ("-vvv", "--diff")
CONFIRMED = {"deprovision_confirm": True}
FLEET = yaml.safe_load("""
fleet_instances:
  - {name: "{{ stage }}-shop", element_key: stripe, api_key: "{{ secret_that_is_not_given }}", tags: [ours]}
  - name: tickets
    element_key: servicenow
    configuration: {username: "{{ not_given_either }}"}
    secret_configuration: {password: "{{ secret_that_is_not_given }}"}
  - {name: crm, element_key: sfdc, secret_configuration: "{{ all_secrets }}"}
  - {name: left over, element_key: stripe, state: absent}
  - {name: never there, element_key: stripe}
fleet_prune: true
stage: test
""")


@pytest.fixture
def there(emulator):
    """The ids of what is there: of the fleet, of which a formula uses one, and of what is not in it but looks so."""
    given = [
        ("stripe", "test-shop", ["ours", "x"]),
        ("servicenow", "tickets", ["ours"]),
        ("sfdc", "crm", ["ours", "x"]),
        ("stripe", "left over", []),
        ("closeio", "test-shop", ["ours", "x"]),
        ("stripe", "test-shop 2", ["x"]),
        ("stripe", "tickets", []),
    ]
    ids = [emulator.create(element_key=key, name=name, tags=tags)["id"] for key, name, tags in given]
    emulator.hold(ids[2], "nightly sync")
    return ids


@pytest.fixture
def deprovision(ansible, emulator):
    """Return what runs the playbook once for each set of variables, and returns the run and each play of it."""

    def run(*given, options=()):
        tokens = [row["token"] for row in emulator.instances]
        run = ansible.playbook([{"import_playbook": PLAYBOOK, "vars": each} for each in given], *options, *LOUD)
        assert not any(secret in run.output for secret in (*tokens, emulator.user_secret, emulator.organization_secret))
        return run, [dataclasses.replace(run, output=play) for play in run.output.split("\nPLAY [")[1:]]

    return run


def ids(emulator):
    return {row["id"] for row in emulator.instances}


def lines(word, *instances):
    return [f"{word:<7} instance {name!r} of element {key!r} with id {number}" for name, key, number in instances]


def test_a_fleet_is_shown_then_removed_but_for_what_formulas_use_and_then_there_is_nothing_left_to_do(
    deprovision, emulator, there
):
    shop, tickets, crm, left_over, other_element, *others = there
    going = [("test-shop", "stripe", shop), ("tickets", "servicenow", tickets), ("left over", "stripe", left_over)]
    used = (
        f"stays   instance 'crm' of element 'sfdc' with id {crm}: It is used by these formula "
        "instances: 'nightly sync' (id 1202) of formula 'nightly sync'. Remove or change them first."
    )
    tags = {"deprovision_tags": "ours,x", **CONFIRMED}
    nobody = {"deprovision_tags": ["ours", "theirs"], **CONFIRMED}
    run, (first, second, third, none, tagged) = deprovision(FLEET, *[{**FLEET, **CONFIRMED}] * 2, nobody, tags)
    assert run.rc == 0, run.output
    shop_line, tickets_line, left_over_line = lines("remove", *going)
    assert first.said[SHOWN] == [
        *(shop_line, tickets_line, used, left_over_line),
        f"At {emulator.url}: 3 to remove, 1 left standing, 1 not there",
    ]
    assert "-e deprovision_confirm=true" in first.said["Say how to confirm"] and "changed: [" not in first.output

    assert second.said[DONE] == [*lines("removed", *going), used, f"At {emulator.url}: 3 removed, 1 left standing"]
    assert second.output.count("changed: [") == 1

    assert third.said[SHOWN] == [used, f"At {emulator.url}: nothing to remove, 1 left standing, 4 not there"]
    assert "changed: [" not in third.output

    # By tags goes what carries all of them.
    nothing = f"At {emulator.url}: nothing to remove, 0 left standing, 0 not there"
    assert none.said[SHOWN] == ["No instance carries all of these tags: ours, theirs", nothing]
    assert tagged.said[DONE][:1] == lines("removed", ("test-shop", "closeio", other_element))
    assert ids(emulator) == {crm, *others}


def test_in_check_mode_nothing_goes(deprovision, emulator, there):
    shop, _tickets, _crm, _left_over, other_element, *_others = there
    going = [("test-shop", "stripe", shop), ("test-shop", "closeio", other_element)]
    given = {"deprovision_tags": "ours,x", **CONFIRMED}
    run, (play,) = deprovision(given, options=("--check",))
    assert run.rc == 0 and "changed=1" in run.output, run.output
    assert [line for line in play.said[SHOWN] if line.startswith("remove")] == lines("remove", *going)
    nothing = "Nothing was removed, as this is check mode."
    assert play.said[DONE][-1] == f"At {emulator.url}: 2 to remove, 1 left standing. {nothing}"
    assert ids(emulator) == {*there}


def test_what_should_have_gone_and_stays_fails_the_run_after_the_others_went(deprovision, emulator, there):
    shop, _tickets, crm, _left_over, *others = there
    twin = emulator.create(element_key="stripe", name="test-shop")["id"]
    # The formula came after it was looked for.
    emulator.inject(Fault("body", method="GET", path="^/formulas/instances$", body=[], times=3))
    unclear = [{"name": "tickets 2"}, {"id": others[1], "name": "renamed", "element_key": "stripe"}]
    fleet = {**FLEET, "fleet_instances": [*FLEET["fleet_instances"], *unclear]}
    run, (play,) = deprovision({**fleet, **CONFIRMED})
    said = play.said
    assert run.rc != 0
    assert said[DONE][-1] == f"At {emulator.url}: 2 removed, 4 left standing"
    # What failed is told once, at the end.
    assert not any(line.startswith("stays") for line in said[DONE])
    (failure,) = re.findall(r'^ +"msg": "Not everything could be removed\.(.*)"$', run.output, re.MULTILINE)
    stays = [line for line in failure.split("\\n") if line]
    assert len(stays) == 4 and all(line.startswith("stays   ") for line in stays)
    for words in (
        (f"with id {crm}", "HTTP 409", "nightly sync"),
        (f"{shop} ", f"{twin} "),
        ("element_key",),
        ("renamed",),
    ):
        assert [all(word in line for word in words) for line in stays].count(True) == 1, words
    assert ids(emulator) == {shop, twin, crm, *others}


BAD = {
    "neither": ({}, "It is not clear what is to be removed"),
    "both": ({"deprovision_tags": ["ours"], "fleet_instances": [{"id": 1}]}, "It is not clear what is to be removed"),
    "no_tags": ({"deprovision_tags": []}, "deprovision_tags has to be"),
    "empty_text": ({"deprovision_tags": ""}, "deprovision_tags has to be"),
    "empty_tag": ({"deprovision_tags": ["ours", " "]}, "deprovision_tags has to be"),
    "null_tags": ({"deprovision_tags": None}, "deprovision_tags has to be"),
    "tag_mapping": ({"deprovision_tags": {"ours": 1}}, "deprovision_tags has to be"),
    "empty_fleet": ({"fleet_instances": []}, "fleet_instances must be"),
    "text": ({"fleet_instances": "shop"}, "fleet_instances must be"),
    "names_only": ({"fleet_instances": ["shop"]}, "fleet_instances must be"),
    "nameless": ({"fleet_instances": [{"id": 1}, {"element_key": "stripe"}]}, "fleet_instances must be"),
    "unknown_name": ({"fleet_instances": [{"id": 1, "name": "{{ unknown }}"}]}, "'unknown' is undefined"),
}


def test_what_is_not_clear_is_refused_before_anything_is_asked(ansible, emulator, there):
    # One run: each host of it is given something else.
    hosts = {host: {"deprovision_confirm": True, **given} for host, (given, _words) in BAD.items()}
    (ansible.home / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    emulator.clear()
    run = ansible.playbook(PLAYBOOK, "-i", "hosts.yml", "-e", "cloud_elements_hosts=all", "-c", "local")
    for host, (_given, words) in BAD.items():
        (message,) = re.findall(rf"^fatal: \[{host}\]: FAILED! => .*$", run.output, re.MULTILINE)
        assert words in message, message
    # Of an answer, nobody can say what it means for the other hosts.
    answers = {"clear": True, "unclear": "maybe"}
    hosts = {host: {"deprovision_confirm": given, "deprovision_tags": ["ours"]} for host, given in answers.items()}
    (ansible.home / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    run = ansible.playbook(PLAYBOOK, "-i", "hosts.yml", "-e", "cloud_elements_hosts=all", "-c", "local")
    assert run.rc == 2 and "deprovision_confirm is 'maybe'" in run.output, run.output
    assert emulator.requests == []
