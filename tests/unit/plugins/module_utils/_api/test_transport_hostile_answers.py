# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that no platform would give, over a real socket: an outcome within the time, and never more."""

from __future__ import annotations

import dataclasses
import gzip
import json
import time
import tracemalloc
import zlib

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import transport as transport_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.transport import Transport
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import CONNECTION
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.raw_server import (
    Server,
    cut_off,
    dripping,
    flooding,
    hang_up,
    response,
)

READ = Request("GET", "/instances/7")
CREATE = Request("POST", "/instances", body={"name": "payments"})
MIB = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\n"


def plain(port: int) -> Transport:
    return Transport(dataclasses.replace(CONNECTION, base_url=f"http://127.0.0.1:{port}/elements/api-v2"))


def exchanged(reply, request: Request = READ, seconds: float = 5.0):
    """Return the answer to a request that a server gives this reply to, after checking that it was sent once."""
    begun = time.monotonic()
    with Server(reply) as server:
        answer = plain(server.port).exchange(request, seconds)
        assert len(server.requests) == 1
    assert time.monotonic() - begun < seconds + 5
    return answer


LOCATIONS = [
    "http://127.0.0.1:9/elsewhere",
    "https://user:canary@elsewhere.example.com/",
    "file:///etc/passwd",
    "//[",
    "https://[::1",
    "https://\xff\xfe/",
    "http://h:99999999/",
    "",
    "javascript:alert(1)",
    "/" + "x" * 60_000,
    "../" * 1000,
    "\x1b[31m",
]


@pytest.mark.parametrize("status", ["300 Many", "301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_no_location_of_a_redirect_is_followed_or_shown_or_breaks_anything(status):
    head = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nLocation: ".encode()
    with Server(*(head + location.encode("latin-1") + b"\r\n\r\n" for location in LOCATIONS)) as server:
        transport = plain(server.port)
        for location in LOCATIONS:
            answer = transport.exchange(CREATE, 5)
            assert (answer.outcome, answer.detail) == (Outcome.REDIRECT, ""), location[:50]
        assert len(server.requests) == len(LOCATIONS)


@pytest.mark.parametrize("coding", ["", "Content-Encoding: gzip\r\n"])
def test_the_body_of_a_redirect_is_bounded_too(coding, monkeypatch):
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", MIB)
    start = f"HTTP/1.1 302 Found\r\nLocation: /x\r\n{coding}\r\n".encode()
    reply = cut_off(start + gzip.compress(b" " * 20 * MIB)) if coding else flooding(start)
    tracemalloc.start()
    try:
        answer = exchanged(reply)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (answer.outcome, answer.status) == (Outcome.REDIRECT, 302)
    assert peak < 5 * MIB


TWICE = gzip.compress(gzip.compress(b" " * 20 * MIB, 1), 9)
"""A few kilobytes that become 20 MiB where they are unpacked as often as the answer says."""


@pytest.mark.parametrize(
    ("codings", "content"),
    [
        ("gzip", gzip.compress(b"[" + b" " * 20 * MIB, 9)),
        ("gzip, gzip", TWICE),
        ("gzip,gzip,gzip,gzip,gzip", TWICE),
        ("deflate", zlib.compress(b"[" + b" " * 20 * MIB, 9)),
        ("br", b"x" * 1000),
        ("zstd", b"x" * 1000),
        ("compress", b"x" * 1000),
        ("\x1b[31m", b"[]"),
        ("gzip", b"[]"),
        ("gzip", gzip.compress(b"[]")[:-4]),
        ("gzip", b"\x1f\x8b"),
    ],
    ids=["gzip", "twice", "five times", "deflate", "br", "zstd", "compress", "escape", "no gzip", "cut", "start"],
)
def test_nothing_is_unpacked_beyond_the_cap_or_otherwise_than_asked_for(codings, content, monkeypatch):
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", MIB)
    with Server(response("200 OK", content, f"Content-Encoding: {codings}")) as server:
        transport = plain(server.port)
        tracemalloc.start()
        try:
            answer = transport.exchange(READ, 5)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert server.head()["accept-encoding"] == "gzip"
    assert answer.outcome is Outcome.BROKEN
    assert "\x1b" not in answer.detail
    assert peak < 5 * MIB


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_a_packed_answer_is_read(coding):
    body = json.dumps([{"id": number} for number in range(50_000)]).encode()
    answer = exchanged(response("200 OK", gzip.compress(body), f"Content-Encoding: {coding}"))
    assert answer.body[-1] == {"id": 49_999}


def test_nothing_at_all_is_nothing_however_it_is_packed():
    delete = Request("DELETE", "/instances/7", answers=False)
    assert exchanged(response("200 OK", b"", "Content-Encoding: gzip"), delete).outcome is Outcome.DONE
    assert exchanged(response("200 OK", b"[]", "Content-Encoding: identity")).body == []


def test_a_packed_answer_that_is_cut_off_is_broken():
    content = gzip.compress(b"[]" + b" " * 100_000)
    lost = response("200 OK", content, "Content-Encoding: gzip")[:-20]
    assert exchanged(cut_off(lost)).outcome is Outcome.BROKEN


def test_a_body_that_ends_before_its_length_is_broken_though_what_came_is_json():
    assert exchanged(cut_off(HEAD + b"Content-Length: 100\r\n\r\n[]   ")).outcome is Outcome.BROKEN


BODIES = {
    "lists": b"[" + b"[]," * 70_000 + b"[]]",
    "objects": b"[" + b"{}," * 70_000 + b"{}]",
    "numbers": b"[" + b"1," * 100_000 + b"1]",
    "text": b'["' + b"x" * 300_000 + b'"]',
    "wide text": '["{}"]'.format("\U0001f600" * 70_000).encode(),
    "depth": b"[" * 300_000,
    "escapes": b'["' + rb"\ud83d" * 50_000 + b'"]',
}


@pytest.mark.parametrize("kind", BODIES)
def test_what_an_answer_takes_in_memory_is_in_proportion_to_its_size(kind):
    reply = response(body=BODIES[kind])
    with Server(reply) as server:
        transport = plain(server.port)
        tracemalloc.start()
        try:
            answer = transport.exchange(READ, 30)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert answer.outcome is (Outcome.BROKEN if kind == "depth" else Outcome.DONE)
    assert peak < 45 * len(reply)


@pytest.mark.parametrize(
    "reply",
    [
        cut_off(HEAD + b"X: y\r\n" * 100_000 + b"\r\n[]"),
        cut_off(HEAD + b"X: " + b"y" * 1_000_000 + b"\r\n\r\n[]"),
        cut_off(HEAD + b"Elements-Next-Page-Token: " + b"y" * 1_000_000 + b"\r\n\r\n[]"),
        cut_off(b"HTTP/1.1 " + b"9" * 1_000_000),
        cut_off(b"HTTP/1.1 999999 OK\r\n\r\n[]"),
        cut_off(b"HTTP/1.1 -1 OK\r\n\r\n[]"),
        cut_off(b"HTTP/9.9 200 OK\r\n\r\n"),
        cut_off(b"[]"),
        cut_off(b"<html>"),
        cut_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n[]\r\n0\r\n\r\n"),
        cut_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100_000),
        cut_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]"),
        hang_up,
    ],
    ids=[
        "headers",
        "header",
        "token",
        "status",
        "code",
        "minus",
        "0.9",
        "body",
        "html",
        "chunk",
        "size",
        "cut",
        "close",
    ],
)
@pytest.mark.parametrize("request_", [READ, CREATE])
def test_no_head_and_no_framing_is_more_than_a_lost_answer(reply, request_):
    answer = exchanged(reply, request_)
    assert answer.outcome in (Outcome.BROKEN, Outcome.REFUSED)
    assert answer.body is None


@pytest.mark.parametrize("length", ["-1", "nonsense", "1, 2", "99999999999999999999999", "0x2"])
def test_no_length_of_a_body_can_break_anything(length):
    answer = exchanged(cut_off(HEAD + f"Content-Length: {length}\r\n\r\n[]".encode()))
    assert answer.outcome in (Outcome.DONE, Outcome.BROKEN)


@pytest.mark.parametrize("number", [1, 50])
def test_any_number_of_preliminary_answers_is_passed_over(number):
    assert exchanged(b"HTTP/1.1 100 Continue\r\n\r\n" * number + response(body=b"[]")).body == []


def test_preliminary_answers_without_end_are_a_timeout():
    def storm(server, connection):
        while not server.over.is_set():
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    assert exchanged(storm, seconds=0.5).outcome is Outcome.TIMEOUT


def test_headers_that_are_set_again_and_again_do_not_go_back_to_the_server():
    cookie = response("200 OK", b"{}", "Set-Cookie: session=planted; Path=/", f"Set-Cookie: big={'x' * 4000}")
    with Server(cookie, cookie) as server:
        transport = plain(server.port)
        for _time in range(2):
            assert transport.exchange(READ, 5).outcome is Outcome.DONE
        assert "cookie" not in server.head(1)


@pytest.mark.parametrize(
    "header", ["-1", "NaN", "inf", "1e9", "\x00", "\xff", "9" * 5000, "Fri, 31 Dec 99999 23:59:59 GMT", "x" * 60_000]
)
def test_no_retry_after_can_break_anything_or_be_less_than_nothing(header):
    head = f"HTTP/1.1 429 Slow down\r\nContent-Length: 2\r\nRetry-After: {header}\r\n\r\n{{}}".encode("latin-1")
    answer = exchanged(head)
    assert answer.outcome is Outcome.RATE_LIMITED
    assert answer.retry_after is None


def test_an_error_of_ten_megabytes_is_read_and_one_beyond_the_cap_is_not(monkeypatch):
    body = json.dumps({"message": "canary" * 2_000_000, "requestId": "abc"}).encode()
    assert exchanged(response("400 Bad Request", body)).body["requestId"] == "abc"
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", MIB)
    answer = exchanged(response("400 Bad Request", body))
    assert (answer.outcome, answer.status, answer.readable, answer.body) == (Outcome.REFUSED, 400, False, None)
    assert "canary" not in answer.detail


def test_a_drip_is_cut_off_whatever_it_is_packed_in():
    packed_drip = dripping(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"[")[:10], b"\x00")
    assert exchanged(packed_drip, seconds=0.5).outcome in (Outcome.TIMEOUT, Outcome.BROKEN)
