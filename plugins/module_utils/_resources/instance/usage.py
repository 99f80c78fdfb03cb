# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what keeps an instance from being removed: the formula instances that use it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..._api.client import Client
from ..._api.formula_models import FormulaInstance
from ..._api.models import OddRow
from ..._core.errors import CloudElementsError, ErrorKind


def refuse_in_use(instance_id: int, client: Client, leaving: Collection[int | None] = ()) -> None:
    """Raise `in_use` if formula instances use an instance, as the platform does when it is to be removed.

    Check mode calls this, as it cannot try.

    Args:
        instance_id: The id of the instance.
        client: Lists who uses it.
        leaving: The ids of formula instances that are removed before it.

    Raises:
        CloudElementsError: `in_use`, or what the client raises if it cannot be found out.
    """
    users = [user for user in client.formula_instances.using(instance_id) if user.id not in leaving]
    if users:
        raise CloudElementsError(ErrorKind.IN_USE, used_by(users))


def used_by(users: Iterable[FormulaInstance | OddRow]) -> str:
    """Return who uses an instance, and what to do about it, as sentences. Pure."""
    named = ", ".join(user.label if isinstance(user, FormulaInstance) else f"id {user.id}" for user in users)
    return f"It is used by these formula instances: {named}. Remove or change them first."
