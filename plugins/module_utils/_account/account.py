# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for a whole account, from options to result: one plan over all kinds, and then the writes in order."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Iterable, Mapping

from .._api.run import Run
from .._reconcile.phases import Item, warnings_of, writes
from .._reconcile.progress import Progress
from .._reconcile.reviewed_plan import expected_plan, review
from .._reconcile.workers import Workers
from .._resources.instance.parsing import concurrency_from, prune_rule
from .._resources.kinds import INSTANCES
from .._secrets.redaction import Redactor
from .applying import apply_account
from .changes import changes_of
from .parsing import parse_account
from .planning import plan_account
from .result import account_result


def ensure_account(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Make the resources of an account as desired and return the result of the task.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: `invalid_options` if the options as a whole cannot be used, `plan_changed` if the plan is
            not the expected one, and what a failed listing raises. Nothing was written then.
        PartialError: Single items failed after the others were done. It holds the result.
    """
    concurrency, expected = concurrency_from(params), expected_plan(params)
    rule = prune_rule(params) if INSTANCES in params["include"] else None
    items = parse_account(params, run.connection.organization_secret, check_mode=run.check_mode)
    known: Iterable[Item] = items.values()
    try:
        with Workers(run, concurrency) as workers:
            plan = plan_account(items, rule, workers)
            known = plan.items.values()
            changes = changes_of(plan.items, plan.candidates.planned, Redactor(run.known_secrets))
            reviewed = review(changes, expected, run)
            writing = writes(plan.items.values()) + len(plan.candidates.planned)
            progress = Progress.from_environment(os.environ, writing)
            outcome = apply_account(plan, workers, progress)
            progress.close()
            known = (*outcome.items.values(), *outcome.pruned)
    finally:
        for warning in warnings_of(known):
            run.warn(warning)
    return account_result(outcome, reviewed, run)
