# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What the module for one instance does, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ._apply import Sender, converge, predict, unsettled
from ._arguments import wish_from
from ._lookup import find
from ._plan import diff
from ._result import project
from ._task import Task


def ensure_instance(params: Mapping[str, t.Any], task: Task) -> dict[str, t.Any]:
    """Make one instance as wanted and return the task's result.

    In: the module's options, and the task: its client, its pace, whether it only predicts, and where it reports.
    Raises L(CloudElementsError). What was done until then is in C(task.actions).
    """
    wish = wish_from(params)
    wanted = wish.wanted
    for warning in wish.warnings:
        task.report(warning)
    before = find(wanted, task.client, task.pace)
    forecast: list[str] = []
    predicted = converge(wanted, before, predict, forecast)
    if task.check_mode:
        after, task.actions[:] = predicted, forecast
    else:
        sender = Sender(wanted, task.client, task.pace, task.report)
        after = converge(wanted, before, sender, task.actions)
        left = unsettled(wanted, after)
        if left is not None:
            task.report(f"{wanted.label} did not settle: after it was sent twice, the platform still wants to {left}.")
    known = after or before
    return {
        "changed": bool(task.actions),
        "id": known.id if known else None,
        "token": after.token if after else None,
        "instance": project(after, wanted),
        "diff": diff(wanted, before, predicted),
    }
