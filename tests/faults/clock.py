# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time that runs faster than the real one, for all that the engine does: its clock, its waits and its timeouts.

Nothing is skipped. What waits really waits, and what hangs really hangs, each for its share of the time.
"""

from __future__ import annotations

import contextlib
import functools
import random
import time
from collections.abc import Iterator
from unittest import mock

from ansible_collections.cloud_elements.platform.plugins.module_utils._api import run as run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.transport import Transport


class Clock:
    """A clock that runs some times as fast as the real one, and notes what it was asked to wait for.

    In: how many times as fast; and a seed for the chance that spreads the waits.
    """

    def __init__(self, speed: float, seed: str) -> None:
        self.speed = speed
        self.waits: list[float] = []
        self.cut = 0
        self._chance = random.Random(seed)

    def now(self) -> float:
        """Return the time in seconds."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.waits.append(seconds)
        time.sleep(seconds / self.speed)

    @contextlib.contextmanager
    def runs(self) -> Iterator[None]:
        """Let every task that starts in this context live by this clock."""
        budget = functools.partial(RetryBudget, clock=self.now, sleep=self.sleep, chance=self._chance.random)

        def transport(run: run_module.Run) -> _Transport:
            return _Transport(Transport(run.connection), self)

        with (
            mock.patch.object(run_module, "RetryBudget", budget),
            mock.patch.object(run_module.Run, "new_transport", transport),
        ):
            yield


class _Transport:
    """Gives every exchange its share of the time, and counts those that did not come to an end in it."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    def exchange(self, request: Request, seconds: float) -> Response:
        answer = self._transport.exchange(request, seconds / self._clock.speed)
        if answer.outcome in (Outcome.TIMEOUT, Outcome.NOT_SENT):
            self._clock.cut += 1
        return answer

    def close(self) -> None:
        self._transport.close()
