# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make sure that what a run created is there once, whatever other runs did at the same time.

Nothing on the platform keeps two runs from creating one name. So each looks after its create: the lowest id stays, and
a run deletes its own one if another is older.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence

from .._api.client import Client
from .._core.errors import CloudElementsError, ErrorKind
from .create_once import Created, S, delete_own, doubt_of

LOOKS_FOR_OWN = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for our own resource in the listing, which may lag."""

RELIST_AFTER = (1.0, 2.0, 4.0)
"""Seconds between looks at more than one match: another run may just be removing its own."""


class Verdict(enum.Enum):
    """What a listing says of a resource that was just created."""

    UNSEEN = "unseen"
    """It does not show yet, so nothing can be said."""
    STAYS = "stays"
    """It is the oldest with its name."""
    YIELDS = "yields"
    """Another run made one before."""
    UNCLEAR = "unclear"
    """There are several, and each may be ours."""


def judge(created: Created[S], matches: Sequence[S]) -> Verdict:
    """Return what a listing says of a resource that was created. Pure.

    The lowest id stays. A listing in which our own does not show proves nothing.

    Args:
        created: What the create came to.
        matches: The resources that bear its name, the oldest first.
    """
    if created.resource.id not in {match.id for match in matches}:
        return Verdict.UNSEEN
    if created.lost and len(matches) > 1:
        return Verdict.UNCLEAR
    return Verdict.STAYS if matches[0].id == created.resource.id else Verdict.YIELDS


def settle_race(created: Created[S], client: Client) -> Created[S]:
    """Return the one resource that stays, after looking for another run's.

    If another run's stays, ours is deleted. If each of two may be ours, nothing is deleted. What was adopted is settled
    already.

    Raises:
        CloudElementsError: `ambiguous` if each of two may be ours, and none is removed by another run.
    """
    if not created.own:
        return created
    try:
        return _settle(created, client)
    except CloudElementsError as error:
        raise error.within(f"The {created.creation} was created with id {created.resource.id}.") from None


def _settle(created: Created[S], client: Client) -> Created[S]:
    creation, mine = created.creation, created.resource
    strangers: set[int | None] = set()
    for wait in LOOKS_FOR_OWN:
        client.budget.wait(wait, "It could not be checked whether another run made one at the same time.")
        matches = [match for match in creation.matches(client) if match.id not in strangers]
        verdict = judge(created, matches)
        theirs = None
        while verdict is Verdict.YIELDS and theirs is None:
            theirs = creation.read(matches[0].id or 0, client)
            if theirs is None:  # It may have been removed in the meantime.
                break
            if not creation.is_meant(theirs):
                strangers.add(matches.pop(0).id)  # The row is out of date, or tells too little.
                theirs, verdict = None, judge(created, matches)
        if verdict is Verdict.STAYS:
            return created
        if verdict is Verdict.UNCLEAR:
            return _one_of(created, client)
        if theirs is not None:
            doubt = doubt_of(created, client)
            if doubt is not None:
                raise _two(created, theirs, doubt)
            delete_own(created, client, f"The {creation} was made by another run at the same time.")
            client.warn(
                f"The {creation} was made by another run at the same time. That one, with id {theirs.id}, is used, and "
                f"the own one, with id {mine.id}, was removed."
            )
            return Created(theirs, creation, created.lost, own=False)
    if verdict is Verdict.YIELDS:  # It stays listed, but cannot be read: it must neither be returned nor forgotten.
        raise ambiguous(f"{creation}", matches)
    client.warn(
        f"The {creation} was created with id {mine.id}, but the platform does not list it yet. So it could not be "
        "checked whether another run made one at the same time."
    )
    return created


def _one_of(created: Created[S], client: Client) -> Created[S]:
    """Return what stays of several if one is left, and each may have been ours."""
    match = alone(created.creation.matches, f"{created.creation}", client)
    if match is None or match.id == created.resource.id:
        return created
    return Created(match, created.creation, lost=True, own=False)


def alone(look: Callable[[Client], Sequence[S]], what: str, client: Client) -> S | None:
    """Return the one resource that bears a name, or None if there is none.

    Args:
        look: Returns all that bear it, the oldest first.
        what: The resource in words.
        client: Lists and waits: another run may just be removing a duplicate.

    Raises:
        CloudElementsError: `ambiguous` if there is more than one, and that stays so.
    """
    matches = look(client)
    for wait in RELIST_AFTER:
        if len(matches) < 2:
            break
        client.budget.wait(wait, f"The {what} is there more than once.")
        matches = look(client)
    if len(matches) > 1:
        raise ambiguous(what, matches)
    return matches[0] if matches else None


def ambiguous(
    what: str, matches: Iterable[S], show: Callable[[S], str] = lambda match: str(match.id)
) -> CloudElementsError:
    """Return the error for more than one match, which names them all and the option that decides.

    Args:
        what: The resource in words.
        matches: All that match.
        show: Returns one of them in words.
    """
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"The {what} is there more than once, with the ids {', '.join(map(show, matches))}. None of them was changed "
        "or removed. Say which one is meant with id, or remove the others with state=absent and their id.",
    )


def _two(created: Created[S], theirs: S, doubt: str) -> CloudElementsError:
    """Return the error for two resources of one name, of which ours cannot be proved to be ours."""
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"The {created.creation} is there twice, with the ids {theirs.id} and {created.resource.id}: another run made "
        f"one at the same time. None was removed, as it is not certain that this run made the second one: {doubt}. "
        "Look at both, and remove the one that nobody needs by its id, with state=absent.",
    )
