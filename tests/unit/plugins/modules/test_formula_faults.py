# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request about formulas and formula instances, with every fault: there is one of each, or a clear message."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import typing as t
from unittest import mock

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.argument_spec import FORMULA
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.ensure import ensure_formula
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.argument_spec import (
    FORMULA_INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.ensure import (
    ensure_formula_instance,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    HTML,
    LOST,
    NOT_SENT,
    OVERDUE,
    answered,
    limited,
    refused,
    unavailable,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import ensure_kind
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula import SYNC
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula_instance import CRM
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire, strikes

CANARY = "canary-of-the-fault-0123"
USER = "user-canary"
FORMULA_THERE = {"definition": SYNC}
NIGHTLY = {
    "formula": "sync contacts",
    "name": "nightly",
    "configuration": {"crm": CRM, "cron": "x"},
    "secret_configuration": {"api.key": CANARY},
}
WITH_KEY = {**SYNC, "configuration": [*SYNC["configuration"], {"key": "api.key", "name": "Key", "type": "value"}]}

Case = tuple[str, list[tuple[str, dict[str, t.Any]]], dict[str, t.Any]]
CASES: dict[str, Case] = {
    "create a formula": ("formula", [], {"definition": WITH_KEY}),
    "change a formula": ("formula", [("formula", {"definition": SYNC})], {"definition": WITH_KEY, "active": False}),
    "rename a formula": ("formula", [("formula", {"definition": SYNC})], {"id": 0, "name": "renamed"}),
    "remove a formula": (
        "formula",
        [("formula", {"definition": SYNC})],
        {"name": "sync contacts", "state": "absent"},
    ),
    "create a formula instance": ("formula_instance", [("formula", {"definition": WITH_KEY})], NIGHTLY),
    "change a formula instance": (
        "formula_instance",
        [("formula", {"definition": WITH_KEY}), ("formula_instance", NIGHTLY)],
        {**NIGHTLY, "configuration": {"cron": "y"}, "active": False},
    ),
    "remove a formula instance": (
        "formula_instance",
        [("formula", {"definition": WITH_KEY}), ("formula_instance", NIGHTLY)],
        {"formula": "sync contacts", "name": "nightly", "state": "absent"},
    ),
}
ENGINES = {"formula": (FORMULA, ensure_formula), "formula_instance": (FORMULA_INSTANCE, ensure_formula_instance)}

EMPTY = Response(Outcome.BROKEN, 200, detail="the answer is empty", readable=False)
FAULTS: dict[str, Response] = {
    "lost": LOST,
    "not sent": NOT_SENT,
    "overdue": OVERDUE,
    "500": refused(500, f"No {USER}"),
    "502 as HTML": HTML,
    "503 with Retry-After": unavailable(9),
    "429": limited(5),
    "401": refused(401, f"No {USER}"),
    "403": refused(403, f"No {USER}"),
    "400": refused(400, f"No {USER}"),
    "empty": EMPTY,
    "a list": answered(["odd"]),
    "an object": answered({"odd": USER}),
    "null": answered(None),
}
WHEN = ("before", "after")
BEFORE_ONLY = ("not sent", "429", "503 with Retry-After", "401", "403", "400")
"""Faults that say that the request had no effect. A server that lies about that is not covered."""
CLEAR = {kind for kind in ErrorKind if kind not in (ErrorKind.INTERNAL, ErrorKind.DEADLINE)}


def ensure(wire: Wire, kind: str, options: dict[str, t.Any]) -> dict[str, t.Any]:
    table, engine = ENGINES[kind]
    given = copy.deepcopy(options)
    if given.get("id") == 0:
        given["id"] = next(iter(store(wire).templates))
    return ensure_kind(table, engine, {"retries": 2, **given})


def store(wire: Wire) -> t.Any:
    return next(iter(wire.emulator.accounts.values())).store.formulas


def world(wire: Wire) -> list[str]:
    """Return what is there, but for ids and dates."""
    formulas = [
        json.dumps([kept.fields, kept.configuration, [{**step, "id": 0} for step in kept.steps]], sort_keys=True)
        for kept in store(wire).templates.values()
    ]
    instances = [
        json.dumps(
            [each.template.name, each.name, each.active, {**each.configuration, "crm": 0}, each.settings],
            sort_keys=True,
        )
        for each in store(wire).instances.values()
    ]
    return sorted(_without_ids(text) for text in formulas) + sorted(instances)


def _without_ids(text: str) -> str:
    def clean(value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {key: clean(each) for key, each in value.items() if key != "id"}
        return [clean(each) for each in value] if isinstance(value, list) else value

    return json.dumps(clean(json.loads(text)), sort_keys=True)


def prepared(wire: Wire, case: str) -> None:
    wire.reset()
    for key, name in (("sfdc", "crm"), ("sfdc", "CRM"), ("stripe", "crm")):
        wire.emulator.create(key, name)
    wire.emulator.seed.formula({**SYNC, "name": "Sync contacts"})
    other = wire.emulator.seed.subaccount("other")
    wire.emulator.seed.formula({**SYNC, "description": "theirs"}, other)
    for kind, options in CASES[case][1]:
        ensure(wire, kind, options)
    wire.clear()


def clean_run(wire: Wire, case: str) -> tuple[int, list[str], list[str]]:
    """Return how many requests a case takes without a fault, and the world before and after it."""
    prepared(wire, case)
    before = world(wire)
    ensure(wire, CASES[case][0], CASES[case][2])
    return len(wire.emulator.requests), before, world(wire)


@pytest.mark.parametrize("case", CASES)
def test_there_is_one_of_each_or_a_clear_message(wire, case):
    count, before, after = clean_run(wire, case)
    cells = [(fault, when) for fault in FAULTS for when in WHEN if when == "before" or fault not in BEFORE_ONLY]
    for number, (fault, when) in strikes(count, cells):
        check(wire, case, (number, fault, FAULTS[fault], when), before, after)


def check(wire, case, cell, before, after):
    number, fault, answer, when = cell
    kind, _there, options = CASES[case]
    prepared(wire, case)
    struck: list[str] = []
    passed = itertools.count()

    def strike(request, seconds):
        if next(passed) != number:
            return Wire.exchange(wire, request, seconds)
        struck.append(f"{request.method} {request.path}")
        if when == "after":
            Wire.exchange(wire, request, seconds)
        return dataclasses.replace(answer, headers={**answer.headers})

    label = f"{case}: {fault} {when} request {number}"
    error, result = None, {}
    with mock.patch.object(wire, "exchange", strike):
        try:
            result = ensure(wire, kind, options)
        except CloudElementsError as caught:
            error = caught
    said = json.dumps([result, error.message if error else ""], default=str)
    assert CANARY not in said and USER not in said and "mistake in the collection" not in said, f"{label}: {said}"
    if struck == ["GET /accounts"] and fault in ("401", "403"):
        return  # The user may not know which account is the own one. Then the only formula of a name counts as own.
    # The platform says so of what it deleted.
    is_lie = struck[0].startswith("DELETE") and fault in ("an object", "null") and when == "before"
    if error is None:
        assert is_lie or world(wire) == after, label
    else:
        assert error.kind in CLEAR, f"{label}: {error.kind}"
        assert "ormula" in error.message or "instance" in error.message or "accounts" in error.message, label
        assert len(world(wire)) <= max(len(before), len(after)), f"{label}: something is there twice"
    try:
        ensure(wire, kind, options)
    except CloudElementsError as caught:
        raise AssertionError(f"{label}: the following run fails: {caught.message}") from caught
    assert _but_for_active(world(wire)) == _but_for_active(after), f"{label}: the following run"


def _but_for_active(rows: list[str]) -> list[str]:
    """Return rows without whether they run: a create that was interrupted leaves an inactive one, as it says."""
    return [row.replace("true", "?").replace("false", "?") for row in rows]
