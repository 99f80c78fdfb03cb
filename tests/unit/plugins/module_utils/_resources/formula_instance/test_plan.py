# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.formula_models import (
    Formula,
    FormulaInstance,
    Variable,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.desired import (
    DesiredFormulaInstance,
    InstanceReference,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.plan import (
    Change,
    Create,
    Delete,
    Observed,
    SetActive,
    plan,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from hypothesis import given
from hypothesis import strategies as st

CRM = InstanceReference("sfdc", "crm")
FORMULA = Formula(
    9,
    "sync",
    variables=(Variable("crm", "CRM", is_instance=True), Variable("a", "A"), Variable("b", "B"), Variable("key", "K")),
)
IDS = {CRM: 5}
THERE = FormulaInstance(7, "nightly", "sync", 9, True, {"crm": "5", "a": "1", "stale": "x"}, {"api": "GET /x"})

values = st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3)
configurations = st.dictionaries(st.sampled_from(["a", "b"]), values, max_size=2) | st.just({"crm": CRM})
wishes = st.builds(
    DesiredFormulaInstance,
    st.sampled_from(["nightly", "other"]),
    formula=st.just("sync"),
    id=st.just(7),
    configuration=configurations,
    secrets=st.dictionaries(st.just("key"), st.text("xyz", min_size=1, max_size=2), max_size=1),
    settings=st.dictionaries(st.sampled_from(["api", "notification.email"]), values, max_size=2),
    active=st.none() | st.booleans(),
)
instances = st.builds(
    FormulaInstance,
    st.just(7),
    st.just("nightly"),
    st.just("sync"),
    st.just(9),
    st.booleans(),
    st.dictionaries(st.sampled_from(["a", "b", "stale", "key"]), st.text(max_size=2), max_size=3),
    st.dictionaries(st.sampled_from(["api", "more"]), st.text(max_size=2), max_size=2),
)


@given(wishes, instances)
def test_the_steps_lead_to_what_is_desired_touch_nothing_else_and_then_there_are_none(wish, there):
    observed = Observed(FORMULA, there, IDS)
    for step in plan(wish, observed):
        observed = step.predict(observed)
    assert plan(wish, observed) == ()
    after = observed.instance
    assert after.active == (there.active if wish.active is None else wish.active)
    assert (after.id, after.name) == (7, wish.name)
    for key, value in there.configuration.items():
        assert key in wish.configuration or key in wish.secrets or after.configuration[key] == value
    for key, value in there.settings.items():
        assert key in wish.settings or after.settings[key] == value


def test_everything_is_sent_and_ids_are_numbers():
    wish = DesiredFormulaInstance("nightly", "sync", configuration={"crm": CRM, "a": 2}, settings={"more": True})
    (step,) = plan(wish, Observed(FORMULA, THERE, IDS))
    assert step.body == {
        "name": "nightly",
        "active": True,
        "configuration": {"crm": 5, "a": "2", "stale": "x"},
        "settings": {"api": "GET /x", "more": "true"},
    }
    assert step.action == "change configuration a and change settings more"


def test_a_new_one_is_created_inactive_and_activated_last_unless_that_is_not_wanted():
    wish = DesiredFormulaInstance("nightly", "sync", configuration={"crm": CRM})
    create, activate = plan(wish, Observed(FORMULA, None, IDS))
    assert isinstance(create, Create) and create.body["active"] is False and activate == SetActive(True)
    paused = DesiredFormulaInstance("nightly", "sync", configuration={"crm": CRM}, active=False)
    assert len(plan(paused, Observed(FORMULA, None, IDS))) == 1


def test_masked_values_are_not_compared_and_never_sent_back():
    there = FormulaInstance(7, "nightly", "sync", 9, True, {"key": MASK, "a": "1"}, {})
    wish = DesiredFormulaInstance("nightly", "sync", secrets={"key": "new"})
    assert plan(wish, Observed(FORMULA, there)) == ()
    always = DesiredFormulaInstance("nightly", "sync", secrets={"key": "new"}, update_secrets="always")
    (step,) = plan(always, Observed(FORMULA, there))
    assert isinstance(step, Change) and step.action == "send secrets key" and step.body["configuration"]["key"] == "new"
    with pytest.raises(CloudElementsError) as caught:
        plan(DesiredFormulaInstance("nightly", "sync", configuration={"a": "2"}), Observed(FORMULA, there))
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS and "key" in caught.value.message


def test_a_removal_is_one_step():
    absent = DesiredFormulaInstance("nightly", "sync", present=False)
    assert plan(absent, Observed(FORMULA, THERE)) == (Delete("nightly", "sync"),)
    assert plan(absent, Observed(None, None)) == ()
    with pytest.raises(CloudElementsError):
        plan(DesiredFormulaInstance("x", id=7, present=False), Observed(FORMULA, THERE))
