# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime
import email.utils
import math
import time

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import (
    FIRST_WAIT,
    LONGEST_ASKED,
    LONGEST_WAIT,
    Advice,
    Effect,
    Outcome,
    backoff,
    classify,
    next_step,
    retry_after_seconds,
)
from hypothesis import given
from hypothesis import strategies as st

AGAIN, LOOK, STOP = Advice.AGAIN, Advice.LOOK, Advice.STOP

# outcome -> what to do about a request that reads, changes, creates
TABLE = {
    Outcome.NOT_SENT: (AGAIN, AGAIN, AGAIN, AGAIN),
    Outcome.TLS: (STOP, STOP, STOP, STOP),
    Outcome.REDIRECT: (STOP, STOP, STOP, STOP),
    Outcome.RATE_LIMITED: (AGAIN, AGAIN, AGAIN, STOP),
    Outcome.UNAVAILABLE: (AGAIN, LOOK, LOOK, LOOK),
    Outcome.BROKEN: (AGAIN, LOOK, LOOK, LOOK),
    Outcome.MISPLACED: (AGAIN, LOOK, LOOK, LOOK),
    Outcome.MISSHAPEN: (STOP, LOOK, LOOK, LOOK),
    Outcome.TIMEOUT: (AGAIN, LOOK, LOOK, LOOK),
    Outcome.REFUSED: (STOP, STOP, STOP, STOP),
}
EFFECTS = (Effect.READ, Effect.CHANGE, Effect.CREATE, Effect.SPEND)
CELLS = [(outcome, effect, row[i]) for outcome, row in TABLE.items() for i, effect in enumerate(EFFECTS)]

seconds = st.floats(min_value=0, max_value=1e6)
chances = st.floats(min_value=0, max_value=1)
steps = st.fixed_dictionaries(
    {
        "attempt": st.integers(1, 40),
        "retries": st.integers(0, 40),
        "retry_after": st.none() | seconds,
        "remaining": st.floats(min_value=-10, max_value=1e6) | st.just(float("inf")),
        "chance": chances,
    }
)


def test_the_table_has_every_way_in_which_a_request_can_fail():
    assert {*TABLE, Outcome.DONE} == set(Outcome)
    assert set(EFFECTS) == set(Effect)


@pytest.mark.parametrize(("outcome", "effect", "advice"), CELLS)
def test_with_resends_and_time_left_the_table_decides(outcome, effect, advice):
    step = next_step(effect, outcome, attempt=1, retries=1, retry_after=None, remaining=600, chance=1)
    assert step.advice is advice
    assert step.wait == (0 if advice is STOP else FIRST_WAIT)


@pytest.mark.parametrize(("outcome", "effect", "advice"), CELLS)
def test_without_resends_left_nothing_is_sent_again_but_looking_stays(outcome, effect, advice):
    step = next_step(effect, outcome, attempt=3, retries=2, retry_after=None, remaining=600, chance=1)
    assert step.advice is (LOOK if advice is LOOK else STOP)


@pytest.mark.parametrize(("outcome", "effect", "advice"), CELLS)
@pytest.mark.parametrize("remaining", [-1.0, 0.0, 29.9, 30.0])
def test_without_time_for_the_wait_nothing_is_sent_again_but_looking_stays(outcome, effect, advice, remaining):
    step = next_step(effect, outcome, attempt=1, retries=5, retry_after=30, remaining=remaining, chance=1)
    assert step.advice is (LOOK if advice is LOOK else STOP)
    assert step.wait == (max(0.0, remaining / 2) if advice is LOOK else 0)


@given(st.sampled_from(CELLS), steps)
def test_no_wait_outlasts_the_task(cell, numbers):
    outcome, effect, _advice = cell
    step = next_step(effect, outcome, **numbers)
    assert 0 <= step.wait <= max(0.0, numbers["remaining"])
    assert step.advice is not AGAIN or step.wait < numbers["remaining"]


@given(st.sampled_from([cell for cell in CELLS if cell[2] is AGAIN]), seconds, st.floats(0, 10), chances)
def test_no_wait_is_shorter_than_the_server_asked_for(cell, asked, spare, chance):
    outcome, effect, _advice = cell
    remaining = asked + spare
    step = next_step(effect, outcome, attempt=1, retries=1, retry_after=asked, remaining=remaining, chance=chance)
    assert step.wait >= asked if step.advice is AGAIN else remaining <= max(asked, FIRST_WAIT)


@given(st.sampled_from([cell for cell in CELLS if cell[2] is LOOK]), steps)
def test_looking_is_never_dropped(cell, numbers):
    outcome, effect, _advice = cell
    assert next_step(effect, outcome, **numbers).advice is LOOK


@given(st.sampled_from(CELLS), steps)
def test_a_request_is_sent_at_most_once_more_than_it_has_resends(cell, numbers):
    outcome, effect, _advice = cell
    step = next_step(effect, outcome, **{**numbers, "attempt": numbers["retries"] + 1})
    assert step.advice is not AGAIN


@given(st.integers(1, 10_000), chances)
def test_a_backoff_is_between_half_and_the_whole_of_its_longest_and_never_above_the_cap(attempt, chance):
    wait = backoff(attempt, chance)
    assert FIRST_WAIT / 2 <= wait <= LONGEST_WAIT
    assert backoff(attempt, 0) == backoff(attempt, 1) / 2
    assert backoff(attempt, 0) <= wait <= backoff(attempt, 1)


def test_backoffs_double_until_the_cap():
    assert [backoff(attempt, 1) for attempt in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize("retry_after", [None, 0.0, 5.0])
def test_every_status_has_its_outcome(retry_after):
    special = {
        408: Outcome.BROKEN,
        429: Outcome.RATE_LIMITED,
        503: Outcome.BROKEN if retry_after is None else Outcome.UNAVAILABLE,
    }
    by_hundred = {2: Outcome.DONE, 3: Outcome.REDIRECT, 4: Outcome.REFUSED, 5: Outcome.BROKEN}
    for status in range(200, 600):
        assert classify(status, retry_after) is special.get(status, by_hundred[status // 100]), status


NOW = 1_800_000_000.0


@given(st.integers(0, 999_999_999))
def test_retry_after_in_seconds_is_taken_as_it_stands(number):
    assert retry_after_seconds(str(number), NOW) == number
    assert retry_after_seconds(f" {number} ", NOW) == number


@given(st.integers(0, 10_000_000))
def test_retry_after_as_a_date_is_the_time_until_then(ahead):
    assert retry_after_seconds(email.utils.formatdate(NOW + ahead, usegmt=True), NOW) == ahead


@given(st.integers(1, 1_000_000_000))
def test_a_date_in_the_past_means_at_once(ago):
    assert retry_after_seconds(email.utils.formatdate(NOW - ago, usegmt=True), NOW) == 0


@pytest.mark.parametrize("local", ["UTC0", "EAST-9"])
def test_a_date_without_a_zone_is_in_utc_whatever_the_zone_of_the_machine(local, monkeypatch):
    monkeypatch.setenv("TZ", local)
    time.tzset()
    try:
        assert retry_after_seconds(email.utils.formatdate(NOW + 60).replace("-0000", ""), NOW) == 60
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_date_in_another_zone_is_the_time_until_then():
    ahead = datetime.datetime.fromtimestamp(NOW + 60, datetime.timezone(datetime.timedelta(hours=2)))
    assert retry_after_seconds(email.utils.format_datetime(ahead), NOW) == 60


@pytest.mark.parametrize(
    "header",
    [None, "", " ", "-1", "-0.5", "soon", "nan", "inf", "1e3", "0x10", "1_000", "١٢", "5 seconds", "Mon, 99 Foo 2026"],
)
def test_what_is_no_retry_after_says_nothing(header):
    assert retry_after_seconds(header, NOW) is None


numbers = st.sampled_from(["0", "1", "31", "99", "-1", "1969", "2026", "99999999999999", "9" * 30])
zones = st.sampled_from(["GMT", "+0000", "-2359", "+9999", "+999999999999", ""])


@given(st.text() | st.builds("Mon, {} Jan {} {}:{}:{} {}".format, numbers, numbers, numbers, numbers, numbers, zones))
def test_no_header_of_a_server_can_break_it_or_ask_for_less_than_nothing(header):
    wait = retry_after_seconds(header, NOW)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(("outcome", "effect", "advice"), CELLS)
@pytest.mark.parametrize("asked", [3601.0, 1e9, 1e300])
def test_without_a_deadline_no_server_can_make_a_task_wait_for_ever(outcome, effect, advice, asked):
    step = next_step(effect, outcome, attempt=1, retries=5, retry_after=asked, remaining=math.inf, chance=1)
    assert step.advice is (LOOK if advice is LOOK else STOP)
    assert step.wait <= LONGEST_ASKED


def test_without_a_deadline_a_server_may_ask_for_some_time():
    numbers = {"attempt": 1, "retries": 5, "remaining": math.inf, "chance": 1}
    step = next_step(Effect.READ, Outcome.RATE_LIMITED, retry_after=1800, **numbers)
    assert (step.advice, step.wait) == (AGAIN, 1800)
