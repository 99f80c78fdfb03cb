# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make sure that each name that this run gave by a rename is there once, whatever other runs did at the same time."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .._api.client import Client
from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import quote
from .create_once import S
from .races import LOOKS_FOR_OWN, RELIST_AFTER, Verdict


@dataclass(frozen=True)
class Rename(t.Generic[S]):
    """A name that this run gave to a resource.

    Attributes:
        id: The id of the resource.
        name: Its new name.
        kind: The kind of resource in words, such as "instance".
        scope: Within what a name is there once, in words, such as " of the same element". It may be empty.
        matches: Returns all that bear the new name.
        matches_in: Returns those in a listing of all resources of the kind.
    """

    id: int | None
    name: str
    kind: str
    scope: str
    matches: Callable[[Client], Iterable[S]]
    matches_in: Callable[[t.Any, Client], Iterable[S]]

    def __str__(self) -> str:
        """Return the resource in words."""
        return f"{self.kind} with id {self.id}"


def judge_rename(number: int | None, matches: Iterable[S]) -> Verdict:
    """Return what a listing says of a resource that was renamed. Pure.

    Args:
        number: The id of the resource.
        matches: What bears its new name.
    """
    ids = {match.id for match in matches}
    if ids - {number}:
        return Verdict.UNCLEAR
    return Verdict.STAYS if number in ids else Verdict.UNSEEN


def settle_rename(rename: Rename[t.Any], client: Client) -> None:
    """Look whether another resource got the name that one was just given, by another run at the same time.

    Nothing is taken back: who of two was first cannot be known.

    Raises:
        CloudElementsError: `ambiguous`, with both ids, if another one has the name and keeps it.
    """
    later = iter(RELIST_AFTER)
    for wait in LOOKS_FOR_OWN:
        client.budget.wait(
            wait,
            f"It could not be checked whether another {rename.kind} got the name {quote(rename.name)} too.",
        )
        ids = {match.id for match in rename.matches(client)}
        while ids - {rename.id}:  # A run that made the other one removes it again.
            seconds = next(later, None)
            if seconds is None:
                raise _same_name(rename, ids)
            client.budget.wait(seconds, f"The {rename} has the name {quote(rename.name)}, and another one has it too.")
            ids = {match.id for match in rename.matches(client)}
        if rename.id in ids:
            return
    client.warn(
        f"The {rename} was renamed to {quote(rename.name)}, but the platform does not list it under the new name yet. "
        "So it could not be checked whether another one got that name at the same time."
    )


def _same_name(rename: Rename[t.Any], ids: Iterable[int | None]) -> CloudElementsError:
    others = ", ".join(str(number) for number in sorted(number or 0 for number in ids) if number != rename.id)
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"The {rename} was renamed to {quote(rename.name)}. At the same time, another run gave that name to the "
        f"{rename.kind}{rename.scope} with id {others}. Nobody can tell them apart by the name. Rename or remove "
        "one of them by its id.",
    )
