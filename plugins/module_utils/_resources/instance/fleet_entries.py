# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What a fleet's options stand for, checked as a whole before anything is read. Pure but for the salts."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..._api.models import DesiredInstance
from ..._core.errors import CloudElementsError, invalid
from ..._core.text import plain
from ..._secrets.fingerprint import SALT_BYTES
from ..argument_spec import INSTANCE, secrets_in
from .job import Job
from .options import UNKNOWN_ID, names_instance, tag_set, wish_from


@dataclass
class Item:
    """One item of I(instances): its position, its options, and what becomes of it.

    C(desired) is None if the options cannot be used, or their id is not known in check mode. C(job) is None if it did
    not come to a plan. C(error) says why, unless only the id is not known.
    """

    position: int
    options: Mapping[str, t.Any] = field(repr=False)
    desired: DesiredInstance | None = None
    job: Job | None = None
    error: CloudElementsError | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The item in words: where it stands in the options, and what it is called."""
        called = plain(self.options.get("name") or "") or f"id {self.options.get('id')}"
        return f"instances[{self.position}] ({called})"

    def secrets(self) -> list[t.Any]:
        """Return the secrets of the item, which no message may show."""
        return list(secrets_in(self.options, INSTANCE))


@dataclass(frozen=True)
class Prune:
    """What may be removed though nobody named it: what carries all of the tags, and no more than the limit."""

    tags: frozenset[str]
    limit: int


def items_from(
    instances: Sequence[Mapping[str, t.Any]],
    organization_secret: str,
    plain_keys: Sequence[str] = (),
    *,
    check_mode: bool = False,
) -> list[Item]:
    """Return the items of a fleet. One whose options can not be used has its error; the others are not kept from work.

    Args:
        instances: The options of the items.
        organization_secret: The key of the fingerprints.
        plain_keys: Those of the whole fleet, which each item has beside its own.
        check_mode: Whether an id may not be known, as the instance would only be created.

    Raises:
        CloudElementsError: Of kind `invalid_options`, with both positions, if two items mean the same instance.
    """
    items = [
        _item(
            position,
            {**options, "plain_keys": [*plain_keys, *(options.get("plain_keys") or ())]},
            organization_secret,
            check_mode=check_mode,
        )
        for position, options in enumerate(instances)
    ]
    first: dict[tuple[t.Any, ...], Item] = {}
    for item in items:
        if item.desired is None:
            continue
        desired = item.desired
        identity = ("id", desired.id) if desired.id is not None else ("name", desired.element_key, desired.name)
        refuse_same(first.setdefault(identity, item), item)
    return items


def _item(position: int, options: Mapping[str, t.Any], organization_secret: str, *, check_mode: bool) -> Item:
    item = Item(position, options)
    try:
        if not names_instance(options, check_mode=check_mode):
            item.warnings.append(UNKNOWN_ID)
            return item
        wish = wish_from(options, organization_secret, os.urandom(SALT_BYTES))
    except CloudElementsError as error:
        item.error = error
        return item
    item.desired = wish.desired
    item.warnings.extend(wish.warnings)
    return item


def refuse_same(first: Item, second: Item) -> None:
    """Raise C(invalid_options) where two items that are not one mean the same instance."""
    if first is not second:
        raise invalid(
            f"{first.label} and {second.label} mean the same instance, so what it should be is not clear. Nothing was "
            "written. Remove or rename one of them; if both exist, say with id which is which."
        )


def prune_from(params: Mapping[str, t.Any]) -> Prune | None:
    """Return what may be pruned, or None where nothing may. Raises C(invalid_options) where that is not clear."""
    if not params["prune"]:
        return None
    tags = tag_set(params["prune_tags"], "prune_tags")
    if not tags:
        raise invalid("prune needs prune_tags: only instances that carry all of them are ours to remove.")
    if params["prune_limit"] < 0:
        raise invalid(f"prune_limit is {params['prune_limit']}: it has to be 0 or more.")
    if not params["instances"]:
        raise invalid(
            "prune with no instances at all would remove every instance that carries prune_tags. That is not done: it "
            "is more likely that a variable is empty. Remove them one by one with state=absent."
        )
    return Prune(tags, params["prune_limit"])
