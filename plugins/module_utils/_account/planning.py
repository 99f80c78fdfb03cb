# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a whole account before anything is written: each kind after those that it refers to.

Removals of formula instances are planned first: what they use may be removed in the same run.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable
from dataclasses import dataclass

from .._api.client import Client
from .._api.common_resource_models import ACCOUNT, INSTANCE, ORGANIZATION
from .._reconcile.engine import Resource, make_plan
from .._reconcile.phases import Item, Parsed
from .._reconcile.prune import Candidates, PruneRule
from .._reconcile.workers import Workers
from .._resources.common_resource.resource import CommonResourceKind
from .._resources.formula.observation import FormulaObserver
from .._resources.formula.resource import FormulaResource
from .._resources.formula_instance.observation import FormulaInstanceObserver
from .._resources.formula_instance.resource import FormulaInstanceResource
from .._resources.instance.desired import DesiredInstance
from .._resources.instance.observation import ListingObserver, observe_by_listing
from .._resources.instance.prune_candidates import prune_candidates
from .._resources.instance.resource import InstanceResource
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES
from .identity import Items, Slot, of_kind
from .listings import Listings, SharedFormulaInstanceReads, SharedFormulaReads, owner_finder
from .outlook import formulas, instance_ids, names, removed
from .references import references_of, refuse_removed, removal_references, skip_unresolved
from .stages import refuse_cycles, stages_of


@dataclass(frozen=True)
class AccountPlan:
    """A whole account before anything is written.

    Attributes:
        items: The items, planned, failed, or skipped.
        references: What each item refers to.
        candidates: The element instances to prune.
    """

    items: dict[Slot, Item]
    references: dict[Slot, frozenset[Slot]]
    candidates: Candidates


def plan_account(parsed: Items, rule: PruneRule | None, workers: Workers) -> AccountPlan:
    """Plan all items of an account. Nothing is written.

    Args:
        parsed: The items as they were parsed.
        rule: Which element instances may be pruned. None if none may.
        workers: Read for the items.

    Raises:
        CloudElementsError: A listing failed, items contradict each other, or too much would be pruned.
    """
    planning = _Planning(refuse_removed(parsed), workers)
    planning.plan_removed_formula_instances()
    planning.plan_formulas()
    planning.plan_common_resources((ORGANIZATION,))
    planning.plan_common_resources((ACCOUNT,))
    candidates = planning.plan_instances(rule)
    planning.plan_common_resources((INSTANCE,))
    planning.plan_formula_instances()
    items = refuse_cycles(planning.items)
    references = {**planning.references, **removal_references(items)}
    for stage in stages_of(items):
        items = skip_unresolved(items, stage, references)
    return AccountPlan(items, references, candidates)


class _Planning:
    """Plans the kinds one after the other. Each step looks at what the ones before planned."""

    def __init__(self, items: Items, workers: Workers) -> None:
        self.items = dict(items)
        self.references = references_of(items)
        self._workers = workers
        self._listings = Listings()

    def plan_removed_formula_instances(self) -> None:
        """Plan the removals of formula instances."""
        reads = SharedFormulaInstanceReads(self._listings)
        resource = FormulaInstanceResource(FormulaInstanceObserver(reads))
        self._plan(of_kind(self.items, FORMULA_INSTANCES, present=False), resource)

    def plan_formulas(self) -> None:
        """Plan the formulas. They may call those that are still to be created."""
        wanted, going = (names(self.items, of_kind(self.items, FORMULAS, present=each)) for each in (True, False))
        leaving = removed(self.items, FORMULA_INSTANCES)
        observer = FormulaObserver(SharedFormulaReads(self._listings), wanted, leaving, going)
        self._plan(of_kind(self.items, FORMULAS), FormulaResource(observer))

    def plan_common_resources(self, levels: tuple[str, ...]) -> None:
        """Plan the common resources of a level, after those of the levels above."""
        above = {INSTANCE: (ORGANIZATION, ACCOUNT), ACCOUNT: (ORGANIZATION,)}.get(levels[0])
        upcoming = names(self.items, of_kind(self.items, COMMON_RESOURCES, present=True, levels=above) if above else ())
        find_owner = owner_finder(instance_ids(self.items))
        resource = CommonResourceKind(find_owner, upcoming, removed(self.items, FORMULAS))
        self._plan(of_kind(self.items, COMMON_RESOURCES, levels=levels), resource)

    def plan_instances(self, rule: PruneRule | None) -> Candidates:
        """Plan the element instances, and return what is to be pruned."""

        def observe(parsed: t.Sequence[Parsed[DesiredInstance]], client: Client) -> ListingObserver:
            observer = observe_by_listing(parsed, client)
            self._listings.instances = lambda _client: observer.listing
            return observer

        resource = InstanceResource(observe, removed(self.items, FORMULA_INSTANCES))
        slots = list(of_kind(self.items, INSTANCES))
        observer = self._plan(slots, resource)
        return prune_candidates(resource, rule, [self.items[slot] for slot in slots], observer)

    def plan_formula_instances(self) -> None:
        """Plan the formula instances that are to be there. They may refer to what is still to be created."""
        reads = SharedFormulaInstanceReads(self._listings, formulas(self.items), instance_ids(self.items))
        resource = FormulaInstanceResource(FormulaInstanceObserver(reads))
        self._plan(of_kind(self.items, FORMULA_INSTANCES, present=True), resource)

    def _plan(self, places: Iterable[Slot], resource: Resource[t.Any, t.Any]) -> t.Any:
        """Plan the items of some places, and return what observed them. None if there are none."""
        slots = list(places)
        if not slots:
            return None
        ready = skip_unresolved(self.items, slots, self.references)
        plan = make_plan(resource, [ready[slot] for slot in slots], self._workers)
        self.items = {**ready, **dict(zip(slots, plan.items, strict=True))}
        return plan.observer
