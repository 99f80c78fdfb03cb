# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What one task works with: its connection made ready, its clock, and what it has to tell."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from ._client import Client
from ._connection import connection_from
from ._pace import Pace
from ._plan import Step
from ._secrets import Redactor
from ._transport import Transport


class Task:
    """A task's client, pace and report.

    In: the module's options; the secrets that no message may show; and whether nothing may be written.
    C(warnings) collects what the user should know, C(steps) what was done, or would be.
    Raises C(invalid_options) where the connection options are of no use.
    """

    def __init__(self, params: Mapping[str, t.Any], secrets: Iterable[t.Any], *, check_mode: bool) -> None:
        self.connection = connection = connection_from(params)
        self.check_mode = check_mode
        self.warnings: list[str] = []
        self.steps: list[Step] = []
        self.pace = Pace(retries=connection.retries, deadline=connection.deadline)
        self._transport = Transport(connection)
        self.client = Client(connection, self._transport, self.pace, Redactor(secrets), self.report)

    def report(self, warning: str) -> None:
        """Note what the user should know. It is shown once, when the task ends."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def actions(self) -> list[str]:
        """Return what was done, or would be, in words and in order."""
        return [step.action for step in self.steps]

    def api_calls(self) -> dict[str, int]:
        """Return how many requests were sent so far, by method."""
        return dict(sorted(self.client.calls.items()))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
