# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own what tells the resources of an account apart: their places in the options, and their names. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .._reconcile.phases import Item, Parsed, Planned
from .._resources.common_resource.desired import DesiredCommonResource
from .._resources.kinds import COMMON_RESOURCES, FORMULAS, INSTANCES

Slot: t.TypeAlias = "tuple[str, int]"
"""Where an item stands in the options: its kind, and its position in the list."""

Items: t.TypeAlias = Mapping[Slot, Item]
"""All items of a run, in the order of the options. Phases return new ones."""

Key: t.TypeAlias = "tuple[str | None, ...]"
"""What other items refer to an item by: its kind and its names."""


@dataclass(frozen=True)
class Identity:
    """The names of a resource, as results show them. What its kind does not have is None."""

    kind: str
    name: str | None
    element_key: str | None = None
    level: str | None = None
    formula: str | None = None

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form."""
        return dict(vars(self))


def identity_of(slot: Slot, item: Item) -> Identity:
    """Return the names of an item, as its options have them, or its definition."""
    kind, options = slot[0], item.entry.options
    owner = options.get("instance") or {}
    level = (options.get("level") or "account") if kind == COMMON_RESOURCES else None
    return Identity(
        kind, _name(options), options.get("element_key") or owner.get("element_key"), level, options.get("formula")
    )


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
    identity = identity_of(slot, item)
    if identity.kind == INSTANCES:
        return instance_key(identity.element_key, identity.name)
    if identity.kind == FORMULAS:
        return formula_key(identity.name)
    return common_resource_key(identity.name, identity.level) if identity.kind == COMMON_RESOURCES else None


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
        if chosen and (not levels or identity_of(slot, item).level in levels):
            yield slot


def desired_of(item: Item) -> t.Any:
    """Return the desired resource of an item. None if its options could not be used."""
    planned = item if isinstance(item, (Parsed, Planned)) else getattr(item, "planned", None)
    return None if planned is None else planned.desired


def inherits(desired: DesiredCommonResource) -> bool:
    """Tell whether a common resource rests on the definition of a level above."""
    return desired.fields is None
