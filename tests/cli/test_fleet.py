# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role for fleets: one task, one plan, and one end for all."""

from __future__ import annotations

import json

import pytest
import yaml

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.fleet
    - keep:
        content: "{{ {'tokens': fleet_tokens, 'summary': fleet_summary} | to_json }}"
        dest: facts.json
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
        run = ansible.playbook(PLAY, f"-e@{path}", "-vvv", *options)
        assert "canary" not in run.output
        assert not any(instance["token"] in run.output for instance in emulator.instances)
        facts = ansible.home / "facts.json"
        return run, json.loads(facts.read_text()) if facts.exists() else None

    return run


def shown_plan(run):
    """Return the plan that the role showed."""
    return run.said["cloud_elements.platform.fleet : Show the plan"]


def test_a_fleet_is_provisioned_and_pruned_and_hands_on_all_tokens(fleet, emulator):
    emulator.create(element_key="stripe", name="old", tags=["fleet"])
    emulator.create(element_key="stripe", name="theirs", tags=["other"])
    run, facts = fleet(7, "--diff", fleet_prune=True, fleet_prune_tags=["fleet"])
    assert run.rc == 0, run.output
    *created, pruned, summary = shown_plan(run)
    assert created == [f"create  instance 'payments {number}' of element 'stripe'" for number in range(7)]
    assert (
        pruned.startswith("prune   instance 'old' ")
        and summary == f"At {emulator.url}: 8 instances: 7 to create, 1 to prune"
    )
    assert run.output.count(summary) == 1
    stored = {row["name"]: row["token"] for row in emulator.instances}
    assert stored.keys() == {"theirs", *(f"payments {number}" for number in range(7))}
    assert facts["tokens"] == {"stripe": {name: token for name, token in stored.items() if name != "theirs"}}
    assert facts["summary"]["created"] == 7 and facts["summary"]["pruned"] == 1
    emulator.create(element_key="stripe", name="left over", tags=["fleet"])
    emulator.clear()
    # -e name=value gives a text.
    again, facts = fleet(7, fleet_prune="true", fleet_prune_tags=["fleet"])
    assert again.rc == 0 and facts["summary"]["unchanged"] == 6, again.output
    # Without diff mode too.
    assert again.said["cloud_elements.platform.fleet : Show what was pruned"] == ["left over"]
    # The one whose secret is sent always, and the one that is pruned.
    assert [seen.method for seen in emulator.requests if seen.method != "GET"] == ["PATCH", "DELETE"]
    assert len([seen for seen in emulator.requests if seen.path == "/instances"]) == 1, "one listing"


def test_one_bad_instance_fails_the_role_after_all_others_and_prunes_nothing(fleet, emulator):
    emulator.create(element_key="stripe", name="old", tags=["fleet"])
    for _dummy in range(2):
        emulator.create(element_key="stripe", name="payments 1")
    run, facts = fleet(5, fleet_prune=True, fleet_prune_tags=["fleet"])
    assert run.rc != 0 and facts is None
    before, failed = run.output.split(": Fail if an instance failed]")
    assert "1 of 5 instances failed, all others were done." in failed
    assert "instances[1] (payments 1)" in failed and "instances[1]" not in before, "it is said once"
    assert sorted(row["name"] for row in emulator.instances) == [
        "old", "payments 0", "payments 1", "payments 1", "payments 2", "payments 3", "payments 4"
    ]  # fmt: skip


def on_hosts(ansible, hosts):
    """Run the role once on hosts that are given something else each."""
    return ansible.playbook(PLAY.replace("hosts: localhost", "hosts: all"), *ansible.hosts(hosts), "-vvv")


def test_what_forbids_pruning_and_options_that_ansible_refuses_fail_the_role_before_a_write(ansible, emulator):
    for name in ("old", "older"):
        emulator.create(element_key="stripe", name=name, tags=["ours"])
    item = {"name": "shop", "element_key": "stripe", "api_key": "canary-key", "tags": ["ours"]}
    prune = {"fleet_instances": [item], "fleet_prune": True, "fleet_prune_tags": ["ours"]}
    bad = {
        "limit": ({**prune, "fleet_prune_limit": 1}, "which is more than prune_limit allows (1)"),
        "no_tags": ({**prune, "fleet_prune_tags": []}, "prune needs prune_tags"),
        "option": ({**prune, "fleet_instances": [item, {**item, "name": "b", "enable": True}]}, "enable"),
    }
    run = on_hosts(ansible, {host: given for host, (given, _words) in bad.items()})
    for host, (_given, words) in bad.items():
        assert words in run.failed[host], run.output
    assert {seen.method for seen in emulator.requests} == {"GET"}
    assert "canary" not in run.output


def test_what_is_no_list_of_instances_and_names_that_are_given_twice_are_refused_before_anything_is_asked(
    ansible, emulator
):
    item = {"name": "shop", "element_key": "stripe", "api_key": "made-up-key"}
    bad = {"text": "a string", "mapping": {"a": 1}, "texts": ["x"], "twice": [item, item, {**item, "id": 1}]}
    run = on_hosts(ansible, {host: {"fleet_instances": given} for host, given in bad.items()})
    assert run.failed.keys() == bad.keys() and "shop, element stripe: 2 times" in run.failed["twice"], run.output
    assert emulator.requests == []


PLAN = [
    "change  instance 'payments 20' of element 'stripe' with id {of_20}: set tags to eu, fleet",
    "change  instance 'payments 70' of element 'stripe' with id {of_70}: change configuration "
    "event.notification.enabled",
    "create  instance 'payments 110' of element 'stripe'",
    "change  instance 'payments 120' of element 'stripe' with id {of_120}: send secrets api.key",
    "disable instance 'payments 150' of element 'stripe' with id {of_150}",
    "change  instance 'payments 170' of element 'stripe' with id {of_170}: rename to 'orders'; disable",
    "create  instance 'payments 197' of element 'stripe'",
    "create  instance 'payments 198' of element 'stripe'; disable",
    "prune   instance 'old' of element 'stripe' with id {old}",
    "At {url}: 200 instances: 3 to create, 4 to change, 1 to disable, 1 to prune, 191 unchanged",
]
FLEET = {"fleet_prune": True, "fleet_prune_tags": ["fleet"]}
ROLE_AND_TASK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.fleet
    - cloud_elements.platform.cloud_elements_instances:
        instances: "{{ fleet_instances }}"
        prune: "{{ fleet_prune }}"
        prune_tags: "{{ fleet_prune_tags }}"
"""


def nine_that_differ(emulator):
    """Return a fleet of which 8 instances differ from what is there, beside one to prune; and the plan for it."""
    instances = [
        {"name": f"payments {number}", "element_key": "stripe", "api_key": f"canary-key-{number}", "tags": ["fleet"]}
        # Given, so that no warning stands below the plan.
        | {"update_secrets": "on_create"}
        for number in range(199)
    ]
    absent = {110, 197, 198}
    there = [{"element_key": "stripe", "name": item["name"], "tags": ["fleet"]} for item in instances]
    ids = {
        f"of_{number}": emulator.create(**fields)["id"] for number, fields in enumerate(there) if number not in absent
    }
    ids["old"] = emulator.create(element_key="stripe", name="old", tags=["fleet", "x"])["id"]
    emulator.create(element_key="stripe", name="theirs", tags=["other"])
    instances[20]["tags"] = ["fleet", "eu"]
    instances[70]["configuration"] = {"event.notification.enabled": True}
    instances[120]["update_secrets"] = "always"
    instances[150]["enabled"] = False
    instances[170].update(id=ids["of_170"], name="orders", enabled=False)
    instances[198]["enabled"] = False
    return instances, [line.format_map({**ids, "url": emulator.url}) for line in PLAN]


def test_of_two_hundred_instances_the_nine_that_differ_are_shown_at_the_end_by_the_role_and_by_a_task(
    ansible, emulator
):
    instances, plan = nine_that_differ(emulator)
    before = emulator.instances
    given = ansible.home / "fleet.yml"
    given.write_text(yaml.safe_dump({"fleet_instances": instances, **FLEET}))
    run = ansible.playbook(ROLE_AND_TASK, f"-e@{given}", "--check", "--diff")
    assert run.rc == 0 and shown_plan(run) == plan, run.output
    # The task shows it below what differs.
    assert "\n".join(["", *plan, "changed: [localhost]", ""]) in run.output
    assert run.output.count("--- before: ") == len(plan) - 1
    assert emulator.instances == before
    assert "canary" not in run.output
    assert not any(row["token"] in run.output for row in emulator.instances)
