# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways in which an answer can go wrong, and what the collection promises for each."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable

from ansible_collections.cloud_elements.platform.tests.emulator import Fault, http_date

TIMEOUT = 30.0
"""Seconds that a request may take in the matrix."""

LATE = 15.0
"""Seconds after a timeout in which a late effect comes: within the 30 that are looked for it."""

RETRY_AFTER = 7
RETRY_DATE = 40

ONCE, ALWAYS, OUTAGE = "once", "always", "outage"


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of fault.

    C(reach) says whether it strikes one request, this request and each of its repetitions, or all requests from this
    one on. C(whens) are the moments that make a difference for a write; a read has no effect. C(outcome) is the name
    of the row in the table of outcomes: unclear, misshapen, timeout, unavailable, limited, or redirect. C(errors) are
    the kinds of error that a task may end with by it.
    """

    name: str
    fault: Callable[[str, t.Any, float], Fault]
    outcome: str
    errors: frozenset[str]
    reach: str = ONCE
    whens: tuple[str, ...] = ("before", "after")

    @property
    def asked(self) -> float:
        """The seconds of Retry-After, or less: a date has no fractions, and time passes until it is read."""
        return {"in seconds": RETRY_AFTER, "as a date": RETRY_DATE / 2}.get(self.name.partition("Retry-After ")[2], 0)


def _of(kind: str, **fields: t.Any) -> Callable[[str, t.Any, float], Fault]:
    """Return what makes a fault of a message, JSON of another shape, and the speed of the clock."""

    def make(message: str, shape: t.Any, speed: float) -> Fault:
        given = dict(fields)
        if "seconds" in given:
            given["seconds"] /= speed
        if given.get("headers") == "date":
            given["headers"] = {"Retry-After": http_date(RETRY_DATE)}
        if kind == "body":
            given["body"] = shape
        return Fault(kind, message=message, **given)

    return make


_SECONDS = {"headers": {"Retry-After": str(RETRY_AFTER)}}
_DATE = {"headers": "date"}
_LOST = frozenset({"connection_lost"})
_UNREADABLE = frozenset({"invalid_response"})
_SERVER = frozenset({"server_error"})
_LIMITED, _TIMEOUT = frozenset({"rate_limited"}), frozenset({"timeout"})
_BEFORE: tuple[str, ...] = ("before",)
_AFTER: tuple[str, ...] = ("after",)
ELSEWHERE = "{elsewhere}"

KINDS = (
    Kind("reset", _of("reset"), "unclear", _LOST),
    Kind("an interim answer", _of("interim", seconds=0.5), "unclear", _UNREADABLE),
    Kind("truncated", _of("truncate"), "unclear", _LOST),
    Kind("garbage", _of("garbage"), "unclear", _UNREADABLE),
    Kind("an HTML page", _of("html", status=200), "unclear", _UNREADABLE),
    Kind("an HTML page with 502", _of("html"), "unclear", _SERVER),
    Kind("500", _of("status", status=500), "unclear", _SERVER),
    Kind("408", _of("status", status=408), "unclear", _SERVER),
    Kind("504", _of("status", status=504), "unclear", _SERVER),
    Kind("503", _of("status", status=503), "unclear", _SERVER),
    Kind("503 with Retry-After in seconds", _of("status", status=503, **_SECONDS), "unavailable", _SERVER),
    Kind("503 with Retry-After as a date", _of("status", status=503, **_DATE), "unavailable", _SERVER),
    Kind("429", _of("status", status=429), "limited", _LIMITED, whens=_BEFORE),
    Kind("429 with Retry-After in seconds", _of("status", status=429, **_SECONDS), "limited", _LIMITED, whens=_BEFORE),
    Kind("429 with Retry-After as a date", _of("status", status=429, **_DATE), "limited", _LIMITED, whens=_BEFORE),
    Kind("an empty 200", _of("empty"), "unclear", _UNREADABLE),
    Kind("JSON of another shape", _of("body"), "misshapen", _UNREADABLE),
    Kind("a redirect", _of("redirect", location=ELSEWHERE), "redirect", frozenset({"redirect"})),
    Kind("hangs", _of("hang", seconds=20 * TIMEOUT), "timeout", _TIMEOUT),
    Kind("drips", _of("drip", seconds=TIMEOUT), "timeout", _TIMEOUT, whens=_AFTER),
    Kind("comes too late", _of("latency", seconds=TIMEOUT + LATE), "timeout", _TIMEOUT, whens=("late",)),
    Kind("429 each time", _of("status", status=429), "limited", _LIMITED, ALWAYS, _BEFORE),
    Kind(
        "429 each time, with Retry-After in seconds",
        _of("status", status=429, **_SECONDS),
        "limited",
        _LIMITED,
        ALWAYS,
        _BEFORE,
    ),
    Kind("reset each time", _of("reset"), "unclear", _LOST, ALWAYS),
    Kind("500 each time", _of("status", status=500), "unclear", _SERVER, ALWAYS),
    Kind(
        "503 each time, with Retry-After in seconds",
        _of("status", status=503, **_SECONDS),
        "unavailable",
        _SERVER,
        ALWAYS,
    ),
    Kind("hangs each time", _of("hang", seconds=20 * TIMEOUT), "timeout", _TIMEOUT, ALWAYS),
    Kind("all is reset from there on", _of("reset"), "unclear", _LOST, OUTAGE),
    Kind("all is 503 from there on", _of("status", status=503), "unclear", _SERVER, OUTAGE),
)
