# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settle the races of kinds of resources: one listing tells of all creates that are alone with their names."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .._api.client import Client
from .._core.errors import CloudElementsError
from .create_once import Created
from .engine import Resource, adopt
from .phases import Applied, Failed, Item
from .races import LOOKS_FOR_OWN, Verdict, judge, settle_race
from .renames import Rename, settle_rename
from .steps import O
from .workers import Workers


def settle_each(
    resource: Resource[t.Any, O],
    items: Sequence[Item],
    observe: Callable[[t.Any, Applied[t.Any, O] | Failed[t.Any, O]], O],
    rename_of: Callable[[Applied[t.Any, O] | Failed[t.Any, O]], Rename[t.Any] | None],
    list_all: Callable[[Client], t.Any],
    baseline: t.Any,
    workers: Workers,
) -> list[Item]:
    """Return the items after making sure that each name that this run gave is there once.

    Args:
        resource: The kind of resource.
        items: The items after they were applied.
        observe: Returns what another run's resource is to an item, in the terms of the kind.
        rename_of: Returns the name that an item was given if it was there before under another.
        list_all: Lists all resources of the kind, in which creates look for their names with `matches_in`.
        baseline: What was known before anything was written.
        workers: Look for the items.
    """

    def settle(item: t.Any, client: Client) -> Item:
        rename = rename_of(item)
        if rename is not None:
            settle_rename(rename, client)
        else:
            created: Created[t.Any] = settle_race(item.receipt, client)
            if not created.own:
                return adopt(resource, item, created, observe(created.resource, item), baseline, client)
        noted: Item = replace(item, warnings=(*item.warnings, *client.warnings))
        return noted

    own = {id(item): item.receipt for item in items if isinstance(item, (Applied, Failed)) and _is_own(item.receipt)}
    alone = _alone(own, list_all, workers.run.client) if len(own) > 1 else frozenset()

    def is_unsettled(item: t.Any) -> bool:
        return id(item) not in alone and (id(item) in own or rename_of(item) is not None)

    return workers.map((Applied, Failed), settle, items, is_unsettled)


def _is_own(receipt: t.Any) -> bool:
    return isinstance(receipt, Created) and receipt.own and receipt.creation.is_meant(receipt.resource)


def _alone(created: Mapping[int, t.Any], list_all: Callable[[Client], t.Any], client: Client) -> frozenset[int]:
    """Return which of several creates one listing shows alone with their names. Others are looked at singly.

    What was just written may not be listed at once, so it is listed again for a while.
    """
    alone: set[int] = set()
    with contextlib.suppress(CloudElementsError):  # Looking at them singly says what is wrong.
        for wait in LOOKS_FOR_OWN:
            client.budget.wait(wait, "It could not be checked whether other runs made the same ones.")
            listing = list_all(client)
            verdicts = {
                key: judge(each, each.creation.matches_in(listing, client))
                for key, each in created.items()
                if key not in alone
            }
            alone |= {key for key, verdict in verdicts.items() if verdict is Verdict.STAYS}
            if Verdict.UNSEEN not in verdicts.values():
                break
    return frozenset(alone)
