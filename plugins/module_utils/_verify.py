# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Whether an instance's connection works: a ping with its own token, and what follows from the answer."""

from __future__ import annotations

from collections.abc import Callable

from ._client import Client
from ._errors import CloudElementsError, Kind
from ._explain import sentence
from ._models import Instance, Wanted
from ._pace import Pace
from ._race import remove

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between pings while waiting; the last one is repeated until the deadline."""

_PASSING = (Kind.SERVER_ERROR, Kind.TIMEOUT, Kind.CONNECTION_LOST, Kind.UNREACHABLE, Kind.RATE_LIMITED)


def verify(
    wanted: Wanted,
    instance: Instance,
    client: Client,
    pace: Pace,
    report: Callable[[str], None],
    removed: Callable[[], None] | None,
) -> None:
    """Ping an instance. Return if its connection works, or if its element has no ping, which is reported.

    In: the wish and the instance; the client, the pace and where to report; and what to call once the instance was
    removed, or None where this run did not make it, so that it may not be. With I(verify_wait), it is pinged until the
    deadline while the provider or the platform has trouble.
    Raises C(credentials_refused) where the provider itself refuses (401 or 403 with its own message). Only then, only
    what this run made, and never after a code was spent on it, the instance is removed again. Any other error leaves
    it standing.
    """
    if instance.token is None:
        return
    if not instance.enabled:
        report(f"{wanted.label} is disabled, so its connection was not verified.")
        return
    try:
        works = _ping(instance, client, pace, wanted.verify_wait)
    except CloudElementsError as error:
        if _has_no_ping(error):
            report(f"{wanted.label} can not be verified: its element has no ping. {error.message}")
            return
        if error.status not in (401, 403) or error.provider_message is None:
            raise error.within(f"{wanted.label} is there with id {instance.id}, but could not be verified.") from None
        raise _refused(wanted, instance, client, pace, error, removed) from None
    if not works:
        raise CloudElementsError(
            Kind.CREDENTIALS_REFUSED,
            f"{wanted.label} is there with id {instance.id}, but the answer to a ping says that it is not valid. "
            "It was left as it is.",
        )


def _has_no_ping(error: CloudElementsError) -> bool:
    """Return whether an error means that an element has no ping (vendor acceptance suite, elements/rocketzen.js)."""
    if error.provider_message is not None:
        return False
    return error.status in (404, 405, 501) or (
        error.status in (400, 500) and "not currently supported" in error.message
    )


def _ping(instance: Instance, client: Client, pace: Pace, wait: bool) -> bool:
    """Ping once, or until it passes where there is a wait. Raises the error of the last ping."""
    waits = iter(WAITS)
    seconds = WAITS[-1]
    while True:
        try:
            return client.ping(instance)
        except CloudElementsError as error:
            seconds = next(waits, seconds)
            if not wait or error.kind not in _PASSING or _has_no_ping(error) or seconds >= pace.remaining():
                raise
        pace.wait(seconds, "The connection could not be verified.")


def _refused(
    wanted: Wanted,
    instance: Instance,
    client: Client,
    pace: Pace,
    error: CloudElementsError,
    removed: Callable[[], None] | None,
) -> CloudElementsError:
    """Return the error for refused credentials, after the instance was removed if it may be."""
    refused = (
        f"The provider refuses the credentials of {wanted.inside} (HTTP {error.status}, request id "
        f"{error.request_id}). It says: {sentence(error.provider_message or '')}"
    )
    if removed is not None and wanted.provider_data is None:
        remove(instance, client, pace, refused)
        removed()
        return error.but(f"{refused} The instance, with id {instance.id}, was removed again.", Kind.CREDENTIALS_REFUSED)
    why = "this run did not make it" if removed is None else "its code is spent"
    return error.but(
        f"{refused} The instance, with id {instance.id}, was left as it is, as {why}.", Kind.CREDENTIALS_REFUSED
    )
