# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A platform that floods, drips and makes things up: nothing is lost, made twice or waited for beyond the time."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import transport as transport_module
from ansible_collections.cloud_elements.platform.tests.emulator import Fault

STRIPE = {"name": "payments", "element_key": "stripe", "api_key": "sk_test_made_up_0123456789"}
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _small_answers(monkeypatch):
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", MIB)


def posts(emulator):
    return [seen for seen in emulator.requests if seen.method == "POST"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("flood", when="after", method="POST", size=8 * MIB),
        Fault("drip", method="POST", seconds=0.05),
        Fault("body", when="after", method="POST", body={"id": 10**30, "name": "payments"}),
        Fault("body", when="after", method="POST", body={"id": "1e3", "name": "payments"}),
        Fault("body", when="after", method="POST", body=[[[[]]]]),
    ],
    ids=["flood", "drip", "huge id", "odd id", "lists"],
)
def test_an_instance_whose_answer_is_no_answer_is_adopted(ansible, emulator, fault):
    emulator.inject(fault)
    result = ansible.task(**STRIPE, timeout=1)
    (stored,) = emulator.instances
    assert (result["id"], result["token"]) == (stored["id"], stored["token"])
    assert len(posts(emulator)) == 1


@pytest.mark.parametrize("kind", ["flood", "drip", "hang"])
def test_a_listing_without_end_fails_within_the_time_and_is_never_an_empty_one(ansible, emulator, kind):
    emulator.create("stripe", "payments")
    emulator.inject(Fault(kind, path="^/instances$", method="GET", size=16 * MIB, seconds=0.02, times=None))
    begun = time.monotonic()
    result = ansible.task(**STRIPE, timeout=0.5, retries=1, deadline=3)
    assert time.monotonic() - begun < 15
    assert result["error"]["kind"] in ("invalid_response", "timeout", "connection_lost")
    assert posts(emulator) == []


def test_no_number_of_floods_takes_more_memory_than_a_few(ansible, emulator):
    emulator.inject(Fault("flood", times=None, size=8 * MIB))
    tracemalloc.start()
    try:
        for _run in range(4):
            assert ansible.task(**STRIPE, retries=0)["error"]["kind"] == "invalid_response"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * MIB


@pytest.mark.parametrize("location", ["https://[", "http://canary:canary@127.0.0.1:9/?token=canary", "x" * 7_000])
def test_a_redirect_is_told_without_its_location(ansible, emulator, location):
    emulator.inject(Fault("redirect", location=location, times=None))
    result = ansible.task(**STRIPE)
    assert result["error"]["kind"] == "redirect"
    assert len(result["msg"]) < 1000
    assert "canary" not in ansible.output
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("asked", ["-1", "9" * 9, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_wait_that_is_asked_for_outlasts_the_task(ansible, emulator, asked):
    fault = Fault("status", status=429, headers={"Retry-After": asked}, times=None)
    emulator.inject(fault)
    begun = time.monotonic()
    single = ansible.task(**STRIPE, retries=1, deadline=5)
    fleet = ansible.run({"instances": [STRIPE], "retries": 1}, module="instances")
    assert {single["error"]["kind"], fleet["error"]["kind"]} == {"rate_limited"}
    assert time.monotonic() - begun < 15
    assert posts(emulator) == []
