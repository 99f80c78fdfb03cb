# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find out which elements a common resource is mapped to at one level.

The list of where it is mapped is refused by many organizations on v2, and the export does not exist on v1. Neither is
certain to exist everywhere. If nothing tells, every element of the catalog is asked for.
"""

from __future__ import annotations

from ..._api.client import Client
from ..._api.common_resource_models import ACCOUNT, Mapped, Place


def mapped_keys(name: str, place: Place, is_visible: bool, client: Client) -> tuple[str, ...] | None:
    """Return the keys of elements that may have a mapping at a place, or None if that cannot be known.

    Each has to be read by its key: other levels may be among them.

    Args:
        name: The name of the common resource.
        place: Where to look. Not level instance, which has one mapping at most.
        is_visible: Whether the common resource is known to be there. Then a 404 says nothing of mappings.
        client: Reads.
    """
    rows = client.common_resources.mapped(name)
    if rows is not None:
        return tuple(dict.fromkeys(row.element_key for row in rows if _may_be_at(place, row)))
    if not place.own:
        return None
    keys = client.common_resources.exported_keys(name)
    if keys is not None:
        return keys
    return client.elements.list_keys() if is_visible else ()


def _may_be_at(place: Place, row: Mapped) -> bool:
    if row.level != place.level:
        return False
    return place.level != ACCOUNT or place.id is None or row.account_id in (None, place.id)
