# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules show of a configuration, and which values they neither send nor compare."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import TICKETS, TICKETS_THERE

MASK = "********"
GIVEN = {
    "servicenow.subdomain": "example",
    "username": "integration",
    "base.url": "https://svc:hunter2@host.example.com/",
    "pass": "hunter2-pass",
    "bearer": "hunter2-bearer",
    "cookie": "hunter2-cookie",
    "dsn": "hunter2-dsn",
    "connection": "Server=h;Password=hunter2",
    "zapier.url": "https://hooks.example.com/hooks/catch/1234567/o1hunter2/",
    "word.url": "https://cb.example.com/hook/hunter2",
}


def suspected(result):
    """Return the warnings about configuration that is taken for secrets."""
    return [warning for warning in result["warnings"] if "look like secrets" in warning]


def patched(emulator):
    return [seen.body for seen in emulator.requests if seen.method == "PATCH"]


def test_what_a_task_gives_is_shown_but_for_what_the_rule_masks(ansible, emulator):
    result = ansible.task(**{**TICKETS, "configuration": GIVEN})
    assert result["changed"], result
    shown = {key: value for key, value in result["instance"]["configuration"].items() if value not in (MASK, None, "")}
    assert {"servicenow.subdomain": "example", "username": "integration"}.items() <= shown.items()
    after = result["diff"]["after"]["configuration"]
    assert {key for key, value in after.items() if value != MASK} == {"servicenow.subdomain", "username"}
    assert "hunter2" not in ansible.output


def test_what_is_masked_but_does_not_name_a_secret_is_compared(ansible, emulator):
    first = {
        **TICKETS,
        "configuration": {**TICKETS["configuration"], "word.url": "https://cb.example.com/hook/hunter2"},
    }
    assert ansible.task(**first)["changed"] and not ansible.task(**first)["changed"]
    other = {
        **TICKETS,
        "configuration": {**TICKETS["configuration"], "word.url": "https://cb.example.com/hook/hunter3"},
    }
    result = ansible.task(**other)
    assert result["changed"] and patched(emulator) == [
        {"configuration": {"word.url": "https://cb.example.com/hook/hunter3"}}
    ]
    assert "hunter" not in ansible.output


def test_plain_keys_are_shown_compared_and_no_secrets(ansible, emulator):
    plain = {"sort.key": "lastname", "word.url": "https://cb.example.com/hook/1"}
    task = {**TICKETS, "configuration": {**TICKETS["configuration"], **plain}, "plain_keys": list(plain)}
    first, again = ansible.tasks(task, task)
    assert plain.items() <= first["instance"]["configuration"].items()
    assert plain.items() <= first["diff"]["after"]["configuration"].items()
    assert not again["changed"] and suspected(first) == suspected(again) == []
    for module in ("instance_info", "fleet_info"):
        (row,) = ansible.run({"plain_keys": ["sort.key"]}, module=module)["instances"]
        assert row["configuration"]["sort.key"] == "lastname"
        assert row["configuration"].get("word.url") in (MASK, None)
    assert "plain_keys" in ansible.run({"plain_keys": ["sort.key"]}, module="fleet_info")["instances"][0]
    task["configuration"]["sort.key"] = "firstname"
    (changed,) = ansible.tasks(task)
    assert changed["diff"]["before"]["configuration"]["sort.key"] == "lastname" and suspected(changed) == []


def test_a_fleet_has_plain_keys_of_its_own_and_of_each_item(ansible, emulator):
    plain = {"sort.key": "lastname", "order.key": "up"}
    task = {**TICKETS, "configuration": {**TICKETS["configuration"], **plain}}
    result = ansible.run(
        {
            "instances": [{**task, "plain_keys": ["order.key"]}, {**task, "name": "others"}],
            "plain_keys": ["sort.key"],
        },
        module="instances",
    )
    mine, others, _plan = (part.get("after", {}).get("configuration", {}) for part in result["diff"])
    assert plain.items() <= mine.items()
    assert (others["sort.key"], others["order.key"]) == ("lastname", MASK)
    (warning,) = suspected(result)
    assert "instances[1]" in warning and "order.key" in warning and "sort.key" not in warning


@pytest.mark.parametrize("mask", [MASK, f"{MASK} (sent anew)", "[REDACTED]", "xxxxxxxx", "ab****yz", "$encrypted$"])
def test_a_value_that_the_server_masks_in_whatever_way_is_not_sent_in_each_run(ansible, emulator, mask):
    stored = {**TICKETS_THERE, "configuration": {**TICKETS_THERE["configuration"], "username": mask}}
    emulator.create(**stored)
    result = ansible.task(**TICKETS)
    assert not result["changed"] and patched(emulator) == []
    assert [True for warning in result["warnings"] if "username" in warning] == [True]
    always = ansible.task(**TICKETS, update_secrets="always")
    assert always["changed"] and patched(emulator)[0]["configuration"]["username"] == "integration"


@pytest.mark.parametrize(
    "given",
    [
        {"api_key": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"},
        {"secret_configuration": {"password": "$encrypted$"}},
        {"configuration": {"metadata": {"a": ["[REDACTED]"]}}},
        {"configuration": {"metadata": '{"a": "[REDACTED]"}'}},
        {"provider_data": {"code": ["ab****yz"]}},
    ],
)
def test_no_mask_is_sent(ansible, emulator, given):
    result = ansible.run({"name": "tickets", "element_key": "servicenow", **given})
    assert result["error"]["kind"] == "invalid_options" and "mask" in result["msg"]
    assert emulator.requests == []


@pytest.mark.parametrize("secret", ["k123\n", " k123", "k123\r\n", "\u00a0k123", "\tk\n", '{"a": "b"}\n'])
@pytest.mark.parametrize("option", ["api_key", "secret_configuration", "configuration", "provider_data", "nested"])
def test_a_secret_of_one_line_with_white_space_at_its_ends_is_refused(ansible, emulator, secret, option):
    given = {
        "api_key": {"api_key": secret},
        "nested": {"secret_configuration": {"file": {"key": secret}}},
        **{name: {name: {"password": secret}} for name in ("secret_configuration", "configuration", "provider_data")},
    }[option]
    result = ansible.run({"name": "tickets", "element_key": "servicenow", **given})
    assert result["error"]["kind"] == "invalid_options" and "white space" in result["msg"]
    assert "k123" not in ansible.output and emulator.requests == []


def test_a_pem_keeps_its_last_line_break(ansible, emulator):
    pem = "-----BEGIN KEY-----\nMIIA\n-----END KEY-----\n"
    result = ansible.task(**{**TICKETS, "secret_configuration": {"password": pem}})
    assert result["changed"] and emulator.instances[0]["configuration"]["password"] == pem
    assert "MIIA" not in ansible.output
