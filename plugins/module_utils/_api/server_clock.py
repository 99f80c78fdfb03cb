# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Estimate the time of the server's clock from its answers.

A create is proven by comparing the `createdDate` of an instance with the time of the request. Only the server's own
clock can be compared with its dates, because the local clock may be wrong.
"""

from __future__ import annotations

import datetime
import email.utils
import re
import time
from collections.abc import Callable

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})")


class ServerClock:
    """Follow the server's clock by the header `Date` of its answers (RFC 9110, 6.6.1). All threads of a task share one.

    Args:
        monotonic: Returns a monotonic time in seconds, to measure the age of an answer.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._offset: float | None = None

    def note(self, date: str | None) -> None:
        """Read the time from the header `Date` of an answer that just arrived. Ignore a header that is not a date."""
        try:
            told = email.utils.parsedate_to_datetime(date or "")
        except (TypeError, ValueError, OverflowError):
            return
        if told.tzinfo is None:
            told = told.replace(tzinfo=datetime.timezone.utc)
        offset = told.timestamp() - self._monotonic()
        # A date may be old when it arrives. An estimate that is too early could prove a create that is not ours.
        self._offset = offset if self._offset is None else max(self._offset, offset)

    def now(self) -> float | None:
        """Return the server's time in seconds since the epoch, never later than it is. None if no answer had a date."""
        return None if self._offset is None else self._offset + self._monotonic()


def epoch(date: str | None) -> float | None:
    """Convert a `createdDate`, such as `2017-08-07T18:46:38Z`, to whole seconds since the epoch.

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
