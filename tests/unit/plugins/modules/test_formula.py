# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for formulas against the emulator."""

from __future__ import annotations

import collections
import copy
import json
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.executor import FormulaExecutor
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault

SCRIPT = "let a = 'it''s \"x\"';\n// {{ template }} {% raw %}\ndone({a: a, b: `\\t`});\n"
SYNC: dict[str, t.Any] = {
    "name": "sync contacts",
    "configuration": [
        {"key": "crm", "name": "CRM", "type": "elementInstance", "required": True},
        {"key": "cron", "name": "Schedule", "type": "value"},
    ],
    "triggers": [{"type": "scheduled", "properties": {"cron": "${config.cron}"}, "onSuccess": ["read"]}],
    "steps": [
        {
            "name": "read",
            "type": "elementRequest",
            "properties": {"elementInstanceId": "${config.crm}", "method": "GET", "api": "/contacts", "retry": True},
            "onSuccess": ["shape"],
        },
        {"name": "shape", "type": "script", "properties": {"body": SCRIPT, "mimeType": "application/javascript"}},
    ],
}
CALLER = {
    "name": "caller",
    "triggers": [{"type": "manual"}],
    "steps": [{"name": "call", "type": "formula", "properties": {"formulaName": "sync contacts", "args": "{}"}}],
}


def ensure(ansible, check=False, **options):
    return ansible.run(options, module="formula", check=check)


def templates(account):
    return list(account.accounts[next(iter(account.accounts))].store.formulas.templates.values())


def methods(account):
    return dict(collections.Counter(seen.method for seen in account.requests))


def same(ansible, account, **options):
    """Predict a run, do it, and check that both say the same and that the prediction wrote nothing."""
    account.clear()
    predicted = ensure(ansible, check=True, **copy.deepcopy(options))
    assert set(methods(account)) <= {"GET"}
    account.clear()
    done = ensure(ansible, **options)
    for key in ("changed", "actions", "diff", "failed"):
        assert predicted.get(key) == done.get(key), key
    assert (predicted.get("error") or {}).get("kind") == (done.get("error") or {}).get("kind")
    return done


def changed(**more) -> dict[str, t.Any]:
    return {**copy.deepcopy(SYNC), **more}


def test_a_formula_is_created_by_one_post_and_is_as_desired(ansible, emulator):
    result = same(ansible, emulator, definition=SYNC)
    assert result["actions"] == ["create formula 'sync contacts'"]
    assert methods(emulator) == {"GET": 2, "POST": 1}, "the formulas before and after"
    (kept,) = templates(emulator)
    assert result["id"] == kept.id and kept.name == "sync contacts" and kept.fields.get("active") is not False
    assert next(step for step in kept.steps if step["name"] == "shape")["properties"]["body"] == SCRIPT
    emulator.clear()
    again = ensure(ansible, definition=SYNC)
    assert not again["changed"] and methods(emulator) == {"GET": 3}, "the formulas, the accounts, and the formula"


def test_what_the_platform_returns_is_unchanged_when_it_is_given_back(ansible, emulator):
    result = ensure(ansible, definition=SYNC)
    number = result["id"]
    exported = next(row for row in listed(ansible) if row["id"] == number)
    assert not ensure(ansible, definition=exported["definition"])["changed"]
    assert not ensure(ansible, definition=result["formula"])["changed"]
    console = {**SYNC, "id": 5, "userId": 1, "accountId": 2, "createdDate": "2020-01-01", "api": "GET /x"}
    console["steps"] = [{**step, "id": 9, "onFailure": []} for step in reversed(SYNC["steps"])]
    assert not ensure(ansible, definition=console)["changed"]


def listed(ansible, **options):
    return ansible.run(options, module="formula_info")["formulas"]


@pytest.mark.parametrize(
    ("definition", "actions"),
    [
        (changed(description="Nightly"), ["change description"]),
        (changed(steps=SYNC["steps"][:1]), ["change step 'shape'"]),
        (changed(steps=[{**SYNC["steps"][0], "onSuccess": []}, SYNC["steps"][1]]), ["change step 'read'"]),
        (changed(triggers=[{"type": "manual"}]), ["change trigger"]),
        (changed(active=False), ["deactivate"]),
        (changed(active=False, description="x"), ["deactivate", "change description"]),
        (
            changed(configuration=[*SYNC["configuration"], {"key": "more", "name": "More", "type": "value"}]),
            ["change variable 'more'"],
        ),
    ],
)
def test_a_change_is_one_put_with_everything(ansible, emulator, definition, actions):
    number = ensure(ansible, definition=SYNC)["id"]
    result = same(ansible, emulator, definition=definition)
    assert result["actions"] == actions and result["id"] == number
    assert not ensure(ansible, definition=definition)["changed"]
    assert len(templates(emulator)) == 1


def test_a_formula_is_activated_last_and_never_unasked(ansible, emulator):
    ensure(ansible, definition=SYNC, active=False)
    assert templates(emulator)[0].fields["active"] is False
    assert not ensure(ansible, definition=SYNC)["changed"]
    result = same(ansible, emulator, definition=changed(description="x"), active=True)
    assert result["actions"] == ["change description", "activate"]
    assert [seen.method for seen in emulator.requests if seen.method != "GET"] == ["PUT", "PATCH"]


def test_a_rename_and_a_pause_by_id_take_no_definition(ansible, emulator):
    number = ensure(ansible, definition=SYNC)["id"]
    result = same(ansible, emulator, id=number, name="sync", active=False)
    assert result["actions"] == ["deactivate", "rename to 'sync'"]
    assert [(kept.name, kept.fields["active"]) for kept in templates(emulator)] == [("sync", False)]
    ensure(ansible, definition=SYNC)
    assert same(ansible, emulator, id=number, name="sync contacts")["error"]["kind"] == "ambiguous"


@pytest.mark.parametrize("lag", ["none", "shown"])
def test_a_formula_calls_another_by_name(ansible, emulator, lag):
    missing = same(ansible, emulator, definition=CALLER)
    assert missing["error"]["kind"] == "not_found" and "which the step 'call' calls" in missing["msg"]
    number = ensure(ansible, definition=SYNC)["id"]
    result = same(ansible, emulator, definition=CALLER)
    assert result["actions"] == ["create formula 'caller'"]
    kept = next(kept for kept in templates(emulator) if kept.name == "caller")
    assert kept.steps[0]["properties"]["formulaId"] == str(number)
    assert not ensure(ansible, definition=CALLER)["changed"]
    by_id = {**CALLER, "steps": [{**CALLER["steps"][0], "properties": {"formulaId": 77, "args": "{}"}}]}
    assert "Give the name of that formula" in ensure(ansible, definition=by_id)["msg"]
    resolved = {**by_id, "subFormulas": [{"id": 77, "name": "sync contacts"}]}
    assert not ensure(ansible, definition=resolved)["changed"]


def test_a_formula_in_use_is_neither_removed_nor_robbed_of_a_variable(ansible, emulator):
    number = ensure(ansible, definition=SYNC)["id"]
    crm = emulator.create("sfdc", "crm")["id"]
    emulator.seed.formula_instance(number, {"name": "nightly", "configuration": {"crm": crm}})
    for options in (
        {"name": "sync contacts", "state": "absent"},
        {"definition": changed(configuration=SYNC["configuration"][:1])},
    ):
        result = same(ansible, emulator, **options)
        assert result["error"]["kind"] == "in_use" and "nightly" in result["msg"]
        assert set(methods(emulator)) == {"GET"}


def test_a_removal_is_done_once(ansible, emulator):
    number = ensure(ansible, definition=SYNC)["id"]
    result = same(ansible, emulator, name="sync contacts", state="absent")
    assert result["actions"] == ["delete formula 'sync contacts'"] and result["id"] == number
    assert templates(emulator) == [] and not ensure(ansible, name="sync contacts", state="absent")["changed"]
    assert not ensure(ansible, id=number, state="absent")["changed"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "x"}, "without definition"),
        ({"id": 99, "definition": SYNC}, "leave id out"),
        ({"definition": changed(steps=[SYNC["steps"][0]] * 2)}, "two steps"),
        ({"definition": changed(configuration=[SYNC["configuration"][0]] * 2)}, "two variables"),
        ({"definition": changed(steps=["x"])}, "steps of the definition"),
        ({"definition": changed(steps=[{"name": "a"}])}, "has no type"),
        (
            {
                "definition": changed(
                    steps=[{"name": "a", "type": "elementRequest", "properties": {"elementInstanceId": 5}}]
                )
            },
            "step 'a' works with the element instance with the id 5",
        ),
        ({"definition": changed(steps=[{"name": "a", "type": "x", "properties": {"url": "••••••••"}}])}, "mask"),
        ({"definition": changed(steps=[{"name": "a", "type": "x", "properties": {"body": "a('********');"}}])}, "mask"),
        ({"definition": changed(steps=[{"name": "a", "type": "x", "properties": {"body": "\ud800"}}])}, "half a"),
        ({"definition": changed(name="<b>x</b>")}, "HTML"),
        ({"definition": {}}, "no formula is meant"),
    ],
)
def test_what_cannot_be_is_a_clear_error_and_nothing_is_written(ansible, emulator, options, words):
    result = same(ansible, emulator, **options)
    assert result["failed"] and words in result["msg"], result["msg"]
    assert templates(emulator) == []


def test_two_of_one_name_are_an_error_with_their_ids(ansible, emulator):
    first, second = (emulator.seed.formula(SYNC)["id"] for _time in range(2))
    result = ensure(ansible, definition=SYNC)
    assert result["error"]["kind"] == "ambiguous" and f"{first}, {second}" in result["msg"]


@pytest.mark.parametrize("listed", ["all", "own"])
def test_the_formulas_of_other_accounts_are_never_touched(ansible, emulator, listed):
    emulator.switches.accounts_listed = listed
    other = emulator.seed.subaccount("other")
    theirs = emulator.seed.formula(SYNC, other)["id"]
    before = copy.deepcopy(templates(emulator))
    assert not ensure(ansible, name="sync contacts", state="absent")["changed"]
    own = ensure(ansible, definition=changed(description="ours"))
    assert own["actions"] == ["create formula 'sync contacts'"] and own["id"] != theirs
    assert not ensure(ansible, definition=changed(description="ours"))["changed"]
    assert ensure(ansible, name="sync contacts", state="absent")["changed"]
    assert templates(emulator) == before


def test_where_the_own_account_cannot_be_known_two_of_one_name_are_an_error(ansible, emulator):
    emulator.switches.accounts_listed = "refused"
    emulator.seed.formula(SYNC, emulator.seed.subaccount("other"))
    emulator.seed.formula(SYNC)
    assert ensure(ansible, definition=SYNC)["error"]["kind"] == "ambiguous"


@pytest.mark.parametrize("listed, words", [("refused", "does not tell the account"), ("all", "lists several accounts")])
def test_a_formula_that_may_be_of_another_account_is_not_changed_without_a_warning(ansible, emulator, listed, words):
    emulator.switches.accounts_listed = listed
    emulator.seed.subaccount("other")
    number = emulator.seed.formula(SYNC)["id"]
    for checked in (True, False):
        (warning,) = ensure(ansible, checked, definition=changed(description="new"))["warnings"]
        assert words in warning and f"Give its id, which is {number}" in warning, warning
    assert not ensure(ansible, definition=changed(description="new"))["warnings"], "nothing is changed"
    assert not ensure(ansible, definition=changed(description="x"), id=number)["warnings"], "it is certain"


def test_a_create_tells_which_account_is_the_own_one_and_there_is_one_formula(ansible, emulator):
    emulator.seed.subaccount("the default one, which is not the own one")
    emulator.switches.accounts_listed = "other_default"
    made = ensure(ansible, definition=SYNC)["id"]
    for _time in range(2):
        assert ensure(ansible, definition=SYNC)["id"] == made
        assert [row.id for row in templates(emulator)] == [made]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(ansible, emulator, method, when, kind):
    if method != "POST":
        ensure(ansible, definition=SYNC)
    emulator.inject(Fault(kind, method=method, when=when, path="^/formulas"))
    options = {
        "POST": {"definition": SYNC},
        "PUT": {"definition": changed(description="x")},
        "PATCH": {"name": "sync contacts", "active": False},
        "DELETE": {"name": "sync contacts", "state": "absent"},
    }[method]
    result = ensure(ansible, **options)
    assert not result.get("failed"), result["msg"]
    assert len(templates(emulator)) == (0 if method == "DELETE" else 1)
    assert not ensure(ansible, **options)["changed"]


def test_credentials_in_a_step_are_warned_of_and_never_shown(ansible, emulator):
    url = "amqps://user:canary-password@mq.example.com/vhost"
    step = {"name": "send", "type": "amqpRequest", "properties": {"url": url, "queue": "q"}}
    result = ensure(ansible, definition=changed(steps=[step]))
    assert any("url of step 'send'" in warning for warning in result["warnings"])
    emulator.inject(Fault("status", method="PUT", status=400, message=f"No: {url}", times=None))
    failed = ensure(ansible, definition=changed(steps=[step], description="x"))
    assert failed["failed"]
    assert listed(ansible)[0]["definition"]["steps"][0]["properties"]["url"] == "********"
    assert "canary" not in ansible.output
    assert templates(emulator)[0].steps[0]["properties"]["url"] == url


def test_a_property_that_is_a_mask_keeps_its_value_and_refuses_to_begin(ansible, emulator):
    url = "amqps://user:canary-password@mq.example.com/vhost"
    steps = [{"name": "send", "type": "amqpRequest", "properties": {"url": url, "body": "done();"}}]
    ensure(ansible, definition=changed(steps=steps))
    (shown,) = listed(ansible)
    assert not ensure(ansible, definition=shown["definition"])["changed"]
    shown["definition"]["steps"][0]["properties"].update(body="********", queue="q")
    assert ensure(ansible, definition=shown["definition"])["actions"] == ["change step 'send'"]
    assert templates(emulator)[0].steps[0]["properties"] == {"url": url, "body": "done();", "queue": "q"}
    refused = ensure(ansible, definition={**shown["definition"], "name": "other"})
    assert refused["error"]["kind"] == "invalid_options"
    assert "body of step 'send'" in refused["msg"] and len(templates(emulator)) == 1
    foreseen = ensure(ansible, check=True, definition={**shown["definition"], "name": "other"})
    assert foreseen["changed"] and any("A real run needs the value" in warning for warning in foreseen["warnings"])
    assert "canary" not in ansible.output


def test_a_change_keeps_what_another_run_changed_in_between(ansible, emulator, monkeypatch):
    ensure(ansible, definition=SYNC)
    carry_out = FormulaExecutor.execute

    def late(self, step, observed):
        templates(emulator)[0].fields["active"] = False
        return carry_out(self, step, observed)

    monkeypatch.setattr(FormulaExecutor, "execute", late)
    assert ensure(ansible, definition=changed(description="x"))["changed"]
    fields = templates(emulator)[0].fields
    assert fields["active"] is False and fields["description"] == "x"


def test_a_paused_trigger_stays_paused(ansible, emulator):
    triggers = [{"type": "manual", "active": False, "onSuccess": ["a"]}]
    steps = [{"name": "a", "type": "x"}]
    given = changed(triggers=triggers, steps=steps)
    ensure(ansible, definition=given)
    assert templates(emulator)[0].triggers[0].get("active") is False
    assert ensure(ansible, definition={**given, "description": "x"})["actions"] == ["change description"]
    assert templates(emulator)[0].triggers[0].get("active") is False
    assert listed(ansible)[0]["definition"]["triggers"][0]["active"] is False


def test_keys_of_parts_that_are_not_sent_are_warned_of(ansible, emulator):
    result = ensure(ansible, definition=changed(steps=[{"name": "a", "type": "x", "position": 5}], triggers=[]))
    assert any("not sent, as the platform has none of them: position in steps" in each for each in result["warnings"])


def test_json_in_a_property_is_compared_with_its_types(ansible, emulator):
    def given(body):
        return changed(steps=[{"name": "a", "type": "request", "properties": {"body": body}}], triggers=[])

    ensure(ansible, definition=given('{"zip": 1234, "on": true}'))
    assert not ensure(ansible, definition=given('{"on":true,  "zip": 1234}'))["changed"]
    assert ensure(ansible, definition=given('{"zip": "1234", "on": true}'))["changed"]
    assert ensure(ansible, definition=given('{"zip": "1234", "on": "TRUE"}'))["changed"]


def test_a_credential_of_one_step_is_masked_in_all_of_them(ansible, emulator):
    steps = [
        {"name": "a", "type": "x", "properties": {"apiKey": "canary-of-a-step"}},
        {"name": "b", "type": "x", "properties": {"path": "/x/canary-of-a-step/y"}},
    ]
    ensure(ansible, definition=changed(steps=steps, triggers=[]))
    assert "canary" not in json.dumps(listed(ansible)) and "canary" not in ansible.output


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"step": []}, "The definition has the key 'step'. There is none. Did you mean 'steps'?"),
        ({"stepz": []}, "Did you mean 'steps'?"),
        (
            {"steps": [{"name": "a", "type": "x", "onSucess": ["b"]}]},
            "'a' in steps of the definition has the key 'onSucess'",
        ),
        ({"triggers": [{"type": "manual", "propertys": {}}]}, "an item in triggers of the definition"),
        ({"configuration": [{"key": "k", "type": "value", "requird": True}]}, "Did you mean 'required'?"),
    ],
)
def test_a_misspelled_key_of_a_definition_is_refused(ansible, emulator, more, words):
    refused = same(ansible, emulator, definition=changed(**more))
    assert refused["error"]["kind"] == "invalid_options" and words in refused["msg"]


def test_a_link_to_no_step_is_warned_of(ansible, emulator):
    steps = [{"name": "a", "type": "x", "onSuccess": ["nope"]}]
    result = ensure(ansible, definition=changed(steps=steps, triggers=[{"type": "manual", "onSuccess": ["a"]}]))
    assert any("no steps of these names: 'nope' in onSuccess of step 'a'" in each for each in result["warnings"])


def test_what_the_platform_does_not_keep_is_warned_of(ansible, emulator):
    ensure(ansible, definition=SYNC)
    kept = ansible.run({}, module="formula_info")["formulas"][0]
    answer = {**SYNC, "id": kept["id"], "accountId": kept["account_id"]}
    for _put in range(2):
        emulator.inject(Fault("body", method="PUT", body=answer))
    result = ensure(ansible, definition=changed(description="x"))
    assert any("did not settle. It was sent twice" in warning for warning in result["warnings"])


def test_formulas_are_listed_after_those_that_they_call(ansible, emulator):
    call = {"name": "call", "type": "formula", "properties": {"formulaName": "z"}}
    for name, steps in (("z", []), ("b", []), ("a", [call])):
        ensure(ansible, definition=changed(name=name, steps=steps, triggers=[]))
    assert [row["definition"]["name"] for row in listed(ansible)] == ["z", "a", "b"]


def test_a_formula_that_another_one_calls_is_not_removed(ansible, emulator):
    child = changed(name="child")
    call = {"name": "call", "type": "formula", "properties": {"formulaName": "child"}}
    ensure(ansible, definition=child)
    ensure(ansible, definition=changed(name="parent", steps=[*copy.deepcopy(SYNC["steps"]), call]))
    refused = same(ansible, emulator, name="child", state="absent")
    assert refused["error"]["kind"] == "in_use" and "the formulas 'parent' call it" in refused["msg"]
    assert ensure(ansible, name="parent", state="absent")["changed"]
    assert ensure(ansible, name="child", state="absent")["changed"]


def test_an_account_with_chains_of_formulas_moves_to_another(ansible, emulator, monkeypatch):
    names = ["a 'quoted' / slash", "{{ 7 * 7 }}", "50% & more", "日本"]
    for number, name in enumerate(names):
        call = {"name": "call", "type": "formula", "properties": {"formulaName": names[number - 1]}}
        steps = [*copy.deepcopy(SYNC["steps"]), *([call] if number else [])]
        assert not ensure(ansible, definition=changed(name=name, steps=steps)).get("failed")
    crm = emulator.create("sfdc", "crm")["id"]
    emulator.seed.formula_instance(templates(emulator)[0].id, {"name": "nightly", "configuration": {"crm": crm}})
    exported = listed(ansible)
    (nightly,) = (row for formula in exported for row in formula["instances"])
    assert nightly["configuration"]["crm"] == {"element_key": "sfdc", "name": "crm"}
    with Emulator(strict=True) as other:
        other.create("sfdc", "crm")
        for name, value in other.environment.items():
            monkeypatch.setenv(name, value)
        for name in names:  # Children come first.
            (row,) = (row for row in exported if row["definition"]["name"] == name)
            assert ensure(ansible, definition=row["definition"])["changed"]
        moved = listed(ansible)
    assert [row["definition"] for row in moved] == [row["definition"] for row in exported]


def test_a_large_formula_is_created_and_compared(ansible, emulator):
    steps = [
        {"name": f"step {n}", "type": "script", "properties": {"body": f"done({n});\n" + "// x\n" * 3000}}
        for n in range(100)
    ]
    assert ensure(ansible, definition=changed(steps=steps, triggers=[]))["changed"]
    assert not ensure(ansible, definition=changed(steps=steps[::-1], triggers=[]))["changed"]


def test_circles_of_formulas_end(ansible, emulator):
    number = ensure(ansible, definition=SYNC)["id"]
    ensure(ansible, definition=CALLER)
    call = {"name": "back", "type": "formula", "properties": {"formulaName": "caller"}}
    assert ensure(ansible, definition=changed(steps=[*SYNC["steps"], call]))["changed"]
    assert not ensure(ansible, definition=changed(steps=[*SYNC["steps"], call]))["changed"]
    assert {row["id"] for row in listed(ansible)} >= {number}
    assert json.dumps(listed(ansible, name="caller"))


def test_a_message_of_the_platform_does_not_repeat_credentials_that_were_stored(ansible, emulator):
    url = "amqps://user:canary-that-was-stored@mq.example.com/vhost"
    step = {"name": "send", "type": "amqpRequest", "properties": {"url": url, "queue": "q"}}
    number = emulator.seed.formula(changed(steps=[step], triggers=[{"type": "manual"}]))["id"]
    for method in ("PATCH", "DELETE"):
        emulator.inject(Fault("status", method=method, status=400, message=f"No {url}", times=None))
    assert ensure(ansible, id=number, name="renamed")["error"]["kind"] == "refused"
    assert ensure(ansible, id=number, state="absent")["error"]["kind"] == "refused"
    assert "canary" not in ansible.output
