# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether and when to send a request again.

The retry budget calls `next_step` after each failed exchange, and the transport calls `classify` for each status. The
module is pure: it has no clock, no network and no random numbers of its own.

The table follows three rules. A request that certainly had no effect may be sent again. If it may have had an effect,
the caller first finds out. A request that cannot be sent safely is not tried twice.
"""

from __future__ import annotations

import datetime
import email.utils
import enum
import math
import re
from dataclasses import dataclass


class Effect(enum.Enum):
    """The effect of a request if it arrives."""

    READ = "read"
    """No effect: GET, and the POST that only asks for an OAuth URL."""
    CHANGE = "change"
    """The same effect however often it arrives: PATCH, PUT, DELETE."""
    CREATE = "create"
    """One more instance each time it arrives."""
    SPEND = "spend"
    """Like a create, but its arrival also uses up its content, an OAuth code, whatever the answer is."""


class Outcome(enum.Enum):
    """How an exchange ended, as far as it matters for a retry."""

    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    TLS = "tls"
    REDIRECT = "redirect"
    RATE_LIMITED = "rate limited"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"
    MISPLACED = "misplaced"
    """A complete answer that cannot belong to the request, because it is about another instance."""
    MISSHAPEN = "misshapen"
    """A complete answer, but JSON of another shape than documented."""
    TIMEOUT = "timeout"


class Advice(enum.Enum):
    """What to do after an outcome."""

    AGAIN = "again"
    """Send the same request again, after the wait."""
    LOOK = "look"
    """After the wait, first find out whether the request took effect."""
    STOP = "stop"
    """Give up."""


@dataclass(frozen=True)
class Reaction:
    """What to do, and the seconds to wait before it."""

    advice: Advice
    wait: float = 0.0


_STOP = Reaction(Advice.STOP)

_AGAIN, _LOOK, _NEVER = Advice.AGAIN, Advice.LOOK, Advice.STOP

# A retry would not change an outcome that is not in the table.
_ADVICE = {
    Outcome.NOT_SENT: dict(zip(Effect, (_AGAIN, _AGAIN, _AGAIN, _AGAIN), strict=True)),
    Outcome.RATE_LIMITED: dict(zip(Effect, (_AGAIN, _AGAIN, _AGAIN, _NEVER), strict=True)),
    Outcome.UNAVAILABLE: dict(zip(Effect, (_AGAIN, _LOOK, _LOOK, _LOOK), strict=True)),
    Outcome.BROKEN: dict(zip(Effect, (_AGAIN, _LOOK, _LOOK, _LOOK), strict=True)),
    Outcome.MISPLACED: dict(zip(Effect, (_AGAIN, _LOOK, _LOOK, _LOOK), strict=True)),
    Outcome.MISSHAPEN: dict(zip(Effect, (_NEVER, _LOOK, _LOOK, _LOOK), strict=True)),
    Outcome.TIMEOUT: dict(zip(Effect, (_AGAIN, _LOOK, _LOOK, _LOOK), strict=True)),
}

FIRST_WAIT = 0.5
"""Seconds before the first retry. They double with each retry."""

LONGEST_WAIT = 30.0
"""Maximum seconds between two attempts, unless the server asks for more."""


LONGEST_ASKED = 3600.0
"""Maximum seconds that a server may ask for if the task has no deadline to end the wait."""


def classify(status: int, retry_after: float | None) -> Outcome:
    """Classify an HTTP status as an outcome.

    An interim status (1xx) is not the answer: the final one may still follow.

    Args:
        status: The HTTP status.
        retry_after: The seconds of the header `Retry-After`, or None. With this header, a 503 says that the request was
            not carried out, so one look is enough before a create is sent again. Without it, the effect is as unclear
            as for any other 5xx.
    """
    if status < 200:
        return Outcome.BROKEN
    if 200 <= status < 300:
        return Outcome.DONE
    if 300 <= status < 400:
        return Outcome.REDIRECT
    if status == 429:
        return Outcome.RATE_LIMITED
    if status == 503 and retry_after is not None:
        return Outcome.UNAVAILABLE
    if status == 408 or status >= 500:
        return Outcome.BROKEN
    return Outcome.REFUSED


def retry_after_seconds(value: str | None, now: float) -> float | None:
    """Parse the header `Retry-After` (RFC 9110, 10.2.3).

    Args:
        value: The header, which contains seconds or an HTTP date.
        now: The time of the answer, in seconds since the epoch.

    Returns:
        The seconds to wait, or None if the header is missing or invalid.
    """
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", value.strip()):
        return float(value)
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, when.timestamp() - now)


def backoff(attempt: int, chance: float) -> float:
    """Return the seconds to wait after an attempt.

    Args:
        attempt: The number of the attempt, from 1.
        chance: A random number between 0 and 1. It spreads the wait between half and all of it, so that runs that
            failed together do not retry together.
    """
    longest: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt - 1, 16))
    return longest * (0.5 + 0.5 * chance)


def next_step(
    effect: Effect,
    outcome: Outcome,
    *,
    attempt: int,
    retries: int,
    retry_after: float | None,
    remaining: float,
    chance: float,
) -> Reaction:
    """Decide what to do after an exchange that did not succeed.

    A retry is dropped if no retries are left, or if the wait would exceed the remaining time. A task without a deadline
    does not wait forever either. `Advice.LOOK` is never dropped, because the caller must know whether the request took
    effect. Its wait takes at most half of the remaining time, so that the other half is left for the look.

    Args:
        effect: The effect of the request.
        outcome: How the exchange ended.
        attempt: How many times the request was sent.
        retries: How many times the request may be sent again.
        retry_after: The seconds that the server asks to wait, or None.
        remaining: The seconds that are left for the whole task, possibly infinite.
        chance: A random number between 0 and 1.
    """
    advice = _ADVICE.get(outcome, {}).get(effect, Advice.STOP)
    if advice is Advice.STOP:
        return _STOP
    wait = backoff(attempt, chance)
    if retry_after is not None:
        wait = max(wait, retry_after)
    if math.isinf(remaining):
        remaining = LONGEST_ASKED
    if advice is Advice.LOOK:
        return Reaction(advice, min(wait, max(0.0, remaining / 2)))
    return _STOP if attempt > retries or wait >= remaining else Reaction(advice, wait)
