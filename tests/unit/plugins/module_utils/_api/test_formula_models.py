# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.formula_models import (
    Formula,
    FormulaInstance,
    Variable,
    formula_from,
    formula_instance_from,
    formula_instances_from,
    formulas_from,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import OddRow, ShapeError
from hypothesis import given
from hypothesis import strategies as st

CANARY = "canary-of-the-content"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)
INSTANCE = {
    "id": "7",
    "name": "nightly",
    "active": False,
    "configuration": {"crm": 5},
    "settings": {"api": "GET /x"},
    "createdDate": "2026-01-01T00:00:00Z",
    "formula": {"id": 9, "name": "sync"},
}
FORMULA = {
    "id": 9,
    "name": "sync",
    "accountId": "3",
    "active": False,
    "createdDate": "2026-01-01T00:00:00Z",
    "configuration": [
        {"key": "crm", "name": "CRM", "type": "elementInstance", "required": True},
        {"key": "cron", "type": "value"},
    ],
}


def test_a_formula_instance_is_read_with_its_formula():
    found = formula_instance_from(INSTANCE)
    assert found == FormulaInstance(
        7, "nightly", "sync", 9, False, {"crm": 5}, {"api": "GET /x"}, "2026-01-01T00:00:00Z"
    )
    assert found.label == "'nightly' (id 7) of formula 'sync'"
    assert formula_instance_from({"id": 7}) == FormulaInstance(7, None)
    assert FormulaInstance(7, None).label == "id 7"


def test_a_formula_is_read_with_its_variables():
    variables = (Variable("crm", "CRM", is_instance=True, required=True), Variable("cron", "cron"))
    assert formula_from(FORMULA) == Formula(9, "sync", 3, False, variables, "2026-01-01T00:00:00Z", FORMULA)
    assert formula_from({"id": 9, "name": "sync"}).active


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (CANARY, "the formula is not an object"),
        ({"id": 9, "name": [CANARY]}, "the formula's name is not a text"),
        ({**FORMULA, "accountId": CANARY}, "the formula's account is not a positive number"),
        ({**FORMULA, "configuration": {CANARY: 1}}, "the answer is not a list"),
        ({**FORMULA, "configuration": [CANARY]}, "a variable of the formula is not an object"),
        ({**FORMULA, "configuration": [{"key": 5}]}, "the key of a variable of the formula is not a text"),
    ],
)
def test_a_formula_of_another_shape_is_an_error_that_tells_the_place(body, place):
    with pytest.raises(ShapeError) as caught:
        formula_from(body)
    assert str(caught.value) == place


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "the answer is not a list"),
        ([CANARY], "the formula instance is not an object"),
        ([{"id": CANARY, "name": "a"}], "the formula instance's id is not a positive number"),
    ],
)
def test_a_listing_of_formula_instances_of_another_shape_is_an_error_that_tells_the_place(body, place):
    with pytest.raises(ShapeError) as caught:
        formula_instances_from(body)
    assert str(caught.value) == place


def test_rows_that_cannot_be_read_keep_their_ids():
    assert formula_instances_from([{**INSTANCE, "configuration": []}]) == (
        OddRow(7, "the formula instance's configuration is not an object", "nightly"),
    )
    assert formulas_from([{"id": 9}]) == (OddRow(9, "the formula's name is not a text"),)


@given(st.dictionaries(st.sampled_from(sorted({*FORMULA, *INSTANCE})), json_values) | json_values)
def test_no_json_at_all_breaks_the_reading(body):
    for parse in (formula_from, formula_instance_from):
        try:
            found = parse(body)
        except ShapeError:
            continue
        assert found.id > 0
