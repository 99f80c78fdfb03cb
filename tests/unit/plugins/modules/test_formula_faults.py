# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request about formulas and formula instances, with every fault: there is one of each, or a clear message."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing as t

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
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.odd_platform import (
    OddPlatform,
    OddRun,
    emulator,
    params_of,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula import SYNC
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula_instance import CRM

CANARY = "canary-of-the-fault-0123"
USER = params_of({})["user_secret"]
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
BEFORE_ONLY = ("not sent", "429", "503 with Retry-After", "401", "403", "400")
"""Faults that say that the request had no effect. A server that lies about that is not covered."""
CLEAR = {kind for kind in ErrorKind if kind not in (ErrorKind.INTERNAL, ErrorKind.DEADLINE)}


def ensure(platform: OddPlatform, kind: str, options: dict[str, t.Any]) -> dict[str, t.Any]:
    spec, engine = ENGINES[kind]
    given = copy.deepcopy(options)
    if given.get("id") == 0:
        given["id"] = next(iter(store().templates))
    nothing = {name: entry.get("default") for name, entry in spec.spec.items()}
    params = {**params_of({"retries": 2}), **nothing, **given}
    run = OddRun(platform, params)
    try:
        return {**engine(params, run), "said": run.warnings}
    finally:
        run.close()


def store() -> t.Any:
    accounts = emulator().accounts
    return next(iter(accounts.values())).store.formulas


def world() -> list[str]:
    """Return what is there, but for ids and dates."""
    formulas = [
        json.dumps([kept.fields, kept.configuration, [{**step, "id": 0} for step in kept.steps]], sort_keys=True)
        for kept in store().templates.values()
    ]
    instances = [
        json.dumps(
            [each.template.name, each.name, each.active, {**each.configuration, "crm": 0}, each.settings],
            sort_keys=True,
        )
        for each in store().instances.values()
    ]
    return sorted(_without_ids(text) for text in formulas) + sorted(instances)


def _without_ids(text: str) -> str:
    def clean(value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {key: clean(each) for key, each in value.items() if key != "id"}
        return [clean(each) for each in value] if isinstance(value, list) else value

    return json.dumps(clean(json.loads(text)), sort_keys=True)


def prepared(case: str) -> OddPlatform:
    platform = OddPlatform()
    for key, name in (("sfdc", "crm"), ("sfdc", "CRM"), ("stripe", "crm")):
        emulator().create(key, name)
    emulator().seed.formula({**SYNC, "name": "Sync contacts"})
    other = emulator().seed.subaccount("other")
    emulator().seed.formula({**SYNC, "description": "theirs"}, other)
    # Where the own formula is missing, one of another account would be taken for it: a user sees it, and may use it.
    store().templates.pop(max(store().templates))
    for kind, options in CASES[case][1]:
        ensure(platform, kind, options)
    platform.requests.clear()
    return platform


def clean_run(case: str) -> tuple[int, list[str], list[str]]:
    """Return how many requests a case takes without a fault, and the world before and after it."""
    platform = prepared(case)
    before = world()
    ensure(platform, CASES[case][0], CASES[case][2])
    return len(platform.requests), before, world()


@pytest.mark.parametrize("case", CASES)
def test_there_is_one_of_each_or_a_clear_message(case):
    kind, _before, options = CASES[case]
    count, before, after = clean_run(case)
    for number in range(count):
        for fault, answer in FAULTS.items():
            for when in ("before", "after"):
                if when == "after" and fault in BEFORE_ONLY:
                    continue
                check(case, kind, options, (number, fault, answer, when), before, after)


def check(case, kind, options, cell, before, after):
    number, fault, answer, when = cell
    platform = prepared(case)
    exchange = platform.exchange
    methods = []

    def struck(request, seconds):
        if len(platform.requests) != number:
            return exchange(request, seconds)
        methods.append(request.method)
        if when == "after":
            exchange(request, seconds)
        else:
            platform.requests.append(request)
        return dataclasses.replace(answer, headers={**answer.headers})

    platform.exchange = struck
    label = f"{case}: {fault} {when} request {number}"
    error = None
    try:
        result = ensure(platform, kind, options)
    except CloudElementsError as caught:
        error, result = caught, {}
    platform.exchange = exchange
    said = json.dumps([result, error.message if error else ""], default=str)
    assert CANARY not in said and USER not in said and "mistake in the collection" not in said, f"{label}: {said}"
    # The platform says so of what it deleted.
    is_lie = methods == ["DELETE"] and fault in ("an object", "null") and when == "before"
    if error is None:
        assert is_lie or world() == after, label
    else:
        assert error.kind in CLEAR, f"{label}: {error.kind}"
        assert "ormula" in error.message or "instance" in error.message or "accounts" in error.message, label
        assert len(world()) <= max(len(before), len(after)), f"{label}: something is there twice"
    try:
        ensure(platform, kind, options)
    except CloudElementsError as caught:
        raise AssertionError(f"{label}: the following run fails: {caught.message}") from caught
    assert _but_for_active(world()) == _but_for_active(after), f"{label}: the following run"


def _but_for_active(rows: list[str]) -> list[str]:
    """Return rows without whether they run: a create that was interrupted leaves an inactive one, as it says."""
    return [row.replace("true", "?").replace("false", "?") for row in rows]
