# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.desired import DesiredFormula
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.plan import (
    Create,
    Delete,
    Observed,
    Patch,
    Replace,
    State,
    known,
    plan,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.template import normalise
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from hypothesis import given
from hypothesis import strategies as st

ONE = normalise(
    {"engine": "v3", "steps": [{"name": "a", "type": "script"}], "configuration": [{"key": "k", "type": "value"}]}
)
TWO = normalise({"description": "x", "steps": [{"name": "b", "type": "script"}]})
THERE = State(7, "sync", True, ONE)
states = st.builds(State, st.just(7), st.sampled_from(["sync", "old"]), st.booleans(), st.sampled_from([ONE, TWO]))


def desired(**more):
    return DesiredFormula(**{"name": "sync", "id": 7, **more})


@given(
    states,
    st.sampled_from([None, ONE, TWO]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "sync", "new"]),
)
def test_the_steps_lead_to_what_is_desired_and_then_there_are_none(there, template, active, name):
    wish = desired(name=name, template=template, active=active)
    observed = Observed(there)
    steps = plan(wish, observed)
    assert len([step for step in steps if isinstance(step, Replace)]) <= 1
    for step in steps:
        observed = step.predict(observed)
    assert plan(wish, observed) == ()
    assert observed.formula.active == (there.active if active is None else active)
    assert observed.formula.name == (name or there.name)
    if active is not True:
        assert not any(isinstance(step, Patch) and step.body.get("active") for step in steps)


def test_a_formula_is_paused_first_and_activated_last():
    steps = plan(desired(template=TWO, active=False), Observed(THERE))
    assert steps == (Patch({"active": False}), steps[1]) and steps[1].active is False
    paused = Observed(dataclasses.replace(THERE, active=False))
    steps = plan(desired(template=TWO, active=True), paused)
    assert steps[1:] == (Patch({"active": True}),) and steps[0].active is False


def test_what_is_sent_is_everything_and_metadata_that_is_left_out_stays():
    (step,) = plan(desired(name="new", template=TWO), Observed(THERE))
    assert step.changed == ("name to 'new'", "description", "variable 'k'", "step 'a'", "step 'b'")
    body = step.body({})
    assert (body["name"], body["active"], body["engine"], body["description"]) == ("new", True, "v3", "x")
    assert [part["name"] for part in body["steps"]] == ["b"] and body["configuration"] == []


@pytest.mark.parametrize("active", [None, True, False])
def test_a_new_formula_is_active_only_as_the_platform_or_the_user_says(active):
    (step,) = plan(DesiredFormula("sync", None, ONE, active), Observed(None))
    assert step == Create("sync", ONE, active) and step.body({}).get("active") is active
    assert step.predict(Observed(None)).formula.active is (active is not False)


USED = Observed(THERE, users=("'nightly' (id 3)",))


@pytest.mark.parametrize(
    ("wish", "observed", "kind", "message"),
    [
        (
            desired(template=ONE),
            Observed(None),
            ErrorKind.NOT_FOUND,
            "The formula 'sync' with id 7 does not exist, and the platform chooses the id of a new one. To create it, "
            "leave id out; to make sure that it is gone, use state=absent.",
        ),
        (
            DesiredFormula("sync"),
            Observed(None),
            ErrorKind.NOT_FOUND,
            "The formula 'sync' does not exist, and without definition it cannot be created.",
        ),
        (
            desired(name="other", present=False),
            Observed(THERE),
            ErrorKind.INVALID_OPTIONS,
            "The formula 'other' with id 7 is called 'sync'. To remove it, leave name out or give that one.",
        ),
        (
            desired(present=False),
            USED,
            ErrorKind.IN_USE,
            "The formula 'sync' with id 7 was not removed: it has the formula instances 'nightly' (id 3). Remove them "
            "first.",
        ),
        (
            desired(present=False),
            Observed(THERE, callers=("first", "second")),
            ErrorKind.IN_USE,
            "The formula 'sync' with id 7 was not removed: the formulas 'first', 'second' call it. Change or remove "
            "them first.",
        ),
        (
            desired(template=TWO),
            USED,
            ErrorKind.IN_USE,
            "The formula 'sync' with id 7 was not changed: the definition lacks the variables k, and the platform does "
            "not drop a variable while the formula has instances: 'nightly' (id 3). Remove them first, or keep the "
            "variables.",
        ),
    ],
)
def test_what_must_not_be_is_an_error(wish, observed, kind, message):
    with pytest.raises(CloudElementsError) as caught:
        plan(wish, observed)
    assert (caught.value.kind, caught.value.message) == (kind, message)


CALLER = normalise({"steps": [{"name": "a", "type": "formula", "properties": {"formulaName": "child"}}]})


def test_calls_are_sent_as_ids():
    create = Create("sync", CALLER, None)
    assert create.body({"child": 3}) == {"name": "sync", **CALLER.body({"child": 3})}
    assert "active" not in create.body({"child": 3})
    replace = Replace("sync", CALLER, False, ())
    assert replace.body({"child": 3}) == {"name": "sync", "active": False, **CALLER.body({"child": 3})}


def test_a_prediction_is_whole():
    assert Create("sync", ONE, None).predict(Observed(None)) == Observed(State(None, "sync", True, ONE))
    assert Replace("new", TWO, False, ()).predict(Observed(THERE)) == Observed(State(7, "new", False, TWO))
    assert Replace("new", TWO, False, ()).predict(Observed(None)) == Observed(State(None, "new", False, TWO))
    with pytest.raises(AssertionError, match=r"^Every formula is observed\.$"):
        known(None)


def test_a_change_is_done_if_all_of_it_is():
    step = Replace("new", TWO, True, ())
    assert step.is_done(State(7, "new", False, TWO))
    assert not step.is_done(State(7, "sync", True, TWO)) and not step.is_done(State(7, "new", True, ONE))
    patch = Patch({"name": "new", "active": False})
    assert patch.is_done(State(7, "new", False, ONE))
    assert not patch.is_done(State(7, "new", True, ONE)) and not patch.is_done(State(7, "sync", False, ONE))


def test_a_change_says_a_new_name_only_if_there_is_one():
    (step,) = plan(desired(template=TWO), Observed(THERE))
    assert step.action == "change description, variable 'k', step 'a', step 'b'"


def test_a_variable_that_is_added_is_in_nobodys_way():
    more = normalise(
        {**ONE.portable(), "configuration": [*ONE.portable()["configuration"], {"key": "l", "type": "value"}]}
    )
    assert plan(desired(template=more), Observed(THERE, users=("'nightly' (id 3)",)))


def test_a_removal_is_one_step_and_nothing_is_removed_twice():
    assert plan(desired(present=False), Observed(THERE)) == (Delete("sync"),)
    assert Delete("sync").predict(Observed(THERE)) == Observed(None)
    assert plan(desired(present=False), Observed(None)) == ()


def test_a_mask_is_planned_as_what_is_stored():
    def secret(value):
        return normalise({"steps": [{"name": "a", "type": "x", "properties": {"key": value, "more": "1"}}]})

    there = State(7, "sync", True, secret("stored"))
    assert plan(desired(template=secret(MASK)), Observed(there)) == ()
    other = normalise({"steps": [{"name": "a", "type": "y", "properties": {"key": MASK, "more": "1"}}]})
    (step,) = plan(desired(template=other), Observed(there))
    assert step.template.steps["a"]["properties"]["key"] == "stored"
