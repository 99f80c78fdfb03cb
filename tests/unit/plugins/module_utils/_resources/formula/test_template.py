# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.template import (
    called_ids,
    differences,
    ignored_keys,
    masked_in,
    normalise,
    refuse_ids,
    refuse_misspelled,
    unknown_links,
    with_kept,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from hypothesis import given
from hypothesis import strategies as st

names = st.text(min_size=1, max_size=6)
scalars = st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=6)
properties = st.dictionaries(
    st.sampled_from(["body", "api", "retry", "formulaId", "formulaName", "elementInstanceId"]), scalars, max_size=4
)
links = st.lists(names, max_size=2)
steps = st.fixed_dictionaries(
    {"name": names, "type": names},
    optional={"properties": properties, "onSuccess": links, "onFailure": links, "description": st.text(max_size=3)},
)
triggers = st.fixed_dictionaries(
    {"type": names}, optional={"name": names, "async": st.booleans(), "properties": properties, "onSuccess": links}
)
variables = st.fixed_dictionaries(
    {"key": names, "type": st.sampled_from(["value", "elementInstance"])},
    optional={"name": names, "required": st.booleans(), "description": st.text(max_size=3)},
)
definitions = st.fixed_dictionaries(
    {},
    optional={
        "name": names,
        "description": st.text(max_size=5) | st.none(),
        "singleThreaded": st.booleans(),
        "engine": st.sampled_from(["v1", "v3"]),
        "steps": st.lists(steps, max_size=3, unique_by=lambda step: str(step["name"])),
        "triggers": st.lists(triggers, max_size=2),
        "configuration": st.lists(variables, max_size=3, unique_by=lambda variable: str(variable["key"])),
    },
)


@given(definitions)
def test_normalising_twice_changes_nothing(definition):
    template = normalise(definition)
    again = normalise(template.portable())
    assert differences(template, again) == differences(again, template) == ()
    assert again.portable() == template.portable()


@given(definitions, st.randoms(use_true_random=False))
def test_the_order_of_parts_and_what_the_platform_makes_do_not_count(definition, chance):
    other = copy.deepcopy(definition)
    for kind in ("steps", "triggers", "configuration"):
        chance.shuffle(other.get(kind, []))
        for number, part in enumerate(other.get(kind, [])):
            part["id"] = number
    other.update(id=7, userId=8, accountId=9, createdDate="2020-01-01", debugLoggingExpires="x", api="GET /x")
    assert differences(normalise(definition), normalise(other)) == ()


@given(definitions)
def test_defaults_that_are_left_out_do_not_count(definition):
    other = copy.deepcopy(definition)
    for kind in ("steps", "triggers"):
        for part in other.get(kind, []):
            part.setdefault("onSuccess", [])
            part.setdefault("onFailure", None)
            part.setdefault("properties", {})
    for trigger in other.get("triggers", []):
        trigger.setdefault("name", "trigger")
        trigger.setdefault("async", True)
    for variable in other.get("configuration", []):
        variable.setdefault("required", False)
    assert differences(normalise(definition), normalise(other)) == ()


@given(definitions, st.sampled_from(["steps", "triggers", "configuration"]))
def test_a_part_that_is_added_is_a_difference(definition, kind):
    part: dict[str, t.Any] = {"type": "new-type", "name": "a-new-name", "key": "a-new-key"}
    other = {**definition, kind: [*(definition.get(kind) or []), part]}
    assert differences(normalise(definition), normalise(other))
    assert differences(normalise(other), normalise(definition))


STEP = {"name": "a", "type": "formula", "properties": {"formulaId": 7, "retry": True}}


@pytest.mark.parametrize(
    ("one", "other", "changed"),
    [
        ({"steps": [STEP]}, {"steps": [{**STEP, "properties": {"formulaId": "7", "retry": "true"}}]}, ()),
        ({"steps": [STEP]}, {"steps": [{**STEP, "properties": {"formulaId": "7"}}]}, ("step 'a'",)),
        ({"steps": [STEP]}, {"steps": [{**STEP, "properties": {"formulaId": "7", "retry": "x"}}]}, ("step 'a'",)),
        (
            {"steps": [{**STEP, "properties": {"a": '{"b": 1}'}}]},
            {"steps": [{**STEP, "properties": {"a": '{"b":1}'}}]},
            (),
        ),
        ({"steps": [STEP]}, {"steps": [{**STEP, "type": "x"}]}, ("step 'a'",)),
        (
            {"steps": [{**STEP, "properties": {"a": '{"b": 1, "c": 2}'}}]},
            {"steps": [{**STEP, "properties": {"a": '{"c": 2, "b": 1}'}}]},
            (),
        ),
        (
            {"steps": [{**STEP, "properties": {"a": '{"b": 1}'}}]},
            {"steps": [{**STEP, "properties": {"a": '{"b": "1"}'}}]},
            ("step 'a'",),
        ),
        (
            {"steps": [{**STEP, "properties": {"a": "1"}}]},
            {"steps": [{**STEP, "properties": {"a": "1.0"}}]},
            ("step 'a'",),
        ),
        ({"engine": "v3"}, {}, ("engine",)),
        ({}, {"engine": "v3"}, ()),
        ({"description": ""}, {}, ()),
        ({"configuration": [{"key": "k", "type": "value"}]}, {}, ("variable 'k'",)),
        ({"triggers": [{"type": "manual"}]}, {"triggers": [{"type": "event"}]}, ("trigger",)),
        ({"triggers": [{"type": "manual"}]}, {"triggers": [{"type": "manual"}] * 2}, ("trigger",)),
    ],
)
def test_what_differs_is_named(one, other, changed):
    assert differences(normalise(one), normalise(other)) == changed


def test_a_formula_that_is_called_has_a_name_and_no_id():
    definition = {"steps": [STEP], "subFormulas": [{"id": 7, "name": "child"}, "odd", {"id": 8}]}
    template = normalise(definition)
    assert template.called == {"a": "child"}
    assert normalise({"steps": [STEP]}, {"7": "child"}).called == {"a": "child"}
    assert template.body({"child": 99})["steps"][0]["properties"] == {"retry": "true", "formulaId": "99"}
    named = {**STEP, "properties": {"formulaName": "mine", "formulaId": 7}}
    assert normalise({"steps": [named]}, {"7": "child"}).steps["a"]["properties"] == {"formulaName": "mine"}


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ("x", "definition is not a JSON object: give one formula template."),
        ([], "definition is not a JSON object: give one formula template."),
        ({"steps": [{"name": 5, "type": "x"}]}, "A step of the definition has no name"),
        ({"steps": [{"name": "a"}]}, "A step 'a' of the definition has no type"),
        ({"configuration": [{"key": "k"}]}, "A variable 'k' of the definition has no type"),
        ({"triggers": [{"type": "manual", "properties": []}]}, "The properties of a trigger are not"),
        ({"steps": [{**STEP, "onFailure": "b"}]}, "onFailure of 'a'"),
        ({"triggers": [{"type": "manual", "onSuccess": "b"}]}, "onSuccess of a part of the definition is not a list"),
        ({"triggers": [{"type": "manual", "name": 5}]}, "A trigger of the definition has no name."),
        ({"steps": [{**STEP, "name": "b"}, STEP, STEP]}, "The definition has two steps with the name 'a'."),
        ({"steps": {}}, "steps of the definition"),
        ({"steps": [[]]}, "steps of the definition"),
        ({"steps": [{"type": "x"}]}, "A step of the definition has no name"),
        ({"triggers": [{}]}, "A trigger of the definition has no type"),
        ({"configuration": [{"type": "value"}]}, "A variable of the definition has no key"),
        ({"steps": [{**STEP, "properties": []}]}, "The properties of step 'a'"),
        ({"steps": [{**STEP, "onSuccess": "b"}]}, "onSuccess of 'a'"),
        ({"steps": [{**STEP, "onSuccess": [5]}]}, "onSuccess of 'a'"),
        ({"steps": [STEP, STEP]}, "The definition has two steps with the name 'a'."),
        ({"configuration": [{"key": "k", "type": "value"}] * 2}, "The definition has two variables with the key 'k'."),
    ],
)
def test_what_is_no_template_is_an_error_that_names_the_part(definition, words):
    with pytest.raises(CloudElementsError) as caught:
        normalise(definition)
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS and caught.value.message.startswith(words)


@pytest.mark.parametrize("key", ["elementInstanceId", "downloadElementInstanceId", "uploadElementInstanceId"])
def test_the_ids_of_one_account_are_refused_with_the_name_of_the_part(key):
    step = {"name": "a", "type": "elementRequest", "properties": {key: " 12 "}}
    with pytest.raises(CloudElementsError) as caught:
        refuse_ids(normalise({"steps": [step]}))
    assert caught.value.message == (
        "The step 'a' works with the element instance with the id 12, which no other account has. Make it a variable "
        "of type elementInstance, and refer to that as ${config.KEY}."
    )
    with pytest.raises(CloudElementsError, match=r"trigger 'trigger' works with"):
        refuse_ids(normalise({"triggers": [{**step, "name": None}]}))
    refuse_ids(normalise({"steps": [{**step, "properties": {key: "${config.crm}"}}]}))
    with pytest.raises(CloudElementsError, match=r"step 'a' calls the formula with the id 7"):
        refuse_ids(normalise({"steps": [STEP]}))


def test_metadata_without_a_value_is_left_out():
    assert normalise({"description": None, "method": None, "engine": "v3", "active": True}).metadata == {"engine": "v3"}


def test_every_part_is_kept_whole():
    variable = {"key": "k", "name": "Key", "type": "value", "required": True, "description": "d"}
    links = {"onSuccess": ["b"], "onFailure": ["c"]}
    trigger = {"type": "event", "name": "t", "async": False, **links, "properties": {}}
    step = {"name": "a", "type": "script", "description": "d", **links, "properties": {"body": "x"}}
    parts = {"configuration": [variable], "triggers": [trigger], "steps": [step]}
    assert normalise(parts).portable() == normalise(parts).body({}) == parts


def test_defaults_are_filled_in_and_texts_count_as_booleans():
    template = normalise(
        {
            "configuration": [{"key": "k", "type": "value"}, {"key": "l", "type": "value", "required": "true"}],
            "triggers": [{"type": "event", "async": "false"}],
        }
    )
    assert template.variables["k"] == {"key": "k", "name": "k", "type": "value", "required": False}
    assert template.variables["l"]["required"] is True
    assert (template.triggers[0]["name"], template.triggers[0]["async"]) == ("trigger", False)
    assert normalise({"triggers": [{"type": "event"}]}).triggers[0]["async"] is True


def test_a_step_that_calls_no_formula_is_given_none():
    assert normalise({"steps": [{"name": "a", "type": "script"}]}, {"": "odd"}).called == {}


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({"trigers": []}, "The definition has the key 'trigers'. There is none. Did you mean 'triggers'?"),
        (
            {"configuration": [{"key": "k", "name": "n", "requird": True}]},
            "'k' in configuration of the definition has the key 'requird'. There is none. Did you mean 'required'?",
        ),
        (
            {"steps": [{"name": "a", "key": "k", "onSucess": []}]},
            "'a' in steps of the definition has the key 'onSucess'. There is none. Did you mean 'onSuccess'?",
        ),
        (
            {"triggers": [{"name": 5, "onFailur": []}]},
            "an item in triggers of the definition has the key 'onFailur'. There is none. Did you mean 'onFailure'?",
        ),
    ],
)
def test_a_key_that_is_like_one_of_a_template_is_refused(definition, message):
    with pytest.raises(CloudElementsError) as caught:
        refuse_misspelled(definition)
    assert (caught.value.kind, caught.value.message) == (ErrorKind.INVALID_OPTIONS, message)


def test_keys_that_are_like_none_are_named_if_they_are_of_parts():
    definition = {
        "weather": 1,
        "steps": [{"name": "a", "weather": 1, "type": "x"}],
        "configuration": [{"key": "k", "weather": 1}],
    }
    refuse_misspelled(definition)
    assert list(ignored_keys(definition)) == ["weather in configuration", "weather in steps"]


def test_links_that_lead_nowhere_are_named_with_their_part():
    template = normalise(
        {
            "steps": [{"name": "a", "type": "x", "onSuccess": ["a", "b"]}],
            "triggers": [{"type": "manual", "onFailure": ["c"]}],
        }
    )
    assert list(unknown_links(template)) == ["'c' in onFailure of trigger 'trigger'", "'b' in onSuccess of step 'a'"]


def test_the_ids_of_called_formulas_are_found_in_any_answer():
    steps: list[t.Any] = [
        STEP,
        "odd",
        {"properties": []},
        {"properties": {"retry": 1}},
        {"properties": {"formulaId": "8"}},
    ]
    assert called_ids({"steps": steps}) == {"7", "8"}
    assert called_ids({"steps": "odd"}) == called_ids({"steps": {"properties": STEP}}) == called_ids({}) == frozenset()


def test_masks_keep_what_is_stored_as_far_as_there_is_anything():
    given: dict[str, t.Any] = {
        "steps": [
            {"name": "a", "type": "x", "properties": {"key": MASK, "new": MASK, "plain": "1"}},
            {"name": "b", "type": "x", "properties": {"key": MASK}},
        ],
        "triggers": [{"type": "manual", "properties": {"key": MASK}}],
    }
    stored = normalise(
        {
            "steps": [{"name": "a", "type": "x", "properties": {"key": "kept", "plain": "2", "gone": "3"}}],
            "triggers": [{"type": "manual", "properties": {"key": "of the trigger"}}],
        }
    )
    template = normalise(given)
    assert list(masked_in(template)) == [
        "key of trigger 'trigger'",
        "key of step 'a'",
        "new of step 'a'",
        "key of step 'b'",
    ]
    kept = with_kept(template, stored)
    assert kept.steps["a"]["properties"] == {"key": "kept", "new": MASK, "plain": "1"}
    assert kept.steps["b"]["properties"] == {"key": MASK}
    assert kept.triggers[0]["properties"] == {"key": "of the trigger"}


@pytest.mark.parametrize("active", [False, "false"])
def test_a_trigger_that_is_paused_stays_paused(active):
    (trigger,) = normalise({"triggers": [{"type": "manual", "name": "", "active": active}]}).triggers
    assert trigger["active"] is False and trigger["name"] == "trigger"
    for running in (True, "true", None):
        assert "active" not in normalise({"triggers": [{"type": "manual", "active": running}]}).triggers[0]
