# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on a loopback socket that opens tunnels, and records which."""

from __future__ import annotations

import contextlib
import socket
import threading

from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.raw_server import Server


class Proxy(Server):
    """Opens a tunnel to the given port of this host, whatever host a CONNECT names."""

    def __init__(self, target: int) -> None:
        super().__init__(*[self._tunnel] * 8)
        self._target = target

    def _tunnel(self, server: Server, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self._target)) as onward:
            threading.Thread(target=_copy, args=(connection, onward), daemon=True).start()
            _copy(onward, connection)


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, until nothing does any more."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
