# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for one formula instance against the emulator."""

from __future__ import annotations

import collections
import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.executor import (
    FormulaInstanceExecutor,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Fault

SYNC = {
    "name": "sync contacts",
    "configuration": [
        {"key": "crm", "name": "CRM", "type": "elementInstance", "required": True},
        {"key": "shop", "name": "Shop", "type": "elementInstance", "required": False},
        {"key": "cron", "name": "Schedule", "type": "value", "required": False},
        {"key": "hook", "name": "Webhook password", "type": "value", "required": False},
        {"key": "api.key", "name": "Key", "type": "value", "required": False},
    ],
    "triggers": [{"type": "manual", "properties": {}, "onSuccess": []}],
    "steps": [],
}
CRM = {"element_key": "sfdc", "name": "crm"}
SHOP = {"element_key": "stripe", "name": "payments"}
NIGHTLY = {"formula": "sync contacts", "name": "nightly", "configuration": {"crm": CRM, "shop": SHOP, "cron": "x"}}


@pytest.fixture
def account(emulator):
    """An account with a formula and the element instances that it works with."""
    emulator.create("sfdc", "crm")
    emulator.create("stripe", "payments")
    emulator.seed.formula(SYNC)
    return emulator


def ensure(ansible, check=False, **options):
    return ansible.run(options, module="formula_instance", check=check)


def stored(account):
    return [row["configuration"] | {"": (row["name"], row["active"])} for row in rows(account)]


def rows(account):
    (formula,) = account.accounts[next(iter(account.accounts))].store.formulas.templates.values()
    kept = account.accounts[next(iter(account.accounts))].store.formulas.instances.values()
    return [
        {"id": each.id, "name": each.name, "active": each.active, "configuration": each.configuration,
         "settings": each.settings}
        for each in kept
        if each.template is formula
    ]  # fmt: skip


def methods(account):
    return dict(collections.Counter(seen.method for seen in account.requests))


def same(ansible, account, **options):
    """Predict a run, do it, and check that both say the same and that the prediction wrote nothing."""
    account.clear()
    predicted = ensure(ansible, check=True, **options)
    assert set(methods(account)) <= {"GET"}
    done = ensure(ansible, **options)
    for key in ("changed", "actions", "diff", "failed"):
        assert predicted.get(key) == done.get(key), key
    assert (predicted.get("error") or {}).get("kind") == (done.get("error") or {}).get("kind")
    return done


def test_a_formula_instance_is_created_inactive_and_activated_last(ansible, account):
    result = same(ansible, account, **NIGHTLY)
    assert result["actions"] == ["create formula instance 'nightly' of formula 'sync contacts'", "activate"]
    posted = [seen.body for seen in account.requests if seen.method == "POST"]
    assert [body["active"] for body in posted] == [False]
    (row,) = rows(account)
    assert row["active"] and row["configuration"]["cron"] == "x" and isinstance(row["configuration"]["crm"], int)
    assert result["id"] == row["id"]
    shown = result["formula_instance"]
    assert shown["configuration"]["crm"] == CRM and shown["active"] and shown["formula"] == "sync contacts"
    assert "canary" not in json.dumps(result)


def test_the_second_run_writes_nothing(ansible, account):
    ensure(ansible, **NIGHTLY)
    account.clear()
    again = ensure(ansible, **NIGHTLY)
    assert not again["changed"] and again["actions"] == []
    assert methods(account) == {"GET": 3}, "the formulas, the formula instances, the element instances"


@pytest.mark.parametrize(
    ("change", "actions"),
    [
        ({"configuration": {"cron": "y"}}, ["change configuration cron"]),
        ({"configuration": {"cron": None}}, ["change configuration cron"]),
        ({"settings": {"notification.email": "ops@example.com"}}, ["change settings notification.email"]),
        ({"active": False}, ["deactivate"]),
        ({"active": False, "configuration": {"cron": "y"}}, ["deactivate", "change configuration cron"]),
        ({"secret_configuration": {"api.key": "canary-1"}}, ["send secrets api.key"]),
        ({}, []),
        ({"configuration": {"crm": CRM}}, []),
    ],
)
def test_only_what_differs_is_changed_and_everything_else_stays(ansible, account, change, actions):
    ensure(ansible, **NIGHTLY, settings={"formula.instance.time.to.live": "60"})
    before = rows(account)[0]
    given = {"formula": "sync contacts", "name": "nightly", **change}
    result = same(ansible, account, **given)
    assert result["actions"] == actions and result["changed"] == bool(actions)
    after = rows(account)[0]
    assert after["id"] == before["id"]
    assert after["configuration"]["crm"] == before["configuration"]["crm"]
    assert after["settings"]["formula.instance.time.to.live"] == "60"
    assert not ensure(ansible, **given)["changed"]
    assert "canary" not in ansible.output


def test_an_inactive_one_is_left_alone_and_activated_last(ansible, account):
    ensure(ansible, **NIGHTLY, active=False)
    assert [row["active"] for row in rows(account)] == [False]
    assert not ensure(ansible, **NIGHTLY)["changed"]
    result = same(ansible, account, formula="sync contacts", name="nightly", active=True, configuration={"cron": "y"})
    assert result["actions"] == ["change configuration cron", "activate"]


def test_a_rename_keeps_everything(ansible, account):
    number = ensure(ansible, **NIGHTLY)["id"]
    result = same(ansible, account, id=number, name="hourly")
    assert result["actions"] == ["rename to 'hourly'"]
    assert [(row["name"], row["id"]) for row in rows(account)] == [("hourly", number)]
    ensure(ansible, **NIGHTLY)
    taken = same(ansible, account, id=number, name="nightly")
    assert taken["error"]["kind"] == "ambiguous"


def test_a_removal_is_done_once(ansible, account):
    number = ensure(ansible, **NIGHTLY)["id"]
    absent = {"formula": "sync contacts", "name": "nightly", "state": "absent"}
    result = same(ansible, account, **absent)
    assert result["actions"] == ["delete formula instance 'nightly' of formula 'sync contacts'"]
    assert result["id"] == number and result["formula_instance"] is None and rows(account) == []
    assert not ensure(ansible, **absent)["changed"]
    assert not ensure(ansible, id=number, state="absent")["changed"]
    assert not ensure(ansible, formula="nobody", name="nightly", state="absent")["changed"]


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"formula": "nobody", "name": "a"}, "not_found", "its formula does not exist"),
        ({**NIGHTLY, "configuration": {"crm": {**CRM, "name": "x"}}}, "not_found", "instance 'x' of element 'sfdc'"),
        ({**NIGHTLY, "configuration": {"crm": CRM, "shop": {**SHOP, "name": "x"}}}, "not_found", "instance 'x'"),
        ({**NIGHTLY, "configuration": {"crn": CRM}}, "invalid_options", "crn"),
        ({**NIGHTLY, "configuration": {"cron": "x"}}, "invalid_options", "needs values for crm"),
        ({**NIGHTLY, "configuration": {"crm": "crm"}}, "invalid_options", "element_key and name"),
        ({**NIGHTLY, "configuration": {"crm": CRM, "cron": SHOP}}, "invalid_options", "a plain value"),
        ({**NIGHTLY, "configuration": {"crm": {"name": "crm"}}}, "invalid_options", "element_key and name"),
        ({"id": 99, "name": "a", "formula": "sync contacts"}, "not_found", "leave id out"),
        ({**NIGHTLY, "name": "<b>"}, "invalid_options", "HTML"),
        ({**NIGHTLY, "configuration": {"cron": "••••••••"}}, "invalid_options", "mask"),
    ],
)
def test_what_cannot_be_is_a_clear_error_and_nothing_is_written(ansible, account, options, kind, words):
    result = same(ansible, account, **options)
    assert result["failed"] and result["error"]["kind"] == kind and words in result["msg"], result["msg"]
    assert set(methods(account)) <= {"GET"} and rows(account) == []


def test_two_of_one_name_are_an_error_with_their_ids(ansible, account):
    ensure(ansible, **NIGHTLY)
    (first,) = rows(account)
    formula = next(iter(account.accounts[next(iter(account.accounts))].store.formulas.templates))
    account.seed.formula_instance(formula, {"name": "nightly", "configuration": first["configuration"]})
    result = ensure(ansible, **NIGHTLY)
    assert result["error"]["kind"] == "ambiguous" and str(first["id"]) in result["msg"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(ansible, account, method, when, kind):
    if method != "POST":
        ensure(ansible, **NIGHTLY)
    account.inject(Fault(kind, method=method, when=when, path="^/formulas/"))
    given = {**NIGHTLY, "configuration": {**NIGHTLY["configuration"], "cron": "y"}}
    if method == "DELETE":
        given = {"formula": "sync contacts", "name": "nightly", "state": "absent"}
    result = ensure(ansible, **given)
    assert not result.get("failed"), result["msg"]
    assert [row["name"] for row in rows(account)] == ([] if method == "DELETE" else ["nightly"])
    assert not ensure(ansible, **given)["changed"]


def test_a_change_keeps_what_another_run_changed_in_between(ansible, account, monkeypatch):
    ensure(ansible, **NIGHTLY)
    carry_out = FormulaInstanceExecutor.execute

    def late(self, step, observed):
        (kept,) = account.accounts[next(iter(account.accounts))].store.formulas.instances.values()
        kept.active, kept.settings = False, {**kept.settings, "api": "GET /theirs"}
        return carry_out(self, step, observed)

    monkeypatch.setattr(FormulaInstanceExecutor, "execute", late)
    assert ensure(ansible, formula="sync contacts", name="nightly", configuration={"cron": "y"})["changed"]
    (row,) = rows(account)
    assert (row["active"], row["settings"], row["configuration"]["cron"]) == (False, {"api": "GET /theirs"}, "y")


def test_a_change_that_another_run_made_first_is_not_made_again(ansible, account, monkeypatch):
    secret = {"secret_configuration": {"api.key": "canary-1", "hook": "canary-2"}}
    ensure(ansible, **NIGHTLY, **secret)
    account.switches.formula_mask = "values"
    carry_out = FormulaInstanceExecutor.execute

    def late(self, step, observed):
        (kept,) = account.accounts[next(iter(account.accounts))].store.formulas.instances.values()
        kept.settings = {"api": "GET /x", "notification.email": "theirs@example.com"}
        return carry_out(self, step, observed)

    monkeypatch.setattr(FormulaInstanceExecutor, "execute", late)
    before = len(account.requests)
    assert not ensure(ansible, **NIGHTLY, **secret, settings={"api": "GET /x"})["changed"]
    assert {seen.method for seen in list(account.requests)[before:]} == {"GET"}
    (row,) = rows(account)
    assert row["settings"] == {"api": "GET /x", "notification.email": "theirs@example.com"}


def test_a_mask_keeps_what_is_there_and_refuses_to_begin(ansible, account):
    kept = {**NIGHTLY, "secret_configuration": {"api.key": "********", "hook": "********"}}
    foreseen = ensure(ansible, check=True, **kept)
    assert foreseen["changed"] and any("A real run needs the value" in warning for warning in foreseen["warnings"])
    refused = ensure(ansible, **kept)
    assert refused["error"]["kind"] == "invalid_options" and "configuration 'api.key'" in refused["msg"]
    assert stored(account) == []
    ensure(ansible, **NIGHTLY, secret_configuration={"api.key": "canary-1", "hook": "canary-2"})
    assert not ensure(ansible, **kept)["changed"]
    changed = {**kept, "configuration": {**NIGHTLY["configuration"], "cron": "y"}}
    assert ensure(ansible, **changed)["actions"] == ["change configuration cron"]
    (row,) = stored(account)
    assert (row["api.key"], row["hook"], row["cron"]) == ("canary-1", "canary-2", "y")
    account.switches.formula_mask = "values"
    refused = ensure(ansible, **changed, settings={"api": "GET /x"})
    assert refused["error"]["kind"] == "invalid_options" and "configuration 'api.key'" in refused["msg"]
    assert "canary" not in ansible.output


def test_masked_values_follow_update_secrets(ansible, account):
    secret = {"secret_configuration": {"api.key": "canary-1"}}
    ensure(ansible, **NIGHTLY, **secret)
    account.switches.formula_mask = "values"
    given = {"formula": "sync contacts", "name": "nightly"}
    assert not ensure(ansible, **given, secret_configuration={"api.key": "canary-2"})["changed"]
    refused = same(ansible, account, **given, active=True, settings={"api": "GET /x"})
    assert refused["error"]["kind"] == "invalid_options" and "masks its values" in refused["msg"]
    sent = ensure(
        ansible,
        **given,
        configuration={"cron": "y"},
        secret_configuration={"api.key": "canary-2"},
        update_secrets="always",
    )
    assert sent["actions"] == ["send secrets api.key, cron"]
    account.switches.formula_mask = "none"
    assert rows(account)[0]["configuration"]["api.key"] == "canary-2"
    assert "canary" not in ansible.output


def test_what_the_name_of_a_variable_calls_a_secret_is_not_shown(ansible, account):
    given = {**NIGHTLY, "configuration": {**NIGHTLY["configuration"], "hook": "canary-1"}}
    result = ensure(ansible, **given)
    assert result["formula_instance"]["configuration"]["hook"] == "********"
    assert "canary" not in json.dumps(result["diff"])


def test_a_message_of_the_platform_does_not_repeat_what_was_stored(ansible, account):
    ensure(ansible, **NIGHTLY, secret_configuration={"api.key": "canary-that-was-stored"})
    account.inject(Fault("status", method="PUT", status=400, message="No canary-that-was-stored", times=None))
    result = ensure(ansible, formula="sync contacts", name="nightly", configuration={"cron": "y"})
    assert result["error"]["kind"] == "refused" and "canary" not in ansible.output
