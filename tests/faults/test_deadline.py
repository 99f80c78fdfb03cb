# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deadline ends a task wherever it is, a fleet too, and says what was and what was not done."""

from __future__ import annotations

import os
import time

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Fault
from ansible_collections.cloud_elements.platform.tests.faults.cases import CASES, Case
from ansible_collections.cloud_elements.platform.tests.faults.clock import Clock
from ansible_collections.cloud_elements.platform.tests.faults.site import CLEAN, Site

SPEED = 200.0
DEADLINE = 60.0
TIMEOUT = 20000.0
"""Seconds that a request may take: it has to be the deadline that ends it."""

SLACK = 10.0
"""Real seconds that a slow machine may take longer; what nothing ends would take more than a minute longer."""

TRIED = ["create disabled", "a fleet of 20"]
if os.environ.get("FAULTS") == "all":
    TRIED += ["remove", "create with a code", "rename", "create and verify"]
REQUESTS = {
    "every request": (None, None),
    "listings": ("GET", "^/instances$"),
    "the catalog": ("GET", "^/elements/"),
    "creates": ("POST", "^/instances$"),
    "writes by id": ("(PATCH|PUT|DELETE)", "^/instances/"),
}
HANGS = {
    "hang": Fault("hang", when="after", times=None, seconds=3600),
    "are limited for an hour": Fault("status", status=429, headers={"Retry-After": "3600"}, times=None),
    "are unavailable for an hour": Fault("status", status=503, headers={"Retry-After": "3600"}, times=None),
    "drip": Fault("drip", times=None, seconds=3600),
}


def strikes(case: Case, requests: str, hang: str) -> bool:
    """Return whether a case makes such requests, and they can be struck so: what is empty does not drip."""
    if requests == "writes by id":
        return case.name in ("create disabled", "remove", "rename") and hang != "drip"
    return requests in ("every request", "listings") or case.name not in ("remove", "rename")


CELLS = [
    (case, requests, hang)
    for case in CASES
    if case.name in TRIED
    for requests in REQUESTS
    for hang in HANGS
    if strikes(case, requests, hang)
]


@pytest.mark.parametrize(
    ("case", "requests", "hang"), CELLS, ids=[f"{case.name}, {which} {hang}" for case, which, hang in CELLS]
)
def test_a_task_ends_at_its_deadline_and_says_so(case, requests, hang):
    method, path = REQUESTS[requests]
    methods = ("PATCH", "PUT", "DELETE") if requests == "writes by id" else (method,)
    clock = Clock(SPEED, f"{case.name} {requests} {hang}")
    with Site(case, clock) as site, clock.runs():
        for each in methods:
            fault = HANGS[hang]
            site.emulator.inject(Fault(**{**vars(fault), "method": each, "path": path}))
        started = time.monotonic()
        ended = site.run({**case.options, "deadline": DEADLINE, "timeout": TIMEOUT})
        lasted = time.monotonic() - started
        stored = {row["name"]: int(row["id"]) for row in site.emulator.instances if row["element"]["key"] == "stripe"}
        site.emulator.heal()
        # With as much time as it takes: what is slow now is this machine.
        later = site.run({**case.options, "timeout": TIMEOUT, "deadline": 100 * DEADLINE})
        assert later.kind == CLEAN or "the authorization code was used before" in later.message
    assert lasted < DEADLINE / SPEED + SLACK
    if ended.kind == CLEAN:  # The catalog may be left unread.
        assert requests == "the catalog"
        return
    assert ended.kind in ("deadline", "unknown_outcome", "rate_limited", "server_error"), ended.message
    said = f"{ended.message} {ended.warnings}"
    reasons = ("deadline", "Retry-After", "raise retries", "503", "It was not sent again")
    assert any(reason in said for reason in reasons), said
    for row in ended.result.get("instances", ()):
        # What was not done has its own error, and what is there its id, or a message that tells that it may be there.
        assert (row["error"] is None) == (row["token"] is not None), row
        if row["error"] is not None and row["name"] in stored:
            assert row["id"] == stored[row["name"]] or row["error"]["kind"] == "unknown_outcome", row
        if row["error"] is None:
            assert row["id"] == stored[row["name"]]
