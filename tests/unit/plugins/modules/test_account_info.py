# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an account with resources of all kinds to a description and back: nothing changes, another becomes the same."""

from __future__ import annotations

import collections
import copy

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    CONTACTS,
    KINDS,
    fill_account,
    values_of,
)

MODULES = {
    "instances": "instance",
    "common_resources": "common_resource",
    "formulas": "formula",
    "formula_instances": "formula_instance",
}


@pytest.fixture
def other():
    """An emulator of another, empty account."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


@pytest.fixture(params=["v1", "v2"])
def account(request, emulator):
    """An account with resources of all kinds."""
    emulator.switches.set("vdr_version", request.param)
    fill_account(emulator)
    return emulator


def described(ansible, emulator, **options):
    """Describe an account, and return the result without what is of no account."""
    result = ansible.run({**options, "base_url": emulator.url}, module="account_info")
    assert not result.get("failed"), result["msg"]
    for key in ("api_calls", "base_url", "invocation", "warnings"):
        result.pop(key, None)
    return result


def applied(ansible, emulator, result, values):
    """Apply a description with the values of its variables, and return the results of all tasks."""
    given = copy.deepcopy({kind: result[kind] for kind in KINDS})
    for secret in result["secrets"]:
        *path, last = secret["path"]
        place = given
        for step in path:
            place = place[step]
        assert place[last] == "********"
        place[last] = values[secret["variable"]]
    at_instances = [row for row in given["common_resources"] if row["level"] == "instance"]
    others = [row for row in given["common_resources"] if row not in at_instances]
    # Formulas that are called come first.
    formulas = sorted(given["formulas"], key=lambda row: "formulaName" in str(row))
    ordered = [("common_resources", others), ("instances", given["instances"]), ("common_resources", at_instances)]
    ordered += [("formulas", formulas), ("formula_instances", given["formula_instances"])]
    results = [
        ansible.run({**row, "base_url": emulator.url}, module=MODULES[kind]) for kind, rows in ordered for row in rows
    ]
    assert not any(each.get("failed") for each in results), [each.get("msg") for each in results]
    return results


def test_an_account_is_described_as_what_makes_the_same_again(ansible, account, other):
    other.switches.set("vdr_version", account.switches.vdr_version)
    first = described(ansible, account)
    assert {kind: len(first[kind]) for kind in KINDS} == {
        "instances": 2,
        "common_resources": 4,
        "formulas": 2,
        "formula_instances": 2,
    }
    assert first["notes"] == [] and first["duplicates"] == []
    assert CANARY not in ansible.output
    assert not any(each["changed"] for each in applied(ansible, account, first, values_of(first)))
    assert all(each["changed"] for each in applied(ansible, other, first, values_of(first)))
    assert described(ansible, other) == first
    assert not any(each["changed"] for each in applied(ansible, other, first, values_of(first)))


def test_each_kind_is_listed_once(ansible, account):
    account.clear()
    described(ansible, account)
    paths = collections.Counter(seen.path for seen in account.requests)
    assert {seen.method for seen in account.requests} == {"GET"}
    lists = ("/instances", "/formulas", "/formulas/instances", "/accounts", "/organizations/objects/definitions")
    assert {path: paths[path] for path in lists} == dict.fromkeys(lists, 1) | {
        "/organizations/objects/definitions": 2  # Mappings of the account may rest on what the organization defines.
    }


def test_secrets_of_every_kind_have_a_variable(ansible, account):
    result = described(ansible, account)
    assert [(each["kind"], each["name"], each["key"]) for each in result["secrets"]] == [
        ("instances", "tickets", "password"),
        ("instances", "tickets", "servicenow.subdomain"),
        ("instances", "tickets", "username"),
        ("instances", "payments", "password"),
        ("instances", "payments", "username"),
        ("formulas", "sync contacts", "password"),
        ("formula_instances", "nightly", "api.key"),
        ("formula_instances", "nightly", "hook"),
    ]
    again = described(ansible, account)
    assert again == result and len({each["variable"] for each in result["secrets"]}) == len(result["secrets"])


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_is_the_same(ansible, account, kind):
    everything = described(ansible, account)
    alone = described(ansible, account, include=[kind])
    assert alone[kind] == everything[kind] and not any(alone[other] for other in KINDS if other != kind)
    assert [secret["variable"] for secret in alone["secrets"]] == [
        secret["variable"] for secret in everything["secrets"] if secret["kind"] == kind
    ]


def test_filters_are_about_instances_and_what_they_own(ansible, account):
    result = described(ansible, account, element_key="servicenow")
    assert [row["name"] for row in result["instances"]] == ["tickets"]
    assert [row["level"] for row in result["common_resources"]].count("instance") == 0
    assert len(result["formula_instances"]) == 2, "their element instances are known all the same"


def test_what_the_account_does_not_show_is_noted(ansible, emulator):
    emulator.create("stripe", "payments")
    emulator.create("stripe", "payments")
    formula = emulator.seed.formula(
        {
            "name": "sync",
            "configuration": [{"key": "shop", "name": "Shop", "type": "elementInstance"}],
            "triggers": [{"type": "manual"}],
            "steps": [{"name": "call", "type": "formula", "properties": {"formulaId": "12345"}}],
        }
    )
    emulator.seed.formula({"name": "sync", "triggers": [{"type": "manual"}], "steps": []})
    emulator.seed.formula_instance(
        formula["id"],
        {
            "name": "nightly",
            "configuration": {"shop": str(emulator.instances[0]["id"])},
            "settings": {"notification.webhook.url": f"https://example.com/hooks/{CANARY}", "notification.email": "a"},
        },
    )
    kept = next(iter(emulator.accounts.values())).store.formulas.instances
    next(iter(kept.values())).configuration["shop"] = "999"
    result = described(ansible, emulator)
    notes = [(each["kind"], each["note"]) for each in result["notes"]]
    assert sum("TO DECIDE" in note for kind, note in notes if kind == "instances") == 2
    assert sum("TO DECIDE" in note for kind, note in notes if kind == "formulas") == 2
    assert any("formula with the id 12345" in note for kind, note in notes if kind == "formulas")
    (instance, settings) = [note for kind, note in notes if kind == "formula_instances"]
    assert "element instance with the id 999" in instance and "notification.webhook.url" in settings
    (row,) = result["formula_instances"]
    assert "configuration" not in row and row["settings"] == {"notification.email": "a"}
    assert [(each["kind"], each["name"], len(each["ids"])) for each in result["duplicates"]] == [
        ("instances", "payments", 2),
        ("formulas", "sync", 2),
    ]
    assert CANARY not in ansible.output


def test_what_holds_a_secret_of_the_connection_is_left_out_with_a_note(ansible, emulator):
    formula = {"name": "plain", "description": "a", "triggers": [{"type": "manual"}], "steps": []}
    emulator.seed.formula(formula)
    emulator.seed.formula({**formula, "name": "spy", "description": f"it is {emulator.user_secret}"})
    emulator.seed.definition("contacts", [{"path": "email", "type": "string"}])
    body = {"vendorName": "customers", "fields": [], "script": {"body": f"x = '{emulator.user_secret}'; done(x);"}}
    emulator.seed.transformation("contacts", "stripe", body)
    result = described(ansible, emulator)
    assert [row["definition"]["name"] for row in result["formulas"]] == ["plain"]
    (mapping,) = result["common_resources"][0]["transformations"]
    assert "script" not in mapping and mapping["vendor_name"] == "customers"
    assert [note["name"] for note in result["notes"]] == ["contacts", "spy"]
    assert all(note["note"].startswith("TO CHANGE") for note in result["notes"])
    assert emulator.user_secret not in ansible.output


def test_formulas_of_other_accounts_are_left_out_with_their_instances(ansible, emulator):
    foreign = emulator.seed.subaccount("another")
    own = {"name": "own", "triggers": [{"type": "manual"}], "steps": []}
    emulator.seed.formula(own)
    theirs = emulator.seed.formula({**own, "name": "theirs"}, foreign)
    emulator.seed.formula_instance(theirs["id"], {"name": "x", "configuration": {}})
    result = described(ansible, emulator)
    assert [row["definition"]["name"] for row in result["formulas"]] == ["own"]
    assert result["formula_instances"] == []


def test_formulas_that_all_belong_to_another_account_are_not_exported(ansible, emulator):
    theirs = {"name": "theirs", "triggers": [{"type": "manual"}], "steps": []}
    emulator.seed.formula(theirs, emulator.seed.subaccount("another"))
    result = described(ansible, emulator)
    assert result["formulas"] == []


def test_mappings_that_cannot_be_read_are_left_alone(ansible, emulator):
    emulator.seed.definition("contacts", CONTACTS)
    emulator.seed.transformation("contacts", "stripe", {"vendorName": "customers", "fields": []})
    emulator.switches.set("accounts_listed", "refused")
    result = described(ansible, emulator)
    (row,) = result["common_resources"]
    assert "transformations" not in row and row["fields"]
    assert "left alone" in result["notes"][0]["note"]


def test_what_instances_have_is_found_if_their_mappings_are_not_listed(ansible, account):
    before = described(ansible, account)
    account.inject(Fault("status", method="GET", path=r"^/instances/\d+/transformations$", status=400, times=None))
    assert described(ansible, account) == before


def test_what_instances_have_must_be_known(ansible, account):
    account.inject(Fault("status", method="GET", path=r"^/instances/\d+/transformations$", times=None))
    result = ansible.run({"retries": 0}, module="account_info")
    assert result["failed"] and "Listing the mappings of the instance with id" in result["msg"]


@pytest.mark.parametrize("path", ["^/instances$", "^/formulas$", "^/formulas/instances$"])
def test_a_listing_that_lacks_something_is_no_export(ansible, account, path):
    account.inject(Fault("body", method="GET", path=path, body=[], headers={"Elements-Total-Count": "1"}, times=9))
    result = ansible.run({}, module="account_info")
    assert result["failed"] and result["error"]["kind"] == "invalid_response" and "Run again" in result["msg"]


def test_a_row_that_cannot_be_read_is_no_export(ansible, account):
    account.inject(Fault("body", method="GET", path="^/formulas$", body=[{"id": 5}], times=9))
    result = ansible.run({}, module="account_info")
    assert result["failed"] and "id 5 cannot be read" in result["msg"]


def test_an_empty_account_is_empty(ansible, emulator):
    result = described(ansible, emulator)
    assert result == {"changed": False, **{key: [] for key in (*KINDS, "secrets", "notes", "duplicates")}}
