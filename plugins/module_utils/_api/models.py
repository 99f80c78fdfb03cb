# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define observed instances, and parse them and what all answers have in common. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .._secrets.fingerprint import split
from .values import as_text

LARGEST_ID = 2**63 - 1
"""The largest id. The platform stores ids as signed 64-bit integers."""


_T = t.TypeVar("_T")


class ShapeError(ValueError):
    """The JSON has another shape than documented. The message names the place and never the content."""


class MisplacedError(ValueError):
    """The answer is well-formed but cannot belong to the request. The message says what it is about."""


@dataclass(frozen=True)
class Instance:
    """An instance as observed on the platform, or as predicted in check mode.

    Attributes:
        id: The id. None only in a prediction.
        token: The element token. None in a prediction, or if an answer did not include it.
        tags: The tags of the user, without the fingerprint of secrets.
        configuration: The configuration, or None if the answer did not include it. Rows of a listing may omit it (the
            vendor's scripts read each instance by id).
    """

    id: int | None
    name: str
    element_key: str | None
    token: str | None = field(default=None, repr=False)
    tags: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()
    configuration: Mapping[str, t.Any] | None = field(default=None, repr=False)
    enabled: bool = True
    valid: bool | None = None
    created_date: str | None = None
    external_authentication: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether this is as complete as a read by id."""
        return bool(self.configuration) and self.token is not None and self.element_key is not None


def instance_from(body: t.Any) -> Instance:
    """Parse the instance in an answer of the platform.

    Only the id and the name are required. Other properties are used if they have the documented type (vendor acceptance
    suite, element.instance.schema.json). Tags may be objects with a name (vendor documentation, POST /instances). Ids
    may be strings of digits.

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the instance")
    element = row.get("element")
    element = element if isinstance(element, Mapping) else {}
    configuration = row.get("configuration")
    if configuration is not None and not isinstance(configuration, Mapping):
        raise ShapeError("the instance's configuration is not an object")
    disabled = row.get("disabled")
    tags, fingerprints = split(_tags(row.get("tags")))
    valid = row.get("valid")
    return Instance(
        id=id_in(row.get("id"), "the instance's id"),
        name=text_from(row.get("name"), "the instance's name"),
        element_key=optional_text(element.get("key")),
        token=optional_text(row.get("token")) or None,
        tags=tags,
        fingerprints=fingerprints,
        configuration=configuration and {key: _flat(value) for key, value in configuration.items()},
        enabled=str(disabled).lower() != "true",
        valid=valid if isinstance(valid, bool) else None,
        created_date=optional_text(row.get("createdDate")),
        external_authentication=optional_text(row.get("externalAuthentication")),
    )


@dataclass(frozen=True)
class OddRow:
    """A row of a listing that cannot be read.

    Attributes:
        id: The id.
        why: The reason.
        name: The name, if it is text.
        element_key: The key of the element, if it is text.
    """

    id: int
    why: str
    name: str | None = None
    element_key: str | None = None


def instances_from(body: t.Any) -> tuple[Instance | OddRow, ...]:
    """Parse the instances in a listing. A row that is not a valid instance, but has an id, becomes an `OddRow`.

    Raises:
        ShapeError: The answer is not a list, or it contains a row without an id.
    """
    return rows_from(body, instance_from, "the instance")


def rows_from(body: t.Any, parse: Callable[[t.Any], _T], what: str) -> tuple[_T | OddRow, ...]:
    """Parse each row of a listing with `parse`. A row that it refuses, but that has an id, becomes an `OddRow`.

    Raises:
        ShapeError: The answer is not a list, or it contains a row without an id, which no message could identify.
    """
    return tuple(_row(row, parse, what) for row in list_from(body))


def _row(row: t.Any, parse: Callable[[t.Any], _T], what: str) -> _T | OddRow:
    try:
        return parse(row)
    except ShapeError as error:
        row = object_from(row, what)
        element = row.get("element")
        key = element.get("key") if isinstance(element, Mapping) else None
        number = id_in(row.get("id"), f"{what}'s id")
        return OddRow(number, str(error), optional_text(row.get("name")), optional_text(key))


def list_from(value: t.Any) -> list[t.Any]:
    """Return a value that has to be a list, or raise `ShapeError`."""
    if not isinstance(value, list):
        raise ShapeError("the answer is not a list")
    return value


def object_from(value: t.Any, what: str) -> Mapping[str, t.Any]:
    """Return a value that has to be an object, or raise `ShapeError`."""
    if not isinstance(value, Mapping):
        raise ShapeError(f"{what} is not an object")
    return value


def id_in(value: t.Any, what: str) -> int:
    """Return an id, which may be a text of digits, or raise `ShapeError`."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID:
        return value
    raise ShapeError(f"{what} is not a positive number")


def text_from(value: t.Any, what: str) -> str:
    """Return a value that has to be a text, or raise `ShapeError`."""
    if not isinstance(value, str):
        raise ShapeError(f"{what} is not a text")
    return value


def optional_text(value: t.Any) -> str | None:
    """Return a value if it is a text, or None."""
    return value if isinstance(value, str) else None


def _tags(value: t.Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        raise ShapeError("the instance's tags are not a list")
    return frozenset(
        text_from(tag.get("name") if isinstance(tag, Mapping) else tag, "one of the instance's tags") for tag in value
    )


def _flat(value: t.Any) -> t.Any:
    """Return a structured configuration value as text. The platform stores text, and text limits the memory."""
    return as_text(value) if isinstance(value, (dict, list)) else value


def nothing_about(number: int, what: str) -> Callable[[t.Any], None]:
    """Return the parser for an answer that tells nothing, which refuses an answer about another resource.

    Args:
        number: The id of the resource.
        what: The kind of resource in words.
    """

    def parse(body: t.Any) -> None:
        if body is not None and not isinstance(body, Mapping):
            raise ShapeError("the answer is not an object")
        if body and body.get("id") not in (None, number, str(number)):
            raise MisplacedError(f"the answer is about another {what}")

    return parse
