# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode says what a run will do: every scenario is predicted first, with no write allowed, and then done."""

from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import (
    SCENARIOS,
    prepare,
    with_ids,
)

# What only the platform can know, and so null in a prediction of something new.
SERVER_MADE = {"id", "token", "instance", "api_calls", "invocation"}
OF_THE_INSTANCE = {"id", "created_date", "configuration"}
OF_A_NEW_INSTANCE = {"valid", "external_authentication"}


def given_keys(options):
    """Return the configuration keys that a task gives."""
    given = {*(options.get("configuration") or {}), *(options.get("secret_configuration") or {})}
    return given | ({"api.key"} if options.get("api_key") else set())


def compare(predicted, done, options):
    """Compare the predicted instance with the real one, as far as a prediction can know."""
    assert (predicted is None) == (done is None)
    if done is None:
        return
    assert predicted.keys() == done.keys()
    for key in done.keys() - OF_THE_INSTANCE:
        if predicted["id"] is not None or key not in OF_A_NEW_INSTANCE:
            assert predicted[key] == done[key], key
    if predicted["id"] is None:
        assert set(predicted["configuration"]) == given_keys(options)
    for key in given_keys(options) & done["configuration"].keys():
        assert parsed(predicted["configuration"][key]) == parsed(done["configuration"][key]), key


def parsed(text):
    """Return the value that a text spells: the platform orders the keys of objects as it likes."""
    try:
        return json.loads(text or "null")
    except ValueError:
        return text


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_prediction_is_what_is_done(ansible, emulator, scenario):
    ids = prepare(emulator, scenario)
    for given in scenario.runs:
        options = with_ids(given, ids)
        emulator.clear()
        predicted = ansible.run(options, check=True)
        assert {seen.method for seen in emulator.requests} <= {"GET"}
        done = ansible.run(options)
        assert predicted.keys() == done.keys()
        if done.get("failed") and predicted["error"] != done["error"]:
            # Check mode foresees by the catalog what the platform itself refuses in a real run.
            assert predicted["error"]["kind"] == done["error"]["kind"]
            continue
        for key in done.keys() - SERVER_MADE - {"warnings"}:
            assert predicted[key] == done[key], key
        # The catalog may warn of more than a real run, which leaves it to the platform.
        assert set(done["warnings"]) <= set(predicted["warnings"])
        if not done.get("failed"):
            compare(predicted["instance"], done["instance"], options)
        if not done.get("failed") and not done["changed"]:
            assert (predicted["id"], predicted["token"]) == (done["id"], done["token"])
