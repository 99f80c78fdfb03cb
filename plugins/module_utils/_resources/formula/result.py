# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Project formulas to what results and diffs show. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._reconcile.phases import Applied, Planned
from ..._secrets.redaction import MASK, Redactor
from ..._secrets.step_properties import is_credential
from ..shown_texts import masked_texts
from .desired import DesiredFormula
from .plan import Observed, State, known


def result_of(item: Applied[DesiredFormula, Observed], redactor: Redactor) -> dict[str, t.Any]:
    """Return the return values of a task about one formula.

    Args:
        item: The formula after the task.
        redactor: Knows the secrets of the connection.
    """
    after, before = known(item.observed).formula, known(item.planned.observed).formula
    there = after or before
    return {
        "changed": bool(item.steps),
        "actions": [step.action for step in item.steps],
        "id": there.id if there else None,
        "formula": None if after is None else portable(after, redactor),
        "diff": diff(item.planned, redactor),
    }


def diff(planned: Planned[DesiredFormula, Observed], redactor: Redactor) -> dict[str, t.Any]:
    """Return a formula before and after what is planned, as a diff shows it.

    Args:
        planned: The plan for it.
        redactor: Knows the secrets of the connection.
    """
    before, after = known(planned.observed).formula, known(planned.predicted).formula
    return {"before": _view(before, after, redactor), "after": _view(after, before, redactor)}


def portable(state: State, redactor: Redactor) -> dict[str, t.Any]:
    """Return a formula as a definition that can be given to the module, in any account, with credentials masked.

    A credential of one property is masked in all texts of the formula.

    Args:
        state: The formula.
        redactor: Knows the secrets of the connection.
    """
    credentials = [
        value
        for _part, given in state.template.parts()
        for key, value in given["properties"].items()
        if value != MASK and is_credential(key, value)
    ]
    shown = {"name": state.name, "active": state.active, **_redacted(state.template.portable())}
    return t.cast("dict[str, t.Any]", masked_texts(shown, redactor.knowing(credentials)))


def _redacted(definition: Mapping[str, t.Any]) -> dict[str, t.Any]:
    parts = {
        kind: [{**part, "properties": _shown(part["properties"])} for part in definition[kind]]
        for kind in ("triggers", "steps")
    }
    return {**definition, **parts}


def _shown(properties: Mapping[str, str]) -> dict[str, str]:
    return {key: MASK if is_credential(key, value) else value for key, value in properties.items()}


def _view(state: State | None, other: State | None, redactor: Redactor) -> dict[str, t.Any]:
    """Return what a diff shows of a formula: parts by name, and texts of several lines line by line.

    Args:
        state: The formula. None if there is none.
        other: The other side of the diff. What is the same there is not taken apart, as no diff shows it.
        redactor: Knows the secrets of the connection.
    """
    if state is None:
        return {}
    shown = portable(state, redactor)
    triggers = other.template.triggers if other else ()
    steps = other.template.steps if other else {}
    return {
        **{key: value for key, value in shown.items() if key not in ("configuration", "triggers", "steps")},
        "configuration": {variable["key"]: variable for variable in shown["configuration"]},
        "triggers": [each if state.template.triggers == triggers else _by_lines(each) for each in shown["triggers"]],
        "steps": {
            step["name"]: step if state.template.steps[step["name"]] == steps.get(step["name"]) else _by_lines(step)
            for step in shown["steps"]
        },
    }


def _by_lines(part: Mapping[str, t.Any]) -> dict[str, t.Any]:
    properties = {key: value.split("\n") if "\n" in value else value for key, value in part["properties"].items()}
    return {**part, "properties": properties}
