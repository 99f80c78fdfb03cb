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
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from aiohttp import web

from .access import Secrets
from .account import Account, secrets_of
from .app import BASE_PATH, Application
from .faults import Fault
from .journal import Seen
from .seed import Seed
from .switches import Switches

ACCOUNT = "emulator"
USER_SECRET = "u9Zk+Vd0/3aXq7fYt2LrJ8mN5sPw1hCbE6gKxQvTzA4="
ORGANIZATION_SECRET = "o7/RkWn3+Gy8pDx5LsHc2vQbTf9mJz4eUa1wXi6NtE0="


@dataclasses.dataclass(frozen=True)
class Tls:
    """Certificate and key, both as PEM files."""

    certfile: str
    keyfile: str


class Emulator:
    """Serve the platform API from a thread: `with Emulator() as emulator:`, or start() and stop().

    It has one account, or one for each name in `accounts`. What an account offers, the emulator offers for the first
    account; clear() and reset() mean all of them.

    Args:
        strict: Refuse what the contract does not allow. Otherwise violations are only recorded.
        switches: Those of the first account; every other account gets a copy.
        port: 0 takes a free one.
        user_secret, organization_secret: Those of the first account. The others have secrets derived from their names.
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
        accounts: Sequence[str] = (ACCOUNT,),
    ) -> None:
        if not accounts or len(set(accounts)) < len(accounts):
            raise ValueError("accounts need different names, and at least one")
        switches = switches or Switches()
        first = Account(accounts[0], Secrets(user_secret, organization_secret), switches)
        others = [
            Account(name, secrets_of(name), dataclasses.replace(switches), number)
            for number, name in enumerate(accounts[1:], start=1)
        ]
        self._host, self._port, self._tls = host, port, tls
        self._app = Application(strict, [first, *others])
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    # Life

    def start(self) -> Emulator:
        """Listen, and return when requests are answered. Raises OSError if the port is taken."""
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
            self._app.connections += 1
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
    def user_secret(self) -> str:
        return self._app.first.secrets.user

    @property
    def organization_secret(self) -> str:
        return self._app.first.secrets.organization

    @property
    def environment(self) -> dict[str, str]:
        return self.environment_of(self._app.first.name)

    def environment_of(self, account: str) -> dict[str, str]:
        """Return the environment variables that lead to an account."""
        secrets = self.accounts[account].secrets
        return {
            "CLOUD_ELEMENTS_BASE_URL": self.url,
            "CLOUD_ELEMENTS_USER_SECRET": secrets.user,
            "CLOUD_ELEMENTS_ORGANIZATION_SECRET": secrets.organization,
        }

    @property
    def inventory(self) -> dict[str, Any]:
        """An Ansible inventory: a host for each account, on which modules run here and reach that account."""
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        hosts = {
            name: {variable.lower(): value for variable, value in self.environment_of(name).items()}
            for name in self.accounts
        }
        return {"all": {"vars": local, "hosts": hosts}}

    @property
    def accounts(self) -> dict[str, Account]:
        """The accounts by name, each with its own switches, instances, requests, faults and so on."""
        return self._app.accounts

    @property
    def switches(self) -> Switches:
        return self._app.first.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._app.first.switches = switches

    @property
    def strict(self) -> bool:
        return self._app.strict

    @strict.setter
    def strict(self, strict: bool) -> None:
        self._app.strict = strict

    # What it saw

    @property
    def requests(self) -> list[Seen]:
        return self._app.first.requests

    @property
    def violations(self) -> list[str]:
        return self._app.first.violations

    @property
    def connections(self) -> int:
        return self._app.connections

    def clear(self) -> None:
        """Forget the requests and violations of all accounts, and the connections."""
        self._app.clear()

    # What it does

    def reset(self) -> None:
        """Forget instances, formulas, spent codes and faults of all accounts too. Switches stay."""
        self._app.reset()

    def inject(self, fault: Fault) -> None:
        self._app.first.inject(fault)

    def heal(self) -> None:
        """Forget the faults that wait."""
        self._app.first.heal()

    def create(
        self,
        element_key: str = "stripe",
        name: str | None = None,
        configuration: dict[str, Any] | None = None,
        tags: list[str] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """Put an instance straight into the store, and return it as GET by id answers it."""
        return self._app.first.create(element_key, name, configuration, tags, **fields)

    @property
    def instances(self) -> list[dict[str, Any]]:
        """All instances as GET by id would answer them, with nothing masked."""
        return self._app.first.instances

    @property
    def seed(self) -> Seed:
        """What puts formulas and common resources straight into the store."""
        return self._app.first.seed

    def hold(self, instance_id: int, name: str = "formula") -> dict[str, Any]:
        """Make a formula instance that uses the element instance, so that DELETE answers 409, and return it."""
        return self._app.first.hold(instance_id, name)


def _silent() -> logging.Logger:
    """What is not even HTTP is answered with 400, and nobody needs to see a traceback for it."""
    logger = logging.getLogger(f"{__name__}.aiohttp")
    logger.disabled = True
    return logger


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
