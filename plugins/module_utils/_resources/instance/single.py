# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What the module for one instance does, from options to result."""

from __future__ import annotations

import contextlib
import os
import typing as t
from collections.abc import Mapping

from ..._api.models import DesiredInstance
from ..._core.errors import CloudElementsError, ErrorKind
from ..._reconcile.task import Task
from ..._secrets.fingerprint import SALT_BYTES
from .duplicates import Made
from .job import (
    SECRETS_IGNORED,
    Job,
    carry_out,
    check,
    element_keys,
    foresee,
    note_unknown_keys,
    preflight,
    pretend,
    report_unread,
)
from .lookup import find_or_survey
from .options import UNKNOWN_ID, names_instance, wish_from
from .result import project
from .usage import refuse_held


def ensure_instance(params: Mapping[str, t.Any], task: Task) -> dict[str, t.Any]:
    """Make one instance as desired and return the task's result.

    In: the module's options, and the task: its client, its budget, whether it only predicts, and where it reports.
    Raises L(CloudElementsError). What was done until then is in C(task.steps).
    """
    if not names_instance(params, check_mode=task.check_mode):
        task.report(UNKNOWN_ID)
        return {"changed": False, "id": None, "token": None, "instance": None, "diff": {"before": {}, "after": {}}}
    wish = wish_from(params, task.connection.organization_secret, os.urandom(SALT_BYTES))
    desired = wish.desired
    task.warnings.extend(wish.warnings)
    before, baseline = find_or_survey(desired, task.client, task.budget)
    job = foresee(desired, before)
    job.steps, job.warnings = task.steps, task.warnings
    if job.doubtful_key is not None:
        _preflight(desired, job.doubtful_key, task)
    elif job.strange_keys:
        _look_up_keys(job, task)
    if job.ignores_secrets:
        task.report(SECRETS_IGNORED)
    made: Made | None = None
    if task.check_mode:
        _refuse_held(job, task)
        pretend(job)
    else:
        sender = job.sender(task.client, task.budget, baseline)
        carry_out(job, sender)
        made = sender.made
    if not (task.check_mode and job.forecast):
        check(job, task.client, task.budget, made)
    return {
        "changed": bool(job.steps),
        "id": job.known.id if job.known else None,
        "token": job.after.token if job.after else None,
        "instance": project(job.after, desired) if job.after else None,
        "diff": job.diff(),
    }


def _refuse_held(job: Job, task: Task) -> None:
    """Raise C(in_use) in check mode where the platform would refuse to remove the instance. Report what can not be
    found out."""
    if not job.removes or job.before is None or job.before.id is None:
        return
    try:
        refuse_held(job.before.id, task.client)
    except CloudElementsError as error:
        if error.kind is ErrorKind.IN_USE:
            raise error.within(f"{job.desired.label} can not be removed.") from None
        task.report(f"{error.message} So it is not known whether formulas use {job.desired.inside}.")


def _preflight(desired: DesiredInstance, element_key: str, task: Task) -> None:
    """Ask the catalogue before anything is sent, and before it is said that nothing is there to be removed.

    Where it can not be read, the platform itself decides.
    """
    try:
        element = task.client.get_element(element_key)
    except CloudElementsError as error:
        report_unread(error, task.report)
        return
    keys = element_keys(task.client) if element is None else ()
    preflight(desired, element, task.report, keys)


def _look_up_keys(job: Job, task: Task) -> None:
    """Ask the catalogue for keys that the instance does not have. If it cannot be read, nothing is said."""
    with contextlib.suppress(CloudElementsError):
        note_unknown_keys(job, task.client.get_element(job.asked_element or ""))
