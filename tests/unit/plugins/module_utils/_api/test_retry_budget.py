# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Advice, Effect, Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind

WHAT = "The token of instance 7 was not read."


class Clock:
    def __init__(self) -> None:
        self.now = 50.0
        self.sleeps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def pace_with(clock: Clock, **settings) -> RetryBudget:
    settings = {"retries": 5, "deadline": 100.0, **settings}
    return RetryBudget(**settings, clock=lambda: clock.now, sleep=clock.sleep, chance=lambda: 1.0)


def test_the_time_of_a_task_runs_down_from_its_start(clock):
    budget = pace_with(clock)
    clock.now += 30
    assert budget.remaining() == 70


def test_without_a_deadline_there_is_no_end(clock):
    budget = pace_with(clock, deadline=None)
    assert budget.remaining() == math.inf
    budget.wait(10**6, WHAT)
    assert clock.sleeps == [10**6]


def test_a_wait_of_nothing_does_not_sleep(clock):
    pace_with(clock).wait(0, WHAT)
    assert clock.sleeps == []


@pytest.mark.parametrize("seconds", [100.0, 101.0])
def test_a_wait_that_would_use_up_the_time_is_an_error_at_once(clock, seconds):
    with pytest.raises(CloudElementsError) as caught:
        pace_with(clock).wait(seconds, WHAT)
    assert caught.value.kind is ErrorKind.DEADLINE
    assert caught.value.message.startswith(WHAT)
    assert "deadline" in caught.value.message
    assert clock.sleeps == []


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.UNAVAILABLE])
def test_when_the_server_asks_for_a_pause_it_holds_for_everybody(clock, outcome):
    budget = pace_with(clock)
    assert budget.after(Effect.READ, outcome, 1, 20.0).wait == 20
    clock.now += 5
    budget.enter(WHAT)
    assert clock.sleeps == [15]
    budget.enter(WHAT)
    assert clock.sleeps == [15]


def test_a_pause_that_gets_longer_while_one_waits_is_waited_for_to_its_end(clock):
    budget = pace_with(clock)
    budget.after(Effect.READ, Outcome.RATE_LIMITED, 1, 20.0)
    sleep = clock.sleep

    def sleep_while_another_is_limited(seconds):
        budget._sleep = sleep
        budget.after(Effect.READ, Outcome.RATE_LIMITED, 1, 30.0)
        sleep(seconds)

    budget._sleep = sleep_while_another_is_limited
    budget.enter(WHAT)
    assert clock.sleeps == [20, 10]


def test_what_may_be_sent_has_the_time_that_is_left(clock):
    budget = pace_with(clock)
    clock.now += 40
    assert budget.enter(WHAT) == 60


@pytest.mark.parametrize("late", [0.0, 0.001])
def test_a_wait_that_lasts_longer_than_asked_for_leaves_no_time_to_send(clock, late):
    budget = pace_with(clock)
    budget.after(Effect.READ, Outcome.RATE_LIMITED, 1, 99.0)
    sleep = clock.sleep
    budget._sleep = lambda seconds: sleep(seconds + 1 + late)
    with pytest.raises(CloudElementsError) as caught:
        budget.enter(WHAT)
    assert caught.value.kind is ErrorKind.DEADLINE
    assert caught.value.message.startswith(WHAT)


def test_a_shorter_pause_does_not_end_a_longer_one(clock):
    budget = pace_with(clock)
    budget.after(Effect.READ, Outcome.RATE_LIMITED, 1, 20.0)
    budget.after(Effect.READ, Outcome.RATE_LIMITED, 1, 3.0)
    budget.enter(WHAT)
    assert clock.sleeps == [20]


@pytest.mark.parametrize("outcome", [Outcome.BROKEN, Outcome.TIMEOUT, Outcome.NOT_SENT])
def test_a_failure_of_one_request_holds_nobody_else(clock, outcome):
    budget = pace_with(clock)
    budget.after(Effect.READ, outcome, 1, None)
    budget.enter(WHAT)
    assert clock.sleeps == []


def test_resends_and_the_remaining_time_decide_what_is_done_after_a_failure(clock):
    assert pace_with(clock).after(Effect.READ, Outcome.BROKEN, 5, None).advice is Advice.AGAIN
    assert pace_with(clock).after(Effect.READ, Outcome.BROKEN, 6, None).advice is Advice.STOP
    assert pace_with(clock, deadline=0.4).after(Effect.READ, Outcome.BROKEN, 1, None).advice is Advice.STOP
