# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What keeps an instance from being removed: the formula instances that use it."""

from __future__ import annotations

from collections.abc import Iterable

from ..._api.client import Client
from ..._api.models import FormulaInstance
from ..._core.errors import CloudElementsError, ErrorKind


def refuse_held(instance_id: int, client: Client) -> None:
    """Raise C(in_use) where formula instances use an instance, as the platform does when it is to be removed.

    For check mode, which can not try. Raises what the client raises where that can not be found out.
    """
    holders = client.formula_instances(instance_id)
    if holders:
        raise CloudElementsError(ErrorKind.IN_USE, used_by(holders))


def used_by(holders: Iterable[FormulaInstance]) -> str:
    """Return who uses an instance, and what to do about it, as sentences. Pure."""
    named = ", ".join(holder.label for holder in holders)
    return f"It is used by these formula instances: {named}. Remove or change them first."
