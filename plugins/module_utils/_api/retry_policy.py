# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When to send again. Pure: no clock, no network, no chance of its own.

The rule behind the table: what certainly had no effect may be sent again; what may have had an effect is looked at
first; and what could not be sent safely at all is not tried twice.
"""

from __future__ import annotations

import datetime
import email.utils
import enum
import math
import re
from dataclasses import dataclass


class Effect(enum.Enum):
    """What a request does if it arrives."""

    READ = "read"
    """Nothing: GET, and the POST that only asks for an OAuth URL."""
    CHANGE = "change"
    """The same however often it arrives: PATCH, PUT, DELETE."""
    CREATE = "create"
    """One more instance each time it arrives."""
    SPEND = "spend"
    """As to create, and what is in it may be used up by arriving, whatever the answer: an OAuth code."""


class Outcome(enum.Enum):
    """How an exchange ended, as far as sending again is concerned."""

    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    TLS = "tls"
    REDIRECT = "redirect"
    RATE_LIMITED = "rate limited"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"
    MISPLACED = "misplaced"
    """A whole answer that cannot belong to the request: it is about another instance."""
    MISSHAPEN = "misshapen"
    """A whole answer, but JSON of another shape than documented."""
    TIMEOUT = "timeout"


class Advice(enum.Enum):
    """What to do about an outcome."""

    AGAIN = "again"
    """Send the same request again, after the wait."""
    LOOK = "look"
    """After the wait, find out first whether the request took effect."""
    STOP = "stop"
    """Give up."""


@dataclass(frozen=True)
class Reaction:
    """An advice, and the seconds to wait before it."""

    advice: Advice
    wait: float = 0.0


_STOP = Reaction(Advice.STOP)

_AGAIN, _LOOK, _NEVER = Advice.AGAIN, Advice.LOOK, Advice.STOP

# What is not in the table is an answer that no resend would change.
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
"""Seconds before the first resend, doubled each time."""

LONGEST_WAIT = 30.0
"""Seconds at most between two tries, where the server does not ask for more."""


LONGEST_ASKED = 3600.0
"""Seconds that a server may ask for where the task has no deadline, which would otherwise end the wait."""


def classify(status: int, retry_after: float | None) -> Outcome:
    """Return the outcome that an HTTP status stands for.

    In: the status, and the seconds of C(Retry-After) or None. Only with these is a 503 a polite refusal; without, it is
    as unclear as any other 5xx. An interim status (1xx) is not the answer: the final one may still be on its way.
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
    """Return the seconds that a C(Retry-After) header asks for (RFC 9110, 10.2.3), or None if it says nothing usable.

    In: the header, which holds seconds or an HTTP date, and the time of the answer in seconds since the epoch.
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
    """Return the seconds to wait after the given attempt (1 is the first).

    I(chance), between 0 and 1, spreads the wait between half of it and the whole: runs that failed together do not
    come back together.
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
    """Return what to do after an exchange that did not succeed.

    In: what the request would do; how it ended; how many times it was sent, and how many resends are allowed; what the
    server asked for; the seconds that are left for the whole task; and a chance between 0 and 1.
    Out: the advice. It is to stop where no resend is left, or where the wait would outlast the task; one without a
    deadline does not wait for ever all the same. Having to look is never dropped, neither for want of resends nor of
    time: whether something took effect has to be known. Half of what is left is for the wait then, and half for the
    look.
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
