# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply a planned account, one stage after the other. A failed item keeps what refers to it from being written."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._core.errors import CloudElementsError
from .._reconcile.engine import Finished, Resource, apply
from .._reconcile.phases import Item, Planned, failed
from .._reconcile.plan_summary import SKIPPED
from .._reconcile.progress import Progress
from .._reconcile.prune import prune
from .._reconcile.workers import Workers
from .._resources.common_resource.resource import CommonResourceKind
from .._resources.formula.resource import FormulaResource
from .._resources.formula_instance.resource import FormulaInstanceResource
from .._resources.instance.observation import observe_by_listing
from .._resources.instance.resource import InstanceResource
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES
from .identity import Items, Slot
from .outlook import with_ids
from .planning import AccountPlan
from .references import skip_unresolved
from .stages import Stage, stages_of


@dataclass(frozen=True)
class AccountOutcome:
    """All items of an account at the end.

    Attributes:
        items: The items: applied, failed, or skipped.
        pruned: What was to be pruned: applied, failed, or still planned if it was left alone.
        error: What ended the run before it was through. None if nothing did.
    """

    items: dict[Slot, Item]
    pruned: tuple[Item, ...]
    error: CloudElementsError | None = None


def apply_account(plan: AccountPlan, workers: Workers, progress: Progress) -> AccountOutcome:
    """Apply a planned account, or foresee that in check mode.

    Args:
        plan: The plan.
        workers: Write for the items.
        progress: Counts the items that are written.
    """
    resources = _resources()
    items: dict[Slot, Item] = plan.items
    error: CloudElementsError | None = None
    for stage in stages_of(items):
        if error is None:
            before, items = items, skip_unresolved(items, stage, plan.references)
            for slot in stage:
                if items[slot] is not before[slot]:
                    progress.advance(SKIPPED)
            items, error = _apply(stage, items, resources[stage[0][0]], workers, progress)
    if error is not None:
        items = {
            slot: failed(item, error.within("It was left alone.")) if isinstance(item, Planned) else item
            for slot, item in items.items()
        }
    finished = Finished(tuple(items.values()), error)
    pruned = prune(resources[INSTANCES], plan.candidates, finished, workers, progress)
    return AccountOutcome(items, pruned.items, error or pruned.error)


def _resources() -> dict[str, Resource[t.Any, t.Any]]:
    """Return what sends the steps of each kind."""
    return {
        INSTANCES: InstanceResource(observe_by_listing),
        COMMON_RESOURCES: CommonResourceKind(),
        FORMULAS: FormulaResource(),
        FORMULA_INSTANCES: FormulaInstanceResource(),
    }


def _apply(
    stage: Stage, items: Items, resource: Resource[t.Any, t.Any], workers: Workers, progress: Progress
) -> tuple[dict[Slot, Item], CloudElementsError | None]:
    def ready(item: Item) -> Item:
        is_due = isinstance(item, Planned) and bool(item.steps) and not workers.run.check_mode
        return with_ids(resource, t.cast("Planned[t.Any, t.Any]", item), items) if is_due else item

    finished = apply(resource, [ready(items[slot]) for slot in stage], workers, progress)
    return {**items, **dict(zip(stage, finished.items, strict=True))}, finished.error
