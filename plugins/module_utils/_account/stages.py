# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put the items of an account in the order in which they are applied. Pure.

What is to be there comes first, each kind after those that it refers to. Removals come after it, in reverse.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator

from .._api.common_resource_models import ACCOUNT, INSTANCE, ORGANIZATION
from .._core.errors import invalid
from .._core.text import enumerated, quote
from .._reconcile.phases import Item, Planned, failed
from .._resources.formula.desired import DesiredFormula
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES
from .identity import Items, Slot, desired_of, of_kind
from .references import removed_callers

Stage = tuple[Slot, ...]
"""The places of items of one kind that are applied at the same time."""


def stages_of(items: Items) -> list[Stage]:
    """Return the stages of a planned account, in order. Formulas come in as many as their calls need."""
    forward: list[Stage] = [
        tuple(of_kind(items, COMMON_RESOURCES, present=True, levels=(ORGANIZATION,))),
        tuple(of_kind(items, COMMON_RESOURCES, present=True, levels=(ACCOUNT,))),
        tuple(of_kind(items, INSTANCES, present=True)),
        tuple(of_kind(items, COMMON_RESOURCES, present=True, levels=(INSTANCE,))),
        *_formulas(items),
        tuple(of_kind(items, FORMULA_INSTANCES, present=True)),
    ]
    backward: list[Stage] = [
        tuple(of_kind(items, FORMULA_INSTANCES, present=False)),
        *_removed_formulas(items),
        tuple(of_kind(items, COMMON_RESOURCES, present=False, levels=(INSTANCE,))),
        tuple(of_kind(items, INSTANCES, present=False)),
        tuple(of_kind(items, COMMON_RESOURCES, present=False, levels=(ACCOUNT,))),
        tuple(of_kind(items, COMMON_RESOURCES, present=False, levels=(ORGANIZATION,))),
    ]
    return [stage for stage in (*forward, *backward) if stage]


def _formulas(items: Items) -> Iterator[Stage]:
    """Yield the formulas that are to be there, each after those that it calls and that are still to be created."""
    slots = list(of_kind(items, FORMULAS, present=True))
    order = graphlib.TopologicalSorter(_calls(items))
    order.prepare()
    seen: set[Slot] = set()
    while order.is_active():
        ready = order.get_ready()
        order.done(*ready)
        wave = [slot for slot in slots if slot in ready]
        seen.update(wave)
        yield tuple(wave)
    yield tuple(slot for slot in slots if slot not in seen)


def _removed_formulas(items: Items) -> Iterator[Stage]:
    """Yield the formulas that are to go, each after those that call it. Those that call each other go together."""
    slots = list(of_kind(items, FORMULAS, present=False))
    order = graphlib.TopologicalSorter(removed_callers(items))
    try:
        order.prepare()
    except graphlib.CycleError:
        yield tuple(slots)
        return
    while order.is_active():
        ready = order.get_ready()
        order.done(*ready)
        yield tuple(slot for slot in slots if slot in ready)


def _calls(items: Items) -> dict[Slot, set[Slot]]:
    """Return for each formula that is to be there the ones to be created that it calls."""
    slots = list(of_kind(items, FORMULAS, present=True))
    new = {
        desired_of(items[slot]).name: slot
        for slot in slots
        if isinstance(item := items[slot], Planned) and item.observed is not None and item.observed.formula is None
    }
    return {slot: {new[name] for name in _called(desired_of(items[slot])) if name in new} for slot in slots}


def _called(desired: DesiredFormula | None) -> tuple[str, ...]:
    return () if desired is None or desired.template is None else tuple(desired.template.called.values())


def refuse_cycles(items: Items) -> dict[Slot, Item]:
    """Return the items, those as failed that are formulas to be created and call each other in a circle.

    The platform needs the id of a formula before another can call it.
    """
    result = dict(items)
    while True:
        try:
            graphlib.TopologicalSorter(_calls(result)).prepare()
        except graphlib.CycleError as error:
            circle = error.args[1]
            called = enumerated(quote(desired_of(result[slot]).name) for slot in circle)
            message = (
                f"These formulas call each other in a circle, so none of them can be created first: {called}. Create "
                "one of them without the call, and add that in another run."
            )
            for slot in circle:
                if isinstance(result[slot], Planned):
                    result[slot] = failed(result[slot], invalid(message))
        else:
            return result
