# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settle the races of kinds of resources whose creates are looked at singly."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence
from dataclasses import replace

from .._api.client import Client
from .create_once import Created
from .engine import Resource, adopt
from .phases import Applied, Failed, Item
from .races import settle_race
from .renames import Rename, settle_rename
from .steps import O
from .workers import Workers


def settle_each(
    resource: Resource[t.Any, O],
    items: Sequence[Item],
    observe: Callable[[t.Any, Applied[t.Any, O] | Failed[t.Any, O]], O],
    rename_of: Callable[[Applied[t.Any, O] | Failed[t.Any, O]], Rename[t.Any] | None],
    baseline: t.Any,
    workers: Workers,
) -> list[Item]:
    """Return the items after making sure that each name that this run gave is there once.

    Args:
        resource: The kind of resource.
        items: The items after they were applied.
        observe: Returns what another run's resource is to an item, in the terms of the kind.
        rename_of: Returns the name that an item was given if it was there before under another.
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

    def is_named(item: t.Any) -> bool:
        made = item.receipt
        is_own = isinstance(made, Created) and made.own and made.creation.is_meant(made.resource)
        return is_own or rename_of(item) is not None

    return workers.map((Applied, Failed), settle, items, is_named)
