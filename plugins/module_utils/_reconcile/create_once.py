# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A create that happens exactly once, whatever the network does.

The platform has no idempotency key, and its names are not unique. So a create whose answer was lost is looked for
before anything is sent again. A kind of resource provides the create as a `Creation`.
"""

from __future__ import annotations

import math
import typing as t
from collections.abc import Sequence
from dataclasses import dataclass

from .._api.caller import UncertainError
from .._api.client import Client
from .._api.retry_policy import Outcome
from .._api.server_clock import epoch
from .._core.errors import CloudElementsError, ErrorKind

LOOK_AGAIN_AFTER = 2.0
"""Seconds between the two empty listings that prove a lost create had no effect."""

LOOKS_AFTER_TIMEOUT = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for a create that timed out, 30 in all: it may still be going on (9 to 26 s were seen)."""

# Somebody between us and the platform gave up waiting; the create itself may still be going on.
_TIMEOUTS_ON_THE_WAY = (408, 504)

# What may still be going on, or was answered with a resource, would be made twice.
_NEVER_AGAIN = (Outcome.TIMEOUT, Outcome.MISPLACED)

SPENT = "It was not sent again, as the code in provider_data may be spent: get a new one before the next run."

MAY_BE_SPENT = "The code in provider_data may be spent: get a new one before the next run."


class Stored(t.Protocol):
    """A resource as the platform has it."""

    @property
    def id(self) -> int | None:
        """The id."""

    @property
    def name(self) -> str | None:
        """The name."""

    @property
    def created_date(self) -> str | None:
        """When it was created, as the platform writes it."""


S = t.TypeVar("S", bound=Stored)


class Creation(t.Protocol[S]):
    """A create that is to happen once. Its text is the resource in words, such as "formula 'sync'"."""

    @property
    def kind(self) -> str:
        """The kind of resource in words, such as "formula"."""

    @property
    def single_use(self) -> bool:
        """Whether sending it uses up its content, so that it is never sent twice."""

    @property
    def known_ids(self) -> frozenset[int]:
        """The ids of all that the run had read before it created anything, a complete listing included."""

    def send(self, client: Client) -> S:
        """Send the create, and return what the platform stored.

        Raises:
            UncertainError: It is not known whether the platform made it.
        """

    def find_lost(self, client: Client, facts: str) -> S | None:
        """Look for what a create without an answer made after all. `facts` say how the answer was lost.

        Raises:
            CloudElementsError: `ambiguous` if there is more than one. `name_changed` if it may be there under another
                name.
        """

    def matches(self, client: Client) -> tuple[S, ...]:
        """Return all that bear the name now, the oldest first."""

    def matches_in(self, listing: t.Any, client: Client) -> Sequence[S]:
        """Return those in a listing of all resources of the kind, the oldest first."""

    def read(self, number: int, client: Client) -> S | None:
        """Return the resource with an id, or None if there is none."""

    def delete(self, number: int, client: Client) -> None:
        """Delete the resource with an id."""

    def is_meant(self, stored: S) -> bool:
        """Tell whether a resource that was read by its id bears the name."""

    def has_content(self, stored: S) -> bool:
        """Tell whether a resource is what was sent, apart from its name, as far as it shows. Pure."""


@dataclass(frozen=True)
class Created(t.Generic[S]):
    """What a create came to.

    Attributes:
        resource: The resource as it was answered or found.
        creation: The create.
        lost: Whether the answer to one of our creates was lost, so that each of two may be ours.
        own: Whether the platform answered our create with it. If not, it was found and adopted: it is another run's, or
            may be.
        sent_at: When the create was sent, by the server's clock. None if that is not known.
    """

    resource: S
    creation: Creation[S]
    lost: bool
    own: bool
    sent_at: float | None = None

    @property
    def number(self) -> int:
        """The id of the resource."""
        if self.resource.id is None:
            raise AssertionError("What was answered or found has an id.")
        return self.resource.id


def create_once(creation: Creation[S], client: Client) -> Created[S]:
    """Create a resource and return what came of it. Another run's create at the same time is not looked for.

    Raises:
        CloudElementsError: `unknown_outcome` if it cannot be known whether the platform made it, and whatever sending
            and looking raise.
    """
    lost = False
    resends = 0
    while True:
        try:
            stored = creation.send(client)
            return Created(stored, creation, lost, own=True, sent_at=client.sent_at)
        except CloudElementsError as error:
            if not creation.single_use or error.status is None:  # Without an answer, nothing was sent.
                raise
            limited = error.status == 429
            raise error.but(f"{error.facts} {SPENT}" if limited else f"{error.message} {MAY_BE_SPENT}") from None
        except UncertainError as doubt:
            lost = lost or doubt.outcome is not Outcome.UNAVAILABLE
            found = _find_lost(creation, doubt, client)
            if found is not None:
                client.warn(f"{doubt.error.facts} The {creation.kind} is there all the same, with id {found.id}.")
                return Created(found, creation, lost=True, own=False)
            resends += 1
            allowed = client.budget.retries if doubt.outcome is Outcome.UNAVAILABLE else 1
            if creation.single_use or doubt.outcome in _NEVER_AGAIN or resends > allowed:
                raise _given_up(creation, doubt) from None
            client.warn(f"{doubt.error.facts} It is not in the listing. Sending it again.")


def _find_lost(creation: Creation[S], doubt: UncertainError, client: Client) -> S | None:
    """Return what a create without an answer made after all, or None if it certainly made nothing."""
    if doubt.outcome is Outcome.TIMEOUT or doubt.error.status in _TIMEOUTS_ON_THE_WAY:
        waits: tuple[float, ...] = LOOKS_AFTER_TIMEOUT
    elif doubt.outcome is Outcome.UNAVAILABLE:
        waits = (doubt.wait,)
    else:
        waits = (doubt.wait, LOOK_AGAIN_AFTER)
    try:
        for wait in waits:
            client.budget.wait(wait, "")
            found = creation.find_lost(client, doubt.error.facts)
            if found is not None:
                return found
    except CloudElementsError as error:
        if error.kind in (ErrorKind.AMBIGUOUS, ErrorKind.NAME_CHANGED):
            raise
        raise _unknown(creation, doubt.error, f"It could not be looked for: {error.message.strip()}") from None
    return None


def _given_up(creation: Creation[t.Any], doubt: UncertainError) -> CloudElementsError:
    """Return the error for a create that cannot be sent again."""
    if doubt.outcome is Outcome.UNAVAILABLE and not creation.single_use:
        return doubt.error
    if creation.single_use:
        return _unknown(creation, doubt.error, f"It is not in the listing. {SPENT}")
    return _unknown(creation, doubt.error, "It is not in the listing, but may still appear: run again in a minute.")


def _unknown(creation: Creation[t.Any], cause: CloudElementsError, what: str) -> CloudElementsError:
    message = f"It is not known whether the {creation} was created. {cause.facts} {what}"
    return cause.but(message, ErrorKind.UNKNOWN_OUTCOME)


def doubt_of(created: Created[S], client: Client) -> str | None:
    """Return why it is not certain that this run created a resource, as a clause, or None if it is certain.

    The resource is read anew: somebody may have changed it in the meantime.
    """
    if not created.own:
        return "another run may have made it"
    current = created.creation.read(created.number, client) or created.resource
    if current.name != created.resource.name:
        return "it was renamed in the meantime"
    return doubt_about(created, current)


def doubt_about(created: Created[S], stored: S) -> str | None:
    """Return why it is not certain that a create made a resource, as a clause, or None if it is certain. Pure."""
    created_at = epoch(stored.created_date)
    if stored.id in created.creation.known_ids:
        return "it was there before"
    if not created.creation.has_content(stored):
        return "it is not what was sent"
    if created_at is None:
        return "the platform does not tell when it was created"
    if created.sent_at is None:
        return "the platform does not tell its own time"
    if created_at < math.floor(created.sent_at):
        return "it was created before this run asked for it"
    return None


def delete_own(created: Created[t.Any], client: Client, why: str) -> None:
    """Delete a resource that this run created without any doubt, and make sure of it.

    Nothing else deletes without being asked to.

    Args:
        created: What the create came to. The caller has asked `doubt_of` right before.
        client: Deletes.
        why: Why it goes, as a sentence.

    Raises:
        CloudElementsError: It cannot be deleted. The message tells its id.
    """
    by_hand = f"{why} The one that this run created, with id {created.number}, has to be removed by hand.".lstrip()
    attempt = 0
    while True:
        attempt += 1
        try:
            created.creation.delete(created.number, client)
            return
        except UncertainError as doubt:
            failure, wait = doubt.error, doubt.wait
        except CloudElementsError as error:
            failure, wait = error, None
        if wait is None or attempt > client.budget.retries:
            raise failure.within(by_hand)
        client.budget.wait(wait, f"{by_hand} {failure.message}")
