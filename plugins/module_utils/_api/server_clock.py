# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time by the server's own clock: ours may be off, and what the server dates can only be compared with its own."""

from __future__ import annotations

import datetime
import email.utils
import re
import time
from collections.abc import Callable

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})")


class ServerClock:
    """Follow the server's clock by the `Date` of its answers (RFC 9110, 6.6.1). All threads of a task share one.

    Args:
        monotonic: The clock that tells how long ago the last answer came, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._offset: float | None = None

    def note(self, date: str | None) -> None:
        """Take the time from the header `Date` of an answer that just came. Ignore one that is not a date."""
        try:
            told = email.utils.parsedate_to_datetime(date or "")
        except (TypeError, ValueError, OverflowError):
            return
        if told.tzinfo is None:
            told = told.replace(tzinfo=datetime.timezone.utc)
        offset = told.timestamp() - self._monotonic()
        # A date on the way may be old. For what is removed, the time must not be too early.
        self._offset = offset if self._offset is None else max(self._offset, offset)

    def now(self) -> float | None:
        """Return the server's time in seconds since the epoch, never later than it is. None if it told none so far."""
        return None if self._offset is None else self._offset + self._monotonic()


def epoch(date: str | None) -> float | None:
    """Return the whole seconds since the epoch of a `createdDate`, such as `2017-08-07T18:46:38Z`.

    Return None for anything but a date with a time and an offset.
    """
    found = _DATE.fullmatch(date or "")
    if found is None:
        return None
    moment, offset = found.groups()
    offset = "+0000" if offset == "Z" else offset.replace(":", "")
    try:
        return datetime.datetime.strptime(moment + offset, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except (ValueError, OverflowError):
        return None
