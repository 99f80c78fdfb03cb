# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the one way from options to what was done: observe, plan, check, apply, settle, verify, prune.

The engine knows no kind of resource. A `Resource` provides what differs. Each phase takes the items of the one before
and returns them changed. Nothing is written before all items are planned and checked.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .._api.client import Client
from .._core.errors import CloudElementsError, error_of
from .convergence import Converged, converge
from .phases import Applied, D, Failed, Item, Parsed, Planned, applied, failed
from .plan_summary import FAILED, action_of
from .progress import Progress
from .steps import AlreadySent, DryRun, O, Step, StepExecutor
from .workers import Workers

D_contra = t.TypeVar("D_contra", contravariant=True)
O_co = t.TypeVar("O_co", covariant=True)


class Observer(t.Protocol[D_contra, O_co]):
    """Knows what the platform has, as far as it was read for the whole plan."""

    def observe(self, desired: D_contra, client: Client) -> O_co | None:
        """Return the whole resource that is meant, or None if there is none.

        Raises:
            CloudElementsError: It cannot be told, or a create or rename would leave two that nobody can tell apart.
        """


class Resource(t.Protocol[D, O]):
    """A kind of resource, as the engine sees it."""

    def observer(self, parsed: Sequence[Parsed[D]], workers: Workers) -> Observer[D, O]:
        """Read what all items have in common, such as one listing, and return what observes each of them.

        Raises:
            CloudElementsError: Items contradict each other, or the listing failed. Nothing is planned then.
        """

    def steps(self, desired: D, observed: O | None, already_sent: AlreadySent) -> tuple[Step[O], ...]:
        """Return the steps from what is observed to what is desired. Pure."""

    def check(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return the items of a plan, those that must not be applied as failed.

        Raises:
            CloudElementsError: The plan as a whole must not be applied.
        """

    def executor(self, planned: Planned[D, O], baseline: t.Any, client: Client) -> StepExecutor[O]:
        """Return what sends the steps of an item to the platform."""

    def baseline(self, items: Sequence[Item], workers: Workers) -> t.Any:
        """Return what is known before anything is written."""

    def notes(self, result: Applied[D, O]) -> tuple[str, ...]:
        """Return what the user should know of an item that was applied, or would be."""

    def settle(self, items: Sequence[Item], baseline: t.Any, workers: Workers) -> list[Item]:
        """Return the items after making sure that each is there once, whatever other runs did at the same time."""

    def explain(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return items that failed while they were applied, the errors of some with what explains them."""

    def is_verified(self, desired: D) -> bool:
        """Tell whether the user asks to verify a resource."""

    def verify(self, result: Applied[D, O], client: Client) -> Applied[D, O] | Failed[D, O]:
        """Return an item after checking that it works."""


class PlainResource:
    """What a kind of resource inherits if a phase has nothing to do for it."""

    def check(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return all items of a plan as they are."""
        return list(items)

    def baseline(self, items: Sequence[Item], workers: Workers) -> t.Any:
        """Return None: nothing has to be known before a write."""

    def notes(self, result: Applied[t.Any, t.Any]) -> tuple[str, ...]:
        """Return no warning."""
        return ()

    def settle(self, items: Sequence[Item], baseline: t.Any, workers: Workers) -> list[Item]:
        """Return the items as they are: no other run can make the same one."""
        return list(items)

    def explain(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return failed items with the errors that they have."""
        return list(items)

    def is_verified(self, desired: t.Any) -> bool:
        """Return False: there is nothing to verify."""
        return False

    def verify(self, result: Applied[D, O], client: Client) -> Applied[D, O] | Failed[D, O]:
        """Return the item as it is."""
        return result


@dataclass(frozen=True)
class Plan:
    """All items before anything is written.

    Attributes:
        items: The items in the order given: planned, failed, or skipped.
        observer: What the platform had.
    """

    items: tuple[Item, ...]
    observer: t.Any


@dataclass(frozen=True)
class Finished:
    """All items at the end.

    Attributes:
        items: The items in the order given: applied, failed, or skipped.
        error: What ended the run before all phases were through. What was done by then is in the items.
    """

    items: tuple[Item, ...]
    error: CloudElementsError | None = None


def make_plan(resource: Resource[t.Any, t.Any], items: Sequence[Item], workers: Workers) -> Plan:
    """Plan all items and check the plan. Nothing is written.

    Args:
        resource: The kind of resource.
        items: The items as they were parsed.
        workers: Read for the items.

    Raises:
        CloudElementsError: The plan as a whole cannot be made, or must not be applied.
    """
    observer = resource.observer([item for item in items if isinstance(item, Parsed)], workers)

    def plan(parsed: Parsed[D], client: Client) -> Planned[D, t.Any]:
        return plan_one(resource, parsed, observer.observe(parsed.desired, client), client.warnings)

    planned = workers.map(Parsed, plan, items)
    return Plan(tuple(resource.check(planned, workers)), observer)


def plan_one(
    resource: Resource[D, O], parsed: Parsed[D], observed: O | None, warnings: tuple[str, ...] = ()
) -> Planned[D, O]:
    """Plan one item. Pure.

    Raises:
        CloudElementsError: No steps could lead from what is observed to what is desired.
    """
    foreseen = _converge(resource, parsed.desired, observed, DryRun())
    if foreseen.error is not None:
        raise foreseen.error
    return Planned(
        parsed.entry, parsed.desired, observed, foreseen.steps, foreseen.observed, (*parsed.warnings, *warnings)
    )


def apply(
    resource: Resource[t.Any, t.Any], items: Sequence[Item], workers: Workers, progress: Progress | None = None
) -> Finished:
    """Apply planned items, or foresee that in check mode, and return all items in the same order.

    Args:
        resource: The kind of resource.
        items: The items of a plan.
        workers: Write for the items.
        progress: Counts the items that are written. None if nobody follows.
    """
    if workers.run.check_mode:
        return Finished(verify(resource, foresee(items), workers))
    baseline = resource.baseline(items, workers)

    def carry_out(planned: Planned[D, O], client: Client) -> Item:
        result = apply_one(resource, planned, baseline, client)
        try:
            if progress is not None and planned.steps:
                progress.advance(FAILED if isinstance(result, Failed) else action_of(planned.steps))
            return _noted(resource, result)
        except Exception as error:  # What was done is kept.
            return failed(result, error_of(error))

    results = list(foresee(items, where=_is_unchanged))
    try:
        results = workers.map(Planned, carry_out, results)
        results = resource.settle(results, baseline, workers)
        refused = [at for at, item in enumerate(items) if isinstance(item, Planned) and isinstance(results[at], Failed)]
        for at, item in zip(refused, resource.explain([results[at] for at in refused], workers), strict=True):
            results[at] = item
        return Finished(verify(resource, results, workers))
    except Exception as error:  # What was done by then is returned all the same.
        ended = error_of(error)
        return Finished(tuple(failed(item, ended) if isinstance(item, Planned) else item for item in results), ended)


def foresee(
    items: Sequence[Item], where: Callable[[Planned[t.Any, t.Any]], bool] = lambda _planned: True
) -> tuple[Item, ...]:
    """Return planned items as applied, as they will be. Pure.

    Args:
        items: The items.
        where: Tells which planned items to take. Others stay as they are.
    """
    return tuple(
        Applied(item, item.steps, item.predicted, None, item.warnings)
        if isinstance(item, Planned) and where(item)
        else item
        for item in items
    )


def _is_unchanged(planned: Planned[t.Any, t.Any]) -> bool:
    return not planned.steps


def apply_one(
    resource: Resource[D, O],
    planned: Planned[D, O],
    baseline: t.Any,
    client: Client,
    already_sent: AlreadySent = AlreadySent.NOTHING,
) -> Applied[D, O] | Failed[D, O]:
    """Carry out the steps of one item on the platform."""
    executor = resource.executor(planned, baseline, client)
    done = _converge(resource, planned.desired, planned.observed, executor, already_sent)
    return applied(planned, done, client.warnings)


def adopt(
    resource: Resource[D, O],
    item: Applied[D, O] | Failed[D, O],
    created: t.Any,
    observed: O | None,
    baseline: t.Any,
    client: Client,
) -> Item:
    """Go on with what another run created. A code that was sent is not sent again.

    Args:
        resource: The kind of resource.
        item: The item whose own create made way.
        created: What the create came to in the end.
        observed: The other run's resource.
        baseline: What was known before anything was written.
        client: Sends what is still to be done.
    """
    if isinstance(item, Failed):
        return replace(item, observed=observed, receipt=created, warnings=(*item.warnings, *client.warnings))
    planned = replace(item.planned, observed=observed, warnings=item.warnings)
    more = apply_one(resource, planned, baseline, client, AlreadySent.CODE)
    steps = (*item.steps, *more.steps)
    return _noted(resource, replace(more, planned=item.planned, steps=steps, receipt=created))


def verify(resource: Resource[t.Any, t.Any], items: Sequence[Item], workers: Workers) -> tuple[Item, ...]:
    """Verify the items that were applied. In check mode, only what would stay as it is can be verified."""

    def is_due(result: Applied[D, O]) -> bool:
        return resource.is_verified(result.planned.desired) and not (workers.run.check_mode and result.steps)

    return tuple(workers.map(Applied, resource.verify, items, is_due))


def unsettled(resource: Resource[t.Any, t.Any], result: Applied[t.Any, t.Any]) -> tuple[str, ...]:
    """Return a warning if the platform does not take what it is sent. Pure.

    Args:
        resource: The kind of resource.
        result: An item after it was applied.
    """
    desired = result.planned.desired
    left = resource.steps(desired, result.observed, AlreadySent.ALL)
    if not left:
        return ()
    undone = " and ".join(step.action for step in left)
    return (f"The {desired} did not settle. It was sent twice, and the platform would still have to {undone}.",)


def _noted(resource: Resource[D, O], result: Applied[D, O] | Failed[D, O]) -> Item:
    if isinstance(result, Failed):
        return result
    return replace(result, warnings=(*result.warnings, *resource.notes(result)))


def _converge(
    resource: Resource[D, O],
    desired: D,
    observed: O | None,
    executor: StepExecutor[O],
    already_sent: AlreadySent = AlreadySent.NOTHING,
) -> Converged[O]:
    def plan(current: O | None, sent: AlreadySent) -> tuple[Step[O], ...]:
        return resource.steps(desired, current, sent)

    return converge(plan, observed, executor, already_sent)
