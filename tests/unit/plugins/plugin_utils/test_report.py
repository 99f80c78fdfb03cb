# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of an account, and its drift from a fleet."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._report import Filters, report

CATALOG = [
    {"key": "stripe", "name": "Stripe", "hub": "payment"},
    {"key": "chargebee", "name": "Chargebee", "hub": "payment"},
    {"key": "sfdc", "name": "Salesforce", "hub": "crm"},
    {"key": "nameless", "name": None, "hub": None},
]
ALL = Filters()


def there(name, element_key="stripe", *, number=0, enabled=True, valid=True, tags=()):
    return {"name": name, "element_key": element_key, "id": number, "enabled": enabled, "valid": valid, "tags": tags}


def row(name, action, element_key="stripe", *, number=None, actions=(), error=None):
    error = None if error is None else {"message": error}
    return {
        "name": name,
        "element_key": element_key,
        "id": number,
        "action": action,
        "actions": list(actions),
        "error": error,
    }


def drift(found, compared, filters=ALL, fleet=None):
    fleet = fleet or [{"name": each["name"]} for each in compared]
    return report(found, CATALOG, filters, fleet, compared)


def test_an_empty_account_has_no_figures_and_no_scale():
    page = report([], [], ALL)
    assert set(page["figures"].values()) == {0} and page["scale"] == 0
    assert page["hubs"] == page["attention"] == [] and page["drift"] is None and not page["filtered"]


def test_hubs_and_elements_are_counted_the_largest_first():
    found = [
        *[there("a", "sfdc"), there("b", "sfdc")],
        *[there("c", "chargebee"), there("d"), there("e"), there("f", "unknown"), there("g", None)],
        there("h", "nameless"),
    ]
    page = report(found, CATALOG, ALL)
    assert [(hub["label"], hub["total"]) for hub in page["hubs"]] == [("", 3), ("payment", 3), ("crm", 2)]
    elements = [[(element["label"], element["total"]) for element in hub["elements"]] for hub in page["hubs"]]
    assert elements == [
        [("", 1), ("nameless", 1), ("unknown", 1)],
        [("Stripe", 2), ("Chargebee", 1)],
        [("Salesforce", 2)],
    ]
    assert [each["name"] for each in page["hubs"][1]["rows"]] == ["d", "e", "c"]
    assert (page["scale"], page["figures"]["hubs"], page["figures"]["elements"]) == (3, 2, 6)


def test_elements_of_one_size_are_in_the_order_of_the_alphabet_whatever_their_case():
    found = [there("a", "b"), there("b", "A"), there("c", "C")]
    (hub,) = report(found, [], ALL)["hubs"]
    assert [element["label"] for element in hub["elements"]] == ["A", "b", "C"]


def test_what_is_disabled_or_invalid_is_counted_and_needs_attention():
    states = list(itertools.product([True, False], [True, False, None]))
    found = [there(f"{enabled}, {valid}", enabled=enabled, valid=valid) for enabled, valid in states]
    page = report(found, CATALOG, ALL)
    assert page["figures"] == {"instances": 6, "hubs": 1, "elements": 1, "disabled": 3, "invalid": 2, "both": 1}
    assert page["hubs"][0]["parts"] == [["ok", 2], ["off", 2], ["bad", 2]]
    names = [each["name"] for each in page["attention"]]
    assert names == ["True, False", "False, False", "False, True", "False, None"], "the invalid first, and none twice"


def test_the_drift_is_told_by_kind_with_what_would_be_done():
    compared = [
        row("same", "unchanged", number=1),
        row("move", "change", number=2, actions=["change configuration subdomain", "disable"]),
        row("new", "create", actions=["create instance 'new' of element 'stripe'", "disable"]),
        row("off", "disable", number=3, actions=["disable"]),
        row("on", "enable", number=4, actions=["enable"]),
        row("gone", "remove", number=5, actions=["delete instance 'gone' of element 'stripe'"]),
        row("old name", "rename", number=6, actions=["rename to 'new name'"]),
        row(None, "failed", None, number=7, error="There is none."),
    ]
    page = drift([there("extra", number=8), *[there("x", number=number) for number in range(1, 8)]], compared)
    told = page["drift"]
    assert [(entry["label"], entry["name"], entry["details"]) for entry in told["entries"]] == [
        ("Fail", "id 7", ["There is none."]),
        ("Create", "new", ["disable"]),
        ("Remove", "gone", []),
        ("Disable", "off", []),
        ("Enable", "on", []),
        ("Rename", "old name", ["rename to 'new name'"]),
        ("Change", "move", ["configuration subdomain", "disable"]),
    ]
    assert [each["name"] for each in told["extra"]] == ["extra"]
    assert {part["label"]: part["value"] for part in told["legend"]} == {
        "as in the file": 1,
        "to create": 1,
        "to change": 1,
        "to rename": 1,
        "to enable": 1,
        "to disable": 1,
        "to remove": 1,
        "not in the file": 1,
        "would fail": 1,
    }
    assert page["figures"]["drift"] == 8 and told["total"] == 9


def test_without_a_drift_the_legend_says_how_many_are_as_they_should_be():
    told = drift([], [])["drift"]
    assert told["legend"] == [{"kind": "unchanged", "label": "as in the file", "value": 0}]
    assert (told["entries"], told["extra"], told["total"]) == ([], [], 0)


@pytest.mark.parametrize(("key", "is_extra"), [("stripe", False), (None, False), ("sfdc", True)])
def test_an_instance_that_could_not_be_compared_is_named_all_the_same(key, is_extra):
    told = drift([there("twice", number=1)], [row("twice", "failed", key, error="Two match.")])["drift"]
    assert bool(told["extra"]) is is_extra


def test_only_what_failed_is_known_by_its_name():
    assert drift([there("a", number=1)], [row("a", "create")])["drift"]["extra"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (ALL, ["there", "elsewhere", "new", "untagged"]),
        (Filters(element_key="sfdc"), ["there"]),
        (Filters(element_key="stripe"), ["there", "new", "untagged"]),
        (Filters(name="new"), ["there", "new"]),
        (Filters(tags=("prod",)), ["there", "new"]),
        (Filters(tags=("prod", "eu")), ["there"]),
        (Filters(tags=("untagged",)), ["there", "untagged"]),
        (Filters(tags=()), ["there", "new", "untagged"]),
    ],
)
def test_what_the_filters_leave_out_is_not_compared_either(filters, names):
    compared = [
        row("there", "change", number=1),
        row("elsewhere", "change", number=2),
        row("new", "create"),
        row("untagged", "create"),
    ]
    fleet = [{}, {}, {"tags": ["prod", "us"]}, {"tags": []}]
    told = drift([there("there", number=1)], compared, filters, fleet)
    assert {entry["name"] for entry in told["drift"]["entries"]} == set(names)
    assert told["filtered"] is filters.given and told["tags"] == list(filters.tags or [])
