# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.
"""What the module that exports a fleet does, from options to result."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping

from .._api.models import Filter, Instance
from .._core.errors import CloudElementsError
from .._core.text import enumerated
from .._reconcile.task import Task
from .._resources.elements import Element
from .._resources.instance.info import completed, search
from .._resources.instance.job import report_unread
from .._resources.instance.options import filter_from
from .fleet_file import fleet_file
from .instances import Export, export_from


def describe_fleet(params: Mapping[str, t.Any], task: Task) -> dict[str, t.Any]:
    """Return the instances that an account has as options that make them elsewhere, and as a file of variables.

    In: the module's options, and the task. Raises C(invalid_response) where the platform does not tell all of them.
    """
    instances = _all(filter_from(params), task)
    known = (task.connection.user_secret, task.connection.organization_secret)
    export = export_from(instances, _elements(instances, task), known, params["plain_keys"])
    return {"changed": False, **_told(export)}


def _all(desired: Filter, task: Task) -> list[Instance]:
    """Return every instance that passes the filter. One of an element that is not told could not be made elsewhere."""
    instances = list(completed(desired, search(desired, task.client), task.client))
    odd = [str(instance.id) for instance in instances if instance.element_key is None]
    if odd:
        task.report(
            f"The platform does not tell the element of the instances with these ids, so they were left out: "
            f"{enumerated(odd)}."
        )
    return [instance for instance in instances if instance.element_key is not None]


def _elements(instances: Iterable[Instance], task: Task) -> dict[str, Element | None]:
    """Return the elements of the instances, each with the configuration that it takes, as far as they can be read."""
    elements: dict[str, Element | None] = {}
    for key in sorted({instance.element_key for instance in instances if instance.element_key}):
        elements[key] = None
        try:
            elements[key] = task.client.get_element(key)
        except CloudElementsError as error:
            report_unread(error, task.report)
    return elements


def _told(export: Export) -> dict[str, t.Any]:
    return {
        "instances": [dict(item.options) for item in export.items],
        "secrets": [dataclasses.asdict(secret) for secret in export.secrets],
        "duplicates": [dataclasses.asdict(same) | {"ids": list(same.ids)} for same in export.duplicates],
        "notes": [
            {"name": item.name, "element_key": item.element_key, "note": note}
            for item in export.items
            for note in item.notes
        ],
        "fleet_file": fleet_file(export),
    }
