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
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    fill_account,
)

PLAYBOOKS = "cloud_elements.platform"
DIR = "accounts/prod"
PLAIN = {"plain_keys": ["servicenow.subdomain", "username"]}


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
    write_account(ansible.home / DIR, fill_account, tuple(PLAIN["plain_keys"]))
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
    plan = {**at(other), "provision_plan_dest": "plan.json"}
    planned = play(ansible, "provision", "--check", "--diff", "-vvv", **plan)
    assert planned.rc == 0 and other.instances == [], planned.output
    written = json.loads((ansible.home / "plan.json").read_text("utf-8"))
    assert written["summary"] in told(planned) and f"provision_expected_plan={written['checksum']}" in told(planned)
    assert len(written["changes"]) == 10 and written["counts"]["formulas"]["create"] == 2
    reviewed = play(ansible, "provision", "--check", **at(other), provision_plan_dest="plan.md")
    assert reviewed.rc == 0 and written["checksum"] in (ansible.home / "plan.md").read_text("utf-8")
    emulator_of_another = play(ansible, "provision", **at(emulator), provision_expected_plan="plan.json")
    assert emulator_of_another.rc == 2 and "The plan is not the expected one" in told(emulator_of_another)
    applied = play(ansible, "provision", **at(other), provision_expected_plan="plan.json")
    assert applied.rc == 0 and f"At {other.url}" in told(applied), applied.output
    again = play(ansible, "provision", "--check", **plan)
    assert again.rc == 0 and json.loads((ansible.home / "plan.json").read_text("utf-8"))["changes"] == []
    exported = play(ansible, "export", **at(other), **{**PLAIN, "account_dir": "again"})
    assert exported.rc == 0, exported.output
    for path in sorted(described.rglob("*")):
        if path.is_file() and path.name != "secrets.yml":
            assert path.read_bytes() == (ansible.home / "again" / path.relative_to(described)).read_bytes(), path
    for text in (planned.output, reviewed.output, applied.output, (ansible.home / "plan.md").read_text("utf-8")):
        assert CANARY not in text
    assert CANARY not in json.dumps(written)


def test_what_is_wrong_is_said_and_nothing_is_written(ansible, emulator, described):
    (ansible.home / "mine.json").write_text("{}", "utf-8")
    foreign = play(ansible, "provision", provision_plan_dest="mine.json")
    assert foreign.rc == 2 and "is not a plan, so it is not overwritten" in told(foreign), foreign.output
    nothing = play(ansible, "provision", provision_expected_plan="mine.json")
    assert nothing.rc == 2 and "not a plan that" in told(nothing), nothing.output
    # It must not be taken for no plan at all.
    for plan, why in (("{{ nowhere }}", "'nowhere' is undefined"), (None, "expected_plan is empty")):
        unknown = play(ansible, "provision", provision_expected_plan=plan)
        assert unknown.rc == 2 and why in told(unknown), unknown.output
    assert emulator.requests == []
    # Nobody can write there, which shows only when it is tried.
    unwritten = play(ansible, "provision", "--check", provision_plan_dest="/proc/plan.json")
    assert unwritten.rc == 2 and "/proc/plan.json cannot be written" in told(unwritten), unwritten.output
    unplanned = ansible.playbook(
        f"{PLAYBOOKS}.provision", "-e", '{"fleet_instances": [], "provision_expected_plan": "a"}'
    )
    assert unplanned.rc == 2 and "need account_dir" in told(unplanned), unplanned.output
    (described / "secrets.yml").unlink()
    lacking = play(ansible, "provision")
    assert lacking.rc == 2 and "is not defined. Define it in" in told(lacking), lacking.output
    missing = play(ansible, "provision", account_dir="nowhere")
    assert missing.rc == 2 and "There is no such directory" in told(missing), missing.output
    both = play(ansible, "provision", fleet_instances=[])
    assert both.rc == 2 and "Give either account_dir, or fleet_instances" in told(both)


@pytest.mark.parametrize(
    ("playbook", "variable"),
    [("deprovision", "account_include"), ("report", "report_fail_on_drift"), ("export", "export_tags")],
)
def test_a_variable_that_cannot_be_resolved_is_not_taken_for_none(ansible, emulator, described, playbook, variable):
    emulator.clear()
    run = play(ansible, playbook, **{variable: "{{ nowhere }}", "deprovision_confirm": True})
    assert run.rc == 2 and "'nowhere' is undefined" in told(run), run.output
    assert emulator.requests == []


def test_an_account_is_removed_after_its_plan_without_a_password(ansible, emulator, described):
    (described / "secrets.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "utf-8")
    shown = play(ansible, "deprovision", "-vv")
    assert shown.rc == 0 and "remove formula instance 'nightly' of formula" in told(shown), shown.output
    assert "run this again with -e deprovision_confirm=true" in told(shown) and len(emulator.instances) == 2
    emulator.inject(
        Fault("status", method="DELETE", path="^/formulas/.*/instances/", status=400, times=None, message="No.")
    )
    kept = play(ansible, "deprovision", deprovision_confirm=True)
    assert kept.rc == 2 and "Not everything could be removed." in told(kept), kept.output
    emulator.heal()
    done = play(ansible, "deprovision", deprovision_confirm=True)
    assert done.rc == 0 and "2 formula instances: 2 to remove" in told(done), done.output
    store = next(iter(emulator.accounts.values())).store
    assert emulator.instances == [] and not store.formulas.templates and not store.formulas.instances
    again = play(ansible, "deprovision", deprovision_confirm=True)
    assert again.rc == 0 and "changed=0" in again.output, again.output


def test_several_accounts_are_provisioned_in_one_run_and_a_dead_one_fails_alone(ansible, emulator, other, described):
    (ansible.home / "accounts" / "second").symlink_to("prod")
    hosts = {
        "first": {"cloud_elements_base_url": other.url, "account_dir": DIR},
        "second": {"cloud_elements_base_url": "http://127.0.0.1:9", "account_dir": "accounts/second"},
    }
    inventory = ansible.home / "inventory.yml"

    def run(**environment):
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}), "utf-8")
        given = {"cloud_elements_hosts": "all", "cloud_elements_retries": 0}
        options = ("-i", str(inventory), "-e", json.dumps(given))
        return ansible.playbook(f"{PLAYBOOKS}.provision", *options, **environment)

    same = run()
    assert same.rc == 2 and "account_dir of first and account_dir of second lead to the same place" in told(same), (
        same.output
    )
    assert list(other.requests) == []
    (ansible.home / "accounts" / "second").unlink()
    shutil.copytree(described, ansible.home / "accounts" / "second")
    both = run(ANSIBLE_SHOW_CUSTOM_STATS="true")
    assert both.rc == 2 and re.search(r"first +: ok=\d+ +changed=1 ", both.output), both.output
    assert re.search(r"second +: .*failed=1", both.output) and "fatal: [second]" in both.output
    assert '"cloud_elements_accounts"' in both.output.replace("'", '"') and "first" in both.output
    assert len(other.instances) == 2 and CANARY not in both.output


def test_what_fails_is_named_with_what_refers_to_it_and_the_plan_is_written(ansible, other, described):
    other.inject(Fault("status", method="POST", path="^/instances$", status=400, times=None, message="No."))
    run = play(ansible, "provision", "--diff", **at(other), provision_plan_dest="plan.md")
    assert run.rc == 2 and "2 of 10 resources failed, and 3 that need them were skipped" in told(run), run.output
    assert "It was left alone, as it needs the instance 'payments' of element 'stripe'" in told(run)
    plan = (ansible.home / "plan.md").read_text("utf-8")
    assert "### What cannot be done" in plan and CANARY not in plan + run.output
    other.heal()
    assert play(ansible, "provision", **at(other)).rc == 0


def test_encrypted_secrets_are_read_with_their_password_only(ansible, other, described):
    (ansible.home / "password").write_text("made-up", "utf-8")
    file = ("--vault-password-file", "password")
    assert ansible.command("ansible-vault", "encrypt", *file, f"{DIR}/secrets.yml").rc == 0
    locked = play(ansible, "provision", **at(other))
    assert locked.rc == 2 and "cannot be decrypted" in told(locked) and other.instances == [], locked.output
    opened = play(ansible, "provision", "-vvvv", *file, **at(other))
    assert opened.rc == 0 and len(other.instances) == 2 and CANARY not in opened.output, opened.output
