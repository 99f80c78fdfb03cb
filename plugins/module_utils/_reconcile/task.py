# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What one task works with: its connection made ready, its clock, and what it has to tell."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from .._api.client import Client
from .._api.connection import API_PATH, connection_from
from .._api.models import Instance
from .._api.retry_budget import RetryBudget
from .._api.server_clock import ServerClock
from .._api.transport import Transport
from .._resources.instance.plan import Step
from .._secrets.redaction import Redactor


class Task:
    """A task's client, budget and report.

    In: the module's options; the secrets that no message may show; whether nothing may be written; and whether a
    difference is asked for.
    C(warnings) collects what the user should know, C(steps) what was done, or would be.
    Raises C(invalid_options) where the connection options are of no use.
    """

    def __init__(
        self, params: Mapping[str, t.Any], secrets: Iterable[t.Any], *, check_mode: bool, diff_mode: bool = False
    ) -> None:
        self.connection = connection = connection_from(params)
        self.check_mode = check_mode
        self.diff_mode = diff_mode
        self.warnings: list[str] = []
        self.steps: list[Step] = []
        self.budget = RetryBudget(retries=connection.retries, deadline=connection.deadline)
        self._plain_keys: Iterable[str] = params.get("plain_keys") or ()
        self._known_secrets = (connection.user_secret, connection.organization_secret)
        self._clients: list[Client] = []
        self._seen: dict[int, Instance] = {}
        self._server_clock = ServerClock()
        if not connection.is_usual:
            self.report(
                f"base_url is {connection.base_url}, which does not end with {API_PATH} as the platform's own does."
            )
        self._transport = self.new_transport()
        self.client = self.new_client(self._transport, secrets, self.report, params.get("configuration") or ())

    def new_transport(self) -> Transport:
        """Return connections of their own, as each thread needs them. Whoever asks for them closes them."""
        return Transport(self.connection)

    def new_client(
        self,
        transport: Transport,
        secrets: Iterable[t.Any],
        report: Callable[[str], None],
        declared: Iterable[str] = (),
        plain_keys: Iterable[str] = (),
    ) -> Client:
        """Return a client whose requests count for this task.

        In: the connections it uses; the secrets that its messages may not show, beside those of the connection and of
        the instances that the task has seen; where it reports that something was sent again; the configuration keys
        that the user declared to be no secrets; and those that an item exempts from the rule about what may be shown.
        """
        redactor = Redactor([*self._known_secrets, *secrets], [*self._plain_keys, *plain_keys])
        client = Client(
            self.connection,
            transport,
            self.budget,
            redactor,
            report,
            self._seen,
            frozenset(declared),
            self._server_clock,
        )
        self._clients.append(client)
        return client

    def report(self, warning: str) -> None:
        """Note what the user should know. It is shown once, when the task ends."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def actions(self) -> list[str]:
        """Return what was done, or would be, in words and in order."""
        return [step.action for step in self.steps]

    def api_calls(self) -> dict[str, int]:
        """Return how many requests were sent so far, by method, by all clients."""
        calls: Counter[str] = Counter()
        for client in self._clients:
            calls.update(client.calls)
        return dict(sorted(calls.items()))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
