# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify that the connection of an instance works, by its ping."""

from __future__ import annotations

from ..._api.client import Client
from ..._api.error_report import sentence
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind
from ..._reconcile.create_once import Created, delete_own, doubt_of
from ..._reconcile.steps import InterruptedStepError, StepResult
from .desired import DesiredInstance

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between pings while waiting; the last one is repeated until the deadline."""

_PASSING = (
    ErrorKind.SERVER_ERROR,
    ErrorKind.TIMEOUT,
    ErrorKind.CONNECTION_LOST,
    ErrorKind.UNREACHABLE,
    ErrorKind.RATE_LIMITED,
)


def verify(desired: DesiredInstance, instance: Instance, created: Created[Instance] | None, client: Client) -> None:
    """Ping an instance. Return if its connection works, or if its element has no ping, which is reported.

    Args:
        desired: The instance as the user wants it. With `verify_wait`, it is pinged until the deadline while the
            provider or the platform has trouble.
        instance: The instance as it is.
        created: What a create of this run came to. None if there was none.
        client: Pings, reads and deletes.

    Raises:
        InterruptedStepError: `credentials_refused`, and the instance was deleted again. That is done only if the
            provider itself refuses (401 or 403 with its own message), only to what this run created without any doubt,
            and never after a code was spent on it.
        CloudElementsError: It does not work. The instance stays.
    """
    if instance.token is None:
        return
    if not instance.enabled:
        client.warn(f"The {desired} is disabled, so its connection was not verified.")
        return
    try:
        works = _ping(instance, client, desired.verify_wait)
    except CloudElementsError as error:
        if _has_no_ping(error):
            client.warn(f"The {desired} cannot be verified: its element has no ping. {error.message}")
            return
        if error.status not in (401, 403) or error.provider_message is None:
            raise error.within(f"The {desired} is there with id {instance.id}, but could not be verified.") from None
        raise _refused(desired, instance, created, client, error) from None
    if not works:
        raise CloudElementsError(
            ErrorKind.CREDENTIALS_REFUSED,
            f"The {desired} is there with id {instance.id}, but the answer to a ping says that it is not valid. "
            "It was left as it is.",
        )


def _has_no_ping(error: CloudElementsError) -> bool:
    """Return whether an error means that an element has no ping (vendor acceptance suite, elements/rocketzen.js)."""
    if error.provider_message is not None:
        return False
    return error.status in (404, 405, 501) or (
        error.status in (400, 500) and "not currently supported" in error.message
    )


def _ping(instance: Instance, client: Client, wait: bool) -> bool:
    """Ping once, or until it passes where there is a wait. Raises the error of the last ping."""
    waits = iter(WAITS)
    seconds = WAITS[-1]
    while True:
        try:
            return client.instances.ping(instance)
        except CloudElementsError as error:
            seconds = next(waits, seconds)
            if not wait or error.kind not in _PASSING or _has_no_ping(error) or seconds >= client.budget.remaining():
                raise
        client.budget.wait(seconds, "The connection could not be verified.")


def _refused(
    desired: DesiredInstance,
    instance: Instance,
    created: Created[Instance] | None,
    client: Client,
    error: CloudElementsError,
) -> Exception:
    """Return the error for refused credentials, after the instance was deleted if it may be."""
    refused = (
        f"The provider refuses the credentials of the {desired} (HTTP {error.status}, request id "
        f"{error.request_id}). It says: {sentence(error.provider_message or '')}"
    )
    why = _why_it_stays(desired, instance, client, created, refused)
    if why is None and created is not None:
        delete_own(created, client, refused)
        message = f"{refused} The instance, with id {instance.id}, was removed again."
        return InterruptedStepError(error.but(message, ErrorKind.CREDENTIALS_REFUSED), StepResult(instance))
    message = f"{refused} The instance, with id {instance.id}, was left as it is, as {why}."
    return error.but(message, ErrorKind.CREDENTIALS_REFUSED)


def _why_it_stays(
    desired: DesiredInstance, instance: Instance, client: Client, created: Created[Instance] | None, refused: str
) -> str | None:
    """Return why an instance may not be deleted, as a clause, or None if it may."""
    if created is None or not created.own or created.resource.id != instance.id:
        return "this run did not make it"
    if desired.provider_data is not None:
        return "its code is spent"
    try:
        doubt = doubt_of(created, client)
    except CloudElementsError as error:
        raise error.within(f"{refused} The instance, with id {instance.id}, was left as it is.") from None
    return None if doubt is None else f"it is not certain that this run made it: {doubt}"
