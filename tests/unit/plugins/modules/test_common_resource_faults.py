# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request about a common resource, with every fault: it ends as desired, or with a clear message."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import typing as t
from unittest import mock

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.argument_spec import (
    COMMON_RESOURCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.ensure import (
    ensure_common_resource,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import ensure_kind
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_common_resource import (
    CONTACTS,
    FIELDS,
    STRIPE,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula_faults import (
    BEFORE_ONLY,
    CLEAR,
    FAULTS,
    USER,
    WHEN,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire, strikes

CASES: dict[str, tuple[dict[str, t.Any] | None, dict[str, t.Any]]] = {
    "create": (None, CONTACTS),
    "change": (
        CONTACTS,
        {
            **CONTACTS,
            "fields": FIELDS[:2],
            "transformations": [{**STRIPE, "script": "done();", "vendor_name": "people"}],
        },
    ),
    "purge": (CONTACTS, {"name": "contacts", "transformations": [], "purge_transformations": True}),
    "remove": (CONTACTS, {"name": "contacts", "state": "absent"}),
}


def ensure(options: dict[str, t.Any]) -> dict[str, t.Any]:
    return ensure_kind(COMMON_RESOURCE, ensure_common_resource, {"retries": 2, **copy.deepcopy(options)})


def world(wire: Wire) -> list[str]:
    """Return what is there, but for ids and dates."""
    kept = next(iter(wire.emulator.accounts.values())).store.common_resources
    rows: list[t.Any] = []
    for name in kept.vdrs:
        for each in kept.named(name):
            rows.append([name, each.place.level, sorted((f.path, f.type) for f in each.fields.values())])
        for made in kept.mapped(name):
            rows.append([name, made.element.key, made.place.level, made.vendor_name, made.fields, made.script])
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def prepared(wire: Wire, case: str, engine: str) -> None:
    wire.reset()
    seed = wire.emulator.seed
    wire.emulator.switches.set("vdr_version", engine)
    seed.definition("contacts", [{"path": "upper"}], "organization")
    seed.transformation("contacts", "stripe", {"vendorName": "upper"}, "organization")
    seed.definition("Contacts", [{"path": "x"}])
    there = CASES[case][0]
    if there is not None:
        ensure(there)
    wire.clear()


@pytest.mark.parametrize("engine", ["v1", "v2"])
@pytest.mark.parametrize("case", CASES)
def test_it_ends_as_desired_or_with_a_clear_message(wire, case, engine):
    prepared(wire, case, engine)
    before = world(wire)
    ensure(CASES[case][1])
    after = world(wire)
    assert before != after and {row for row in before if "upper" in row} <= set(after)
    cells = [(fault, when) for fault in FAULTS for when in WHEN if when == "before" or fault not in BEFORE_ONLY]
    for number, (fault, when) in strikes(len(wire.emulator.requests), cells):
        check(wire, case, engine, (number, fault, when), after)


def check(wire, case, engine, cell, after):
    number, fault, when = cell
    options = CASES[case][1]
    prepared(wire, case, engine)
    passed = itertools.count()
    struck = []

    def strike(request, seconds):
        if next(passed) != number:
            return Wire.exchange(wire, request, seconds)
        struck.append(request)
        if when == "after":
            Wire.exchange(wire, request, seconds)
        return dataclasses.replace(FAULTS[fault], headers={**FAULTS[fault].headers})

    label = f"{case} on {engine}: {fault} {when} request {number}"
    error, result = None, {}
    with mock.patch.object(wire, "exchange", strike):
        try:
            result = ensure(options)
        except CloudElementsError as caught:
            error, result = caught, getattr(caught, "result", {})
    assert struck, label
    said = json.dumps([result, error.message if error else ""], default=str)
    assert USER not in said and "mistake in the collection" not in said, f"{label}: {said}"
    if error is None:
        assert world(wire) == after, label
    else:
        assert error.kind in CLEAR, f"{label}: {error.kind}"
    for request in wire.writes:
        wide = request.path.endswith(("/objects/definitions", "/transformations")) or request.path.startswith("/vdrs/")
        assert not (wide or request.query), label
    try:
        ensure(options)
    except CloudElementsError as caught:
        raise AssertionError(f"{label}: the following run fails: {caught.message}") from caught
    assert world(wire) == after, f"{label}: the following run"
