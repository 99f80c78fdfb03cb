# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the exported resource of any kind, and what holds for all kinds. Pure.

The files of the single kinds make them, and `account_info` puts them together.
"""

from __future__ import annotations

import copy
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from .._core.errors import CloudElementsError
from .._secrets.redaction import MASK, Redactor
from .instances import printable
from .variable_names import variable_names

Path: t.TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True)
class ResourceIdentity:
    """What tells exported resources of one kind apart for people.

    Attributes:
        kind: One of `KINDS`.
        name: The name.
        element_key: The element of an instance, or of the instance that a common resource belongs to.
        formula: The formula of a formula instance.
    """

    kind: str
    name: str
    element_key: str | None = None
    formula: str | None = None


@dataclass(frozen=True)
class Hidden:
    """A value that is not exported. In its place is the name of a variable.

    Attributes:
        path: Where the value is within the options.
        variable: The name of the variable.
        key: The key of the value.
        purpose: What the value is for, in words on one line.
    """

    path: Path
    variable: str
    key: str
    purpose: str


@dataclass(frozen=True)
class Described:
    """An exported resource.

    Attributes:
        identity: What tells it apart.
        options: The options of its module. In the place of each secret is the name of a variable.
        hidden: The secrets.
        notes: What the user who applies it must know.
    """

    identity: ResourceIdentity
    options: Mapping[str, t.Any]
    hidden: tuple[Hidden, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """What the user must know of a resource, whether it is exported or not."""

    identity: ResourceIdentity
    text: str


@dataclass(frozen=True)
class Twins:
    """Resources of one kind with one name. Names alone do not tell them apart."""

    identity: ResourceIdentity
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """The exported resources of one kind.

    Attributes:
        items: The resources.
        notes: Notes about what is not among them.
        twins: Names that several of them have.
    """

    items: tuple[Described, ...] = ()
    notes: tuple[Note, ...] = ()
    twins: tuple[Twins, ...] = ()


def masked(item: Described) -> dict[str, t.Any]:
    """Return the options of an exported resource with the mask in the place of each secret.

    No module takes a mask for a secret. So a description that is applied without its secrets replaces none.
    """
    options = copy.deepcopy(dict(item.options))
    for hidden in item.hidden:
        place: t.Any = options
        for step in hidden.path[:-1]:
            place = place[step]
        place[hidden.path[-1]] = MASK
    return options


def hide(path: Path, identity: tuple[str, ...], key: str, purpose: str) -> Hidden:
    """Return what stands for a secret. Its variable depends on the identity alone, and no other secret has it."""
    (variable,) = variable_names([identity]).values()
    return Hidden(path, variable, key, printable(purpose))


def refusal(parse: Callable[[Mapping[str, t.Any]], object], options: Mapping[str, t.Any]) -> Iterator[str]:
    """Yield a note if a task refuses options. The names of variables stand in for the secrets."""
    try:
        parse(options)
    except CloudElementsError as error:
        yield f"TO CHANGE: no task can set this. {error.message}"


def sort_twins(identities: Iterable[tuple[ResourceIdentity, int]]) -> tuple[Twins, ...]:
    """Return the identities that several ids have."""
    ids: dict[ResourceIdentity, list[int]] = {}
    for identity, number in identities:
        ids.setdefault(identity, []).append(number)
    return tuple(Twins(identity, tuple(sorted(same))) for identity, same in ids.items() if len(same) > 1)


def without_known_secrets(part: Part, redactor: Redactor) -> Part:
    """Return the same without resources that hold a secret of the connection. A note says so of each.

    Args:
        part: The resources.
        redactor: Knows the secrets of the connection.
    """
    items, notes = [], list(part.notes)
    for item in part.items:
        named = item.identity
        if redactor.holding({*texts_in(item.options), named.name, named.formula or ""}):
            formula = None if named.formula is None else redactor.text(named.formula)
            shown = ResourceIdentity(named.kind, redactor.text(named.name), named.element_key, formula)
            notes.append(Note(shown, _KNOWN))
        else:
            items.append(item)
    return Part(tuple(items), tuple(notes), part.twins)


_KNOWN = "TO CHANGE: this is left out, as it holds a secret of the connection. Remove that secret from it."


def texts_in(value: t.Any) -> Iterator[str]:
    """Yield the texts in a JSON value, the keys of its objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from texts_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts_in(each)


def in_order(value: t.Any) -> t.Any:
    """Return a JSON value with the keys of its objects sorted: the platform may tell them in any order."""
    if isinstance(value, Mapping):
        return {key: in_order(each) for key, each in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [in_order(each) for each in value]
    return value
