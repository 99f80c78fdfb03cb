# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Which of the instances that got one name at the same time stays, and how another one goes."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..._api.client import Client, UncertainError
from ..._api.models import DesiredInstance, Instance
from ..._api.retry_budget import RetryBudget
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import quote
from .lookup import RELIST_AFTER, ambiguous, complete, is_of_element, look, only
from .ownership import Sent, doubt_about

LOOKS_FOR_OWN = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for our own instance in the listing, which may lag."""


@dataclass(frozen=True)
class Made:
    """What a create came to.

    Attributes:
        instance: The instance as it was answered or found.
        lost: Whether the answer to one of our creates was lost, so that each of two may be ours.
        sent: The create that the platform answered with it. None if it was found and adopted: it is another run's, or
            may be.
    """

    instance: Instance
    lost: bool
    sent: Sent | None

    @property
    def number(self) -> int:
        """The id of the instance."""
        if self.instance.id is None:
            raise AssertionError("What was answered or found has an id.")
        return self.instance.id

    @property
    def own(self) -> bool:
        """Whether the platform answered our create with it."""
        return self.sent is not None


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


def settle_race(
    made: Made, desired: DesiredInstance, client: Client, budget: RetryBudget, report: Callable[[str], None]
) -> Made:
    """Return the one instance that stays, after looking for another run's.

    Where another run's stays, ours is removed. Where each of two may be ours, nothing is removed, and unless another
    run removes its own, C(ambiguous) is raised. What was adopted is settled already.
    """
    if not made.own:
        return made
    try:
        return _settle(made, desired, client, budget, report)
    except CloudElementsError as error:
        raise error.within(f"{desired.label} was created with id {made.instance.id}.") from None


def _settle(
    made: Made, desired: DesiredInstance, client: Client, budget: RetryBudget, report: Callable[[str], None]
) -> Made:
    mine = made.instance
    strangers: set[int | None] = set()
    for wait in LOOKS_FOR_OWN:
        budget.wait(wait, "It could not be checked whether another run made one at the same time.")
        matches = [match for match in look(desired, client, hydrate=False).matches if match.id not in strangers]
        verdict = judge(made, matches)
        theirs = None
        while verdict is Verdict.YIELDS and theirs is None:
            theirs = client.get_instance(matches[0].id or 0)
            if theirs is None:  # It may have been removed in the meantime.
                break
            if theirs.name != desired.name or not is_of_element(desired, theirs):
                strangers.add(matches.pop(0).id)  # The row is out of date, or does not tell the element.
                theirs, verdict = None, judge(made, matches)
        if verdict is Verdict.STAYS:
            return made
        if verdict is Verdict.UNCLEAR:
            match, _listed = only(desired, client, budget)
            return _adopted(match, made, client)
        if theirs is not None:
            doubt = doubt_of(made, client)
            if doubt is not None:
                raise _two(desired, theirs, mine, doubt)
            remove(made.number, client, budget, f"{desired.label} was made by another run at the same time.")
            report(
                f"{desired.label} was made by another run at the same time. That one, with id {theirs.id}, is used, and "
                f"the own one, with id {mine.id}, was removed."
            )
            return Made(theirs, made.lost, sent=None)
    if verdict is Verdict.YIELDS:  # It stays listed, but can not be read: it must neither be returned nor forgotten.
        raise ambiguous(desired, matches)
    report(
        f"{desired.label} was created with id {mine.id}, but the platform does not list it yet. So it could not be "
        "checked whether another run made one at the same time."
    )
    return made


def _two(desired: DesiredInstance, theirs: Instance, mine: Instance, doubt: str) -> CloudElementsError:
    """Return the error for two instances of one name, of which ours cannot be proved to be ours."""
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"{desired.label} is there twice, with the ids {theirs.id} and {mine.id}: another run made one at the same "
        f"time. None was removed, as it is not certain that this run made the second one: {doubt}. Look at both, and "
        "remove the one that nobody needs by its id, with state=absent.",
    )


def _adopted(match: Instance | None, made: Made, client: Client) -> Made:
    """Return what stays of two if one is left, and each may have been ours."""
    if match is None or match.id == made.instance.id:
        return made
    return Made(complete(match, client) or match, lost=True, sent=None)


def doubt_of(made: Made, client: Client) -> str | None:
    """Return why it is not certain that this run made an instance, as a clause, or None if it is certain.

    It is read anew: somebody may have changed it in the meantime.
    """
    if made.sent is None:
        return "another run may have made it"
    current = client.get_instance(made.number) or made.instance
    if current.name != made.instance.name:
        return "it was renamed in the meantime"
    return doubt_about(current, made.sent)


def settle_rename(
    instance: Instance, desired: DesiredInstance, client: Client, budget: RetryBudget, report: Callable[[str], None]
) -> None:
    """Look whether another instance got the name that one was just given, by another run at the same time.

    Nothing is taken back: who of two was first cannot be known.

    Raises:
        CloudElementsError: `ambiguous`, with both ids, if another one has the name and keeps it.
    """
    named = dataclasses.replace(desired, id=None, name=instance.name, element_key=instance.element_key)
    later = iter(RELIST_AFTER)
    for wait in LOOKS_FOR_OWN:
        budget.wait(wait, f"It could not be checked whether another instance got the name {quote(instance.name)} too.")
        ids = {match.id for match in look(named, client, hydrate=False).matches}
        while ids - {instance.id}:  # A run that made the other one removes it again.
            seconds = next(later, None)
            if seconds is None:
                raise _same_name(instance, ids)
            budget.wait(seconds, f"{desired.label} has the name of another instance.")
            ids = {match.id for match in look(named, client, hydrate=False).matches}
        if instance.id in ids:
            return
    report(
        f"{desired.label} was renamed, but the platform does not list it under the new name yet. So it could not be "
        "checked whether another instance got that name at the same time."
    )


def _same_name(instance: Instance, ids: Iterable[int | None]) -> CloudElementsError:
    others = ", ".join(str(number) for number in sorted(number or 0 for number in ids) if number != instance.id)
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"The instance with id {instance.id} was renamed to {quote(instance.name)}. At the same time, another run "
        f"gave that name to the instance of the same element with id {others}. Nobody can tell them apart by the name. "
        "Rename or remove one of them by its id.",
    )


def remove(number: int, client: Client, budget: RetryBudget, why: str) -> None:
    """Remove the instance with an id, which this run made without any doubt, and make sure of it.

    Raises:
        CloudElementsError: It cannot be removed. The message tells its id.
    """
    by_hand = f"{why} The own one, with id {number}, has to be removed by hand."
    attempt = 0
    while True:
        attempt += 1
        try:
            client.delete_instance(number)
            return
        except UncertainError as doubt:
            failure, wait = doubt.error, doubt.wait
        except CloudElementsError as error:
            failure, wait = error, None
        if wait is None or attempt > budget.retries:
            raise failure.within(by_hand)
        budget.wait(wait, f"{by_hand} {failure.message}")
