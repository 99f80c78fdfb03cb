# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Track what a task may still spend on requests: its time, its retries, and the waits that the server asks for.

One `RetryBudget` belongs to one task, and all its threads share it. The client asks it before each request, and after
each failed one. The retry policy decides; this module has the clock and the sleep.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable

from .._core.errors import CloudElementsError, ErrorKind
from .retry_policy import Effect, Outcome, Reaction, next_step


class RetryBudget:
    """The time and the retries of one task, shared by all its threads. The time of the task starts here.

    Args:
        retries: Maximum number of times that one request is sent again.
        deadline: Maximum duration of the whole task in seconds, or None if there is no limit.
        clock: Returns the time in seconds. Tests replace it, like `sleep` and `chance`.
        sleep: Waits for a number of seconds.
        chance: Returns a random number between 0 and 1.
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
        """Return the seconds that the task has left, infinite if it has no deadline."""
        return self._end - self._clock()

    def enter(self, what: str) -> float:
        """Wait until a request may be sent.

        Args:
            what: What was not done, as a sentence, for the error.

        Returns:
            The seconds that the task then has left, which are more than 0.

        Raises:
            CloudElementsError: `deadline` if the task has no time left by then.
        """
        while True:
            with self._lock:
                wait = self._held_until - self._clock()
            if wait <= 0:  # The server may ask for a longer wait while this thread waits.
                break
            self.wait(wait, what)
        left = self.remaining()
        if left <= 0:
            raise self.over(what)
        return left

    def wait(self, seconds: float, what: str) -> None:
        """Wait for a number of seconds.

        Args:
            seconds: The duration of the wait.
            what: What was not done, as a sentence, for the error.

        Raises:
            CloudElementsError: `deadline`, at once, if the task has no time left after the wait.
        """
        if seconds >= self.remaining():
            raise self.over(what)
        if seconds > 0:
            self._sleep(seconds)

    def over(self, what: str) -> CloudElementsError:
        """Return the error `deadline`.

        Args:
            what: What was not done, as a sentence.
        """
        return CloudElementsError(
            ErrorKind.DEADLINE, f"{what} The {self._deadline:g} seconds for the whole task (deadline) do not suffice."
        )

    def after(self, effect: Effect, outcome: Outcome, attempt: int, retry_after: float | None) -> Reaction:
        """Decide what to do after an exchange that did not succeed. If the server asks for a wait, all threads wait."""
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
        """Maximum number of times that one request is sent again."""
        return self._retries
