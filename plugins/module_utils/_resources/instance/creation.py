# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A create that happens exactly once, whatever the network does.

The platform has no idempotency key, and names are not unique. So a create whose answer was lost is looked for before
anything is sent again.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Iterator, Mapping

from ..._api.caller import UncertainError
from ..._api.client import Client
from ..._api.models import Instance
from ..._api.names import may_be_stored_as
from ..._api.retry_policy import Outcome
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import enumerated, quote
from ..._reconcile.steps import InterruptedStepError, StepResult
from .desired import DesiredInstance
from .lookup import complete, look, only
from .own import Created, delete_own, doubt_of
from .ownership import Baseline, SentCreate, has_content

LOOK_AGAIN_AFTER = 2.0
"""Seconds between the two empty listings that prove a lost create had no effect."""

LOOKS_AFTER_TIMEOUT = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look for a create that timed out, 30 in all: it may still be going on (9 to 26 s were seen)."""

# Somebody between us and the platform gave up waiting; the create itself may still be going on.
_TIMEOUTS_ON_THE_WAY = (408, 504)

# What may still be going on, or was answered with an instance, would be made twice.
_NEVER_AGAIN = (Outcome.TIMEOUT, Outcome.MISPLACED)

MAY_BE_SPENT = "The code in provider_data may be spent: get a new one before the next run."

SPENT = "It was not sent again, as the code in provider_data may be spent: get a new one before the next run."


class Creator:
    """Create one instance, exactly once as far as that can be had.

    Args:
        desired: The instance to create.
        baseline: What the run knew before.
        client: Sends and lists.
    """

    def __init__(self, desired: DesiredInstance, baseline: Baseline, client: Client) -> None:
        self._desired = desired
        self._baseline = baseline
        self._client = client

    def create(self, body: Mapping[str, t.Any]) -> Created:
        """Create the instance and return what came of it. Another run's create at the same time is not looked for.

        Raises:
            CloudElementsError: `unknown_outcome` if it cannot be known whether the platform made it, `name_changed` if
                its answer was lost and it seems to be there under another name, and whatever the client raises.
        """
        single_use = "providerData" in body
        lost = False
        resends = 0
        while True:
            try:
                instance = self._client.instances.create(body, self._baseline.names)
                break
            except CloudElementsError as error:
                if not single_use or error.status is None:  # Without an answer, nothing was sent.
                    raise
                limited = error.status == 429
                raise error.but(f"{error.facts} {SPENT}" if limited else f"{error.message} {MAY_BE_SPENT}") from None
            except UncertainError as uncertain:
                lost = lost or uncertain.outcome is not Outcome.UNAVAILABLE
                found = self._find_lost(uncertain, body)
                if found is not None:
                    self._client.warn(
                        f"{uncertain.error.facts} The instance is there all the same, with id {found.id}."
                    )
                    return Created(found, lost=True, sent=None)
                resends += 1
                allowed = self._client.budget.retries if uncertain.outcome is Outcome.UNAVAILABLE else 1
                if single_use or uncertain.outcome in _NEVER_AGAIN or resends > allowed:
                    raise self._give_up(uncertain, single_use) from None
                self._client.warn(f"{uncertain.error.facts} It is not in the listing. Sending it again.")
        return Created(instance, lost, SentCreate(body, self._client.sent_at, self._baseline))

    def _find_lost(self, doubt: UncertainError, body: Mapping[str, t.Any]) -> Instance | None:
        """Return the instance that a create without an answer made after all, or None if there is none.

        Raises `name_changed` if there is a new one that the platform may have made of it under another name.
        """
        if doubt.outcome is Outcome.TIMEOUT or doubt.error.status in _TIMEOUTS_ON_THE_WAY:
            waits: tuple[float, ...] = LOOKS_AFTER_TIMEOUT
        elif doubt.outcome is Outcome.UNAVAILABLE:
            waits = (doubt.wait,)
        else:
            waits = (doubt.wait, LOOK_AGAIN_AFTER)
        try:
            for wait in waits:
                self._client.budget.wait(wait, "")
                match, listed = only(self._desired, self._client, by_element=True)
                if match is not None:
                    # A read by id may lag behind the listing; what is listed is there, and must not be made again.
                    return complete(match, self._client) or match
                renamed = [row for row in self._new(listed) if has_content(body, row, self._desired.secrets)]
                if renamed:
                    raise self._renamed(doubt.error.facts, renamed)
        except CloudElementsError as error:
            if error.kind in (ErrorKind.AMBIGUOUS, ErrorKind.NAME_CHANGED):
                raise
            raise self._unknown(doubt.error, f"It could not be looked for: {error.message.strip()}") from None
        return None

    def _new(self, listed: Iterable[Instance]) -> Iterator[Instance]:
        """Yield the whole instances that are new, and whose name the platform may have made of the desired one."""
        for row in listed:
            if (
                row.id not in self._baseline.ids
                and (row.element_key or "").casefold() == (self._desired.element_key or "").casefold()
                and (row.element_key, row.name) not in self._baseline.names
                and may_be_stored_as(self._desired.name or "", row.name)
            ):
                yield complete(row, self._client) or row

    def _give_up(self, doubt: UncertainError, single_use: bool) -> CloudElementsError:
        """Return the error for a create that cannot be sent again."""
        if doubt.outcome is Outcome.UNAVAILABLE and not single_use:
            return doubt.error
        if single_use:
            return self._unknown(doubt.error, f"It is not in the listing. {SPENT}")
        return self._unknown(doubt.error, "It is not in the listing, but may still appear: run again in a minute.")

    def _unknown(self, cause: CloudElementsError, what: str) -> CloudElementsError:
        message = f"It is not known whether the {self._desired} was created. {cause.facts} {what}"
        return cause.but(message, ErrorKind.UNKNOWN_OUTCOME)

    def _renamed(self, facts: str, instances: Iterable[Instance]) -> CloudElementsError:
        named = enumerated(f"{quote(instance.name)} with id {instance.id}" for instance in instances)
        return CloudElementsError(
            ErrorKind.NAME_CHANGED,
            f"The {self._desired} was probably stored by the platform under another name. {facts} New since this run "
            f"began, with the same content: {named}. Nothing was sent again. Use that name, or remove the instance by "
            "its id with state=absent, and choose a name that the platform keeps as it is.",
        )

    def refuse_other_name(self, created: Created) -> None:
        """Raise `name_changed` for an instance that is not called as asked, after deleting what this run created.

        If it stayed, no later run would find it by its name. An instance of another element key stays: a run that
        spells the key right finds it, and may have adopted it already.

        Raises:
            CloudElementsError: It was deleted again, so nothing was done in the end.
            InterruptedStepError: It stays.
        """
        instance = created.instance
        if instance.name == self._desired.name and instance.element_key in (None, self._desired.element_key):
            return
        facts = f"The {self._desired} was stored by the platform as {quote(instance.name)}"
        if instance.element_key not in (None, self._desired.element_key):
            kept = CloudElementsError(
                ErrorKind.NAME_CHANGED,
                f"{facts} of element {quote(instance.element_key)}, with id {instance.id}. It was not removed. Correct "
                "element_key, or remove the instance by its id with state=absent.",
            )
            raise InterruptedStepError(kept, StepResult(instance, created))
        facts += f", with id {instance.id}."
        try:
            doubt = doubt_of(created, self._client)
            if doubt is None and look(self._desired, self._client, hydrate=False, by_element=True).matches:
                doubt = "an instance of the name that was sent is there too"
            if doubt is not None:
                raise CloudElementsError(
                    ErrorKind.NAME_CHANGED,
                    f"It was not removed, as it is not certain that this run made it: {doubt}. Look at the instance "
                    f"with id {instance.id}: use its name, or remove it by its id if nobody needs it.",
                )
            delete_own(created, self._client, "")
        except CloudElementsError as error:
            raise InterruptedStepError(error.within(facts), StepResult(instance, created)) from None
        others = self._others_of(instance)
        raise CloudElementsError(
            ErrorKind.NAME_CHANGED,
            f"{facts} It was removed again, as no later run would find it.{others} Choose a name that the platform "
            "keeps as it is.",
        )

    def _others_of(self, instance: Instance) -> str:
        """Return a sentence about other instances of the changed name, which earlier creates may have left."""
        try:
            listed = look(dataclasses.replace(self._desired, name=instance.name), self._client, by_element=True).matches
        except CloudElementsError as error:
            return f" It could not be checked whether there are others of that name: {error.message}"
        ids = [str(row.id) for row in listed if row.id != instance.id]
        return f" There are others of that name, which earlier tries may have left: {enumerated(ids)}." if ids else ""
