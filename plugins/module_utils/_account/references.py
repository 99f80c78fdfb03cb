# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say which items refer to which, and skip those whose references failed. Pure.

An item refers to the element instances, formulas and common resources that its options name. What the options name and
the run does not have as an item has to be on the platform.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping

from .._api.common_resource_models import ACCOUNT, INSTANCE, ORGANIZATION
from .._core.errors import CloudElementsError, ErrorKind, invalid
from .._core.text import enumerated, quote
from .._reconcile.phases import Failed, Item, Parsed, Planned, failed
from .._resources.common_resource.desired import DesiredCommonResource
from .._resources.formula.desired import DesiredFormula
from .._resources.formula_instance.desired import DesiredFormulaInstance
from .._resources.kinds import CALLED, FORMULA_INSTANCES, FORMULAS, Names
from .identity import (
    Items,
    Key,
    Slot,
    common_resource_key,
    desired_of,
    formula_key,
    inherits,
    instance_key,
    is_present,
    key_of,
    names_of,
    of_kind,
)

_ABOVE = {ORGANIZATION: (), ACCOUNT: (ORGANIZATION,), INSTANCE: (ACCOUNT, ORGANIZATION)}


def references_of(items: Items) -> dict[Slot, frozenset[Slot]]:
    """Return the items that each item refers to."""
    slots = {key: slot for slot, item in items.items() if (key := key_of(slot, item)) is not None}
    return {
        slot: frozenset(slots[key] for key in _named_by(desired_of(item)) if key in slots and slots[key] != slot)
        for slot, item in items.items()
        if is_present(item)
    }


def _named_by(desired: object) -> Iterator[Key]:
    """Yield what a desired resource refers to."""
    if isinstance(desired, DesiredFormula) and desired.template is not None:
        yield from map(formula_key, desired.template.called.values())
    elif isinstance(desired, DesiredFormulaInstance):
        yield formula_key(desired.formula)
        yield from (instance_key(each.element_key, each.name) for each in desired.references)
    elif isinstance(desired, DesiredCommonResource):
        owner = desired.level.instance
        if owner is not None:
            yield instance_key(owner.element_key, owner.name)
        if inherits(desired):
            yield from (common_resource_key(desired.name, level) for level in _ABOVE[desired.level.name])


def removal_references(items: Items) -> dict[Slot, frozenset[Slot]]:
    """Return for each formula that is removed what goes before it: its instances, and the formulas that call it."""
    users: dict[int | None, set[Slot]] = {}
    for slot in of_kind(items, FORMULA_INSTANCES, present=False):
        observed = _observed(items[slot])
        if observed is not None and observed.formula is not None:
            users.setdefault(observed.formula.id, set()).add(slot)
    callers = removed_callers(items)
    return {
        slot: callers[slot] | users.get(_observed(items[slot]).formula.id, set())
        for slot in of_kind(items, FORMULAS, present=False)
        if _observed(items[slot]) is not None and _observed(items[slot]).formula is not None
    }


def removed_callers(items: Items) -> dict[Slot, frozenset[Slot]]:
    """Return for each formula that is removed the ones that call it and are removed too."""
    slots = {names_of(slot, items[slot]).name: slot for slot in of_kind(items, FORMULAS, present=False)}
    return {
        slot: frozenset(slots[name] for name in observed.leaving_callers if name in slots)
        if (observed := _observed(items[slot])) is not None
        else frozenset()
        for slot in slots.values()
    }


def _observed(item: Item) -> t.Any:
    return item.observed if isinstance(item, Planned) else None


def refuse_removed(items: Items) -> dict[Slot, Item]:
    """Return the items, those as failed that refer to what the same run removes."""
    references = references_of(items)

    def checked(slot: Slot, item: Item) -> Item:
        gone = sorted(other for other in references.get(slot, ()) if not is_present(items[other]))
        if not gone or not isinstance(item, Parsed):
            return item
        return failed(item, invalid(f"It refers to {_named(items, gone)}, which the same run is to remove."))

    return {slot: checked(slot, item) for slot, item in items.items()}


def skip_unresolved(
    items: Items, slots: Iterable[Slot], references: Mapping[Slot, frozenset[Slot]]
) -> dict[Slot, Item]:
    """Return the items, those of some places as skipped that refer to what failed or was skipped.

    What stays as it is, is not skipped.

    Args:
        items: All items.
        slots: The places to look at.
        references: What each item refers to.
    """
    result, before = dict(items), -1
    order = list(slots)
    skipped: set[Slot] = set()
    while len(skipped) > before:  # What was skipped last may be needed by what was looked at before it.
        before = len(skipped)
        for slot in order:
            item = result[slot]
            causes = sorted(other for other in references.get(slot, ()) if isinstance(result[other], Failed))
            has_work = isinstance(item, Parsed) or (isinstance(item, Planned) and bool(item.steps))
            if causes and has_work:
                message = f"It was left alone, as it needs {_named(items, causes)}, which failed or was skipped."
                result[slot] = failed(item, CloudElementsError(ErrorKind.SKIPPED, message))
                skipped.add(slot)
    return result


def _named(items: Items, slots: Iterable[Slot]) -> str:
    return enumerated(in_words(names_of(slot, items[slot])) for slot in slots)


def in_words(names: Names) -> str:
    """Return a resource in words, by its names."""
    of = f" of element {quote(names.element_key)}" if names.element_key and not names.level else ""
    called = "" if names.name is None else f" {quote(names.name)}"
    formula = f" of formula {quote(names.formula)}" if names.formula else ""
    return f"the {CALLED[names.kind]}{called}{of}{formula}"
