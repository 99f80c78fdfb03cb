# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse options to items: those of one instance, or of a fleet, checked as a whole before any read."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping, Sequence

from ..._api.run import Secrecy
from ..._core.errors import CloudElementsError, invalid
from ..._core.text import plain
from ..._reconcile.phases import Entry, Failed, Item, Parsed, Unknown
from ..._reconcile.prune import PruneRule
from ..._secrets.argument_spec import secrets_in
from ..._secrets.fingerprint import SALT_BYTES
from .argument_spec import INSTANCE
from .observation import refuse_same
from .options import UNKNOWN_ID, names_instance, parse, tag_set


def parse_one(params: Mapping[str, t.Any], organization_secret: str, *, check_mode: bool) -> Item:
    """Return the item for the options of a task about one instance.

    Raises:
        CloudElementsError: `invalid_options` if they cannot be used.
    """
    return _parse(_entry("", params), organization_secret, check_mode=check_mode)


def parse_fleet(
    instances: Sequence[Mapping[str, t.Any]],
    organization_secret: str,
    plain_keys: Sequence[str] = (),
    *,
    check_mode: bool = False,
) -> list[Item]:
    """Return the items of a fleet. One whose options cannot be used is failed, and does not keep the others from work.

    Args:
        instances: The options of the items.
        organization_secret: The key of the fingerprints.
        plain_keys: Those of the whole fleet, which each item has beside its own.
        check_mode: Whether an id may be unknown, as the instance would only be created.

    Raises:
        CloudElementsError: `invalid_options`, with both positions, if two items mean the same instance.
    """
    items: list[Item] = []
    for position, options in enumerate(instances):
        called = plain(options.get("name") or "") or f"id {options.get('id')}"
        own = {**options, "plain_keys": [*plain_keys, *(options.get("plain_keys") or ())]}
        entry = _entry(f"instances[{position}] ({called})", own)
        try:
            items.append(_parse(entry, organization_secret, check_mode=check_mode))
        except CloudElementsError as error:
            items.append(Failed(entry, error))
    first: dict[tuple[t.Any, ...], Entry] = {}
    for item in items:
        if isinstance(item, Parsed):
            desired = item.desired
            named = ("name", desired.element_key, desired.name)
            refuse_same(first.setdefault(named if desired.id is None else ("id", desired.id), item.entry), item.entry)
    return items


def _entry(label: str, options: Mapping[str, t.Any]) -> Entry:
    secrecy = Secrecy(
        tuple(secrets_in(options, INSTANCE)),
        frozenset(options.get("configuration") or ()),
        frozenset(options.get("plain_keys") or ()),
    )
    return Entry(label, options, secrecy)


def _parse(entry: Entry, organization_secret: str, *, check_mode: bool) -> Item:
    if not names_instance(entry.options, check_mode=check_mode):
        return Unknown(entry, (UNKNOWN_ID,))
    desired, warnings = parse(entry.options, organization_secret, os.urandom(SALT_BYTES))
    return Parsed(entry, desired, warnings)


def concurrency_from(params: Mapping[str, t.Any]) -> int:
    """Return how many requests may be in flight at the same time.

    Raises:
        CloudElementsError: `invalid_options` if it is out of range.
    """
    concurrency: int = params["concurrency"]
    if not 1 <= concurrency <= 64:
        raise invalid(f"concurrency is {concurrency}: it has to be from 1 to 64.")
    return concurrency


def prune_rule(params: Mapping[str, t.Any]) -> PruneRule | None:
    """Return what may be pruned, or None if nothing may.

    Raises:
        CloudElementsError: `invalid_options` if that is not clear.
    """
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
    return PruneRule(tags, params["prune_limit"])
