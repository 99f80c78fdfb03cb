# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role for fleets: batches, progress, and one end for all."""

from __future__ import annotations

import json
import re

import pytest
import yaml

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.fleet
    - ansible.builtin.copy:
        content: "{{ {'tokens': fleet_tokens, 'summary': fleet_summary} | to_json }}"
        dest: facts.json
        mode: "0600"
      no_log: true
"""


@pytest.fixture
def fleet(ansible, emulator):
    """Return what runs the role with a fleet of a size, and returns the run and the facts."""

    def run(size, *options, **given):
        instances = [
            {
                "name": f"payments {number}",
                "element_key": "stripe",
                "api_key": f"canary-key-{number}",
                "tags": ["fleet"],
                "update_secrets": "always" if number == 0 else "on_create",
            }
            for number in range(size)
        ]
        path = ansible.home / "fleet.yml"
        path.write_text(yaml.safe_dump({"fleet_instances": instances, **given}))
        (ansible.home / "facts.json").unlink(missing_ok=True)
        run = ansible.playbook(PLAY, f"-e@{path}", "-vvv", "--diff", *options)
        assert "canary" not in run.output
        assert not any(instance["token"] in run.output for instance in emulator.instances)
        facts = ansible.home / "facts.json"
        return run, json.loads(facts.read_text()) if facts.exists() else None

    return run


def progress(run):
    return re.findall(r"(\d+) of (\d+): (\d+) created,\s+(\d+) changed, (\d+) failed", run.output)


def test_a_fleet_shows_how_far_it_is_and_hands_on_all_tokens(fleet, emulator):
    emulator.create(element_key="stripe", name="old", tags=["fleet"])
    emulator.create(element_key="stripe", name="theirs", tags=["other"])
    run, facts = fleet(7, fleet_batch_size=3, fleet_prune=True, fleet_prune_tags=["fleet"])
    assert run.rc == 0, run.output
    assert [line[:3] for line in progress(run)] == [("3", "7", "3"), ("6", "7", "6"), ("7", "7", "7")]
    stored = {row["name"]: row["token"] for row in emulator.instances}
    assert stored.keys() == {"theirs", *(f"payments {number}" for number in range(7))}
    assert facts["tokens"] == {"stripe": {name: token for name, token in stored.items() if name != "theirs"}}
    assert facts["summary"]["created"] == 7 and facts["summary"]["pruned"] == 1
    emulator.clear()
    again, facts = fleet(7, fleet_batch_size=3, fleet_prune=True, fleet_prune_tags=["fleet"])
    assert again.rc == 0 and facts["summary"]["unchanged"] == 6
    # The one whose secret is sent always, and sent once though pruning looks at it again.
    assert [seen.method for seen in emulator.requests if seen.method != "GET"] == ["PATCH"]


def test_one_bad_instance_fails_the_role_after_all_batches(fleet, emulator):
    emulator.create(element_key="stripe", name="old", tags=["fleet"])
    for _dummy in range(2):
        emulator.create(element_key="stripe", name="payments 1")
    run, facts = fleet(5, fleet_batch_size=2, fleet_prune=True, fleet_prune_tags=["fleet"])
    assert run.rc != 0 and facts is None
    assert "instances[1] (payments 1)" in run.output and "Nothing is pruned" in run.output
    assert progress(run)[-1] == ("5", "5", "4", "0", "1")
    assert len(emulator.instances) == 7


@pytest.mark.parametrize("bad", [{"enable": True}, {"state": "absnt"}, {"tags": {"a": 1}}])
def test_options_that_ansible_refuses_fail_the_role_and_prune_nothing(ansible, emulator, bad):
    emulator.create(element_key="stripe", name="old", tags=["ours"])
    path = ansible.home / "fleet.yml"
    item = {"name": "shop", "element_key": "stripe", "api_key": "made-up-key", "tags": ["ours"], **bad}
    path.write_text(yaml.safe_dump({"fleet_instances": [item], "fleet_prune": True, "fleet_prune_tags": ["ours"]}))
    run = ansible.playbook(PLAY, f"-e@{path}")
    assert run.rc != 0 and "Nothing is pruned" in run.output
    assert [row["name"] for row in emulator.instances] == ["old"]


def test_what_is_no_list_of_instances_is_refused(ansible, emulator):
    for given in ("a string", {"a": 1}, ["x"]):
        run = ansible.playbook(PLAY, "-e", json.dumps({"fleet_instances": given}))
        assert run.rc != 0 and emulator.requests == []


def test_in_check_mode_it_predicts_pruning_too(fleet, emulator):
    emulator.create(element_key="stripe", name="old", tags=["fleet"])
    run, _facts = fleet(3, "--check", fleet_prune=True, fleet_prune_tags=["fleet"])
    assert run.rc == 0, run.output
    assert "Pruned: old" in run.output and len(emulator.instances) == 1


def test_no_more_than_twenty_batches_by_default(fleet, emulator):
    run, _facts = fleet(1010, "--check")
    assert run.rc == 0, run.output[-3000:]
    assert len(progress(run)) == 20
