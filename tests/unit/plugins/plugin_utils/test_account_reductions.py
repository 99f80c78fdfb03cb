# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of an account is needed without its secrets: to compare it, and to remove it."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_reductions import compared, removed

ACCOUNT = {
    "instances": [
        {"name": "payments", "element_key": "stripe", "tags": ["a"], "secret_configuration": {"password": None}}
    ],
    "common_resources": [
        {"name": "contacts", "fields": [{"path": "a"}], "level": "organization"},
        {"name": "own", "level": "instance", "instance": {"element_key": "stripe", "name": "payments"}},
    ],
    "formulas": [
        {"definition": {"name": "sync", "steps": []}},
        {"name": "b", "definition": {"name": "a"}, "active": True},
    ],
    "formula_instances": [{"name": "nightly", "formula": "sync", "configuration": {"a": "b"}, "state": "present"}],
}


def test_only_the_secrets_of_instances_get_a_word_in_their_place():
    shown = compared(ACCOUNT)
    assert shown["instances"] == [
        {
            "name": "payments",
            "element_key": "stripe",
            "tags": ["a"],
            "secret_configuration": {"password": "not-compared"},
            "update_secrets": "on_create",
        }
    ]
    assert {kind: shown[kind] for kind in list(ACCOUNT)[1:]} == {kind: ACCOUNT[kind] for kind in list(ACCOUNT)[1:]}


def test_what_identifies_a_resource_is_enough_to_remove_it():
    gone = removed(ACCOUNT)
    assert gone == {
        "instances": [{"id": None, "name": "payments", "element_key": "stripe", "state": "absent"}],
        "common_resources": [
            {"name": "contacts", "level": "organization", "state": "absent"},
            {**ACCOUNT["common_resources"][1], "state": "absent"},
        ],
        "formulas": [{"name": "sync", "state": "absent"}, {"name": "b", "state": "absent"}],
        "formula_instances": [{"name": "nightly", "formula": "sync", "state": "absent"}],
    }


def test_only_what_was_planned_to_go_is_removed():
    rows = {kind: [{"action": "remove"} for _item in items] for kind, items in ACCOUNT.items()}
    rows["formulas"][0] = {"action": "failed"}
    rows["instances"][0] = {"action": "unchanged"}
    gone = removed(removed(ACCOUNT), rows)
    assert gone == removed(ACCOUNT, rows), "the description is not needed again"
    assert gone["instances"] == [] and [row["name"] for row in gone["formulas"]] == ["b"]
    assert len(gone["common_resources"]) == 2
