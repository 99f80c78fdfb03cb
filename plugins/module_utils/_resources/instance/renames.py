# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make sure that each name that this run gave by a rename is there once, whatever other runs did at the same time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from ..._api.client import Client
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import quote
from ..._reconcile.races import LOOKS_FOR_OWN, RELIST_AFTER, Verdict
from .desired import DesiredInstance, describe
from .lookup import look


def judge_rename(renamed: Instance, matches: Sequence[Instance]) -> Verdict:
    """Return what a listing says of an instance that was renamed. Pure.

    Args:
        renamed: The instance.
        matches: The instances that bear its new name.
    """
    ids = {match.id for match in matches}
    if ids - {renamed.id}:
        return Verdict.UNCLEAR
    return Verdict.STAYS if renamed.id in ids else Verdict.UNSEEN


def settle_rename(instance: Instance, desired: DesiredInstance, client: Client) -> None:
    """Look whether another instance got the name that one was just given, by another run at the same time.

    Nothing is taken back: who of two was first cannot be known.

    Raises:
        CloudElementsError: `ambiguous`, with both ids, if another one has the name and keeps it.
    """
    named = dataclasses.replace(desired, id=None, name=instance.name, element_key=instance.element_key)
    later = iter(RELIST_AFTER)
    for wait in LOOKS_FOR_OWN:
        client.budget.wait(
            wait, f"It could not be checked whether another instance got the name {quote(instance.name)} too."
        )
        ids = {match.id for match in look(named, client, hydrate=False).matches}
        while ids - {instance.id}:  # A run that made the other one removes it again.
            seconds = next(later, None)
            if seconds is None:
                raise _same_name(instance, ids)
            client.budget.wait(seconds, f"The {desired} has the name of another instance.")
            ids = {match.id for match in look(named, client, hydrate=False).matches}
        if instance.id in ids:
            return
    client.warn(
        f"The {desired} was renamed, but the platform does not list it under the new name yet. So it could not be "
        "checked whether another instance got that name at the same time."
    )


def _same_name(instance: Instance, ids: Iterable[int | None]) -> CloudElementsError:
    others = ", ".join(str(number) for number in sorted(number or 0 for number in ids) if number != instance.id)
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"The {describe(None, None, instance.id)} was renamed to {quote(instance.name)}. At the same time, another run "
        f"gave that name to the instance of the same element with id {others}. Nobody can tell them apart by the name. "
        "Rename or remove one of them by its id.",
    )
