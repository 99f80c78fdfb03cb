# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many runs at once end with one instance of each name, and all of them return its token, or one of them says so."""

from __future__ import annotations

import collections
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.argument_spec import (
    COMMON_RESOURCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.ensure import (
    ensure_common_resource,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.argument_spec import FORMULA
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.ensure import ensure_formula
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.argument_spec import (
    FORMULA_INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.ensure import (
    ensure_formula_instance,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import (
    ensure,
    ensure_all,
    ensure_kind,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_account_faults import WHOLE, world
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_account_faults import (
    ensure as ensure_whole,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_common_resource import CONTACTS
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula import SYNC
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_formula_instance import CRM

PACE = 0.25
"""How much shorter than usual the modules wait here. What is listed late here comes that much earlier, too."""
LAGS = [0.0, 0.25]


def stripe(name):
    return {"name": name, "element_key": "stripe", "api_key": "made-up", "tags": ["a"]}


def single(name, delay=0.0):
    """Run the task for one instance and return its id and token by name."""
    time.sleep(delay)
    result = ensure(stripe(name))
    return {name: (result["id"], result["token"])}


def fleet(names, delay=0.0):
    """Run the task for a fleet and return the ids and tokens by name."""
    time.sleep(delay)
    result = ensure_all([stripe(name) for name in names], concurrency=4)
    return {row["name"]: (row["id"], row["token"]) for row in result["instances"]}


def together(*runs):
    """Run functions with their arguments at once and return what each returns."""
    with ThreadPoolExecutor(len(runs)) as pool:
        return [future.result() for future in [pool.submit(*run) for run in runs]]


def agree(emulator, results):
    """Check that there is one instance of each name, and that every run returned its id and its token."""
    stored = {row["name"]: (int(row["id"]), row["token"]) for row in emulator.instances}
    assert len(stored) == len(emulator.instances)
    for result in results:
        assert result == {name: stored[name] for name in result}


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("runs", [2, 8, 24])
def test_runs_at_once_end_with_one_instance(emulator, runs, lag):
    emulator.switches.listing_lag = lag
    agree(emulator, together(*[(single, "payments")] * runs))
    created = [seen for seen in emulator.requests if seen.method == "POST"]
    removed = [seen for seen in emulator.requests if seen.method == "DELETE"]
    # Each removed its own and none another's: what was made more than once is gone, and only that.
    assert len(created) - len(removed) == 1


@pytest.mark.parametrize("lag", LAGS)
def test_staggered_runs_end_with_one_instance(emulator, lag):
    emulator.switches.listing_lag = lag
    emulator.switches.create_seconds = 0.3
    agree(emulator, together(*[(single, "payments", number * 0.15) for number in range(12)]))


@pytest.mark.parametrize("lag", LAGS)
def test_a_fleet_beside_single_runs_and_another_fleet(emulator, lag):
    emulator.switches.listing_lag = lag
    names = [f"payments {number}" for number in range(10)]
    agree(emulator, together((fleet, names), (fleet, names[::-1]), *[(single, name) for name in names]))


def rename(number, engine):
    """Rename an instance to the name that all want, and return the error, if there is one."""
    wish = {"id": number, "name": "payments"}
    try:
        _result = ensure(wish) if engine == "single" else ensure_all([wish, stripe("another")])
    except CloudElementsError as error:
        return error
    return None


def names(emulator):
    return [row["name"] for row in emulator.instances]


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("engines", [("single", "single"), ("single", "fleet"), ("fleet", "fleet")])
def test_two_renames_to_one_name_at_once_are_never_silent(emulator, engines, lag):
    ids = [emulator.create(element_key="stripe", name=f"old {engine}")["id"] for engine in engines]
    emulator.switches.listing_lag = lag
    emulator.switches.latency = 0.05
    errors = together(*[(rename, number, engine) for number, engine in zip(ids, engines, strict=True)])
    failed = [error for error in errors if error is not None]
    assert names(emulator).count("payments") == 1 or failed
    assert {error.kind for error in failed} <= {ErrorKind.AMBIGUOUS}
    assert all(str(number) in error.message for error in failed for number in ids)


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("engine", ["single", "fleet"])
def test_a_rename_and_a_create_of_one_name_at_once_are_never_silent(emulator, engine, lag):
    number = emulator.create(element_key="stripe", name="old")["id"]
    emulator.switches.listing_lag = lag
    emulator.switches.latency = 0.05
    created, error = together((single, "payments"), (rename, number, engine))
    assert names(emulator).count("payments") == 1 or error.kind is ErrorKind.AMBIGUOUS
    assert created["payments"][0] in [int(row["id"]) for row in emulator.instances if row["name"] == "payments"]


def formula(name, delay=0.0):
    """Run the task for one formula and return its id by name."""
    time.sleep(delay)
    return {name: ensure_kind(FORMULA, ensure_formula, {"definition": {**SYNC, "name": name}})["id"]}


def formula_instance(name, delay=0.0):
    """Run the task for one formula instance and return its id by name."""
    time.sleep(delay)
    options = {"formula": SYNC["name"], "name": name, "configuration": {"crm": CRM}}
    return {name: ensure_kind(FORMULA_INSTANCE, ensure_formula_instance, options)["id"]}


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("runs", [2, 12])
@pytest.mark.parametrize("kind", [formula, formula_instance])
def test_runs_at_once_end_with_one_formula_and_one_formula_instance(emulator, kind, runs, lag):
    emulator.create("sfdc", "crm")
    emulator.seed.formula(SYNC)
    formulas = next(iter(emulator.accounts.values())).store.formulas
    time.sleep(lag)  # What they refer to is there for long.
    emulator.switches.listing_lag = lag
    results = together(*[(kind, "nightly")] * runs)
    kept = formulas.templates if kind is formula else formulas.instances
    (number,) = (each.id for each in kept.values() if each.name == "nightly")
    assert results == [{"nightly": number}] * runs
    assert kind is formula or all(each.active for each in kept.values())


def renamed(kind, number):
    """Rename a formula or a formula instance to the name that all want, and return the error, if there is one."""
    table, engine = (FORMULA, ensure_formula) if kind is formula else (FORMULA_INSTANCE, ensure_formula_instance)
    try:
        ensure_kind(table, engine, {"id": number, "name": "nightly"})
    except CloudElementsError as error:
        return error
    return None


@pytest.mark.parametrize("kind", [formula, formula_instance])
def test_two_renames_of_formulas_to_one_name_at_once_are_never_silent(emulator, kind):
    emulator.create("sfdc", "crm")
    emulator.seed.formula(SYNC)
    ids = [next(iter(kind(name).values())) for name in ("one", "two")]
    emulator.switches.latency = 0.05
    failed = [error for error in together(*[(renamed, kind, number) for number in ids]) if error is not None]
    formulas = next(iter(emulator.accounts.values())).store.formulas
    kept = formulas.templates if kind is formula else formulas.instances
    assert [each.name for each in kept.values()].count("nightly") == 1 or failed
    assert {error.kind for error in failed} <= {ErrorKind.AMBIGUOUS}
    assert all(str(number) in error.message for error in failed for number in ids)


@pytest.mark.parametrize("runs", [2, 12])
def test_runs_at_once_end_with_one_common_resource_and_no_error(emulator, runs):
    def run():
        return ensure_kind(COMMON_RESOURCE, ensure_common_resource, CONTACTS)

    results = together(*[(run,)] * runs)
    kept = next(iter(emulator.accounts.values())).store.common_resources
    assert len(kept.named("contacts")) == len(kept.mapped("contacts")) == 1
    assert [result["common_resource"] for result in results] == [results[0]["common_resource"]] * runs
    done = [action for result in results for action in result["actions"]]
    assert sorted(done) == ["create common resource 'contacts'", "create mapping to element 'stripe'"]
    assert not run()["changed"]


@pytest.mark.parametrize("lag", LAGS)
def test_runs_of_whole_accounts_at_once_end_with_one_of_each(emulator, lag):
    emulator.switches.listing_lag = lag
    results = together(*[(ensure_whole, WHOLE)] * 4)
    assert max(collections.Counter(world(emulator)).values()) == 1 and len(world(emulator)) == 6
    ids = [[row["id"] for kind in WHOLE for row in result[kind]] for result in results]
    assert ids == [ids[0]] * 4
    (kept,) = next(iter(emulator.accounts.values())).store.formulas.instances.values()
    assert kept.active and int(kept.configuration["shop"]) == ids[0][0]
