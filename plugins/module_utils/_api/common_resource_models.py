# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define common resources as observed at one level, and parse them from answers. Pure.

An answer about one level may show fields of the levels above it (vendor acceptance suite, transformations.js). Only
what belongs to the level is kept. Otherwise the next change would write the rest to the level too.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .models import ShapeError, id_in, list_from, object_from, optional_text, text_from

ORGANIZATION, ACCOUNT, INSTANCE = LEVELS = ("organization", "account", "instance")
"""The levels, from the widest to the nearest."""

MIME_TYPE = "application/javascript"
"""The type of a script that none is given for (vendor's exports)."""

V1, V2 = "v1", "v2"
"""The engines of common resources (vendor swagger, `vdrVersion`)."""


@dataclass(frozen=True)
class Place:
    """A level with its owner.

    Attributes:
        level: One of `LEVELS`.
        id: The id of the account or of the element instance. None for the organization, and for the own account if it
            is not known.
        own: Whether an account is the one of the user.
    """

    level: str
    id: int | None = None
    own: bool = True

    def holds(self, part: Mapping[str, t.Any]) -> bool:
        """Tell whether a part of an answer belongs to this place. One that says nothing of a level does."""
        if part.get("level") not in (None, self.level):
            return False
        owner = part.get("associatedId")
        return owner is None or self.level != INSTANCE or str(owner) == str(self.id)


@dataclass(frozen=True)
class Field:
    """A field of a definition. As desired, None means: leave it alone."""

    path: str
    type: str | None = None
    display_name: str | None = None


@dataclass(frozen=True)
class Definition:
    """An object definition at one place.

    Attributes:
        name: The name.
        fields: Its fields.
        description: What it is for. None if the platform keeps none.
        version: The engine that answered. None if the answer does not tell.
        id: The id, which differs from account to account.
        owner_id: The account that its fields say they belong to. None if they do not say so.
    """

    name: str
    fields: tuple[Field, ...] = ()
    description: str | None = None
    version: str | None = None
    id: int | None = None
    owner_id: int | None = field(default=None, compare=False)

    created_date = None

    @property
    def keeps_words(self) -> bool:
        """Whether the engine keeps descriptions and display names."""
        return self.version != V1


@dataclass(frozen=True)
class MappedField:
    """A field of a transformation. As desired, None means: leave it alone."""

    path: str
    vendor_path: str | None = None
    type: str | None = None
    vendor_type: str | None = None
    configuration: tuple[Mapping[str, t.Any], ...] | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """What tells the fields of one transformation apart."""
        return self.path, self.vendor_path or ""


@dataclass(frozen=True)
class Script:
    """A script of a transformation. As desired, None means: leave it alone."""

    body: str = field(repr=False)
    mime_type: str | None = None
    filter_empty_response: bool | None = None


@dataclass(frozen=True)
class Transformation:
    """The mapping of a common resource to one element, at one place.

    Attributes:
        name: The name of the common resource.
        vendor_name: The name of the element's resource.
        fields: The fields.
        configuration: What else is done to objects.
        script: The script. None if there is none.
        is_legacy: Whether the script runs on the old engine.
        id: The id, which differs from account to account.
    """

    name: str
    vendor_name: str
    fields: tuple[MappedField, ...] = ()
    configuration: tuple[Mapping[str, t.Any], ...] = ()
    script: Script | None = None
    is_legacy: bool = False
    id: int | None = None

    created_date = None


@dataclass(frozen=True)
class Mapped:
    """Where a common resource is mapped: one row of a listing."""

    element_key: str
    level: str
    account_id: int | None


def definition_from(body: t.Any, place: Place, name: str) -> Definition | None:
    """Parse the definition in an answer (vendor acceptance suite, objectDefinition.schema).

    Args:
        body: The answer.
        place: Where the definition is.
        name: The name, which the answer may leave out.

    Returns:
        The definition, or None if what was answered belongs to another level alone.

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the common resource")
    rows = [object_from(each, "a field of the common resource") for each in _list(row, "fields")]
    kept = _held(rows, place)
    if not place.holds({"level": row.get("level")}) or (rows and not kept):
        return None
    return Definition(
        name=text_from(row.get("objectName", name), "the common resource's name"),
        fields=tuple(sorted(map(_field, kept), key=lambda each: each.path)),
        description=optional_text(row.get("description")),
        version=_version(row, rows),
        id=_id(row),
        owner_id=_owner(kept) if place.level == ACCOUNT else None,
    )


def _held(rows: Sequence[Mapping[str, t.Any]], place: Place) -> list[Mapping[str, t.Any]]:
    """Return the parts of an answer that belong to a place. Those of level account may be of several accounts.

    Raises:
        ShapeError: They are of several accounts, and which one is meant is not known.
    """
    held = [row for row in rows if place.holds(row)]
    owners = {str(row["associatedId"]) for row in held if row.get("associatedId") is not None}
    if place.level != ACCOUNT or len(owners) < 2:
        return held
    if str(place.id) not in owners:
        raise ShapeError("its parts belong to several accounts")
    return [row for row in held if row.get("associatedId") is None or str(row["associatedId"]) == str(place.id)]


def _owner(rows: Iterable[Mapping[str, t.Any]]) -> int | None:
    """Return the one account that fields belong to, or None if they do not agree on one, or tell none."""
    told = {str(row["associatedId"]) for row in rows if row.get("associatedId") is not None}
    owner = told.pop() if len(told) == 1 else ""
    return int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 20 else None


def _version(row: Mapping[str, t.Any], rows: Iterable[Mapping[str, t.Any]]) -> str | None:
    """Return the engine that an answer is of: the level is at the root on v1, and on each field on v2."""
    if "description" in row or any("level" in each for each in rows):
        return V2
    return V1 if "level" in row else None


def _field(row: Mapping[str, t.Any]) -> Field:
    return Field(
        text_from(row.get("path"), "the path of a field of the common resource"),
        optional_text(row.get("type")),
        optional_text(row.get("displayName")) or "",
    )


def transformation_from(body: t.Any, place: Place, name: str) -> Transformation | None:
    """Parse the transformation in an answer (vendor acceptance suite, transformation.schema).

    Args:
        body: The answer.
        place: Where the transformation is.
        name: The name of the common resource, which the answer may leave out.

    Returns:
        The transformation, or None if what was answered belongs to other levels alone.

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the transformation")
    script = None if row.get("script") is None else object_from(row["script"], "the transformation's script")
    fields = [object_from(each, "a field of the transformation") for each in _list(row, "fields")]
    entries = [object_from(each, "the transformation's configuration") for each in _list(row, "configuration")]
    parts = [*fields, *entries, *([script] if script else [])]
    held = {id(part) for part in _held(parts, place)}
    if not place.holds({"level": row.get("level")}) or (parts and not held):
        return None
    return Transformation(
        name=text_from(row.get("objectName", name), "the name in the transformation"),
        vendor_name=text_from(row.get("vendorName"), "the transformation's vendor name"),
        fields=tuple(sorted((_mapped_field(each) for each in fields if id(each) in held), key=_by_identity)),
        configuration=entries_of([each for each in entries if id(each) in held]),
        script=_script(script) if script and id(script) in held else None,
        is_legacy=row.get("isLegacy") is True,
        id=_id(row),
    )


def _by_identity(mapped: MappedField) -> tuple[str, str]:
    return mapped.identity


def _mapped_field(row: Mapping[str, t.Any]) -> MappedField:
    entries = [object_from(each, "the configuration of a field") for each in _list(row, "configuration")]
    return MappedField(
        path=text_from(row.get("path"), "the path of a field of the transformation"),
        vendor_path=optional_text(row.get("vendorPath")),
        type=optional_text(row.get("type")),
        vendor_type=optional_text(row.get("vendorType")),
        configuration=entries_of(entries),
    )


def entries_of(rows: Iterable[Mapping[str, t.Any]]) -> tuple[Mapping[str, t.Any], ...]:
    """Return entries of a configuration without what the platform adds to them and without empty properties."""
    return tuple(
        {
            key: value
            for key, value in row.items()
            if key not in ("id", "level", "associatedId") and value is not None and (key != "properties" or value)
        }
        for row in rows
    )


def _script(row: Mapping[str, t.Any]) -> Script:
    return Script(
        text_from(row.get("body"), "the script's body"),
        optional_text(row.get("mimeType")) or MIME_TYPE,
        row.get("filterEmptyResponse") is True,
    )


def mapped_from(body: t.Any) -> tuple[Mapped, ...]:
    """Parse the list of where a common resource is mapped (vendor's command line tool, findTransformations).

    Raises:
        ShapeError: The answer has another shape.
    """
    return tuple(map(_mapped, list_from(body)))


def _mapped(body: t.Any) -> Mapped:
    row = object_from(body, "the transformation")
    element = object_from(row.get("element"), "the transformation's element")
    account = row.get("account")
    number = account.get("id") if isinstance(account, Mapping) else None
    return Mapped(
        text_from(element.get("key"), "the key of the transformation's element"),
        text_from(row.get("level"), "the transformation's level"),
        None if number is None else id_in(number, "the transformation's account"),
    )


def exported_keys_from(body: t.Any) -> tuple[str, ...]:
    """Return the keys of the elements in an export document (vendor's exports).

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the export")
    return tuple(object_from(row.get("transformation"), "the transformations of the export"))


def formulas_using(body: t.Any) -> tuple[str, ...]:
    """Return the names of the formulas that use a common resource (vendor acceptance suite, commonResources.js).

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the usages")
    rows = [object_from(each, "a usage") for each in list_from(row.get("formulaUsages"))]
    return tuple(
        text_from(each.get("formulaName"), "the formula of a usage") for each in rows if each.get("usageCount") != 0
    )


def definitions_from(body: t.Any, place: Place) -> dict[str, Definition | None]:
    """Parse all definitions of a place, by name. None stands for one that has to be read by its name.

    Raises:
        ShapeError: The answer is not an object of objects.
    """
    found: dict[str, Definition | None] = {}
    for name, row in object_from(body, "the list of common resources").items():
        try:
            definition = definition_from(row, place, name)
        except ShapeError:
            definition = None
        found[name] = definition if definition is not None and definition.name == name else None
    return found


def names_at(body: t.Any, parse: Callable[[t.Any, Place, str], t.Any], place: Place) -> frozenset[str]:
    """Return the names in a list that may have something at a place: those whose row is not of other levels alone.

    Args:
        body: The list.
        parse: Parses a row. It returns None for one of other levels alone.
        place: The place.

    Raises:
        ShapeError: The answer is not an object.
    """

    def may_be_there(name: str, row: t.Any) -> bool:
        try:
            return parse(row, place, name) is not None
        except ShapeError:
            return True

    rows = object_from(body, "the list")
    return frozenset(name for name, row in rows.items() if may_be_there(name, row))


def version_from(body: t.Any) -> str | None:
    """Return the engine of an organization (vendor swagger, `vdrVersion`)."""
    version = object_from(body, "the organization").get("vdrVersion")
    return version if version in (V1, V2) else None


def _list(row: Mapping[str, t.Any], key: str) -> list[t.Any]:
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ShapeError(f"{key} is not a list")
    return value


def _id(row: Mapping[str, t.Any]) -> int | None:
    return None if row.get("id") is None else id_in(row["id"], "the id")
