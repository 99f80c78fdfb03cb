# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook provision applies the directory of an account, with a plan that can be reviewed and pinned."""

from __future__ import annotations

import json
import re
import shutil

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    fill_account,
)

PLAYBOOKS = "cloud_elements.platform"
DIR = "accounts/prod"
PLAIN = ("servicenow.subdomain", "username")


@pytest.fixture
def other():
    """An emulator of another, empty account."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


@pytest.fixture
def described(ansible, emulator):
    """A directory of an account, with its secrets filled in. Nothing in it is encrypted."""
    fill_account(emulator)
    write_account(ansible.home / DIR, fill_account, PLAIN)
    path = ansible.home / DIR / "secrets.yml"
    names = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump({name: f"{CANARY}-{number}" for number, name in enumerate(names)}), "utf-8")
    return ansible.home / DIR


def play(ansible, playbook, *options, **variables):
    return ansible.playbook(f"{PLAYBOOKS}.{playbook}", "-e", json.dumps({"account_dir": DIR, **variables}), *options)


def at(emulator):
    return {"cloud_elements_base_url": emulator.url}


def told(run):
    return " ".join(run.output.split())


def test_an_account_is_planned_reviewed_applied_and_unchanged(ansible, emulator, other, described):
    encrypt(described / "secrets.yml")
    (ansible.home / "password").write_text("made-up", "utf-8")
    file = ("--vault-password-file", "password", "-vvvv")
    plan = {**at(other), "provision_plan_dest": "plan.json"}
    planned = play(ansible, "provision", "--check", "--diff", *file, **plan)
    assert planned.rc == 0 and other.instances == [], planned.output
    written = json.loads((ansible.home / "plan.json").read_text("utf-8"))
    assert written["summary"] in told(planned) and f"provision_expected_plan={written['checksum']}" in told(planned)
    assert len(written["changes"]) == 10 and written["counts"]["formulas"]["create"] == 2
    given = {**at(other), "account_dir": DIR}
    steps = [{"provision_expected_plan": "plan.json"}, {"provision_plan_dest": "again.json"}]
    plays = [{"import_playbook": f"{PLAYBOOKS}.provision", "vars": {**given, **step}} for step in steps]
    applied = ansible.playbook(plays, *file)
    assert applied.rc == 0 and f"At {other.url}" in told(applied), applied.output
    assert len(other.instances) == 2 and re.search(r"ok=\d+ +changed=1 ", applied.output)
    assert json.loads((ansible.home / "again.json").read_text("utf-8"))["changes"] == []
    for text in (planned.output, applied.output, json.dumps(written)):
        assert CANARY not in text


def encrypt(path):
    """Encrypt a file as ansible-vault does."""
    path.write_bytes(VaultLib([("default", VaultSecret(b"made-up"))]).encrypt(path.read_bytes()))


WRONG = {
    "foreign": ({"provision_plan_dest": "mine.json"}, "is not a plan, so it is not overwritten"),
    "no_plan": ({"provision_expected_plan": "mine.json"}, "not a plan that"),
    # It must not be taken for no plan at all.
    "undefined": ({"provision_expected_plan": "{{ nowhere }}"}, "'nowhere' is undefined"),
    "blank": ({"provision_expected_plan": None}, "expected_plan is empty"),
    "both": ({"fleet_instances": []}, "Give either account_dir, or fleet_instances"),
    "missing": ({"account_dir": "nowhere"}, "There is no such directory"),
    "lacking": ({}, "is not defined. Define it in"),
    "locked": ({}, "cannot be decrypted"),
}


def test_what_is_wrong_is_said_and_nothing_is_written(ansible, emulator, described):
    (ansible.home / "mine.json").write_text("{}", "utf-8")
    for host in WRONG:
        shutil.copytree(described, ansible.home / host)
    (ansible.home / "lacking" / "secrets.yml").unlink()
    encrypt(ansible.home / "locked" / "secrets.yml")
    # One run: each host of it is given something else.
    hosts = {host: {"account_dir": host, **given} for host, (given, _words) in WRONG.items()}
    hosts["unplanned"] = {"fleet_instances": [], "provision_expected_plan": "a"}
    (ansible.home / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), "utf-8")
    run = ansible.playbook(f"{PLAYBOOKS}.provision", "-i", "hosts.yml", "-e", "cloud_elements_hosts=all")
    words = {**{host: said for host, (_given, said) in WRONG.items()}, "unplanned": "need account_dir"}
    for host, said in words.items():
        (message,) = re.findall(rf"^fatal: \[{host}\]: FAILED! => {{.*?}}$", run.output, re.MULTILINE | re.DOTALL)
        assert said in message, message
    assert run.rc == 2 and emulator.requests == [] and (ansible.home / "mine.json").read_text("utf-8") == "{}"
    # Nobody can write there, which shows only when it is tried.
    unwritten = play(ansible, "provision", "--check", provision_plan_dest="/proc/plan.json")
    assert unwritten.rc == 2 and "/proc/plan.json cannot be written" in told(unwritten), unwritten.output


@pytest.mark.parametrize(
    ("playbook", "variable"),
    [("deprovision", "account_include"), ("report", "report_fail_on_drift"), ("export", "export_tags")],
)
def test_a_variable_that_cannot_be_resolved_is_not_taken_for_none(ansible, emulator, described, playbook, variable):
    emulator.clear()
    run = play(ansible, playbook, **{variable: "{{ nowhere }}", "deprovision_confirm": True})
    assert run.rc == 2 and "'nowhere' is undefined" in told(run), run.output
    assert emulator.requests == []


def test_an_account_is_removed_after_its_plan_without_a_password(ansible, emulator, other, described):
    (described / "secrets.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "utf-8")
    kept = Fault("status", method="DELETE", path="^/formulas/.*/instances/", status=400, message="No.")
    emulator.inject(kept)
    steps = [{}, {**at(other), "deprovision_confirm": True}, {"deprovision_confirm": True}]
    plays = [{"import_playbook": f"{PLAYBOOKS}.deprovision", "vars": {"account_dir": DIR, **step}} for step in steps]
    run = ansible.playbook(plays, "-vv")
    shown, gone, done = run.output.split("\nPLAY [")[1:]
    assert "remove formula instance 'nightly' of formula" in " ".join(shown.split()), shown
    assert "run this again with -e deprovision_confirm=true" in " ".join(shown.split())
    # Where nothing is left, there is nothing to do.
    assert "changed: [" not in gone and "fatal" not in gone, gone
    assert run.rc == 2 and "2 formula instances: 2 to remove" in " ".join(done.split()), done
    # A formula instance stays, and so does what it uses. That its formula was skipped is no failure of its own.
    (failed,) = re.findall(r'"msg": "Not everything could be removed\.\\n(.*)"}$', done, re.MULTILINE)
    assert re.findall(r"Deleting the (\w+ ?\w*) with id", failed) == ["formula instance", "instance"]
    assert failed.count("\\n") == 1 and "changed: [" in done, failed
    store = next(iter(emulator.accounts.values())).store.formulas
    assert [row["name"] for row in emulator.instances] == ["payments"]
    assert [len(store.instances), len(store.templates)] == [1, 2]


def test_what_fails_is_named_with_what_refers_to_it_and_the_plan_is_written(ansible, other, described):
    other.inject(Fault("status", method="POST", path="^/instances$", status=400, times=None, message="No."))
    run = play(ansible, "provision", "--diff", **at(other), provision_plan_dest="plan.md")
    assert run.rc == 2 and "2 of 10 resources failed, and 3 that need them were skipped" in told(run), run.output
    assert "It was left alone, as it needs the instance 'payments' of element 'stripe'" in told(run)
    plan = (ansible.home / "plan.md").read_text("utf-8")
    assert "### What cannot be done" in plan and CANARY not in plan + run.output
