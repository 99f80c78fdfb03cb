# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the id of what a run has planned to create, and has not created yet. Executors refuse to send it."""

from __future__ import annotations

from collections.abc import Iterable

NOT_YET = -1
"""Stands for an id that the platform has not given yet. Its own ids are positive."""


def refuse_pending(ids: Iterable[int | None]) -> None:
    """Raise `AssertionError` if an id is still pending. What refers to it is planned again before it is applied."""
    if NOT_YET in set(ids):
        raise AssertionError("An id that is not known yet must not be sent.")
