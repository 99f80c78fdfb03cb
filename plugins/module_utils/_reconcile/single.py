# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconcile one resource: a list of one through the engine. The modules about a single resource call this."""

from __future__ import annotations

import typing as t

from .._api.run import Run
from .._core.errors import PartialError
from .engine import Resource, apply, make_plan
from .phases import Applied, Failed, Item, Unknown, failed
from .workers import Workers


def reconcile_one(resource: Resource[t.Any, t.Any], item: Item, run: Run) -> Applied[t.Any, t.Any] | Unknown:
    """Make one resource as desired, and return what was done.

    Args:
        resource: The kind of resource.
        item: The parsed options of the task.
        run: The run.

    Raises:
        CloudElementsError: The resource failed. A `PartialError` tells what was done before that.
    """
    with Workers(run) as workers:
        plan = make_plan(resource, [item], workers)
        finished = apply(resource, plan.items, workers)
    (result,) = finished.items
    if finished.error is not None:
        result = failed(result, finished.error)
    for warning in result.warnings:
        run.warn(warning)
    if isinstance(result, Failed):
        raise _failure(result)
    if not isinstance(result, (Applied, Unknown)):
        raise AssertionError("An item of a plan is applied, failed, or skipped at the end.")
    return result


def _failure(item: Failed[t.Any, t.Any]) -> PartialError:
    actions = [step.action for step in item.steps]
    done = f" Done before that: {'; '.join(actions)}." if actions else ""
    result = {"changed": bool(actions), "actions": actions}
    return PartialError(item.error.but(f"{item.error.message}{done}"), result)
