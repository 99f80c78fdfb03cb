# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What the module for one instance does, from options to result."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Mapping

from ._apply import Predictor, Sender, converge, unsettled
from ._arguments import wish_from
from ._elements import refuse_missing
from ._errors import CloudElementsError, Kind
from ._fingerprint import SALT_BYTES
from ._lookup import find
from ._models import Wanted
from ._plan import Create, Step, diff
from ._result import project
from ._task import Task
from ._verify import verify


def ensure_instance(params: Mapping[str, t.Any], task: Task) -> dict[str, t.Any]:
    """Make one instance as wanted and return the task's result.

    In: the module's options, and the task: its client, its pace, whether it only predicts, and where it reports.
    Raises L(CloudElementsError). What was done until then is in C(task.steps).
    """
    wish = wish_from(params, task.connection.organization_secret, os.urandom(SALT_BYTES))
    wanted = wish.wanted
    for warning in wish.warnings:
        task.report(warning)
    before = find(wanted, task.client, task.pace)
    forecast: list[Step] = []
    predicted = converge(wanted, before, Predictor(), forecast)
    if forecast and isinstance(forecast[0], Create):
        _preflight(wanted, task)
    after, made = predicted, False
    if task.check_mode:
        task.steps.extend(forecast)
    else:
        sender = Sender(wanted, task.client, task.pace, task.report)
        after = converge(wanted, before, sender, task.steps)
        made = sender.made
        _report_unsettled(wanted, unsettled(wanted, after), task)
    if params["verify"] and after is not None and not (task.check_mode and forecast):
        verify(wanted, after, task.client, task.pace, task.report, wait=params["verify_wait"], made=made)
    known = after or before
    return {
        "changed": bool(task.steps),
        "id": known.id if known else None,
        "token": after.token if after else None,
        "instance": project(after, wanted.configuration, wanted.secrets) if after else None,
        "diff": diff(wanted, before, predicted, forecast),
    }


def _preflight(wanted: Wanted, task: Task) -> None:
    """Raise where the catalogue already tells that an instance can not be created.

    Where the user may not read the catalogue, the platform itself decides.
    """
    if wanted.element_key is None:
        return
    try:
        element = task.client.get_element(wanted.element_key)
    except CloudElementsError as error:
        if error.kind is Kind.FORBIDDEN:
            return
        raise
    if element is None:
        raise CloudElementsError(
            Kind.NOT_FOUND,
            f"{wanted.label} can not be created: the platform has no element with the key {wanted.element_key!r}. "
            "The module cloud_elements_element_info lists those that it has.",
            status=404,
        )
    refuse_missing(wanted, element)


def _report_unsettled(wanted: Wanted, left: str | None, task: Task) -> None:
    if left is not None:
        task.report(f"{wanted.label} did not settle. It was sent twice, and the platform would still have to {left}.")
