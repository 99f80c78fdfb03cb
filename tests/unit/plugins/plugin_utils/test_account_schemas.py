# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schemas of the files of an account are those of the modules, and say what the check says."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_kinds import KINDS_BY_NAME
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_options import OptionCheck
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_schemas import (
    generate,
    plain_text,
    schemas,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_yaml import parse
from ansible_collections.cloud_elements.platform.tests.nox.write_schemas import documented
from hypothesis import given
from hypothesis import strategies as st

VALIDATORS = {name: jsonschema.Draft202012Validator(json.loads(text)) for name, text in schemas().items()}
GOOD = {
    "fleet.json": {
        "fleet_instances": [
            {"name": "a", "element_key": "b", "tags": ["c"], "enabled": True, "configuration": {"d": {"e": 1}}},
            {"id": "{{ a }}", "enabled": "{{b}}", "tags": "{{ c }}", "configuration": "{{ d }}", "state": "{{ e }}"},
        ]
    },
    "common_resource.json": {
        "name": "a",
        "fields": [{"path": "b", "type": "string"}],
        "transformations": [{"element_key": "c", "script": {"body": "d"}, "configuration": [{"type": "inherit"}]}],
    },
    "formula.json": {"definition": {"name": "a", "anything": [1]}, "active": None},
    "formula_instances.json": {
        "formula_instances": [{"name": "a", "formula": "b", "configuration": {"c": {"element_key": "d", "name": "e"}}}]
    },
}


def test_the_shipped_schemas_are_those_of_the_options_and_their_documentation():
    assert schemas() == generate(documented()), "Write them anew: python3 noxfile.py -s schemas"


def test_every_option_is_described():
    def undescribed(schema):
        return [name for name, option in schema["properties"].items() if "description" not in option]

    documents = [json.loads(text) for text in schemas().values()]
    for document in documents:
        for each in (document, *(entry.get("items", {}) for entry in document["properties"].values())):
            if "name" in each.get("properties", {}):
                assert undescribed(each) == []


@pytest.mark.parametrize("name", GOOD)
def test_a_schema_is_valid_and_takes_a_good_document(name):
    assert schemas().keys() == GOOD.keys()
    VALIDATORS[name].check_schema(VALIDATORS[name].schema)
    VALIDATORS[name].validate(GOOD[name])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("fleet.json", lambda document: document.update(other=1)),
        ("fleet.json", lambda document: document.pop("fleet_instances")),
        ("fleet.json", lambda document: document["fleet_instances"].append({"element_key": "a"})),
        ("fleet.json", lambda document: document["fleet_instances"].append({"name": "a", "elment_key": "b"})),
        ("fleet.json", lambda document: document["fleet_instances"].append({"name": 1})),
        ("fleet.json", lambda document: document["fleet_instances"].append({"id": "1"})),
        ("fleet.json", lambda document: document["fleet_instances"].append({"id": "{{ a.b }}"})),
        ("fleet.json", lambda document: document["fleet_instances"].append({"id": 1, "state": "presnt"})),
        ("fleet.json", lambda document: document["fleet_instances"].append({"id": 1, "tags": [1]})),
        ("common_resource.json", lambda document: document.pop("name")),
        ("common_resource.json", lambda document: document["fields"].append({"type": "string"})),
        ("common_resource.json", lambda document: document["transformations"].append({"element_key": None})),
        ("formula.json", lambda document: document.pop("definition")),
        ("formula.json", lambda document: document.update(active="yes")),
        ("formula_instances.json", lambda document: document["formula_instances"][0].update(formula_id=1)),
        ("formula_instances.json", lambda document: document["formula_instances"][0].pop("formula")),
    ],
)
def test_a_schema_refuses_a_bad_document(name, change):
    document = copy.deepcopy(GOOD[name])
    change(document)
    assert not VALIDATORS[name].is_valid(document)


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("Use O(id) or V(a b).", "Use id or a b."),
        (["See M(a.b.c).", "With O(a.b.c#module:x=y)."], "See a.b.c. With x=y."),
        (r"The text C({{ f(1\) }}) stays.", "The text {{ f(1) }} stays."),
        ("RV(id) and HTTP(S) stay apart.", "id and HTTP(S) stay apart."),
    ],
)
def test_markup_is_no_part_of_a_description(description, text):
    assert plain_text(description) == text


SCALARS = st.sampled_from([None, True, 0, 7, "a", "present", "initial", "account", "{{ a }}", [], {}, ["a"], {"a": 1}])


def values(entry):
    """Return a strategy for values of an option, some of them wrong."""
    if "options" in entry:
        inner = options(entry)
        inner = st.lists(inner, max_size=2) if entry["type"] == "list" else inner
        return st.one_of(inner, inner, inner, SCALARS)
    return SCALARS


def options(table):
    """Return a strategy for mappings of options, some of them wrong."""
    entries = {name: values(entry) for name, entry in table["options"].items()}
    required = {name: entries.pop(name) for name, entry in table["options"].items() if entry.get("required")}
    return st.fixed_dictionaries(required, optional={**entries, "unknown": SCALARS}).flatmap(
        lambda found: st.sampled_from(sorted(found) or [""]).map(
            lambda left: {name: value for name, value in found.items() if name != left or len(found) > 3}
        )
    )


@pytest.mark.parametrize("kind", KINDS_BY_NAME)
@given(data=st.data())
def test_a_schema_and_the_check_refuse_the_same(kind, data):
    document = data.draw(options(KINDS_BY_NAME[kind].table))
    name = {"instances": "fleet", "common_resources": "common_resource", "formulas": "formula"}.get(kind, kind)
    schema = VALIDATORS[f"{name}.json"].schema
    listed = {"instances": "fleet_instances", "formula_instances": "formula_instances"}.get(kind)
    validator = VALIDATORS[f"{name}.json"]
    valid = validator.is_valid({listed: [document]} if listed else document)
    check = OptionCheck("f.yml")
    check.options(parse(json.dumps(document), "f.yml")[0], KINDS_BY_NAME[kind].table, ())
    assert (check.problems == []) == valid, (check.problems, document, schema["title"])
