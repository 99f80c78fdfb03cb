# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far an account is from its directory, and how a page shows it."""

from __future__ import annotations

import json
import pathlib

import jsonschema
import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils import _account_drift
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_drift import (
    counted_by_kind,
    drift_of,
    shown,
)

SCHEMA = pathlib.Path(_account_drift.__file__).resolve().parents[2] / "playbooks" / "files" / "schemas" / "report.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
KINDS = ("instances", "common_resources", "formulas", "formula_instances")
URL = "https://example.com/elements/api-v2"


def row(action="unchanged", error=None, number=None, **names):
    error = None if error is None else {"message": error}
    actions = [] if action in ("unchanged", "failed") else [f"{action} it"]
    return {"id": number, "action": action, "actions": actions, "error": error, **names}


def change(kind, number=None, changes=(), **names):
    every = dict.fromkeys(("name", "element_key", "level", "instance", "formula"))
    return {"kind": kind, "id": number, "changes": list(changes), **every, **names}


def differs(path, before, after):
    return {"path": path.split("."), "before": before, "after": after}


def compare(described=None, rows=None, found=None, changes=(), include=KINDS):
    """Return the document, which must follow the schema."""
    nothing = {kind: [] for kind in KINDS}
    compared = {"base_url": URL, "plan": {"changes": list(changes)}, **nothing, **(rows or {})}
    found = {**nothing, "notes": [], **(found or {})}
    document = drift_of({**nothing, **(described or {})}, compared, found, include)
    VALIDATOR.validate(document)
    return document


def told(document):
    return [(each["kind"], each["name"], each["action"]) for each in document["drift"]]


def test_an_empty_account_is_as_an_empty_directory_describes_it():
    document = compare()
    assert (document["status"], document["base_url"], document["drift"], document["errors"]) == (
        "in_sync", URL, [], []
    )  # fmt: skip
    assert list(document["summary"]) == list(KINDS)
    assert {tuple(counts.values()) for counts in document["summary"].values()} == {(0, 0, 0, 0, 0)}


def test_every_row_is_counted_once():
    names = {"element_key": "stripe"}
    rows = [
        row(name="same", **names),
        row("create", name="new", **names),
        row("change", name="other", number=1, **names),
        row("failed", "There are two.", name="twice", **names),
        row("skipped", "It needs twice.", name="later", **names),
    ]
    document = compare(
        {"instances": [{"name": each["name"], **names} for each in rows]},
        {"instances": rows},
        {"instances": [{"name": "same", **names}, {"name": "by hand", **names}, {"name": "same", "element_key": "x"}]},
        [change("instances", 1, [differs("tags", [], ["a"])], name="other", **names)],
    )
    assert document["summary"]["instances"] == {
        "described": 5, "in_sync": 1, "drifted": 2, "failed": 2, "not_described": 2,
    }  # fmt: skip
    assert told(document) == [
        ("instances", "new", "create"),
        ("instances", "other", "change"),
        ("instances", "twice", "failed"),
        ("instances", "later", "skipped"),
        ("instances", "by hand", "not_described"),
        ("instances", "same", "not_described"),
    ]
    assert document["drift"][1]["changes"] == [differs("tags", [], ["a"])]
    assert document["status"] == "error"
    assert document["errors"] == ["instance 'twice': There are two.", "instance 'later': It needs twice."]
    assert counted_by_kind(document) == "6 instances"


def test_what_is_not_described_alone_is_a_drift():
    document = compare(found={"formulas": [{"definition": {"name": "by hand"}}]})
    assert document["status"] == "drift" and told(document) == [("formulas", "by hand", "not_described")]
    assert counted_by_kind(document) == "1 formula"


@pytest.mark.parametrize(
    ("kind", "described", "other"),
    [
        ("instances", {"name": "a", "element_key": "b"}, {"name": "a", "element_key": "c"}),
        ("common_resources", {"name": "a"}, {"name": "a", "level": "organization"}),
        (
            "common_resources",
            {"name": "a", "level": "instance", "instance": {"element_key": "b", "name": "c"}},
            {"name": "a", "level": "instance", "instance": {"element_key": "b", "name": "d"}},
        ),
        ("formulas", {"name": "a", "definition": {"name": "b"}}, {"definition": {"name": "b"}}),
        ("formula_instances", {"name": "a", "formula": "b"}, {"name": "a", "formula": "c"}),
    ],
)
def test_each_kind_has_names_of_its_own(kind, described, other):
    same = {"level": "account", **described} if kind == "common_resources" else described
    document = compare({kind: [described]}, {kind: [row(name="a")]}, {kind: [same, other]})
    assert [each["action"] for each in document["drift"]] == ["not_described"]


def test_an_instance_that_is_described_by_its_id_is_known_by_the_names_that_it_has():
    found = {"instances": [{"name": "a", "element_key": "stripe"}]}
    same = row(name="a", element_key="stripe", number=7)
    assert compare({"instances": [{"id": 7}]}, {"instances": [same]}, found)["status"] == "in_sync"
    renamed = row("rename", name="b", element_key="stripe", number=7)
    changes = [change("instances", 7, [differs("name", "a", "b")], name="a", element_key="stripe")]
    document = compare({"instances": [{"id": 7, "name": "b"}]}, {"instances": [renamed]}, found, changes)
    assert told(document) == [("instances", "b", "rename")]
    assert document["drift"][0]["changes"] == [differs("name", "a", "b")]


def test_what_cannot_be_described_is_not_described_either():
    names = [
        ("common_resources", "<b>", None, None),
        ("common_resources", "own", "stripe", None),
        ("instances", "kept", "stripe", None),
        ("instances", "kept", "sfdc", None),
        ("formula_instances", "n", None, "f"),
    ]
    notes = [dict(zip(("kind", "name", "element_key", "formula"), each, strict=True), note="!") for each in names]
    own = {"name": "own", "level": "instance", "instance": {"element_key": "stripe", "name": "kept"}}
    kept = {"name": "kept", "element_key": "stripe"}
    document = compare(
        {"common_resources": [own], "instances": [kept]},
        {"common_resources": [row(name="own")], "instances": [row(**kept)]},
        {"common_resources": [own], "notes": notes},
    )
    assert [(each["kind"], each["name"], each["element_key"]) for each in document["drift"]] == [
        ("instances", "kept", "sfdc"),
        ("common_resources", "<b>", None),
        ("formula_instances", "n", None),
    ]
    assert document["drift"][2]["formula"] == "f" and document["status"] == "drift"


def test_common_resources_of_one_name_keep_their_changes_apart():
    rows = [row("change", name="a", level=level) for level in ("account", "organization")]
    changes = [
        change("common_resources", None, [differs("description", each["level"], None)], name="a", level=each["level"])
        for each in rows
    ]
    document = compare({"common_resources": rows}, {"common_resources": rows}, changes=changes)
    assert [each["changes"][0]["before"] for each in document["drift"]] == ["account", "organization"]


def test_only_the_kinds_that_are_included_are_compared():
    document = compare(found={"formulas": [{"definition": {"name": "a"}}]}, include=["instances"])
    assert document["status"] == "in_sync" and list(document["summary"]) == ["instances"]


@pytest.mark.parametrize(
    ("compared", "found", "errors"),
    [
        ({"msg": "No connection.", "base_url": URL}, {"msg": "None either."}, ["No connection.", "None either."]),
        ({"plan": {"changes": []}, "base_url": URL}, {"msg": "Not allowed."}, ["Not allowed."]),
    ],
)
def test_an_account_that_cannot_be_read_is_an_error(compared, found, errors):
    document = drift_of({}, compared, found)
    VALIDATOR.validate(document)
    assert document["errors"] == errors
    assert (document["status"], document["base_url"], document["summary"], document["drift"]) == ("error", URL, {}, [])


def test_a_page_shows_the_kinds_with_owners_and_words():
    document = compare(
        {"formula_instances": [{"name": "n", "formula": "f"}]},
        {
            "formula_instances": [row("failed", "No such formula.", name="n", formula="f")],
            "instances": [{**row("create", name="a", element_key="b"), "actions": ["create a", "disable"]}],
        },
        {"common_resources": [{"name": "c", "level": "instance", "instance": {"element_key": "e", "name": "i"}}]},
    )
    groups = shown(document)
    assert [group["label"] for group in groups] == ["Instances", "Common resources", "Formula instances"]
    assert [(each["owner"], each["words"]) for group in groups for each in group["rows"]] == [
        ("of element b", ["disable"]),
        ("of element e of instance i at level instance", []),
        ("of formula f", ["No such formula."]),
    ]
    assert counted_by_kind(document) == "1 instance, 1 common resource, 1 formula instance"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (["a", "b"], ["a", "c"], ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]),
        (None, ["a"], ["@@ -0,0 +1 @@", "+a"]),
        ("a", ["a", "b"], ["@@ -1 +1,2 @@", " a", "+b"]),
        ([], [{"é": None}], ["@@ -0,0 +1,5 @@", "+[", "+  {", '+    "é": null', "+  }", "+]"]),
        ({"b": 1, "a": True}, None, ["@@ -1,4 +0,0 @@", "-{", '-  "a": true,', '-  "b": 1', "-}"]),
    ],
)
def test_what_has_parts_is_compared_line_by_line(before, after, lines):
    difference = difference_of(before, after)
    assert [line["text"] for line in difference["lines"]] == lines
    kinds = {"@": "place", " ": "same", "-": "dropped", "+": "added"}
    assert all(line["kind"] == kinds[line["text"][0]] for line in difference["lines"])


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [("a", None, ["a", None]), (True, 7, ["true", "7"]), ("", "{{ a }}", ["", "{{ a }}"]), (None, [], [None, "[]"])],
)
def test_what_has_no_parts_is_shown_as_it_is(before, after, texts):
    difference = difference_of(before, after)
    assert (difference["path"], [difference["before"], difference["after"]]) == ("configuration.a", texts)


def difference_of(before, after):
    names = {"name": "f", "number": 1}
    document = compare(
        {"formulas": [{"definition": {"name": "f"}}]},
        {"formulas": [row("change", **names)]},
        changes=[change("formulas", 1, [differs("configuration.a", before, after)], name="f")],
    )
    ((group,), (only,)) = (shown(document), document["drift"])
    assert only["changes"] == [differs("configuration.a", before, after)]
    return group["rows"][0]["differences"][0]
