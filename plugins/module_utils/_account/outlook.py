# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what will be there once items are applied, and give items the ids that others got in the meantime. Pure."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping

from .._api.common_resource_models import INSTANCE, Place
from .._api.formula_models import Formula
from .._core.errors import CloudElementsError
from .._reconcile.engine import Resource, plan_one
from .._reconcile.phases import Applied, Failed, Item, Parsed, Planned, failed
from .._resources.common_resource.plan import Observed as ObservedCommonResource
from .._resources.formula.observation import as_formula
from .._resources.formula.plan import Observed as ObservedFormula
from .._resources.formula_instance.desired import InstanceReference
from .._resources.formula_instance.plan import Observed as ObservedFormulaInstance
from .._resources.kinds import FORMULA_INSTANCES, FORMULAS, INSTANCES
from .._resources.pending import NOT_YET
from .identity import Items, Slot, of_kind


def _after(item: Item) -> t.Any:
    """Return what is there after an item, as it is planned or was applied. None if that is nothing, or not known."""
    if isinstance(item, Planned):
        return item.predicted
    return item.observed if isinstance(item, (Applied, Failed)) else None


def instance_ids(items: Items) -> dict[InstanceReference, int]:
    """Return the ids of the element instances that the items make sure of. `NOT_YET` stands for one to be created."""
    found = {}
    for slot in of_kind(items, INSTANCES):
        after = _after(items[slot])
        if after is not None and after.element_key is not None:
            found[InstanceReference(after.element_key, after.name)] = after.id or NOT_YET
    return found


def formulas(items: Items) -> dict[str, Formula]:
    """Return the formulas that the items make sure of, by name, as their instances see them."""
    found = {}
    for slot in of_kind(items, FORMULAS):
        after = _after(items[slot])
        if after is not None and after.formula is not None:
            found[after.formula.name] = as_formula(after.formula)
    return found


def names(items: Items, slots: Iterable[Slot]) -> frozenset[str]:
    """Return the names of the resources that items want to be there, as far as their options could be used."""
    wanted = (items[slot] for slot in slots)
    return frozenset(item.desired.name for item in wanted if isinstance(item, (Parsed, Planned)) and item.desired.name)


def removed(items: Items, kind: str) -> frozenset[t.Any]:
    """Return what identifies the resources of a kind that are planned to be removed.

    Formula instances are known by their ids, and formulas by their names, as those who use them are told.
    """
    found = set()
    for slot in of_kind(items, kind, present=False):
        item = items[slot]
        if isinstance(item, Planned) and item.steps and item.observed is not None:
            found.add(item.observed.instance.id if kind == FORMULA_INSTANCES else item.observed.formula.name)
    return frozenset(found)


def with_ids(resource: Resource[t.Any, t.Any], planned: Planned[t.Any, t.Any], items: Items) -> Item:
    """Return a planned item with the ids that the platform gave in the meantime, planned again with them.

    Args:
        resource: The kind of resource.
        planned: The item.
        items: All items, those that it refers to applied.
    """
    observed = _refreshed(planned.observed, planned.desired, items)
    if observed == planned.observed:
        return planned
    try:
        return plan_one(resource, Parsed(planned.entry, planned.desired, planned.warnings), observed)
    except CloudElementsError as error:
        return failed(planned, error)


def _refreshed(observed: t.Any, desired: t.Any, items: Items) -> t.Any:
    if isinstance(observed, ObservedFormula):
        known = {name: formula.id for name, formula in formulas(items).items() if formula.id != NOT_YET}
        called = desired.template.called.values() if desired.template else ()
        return dataclasses.replace(observed, ids={**observed.ids, **_chosen(known, called)})
    if isinstance(observed, ObservedFormulaInstance):
        ids = instance_ids(items)
        formula = observed.formula
        if formula is not None and formula.id == NOT_YET:
            formula = formulas(items).get(formula.name, formula)
        pending = {each: ids.get(each, number) for each, number in observed.ids.items() if number == NOT_YET}
        return dataclasses.replace(observed, formula=formula, ids={**observed.ids, **pending})
    if isinstance(observed, ObservedCommonResource) and observed.place is not None and observed.place.id == NOT_YET:
        owner = InstanceReference(observed.element_key or "", observed.instance or "")
        return dataclasses.replace(observed, place=Place(INSTANCE, instance_ids(items).get(owner, NOT_YET)))
    return observed


def _chosen(known: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return {name: known[name] for name in names if name in known}
