# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for a whole account against the emulator: one plan over all kinds, applied in order."""

from __future__ import annotations

import collections
import copy

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_drift import drift_of
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    KINDS,
    fill_account,
    values_of,
)


@pytest.fixture
def other():
    """An emulator of another, empty account."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


@pytest.fixture(params=["v1", "v2"])
def wanted(request, ansible, emulator, other):
    """An account with resources of all kinds, as options of the module."""
    emulator.switches.set("vdr_version", request.param)
    other.switches.set("vdr_version", request.param)
    fill_account(emulator)
    return filled_in(ansible.run({"base_url": emulator.url}, module="account_info"))


def filled_in(described):
    """Return a description as options, with the values of its variables."""
    given, values = copy.deepcopy({kind: described[kind] for kind in KINDS}), values_of(described)
    for secret in described["secrets"]:
        *path, last = secret["path"]
        place = given
        for step in path:
            place = place[step]
        place[last] = values[secret["variable"]]
    return given


def ensure(ansible, emulator, check=False, **options):
    return ansible.run({"base_url": emulator.url, **options}, module="account", check=check)


def absent(given):
    """Return options that remove what others make."""
    return {
        "instances": [
            {key: row[key] for key in ("name", "element_key")} | {"state": "absent"} for row in given["instances"]
        ],
        "common_resources": [
            {key: row[key] for key in ("name", "level", "instance") if key in row} | {"state": "absent"}
            for row in given.get("common_resources", ())
        ],
        "formulas": [{"name": row["definition"]["name"], "state": "absent"} for row in given["formulas"]],
        "formula_instances": [
            {key: row[key] for key in ("name", "formula")} | {"state": "absent"} for row in given["formula_instances"]
        ],
    }


def methods(emulator, since=0):
    return dict(collections.Counter(seen.method for seen in list(emulator.requests)[since:]))


def test_an_account_moves_with_one_plan_and_is_removed_in_reverse(ansible, emulator, other, wanted):
    planned = ensure(ansible, other, check=True, **wanted)
    assert not planned.get("failed"), planned["msg"]
    assert methods(other).keys() == {"GET"}
    assert [row["action"] for kind in KINDS for row in planned[kind]] == ["create"] * 10
    done = ensure(ansible, other, **wanted)
    assert not done.get("failed"), done["msg"]
    assert done["plan"]["lines"] == planned["plan"]["lines"]
    assert done["plan"]["changes"] == planned["plan"]["changes"]
    assert [row["actions"] for kind in KINDS for row in done[kind]] == [
        row["actions"] for kind in KINDS for row in planned[kind]
    ]
    sent = len(other.requests)
    again = ensure(ansible, other, **wanted)
    assert not again["changed"] and again["plan"]["changes"] == [] and methods(other, sent).keys() == {"GET"}
    described = [ansible.run({"base_url": each.url}, module="account_info") for each in (emulator, other)]
    assert [{kind: each[kind] for kind in KINDS} for each in described] == [
        {kind: described[0][kind] for kind in KINDS}
    ] * 2
    gone = absent(wanted)
    foreseen = ensure(ansible, other, check=True, **gone)
    removed = ensure(ansible, other, **gone)
    assert not removed.get("failed"), removed["msg"]
    assert foreseen["plan"]["lines"] == removed["plan"]["lines"] and len(removed["plan"]["lines"]) == 10
    left = ansible.run({"base_url": other.url}, module="account_info")
    assert [left[kind] for kind in KINDS] == [[]] * 4
    assert not ensure(ansible, other, **gone)["changed"]


SHOP = {"name": "payments", "element_key": "stripe", "api_key": f"{CANARY}-shop", "tags": ["a"]}
DESK = {"name": "tickets", "element_key": "servicenow", "configuration": {"username": "x", "servicenow.subdomain": "y"},
        "secret_configuration": {"password": f"{CANARY}-desk"}}  # fmt: skip


def calling(name, *called, **more):
    """Return the options of a formula that calls others."""
    steps = [{"name": f"call {other}", "type": "formula", "properties": {"formulaName": other}} for other in called]
    return {"definition": {"name": name, "triggers": [{"type": "manual"}], "steps": steps, **more}}


SYNC = calling(
    "sync",
    configuration=[
        {"key": "shop", "name": "Shop", "type": "elementInstance", "required": True},
        {"key": "cron", "name": "Schedule", "type": "value", "required": False},
    ],
)
IN_SHOP = {"element_key": "stripe", "name": "payments"}
NIGHTLY = {
    "name": "nightly",
    "formula": "sync",
    "configuration": {"shop": {"element_key": "stripe", "name": "payments"}},
}
WHOLE = {"instances": [SHOP, DESK], "formulas": [SYNC], "formula_instances": [NIGHTLY]}


def actions(result):
    return {kind: {row["name"]: row["action"] for row in result[kind]} for kind in KINDS if result[kind]}


def store(emulator):
    return next(iter(emulator.accounts.values())).store


def test_what_refers_to_what_failed_is_skipped_and_named_and_the_rest_is_done(ansible, emulator):
    emulator.inject(Fault("status", status=400, method="POST", path="^/instances$", times=None, message="no"))
    result = ensure(ansible, emulator, **{**WHOLE, "formulas": [SYNC, calling("b", "sync"), calling("other")]})
    assert actions(result) == {
        "instances": {"payments": "failed", "tickets": "failed"},
        "formulas": {"sync": "create", "b": "create", "other": "create"},
        "formula_instances": {"nightly": "skipped"},
    }
    assert "2 of 6 resources failed, and 1 that need them were skipped. All others were done." in result["msg"]
    assert "formula_instances[0] (nightly): It was left alone, as it needs the instance 'payments' of" in result["msg"]
    assert result["summary"]["formula_instances"]["skipped"] == 1
    assert result["formula_instances"][0]["error"]["kind"] == "skipped"
    emulator.heal()
    assert actions(ensure(ansible, emulator, **WHOLE)) == {
        "instances": {"payments": "create", "tickets": "create"},
        "formulas": {"sync": "unchanged"},
        "formula_instances": {"nightly": "create"},
    }


def test_a_chain_that_begins_with_options_of_no_use_is_skipped_as_in_check_mode(ansible, emulator):
    chain = [calling("c", "b"), calling("b", "a"), {"definition": {"name": "a", "steps": 5}}, calling("d")]
    results = [ensure(ansible, emulator, check=check, formulas=chain) for check in (True, False)]
    for result in results:
        assert actions(result)["formulas"] == {"c": "skipped", "b": "skipped", "a": "failed", "d": "create"}
    assert len(store(emulator).formulas.templates) == 1


def test_formulas_come_after_those_that_they_call_however_they_are_listed(ansible, emulator):
    chain = [calling("c", "b", "a"), calling("b", "a"), calling("a"), calling("d", "c")]
    done = ensure(ansible, emulator, formulas=chain)
    assert not done.get("failed"), done["msg"]
    again = ensure(ansible, emulator, formulas=chain)
    assert not again["changed"]


def test_formulas_that_call_each_other_in_a_circle_are_refused_unless_one_is_there(ansible, emulator):
    circle = [calling("a", "b"), calling("b", "a"), calling("own", "own"), calling("free")]
    result = ensure(ansible, emulator, formulas=circle)
    assert actions(result)["formulas"] == {"a": "failed", "b": "failed", "own": "failed", "free": "create"}
    assert "These formulas call each other in a circle" in result["msg"]
    ensure(ansible, emulator, formulas=[calling("a"), calling("own")])
    assert not ensure(ansible, emulator, formulas=circle).get("failed")
    assert not ensure(ansible, emulator, formulas=circle)["changed"]


def test_a_plan_that_was_reviewed_is_applied_and_another_one_is_refused(ansible, emulator):
    plans = [ensure(ansible, emulator, check=True, **WHOLE)["plan"] for _run in range(2)]
    assert plans[0] == plans[1] and len(plans[0]["checksum"]) == 64
    expected = plans[0]["checksum"]
    more = {**NIGHTLY, "configuration": {**NIGHTLY["configuration"], "cron": "0 0 * * *"}}
    for given in ({"formula_instances": [more]}, {"formulas": []}, {"instances": [SHOP]}):
        refused = ensure(ansible, emulator, expected_plan=expected, **{**WHOLE, **given})
        assert refused["error"]["kind"] == "plan_changed", refused["msg"]
        assert expected in refused["msg"] and "Nothing was written" in refused["msg"]
    assert methods(emulator).keys() == {"GET"}
    done = ensure(ansible, emulator, expected_plan=expected, **WHOLE)
    assert done["changed"] and done["plan"]["checksum"] == expected
    refused = ensure(ansible, emulator, expected_plan=expected, **WHOLE)
    assert refused["error"]["kind"] == "plan_changed"  # There is nothing left to do.
    unusable = ensure(ansible, emulator, expected_plan="yes", **WHOLE)
    assert unusable["error"]["kind"] == "invalid_options" and "64 hexadecimal digits" in unusable["msg"]


def test_the_checksum_is_of_one_account_and_one_state_of_it(ansible, emulator, other):
    ensure(ansible, emulator, **WHOLE)
    change = {"formula_instances": [{**NIGHTLY, "configuration": {"cron": "new"}}]}
    first = ensure(ansible, emulator, check=True, **change)["plan"]
    assert first["changes"][0]["changes"] == [{"path": ["configuration", "cron"], "before": None, "after": "new"}]
    (kept,) = store(emulator).formulas.instances.values()
    kept.configuration["cron"] = "old"
    second = ensure(ansible, emulator, check=True, **change)["plan"]
    assert first["lines"] == second["lines"] and first["checksum"] != second["checksum"]
    ensure(ansible, other, **WHOLE)
    third = ensure(ansible, other, check=True, **change)["plan"]
    assert third["lines"] == first["lines"] and third["checksum"] not in (first["checksum"], second["checksum"])


def test_what_the_run_removes_cannot_be_referred_to(ansible, emulator):
    ensure(ansible, emulator, **WHOLE)
    gone = {"name": "payments", "element_key": "stripe", "state": "absent"}
    result = ensure(ansible, emulator, instances=[gone], formula_instances=[NIGHTLY])
    assert actions(result)["formula_instances"] == {"nightly": "failed"}
    assert "It refers to the instance 'payments' of element 'stripe', which the same run is to remove." in result["msg"]


def test_removals_wait_for_what_uses_them_and_fail_with_it(ansible, emulator):
    ensure(ansible, emulator, **WHOLE)
    gone = absent(WHOLE)
    kept = {key: gone[key] for key in ("instances", "formulas")}
    for check in (True, False):
        result = ensure(ansible, emulator, check=check, **kept)
        assert actions(result) == {
            "instances": {"payments": "failed", "tickets": "remove"},
            "formulas": {"sync": "failed"},
        }
        assert result["msg"].count("nightly") >= 2
    emulator.inject(Fault("status", status=403, method="DELETE", path="/formulas/.*/instances/", times=None))
    result = ensure(ansible, emulator, **gone)
    assert actions(result)["formula_instances"] == {"nightly": "failed"}
    assert actions(result)["formulas"] == {"sync": "skipped"}
    assert len(store(emulator).formulas.templates) == 1
    emulator.heal()
    assert not ensure(ansible, emulator, **gone).get("failed")
    assert not store(emulator).formulas.templates


def test_only_the_kinds_that_are_included_are_worked_on(ansible, emulator):
    result = ensure(ansible, emulator, include=["instances"], **WHOLE)
    assert actions(result) == {"instances": {"payments": "create", "tickets": "create"}}
    assert not any("formula" in seen.path for seen in emulator.requests)
    # What is not included, but there, can be referred to.
    result = ensure(ansible, emulator, include=["formulas", "formula_instances"], **WHOLE)
    assert actions(result) == {"formulas": {"sync": "create"}, "formula_instances": {"nightly": "create"}}


@pytest.mark.parametrize("kind", KINDS)
def test_two_items_that_mean_the_same_are_refused_before_anything_is_read(ansible, emulator, kind):
    contacts = {"name": "contacts", "fields": [{"path": "email"}]}
    given = {"instances": SHOP, "common_resources": contacts, "formulas": SYNC, "formula_instances": NIGHTLY}[kind]
    result = ensure(ansible, emulator, **{kind: [given, {**given, "state": "absent"}]})
    assert (
        result["error"]["kind"] == "invalid_options" and f"{kind}[0]" in result["msg"] and f"{kind}[1]" in result["msg"]
    )
    assert not list(emulator.requests)


def test_unnamed_instances_are_pruned_last_and_only_if_all_went_well(ansible, emulator):
    ensure(ansible, emulator, **WHOLE)
    emulator.create("stripe", "old", {}, ["a"])
    pruning = {"prune": True, "prune_tags": ["a"]}
    broken = ensure(ansible, emulator, **pruning, **{**WHOLE, "formulas": [calling("bad", "not there")]})
    assert broken["pruned"] == [] and broken["summary"]["formulas"]["failed"] == 1
    foreseen = ensure(ansible, emulator, check=True, **pruning, **WHOLE)
    done = ensure(ansible, emulator, **pruning, **WHOLE)
    assert foreseen["pruned"] == done["pruned"] and [one["name"] for one in done["pruned"]] == ["old"]
    assert foreseen["plan"]["changes"] == done["plan"]["changes"]
    assert [change["action"] for change in done["plan"]["changes"]] == ["prune"]
    assert done["summary"]["instances"]["pruned"] == 1


def test_nothing_secret_is_shown(ansible, emulator):
    for check in (True, False, False):
        ansible.run({"base_url": emulator.url, **WHOLE}, module="account", check=check, verbosity=4)
    emulator.inject(Fault("status", status=400, method="POST", times=None, message=f"bad {CANARY}-shop"))
    new = [{**SHOP, "name": "new"}, {**DESK, "name": "new", "state": "presnt"}]
    ansible.run({"base_url": emulator.url, "instances": new}, module="account", verbosity=4)
    ansible.run({"base_url": emulator.url, "instances": new[:1]}, module="account", verbosity=4)
    assert CANARY not in ansible.output


MANY = {
    "instances": [{**SHOP, "name": f"shop {number}"} for number in range(20)],
    "formulas": [SYNC, *(calling(f"formula {number}", "sync") for number in range(20))],
    "formula_instances": [
        {"name": f"run {number}", "formula": "sync", "configuration": {"shop": {**IN_SHOP, "name": f"shop {number}"}}}
        for number in range(20)
    ],
}


def test_an_account_costs_few_requests_beside_its_writes(ansible, emulator):
    created = ensure(ansible, emulator, **MANY)
    assert not created.get("failed"), created["msg"]
    sent = methods(emulator)
    assert sent["POST"] == 61 and sent["PUT"] == 20  # Each formula instance is activated last.
    # Each activation is looked at, as its answer tells nothing. Each kind is listed before and after its writes.
    assert sent["GET"] <= 20 + 9
    before = len(emulator.requests)
    assert not ensure(ansible, emulator, **MANY)["changed"]
    assert methods(emulator, before) == {"GET": 4}  # The three kinds, and which account is the own one.


def test_a_formula_that_another_one_calls_is_removed_after_it_or_not_at_all(ansible, emulator):
    chain = {"formulas": [calling("a"), calling("b", "a"), calling("c", "b")]}
    ensure(ansible, emulator, **chain)
    gone = [{"name": name, "state": "absent"} for name in "abc"]
    for check in (True, False):
        result = ensure(ansible, emulator, check=check, formulas=gone[:2])
        assert actions(result)["formulas"] == {"a": "skipped", "b": "failed"}
        assert "The formula 'b' was not removed: the formulas 'c' call it." in result["msg"]
    assert methods(emulator)["POST"] == 3 and "DELETE" not in methods(emulator)
    assert not ensure(ansible, emulator, formulas=gone).get("failed")
    deleted = [seen.path for seen in emulator.requests if seen.method == "DELETE"]
    assert deleted == sorted(deleted, reverse=True) and len(deleted) == 3


def test_what_runs_a_formula_of_another_account_is_not_removed(ansible, emulator):
    theirs = emulator.seed.formula(SYNC["definition"], emulator.seed.subaccount("other"))["id"]
    emulator.seed.formula_instance(
        theirs, {"name": "nightly", "configuration": {"shop": emulator.create("stripe", "a")["id"]}}
    )
    gone = {"name": "nightly", "formula": "sync", "state": "absent"}
    result = ensure(ansible, emulator, formulas=[{"name": "sync", "state": "absent"}], formula_instances=[gone])
    assert not result["changed"] and not ansible.run(gone, module="formula_instance")["changed"]
    assert "DELETE" not in methods(emulator) and len(store(emulator).formulas.instances) == 1


def test_the_own_account_is_one_with_its_id_and_without(ansible, emulator):
    deal = {"name": "deal", "fields": [{"path": "id", "type": "string"}]}
    own = {**deal, "account_id": store(emulator).owner.account_id, "fields": [{"path": "id", "type": "number"}]}
    result = ensure(ansible, emulator, common_resources=[deal, own])
    assert result["failed"] and "is there twice in the options" in result["msg"], result["msg"]
    assert methods(emulator)["POST"] == 1 and "PUT" not in methods(emulator)


def test_a_description_that_is_given_back_without_its_secrets_replaces_none(ansible, emulator):
    ensure(ansible, emulator, **WHOLE)
    store(emulator).formulas.instances[max(store(emulator).formulas.instances)].configuration["cron"] = "x"
    described = ansible.run({"base_url": emulator.url}, module="account_info")
    back = ensure(ansible, emulator, **{kind: described[kind] for kind in KINDS})
    assert actions(back)["formulas"] == {"sync": "unchanged"} and "DELETE" not in methods(emulator)
    assert "holds a mask" in back["msg"] and methods(emulator)["POST"] == 4


def test_what_the_module_tells_makes_the_drift_of_an_instance_that_is_known_by_its_id(ansible, emulator):
    there = emulator.create("stripe", "old name", {"username": "u", "password": "p"}, ["a"])
    emulator.create("stripe", "by hand", {"username": "u", "password": "p"})
    described = {**{kind: [] for kind in KINDS}, "instances": [{"id": there["id"], "name": "new name"}]}
    compared = ensure(ansible, emulator, check=True, **described)
    found = ansible.run({"base_url": emulator.url}, module="account_info")
    document = drift_of(described, compared, found)
    assert [(row["name"], row["action"], row["changes"]) for row in document["drift"]] == [
        ("new name", "rename", [{"path": ["name"], "before": "old name", "after": "new name"}]),
        ("by hand", "not_described", []),
    ]
