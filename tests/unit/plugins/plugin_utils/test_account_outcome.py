# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user sees the plan that he asks for, and schedulers get figures without secrets under one key."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_outcome import shown, stats

RESULT = {
    "base_url": "https://x",
    "changed": True,
    "plan": {"lines": ["create  a"], "summary": "1 instance: 1 to create", "checksum": "abc"},
    "pruned": [{"id": 1, "name": "old", "element_key": "stripe"}],
    "summary": {"instances": {"created": 1}},
    "tokens": {"stripe": {"a": "canary"}},
}


def test_the_plan_is_shown_if_it_is_asked_for_and_otherwise_what_was_pruned():
    assert shown(RESULT, planned=True) == ["create  a", "At https://x: 1 instance: 1 to create"]
    assert shown(RESULT, planned=False) == ["pruned: old", "At https://x: 1 instance: 1 to create"]


def test_figures_have_one_key_and_no_token():
    assert stats("prod", RESULT) == {
        "data": {
            "cloud_elements_accounts": {
                "prod": {
                    "base_url": "https://x",
                    "changed": True,
                    "checksum": "abc",
                    "summary": {"instances": {"created": 1}},
                }
            }
        },
        "aggregate": True,
        "per_host": False,
    }
