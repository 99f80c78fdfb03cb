# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make sure that each name that this run gave is there once, whatever other runs did at the same time.

Nothing on the platform keeps two runs from creating one name. So each looks after its create: the lowest id stays, and
a run deletes its own one if another is older.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Sequence

from ..._api.client import Client
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import quote
from .desired import DesiredInstance, describe
from .lookup import RELIST_AFTER, ambiguous, complete, is_of_element, look, only
from .own import Created, delete_own, doubt_of

LOOKS_FOR_OWN = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for our own instance in the listing, which may lag."""


class Verdict(enum.Enum):
    """What a listing says of an instance that was just created."""

    UNSEEN = "unseen"
    """It does not show yet, so nothing can be said."""
    STAYS = "stays"
    """It is the oldest with its name."""
    YIELDS = "yields"
    """Another run made one before."""
    UNCLEAR = "unclear"
    """There are several, and each may be ours."""


def judge(created: Created, matches: Sequence[Instance]) -> Verdict:
    """Return what a listing says of an instance that was created. Pure.

    The lowest id stays. A listing in which our own does not show proves nothing.

    Args:
        created: What the create came to.
        matches: The instances that bear its name, the oldest first.
    """
    if created.instance.id not in {match.id for match in matches}:
        return Verdict.UNSEEN
    if created.lost and len(matches) > 1:
        return Verdict.UNCLEAR
    return Verdict.STAYS if matches[0].id == created.instance.id else Verdict.YIELDS


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


def settle_race(created: Created, desired: DesiredInstance, client: Client) -> Created:
    """Return the one instance that stays, after looking for another run's.

    If another run's stays, ours is deleted. If each of two may be ours, nothing is deleted. What was adopted is settled
    already.

    Raises:
        CloudElementsError: `ambiguous` if each of two may be ours, and none is removed by another run.
    """
    if not created.own:
        return created
    try:
        return _settle(created, desired, client)
    except CloudElementsError as error:
        raise error.within(f"The {desired} was created with id {created.instance.id}.") from None


def _settle(created: Created, desired: DesiredInstance, client: Client) -> Created:
    mine = created.instance
    strangers: set[int | None] = set()
    for wait in LOOKS_FOR_OWN:
        client.budget.wait(wait, "It could not be checked whether another run made one at the same time.")
        matches = [match for match in look(desired, client, hydrate=False).matches if match.id not in strangers]
        verdict = judge(created, matches)
        theirs = None
        while verdict is Verdict.YIELDS and theirs is None:
            theirs = client.instances.get(matches[0].id or 0)
            if theirs is None:  # It may have been removed in the meantime.
                break
            if theirs.name != desired.name or not is_of_element(desired, theirs):
                strangers.add(matches.pop(0).id)  # The row is out of date, or does not tell the element.
                theirs, verdict = None, judge(created, matches)
        if verdict is Verdict.STAYS:
            return created
        if verdict is Verdict.UNCLEAR:
            match, _listed = only(desired, client)
            return _adopted(match, created, client)
        if theirs is not None:
            doubt = doubt_of(created, client)
            if doubt is not None:
                raise _two(desired, theirs, mine, doubt)
            delete_own(created, client, f"The {desired} was made by another run at the same time.")
            client.warn(
                f"The {desired} was made by another run at the same time. That one, with id {theirs.id}, is used, and "
                f"the own one, with id {mine.id}, was removed."
            )
            return Created(theirs, created.lost, sent=None)
    if verdict is Verdict.YIELDS:  # It stays listed, but cannot be read: it must neither be returned nor forgotten.
        raise ambiguous(desired, matches)
    client.warn(
        f"The {desired} was created with id {mine.id}, but the platform does not list it yet. So it could not be "
        "checked whether another run made one at the same time."
    )
    return created


def _two(desired: DesiredInstance, theirs: Instance, mine: Instance, doubt: str) -> CloudElementsError:
    """Return the error for two instances of one name, of which ours cannot be proved to be ours."""
    return CloudElementsError(
        ErrorKind.AMBIGUOUS,
        f"The {desired} is there twice, with the ids {theirs.id} and {mine.id}: another run made one at the same "
        f"time. None was removed, as it is not certain that this run made the second one: {doubt}. Look at both, and "
        "remove the one that nobody needs by its id, with state=absent.",
    )


def _adopted(match: Instance | None, created: Created, client: Client) -> Created:
    """Return what stays of two if one is left, and each may have been ours."""
    if match is None or match.id == created.instance.id:
        return created
    return Created(complete(match, client) or match, lost=True, sent=None)


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
