# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Whether an instance's connection works: a ping with its own token, and what follows from the answer."""

from __future__ import annotations

from collections.abc import Callable

from ..._api.client import Client
from ..._api.error_report import sentence
from ..._api.models import DesiredInstance, Instance
from ..._api.retry_budget import RetryBudget
from ..._core.errors import CloudElementsError, ErrorKind
from .duplicates import Made, doubt_of, remove

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between pings while waiting; the last one is repeated until the deadline."""

_PASSING = (
    ErrorKind.SERVER_ERROR,
    ErrorKind.TIMEOUT,
    ErrorKind.CONNECTION_LOST,
    ErrorKind.UNREACHABLE,
    ErrorKind.RATE_LIMITED,
)


def verify(
    desired: DesiredInstance,
    instance: Instance,
    client: Client,
    budget: RetryBudget,
    report: Callable[[str], None],
    made: Made | None,
    removed: Callable[[], None],
) -> None:
    """Ping an instance. Return if its connection works, or if its element has no ping, which is reported.

    Args:
        desired: The instance as the user wants it. With `verify_wait`, it is pinged until the deadline while the
            provider or the platform has trouble.
        instance: The instance as it is.
        client: Pings, reads and removes.
        budget: Tells when something may be sent.
        report: Takes what the user should know.
        made: What a create of this run came to. None if there was none.
        removed: Called once the instance was removed.

    Raises:
        CloudElementsError: `credentials_refused` if the provider itself refuses (401 or 403 with its own message). Only
            then, only what this run made without any doubt, and never after a code was spent on it, the instance is
            removed again. Any other error leaves it standing.
    """
    if instance.token is None:
        return
    if not instance.enabled:
        report(f"{desired.label} is disabled, so its connection was not verified.")
        return
    try:
        works = _ping(instance, client, budget, desired.verify_wait)
    except CloudElementsError as error:
        if _has_no_ping(error):
            report(f"{desired.label} can not be verified: its element has no ping. {error.message}")
            return
        if error.status not in (401, 403) or error.provider_message is None:
            raise error.within(f"{desired.label} is there with id {instance.id}, but could not be verified.") from None
        raise _refused(desired, instance, client, budget, error, made, removed) from None
    if not works:
        raise CloudElementsError(
            ErrorKind.CREDENTIALS_REFUSED,
            f"{desired.label} is there with id {instance.id}, but the answer to a ping says that it is not valid. "
            "It was left as it is.",
        )


def _has_no_ping(error: CloudElementsError) -> bool:
    """Return whether an error means that an element has no ping (vendor acceptance suite, elements/rocketzen.js)."""
    if error.provider_message is not None:
        return False
    return error.status in (404, 405, 501) or (
        error.status in (400, 500) and "not currently supported" in error.message
    )


def _ping(instance: Instance, client: Client, budget: RetryBudget, wait: bool) -> bool:
    """Ping once, or until it passes where there is a wait. Raises the error of the last ping."""
    waits = iter(WAITS)
    seconds = WAITS[-1]
    while True:
        try:
            return client.ping(instance)
        except CloudElementsError as error:
            seconds = next(waits, seconds)
            if not wait or error.kind not in _PASSING or _has_no_ping(error) or seconds >= budget.remaining():
                raise
        budget.wait(seconds, "The connection could not be verified.")


def _refused(
    desired: DesiredInstance,
    instance: Instance,
    client: Client,
    budget: RetryBudget,
    error: CloudElementsError,
    made: Made | None,
    removed: Callable[[], None],
) -> CloudElementsError:
    """Return the error for refused credentials, after the instance was removed if it may be."""
    refused = (
        f"The provider refuses the credentials of {desired.inside} (HTTP {error.status}, request id "
        f"{error.request_id}). It says: {sentence(error.provider_message or '')}"
    )
    why = _why_it_stays(desired, instance, client, made, refused)
    if why is None and made is not None:
        remove(made.number, client, budget, refused)
        removed()
        return error.but(
            f"{refused} The instance, with id {instance.id}, was removed again.", ErrorKind.CREDENTIALS_REFUSED
        )
    return error.but(
        f"{refused} The instance, with id {instance.id}, was left as it is, as {why}.", ErrorKind.CREDENTIALS_REFUSED
    )


def _why_it_stays(
    desired: DesiredInstance, instance: Instance, client: Client, made: Made | None, refused: str
) -> str | None:
    """Return why an instance may not be removed, as a clause, or None if it may."""
    if made is None or not made.own or made.instance.id != instance.id:
        return "this run did not make it"
    if desired.provider_data is not None:
        return "its code is spent"
    try:
        doubt = doubt_of(made, client)
    except CloudElementsError as error:
        raise error.within(f"{refused} The instance, with id {instance.id}, was left as it is.") from None
    return None if doubt is None else f"it is not certain that this run made it: {doubt}"
