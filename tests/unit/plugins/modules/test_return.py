# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RETURN says of results is compared with real ones, both ways."""

from __future__ import annotations

import importlib

import pytest
import yaml

PYTHON_TYPES = {"str": str, "int": int, "bool": bool, "dict": dict, "list": list, "float": float}
# The items of such a list are of several kinds, each documented as a whole.
KINDS = {"for instances", "for the plan"}
# What Ansible adds to every result.
OWN = {"changed", "failed", "msg", "exception", "warnings", "deprecations", "invocation"}

TICKETS = {
    "name": "tickets",
    "element_key": "servicenow",
    "configuration": {"username": "u", "servicenow.subdomain": "s"},
    "secret_configuration": {"password": "made-up"},
}
OAUTH = {"oauth_api_key": "k", "oauth_api_secret": "made-up-secret", "callback_url": "https://www.example.com"}
SUCCESSES = {
    "instance": [TICKETS, TICKETS, {**TICKETS, "enabled": False}, {**TICKETS, "state": "absent"}],
    "instances": [
        {"instances": [TICKETS, {"name": "there", "element_key": "stripe", "enabled": False}]},
        {"instances": [TICKETS], "prune": True, "prune_tags": ["there"]},
        {"instances": []},
    ],
    "instance_info": [{}, {"name": "there", "include_token": True}],
    "element_info": [{}, {"element_key": "stripe"}],
    "fleet_info": [{}, {"name": "nobody"}],
    "account_info": [{}, {"name": "nobody"}, {"include": ["formulas"]}],
    "oauth_info": [{**OAUTH, "element_key": "sfdc"}, {**OAUTH, "element_key": "twitter"}],
}
FAILURES = {
    "instance": [{**TICKETS, "element_key": "stripee"}, {**TICKETS, "retries": -1}],
    "instances": [{"instances": [{**TICKETS, "element_key": "stripee"}, TICKETS]}],
    "instance_info": [{"user_secret": "wrong"}],
    "element_info": [{"user_secret": "wrong"}],
    "fleet_info": [{"user_secret": "wrong"}],
    "account_info": [{"user_secret": "wrong"}],
    "oauth_info": [{**OAUTH, "element_key": "stripe"}],
}


def documented(module, hidden):
    """Return the documentation of the return values, without those of the other outcome."""
    section = importlib.import_module(
        f"ansible_collections.cloud_elements.platform.plugins.modules.cloud_elements_{module}"
    ).RETURN
    return {key: entry for key, entry in yaml.safe_load(section).items() if entry["returned"] != hidden}


def check(value, described, place, given):
    """Compare a result with its documentation."""
    kinds = {described[key]["returned"] for key in value if key in described}
    hidden = KINDS - kinds | (set() if given.get("include_token") else {"O(include_token=true)"})
    expected = {key for key, entry in described.items() if entry["returned"] not in hidden}
    assert value.keys() == expected, place
    for key in expected:
        entry, where = described[key], f"{place}.{key}"
        if value[key] is None:
            assert "V(null)" in str(entry["description"]), f"{where} is null, which is not documented"
            continue
        assert isinstance(value[key], PYTHON_TYPES[entry["type"]]), where
        rows = value[key] if isinstance(value[key], list) else [value[key]]
        for row in rows if "contains" in entry else ():
            check(row, entry["contains"], where, given)


@pytest.mark.parametrize("module", SUCCESSES)
@pytest.mark.parametrize("mode", ["real", "check"])
def test_a_success_is_as_documented(ansible, emulator, module, mode):
    for _dummy in range(2 if module in ("fleet_info", "account_info") else 1):
        emulator.create(element_key="stripe", name="there")
    for number, given in enumerate(SUCCESSES[module]):
        result = ansible.run(given, module=module, check=mode == "check")
        assert not result.get("failed"), result
        own = {key: value for key, value in result.items() if key not in OWN}
        check(own, documented(module, "failure"), f"run {number}", given)


@pytest.mark.parametrize("module", FAILURES)
def test_a_failure_is_as_documented(ansible, emulator, module):
    for number, given in enumerate(FAILURES[module]):
        result = ansible.run(given, module=module)
        assert result["failed"]
        own = {key: value for key, value in result.items() if key not in OWN}
        described = documented(module, "success")
        if result["error"]["kind"] == "invalid_options":
            described = {"error": described["error"]}
        check(own, described, f"run {number}", given)
