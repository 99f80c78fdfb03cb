# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of common resources: definitions and transformations by level. Pure memory, no HTTP.

Both engines see the same: v1 as one object for each place, v2 as one VDR for each name.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import time
from collections.abc import Iterable
from typing import Any

from ..catalog import Element


def precise_timestamp() -> str:
    """Return the time in the form of startDate (DOC)."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclasses.dataclass(frozen=True)
class Place:
    """A level with its owner: the id of the organization, of an account, or of an element instance."""

    level: str
    id: int


@dataclasses.dataclass(slots=True)
class Field:
    """One field of a definition. Its id stays when its path is sent again."""

    id: int
    path: str
    type: str = "string"
    display_name: str = ""


@dataclasses.dataclass(slots=True)
class Definition:
    """The fields of a common resource at one place, by path."""

    id: int
    name: str
    place: Place
    fields: dict[str, Field]
    created_at: float = dataclasses.field(default_factory=time.monotonic)


@dataclasses.dataclass(slots=True)
class Transformation:
    """The mapping of a common resource to one element at one place."""

    id: int
    name: str
    place: Place
    element: Element
    vendor_name: str
    fields: list[dict[str, Any]]
    configuration: list[dict[str, Any]]
    script: dict[str, Any] | None
    is_legacy: bool
    start_date: str = dataclasses.field(default_factory=precise_timestamp)
    created_at: float = dataclasses.field(default_factory=time.monotonic)


@dataclasses.dataclass(slots=True)
class Vdr:
    """What belongs to a name and to no level."""

    id: int
    created_date: str
    description: str | None = None
    # The v2 engine has one transformation for each element, with its own number.
    transformation_ids: dict[int, int] = dataclasses.field(default_factory=dict)


class CommonResources:
    """All definitions and transformations of one store. The caller holds the lock of the store."""

    def __init__(self, first_id: int) -> None:
        self._ids = itertools.count(first_id)
        self.vdrs: dict[str, Vdr] = {}
        self._definitions: dict[str, dict[Place, Definition]] = {}
        self._transformations: dict[str, dict[tuple[int, Place], Transformation]] = {}

    def clear(self) -> None:
        """Forget everything; numbers are not given out again."""
        self.vdrs.clear()
        self._definitions.clear()
        self._transformations.clear()

    def next_id(self) -> int:
        return next(self._ids)

    def forget(self, instance_id: int) -> None:
        """Forget what belongs to an element instance that was deleted (ASSUMED)."""
        place = Place("instance", instance_id)
        for each in [each for kept in self._transformations.values() for each in kept.values() if each.place == place]:
            self.unmap(each)
        for definition in self.defined_at(place):
            self.undefine(definition)

    # Definitions

    def definition(self, name: str, place: Place) -> Definition | None:
        return self._definitions.get(name, {}).get(place)

    def defined_at(self, place: Place) -> list[Definition]:
        return [kept[place] for kept in self._definitions.values() if place in kept]

    def named(self, name: str) -> list[Definition]:
        """Return the definitions of a name at all places."""
        return list(self._definitions.get(name, {}).values())

    def nearest(self, name: str, places: Iterable[Place]) -> Definition | None:
        """Return the first definition along a chain of places."""
        return next((found for place in places if (found := self.definition(name, place)) is not None), None)

    def define(self, name: str, place: Place, fields: Iterable[Field]) -> Definition:
        """Keep the fields of a name at a place, instead of those that were there."""
        self.vdr(name)
        kept = self.definition(name, place) or Definition(self.next_id(), name, place, {})
        kept.fields = {field.path: field for field in fields}
        self._definitions.setdefault(name, {})[place] = kept
        return kept

    def undefine(self, definition: Definition) -> None:
        places = self._definitions[definition.name]
        del places[definition.place]
        if not places:
            del self._definitions[definition.name]
            self.vdrs.pop(definition.name, None)

    def vdr(self, name: str) -> Vdr:
        """Return what belongs to a name, made if need be."""
        if name not in self.vdrs:
            self.vdrs[name] = Vdr(self.next_id(), precise_timestamp())
        return self.vdrs[name]

    def by_number(self, number: int) -> str | None:
        """Return the name of the VDR with this number."""
        return next((name for name, vdr in self.vdrs.items() if vdr.id == number), None)

    # Transformations

    def transformation(self, name: str, element: Element, place: Place) -> Transformation | None:
        return self._transformations.get(name, {}).get((element.id, place))

    def mapped(self, name: str) -> list[Transformation]:
        """Return the transformations of a name to all elements at all places."""
        return list(self._transformations.get(name, {}).values())

    def mapped_at(self, element: Element, place: Place) -> list[Transformation]:
        key = (element.id, place)
        return [kept[key] for kept in self._transformations.values() if key in kept]

    def map(self, transformation: Transformation) -> None:
        """Keep a transformation instead of the one that was there."""
        key = (transformation.element.id, transformation.place)
        self._transformations.setdefault(transformation.name, {})[key] = transformation

    def unmap(self, transformation: Transformation) -> None:
        kept = self._transformations[transformation.name]
        del kept[transformation.element.id, transformation.place]
        if not kept:
            del self._transformations[transformation.name]

    def rename(self, definition: Definition, name: str) -> None:
        """Give a definition another name; the transformations of its place follow (TEST transformations.js)."""
        old, place = definition.name, definition.place
        follow = [each for each in self.mapped(old) if each.place == place]
        vdr = self.vdr(old)
        self.undefine(definition)
        definition.name = name
        if old not in self._definitions and name not in self.vdrs:
            self.vdrs[name] = vdr
        self.vdr(name)
        self._definitions.setdefault(name, {})[place] = definition
        for each in follow:
            self.unmap(each)
            each.name = name
            self.map(each)
