# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for one instance, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._api.run import Run
from ..._core.errors import PartialError
from ..._reconcile.engine import apply, make_plan
from ..._reconcile.phases import Applied, Failed, Item, Planned, failed
from ..._reconcile.workers import Workers
from .observation import SearchObserver
from .parsing import parse_one
from .plan import diff
from .resource import InstanceResource
from .result import project


def ensure_instance(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Make one instance as desired and return the result of the task.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: The instance failed. A `PartialError` tells what was done before that.
    """
    item = parse_one(params, run.connection.organization_secret, check_mode=run.check_mode)
    resource = InstanceResource(lambda _parsed, _client: SearchObserver())
    with Workers(run) as workers:
        plan = make_plan(resource, [item], workers)
        outcome = apply(resource, plan.items, workers)
    (result,) = outcome.items
    if outcome.error is not None:
        result = failed(result, outcome.error)
    for warning in result.warnings:
        run.warn(warning)
    return _result(result, run)


def _result(item: Item, run: Run) -> dict[str, t.Any]:
    if isinstance(item, Failed):
        raise _failure(item, run)
    if not isinstance(item, Applied):
        nothing: dict[str, t.Any] = {"id": None, "token": None, "instance": None, "diff": {"before": {}, "after": {}}}
        return {"changed": False, "actions": [], **nothing}
    planned: Planned[t.Any, t.Any] = item.planned
    known = item.observed or planned.observed
    return {
        "changed": bool(item.steps),
        "actions": [step.action for step in item.steps],
        "id": known.id if known else None,
        "token": item.observed.token if item.observed else None,
        "instance": project(item.observed, planned.desired) if item.observed else None,
        "diff": diff(planned.desired, planned.observed, planned.predicted, planned.steps),
    }


def _failure(item: Failed[t.Any, t.Any], run: Run) -> PartialError:
    actions = [step.action for step in item.steps]
    done = f" Done before that: {'; '.join(actions)}." if actions else ""
    result = {"changed": bool(actions), "actions": actions}
    return PartialError(item.error.but(f"{item.error.message}{done}"), result)
