# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A raw server on a loopback socket, which answers what a well-behaved one never would."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
import typing as t

Action = t.Callable[["Server", socket.socket], None]
"""What is to happen to the connection in place of an answer."""


def response(status: str = "200 OK", body: bytes = b"{}", *headers: str) -> bytes:
    """Return a whole and correct response."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""])
    return head.encode() + body


def hang_up(server: Server, connection: socket.socket) -> None:
    """Close the connection as a server does that has ended."""
    connection.close()


def reset(server: Server, connection: socket.socket) -> None:
    """Reset the connection as a server does that has crashed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silence(server: Server, connection: socket.socket) -> None:
    """Say nothing until the test is over."""
    server.over.wait(10)


def dripping(start: bytes, drop: bytes = b"x") -> Action:
    """Return a reply that goes on for ever, one drop at a time."""

    def drip(server: Server, connection: socket.socket) -> None:
        connection.sendall(start)
        while not server.over.is_set():
            connection.sendall(drop)
            time.sleep(0.02)

    return drip


def flooding(start: bytes) -> Action:
    """Return a reply that goes on for ever, as fast as it can."""

    def flood(server: Server, connection: socket.socket) -> None:
        connection.sendall(start)
        while not server.over.is_set():
            connection.sendall(b" " * 4096)

    return flood


def cut_off(sent: bytes) -> Action:
    """Return a reply that ends before it is complete."""

    def cut(server: Server, connection: socket.socket) -> None:
        connection.sendall(sent)
        connection.close()

    return cut


class Server:
    """Gives its replies to the requests that come, in order, and records those and the connections."""

    def __init__(self, *replies: bytes | Action, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self._replies = list(replies)
        self._greeting = greeting
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.connections = 0
        self.over = threading.Event()

    def __enter__(self) -> Server:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        # Closing alone does not wake a thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            connection.sendall(self._greeting)
            while (request := _whole_request(connection)) is not None:
                self.requests.append(request)
                if not self._replies:
                    break
                reply = self._replies.pop(0)
                if callable(reply):
                    reply(self, connection)
                else:
                    connection.sendall(reply)
            connection.close()

    def head(self, number: int = 0) -> dict[str, str]:
        """Return the headers of a request, their names in small letters."""
        lines = self.requests[number].partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}


def _whole_request(connection: socket.socket) -> bytes | None:
    """Return the next request on a connection, or None where there is none any more."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def free_port() -> int:
    """Return a port of this host that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
