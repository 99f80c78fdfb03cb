# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn the counts that a module reports while it runs into lines for the user. `ProgressText` is pure.

The action plugin starts a `Follower` around the run of a module. It must show counts and the name of the host only.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
import typing as t
from collections.abc import Callable

LEAST_WRITES = 10
LEAST_SECONDS = 10
LEAST_SHARE = 0.05
"""A line comes after so many seconds and so large a share of the run, whichever is later."""

_POLL_SECONDS = 1.0


class ProgressText:
    """Decide when to show a line, and what it says.

    Args:
        host: The name of the host that the lines begin with.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._began: float | None = None
        self._shown_at = 0.0
        self._shown_done = 0

    def line(self, reports: str, now: float) -> str | None:
        """Return the line to show for complete lines of the file, or None if it is not time for one.

        Args:
            reports: What the module has reported since the last call.
            now: Seconds of a clock that does not go back.
        """
        latest = reports.splitlines()[-1:]
        if not latest:
            return None
        counts: dict[str, int] = json.loads(latest[0])
        if self._began is None:
            self._began = self._shown_at = now
        total, done = counts["total"], counts["done"]
        if total < LEAST_WRITES or now - self._shown_at < LEAST_SECONDS:
            return None
        if done - self._shown_done < max(1, total * LEAST_SHARE):
            return None
        self._shown_at, self._shown_done = now, done
        left = (now - self._began) / done * (total - done)
        parts = [f"{done} of {total} done"]
        parts += [f"{counts[name]} {name}" for name in ("created", "changed", "removed", "failed") if counts[name]]
        return f"[{self._host}] {', '.join(parts)}, about {duration(left)} left"


def duration(seconds: float) -> str:
    """Return a time as people say it: in seconds up to two minutes, then in minutes."""
    if seconds < 120:
        return f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"


class Follower:
    """Follow the reports of a module while it runs, and show lines.

    It is a context manager. Within it, `path` is the file that the module appends to: private, and gone afterwards.

    Args:
        folder: Where to make the file. Ansible removes its own temporary directory even if this process is killed.
        host: The name of the host.
        show: Shows a line. It is called from another thread.
    """

    def __init__(self, folder: str, host: str, show: Callable[[str], None]) -> None:
        handle, self.path = tempfile.mkstemp(prefix="cloud_elements_progress_", dir=folder)
        self._file: t.BinaryIO = os.fdopen(handle, "rb")
        self._text = ProgressText(host)
        self._show = show
        self._rest = b""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Follower:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._ended.set()
        self._thread.join()
        self._file.close()
        os.unlink(self.path)

    def _follow(self) -> None:
        while not self._ended.wait(_POLL_SECONDS):
            complete, newline, self._rest = (self._rest + self._file.read()).rpartition(b"\n")
            line = self._text.line((complete + newline).decode(), time.monotonic())
            if line is not None:
                self._show(line)
