# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whose an instance is: what proves that this run created it, and what shows that an earlier one did. Pure.

The platform keeps no record of who created what, and it may store another name than it was given. So a run only deletes
what it can prove to be its own, and it looks for its own under a changed name before it creates.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..._api.models import Instance
from ..._api.names import Identity, folded
from ..._secrets.fingerprint import split
from ..comparison import is_verifiable, same_value


@dataclass(frozen=True)
class Baseline:
    """What a run knew before it created anything.

    Attributes:
        ids: The ids in all that it had read, a complete listing of the element included.
        names: What this run itself wants to be there. None of it is an instance under a changed name.
    """

    ids: frozenset[int] = frozenset()
    names: frozenset[Identity] = frozenset()


def has_content(body: Mapping[str, t.Any], instance: Instance, unseen: Collection[str] = ()) -> bool:
    """Tell whether an instance is what the body of a create asks for, apart from its name, as far as it shows.

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


class Survey:
    """The instances of a complete listing, by what is left of their names."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._named: dict[tuple[str, str], list[Instance]] = defaultdict(list)
        for instance in instances:
            self._named[(instance.element_key or "").casefold(), folded(instance.name)].append(instance)
        self._lengths = {len(text) for _key, text in self._named}

    def respelled(self, element_key: str | None, name: str, names: Collection[Identity]) -> tuple[Instance, ...]:
        """Return the instances of an element that may bear a name that the platform changed, the oldest first.

        Their names are spelled otherwise, or are the beginning of it.

        Args:
            element_key: The key of the element.
            name: The name that is not there as it is.
            names: The names that the run wants to be there. Those are not changed ones.
        """
        plain, key = folded(name), (element_key or "").casefold()
        beginnings = {plain[:length] for length in self._lengths if 0 < length <= len(plain)}
        found = {instance.id: instance for text in beginnings for instance in self._named.get((key, text), ())}
        return tuple(
            found[number]
            for number in sorted(found, key=lambda number: number or 0)
            if (found[number].element_key, found[number].name) not in names
        )
