# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read of a fleet's plan."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.plan_summary import (
    ACTIONS,
    PlanSummary,
    SummaryEntry,
    entry_of,
    failed_entry,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.plan import (
    Change,
    Create,
    Delete,
    Reauthenticate,
    SetEnabled,
)
from hypothesis import given
from hypothesis import strategies as st

SECRET = "canary-0123456789"
CREATE = Create({"name": "a", "element": {"key": "stripe"}, "configuration": {"password": SECRET}})
RETAG = Change({"tags": ["eu"], "configuration": {"password": SECRET}}, frozenset(["password"]), retags=True)
URL = "https://api.example.com/elements/api-v2"
RENAME = Change({"name": "b"})
OFF = SetEnabled(enabled=False)


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ([CREATE], "create  it"),
        ([CREATE, OFF], "create  it; disable"),
        ([RETAG], "change  it: set tags to eu and send secrets password"),
        ([RETAG, OFF], "change  it: set tags to eu and send secrets password; disable"),
        ([Change({"configuration": {"a.b": SECRET, "c": 1}})], "change  it: change configuration a.b, c"),
        ([Reauthenticate({"providerData": {"code": SECRET}})], "change  it: authenticate again with provider_data"),
        ([RENAME], "rename  it to 'b'"),
        ([RENAME, OFF], "change  it: rename to 'b'; disable"),
        ([Change({"name": "b", "tags": []}, retags=True)], "change  it: rename to 'b' and set tags to none"),
        ([OFF], "disable it"),
        ([SetEnabled(enabled=True)], "enable  it"),
        ([Delete("it", "stripe")], "remove  it"),
    ],
)
def test_a_line_says_what_becomes_of_an_instance_with_keys_and_without_values(steps, line):
    assert PlanSummary([entry_of("it", steps)], URL).lines == [line]


def test_a_failure_is_one_line_and_says_what_was_done_before():
    error = CloudElementsError(ErrorKind.REFUSED, "It is\nnot allowed.")
    assert failed_entry("it", error).line == "failed  it: It is not allowed."
    assert failed_entry("it", error, [RENAME, OFF]).line.endswith("Done before that: rename to 'b'; disable.")


def test_what_stays_as_it_is_has_no_line():
    plan_summary = PlanSummary([entry_of("it", []), SummaryEntry("prune", "old")], URL)
    assert plan_summary.lines == ["prune   old"]
    assert plan_summary.text == f"prune   old\nAt {URL}: 2 instances: 1 to prune, 1 unchanged"
    assert plan_summary.as_result()["base_url"] == URL


@pytest.mark.parametrize(
    ("actions", "summary"),
    [
        ([], "0 instances: nothing to do"),
        (["create"], "1 instance: 1 to create"),
        (["unchanged"] * 2, "2 instances: 2 unchanged"),
        (
            ["unchanged", "failed", "prune", "remove", "disable", "enable", "rename", "change", "create", "create"],
            "10 instances: 2 to create, 1 to change, 1 to rename, 1 to enable, 1 to disable, 1 to remove, 1 to prune, "
            "1 failed, 1 unchanged",
        ),
    ],
)
def test_the_summary_counts_what_there_is_in_one_order(actions, summary):
    assert PlanSummary([SummaryEntry(action, "it") for action in actions], URL).summary == summary


@given(st.lists(st.sampled_from(ACTIONS)))
def test_the_counts_add_up(actions):
    plan_summary = PlanSummary([SummaryEntry(action, "it") for action in actions], URL)
    assert list(plan_summary.counts) == list(ACTIONS)
    assert sum(plan_summary.counts.values()) == len(actions)
    assert len(plan_summary.lines) == len(actions) - plan_summary.counts["unchanged"]
