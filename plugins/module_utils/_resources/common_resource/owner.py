# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the element instance that level instance is about."""

from __future__ import annotations

from dataclasses import dataclass

from ..._api.client import Client
from ..._core.errors import CloudElementsError, ErrorKind
from ..instance import lookup
from ..instance.desired import DesiredInstance
from .desired import OwnerReference


@dataclass(frozen=True)
class Owner:
    """An element instance that has common resources of its own. Its id is `NOT_YET` if it is still to be created."""

    id: int
    element_key: str
    name: str


def find_owner(reference: OwnerReference, client: Client) -> Owner | None:
    """Return the element instance that is meant, or None if there is none.

    Raises:
        CloudElementsError: `ambiguous` if there are several. `invalid_response` if its element is not told.
    """
    if reference.id is not None:
        found = client.instances.get(reference.id)
    else:
        found = lookup.find(DesiredInstance(reference.name, reference.element_key), client)
    if found is None or found.id is None:
        return None
    if found.element_key is None:
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE, f"The platform does not tell the element of the {reference}. Run again."
        )
    return Owner(found.id, found.element_key, found.name)
