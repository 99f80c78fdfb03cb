# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often a schedule fires. Pure text."""

from __future__ import annotations

import re

_PART = re.compile(r"^(\*|\?|\d+)(?:-(\d+))?(?:/(\d+))?$")
MINUTES = 15


def complaint(cron: str) -> str | None:
    """Return what is wrong with a Quartz expression, None if nothing is.

    It has six or seven fields, and fires every 15 minutes at most (DOC; TEST: one with every 30 seconds is 400). A
    value that is a variable is only known in the formula instance.
    """
    if "${" in cron:
        return None
    fields = cron.split()
    if len(fields) not in (6, 7):
        return f"The cron expression needs 7 fields, not {len(fields)}"
    seconds, minutes = fields[:2]
    if not seconds.isdecimal() or _gap(minutes) < MINUTES:
        return f"The cron expression must not fire more often than every {MINUTES} minutes"
    return None


def _gap(minutes: str) -> int:
    """Return the smallest number of minutes between two firings, 0 if it cannot be told."""
    fired: set[int] = set()
    for part in minutes.split(","):
        match = _PART.match(part)
        if match is None:
            return 0
        start = 0 if match[1] in ("*", "?") else int(match[1])
        step = int(match[3] or 1)
        last = int(match[2] or (59 if match[3] or match[1] in ("*", "?") else start))
        fired.update(range(start, last + 1, max(step, 1)))
    ordered = sorted(fired)
    return min(
        (after - before for before, after in zip(ordered, [*ordered[1:], ordered[0] + 60], strict=True)), default=0
    )
