# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settle all items of a run. One listing tells of all that are alone with their name; others are looked at singly."""

from __future__ import annotations

import dataclasses
import typing as t
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from ..._api.client import Client
from ..._api.instances import Listing
from ..._api.models import Instance
from ..._api.names import Identity
from ..._core.errors import CloudElementsError
from ..._reconcile.create_once import Created
from ..._reconcile.phases import Applied, Failed, Item, failed
from ..._reconcile.races import LOOKS_FOR_OWN, Verdict, judge, settle_race
from ..._reconcile.renames import Rename, judge_rename, settle_rename
from ..._reconcile.workers import Workers
from .desired import DesiredInstance
from .lookup import look
from .plan import Change

Result: t.TypeAlias = Applied[DesiredInstance, Instance] | Failed[DesiredInstance, Instance]

Adopt: t.TypeAlias = Callable[[Result, Created[Instance], Client], Item]
"""Goes on with an item whose instance turned out to be another run's."""


@dataclasses.dataclass(frozen=True)
class _Named:
    """An item that was given a name by this run.

    Attributes:
        item: The item.
        desired: The instance as the user wants it.
        created: What the create came to. None if an instance was renamed.
        instance: The instance under the name.
    """

    item: Result
    desired: DesiredInstance
    created: Created[Instance] | None
    instance: Instance

    def verdict(self, named: Mapping[Identity, Sequence[Instance]]) -> Verdict:
        """Return what a listing says of the item."""
        if self.created is not None:
            return judge(self.created, named.get((self.desired.element_key, self.desired.name or ""), ()))
        return judge_rename(self.instance.id, named.get((self.instance.element_key, self.instance.name), ()))

    def failed(self, error: CloudElementsError) -> Item:
        """Return the item as failed, as it could not be looked whether another run gave the same name."""
        done = "renamed" if self.created is None else "created"
        return failed(
            self.item,
            error.within(f"The {self.desired} was {done}, with id {self.instance.id}. Run again to be sure."),
        )


def settle(items: Sequence[Item], adopt: Adopt, workers: Workers) -> list[Item]:
    """Return the items after making sure that each name that this run gave is there once.

    Args:
        items: The items after they were applied.
        adopt: Goes on with an item whose instance turned out to be another run's.
        workers: Look for the items.
    """
    result = list(items)
    unsettled = {position: named for position, item in enumerate(items) if (named := _named(item)) is not None}
    if len(unsettled) > 1:
        try:
            unsettled = _not_alone(unsettled, workers.run.client)
        except CloudElementsError as error:
            for position, named in unsettled.items():
                result[position] = named.failed(error)
            return result

    def settle_one(item: t.Any, client: Client) -> Item:
        named = _named(item)
        if named is None:
            raise AssertionError("Only what was given a name is settled.")
        if named.created is None:
            settle_rename(_rename(named), client)
        else:
            created = settle_race(named.created, client)
            if not created.own:
                return adopt(item, created, client)
        noted: Item = dataclasses.replace(item, warnings=(*item.warnings, *client.warnings))
        return noted

    settled = workers.map((Applied, Failed), settle_one, [named.item for named in unsettled.values()])
    for position, item in zip(unsettled, settled, strict=True):
        result[position] = item
    return result


def _named(item: Item) -> _Named | None:
    """Return an item that this run created as desired or renamed. Else there is no race to settle."""
    if not isinstance(item, (Applied, Failed)) or item.planned is None:
        return None
    desired, before, created = item.planned.desired, item.planned.observed, item.receipt
    if isinstance(created, Created):
        stored = created.resource
        if not created.own or stored.name != desired.name or stored.element_key not in (None, desired.element_key):
            return None
        return _Named(item, desired, created, created.resource)
    if before is None or not any(isinstance(step, Change) and step.renames for step in item.steps):
        return None
    after = item.observed
    if after is None or after.name == before.name:  # The platform does not show the new name.
        after = dataclasses.replace(before, name=desired.name or before.name)
    return _Named(item, desired, None, after)


def _rename(named: _Named) -> Rename[Instance]:
    instance = named.instance
    wanted = dataclasses.replace(named.desired, id=None, name=instance.name, element_key=instance.element_key)

    def matches(client: Client) -> tuple[Instance, ...]:
        return look(wanted, client, hydrate=False).matches

    return Rename(instance.id, instance.name, "instance", " of the same element", matches)


def _not_alone(unsettled: Mapping[int, _Named], client: Client) -> dict[int, _Named]:
    """Return the items of which a listing does not say that they are alone with their name.

    What was just written may not be listed at once, so it is listed again for a while.
    """
    remaining = dict(unsettled)
    for wait in LOOKS_FOR_OWN:
        client.budget.wait(wait, "It could not be checked whether other runs gave the same names.")
        named = _by_name(client.instances.list(hydrate=False))
        verdicts = {position: each.verdict(named) for position, each in remaining.items()}
        remaining = {at: each for at, each in remaining.items() if verdicts[at] is not Verdict.STAYS}
        if all(verdicts[position] is not Verdict.UNSEEN for position in remaining):
            break
    return remaining


def _by_name(listing: Listing) -> dict[Identity, list[Instance]]:
    named: dict[Identity, list[Instance]] = defaultdict(list)
    for instance in sorted(listing.instances, key=lambda instance: instance.id or 0):
        named[instance.element_key, instance.name].append(instance)
    return named
