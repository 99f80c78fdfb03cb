# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Say how all accounts of one run are, whatever became of each: as data, and as the page that lists them. Pure.

The filters `cloud_elements_report_summary` and `cloud_elements_report_index` call this for the playbook `report`.
"""

from __future__ import annotations

import os.path
import typing as t
import urllib.parse
from collections import Counter
from collections.abc import Mapping

from ._account_changes import document
from ._places import real_place
from ._report import SCRIPT_HASH, VERSION

AccountOutcome: t.TypeAlias = Mapping[str, t.Any]

_UNREACHED = "The run ended before this account was compared. The output of the run says why."
_LABELS = {"error": "error", "drift": "drift", "in_sync": "as described"}
"""What the page calls each status, in the order of its rows."""
_COUNTED = ("described", "in_sync", "drifted", "failed", "not_described")


def summary_of(outcomes: Mapping[str, AccountOutcome | None], dest: str) -> dict[str, t.Any]:
    """Return how all accounts of a run are.

    Args:
        outcomes: What became of each host, or None if that is not known: `drift` as `_account_drift` says it, the path
            of its `page`, and the `error` that ended it. Each may be None.
        dest: The file that the summary is for, where the paths of pages start.
    """
    folder = os.path.dirname(real_place(dest))
    accounts = {host: _account(outcome, folder) for host, outcome in outcomes.items()}
    return document({"accounts": accounts})


def _account(outcome: AccountOutcome | None, folder: str) -> dict[str, t.Any]:
    outcome = outcome or {"drift": None, "page": None, "error": _UNREACHED}
    drift = outcome["drift"] or {"status": "error", "base_url": None, "summary": {}, "errors": []}
    failed = outcome["error"] is not None
    return {
        "status": "error" if failed else drift["status"],
        "base_url": drift["base_url"],
        "summary": drift["summary"],
        "report": None if outcome["page"] is None else os.path.relpath(outcome["page"], folder),
        "error": "\n".join(drift["errors"]) or outcome["error"],
    }


def index_of(summary: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what the page shows that lists the accounts: those that need attention come first.

    Args:
        summary: What `summary_of` returned for the file of the page.
    """
    accounts = summary["accounts"]
    statuses = Counter(account["status"] for account in accounts.values())
    order = list(_LABELS)
    rows = [_row(host, account) for host, account in accounts.items()]
    return {
        "version": VERSION,
        "script_hash": SCRIPT_HASH,
        "figures": {"accounts": len(accounts), **{status: statuses[status] for status in _LABELS}},
        "rows": sorted(rows, key=lambda row: order.index(row["status"])),
    }


def _row(host: str, account: Mapping[str, t.Any]) -> dict[str, t.Any]:
    counts = {name: sum(kind[name] for kind in account["summary"].values()) for name in _COUNTED}
    return {
        "name": host,
        "status": account["status"],
        "label": _LABELS[account["status"]],
        "base_url": account["base_url"],
        "link": None if account["report"] is None else urllib.parse.quote(account["report"]),
        "error": account["error"],
        **counts,
    }
