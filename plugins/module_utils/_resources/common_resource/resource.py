# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plug common resources into the engine."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Collection, Sequence

from ..._api.client import Client
from ..._api.common_resource_models import ACCOUNT
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._reconcile.engine import Observer, PlainResource
from ..._reconcile.phases import Item, Parsed, Planned, failed
from ..._reconcile.steps import AlreadySent
from ..._reconcile.workers import Workers
from .desired import DesiredCommonResource
from .executor import CommonResourceExecutor
from .observation import CommonResourceObserver, FindOwner, list_levels
from .owner import find_owner
from .plan import CommonResourceStep, DeleteMapping, Observed, WriteMapping, known, plan


class CommonResourceKind(PlainResource):
    """Common resources, as the engine sees them.

    Args:
        find_owner: Finds the element instances that level instance is about.
        upcoming: The names that this run makes sure of at levels above.
        leaving: The names of formulas that this run removes before any common resource.
    """

    def __init__(
        self,
        find_owner: FindOwner = find_owner,
        upcoming: Collection[str] = (),
        leaving: Collection[str] = (),
    ) -> None:
        self._find_owner = find_owner
        self._upcoming = upcoming
        self._leaving = leaving

    def observer(
        self, parsed: Sequence[Parsed[DesiredCommonResource]], workers: Workers
    ) -> Observer[DesiredCommonResource, Observed]:
        """Return what observes each common resource. A level that several belong to is listed once."""
        counts = Counter(item.desired.level for item in parsed)
        several = [level for level, count in counts.items() if count > 1]
        listed = list_levels(several, workers.run.client)
        return CommonResourceObserver(self._find_owner, listed, self._upcoming, self._leaving)

    def check(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return all items of a plan, those as failed that must not be applied.

        Those are the ones that mean a common resource which another item means too, and those that would write mappings
        of an account that may not be the own one.
        """
        seen: set[t.Any] = set()
        checked: list[Item] = []
        names = Counter(item.desired.name for item in items if isinstance(item, Planned))
        for item in items:
            key = None
            if isinstance(item, Planned) and names[item.desired.name] > 1:
                key = (item.desired.name, *_place_of(item, workers.run.client))
            twice = key is not None and key in seen
            seen.add(key)
            checked.append(
                failed(item, invalid(f"The {t.cast('t.Any', item).desired} is there twice in the options."))
                if twice
                else item
            )
        return [_refuse_uncertain(item, workers.run.client) for item in checked]

    def steps(
        self, desired: DesiredCommonResource, observed: Observed | None, already_sent: AlreadySent
    ) -> tuple[CommonResourceStep, ...]:
        """Return the steps from what is observed to what is desired. Pure."""
        return plan(desired, known(observed))

    def executor(
        self, planned: Planned[DesiredCommonResource, Observed], baseline: t.Any, client: Client
    ) -> CommonResourceExecutor:
        """Return what sends the steps of an item to the platform."""
        return CommonResourceExecutor(planned.desired, client)


def _place_of(item: Planned[DesiredCommonResource, Observed], client: Client) -> tuple[str | None, int | None]:
    """Return the level and its owner. The own account is the same with its id and without."""
    place = known(item.observed).place
    if place is None:
        return None, None
    number = client.accounts.own_id() if place.level == ACCOUNT and place.id is None else place.id
    return place.level, number


def _refuse_uncertain(item: Item, client: Client) -> Item:
    """Return an item, as failed if it writes mappings and nothing proves that their account is the own one."""
    if not isinstance(item, Planned) or not any(isinstance(step, (WriteMapping, DeleteMapping)) for step in item.steps):
        return item
    observed = known(item.observed)
    place, definition = observed.place, observed.definition
    is_own = place is not None and place.level == ACCOUNT and item.desired.level.account_id is None
    if not is_own or (definition is not None and definition.owner_id is not None) or client.accounts.own_is_certain():
        return item
    number = None if place is None else place.id
    message = (
        f"The mappings of the {item.desired} were left alone: the platform lists several accounts, and it is not "
        f"certain that the default one, with id {number}, is that of user_secret. Give its id as account_id."
    )
    return failed(item, CloudElementsError(ErrorKind.FORBIDDEN, message))
