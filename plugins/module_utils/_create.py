# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""A create that happens exactly once, whatever the network does.

The platform has no idempotency key, and names are not unique. So a create whose answer was lost is looked for before
anything is sent again.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from ._client import Client, UncertainError
from ._errors import CloudElementsError, Kind
from ._lookup import complete, only
from ._models import Instance, Wanted
from ._pace import Pace
from ._race import Made, remove
from ._retry import Outcome
from ._words import quote

LOOK_AGAIN_AFTER = 2.0
"""Seconds between the two empty listings that prove a lost create had no effect."""

LOOKS_AFTER_TIMEOUT = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for a create that timed out, 30 in all: it may still be going on (9 to 26 s were seen)."""

# Somebody between us and the platform gave up waiting; the create itself may still be going on.
_TIMEOUTS_ON_THE_WAY = (408, 504)

SPENT = "It was not sent again, as the code in provider_data may be spent: get a new one before the next run."


class Creator:
    """Makes one instance.

    In: what is wanted; the client and the pace; and where to report what the user should know.
    """

    def __init__(self, wanted: Wanted, client: Client, pace: Pace, report: Callable[[str], None]) -> None:
        self._wanted = wanted
        self._client = client
        self._pace = pace
        self._report = report

    def create(self, body: Mapping[str, t.Any]) -> Made:
        """Create the instance and return what came of it. Another run's create at the same time is not looked for.

        Raises C(unknown_outcome) where it can not be known whether the platform made it, C(name_changed) where it
        stored another name, and whatever the client raises.
        """
        single_use = "providerData" in body
        doubt: UncertainError | None = None
        resends = 0
        while True:
            try:
                instance = self._client.create_instance(body)
                break
            except CloudElementsError as error:
                if not single_use or error.status != 429:
                    raise
                raise error.but(f"{error.facts} {SPENT}") from None
            except UncertainError as uncertain:
                doubt = uncertain if uncertain.outcome is not Outcome.UNAVAILABLE else doubt
                found = self._find_lost(uncertain)
                if found is not None:
                    self._report(f"{uncertain.error.facts} The instance is there all the same, with id {found.id}.")
                    return Made(found, own=False, lost=True)
                resends += 1
                allowed = self._pace.retries if uncertain.outcome is Outcome.UNAVAILABLE else 1
                if single_use or uncertain.outcome is Outcome.TIMEOUT or resends > allowed:
                    raise self._give_up(uncertain, single_use) from None
                self._report(f"{uncertain.error.facts} It is not in the listing. Sending it again.")
        self._refuse_other_name(instance)
        return Made(instance, own=True, lost=doubt is not None)

    def _find_lost(self, doubt: UncertainError) -> Instance | None:
        """Return the instance that a create without an answer made after all, or None where there is none."""
        if doubt.outcome is Outcome.TIMEOUT or doubt.error.status in _TIMEOUTS_ON_THE_WAY:
            waits: tuple[float, ...] = LOOKS_AFTER_TIMEOUT
        elif doubt.outcome is Outcome.UNAVAILABLE:
            waits = (doubt.wait,)
        else:
            waits = (doubt.wait, LOOK_AGAIN_AFTER)
        try:
            for wait in waits:
                self._pace.wait(wait, "")
                match = only(self._wanted, self._client, self._pace)
                if match is not None:
                    # A read by id may lag behind the listing; what is listed is there, and must not be made again.
                    return complete(match, self._client) or match
        except CloudElementsError as error:
            if error.kind is Kind.AMBIGUOUS:
                raise
            raise self._unknown(doubt.error, f"It could not be looked for: {error.message.strip()}") from None
        return None

    def _give_up(self, doubt: UncertainError, single_use: bool) -> CloudElementsError:
        """Return the error for a create that can not be sent again."""
        if doubt.outcome is Outcome.UNAVAILABLE and not single_use:
            return doubt.error
        if single_use:
            return self._unknown(doubt.error, f"It is not in the listing. {SPENT}")
        return self._unknown(doubt.error, "It is not in the listing, but may still appear: run again in a minute.")

    def _unknown(self, cause: CloudElementsError, what: str) -> CloudElementsError:
        message = f"It is not known whether {self._wanted.inside} was created. {cause.facts} {what}"
        return cause.but(message, Kind.UNKNOWN_OUTCOME)

    def _refuse_other_name(self, instance: Instance) -> None:
        """Take an instance back that is not called as asked: each run would miss it and make one more."""
        if instance.name == self._wanted.name and instance.element_key in (None, self._wanted.element_key):
            return
        remove(instance, self._client, self._pace, f"{self._wanted.label} was stored under another name.")
        raise CloudElementsError(
            Kind.NAME_CHANGED,
            f"{self._wanted.label} was stored by the platform as {quote(instance.name)} of element "
            f"{quote(instance.element_key)}. It was removed again, as no later run would find it. Choose a name that "
            "the platform keeps as it is.",
        )
