# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for many instances, from options to result: one listing, one plan, and then concurrent writes."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping, Sequence

from ..._api.run import Run
from ..._reconcile.engine import apply, make_plan
from ..._reconcile.phases import Item, warnings_of, writes
from ..._reconcile.progress import Progress
from ..._reconcile.prune import prune
from ..._reconcile.reviewed_plan import expected_plan, review
from ..._reconcile.workers import Workers
from .fleet_result import FleetOutcome, changes_of, fleet_result
from .observation import observe_by_listing
from .parsing import concurrency_from, parse_fleet, prune_rule
from .prune_candidates import prune_candidates
from .resource import InstanceResource


def ensure_fleet(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Make many instances as desired and return the result of the task.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: `invalid_options` if the options as a whole cannot be used, `plan_changed` if the plan is
            not the expected one, and what a failed listing raises. Nothing was written then.
        PartialError: Single items failed after the others were done. It holds the result.
    """
    concurrency, rule, expected = concurrency_from(params), prune_rule(params), expected_plan(params)
    items = parse_fleet(
        params["instances"], run.connection.organization_secret, params["plain_keys"], check_mode=run.check_mode
    )
    resource = InstanceResource(observe_by_listing)
    known: Sequence[Item] = items
    try:
        with Workers(run, concurrency) as workers:
            plan = make_plan(resource, items, workers)
            known = plan.items
            candidates = prune_candidates(resource, rule, plan.items, plan.observer)
            reviewed = review(changes_of(plan.items, candidates.planned), expected, run)
            progress = Progress.from_environment(os.environ, writes(plan.items) + len(candidates.planned))
            finished = apply(resource, plan.items, workers, progress)
            pruned = prune(resource, candidates, finished, workers, progress)
            progress.close()
            known = (*finished.items, *pruned.items)
    finally:
        for warning in warnings_of(known):
            run.warn(warning)
    return fleet_result(FleetOutcome(finished.items, pruned.items, finished.error or pruned.error), reviewed, run)
