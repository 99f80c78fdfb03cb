# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own what a run has seen of the platform. Messages may repeat it, so all clients of a run share it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from .formula_models import Formula, FormulaInstance
from .models import Instance


class OwnAccount:
    """The id of the account of the user, which one client of a run asks for, and all use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[int | None, bool] | None = None

    def known(self, ask: Callable[[], tuple[int | None, bool]]) -> tuple[int | None, bool]:
        """Return the id, or None if the platform does not tell, and whether it is certain to be the own one.

        Args:
            ask: Asks the platform. If it raises, the next call asks again.
        """
        with self._lock:
            if self._known is None:
                self._known = ask()
            return self._known

    def learn(self, number: int) -> None:
        """Keep what an answer proves: the id of the account in which the user has just made something."""
        with self._lock:
            self._known = number, True


@dataclass(frozen=True)
class Seen:
    """The resources that a run has seen, by their ids.

    Attributes:
        instances: The element instances.
        formulas: The formulas.
        formula_instances: The formula instances.
        own_account: The account of the user.
    """

    instances: dict[int, Instance] = field(default_factory=dict)
    formulas: dict[int, Formula] = field(default_factory=dict)
    formula_instances: dict[int, FormulaInstance] = field(default_factory=dict)
    own_account: OwnAccount = field(default_factory=OwnAccount)
