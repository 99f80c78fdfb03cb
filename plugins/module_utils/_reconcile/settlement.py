# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make sure that each name that a run gave, by a create or by a rename, is there once.

One listing tells of all that are alone with their names. Only the others are looked at singly.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .._api.client import Client
from .._core.errors import CloudElementsError
from .create_once import Created
from .engine import Resource, adopt
from .phases import Applied, Failed, Item, failed
from .races import LOOKS_FOR_OWN, Verdict, judge, settle_race
from .renames import Rename, judge_rename, settle_rename
from .steps import O
from .workers import Workers

Named: t.TypeAlias = Created[t.Any] | Rename[t.Any]
"""A name that this run gave."""


def settle_each(
    resource: Resource[t.Any, O],
    items: Sequence[Item],
    named: Callable[[Applied[t.Any, O] | Failed[t.Any, O]], Named | None],
    list_all: Callable[[Client], t.Any],
    observe: Callable[[t.Any, Applied[t.Any, O] | Failed[t.Any, O], Client], O],
    baseline: t.Any,
    workers: Workers,
) -> list[Item]:
    """Return the items after making sure that each name that this run gave is there once.

    If several items were given names and nothing can be listed, all of them are `Failed`.

    Args:
        resource: The kind of resource.
        items: The items after they were applied.
        named: Returns the name that an item was given, or None if this run gave it none. Pure.
        list_all: Lists all resources of the kind, in which `matches_in` of a create or rename finds its name.
        observe: Returns what another run's resource is to an item, in the terms of the kind.
        baseline: What was known before anything was written.
        workers: Look for the items.
    """
    result = list(items)
    given = {
        at: name
        for at, item in enumerate(items)
        if isinstance(item, (Applied, Failed)) and (name := named(item)) is not None
    }
    if len(given) > 1:
        given, error = _not_alone(given, list_all, workers.run.client)
        if error is not None:
            for at, name in given.items():
                result[at] = failed(items[at], error.within(f"{_done(name)} Run again to be sure."))
            return result

    def settle(item: t.Any, client: Client) -> Item:
        name = named(item)
        if isinstance(name, Rename):
            settle_rename(name, client)
        elif name is not None:
            created = settle_race(name, client)
            if not created.own:
                theirs = observe(created.resource, item, client)
                return adopt(resource, item, created, theirs, baseline, client)
        noted: Item = replace(item, warnings=(*item.warnings, *client.warnings))
        return noted

    settled = workers.map((Applied, Failed), settle, [items[at] for at in given])
    for at, item in zip(given, settled, strict=True):
        result[at] = item
    return result


def own_create(item: Applied[t.Any, t.Any] | Failed[t.Any, t.Any]) -> Created[t.Any] | None:
    """Return the create of an item if this run made it under the name that was sent. Pure."""
    created = item.receipt
    is_named = isinstance(created, Created) and created.own and created.creation.is_meant(created.resource)
    return created if is_named else None


def _not_alone(
    given: Mapping[int, Named], list_all: Callable[[Client], t.Any], client: Client
) -> tuple[dict[int, Named], CloudElementsError | None]:
    """Return the names of which no listing says that they are there once, and what ended the listing.

    What was just written may not be listed at once, so it is listed again for a while.
    """
    remaining = dict(given)
    try:
        for wait in LOOKS_FOR_OWN:
            client.budget.wait(wait, "It could not be checked whether other runs gave the same names.")
            listing = list_all(client)
            verdicts = {at: _verdict(name, listing, client) for at, name in remaining.items()}
            remaining = {at: name for at, name in remaining.items() if verdicts[at] is not Verdict.STAYS}
            if all(verdicts[at] is not Verdict.UNSEEN for at in remaining):
                break
    except CloudElementsError as error:
        return remaining, error
    return remaining, None


def _verdict(name: Named, listing: t.Any, client: Client) -> Verdict:
    if isinstance(name, Rename):
        return judge_rename(name.id, name.matches_in(listing, client))
    return judge(name, name.creation.matches_in(listing, client))


def _done(name: Named) -> str:
    if isinstance(name, Rename):
        return f"The {name} was renamed."
    return f"The {name.creation} was created with id {name.number}."
