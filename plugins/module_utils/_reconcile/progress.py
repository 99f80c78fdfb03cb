# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count what a run has written, and append the counts to a file that the action plugin on the controller follows.

The engine reports each finished item. The file holds counts only: no name and no secret.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import threading
from collections.abc import Mapping

VARIABLE = "CLOUD_ELEMENTS_PROGRESS_FILE"
"""The environment variable with which the action plugin names the file."""

COUNTERS = {
    "create": "created",
    "change": "changed",
    "rename": "changed",
    "enable": "changed",
    "disable": "changed",
    "remove": "removed",
    "prune": "removed",
    "failed": "failed",
}
"""The counter for each action. What stays unchanged is only counted as done."""


class Progress:
    """The counts of a run, shared by its workers.

    The first problem with the file ends the reports, silently: they must not fail a run.

    Args:
        path: An existing file. If it is None, nothing is reported.
        total: The number of items to write.
    """

    def __init__(self, path: str | None, total: int) -> None:
        self._counts = {"total": total, "done": 0, **dict.fromkeys(COUNTERS.values(), 0)}
        self._lock = threading.Lock()
        self._file: int | None = None
        if path is None:
            return
        try:
            # Never created: without the plugin that made it, nobody follows the file. A pipe must not block.
            flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            self._file = os.open(path, flags)
            if not _is_private(os.fstat(self._file)):
                self.close()
        except OSError:
            return
        self._append()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], total: int) -> Progress:
        """Return the progress of a run, reported to the file that the environment names, if any."""
        return cls(environment.get(VARIABLE), total)

    def advance(self, action: str) -> None:
        """Count one finished item and report all counts."""
        with self._lock:
            self._counts["done"] += 1
            if action in COUNTERS:
                self._counts[COUNTERS[action]] += 1
            self._append()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._close()

    def _append(self) -> None:
        if self._file is None:
            return
        try:
            os.write(self._file, f"{json.dumps(self._counts)}\n".encode())
        except OSError:
            self._close()

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)


def _is_private(status: os.stat_result) -> bool:
    """Tell whether a file is what the action plugin makes: a regular one, of this user, under one name."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and status.st_uid == os.geteuid()
