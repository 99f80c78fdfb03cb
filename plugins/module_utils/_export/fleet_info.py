# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the module that exports a fleet does, from options to result."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Mapping

from .._api.models import Instance
from .._api.run import Run
from .._core.text import enumerated
from .._resources.instance.desired import InstanceFilter
from .._resources.instance.info import completed, search
from .._resources.instance.options import filter_from
from .fleet_file import fleet_file
from .instances import Export, export_from
from .observation import read_elements


def describe_fleet(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return the instances that an account has as options that make them elsewhere, and as a file of variables.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: `invalid_response` if the platform does not tell all of them.
    """
    instances = _all(filter_from(params), run)
    export = export_from(instances, read_elements(instances, run), run.known_secrets, params["plain_keys"])
    return {"changed": False, **_told(export)}


def _all(desired: InstanceFilter, run: Run) -> list[Instance]:
    """Return every instance that passes the filter. One of an element that is not told could not be made elsewhere."""
    instances = list(completed(desired, search(desired, run.client), run.client))
    odd = [str(instance.id) for instance in instances if instance.element_key is None]
    if odd:
        run.warn(
            f"The platform does not tell the element of the instances with these ids, so they were left out: "
            f"{enumerated(odd)}."
        )
    return [instance for instance in instances if instance.element_key is not None]


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
