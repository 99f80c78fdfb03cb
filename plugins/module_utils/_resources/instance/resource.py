# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plug element instances into the engine."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable, Collection, Sequence

from ..._api.client import Client
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind
from ..._reconcile.engine import Observer, unsettled
from ..._reconcile.phases import Applied, Entry, Item, Parsed, Planned
from ..._reconcile.settlement import settle_each
from ..._reconcile.steps import AlreadySent, InterruptedStepError
from ..._reconcile.workers import Workers
from .catalog_check import PlannedInstance, check_catalog, explain_refusals
from .desired import DesiredInstance
from .executor import InstanceExecutor
from .lookup import complete
from .observation import names_of, refuse_same
from .ownership import Baseline
from .plan import Delete, InstanceStep, plan
from .settlement import Result, by_name, named
from .usage import refuse_in_use
from .verification import verify

# The same words whatever the task, as Ansible shows each warning once in a run.
SECRETS_IGNORED = (
    "Secrets were given for instances that exist. They were neither compared nor sent, as update_secrets is not given "
    "and the platform does not tell what it has stored. If one has changed, run once with update_secrets=always, or "
    "use update_secrets=on_change. With update_secrets=on_create, this warning is not shown."
)

ObserverFactory: t.TypeAlias = Callable[
    [Sequence[Parsed[DesiredInstance]], Client], Observer[DesiredInstance, Instance]
]


class InstanceResource:
    """Element instances, as the engine sees them.

    Args:
        observe: Returns what observes the instances of a plan: by a search for each, or by one listing.
        leaving: The ids of formula instances that this run removes before any instance.
    """

    def __init__(self, observe: ObserverFactory, leaving: Collection[int | None] = ()) -> None:
        self._observe = observe
        self._leaving = leaving

    def observer(
        self, parsed: Sequence[Parsed[DesiredInstance]], workers: Workers
    ) -> Observer[DesiredInstance, Instance]:
        """Return what observes the instances."""
        return self._observe(parsed, workers.run.client)

    def steps(
        self, desired: DesiredInstance, observed: Instance | None, already_sent: AlreadySent
    ) -> tuple[InstanceStep, ...]:
        """Return the steps from what is observed to what is desired. Pure."""
        return plan(desired, observed, already_sent=already_sent)

    def check(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return the items of a plan, those that must not be applied as failed.

        Raises:
            CloudElementsError: `invalid_options` if two items would end as instances of one name.
        """
        _refuse_one_name(items)
        checked = check_catalog(items, workers)
        if workers.run.check_mode:
            checked = check_usage(checked, workers, self._leaving)
        if any(isinstance(item, Planned) and _ignores_secrets(item) for item in checked):
            workers.run.warn(SECRETS_IGNORED)
        return checked

    def baseline(self, items: Sequence[Item], workers: Workers) -> Baseline:
        """Return what is known before anything is written."""
        desired = [item.desired for item in items if isinstance(item, Planned)]
        return Baseline(workers.run.client.instances.seen_ids, names_of(desired))

    def executor(self, planned: PlannedInstance, baseline: Baseline, client: Client) -> InstanceExecutor:
        """Return what sends the steps of an item to the platform."""
        return InstanceExecutor(planned.desired, baseline, client)

    def notes(self, result: Applied[DesiredInstance, Instance]) -> tuple[str, ...]:
        """Return a warning if the platform does not take what it is sent."""
        return unsettled(self, result)

    def settle(self, items: Sequence[Item], baseline: Baseline, workers: Workers) -> list[Item]:
        """Return the items after making sure that each name that this run gave is there once."""

        def observe(theirs: Instance, _item: Result, client: Client) -> Instance:
            return complete(theirs, client) or theirs

        return settle_each(self, items, named, by_name, observe, baseline, workers)

    def explain(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return the items, the errors of refused creates with what the catalog says about them."""
        return explain_refusals(items, workers)

    def is_verified(self, desired: DesiredInstance) -> bool:
        """Tell whether the user asks to verify an instance."""
        return desired.verify

    def verify(self, result: Applied[DesiredInstance, Instance], client: Client) -> Result:
        """Return an item after the ping of its instance."""
        desired, instance = result.planned.desired, result.observed
        if instance is None:
            return result
        try:
            verify(desired, instance, result.receipt, client)
        except InterruptedStepError as refused:
            deleted = dataclasses.replace(result, steps=(*result.steps, Delete(instance.name, instance.element_key)))
            return deleted.failed(refused.error, client.warnings)
        return dataclasses.replace(result, warnings=(*result.warnings, *client.warnings))


def check_usage(items: Sequence[Item], workers: Workers, leaving: Collection[int | None] = ()) -> list[Item]:
    """Return the items of a plan, those whose instance formulas use and that would be removed as failed.

    If it cannot be found out whether formulas use one, the user is told so once.
    """

    def ask(planned: PlannedInstance, client: Client) -> PlannedInstance | _Unread:
        if not any(isinstance(step, Delete) for step in planned.steps):
            return planned
        observed = planned.observed
        if observed is None or observed.id is None:
            raise AssertionError("What is to be removed was observed.")
        try:
            refuse_in_use(observed.id, client, leaving)
        except CloudElementsError as error:
            if error.kind is ErrorKind.IN_USE:  # In a fleet, the label of the item says which one it is.
                named = error if planned.entry.label else error.within(f"The {planned.desired} cannot be removed.")
                raise named from None
            return _Unread(planned, error)
        return planned

    results = workers.map(Planned, ask, items)
    unread = [result for result in results if isinstance(result, _Unread)]
    if unread:
        workers.run.warn(f"{unread[0].error.facts} So it is not known whether formulas use what would be removed.")
    return [result.planned if isinstance(result, _Unread) else result for result in results]


@dataclasses.dataclass(frozen=True)
class _Unread:
    """An item to remove of which it could not be found out whether formulas use its instance."""

    planned: PlannedInstance
    error: CloudElementsError


def _refuse_one_name(items: Sequence[Item]) -> None:
    """Raise if two items would end as instances of one name, which nobody could tell apart by it."""
    first: dict[tuple[str | None, str], Entry] = {}
    for item in items:
        if isinstance(item, Planned) and item.predicted is not None:
            refuse_same(first.setdefault((item.predicted.element_key, item.predicted.name), item.entry), item.entry)


def _ignores_secrets(planned: PlannedInstance) -> bool:
    """Tell whether secrets are given that are not sent, by a default that the user may not know."""
    desired = planned.desired
    is_there = planned.observed is not None and desired.present
    return is_there and bool(desired.secrets) and not desired.update_secrets_given
