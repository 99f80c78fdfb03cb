# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each kind of fault, before and after the effect."""

from __future__ import annotations

import email.utils
import json
import socket
import time

import pytest
import requests
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault, http_date
from ansible_collections.cloud_elements.platform.tests.emulator.faults import KINDS

BODY = {"element": {"key": "stripe"}, "name": "x", "configuration": STRIPE}


@pytest.fixture
def raw(api):
    """The client, with answers taken as they are."""
    api.unchecked = True
    return api


@pytest.mark.parametrize("when", ["before", "after"])
def test_status(raw, emulator, when):
    emulator.inject(Fault("status", when=when, method="post", path="^/instances$", status=503, message="Later"))
    response = raw.post("/instances", BODY)
    assert response.status_code == 503
    assert response.json()["message"] == "Later"
    assert len(response.json()["requestId"]) == 24
    assert len(emulator.instances) == (1 if when == "after" else 0)
    assert (emulator.requests[-1].status, emulator.requests[-1].fault) == (503, f"status {when}")
    assert raw.post("/instances", BODY).status_code == 200


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_status_429_with_retry_after_in_seconds_or_as_a_date(raw, emulator, form):
    retry_after = http_date(2) if form == "date" else "2"
    emulator.inject(Fault("status", status=429, headers={"Retry-After": retry_after}))
    response = raw.get("/instances")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == retry_after
    if form == "date":
        assert abs(email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time()) < 10


def test_status_with_a_body_of_its_own(raw, emulator):
    emulator.inject(Fault("status", status=400, body={"error": ["odd"]}))
    assert raw.get("/instances").json() == {"error": ["odd"]}


def test_html(raw, emulator):
    emulator.inject(Fault("html"))
    response = raw.get("/instances")
    assert response.status_code == 502
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<html>" in response.text


@pytest.mark.parametrize("kind", ["reset", "hang"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_no_answer_at_all(raw, emulator, kind, when):
    emulator.inject(Fault(kind, when=when, seconds=0.1))
    with pytest.raises(requests.ConnectionError) as caught:
        raw.post("/instances", BODY)
    assert ("reset" in str(caught.value).lower()) == (kind == "reset")
    assert len(emulator.instances) == (1 if when == "after" else 0)
    assert emulator.requests[-1].status is None


def test_hang_outlasts_the_client_and_does_not_hold_up_the_end(raw, emulator):
    emulator.inject(Fault("hang", when="after"))
    with pytest.raises(requests.Timeout):
        raw.post("/instances", BODY, timeout=0.2)
    assert len(emulator.instances) == 1
    started = time.monotonic()
    emulator.stop()
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_truncate(raw, emulator, when):
    emulator.inject(Fault("truncate", when=when))
    with pytest.raises(requests.RequestException):
        raw.post("/instances", BODY)
    assert len(emulator.instances) == (1 if when == "after" else 0)


def test_truncate_an_empty_answer(raw, emulator):
    number = emulator.create()["id"]
    emulator.inject(Fault("truncate", when="after"))
    with pytest.raises(requests.RequestException):
        raw.delete(f"/instances/{number}")
    assert emulator.instances == []


def test_garbage(raw, emulator):
    emulator.inject(Fault("garbage"))
    response = raw.get("/instances")
    assert response.status_code == 200
    with pytest.raises(ValueError):
        response.json()


def test_empty(raw, emulator):
    emulator.inject(Fault("empty"))
    response = raw.get("/instances")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("body", [[], {}, None, 7, "text", {"id": {"a": []}}, [[[]]]])
def test_body(raw, emulator, body):
    emulator.inject(Fault("body", body=body))
    response = raw.get("/instances/1")
    assert (response.status_code, response.json()) == (200, body)


def test_redirect(raw, emulator):
    emulator.inject(Fault("redirect", location="http://127.0.0.1:1/elsewhere"))
    response = raw.get("/instances")
    assert response.status_code == 302
    assert response.headers["Location"] == "http://127.0.0.1:1/elsewhere"


def test_drip(raw, emulator):
    emulator.inject(Fault("drip", seconds=0.002))
    started = time.monotonic()
    response = raw.get("/instances")
    assert response.status_code == 404
    assert response.json()["message"]
    assert time.monotonic() - started >= len(response.content) * 0.002


@pytest.mark.parametrize("when", ["before", "after"])
def test_latency_and_the_moment_of_the_effect(raw, emulator, when):
    emulator.inject(Fault("latency", when=when, seconds=0.4))
    with pytest.raises(requests.Timeout):
        raw.post("/instances", BODY, timeout=0.2)
    assert len(emulator.instances) == (1 if when == "after" else 0)
    time.sleep(0.4)
    assert len(emulator.instances) == 1
    assert emulator.requests[-1].status == 200


def test_headers_on_a_right_answer(raw, emulator):
    emulator.create()
    emulator.inject(Fault("latency", seconds=0, headers={"Elements-Next-Page-Token": "again"}))
    response = raw.get("/instances")
    assert response.headers["Elements-Next-Page-Token"] == "again"
    assert len(response.json()) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_interim(raw, emulator, when):
    emulator.inject(Fault("interim", when=when, seconds=0.01))
    with socket.create_connection(("127.0.0.1", emulator.port)) as connection:
        secrets = f"User {emulator.user_secret}, Organization {emulator.organization_secret}"
        body = json.dumps(BODY)
        head = (
            f"POST /elements/api-v2/instances HTTP/1.1\r\nHost: x\r\nAuthorization: {secrets}\r\nConnection: close\r\n"
        )
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + body).encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 103 Early Hints\r\n")
    assert (b"HTTP/1.1 200 OK" if when == "after" else b"HTTP/1.1 500 ") in received
    assert len(emulator.instances) == (1 if when == "after" else 0)


def test_flood(raw, emulator):
    emulator.inject(Fault("flood", size=1024 * 1024))
    assert len(raw.get("/instances").content) > 1024 * 1024
    emulator.inject(Fault("flood", size=10**12))
    with raw.get("/instances", stream=True) as response:
        assert len(response.raw.read(65536)) == 65536
    assert raw.get("/hubs").status_code == 200


def test_times_skip_and_path(raw, emulator):
    emulator.inject(Fault("status", path=r"/instances/\d+$", skip=1, times=2))
    number = emulator.create()["id"]
    answers = [raw.get(f"/instances/{number}").status_code for _dummy in range(5)]
    assert answers == [200, 500, 500, 200, 200]
    emulator.inject(Fault("status", method="GET", times=None))
    assert [raw.get("/hubs").status_code for _dummy in range(3)] == [500] * 3
    assert raw.patch(f"/instances/{number}", {"name": "n"}).status_code == 200
    emulator.reset()
    assert raw.get("/hubs").status_code == 200


def test_a_fault_is_good_for_more_than_one_emulator(emulator):
    fault = Fault("status")
    emulator.inject(fault)
    with Emulator() as other:
        other.inject(fault)
        for each in (emulator, other):
            assert requests.get(each.url + "/hubs", timeout=5).status_code == 500


def test_a_wrong_fault_is_refused():
    for wrong in ({"kind": "explode"}, {"kind": "status", "when": "never"}, {"kind": "status", "path": "("}):
        with pytest.raises(Exception, match=r"kind|when|unterminated"):
            Fault(**wrong)


def test_every_kind_has_a_test():
    tests = " ".join(name for name in globals() if name.startswith("test_"))
    assert [kind for kind in KINDS if kind not in tests and kind not in ("reset", "hang")] == []
