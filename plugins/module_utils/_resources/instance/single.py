# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for one instance, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._api.run import Run
from ..._reconcile.phases import Applied, Planned, Unknown
from ..._reconcile.single import reconcile_one
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
    return _result(reconcile_one(resource, item, run))


def _result(item: Applied[t.Any, t.Any] | Unknown) -> dict[str, t.Any]:
    if isinstance(item, Unknown):
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
