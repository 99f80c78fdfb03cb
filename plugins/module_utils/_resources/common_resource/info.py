# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List common resources in a form that another account takes."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from ..._api.client import Client
from ..._api.common_resource_models import ACCOUNT, INSTANCE, ORGANIZATION, Place
from ..._api.run import Run
from ..._core.errors import CloudElementsError
from ..._core.text import enumerated, quote
from ..._secrets.redaction import Redactor
from .desired import DesiredCommonResource, Level
from .observation import CommonResourceObserver, Listed, list_levels
from .options import level_from, name_of
from .owner import find_owner
from .result import portable


def list_common_resources(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return the common resources of one level, or the one asked for, with all their mappings at this level.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: A listing failed.
    """
    level, client = level_from(params), run.client
    listed: Listed = {}
    if params["name"] is None:
        listed, names = list_names(level, client)
    else:
        names = [name_of(params["name"])]
    observer = CommonResourceObserver(find_owner, listed)
    redactor = Redactor(run.known_secrets)
    shown, unknown = [], []
    for name in names:
        # What is asked for is what would have to go, as that is all of this level.
        asked = DesiredCommonResource(name, level, purge=True)
        observed = observer.observe(asked, client)
        if observed.is_there:
            shown.append(portable(asked, observed, redactor))
            unknown += [] if observed.all_known else [quote(name)]
    if unknown:
        client.warn(
            f"The platform does not tell what another account maps these common resources to, so they are returned "
            f"without mappings: {enumerated(unknown)}. Run with the secrets of that account, and without account_id."
        )
    return {"changed": False, "common_resources": shown}


def list_names(level: Level, client: Client) -> tuple[Listed, list[str]]:
    """Return the definitions of a level, and the names that may have something there, sorted.

    A mapping may rest on a definition of a level above.

    Raises:
        CloudElementsError: A listing failed.
    """
    listed = list_levels([level], client)
    return listed, sorted(set(listed.get(level, {})).union(*_above(level, client)))


def _above(level: Level, client: Client) -> Iterator[Mapping[str, t.Any]]:
    if level.name == INSTANCE and level.instance is not None:
        owner = find_owner(level.instance, client)
        if owner is not None:  # Its list has the levels above too.
            yield client.common_resources.list(Place(INSTANCE, owner.id))
    if level.name == ACCOUNT:
        try:
            yield client.common_resources.list(Place(ORGANIZATION))
        except CloudElementsError as error:
            if error.status not in (400, 403):  # Not every user may list the level of the organization.
                raise
