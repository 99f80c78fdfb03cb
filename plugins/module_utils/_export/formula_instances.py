# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From formula instances as observed to the options that make the same elsewhere, without a secret in them. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterable, Mapping

from .._api.formula_models import Formula, FormulaInstance
from .._api.models import Instance
from .._core.text import quote
from .._resources.formula.info import portable_instance
from .._resources.formula_instance.argument_spec import FORMULA_INSTANCE
from .._resources.formula_instance.options import parse
from .._resources.kinds import FORMULA_INSTANCES
from .._secrets.disclosure import may_be_shown, names_secret
from .._secrets.redaction import MASK
from .described import Described, Part, ResourceIdentity, hide, in_order, refusal, sort_twins

_NOT_GIVEN = {option: entry.get("default") for option, entry in FORMULA_INSTANCE.spec.items()}


def describe_formula_instances(
    rows: Iterable[FormulaInstance],
    formulas: Mapping[int, Formula],
    instances: Mapping[str, Instance],
    known: Iterable[str] = (),
    plain_keys: Collection[str] = (),
) -> Part:
    """Return the formula instances of some formulas, in the order of the names of the formulas and their own.

    Args:
        rows: All formula instances.
        formulas: The formulas by id.
        instances: The element instances by id, as texts.
        known: Secrets that no value may hold.
        plain_keys: The keys that the user exempts from the rule about what may be shown.
    """
    found = ((row, formulas.get(row.formula_id or 0)) for row in rows)
    pairs = [(row, formula) for row, formula in found if formula is not None]
    pairs.sort(key=lambda pair: (pair[1].name, pair[0].name or "", pair[0].id or 0))
    twins = sort_twins((_identity(row, formula), row.id or 0) for row, formula in pairs)
    same = {each.identity: each.ids for each in twins}
    known = tuple(known)
    items = (
        _item(
            row,
            formula,
            portable_instance(row, formula, instances, known, plain_keys),
            same.get(_identity(row, formula), ()),
        )
        for row, formula in pairs
    )
    return Part(tuple(items), twins=twins)


def _identity(row: FormulaInstance, formula: Formula) -> ResourceIdentity:
    return ResourceIdentity(FORMULA_INSTANCES, row.name or "", formula=formula.name)


def _item(row: FormulaInstance, formula: Formula, shown: Mapping[str, t.Any], twins: tuple[int, ...]) -> Described:
    name = row.name or ""
    own = (f"id {row.id}",) if twins else ()
    notes = [_decide(row, twins)] if twins else []
    configuration, hidden = {}, []
    names = {key: key for key in shown["configuration"]} | {each.key: each.name for each in formula.variables}
    references = {each.key for each in formula.variables if each.is_instance}
    for key, value in sorted(shown["configuration"].items()):
        if value == MASK:
            called = key if names[key] == key else f"{names[key]} ({key})"
            of = f"{name}{''.join(f' with the former {each}' for each in own)}, formula {formula.name}"
            path, identity = ("secret_configuration", key), ("formula instance", formula.name, name, *own, key)
            hidden.append(hide(path, identity, key, f"{called} of {of}"))
        elif key in references and value and not isinstance(value, Mapping):
            notes.append(
                f"TO CHANGE: the value of {quote(key)} is left out. It is the element instance with the id {value}, "
                "which this account does not show. Give that as element_key and name."
            )
        elif value is not None and not (value == "" and names_secret(key)):  # A task refuses an empty secret.
            configuration[key] = in_order(value)
    settings = {key: in_order(value) for key, value in sorted(shown["settings"].items()) if value not in (None, MASK)}
    masked = sorted(key for key, value in shown["settings"].items() if value == MASK)
    if masked:
        notes.append(
            f"TO CHANGE: these settings are left out, as they may hold secrets: {', '.join(map(quote, masked))}. "
            "Where they exist, they are left alone."
        )
    options = {
        "formula": formula.name,
        "name": name,
        "active": row.active,
        **_given("configuration", configuration),
        **_given("plain_keys", [key for key in configuration if _needs_exemption(key, configuration[key], names[key])]),
        **_given("secret_configuration", {each.key: each.variable for each in hidden}),
        **_given("settings", settings),
    }
    notes += refusal(parse, {**_NOT_GIVEN, **options})
    return Described(_identity(row, formula), options, tuple(hidden), tuple(notes))


def _given(option: str, value: t.Any) -> dict[str, t.Any]:
    return {option: value} if value else {}


def _needs_exemption(key: str, value: t.Any, name: str) -> bool:
    """Tell whether a task would take the value of a variable for a secret, or mask it."""
    return not isinstance(value, Mapping) and (names_secret(name) or not may_be_shown(key, value, (), given=True))


def _decide(row: FormulaInstance, twins: tuple[int, ...]) -> str:
    others = ", ".join(str(number) for number in twins if number != row.id)
    return (
        f"TO DECIDE: more than one instance of the formula has this name. This one has the id {row.id}, the others "
        f"have {others}. Remove or rename all but one: until then the account is refused."
    )
