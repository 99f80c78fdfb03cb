# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send PATCH, PUT and DELETE, whose effect is the same however often they arrive: look before they are repeated."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .._api.caller import UncertainError
from .._api.client import Client
from .._core.errors import CloudElementsError, ErrorKind

R = t.TypeVar("R")


def repeat_write(
    what: str,
    send: Callable[[], R | None],
    read: Callable[[], R | None],
    is_done: Callable[[R | None], bool],
    client: Client,
    *,
    blind: bool = False,
) -> R | None:
    """Send a write until it took effect, and return the resource afterwards. Look first after each lost answer.

    Args:
        what: What is written, in words.
        send: Sends the write, and returns the resource if the answer tells it.
        read: Returns the resource as it is. None if it is not there.
        is_done: Tells whether a resource is as the write makes it.
        client: Waits and warns.
        blind: Whether the write holds secrets, so that it cannot be seen whether it arrived.

    Raises:
        CloudElementsError: The cause if the retries are used up and the write is seen not to be done.
            `unknown_outcome` if that cannot be seen.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return send()
        except UncertainError as doubt:
            try:
                client.budget.wait(doubt.wait, "It could not be looked at.")
                found = read()
            except CloudElementsError as error:
                raise unknown_outcome(doubt.error, f"the {what} was changed", error.message) from None
            if is_done(found):
                return found
            if attempt > client.budget.retries:
                unknown = unknown_outcome(doubt.error, f"the secrets of the {what} arrived", "Run again.")
                raise unknown if blind else doubt.error from None
            client.warn(f"{doubt.error.facts} It had no visible effect. Sending it again.")


def unknown_outcome(cause: CloudElementsError, what: str, advice: str) -> CloudElementsError:
    """Return the error for a write that may have taken effect.

    Args:
        cause: How the answer was lost.
        what: What is not known, as a clause.
        advice: What to do, as a sentence.
    """
    return cause.but(f"It is not known whether {what}. {cause.facts} {advice}", ErrorKind.UNKNOWN_OUTCOME)
