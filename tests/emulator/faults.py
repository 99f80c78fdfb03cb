# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers gone wrong, on request."""

from __future__ import annotations

import asyncio
import dataclasses
import email.utils
import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from typing import Any

from aiohttp import web

_STATUS = {"status": 500, "html": 502, "redirect": 302}
KINDS = (
    "status",
    "html",
    "reset",
    "hang",
    "truncate",
    "garbage",
    "empty",
    "body",
    "redirect",
    "drip",
    "latency",
    "flood",
    "interim",
)
# Kinds whose answer is the right one, only later or slower: the effect happens whatever `when` says.
RIGHT = ("drip", "latency")
_GARBAGE = b'\x00\xff\xfe{"id": 1, not JSON \x80'
_SECONDS = {"hang": 3600.0, "drip": 0.05, "latency": 1.0, "flood": 0.0, "interim": 0.5}


def http_date(seconds: float = 0.0) -> str:
    """Return the date that many seconds from now in the form of HTTP headers, as Retry-After may carry it."""
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


@dataclasses.dataclass
class Fault:
    """One fault: what happens, and to which requests.

    It waits for requests that match `method` and `path` (a regular expression, searched in the path below the base),
    lets `skip` of them pass, then spoils `times` of them (None: all that follow). `when` says whether the request is
    carried out: before (it has no effect) or after (it has its effect, and the answer is spoilt).

    `kind` is one of
    status: a JSON error with `status` (500) and `message`, or with `body` instead
    html: a page with `status` (502)
    reset: TCP RST
    hang: nothing for `seconds` (3600), then the connection is closed
    truncate: the right length, half the body
    garbage: 200, and bytes that are not JSON
    empty: 200, and nothing
    body: 200, and `body` as JSON
    redirect: 302 to `location`
    drip: the right answer, one byte every `seconds` (0.05)
    latency: the right answer after `seconds` (1)
    flood: 200, and `size` bytes of JSON (64 MiB), with `seconds` (0) after each 64 KiB
    interim: 103 Early Hints, and after `seconds` (0.5) the final answer: the right one, or 500 if it has no effect

    `headers` are set on whatever is answered, on a right answer too.
    """

    kind: str
    when: str = "before"
    method: str | None = None
    path: str | None = None
    times: int | None = 1
    skip: int = 0
    status: int | None = None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: Any = None
    seconds: float | None = None
    message: str = "Internal Server Error"
    location: str = "/moved"
    size: int = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind}")
        if self.when not in ("before", "after"):
            raise ValueError(f"when is before or after, not {self.when}")
        re.compile(self.path or "")

    def saying(self, text: str, headers: dict[str, str]) -> Fault:
        """Return the fault with more text wherever it has some: in its message or page, its location, its headers."""
        body = self.body
        if body is None and self.kind == "status":
            body = {"requestId": text, "message": f"{self.message} {text}", "providerMessage": text}
        return dataclasses.replace(
            self,
            body=body,
            message=f"{self.message} {text}",
            location=f"{self.location}?{urllib.parse.quote(text[:2000])}",
            headers={**headers, **self.headers},
        )

    @property
    def name(self) -> str:
        return f"{self.kind} {self.when}"

    @property
    def code(self) -> int:
        return self.status if self.status is not None else _STATUS.get(self.kind, 200)

    @property
    def pause(self) -> float:
        return self.seconds if self.seconds is not None else _SECONDS.get(self.kind, 0.0)

    @property
    def effect(self) -> bool:
        """Whether the request is carried out."""
        return self.when == "after" or self.kind in RIGHT

    def matches(self, method: str, path: str) -> bool:
        return (self.method is None or self.method.upper() == method) and (
            self.path is None or re.search(self.path, path) is not None
        )


class Faults:
    """The faults that wait, in the order in which they were injected."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def inject(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(dataclasses.replace(fault))

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request, counted down."""
        if not self._waiting:
            return None
        with self._lock:
            for fault in self._waiting:
                if not fault.matches(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                return fault
        return None


async def spoil(
    fault: Fault, request: web.Request, right: web.Response, request_id: str
) -> tuple[web.StreamResponse, int | None]:
    """Return the answer that this fault makes of the right one, and the status that the client sees, if it does."""
    if fault.kind in ("reset", "hang"):
        if fault.kind == "hang":
            await asyncio.sleep(fault.pause)
        _abort(request, hard=fault.kind == "reset")
        return web.Response(), None
    if fault.kind in ("truncate", "drip"):
        return await _piecemeal(fault, request, right)
    if fault.kind == "flood":
        return await _flood(fault, request)
    if fault.kind == "interim":
        if request.transport is not None:
            request.transport.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
        await asyncio.sleep(fault.pause)
        return (right, 103) if fault.effect else (_wrong(dataclasses.replace(fault, kind="status"), request_id), 103)
    if fault.kind == "latency":
        await asyncio.sleep(fault.pause if fault.when == "after" else 0)
        right.headers.update(fault.headers)
        return right, right.status
    answer = _wrong(fault, request_id)
    answer.headers.update(fault.headers)
    return answer, answer.status


def _wrong(fault: Fault, request_id: str) -> web.Response:
    code = fault.code
    if fault.kind == "html":
        page = (
            fault.body
            if isinstance(fault.body, str)
            else f"<html><body><h1>{code}</h1><p>{fault.message}</p></body></html>"
        )
        return web.Response(status=code, text=page, content_type="text/html")
    if fault.kind == "garbage":
        return web.Response(status=code, body=_GARBAGE, content_type="application/json")
    if fault.kind == "empty":
        return web.Response(status=code)
    if fault.kind == "redirect":
        return web.Response(status=code, headers={"Location": fault.location})
    body = fault.body
    if body is None and fault.kind == "status":
        body = {"requestId": request_id, "message": fault.message}
    return web.Response(
        status=code, text=json.dumps(body), content_type="application/json", headers={"Elements-Request-Id": request_id}
    )


async def _piecemeal(fault: Fault, request: web.Request, right: web.Response) -> tuple[web.StreamResponse, int | None]:
    body = right.body if isinstance(right.body, (bytes, bytearray)) else b""
    answer = web.StreamResponse(status=right.status, headers={**right.headers, **fault.headers})
    answer.content_length = len(body)
    if fault.kind == "truncate":
        # Even an empty answer promises something that does not come.
        answer.content_length = max(len(body), 2)
        answer.force_close()
    try:
        await answer.prepare(request)
        if fault.kind == "truncate":
            await answer.write(bytes(body[: len(body) // 2]) or b"{")
            _abort(request, hard=False)
            return answer, answer.status
        for position in range(len(body)):
            await asyncio.sleep(fault.pause)
            await answer.write(bytes(body[position : position + 1]))
        await answer.write_eof()
    except (ConnectionError, OSError):
        pass
    return answer, answer.status


async def _flood(fault: Fault, request: web.Request) -> tuple[web.StreamResponse, int | None]:
    answer = web.StreamResponse(status=fault.code, headers={"Content-Type": "application/json", **fault.headers})
    try:
        await answer.prepare(request)
        await answer.write(b'{"message": "')
        for _block in range(fault.size // 65536 + 1):
            await answer.write(b"x" * 65536)
            await asyncio.sleep(fault.pause)
        await answer.write(b'"}')
        await answer.write_eof()
    except (ConnectionError, OSError):
        pass
    return answer, answer.status


def _abort(request: web.Request, *, hard: bool) -> None:
    transport = request.transport
    if transport is None:
        return
    if not hard:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
