# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own what all clients of one run share: the connection, the time, what was seen, and the count of requests."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .._secrets.redaction import Redactor
from .client import Client
from .connection import API_PATH, connection_from
from .retry_budget import RetryBudget
from .seen import Seen
from .server_clock import ServerClock
from .transport import Transport


@dataclass(frozen=True)
class Secrecy:
    """What messages and results about an item may show.

    Attributes:
        secrets: The values that they must not show.
        declared: The configuration keys that the user gives, so that their values are known to him.
        plain_keys: The configuration keys that the user exempts from the rule about what may be shown.
    """

    secrets: tuple[t.Any, ...] = field(default=(), repr=False)
    declared: frozenset[str] = frozenset()
    plain_keys: frozenset[str] = frozenset()


class Run:
    """One run of a module or lookup.

    Args:
        params: The options.
        secrets: The values that no message may show, beside those of the connection.
        check_mode: Whether nothing may be written.
        diff_mode: Whether the user asks for a difference.

    Attributes:
        client: The client of the main thread. Its warnings are those of the run.
        budget: The time and the retries of the run.

    Raises:
        CloudElementsError: `invalid_options` if the connection options are of no use.
    """

    def __init__(
        self, params: Mapping[str, t.Any], secrets: Iterable[t.Any], *, check_mode: bool, diff_mode: bool = False
    ) -> None:
        self.connection = connection = connection_from(params)
        self.check_mode = check_mode
        self.diff_mode = diff_mode
        self.budget = RetryBudget(retries=connection.retries, deadline=connection.deadline)
        self._plain_keys = frozenset(params.get("plain_keys") or ())
        self._clients: list[Client] = []
        self._seen = Seen()
        self._server_clock = ServerClock()
        self.transport = self.new_transport()
        self.client = self.new_client(
            self.transport, Secrecy(tuple(secrets), frozenset(params.get("configuration") or ()))
        )
        if not connection.is_usual:
            self.warn(
                f"base_url is {connection.base_url}, which does not end with {API_PATH} as the platform's own does."
            )

    @property
    def known_secrets(self) -> tuple[str, str]:
        """The secrets of the connection."""
        return (self.connection.user_secret, self.connection.organization_secret)

    def new_transport(self) -> Transport:
        """Return connections of their own, as each thread needs them. The caller closes them."""
        return Transport(self.connection)

    def new_client(self, transport: Transport, secrecy: Secrecy) -> Client:
        """Return a client whose requests count for this run, with warnings of its own.

        Args:
            transport: The connections that it uses.
            secrecy: What its messages may show.
        """
        redactor = Redactor([*self.known_secrets, *secrecy.secrets], self._plain_keys | secrecy.plain_keys)
        client = Client(
            self.connection,
            transport,
            self.budget,
            redactor,
            seen=self._seen,
            declared=secrecy.declared,
            server_clock=self._server_clock,
        )
        self._clients.append(client)
        return client

    def warn(self, warning: str) -> None:
        """Note what the user should know. It is shown once, when the run ends."""
        self.client.warn(warning)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know, apart from the warnings of single items."""
        return self.client.warnings

    def api_calls(self) -> dict[str, int]:
        """Return how many requests were sent so far, by method, by all clients."""
        calls: Counter[str] = Counter()
        for client in self._clients:
            calls.update(client.calls)
        return dict(sorted(calls.items()))

    def close(self) -> None:
        """Close the connections of the main thread."""
        self.transport.close()
