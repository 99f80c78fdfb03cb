# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the client: what one user of the platform calls, with the calls grouped by what they are about."""

from __future__ import annotations

from collections import Counter

from .._secrets.redaction import Redactor
from .accounts import AccountCalls
from .caller import Caller, Exchanger
from .common_resources import CommonResourceCalls
from .connection import Connection
from .elements import ElementCalls
from .formula_instances import FormulaInstanceCalls
from .formulas import FormulaCalls
from .instances import InstanceCalls
from .retry_budget import RetryBudget
from .seen import Seen
from .server_clock import ServerClock


class Client:
    """Groups the calls of the API for one thread of one run.

    Every call raises `CloudElementsError`. Those that write raise `UncertainError` if it is not known whether the
    write took effect.

    Args:
        connection: The platform and the secrets.
        transport: Sends the requests.
        budget: The time and the retries of the run.
        redactor: Knows the secrets that no message may show.
        seen: What the run has seen so far. Clients of one run share it.
        declared: The configuration keys whose values messages may show, as the user gives them.
        server_clock: The clock of the platform. Clients of one run share it.

    Attributes:
        accounts: Calls about accounts.
        instances: Calls about element instances.
        elements: Calls about the catalog of elements.
        formulas: Calls about formulas.
        formula_instances: Calls about formula instances.
        common_resources: Calls about common resources.
        budget: The time and the retries of the run.
    """

    def __init__(
        self,
        connection: Connection,
        transport: Exchanger,
        budget: RetryBudget,
        redactor: Redactor,
        *,
        seen: Seen | None = None,
        declared: frozenset[str] = frozenset(),
        server_clock: ServerClock | None = None,
    ) -> None:
        self._warnings: dict[str, None] = {}
        self.budget = budget
        self._caller = caller = Caller(
            connection, transport, budget, redactor, self.warn, server_clock or ServerClock()
        )
        seen = seen or Seen()
        self.accounts = AccountCalls(caller, seen.own_account)
        self.elements = ElementCalls(caller)
        self.instances = InstanceCalls(caller, seen.instances, declared)
        self.formulas = FormulaCalls(caller, seen.formulas)
        self.formula_instances = FormulaInstanceCalls(caller, self.instances, seen.formula_instances, declared)
        self.common_resources = CommonResourceCalls(caller)

    def warn(self, warning: str) -> None:
        """Note what the user should know, once."""
        self._warnings[warning] = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know, in order."""
        return tuple(self._warnings)

    @property
    def calls(self) -> Counter[str]:
        """How many requests were sent, by method."""
        return self._caller.calls

    @property
    def sent_at(self) -> float | None:
        """When the last request was sent, in seconds since the epoch by the server's clock. None if it told none."""
        return self._caller.sent_at
