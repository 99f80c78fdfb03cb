# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Whose an instance is: what proves that this run made it, and what shows that an earlier create did. Pure.

The platform keeps no record of who made what, and it may store another name than it was given. So a run may only
remove what it can prove to be its own, and looks for its own under a changed name before it creates.
"""

from __future__ import annotations

import html
import math
import re
import typing as t
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..._api.models import Instance, is_verifiable, same_value
from ..._api.server_clock import epoch
from ..._secrets.fingerprint import split

_TAG = re.compile(r"<[^<>]*>")

Identity: t.TypeAlias = "tuple[str | None, str]"
"""The element key and the name of an instance."""


@dataclass(frozen=True)
class Baseline:
    """What a run knew before it created anything.

    Attributes:
        ids: The ids in all that it had read, a complete listing of the element included.
        desired: What this run itself wants to be there. None of it is an instance under a changed name.
    """

    ids: frozenset[int] = frozenset()
    desired: frozenset[Identity] = frozenset()


@dataclass(frozen=True)
class Sent:
    """A create as it was sent: the body, the time by the server's clock if that is known, and what was known before."""

    body: Mapping[str, t.Any]
    at: float | None
    baseline: Baseline


def folded(name: str) -> str:
    """Return what is left of a name after all that platforms are known to change: HTML, normal form, case, spaces."""
    plain = _TAG.sub("", html.unescape(name))
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).casefold()).split())


def may_be_stored_as(desired: str, stored: str) -> bool:
    """Return whether a platform may have made one name of another: it respelled it, cut it, or added something."""
    left, right = folded(desired), folded(stored)
    return bool(right) and (left.startswith(right) or right.startswith(left))


def has_content(body: Mapping[str, t.Any], instance: Instance, unseen: Collection[str] = ()) -> bool:
    """Return whether an instance is what the body of a create asks for, apart from its name, as far as it shows.

    Tags that are not given become the name (vendor acceptance suite, elements/instances.js). The keys in `unseen` are
    not compared, nor is what the platform masks or never returns.
    """
    if (instance.element_key or "").casefold() != body["element"]["key"].casefold():
        return False
    given, _fingerprints = split(body.get("tags") or [])
    names = {folded(body["name"]), folded(instance.name)}
    tags = {folded(tag) for tag in instance.tags}
    same_tags = tags == {folded(tag) for tag in given} if given else tags <= names
    configuration = instance.configuration or {}
    return same_tags and all(
        same_value(value, configuration.get(key))
        for key, value in body.get("configuration", {}).items()
        if key not in unseen and is_verifiable(value, configuration, key)
    )


def doubt_about(instance: Instance, sent: Sent) -> str | None:
    """Return why it is not certain that a create made an instance, as a clause, or None if it is certain."""
    created = epoch(instance.created_date)
    if instance.id in sent.baseline.ids:
        return "it was there before"
    if not has_content(sent.body, instance):
        return "it is not what was sent"
    if created is None:
        return "the platform does not tell when it was created"
    if sent.at is None:
        return "the platform does not tell its own time"
    if created < math.floor(sent.at):
        return "it was created before this run asked for it"
    return None


class Survey:
    """The instances of a complete listing, by what is left of their names."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._named: dict[tuple[str, str], list[Instance]] = defaultdict(list)
        for instance in instances:
            self._named[(instance.element_key or "").casefold(), folded(instance.name)].append(instance)

    def respelled(self, element_key: str | None, name: str, desired: Collection[Identity]) -> tuple[Instance, ...]:
        """Return the instances of an element that may bear a name that the platform changed, the oldest first.

        Their names are spelled otherwise, or are the beginning of it.

        Args:
            element_key: The key of the element.
            name: The name that is not there as it is.
            desired: The names that the run wants to be there: those are no changed ones.
        """
        plain, key = folded(name), (element_key or "").casefold()
        beginnings = {plain[:length].rstrip() for length in range(1, len(plain) + 1)}
        found = {instance.id: instance for text in beginnings for instance in self._named.get((key, text), ())}
        return tuple(
            found[number]
            for number in sorted(found, key=lambda number: number or 0)
            if (found[number].element_key, found[number].name) not in desired
        )
