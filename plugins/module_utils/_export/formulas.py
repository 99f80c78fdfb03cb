# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From formulas as observed to definitions that make the same elsewhere, without a credential in them. Pure.

A property of a step that is left out is removed, unlike most options. So each credential becomes a variable.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .._resources.formula.argument_spec import FORMULA
from .._resources.formula.options import parse
from .._resources.formula.plan import State
from .._resources.kinds import FORMULAS
from .._secrets.redaction import Redactor
from .._secrets.step_properties import is_credential
from .described import Described, Hidden, Part, ResourceIdentity, hide, in_order, refusal, sort_twins

_NOT_GIVEN = {option: entry.get("default") for option, entry in FORMULA.spec.items()}


def describe_formulas(states: Iterable[State], redactor: Redactor) -> Part:
    """Return formulas in the order of their names.

    Args:
        states: The formulas.
        redactor: Knows the secrets of the connection.
    """
    ordered = sorted(states, key=lambda state: (state.name, state.id or 0))
    twins = sort_twins((_identity(state), state.id or 0) for state in ordered)
    same = {each.identity: each.ids for each in twins}
    return Part(tuple(_formula(state, same.get(_identity(state), ()), redactor) for state in ordered), twins=twins)


def _identity(state: State) -> ResourceIdentity:
    return ResourceIdentity(FORMULAS, state.name)


def _formula(state: State, twins: tuple[int, ...], redactor: Redactor) -> Described:
    template = state.template.portable()
    own = (f"id {state.id}",) if twins else ()
    hidden: list[Hidden] = []
    parts = {kind: list(_parts(kind, template[kind], (state.name, *own), redactor, hidden)) for kind in _KINDS}
    metadata = {key: in_order(value) for key, value in template.items() if key not in (*_KINDS, "configuration")}
    definition = {
        "name": state.name,
        "active": state.active,
        **metadata,
        "configuration": template["configuration"],
        **parts,
    }
    options = {"definition": definition}
    notes = [_decide(state, twins)] if twins else []
    notes += refusal(parse, {**_NOT_GIVEN, **options})
    return Described(_identity(state), options, tuple(hidden), tuple(notes))


_KINDS = {"triggers": "trigger", "steps": "step"}


def _parts(
    kind: str, parts: list[Mapping[str, t.Any]], owner: tuple[str, ...], redactor: Redactor, hidden: list[Hidden]
) -> Iterator[dict[str, t.Any]]:
    """Yield triggers or steps with the names of variables in the place of credentials, and note these in `hidden`."""
    names = Counter(part["name"] for part in parts)
    for position, part in enumerate(parts):
        name = part["name"]
        which = (_KINDS[kind], name, *([str(position)] if names[name] > 1 else []))
        properties = dict(part["properties"])
        for key, value in properties.items():
            if is_credential(key, value) or redactor.holding([value]):
                secret = hide(
                    ("definition", kind, position, "properties", key),
                    ("formula", *owner, *which, key),
                    key,
                    f"{key} of {_KINDS[kind]} {name}, formula {' with the former '.join(owner)}",
                )
                properties[key] = secret.variable
                hidden.append(secret)
        yield {**part, "properties": properties}


def _decide(state: State, twins: tuple[int, ...]) -> str:
    others = ", ".join(str(number) for number in twins if number != state.id)
    return (
        f"TO DECIDE: more than one formula has this name. This one has the id {state.id}, the others have {others}. "
        "Remove or rename all but one: until then the account is refused."
    )
