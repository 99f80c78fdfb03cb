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
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import AlreadySent
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
    known,
    masked_in,
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
    assert plan(always, Observed(FORMULA, there), AlreadySent.ALL) == ()
    both = DesiredFormulaInstance("nightly", "sync", secrets={"key": "new", "a": "2"}, update_secrets="always")
    assert plan(both, Observed(FORMULA, there))[0].secrets == {"key", "a"}
    with pytest.raises(CloudElementsError) as caught:
        plan(DesiredFormulaInstance("nightly", "sync", configuration={"a": "2"}), Observed(FORMULA, there))
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS and "key" in caught.value.message


def test_a_removal_is_one_step():
    absent = DesiredFormulaInstance("nightly", "sync", present=False)
    assert plan(absent, Observed(FORMULA, THERE)) == (Delete("nightly", "sync"),)
    assert plan(absent, Observed(None, None)) == ()
    with pytest.raises(CloudElementsError):
        plan(DesiredFormulaInstance("x", id=7, present=False), Observed(FORMULA, THERE))


NEEDED = Formula(9, "sync", variables=(*FORMULA.variables, Variable("must", "Must", required=True)))


@pytest.mark.parametrize(
    ("wish", "observed", "kind", "message"),
    [
        (
            DesiredFormulaInstance("nightly", "sync", configuration={"z": 1}),
            Observed(FORMULA, THERE),
            ErrorKind.INVALID_OPTIONS,
            "The formula 'sync' has no variables of these keys: z. It has a, b, crm, key.",
        ),
        (
            DesiredFormulaInstance("nightly", "sync", secrets={"y": "x"}),
            Observed(Formula(9, "sync"), THERE),
            ErrorKind.INVALID_OPTIONS,
            "The formula 'sync' has no variables of these keys: y. It has none.",
        ),
        (
            DesiredFormulaInstance("nightly", "sync", configuration={"a": CRM}),
            Observed(FORMULA, THERE, IDS),
            ErrorKind.INVALID_OPTIONS,
            "configuration, key 'a', names an element instance, but the formula 'sync' takes a plain value there.",
        ),
        *(
            (
                DesiredFormulaInstance("nightly", "sync", configuration={"crm": value}),
                Observed(FORMULA, THERE, IDS),
                ErrorKind.INVALID_OPTIONS,
                "configuration, key 'crm', is an element instance of the formula 'sync': give element_key and name of "
                "one, or its id.",
            )
            for value in ("x", "\u0664", {"odd": 1})
        ),
        (
            DesiredFormulaInstance("nightly", "sync", configuration={"a": 1}),
            Observed(NEEDED, None),
            ErrorKind.INVALID_OPTIONS,
            "The formula instance 'nightly' of formula 'sync' cannot be created: the formula 'sync' needs values for "
            "must. Nothing was written.",
        ),
        *(
            (
                wish,
                Observed(FORMULA, None),
                ErrorKind.NOT_FOUND,
                f"The {wish} does not exist, and the platform chooses the id of a new one. To create it, leave id out; "
                "to make sure that it is gone, use state=absent.",
            )
            for wish in (
                DesiredFormulaInstance("nightly", "sync", id=7),
                DesiredFormulaInstance(None, "sync"),
            )
        ),
        (
            DesiredFormulaInstance("x", id=7, present=False),
            Observed(FORMULA, THERE),
            ErrorKind.INVALID_OPTIONS,
            "The formula instance 'x' with id 7 is called 'nightly'. To remove it, leave name out or give that one.",
        ),
    ],
)
def test_what_must_not_be_is_an_error(wish, observed, kind, message):
    with pytest.raises(CloudElementsError) as caught:
        plan(wish, observed)
    assert (caught.value.kind, caught.value.message) == (kind, message)


def test_a_create_sends_everything_and_is_predicted_whole():
    wish = DesiredFormulaInstance(
        "nightly", "sync", configuration={"crm": "5", "must": "y"}, secrets={"key": "k"}, settings={"api": 1}
    )
    create, _activate = plan(wish, Observed(NEEDED, None))
    configuration = {"crm": 5, "must": "y", "key": "k"}
    assert create == Create(
        "sync", {"name": "nightly", "active": False, "configuration": configuration, "settings": {"api": "1"}}
    )
    assert create.action == "create formula instance 'nightly' of formula 'sync'"
    after = FormulaInstance(None, "nightly", "sync", 9, False, configuration, {"api": "1"})
    assert create.predict(Observed(NEEDED, None, IDS)) == Observed(NEEDED, after, IDS)
    assert create.predict(Observed(None, None)).instance.formula_id is None


def test_a_null_removes_an_element_instance():
    (step,) = plan(DesiredFormulaInstance("nightly", "sync", configuration={"crm": None}), Observed(FORMULA, THERE))
    assert step.body["configuration"] == {"a": "1", "stale": "x"}


BODY = {"name": "nightly", "active": True, "configuration": {"a": "2", "key": "k"}, "settings": {"api": "x"}}
CHANGE = Change(BODY, None, frozenset("a"), frozenset(), frozenset())


def test_a_change_keeps_what_names_the_formula_instance():
    there = FormulaInstance(7, "nightly", "sync", 9, True, {}, {}, "2020-01-01")
    after = FormulaInstance(7, "nightly", "sync", 9, True, BODY["configuration"], BODY["settings"], "2020-01-01")
    assert CHANGE.predict(Observed(FORMULA, there)) == Observed(FORMULA, after)
    assert CHANGE.predict(Observed(FORMULA, None)) == Observed(FORMULA, None)


@pytest.mark.parametrize(
    ("name", "configuration", "settings", "done"),
    [
        ("nightly", {"a": 2, "key": "k", "more": "x"}, {"api": "x"}, True),
        ("other", {"a": "2", "key": "k"}, {"api": "x"}, False),
        ("nightly", {"a": "3", "key": "k"}, {"api": "x"}, False),
        ("nightly", {"key": "k"}, {"api": "x"}, False),
        ("nightly", {"a": "2", "key": MASK}, {"api": "x"}, False),
        ("nightly", {"a": "2", "key": "k"}, {"api": "y"}, False),
        ("nightly", {"a": "2", "key": "k"}, {}, False),
    ],
)
def test_a_change_is_done_if_all_of_it_shows(name, configuration, settings, done):
    there = FormulaInstance(7, name, "sync", 9, True, configuration, settings)
    assert CHANGE.is_done(there) is done


def test_it_is_paused_first_and_a_removal_leaves_nothing():
    wish = DesiredFormulaInstance("nightly", "sync", configuration={"a": "2"}, active=False)
    pause, change = plan(wish, Observed(FORMULA, THERE))
    assert pause == SetActive(False) and change.body["active"] is False
    assert Delete("nightly", "sync").predict(Observed(FORMULA, THERE, IDS)) == Observed(FORMULA, None, IDS)
    with pytest.raises(AssertionError, match=r"^Every formula instance is observed\.$"):
        known(None)
    with pytest.raises(
        AssertionError, match=r"^Without its formula, a formula instance that is to be there is refused"
    ):
        plan(wish, Observed(None, None))


def test_a_rename_is_told_and_secrets_that_differ_are_sent_with_those_that_are_hidden():
    there = FormulaInstance(7, "old", "sync", 9, True, {"key": MASK, "a": "1"}, {})
    wish = DesiredFormulaInstance("nightly", "sync", id=7, secrets={"key": "new", "a": "2"})
    (step,) = plan(wish, Observed(FORMULA, there))
    assert (step.name, step.secrets, step.keys) == ("nightly", {"key", "a"}, frozenset())
    assert step.action == "rename to 'nightly' and send secrets a, key" and step.verb == "change"


def test_a_mask_that_would_be_written_is_named_by_its_key():
    wish = DesiredFormulaInstance("nightly", secrets={"key": "s", "b": "s"})
    steps = [Create("sync", {"configuration": {"key": MASK, "a": MASK, "b": "x"}}), Delete("nightly", "sync")]
    assert list(masked_in(wish, steps)) == ["configuration 'key'"]
