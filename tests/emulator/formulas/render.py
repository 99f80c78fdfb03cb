# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates and formula instances as JSON."""

from __future__ import annotations

from typing import Any

from ..switches import Switches
from ..values import MASK
from .state import FormulaInstance, Formulas, Template


def metadata(kept: Template, switches: Switches) -> dict[str, Any]:
    """Return a template without its parts, as PATCH answers it (SWG GetFormulaSlim)."""
    answer = {
        "id": kept.id,
        "debugLoggingEnabled": True,
        **{key: value for key, value in kept.fields.items() if value is not None},
        "userId": kept.user_id,
        "accountId": kept.account_id,
        "createdDate": kept.created_date,
        "updatedDate": kept.updated_date,
    }
    if "engine" not in answer and switches.formula_engine != "absent":
        answer["engine"] = switches.formula_engine
    if kept.fields.get("uri"):
        answer["api"] = f"{kept.fields.get('method', 'POST')} {kept.fields['uri']}"
    return answer


def template(
    kept: Template, formulas: Formulas, switches: Switches, *, abridged: bool = False, above: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Return a template with copies of the formulas that it calls (DATA); abridged, it has no steps (TEST).

    `above` are the ids of the callers that are being rendered: a circle ends where it closes.
    """
    answer = metadata(kept, switches)
    if abridged:
        return {**answer, "triggers": kept.triggers, "configuration": kept.configuration}
    answer.update(steps=kept.steps, triggers=kept.triggers, configuration=kept.configuration)
    called = [number for number in dict.fromkeys(kept.called) if number in formulas.templates]
    path = (*above, kept.id)
    if called:
        answer["subFormulas"] = [
            template(formulas.templates[number], formulas, switches, above=path)
            for number in called
            if number not in path
        ]
    return answer


def instance(kept: FormulaInstance, switches: Switches) -> dict[str, Any]:
    """Return a formula instance (TEST formula.instance.schema; absent settings come back undefined)."""
    formula = kept.template
    answer: dict[str, Any] = {
        "id": kept.id,
        "name": kept.name,
        "active": kept.active,
        "configuration": _configuration(kept, switches),
        "createdDate": kept.created_date,
        "updatedDate": kept.updated_date,
        "formula": {
            "id": formula.id,
            "name": formula.name,
            "active": formula.fields["active"],
            "configuration": formula.configuration,
        },
    }
    if kept.settings is not None:
        answer["settings"] = kept.settings
    return answer


def _configuration(kept: FormulaInstance, switches: Switches) -> dict[str, Any]:
    if switches.formula_mask == "none":
        return kept.configuration
    variables = kept.template.variables
    return {
        key: MASK if value and variables.get(key, {}).get("type") == "value" else value
        for key, value in kept.configuration.items()
    }
