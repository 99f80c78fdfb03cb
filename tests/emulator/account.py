# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account of the emulated platform: its secrets, data, journal, faults, and switches.

The application keeps one for each name. Tests and control calls reach into it; handlers see its store only.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from typing import Any

from . import render
from .access import Secrets
from .faults import Fault, Faults
from .journal import Journal, Seen
from .rules import build, find_element
from .seed import Seed
from .state import Instance, Owner, Store
from .switches import Switches

_SETTABLE = {field.name for field in dataclasses.fields(Instance)} - {"id", "token", "element"}


def secrets_of(name: str) -> Secrets:
    """Derive the secrets of an account from its name, so that they survive a restart of the emulator."""

    def derived(kind: str) -> str:
        return base64.b64encode(hashlib.sha256(f"{kind} of {name}".encode()).digest()).decode()

    return Secrets(derived("user"), derived("organization"))


class Account:
    """One account. `number` keeps its ids apart from those of the other accounts."""

    def __init__(self, name: str, secrets: Secrets, switches: Switches, number: int = 0) -> None:
        self.name = name
        self.secrets = secrets
        self.switches = switches
        self.store = Store(Owner.numbered(number, name))
        self.seed = Seed(self)
        self.faults = Faults()
        self.journal = Journal()

    # What it saw

    @property
    def requests(self) -> list[Seen]:
        return self.journal.requests

    @property
    def violations(self) -> list[str]:
        return self.journal.violations

    def clear(self) -> None:
        """Forget requests and violations."""
        self.journal.clear()

    # What it does

    def reset(self) -> None:
        """Forget instances, formulas, spent codes, faults, requests and violations. Switches stay."""
        self.store.reset()
        self.faults.clear()
        self.journal.clear()

    def inject(self, fault: Fault) -> None:
        self.faults.inject(fault)

    def heal(self) -> None:
        """Forget the faults that wait."""
        self.faults.clear()

    def create(
        self,
        element_key: str = "stripe",
        name: str | None = None,
        configuration: dict[str, Any] | None = None,
        tags: list[str] | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        """Put an instance straight into the store, and return it as GET by id answers it.

        Raises:
            ValueError: `fields` names something that an instance does not have.
        """
        for key in fields:
            if key not in _SETTABLE:
                raise ValueError(f"an instance has no field {key}")
        with self.store.lock:
            element = find_element(self.store, element_key)
            instance = build(
                self.store, self.switches, element, name or element.key, configuration or {}, tags, mangle=False
            )
            for key, value in fields.items():
                setattr(instance, key, value)
            return render.instance(instance, self.switches)

    @property
    def instances(self) -> list[dict[str, Any]]:
        """All instances as GET by id would answer them, with nothing masked."""
        switches = dataclasses.replace(self.switches, mask="none")
        with self.store.lock:
            return [render.instance(each, switches) for each in self.store.instances.values()]

    def hold(self, instance_id: int, name: str = "formula") -> dict[str, Any]:
        """Make a formula instance that uses the element instance, so that DELETE answers 409, and return it."""
        return self.seed.hold(instance_id, name)
