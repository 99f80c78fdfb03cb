# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for a whole account against the emulator: one plan over all kinds, applied in order."""

from __future__ import annotations

import collections
import copy

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    KINDS,
    fill_account,
    values_of,
)


@pytest.fixture
def other():
    """An emulator of another, empty account."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


@pytest.fixture(params=["v1", "v2"])
def wanted(request, ansible, emulator, other):
    """An account with resources of all kinds, as options of the module."""
    emulator.switches.set("vdr_version", request.param)
    other.switches.set("vdr_version", request.param)
    fill_account(emulator)
    return filled_in(ansible.run({"base_url": emulator.url}, module="account_info"))


def filled_in(described):
    """Return a description as options, with the values of its variables."""
    given, values = copy.deepcopy({kind: described[kind] for kind in KINDS}), values_of(described)
    for secret in described["secrets"]:
        *path, last = secret["path"]
        place = given
        for step in path:
            place = place[step]
        place[last] = values[secret["variable"]]
    return given


def ensure(ansible, emulator, check=False, **options):
    return ansible.run({"base_url": emulator.url, **options}, module="account", check=check)


def absent(given):
    """Return options that remove what others make."""
    return {
        "instances": [{key: row[key] for key in ("name", "element_key")} | {"state": "absent"} for row in given["instances"]],
        "common_resources": [
            {key: row[key] for key in ("name", "level", "instance") if key in row} | {"state": "absent"}
            for row in given["common_resources"]
        ],
        "formulas": [{"name": row["definition"]["name"], "state": "absent"} for row in given["formulas"]],
        "formula_instances": [
            {key: row[key] for key in ("name", "formula")} | {"state": "absent"} for row in given["formula_instances"]
        ],
    }


def methods(emulator, since=0):
    return dict(collections.Counter(seen.method for seen in list(emulator.requests)[since:]))


def test_an_account_moves_with_one_plan_and_is_removed_in_reverse(ansible, emulator, other, wanted):
    planned = ensure(ansible, other, check=True, **wanted)
    assert not planned.get("failed"), planned["msg"]
    assert methods(other).keys() == {"GET"}
    assert [row["action"] for kind in KINDS for row in planned[kind]] == ["create"] * 10
    done = ensure(ansible, other, **wanted)
    assert not done.get("failed"), done["msg"]
    assert done["plan"]["lines"] == planned["plan"]["lines"]
    assert done["plan"]["changes"] == planned["plan"]["changes"]
    assert [row["actions"] for kind in KINDS for row in done[kind]] == [
        row["actions"] for kind in KINDS for row in planned[kind]
    ]
    sent = len(other.requests)
    again = ensure(ansible, other, **wanted)
    assert not again["changed"] and again["plan"]["changes"] == [] and methods(other, sent).keys() == {"GET"}
    described = [ansible.run({"base_url": each.url}, module="account_info") for each in (emulator, other)]
    assert [{kind: each[kind] for kind in KINDS} for each in described] == [
        {kind: described[0][kind] for kind in KINDS}
    ] * 2
    gone = absent(wanted)
    foreseen = ensure(ansible, other, check=True, **gone)
    removed = ensure(ansible, other, **gone)
    assert not removed.get("failed"), removed["msg"]
    assert foreseen["plan"]["lines"] == removed["plan"]["lines"] and len(removed["plan"]["lines"]) == 10
    left = ansible.run({"base_url": other.url}, module="account_info")
    assert [left[kind] for kind in KINDS] == [[]] * 4
    assert not ensure(ansible, other, **gone)["changed"]
