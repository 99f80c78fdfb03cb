# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List formulas in a form that another account takes, with their instances."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterable, Mapping

from ..._api.formula_models import Formula, FormulaInstance
from ..._api.models import Instance
from ..._api.run import Run
from ..._secrets.disclosure import names_secret
from ..._secrets.redaction import Redactor
from ..option_values import id_from
from .observation import state_of
from .result import portable
from .template import called_ids


def list_formulas(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return the formulas that the user sees, or those asked for, each with its instances.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: A listing failed.
    """
    number, name = id_from(params["id"]), params["name"]
    pages = run.client.formulas.list(abridged=False)
    asked = [row for row in pages.rows if number in (None, row.id) and name in (None, row.name)]
    used = {row.id: [] for row in asked} if not asked else _instances_of(asked, run)
    shown = [
        {
            "id": formula.id,
            "account_id": formula.account_id,
            "definition": portable(state_of(formula, pages), Redactor(run.known_secrets)),
            "instances": used.get(formula.id, []),
        }
        for formula in _called_first(asked)
    ]
    return {"changed": False, "formulas": shown}


def _called_first(formulas: Iterable[Formula]) -> list[Formula]:
    """Return formulas by name, but each after those that it calls: in this order, another account can create them."""
    by_id = {str(row.id): row for row in sorted(formulas, key=lambda row: (row.name, row.id))}
    calls = {key: [called for called in by_id if called in called_ids(row.definition)] for key, row in by_id.items()}
    found: dict[str, Formula] = {}
    for first in by_id:
        above = [first]
        while above:
            missing = [called for called in calls[above[-1]] if called not in found and called not in above]
            if missing:
                above.append(missing[0])
            else:
                found.setdefault(above[-1], by_id[above.pop()])
    return list(found.values())


def _instances_of(formulas: list[Formula], run: Run) -> dict[int, list[dict[str, t.Any]]]:
    """Return the instances of formulas as options of the module for one, by the ids of the formulas."""
    by_id = {formula.id: formula for formula in formulas}
    rows = [row for row in run.client.formula_instances.list().rows if row.formula_id in by_id]
    listed = run.client.instances.list(hydrate=False).instances if rows else ()
    instances = {str(instance.id): instance for instance in listed}
    found: dict[int, list[dict[str, t.Any]]] = {number: [] for number in by_id}
    for row in sorted(rows, key=lambda row: (row.name or "", row.id or 0)):
        if row.formula_id is not None:
            found[row.formula_id].append(portable_instance(row, by_id[row.formula_id], instances))
    return found


def portable_instance(
    row: FormulaInstance,
    formula: Formula,
    instances: Mapping[str, Instance],
    known: Iterable[str] = (),
    plain_keys: Collection[str] = (),
) -> dict[str, t.Any]:
    """Return a formula instance as options of the module for one, with masks in the place of secrets, and its id.

    Args:
        row: The formula instance.
        formula: Its formula.
        instances: The element instances by id, as texts. A reference to another one stays an id.
        known: Secrets that no value may hold.
        plain_keys: The keys that the user exempts from the rule about what may be shown.
    """
    references = {variable.key for variable in formula.variables if variable.is_instance}
    secret = {variable.key for variable in formula.variables if names_secret(variable.name)} - {
        *references,
        *plain_keys,
    }
    plain = {variable.key for variable in formula.variables} - secret
    redactor = Redactor(known, {*references, *plain_keys})
    shown = redactor.configuration(row.configuration, plain, secret)
    return {
        "id": row.id,
        "name": row.name,
        "formula": formula.name,
        "active": row.active,
        "configuration": {
            key: _reference(value, instances) if key in references else value for key, value in shown.items()
        },
        "settings": redactor.configuration(row.settings, row.settings),
    }


def _reference(value: t.Any, instances: Mapping[str, Instance]) -> t.Any:
    """Return an element instance by element key and name, or its id if it is not known."""
    instance = instances.get(str(value))
    if instance is None or instance.element_key is None:
        return value
    return {"element_key": instance.element_key, "name": instance.name}
