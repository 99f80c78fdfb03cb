# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulator saw."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any


@dataclasses.dataclass
class Seen:
    """One request. Fields can be read as attributes and as items.

    `path` is below the base path and without the query; `headers` have lower-case names; `status` is what was answered,
    None where no answer came; `fault` names the fault that struck; `violations` are what the contract does not allow;
    `notes` are allowed things that a careful client does not do.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any = None
    status: int | None = None
    fault: str | None = None
    violations: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


class Journal:
    """All requests and violations of one account since the last clear."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Seen] = []

    def add(self, seen: Seen) -> None:
        with self._lock:
            self._requests.append(seen)

    @property
    def requests(self) -> list[Seen]:
        with self._lock:
            return list(self._requests)

    @property
    def violations(self) -> list[str]:
        return [f"{seen.method} {seen.path}: {text}" for seen in self.requests for text in seen.violations]

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()
