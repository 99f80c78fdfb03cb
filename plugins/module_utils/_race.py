# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Which of the instances that were made at the same time stays, and how another one goes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ._client import Client, UncertainError
from ._errors import CloudElementsError
from ._lookup import ambiguous, complete, look, only
from ._models import Instance, Wanted
from ._pace import Pace

LOOKS_FOR_OWN = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for our own instance in the listing, which may lag."""


@dataclass(frozen=True)
class Made:
    """What a create came to.

    C(own) is false where another run's instance was adopted, or one that may be another run's: those are not ours to
    remove. C(lost) is true where the answer to one of our creates was lost, so that each of two may be ours.
    """

    instance: Instance
    own: bool
    lost: bool


class Verdict(enum.Enum):
    """What a listing says of an instance that was just made."""

    UNSEEN = "unseen"
    """It does not show yet, so nothing can be said."""
    STAYS = "stays"
    """It is the oldest with its name."""
    YIELDS = "yields"
    """Another run made one before."""
    UNCLEAR = "unclear"
    """There are several, and each may be ours."""


def judge(made: Made, matches: Sequence[Instance]) -> Verdict:
    """Return what a listing says. Pure.

    In: what was made, and the instances that bear its name, the oldest first. The lowest id stays; a listing in which
    our own does not show proves nothing.
    """
    if made.instance.id not in {match.id for match in matches}:
        return Verdict.UNSEEN
    if made.lost and len(matches) > 1:
        return Verdict.UNCLEAR
    return Verdict.STAYS if matches[0].id == made.instance.id else Verdict.YIELDS


def settle_race(made: Made, wanted: Wanted, client: Client, pace: Pace, report: Callable[[str], None]) -> Made:
    """Return the one instance that stays, after looking for another run's.

    Where another run's stays, ours is removed. Where each of two may be ours, nothing is removed, and unless another
    run removes its own, C(ambiguous) is raised. What was adopted is settled already.
    """
    if not made.own:
        return made
    try:
        return _settle(made, wanted, client, pace, report)
    except CloudElementsError as error:
        raise error.within(f"{wanted.label} was created with id {made.instance.id}.") from None


def _settle(made: Made, wanted: Wanted, client: Client, pace: Pace, report: Callable[[str], None]) -> Made:
    mine = made.instance
    for wait in LOOKS_FOR_OWN:
        pace.wait(wait, "It could not be checked whether another run made one at the same time.")
        matches = look(wanted, client, hydrate=False)
        verdict = judge(made, matches)
        if verdict is Verdict.STAYS:
            return made
        if verdict is Verdict.UNCLEAR:
            match = only(wanted, client, pace)
            return _adopted(match, mine, client)
        theirs = client.get_instance(matches[0].id) if verdict is Verdict.YIELDS and matches[0].id else None
        if theirs is not None:  # It may have been removed in the meantime.
            remove(mine, client, pace, f"{wanted.label} was made by another run at the same time.")
            report(
                f"{wanted.label} was made by another run at the same time. That one, with id {theirs.id}, is used, and "
                f"the own one, with id {mine.id}, was removed."
            )
            return Made(theirs, own=False, lost=made.lost)
    if verdict is Verdict.YIELDS:  # It stays listed, but can not be read: it must neither be returned nor forgotten.
        raise ambiguous(wanted, matches)
    report(
        f"{wanted.label} was created with id {mine.id}, but the platform does not list it yet. So it could not be "
        "checked whether another run made one at the same time."
    )
    return made


def _adopted(match: Instance | None, mine: Instance, client: Client) -> Made:
    """Return what stays where one of two is left that each may have been ours."""
    if match is None or match.id == mine.id:
        return Made(mine, own=True, lost=True)
    return Made(complete(match, client) or match, own=False, lost=True)


def remove(instance: Instance, client: Client, pace: Pace, why: str) -> None:
    """Remove an instance that this run made, and make sure of it. Raises with the id if it can not be removed."""
    if instance.id is None:
        return
    attempt = 0
    while True:
        attempt += 1
        try:
            client.delete_instance(instance.id)
            return
        except UncertainError as doubt:
            failure, wait = doubt.error, doubt.wait
        except CloudElementsError as error:
            failure, wait = error, None
        if wait is None or attempt > pace.retries:
            raise failure.within(f"{why} The own one, with id {instance.id}, has to be removed by hand.")
        pace.wait(wait, f"{why} The own one, with id {instance.id}, has to be removed by hand. {failure.message}")
