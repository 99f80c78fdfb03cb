# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request about a whole account, with faults: there is one of each, or a clear message."""

from __future__ import annotations

import collections
import copy
import dataclasses
import itertools
import json
import typing as t
from unittest import mock

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._account.account import ensure_account
from ansible_collections.cloud_elements.platform.plugins.module_utils._account.argument_spec import ACCOUNT
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    LOST,
    OVERDUE,
    answered,
    refused,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import ensure_kind
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire, strikes

CANARY = "canary-of-the-fault-0123"
FAULTS = {
    ("lost", "before"): LOST,
    ("lost", "after"): LOST,
    ("overdue", "after"): OVERDUE,
    ("500", "before"): refused(500, "No"),
    ("403", "before"): refused(403, "No"),
    ("null", "after"): answered(None),
}
CLEAR = {kind for kind in ErrorKind if kind is not ErrorKind.INTERNAL}

SHOP = {"name": "payments", "element_key": "stripe", "api_key": CANARY, "tags": ["a"]}
IN_SHOP = {"element_key": "stripe", "name": "payments"}
CONTACTS = {
    "name": "contacts",
    "fields": [{"path": "email", "type": "string"}],
    "transformations": [{"element_key": "stripe", "vendor_name": "customers", "fields": [{"path": "email"}]}],
}
NOTIFY = {"definition": {"name": "notify", "triggers": [{"type": "manual"}], "steps": []}}
SYNC = {
    "definition": {
        "name": "sync",
        "configuration": [
            {"key": "shop", "name": "Shop", "type": "elementInstance", "required": True},
            {"key": "api.key", "name": "Key", "type": "value"},
        ],
        "triggers": [{"type": "manual"}],
        "steps": [{"name": "tell", "type": "formula", "properties": {"formulaName": "notify"}}],
    }
}
NIGHTLY = {
    "name": "nightly",
    "formula": "sync",
    "configuration": {"shop": IN_SHOP},
    "secret_configuration": {"api.key": CANARY},
}
WHOLE = {
    "instances": [SHOP],
    "common_resources": [CONTACTS],
    "formulas": [SYNC, NOTIFY],
    "formula_instances": [NIGHTLY],
}
OTHER = {
    "instances": [{**SHOP, "tags": ["b"]}],
    "common_resources": [{**CONTACTS, "fields": [{"path": "email", "type": "number"}]}],
    "formulas": [{"definition": {**SYNC["definition"], "description": "x"}}, {**NOTIFY, "active": False}],
    "formula_instances": [{**NIGHTLY, "settings": {"notification.email": "ops@example.com"}}],
}
GONE = {
    "instances": [{**IN_SHOP, "state": "absent"}],
    "common_resources": [{"name": "contacts", "state": "absent"}],
    "formulas": [{"name": "sync", "state": "absent"}, {"name": "notify", "state": "absent"}],
    "formula_instances": [{"name": "nightly", "formula": "sync", "state": "absent"}],
}
CASES: dict[str, tuple[dict[str, t.Any] | None, dict[str, t.Any]]] = {
    "create": (None, WHOLE),
    "change": (WHOLE, OTHER),
    "remove": (WHOLE, GONE),
}


def complete(table, given):
    """Return options as Ansible hands them to a module: those that are not given with their defaults."""
    found = {}
    for name, entry in table.items():
        value = given.get(name, entry.get("default"))
        if value is not None and "options" in entry:
            several = [complete(entry["options"], each) for each in (value if isinstance(value, list) else [value])]
            value = several if isinstance(value, list) else several[0]
        found[name] = value
    return found


def ensure(options, **more):
    kinds = {kind: options.get(kind, []) for kind in ("instances", "common_resources", "formulas", "formula_instances")}
    table = {kind: ACCOUNT.spec[kind] for kind in kinds}
    return ensure_kind(ACCOUNT, ensure_account, {"retries": 2, **complete(table, copy.deepcopy(kinds)), **more})


def world(emulator):
    """Return what is there, but for ids and dates."""
    store = next(iter(emulator.accounts.values())).store
    return sorted(
        [
            *(json.dumps(["instance", row["name"], sorted(row.get("tags") or [])]) for row in emulator.instances),
            *(
                f"{each.name} {[(field.path, field.type) for field in each.fields.values()]}"
                for each in store.common_resources.named("contacts")
            ),
            *(f"{each.vendor_name}" for each in store.common_resources.mapped("contacts")),
            *(f"formula {each.name} {each.fields.get('description')}" for each in store.formulas.templates.values()),
            *(f"{each.template.name} {each.name} {each.settings}" for each in store.formulas.instances.values()),
        ]
    )


def prepared(wire, case):
    wire.reset()
    wire.emulator.create("stripe", "Payments")
    wire.emulator.seed.formula({**SYNC["definition"], "name": "Sync", "steps": []})
    if CASES[case][0] is not None:
        ensure(CASES[case][0], concurrency=1)
    wire.clear()


@pytest.mark.parametrize("case", CASES)
def test_there_is_one_of_each_or_a_clear_message(wire, case):
    prepared(wire, case)
    before = world(wire.emulator)
    ensure(CASES[case][1], concurrency=1)
    count, after = len(wire.emulator.requests), world(wire.emulator)
    assert before != after and count > 5
    for number, cell in strikes(count, list(FAULTS)):
        check(wire, case, (number, *cell), FAULTS[cell], (before, after))


def check(wire, case, cell, answer, worlds):
    number, _fault, when = cell
    prepared(wire, case)
    passed = itertools.count()
    struck = []

    def strike(request, seconds):
        if next(passed) != number:
            return Wire.exchange(wire, request, seconds)
        struck.append(f"{request.method} {request.path}")
        if when == "after":
            Wire.exchange(wire, request, seconds)
        return dataclasses.replace(answer, headers={**answer.headers})

    error, result = None, {}
    with mock.patch.object(wire, "exchange", strike):
        try:
            result = ensure(CASES[case][1], concurrency=1)
        except CloudElementsError as caught:
            error, result = caught, getattr(caught, "result", {})
    label = f"{case}: {cell} {struck}"
    said = json.dumps([result, error.message if error else ""], default=str)
    assert CANARY not in said and "mistake in the collection" not in said, f"{label}: {said}"
    there = world(wire.emulator)
    assert max(collections.Counter(there).values()) == 1, f"{label}: something is there twice"
    if error is None:
        assert there == worlds[1], label
    else:
        assert error.kind in CLEAR, f"{label}: {error.message}"
    try:
        ensure(CASES[case][1], concurrency=1)
    except CloudElementsError as caught:
        raise AssertionError(f"{label}: the following run fails: {caught.message}") from caught
    assert world(wire.emulator) == worlds[1], f"{label}: the following run"
