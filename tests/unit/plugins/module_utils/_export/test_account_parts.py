# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formulas and formula instances as they are exported: each secret gets a variable of its own, and the rest is data."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.formula_models import (
    Formula,
    FormulaInstance,
    Variable,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.formula_instances import (
    describe_formula_instances,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.formulas import describe_formulas
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.instances import export_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.plan import State
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.template import normalise
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import Redactor
from hypothesis import given
from hypothesis import strategies as st

REDACTOR = Redactor(["known-user-secret"])
FORMULA = Formula(
    5,
    "sync",
    variables=(
        Variable("shop", "Shop", is_instance=True),
        Variable("cron", "Schedule"),
        Variable("hook", "Webhook password"),
        Variable("api.key", "Key"),
    ),
)


def state(number=5, name="sync", **definition):
    return State(number, name, True, normalise({"triggers": [{"type": "manual"}], "steps": [], **definition}))


def formulas(*states):
    return describe_formulas(states, REDACTOR)


def value_at(item, path):
    value = item.options
    for step in path:
        value = value[step]
    return value


def test_credentials_become_variables_wherever_they_stand():
    triggers = [{"type": "event", "name": "t", "properties": {"token": f"secret-{number}"}} for number in range(2)]
    properties = {
        "password": "hunter2",
        "url": "https://a:hunter2@example.com",
        "x": "is known-user-secret",
        "cron": "*",
    }
    steps = [
        {"name": "b", "type": "x", "properties": {**properties, "token": "${config.token}"}},
        {"name": "a", "type": "x", "properties": {"body": "const password = 'x'; done();", "password": "hunter3"}},
    ]
    (item,) = formulas(state(triggers=triggers, steps=steps)).items
    assert len({hidden.variable for hidden in item.hidden}) == len(item.hidden) == 6
    assert all(value_at(item, hidden.path) == hidden.variable for hidden in item.hidden)
    assert not any(secret in str(item) for secret in ("hunter", "secret-0", "secret-1", "known-user-secret"))
    kept = {step["name"]: step["properties"] for step in item.options["definition"]["steps"]}
    assert kept["b"]["token"] == "${config.token}" and kept["b"]["cron"] == "*"
    assert kept["a"]["body"] == "const password = 'x'; done();" and item.notes == ()


def test_formulas_of_one_name_are_told_apart_until_somebody_decides():
    steps = [{"name": "a", "type": "x", "properties": {"password": "hunter2"}}]
    part = formulas(state(8, steps=steps), state(7, steps=steps), state(9, "other", steps=steps))
    assert [item.identity.name for item in part.items] == ["other", "sync", "sync"]
    assert [(same.identity.name, same.ids) for same in part.twins] == [("sync", (7, 8))]
    assert len({hidden.variable for item in part.items for hidden in item.hidden}) == 3
    assert "This one has the id 7, the others have 8." in part.items[1].notes[0]


def test_variables_do_not_depend_on_what_else_there_is():
    steps = [{"name": "a", "type": "x", "properties": {"password": "hunter2"}}]
    alone = formulas(state(steps=steps)).items[0].hidden
    assert formulas(state(6, "another", steps=steps), state(steps=steps)).items[1].hidden == alone


NAMES = st.text(st.sampled_from("a_ 5"), max_size=4) | st.sampled_from(
    ["formula", "instance", "id 5", "step", "password"]
)


@given(NAMES, NAMES, NAMES)
def test_no_two_kinds_share_a_variable(first, second, third):
    steps = [{"name": second or "x", "type": "x", "properties": {"password": "hunter2"}}]
    formula = formulas(state(5, first, steps=steps)).items[0].hidden
    row = FormulaInstance(7, second, formula_id=5, configuration={"password": "hunter2"})
    nested = describe_formula_instances([row], {5: Formula(5, first, variables=())}, {}).items[0].hidden
    instance = export_from([Instance(3, second, third or "x", "t", configuration={"password": "hunter2"})], {}).secrets
    variables = [*(each.variable for each in (*formula, *nested)), *(secret.variable for secret in instance)]
    assert len(set(variables)) == len(variables) == 3


def instances(configuration, plain_keys=(), **more):
    row = FormulaInstance(7, "nightly", formula_id=5, configuration=configuration, **more)
    shop = Instance(3, "payments", "stripe", "token")
    part = describe_formula_instances([row], {5: FORMULA}, {"3": shop}, ["known-user-secret"], plain_keys)
    return part.items[0]


def test_a_formula_instance_becomes_what_a_task_gives():
    item = instances({"shop": "3", "cron": "0 * * * *", "hook": "hunter2", "api.key": "hunter3", "gone": None})
    assert item.options == {
        "formula": "sync",
        "name": "nightly",
        "active": True,
        "configuration": {"shop": {"element_key": "stripe", "name": "payments"}, "cron": "0 * * * *"},
        "secret_configuration": {hidden.key: hidden.variable for hidden in item.hidden},
    }
    assert [hidden.key for hidden in item.hidden] == ["api.key", "hook"] and item.notes == ()
    assert item.hidden[1].purpose == "Webhook password (hook) of nightly, formula sync"


@pytest.mark.parametrize(
    ("configuration", "plain_keys", "shown", "exempt"),
    [
        ({"hook": "readable"}, ["hook"], {"hook": "readable"}, ["hook"]),
        ({"api.key": "readable"}, ["api.key"], {"api.key": "readable"}, ["api.key"]),
        ({"cron": "readable"}, ["cron"], {"cron": "readable"}, None),
        ({"cron": "********"}, ["cron"], None, None),
        ({"api.key": "", "cron": ""}, [], {"cron": ""}, None),
        ({"cron": "has known-user-secret"}, [], None, None),
    ],
)
def test_what_is_readable_and_how_a_task_is_told(configuration, plain_keys, shown, exempt):
    item = instances(configuration, plain_keys)
    assert item.options.get("configuration") == shown and item.options.get("plain_keys") == exempt
    assert "known-user-secret" not in str(item)


def test_an_instance_without_its_formula_is_left_out():
    assert describe_formula_instances([FormulaInstance(7, "a", formula_id=6)], {5: FORMULA}, {}).items == ()
