# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say in words of the caller's own what becomes of instances. Pure. The filter `cloud_elements_lines` calls it."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.plan_summary import SummaryEntry
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import describe


def lines(rows: Iterable[Mapping[str, t.Any]], words: Mapping[str, str]) -> list[str]:
    """Return a line for each instance whose action has a word, as in the plan.

    Args:
        rows: The return value `instances` of `cloud_elements_instances`.
        words: The word to begin with, for each action that is to be shown.
    """
    return [
        SummaryEntry(words[row["action"]], describe(row["name"], row["element_key"], row["id"]), _reason(row)).line
        for row in rows
        if row["action"] in words
    ]


def _reason(row: Mapping[str, t.Any]) -> str:
    if not row["error"]:
        return ""
    return f": {' '.join(row['error']['message'].split())}"
