# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of one run are listed, whatever became of each."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._report_summary import index_of, summary_of

COUNTS = {"described": 3, "in_sync": 1, "drifted": 1, "failed": 1, "not_described": 2}


def drift(status, **fields):
    return {"status": status, "base_url": "https://x", "summary": {}, "errors": [], **fields}


def outcome(drift=None, page=None, error=None):
    return {"drift": drift, "page": page, "error": error}


def test_an_account_has_what_its_report_says_and_a_path_that_starts_at_the_summary():
    accounts = {"prod": outcome(drift("in_sync", summary={"formulas": COUNTS}), "/reports/a/prod.html")}
    assert summary_of(accounts, "/reports/all/summary.json") == {
        "generator": "cloud_elements.platform",
        "schema_version": 1,
        "accounts": {
            "prod": {
                "status": "in_sync",
                "base_url": "https://x",
                "summary": {"formulas": COUNTS},
                "report": "../a/prod.html",
                "error": None,
            }
        },
    }


def test_what_ended_a_report_or_kept_it_from_beginning_is_an_error():
    summary = summary_of(
        {
            "after": outcome(drift("in_sync"), error="The disk is full."),
            "dead": outcome(drift("error", errors=["one", "two"]), error="Listing failed."),
            "before": outcome(error="There is no such directory."),
            "gone": None,
        },
        "index.html",
    )
    found = {host: (row["status"], row["error"]) for host, row in summary["accounts"].items()}
    assert found == {
        "after": ("error", "The disk is full."),
        "dead": ("error", "one\ntwo"),
        "before": ("error", "There is no such directory."),
        "gone": ("error", "The run ended before this account was compared. The output of the run says why."),
    }


def test_the_page_counts_accounts_and_resources_and_begins_with_what_needs_attention():
    summary = {"instances": COUNTS, "formulas": COUNTS}
    accounts = {
        "fine": outcome(drift("in_sync", summary=summary), "/p/a:b & c.html"),
        "other": outcome(drift("drift"), "/p/other.html"),
        "dead": None,
    }
    index = index_of(summary_of(accounts, "/p/index.html"))
    assert index["figures"] == {"accounts": 3, "error": 1, "drift": 1, "in_sync": 1}
    assert [(row["name"], row["link"]) for row in index["rows"]] == [
        ("dead", None),
        ("other", "other.html"),
        ("fine", "a%3Ab%20%26%20c.html"),
    ]
    assert {name: index["rows"][2][name] for name in COUNTS} == {name: 2 * count for name, count in COUNTS.items()}
