# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When something may be sent: the deadline of the task, the resends, and the waits that hold for everybody."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable

from .._core.errors import CloudElementsError, ErrorKind
from .retry_policy import Effect, Outcome, Reaction, next_step


class RetryBudget:
    """The clock of one task, shared by all that send for it.

    In: the resends that a request has; the seconds for the whole task or None; and, for tests, the clock, the sleep
    and the chance to use. The task's time starts here.
    """

    def __init__(
        self,
        *,
        retries: int,
        deadline: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._retries = retries
        self._deadline = deadline
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._end = math.inf if deadline is None else clock() + deadline
        self._held_until = -math.inf
        self._lock = threading.Lock()

    def remaining(self) -> float:
        """Return the seconds that the task has left, infinite where it has no deadline."""
        return self._end - self._clock()

    def enter(self, what: str) -> float:
        """Wait until something may be sent, and return the seconds that the task has left then, which are more than 0.

        Raises C(deadline), with what was not done, where that is too late.
        """
        while True:
            with self._lock:
                wait = self._held_until - self._clock()
            if wait <= 0:  # While one waited, another may have been asked to wait for longer.
                break
            self.wait(wait, what)
        left = self.remaining()
        if left <= 0:
            raise self.over(what)
        return left

    def wait(self, seconds: float, what: str) -> None:
        """Wait, or raise C(deadline) at once, with what was not done, where the task would be over by then."""
        if seconds >= self.remaining():
            raise self.over(what)
        if seconds > 0:
            self._sleep(seconds)

    def over(self, what: str) -> CloudElementsError:
        """Return the error for the end of the task's time. In: what was not done, as a sentence."""
        return CloudElementsError(
            ErrorKind.DEADLINE, f"{what} The {self._deadline:g} seconds for the whole task (deadline) do not suffice."
        )

    def after(self, effect: Effect, outcome: Outcome, attempt: int, retry_after: float | None) -> Reaction:
        """Return what to do after an exchange that did not succeed, and hold everybody where the server asks for it."""
        step = next_step(
            effect,
            outcome,
            attempt=attempt,
            retries=self._retries,
            retry_after=retry_after,
            remaining=self.remaining(),
            chance=self._chance(),
        )
        if outcome in (Outcome.RATE_LIMITED, Outcome.UNAVAILABLE):
            with self._lock:
                self._held_until = max(self._held_until, self._clock() + step.wait)
        return step

    @property
    def retries(self) -> int:
        """The resends that a request has."""
        return self._retries
