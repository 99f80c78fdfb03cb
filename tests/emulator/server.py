# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator as an object: a server in a thread of its own."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import socket
import ssl
import threading
from types import TracebackType
from typing import Any

from aiohttp import web

from . import access, control
from .app import BASE_PATH, Application
from .faults import Fault
from .journal import Seen
from .switches import Switches

USER_SECRET = "u9Zk+Vd0/3aXq7fYt2LrJ8mN5sPw1hCbE6gKxQvTzA4="
ORGANIZATION_SECRET = "o7/RkWn3+Gy8pDx5LsHc2vQbTf9mJz4eUa1wXi6NtE0="


@dataclasses.dataclass(frozen=True)
class Tls:
    """Certificate and key, both as PEM files."""

    certfile: str
    keyfile: str


class Emulator:
    """Starts with `with` or start(), listens on a free port of 127.0.0.1 unless told otherwise.

    strict: refuse what the contract does not allow (else it is only recorded). Raises OSError where the port is taken.
    """

    def __init__(
        self,
        strict: bool = False,
        switches: Switches | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: Tls | None = None,
        user_secret: str = USER_SECRET,
        organization_secret: str = ORGANIZATION_SECRET,
    ) -> None:
        self.switches = switches or Switches()
        self.user_secret = user_secret
        self.organization_secret = organization_secret
        self._host, self._port, self._tls = host, port, tls
        self._app = Application(strict, self.switches, access.Secrets(user_secret, organization_secret))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    # Life

    def start(self) -> Emulator:
        listener = socket.create_server((self._host, self._port), family=_family(self._host), backlog=1024)
        self._port = listener.getsockname()[1]
        ready = threading.Event()
        failure: list[BaseException] = []

        def run() -> None:
            try:
                asyncio.run(self._serve(listener, ready))
            except BaseException as error:
                failure.append(error)
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="emulator", daemon=True)
        self._thread.start()
        ready.wait()
        if failure:
            listener.close()
            raise failure[0]
        return self

    def stop(self) -> None:
        if self._loop is None or self._stopping is None or self._thread is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(timeout=10)
        self._loop = self._stopping = self._thread = None

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        context = None
        if self._tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._tls.certfile, self._tls.keyfile)
        runner = web.AppRunner(
            self._app.web,
            access_log=None,
            logger=_silent(),
            shutdown_timeout=0.1,
            max_line_size=65536,
            max_field_size=65536,
        )
        await runner.setup()

        def accept() -> asyncio.Protocol:
            self._app.journal.count_connection()
            assert runner.server is not None
            return runner.server()

        server = await self._loop.create_server(accept, sock=listener, ssl=context)
        ready.set()
        try:
            await self._stopping.wait()
        finally:
            server.close()
            await runner.cleanup()

    # What it is

    @property
    def origin(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host}:{self._port}"

    @property
    def url(self) -> str:
        return self.origin + BASE_PATH

    @property
    def port(self) -> int:
        return self._port

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CLOUD_ELEMENTS_BASE_URL": self.url,
            "CLOUD_ELEMENTS_USER_SECRET": self.user_secret,
            "CLOUD_ELEMENTS_ORGANIZATION_SECRET": self.organization_secret,
        }

    @property
    def strict(self) -> bool:
        return self._app.strict

    @strict.setter
    def strict(self, strict: bool) -> None:
        self._app.strict = strict

    # What it saw

    @property
    def requests(self) -> list[Seen]:
        return self._app.journal.requests

    @property
    def violations(self) -> list[str]:
        return self._app.journal.violations

    @property
    def connections(self) -> int:
        return self._app.journal.connections

    def clear(self) -> None:
        """Forget requests, violations and connections."""
        self._app.journal.clear()

    # What it does

    def reset(self) -> None:
        """Forget instances, formulas, spent codes and faults too. Switches stay."""
        self._app.reset()

    def inject(self, fault: Fault) -> None:
        self._app.faults.inject(fault)

    def heal(self) -> None:
        """Forget the faults that wait."""
        self._app.faults.clear()

    def create(
        self,
        element_key: str = "stripe",
        name: str | None = None,
        configuration: dict[str, Any] | None = None,
        tags: list[str] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """Put an instance straight into the store; returns it as GET by id answers it."""
        given = {"element_key": element_key, "name": name, "configuration": configuration, "tags": tags}
        return control.create(self._app, {**given, **fields})

    @property
    def instances(self) -> list[dict[str, Any]]:
        """All instances as GET by id would answer them, with nothing masked."""
        return control.unmasked(self._app)

    def hold(self, instance_id: int, name: str = "formula") -> dict[str, Any]:
        """Make a formula instance that uses the element instance: DELETE answers 409. Returns the formula instance."""
        return self._app.store.hold(int(instance_id), name)


def _silent() -> logging.Logger:
    """What is not even HTTP is answered with 400, and nobody needs to see a traceback for it."""
    logger = logging.getLogger(f"{__name__}.aiohttp")
    logger.disabled = True
    return logger


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
