# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own what tells the resources of an account apart: their places in the options, and their names. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from .._reconcile.phases import Item, Parsed, Planned
from .._resources.common_resource.desired import DesiredCommonResource
from .._resources.kinds import COMMON_RESOURCES, FORMULAS, INSTANCES, Names

Slot: t.TypeAlias = "tuple[str, int]"
"""Where an item stands in the options: its kind, and its position in the list."""

Items: t.TypeAlias = Mapping[Slot, Item]
"""All items of a run, in the order of the options. Phases return new ones."""

Key: t.TypeAlias = "tuple[str | None, ...]"
"""What other items refer to an item by: its kind and its names."""


def names_of(slot: Slot, item: Item) -> Names:
    """Return the names of an item, as its options have them, or its definition."""
    kind, options = slot[0], item.entry.options
    owner = options.get("instance") or {}
    level = (options.get("level") or "account") if kind == COMMON_RESOURCES else None
    element_key = options.get("element_key") or owner.get("element_key")
    return Names(kind, _name(options), element_key, level, owner.get("name"), options.get("formula"))


def _name(options: Mapping[str, t.Any]) -> str | None:
    definition = options.get("definition")
    name = options.get("name")
    if name is None and isinstance(definition, Mapping):
        name = definition.get("name")
    return name if isinstance(name, str) else None


def formula_key(name: str | None) -> Key:
    """Return what a formula is referred to by."""
    return FORMULAS, name


def instance_key(element_key: str | None, name: str | None) -> Key:
    """Return what an element instance is referred to by."""
    return INSTANCES, element_key, name


def common_resource_key(name: str | None, level: str | None) -> Key:
    """Return what a common resource is referred to by, at a level that others inherit from."""
    return COMMON_RESOURCES, name, level


def key_of(slot: Slot, item: Item) -> Key | None:
    """Return what other items may refer to an item by. None if none does."""
    names = names_of(slot, item)
    if names.kind == INSTANCES:
        return instance_key(names.element_key, names.name)
    if names.kind == FORMULAS:
        return formula_key(names.name)
    return common_resource_key(names.name, names.level) if names.kind == COMMON_RESOURCES else None


def is_present(item: Item) -> bool:
    """Tell whether the options want a resource to be there."""
    return bool(item.entry.options.get("state", "present") == "present")


def of_kind(items: Items, kind: str, *, present: bool | None = None, levels: tuple[str, ...] = ()) -> Iterator[Slot]:
    """Yield the places of the items of a kind.

    Args:
        items: All items.
        kind: The kind.
        present: Whether the resources are to be there. None for all of them.
        levels: The levels of common resources. Empty for all of them.
    """
    for slot, item in items.items():
        chosen = slot[0] == kind and present in (None, is_present(item))
        if chosen and (not levels or names_of(slot, item).level in levels):
            yield slot


def desired_of(item: Item) -> t.Any:
    """Return the desired resource of an item. None if its options could not be used."""
    planned = item if isinstance(item, (Parsed, Planned)) else getattr(item, "planned", None)
    return None if planned is None else planned.desired


def inherits(desired: DesiredCommonResource) -> bool:
    """Tell whether a common resource rests on the definition of a level above."""
    return desired.fields is None
