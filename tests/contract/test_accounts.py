# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several accounts in one emulator: nothing of one shows in another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE, Client
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault


@pytest.fixture
def two() -> Iterator[Emulator]:
    with Emulator(strict=True, accounts=["lab", "prod"]) as running:
        yield running


@pytest.fixture
def lab(two: Emulator) -> Client:
    return Client(two, "lab")


@pytest.fixture
def prod(two: Emulator) -> Client:
    return Client(two, "prod")


def test_each_account_has_its_own_secrets_and_the_same_ones_after_a_restart(two):
    environments = [two.environment_of(name) for name in ("lab", "prod")]
    assert environments[0] == two.environment
    assert environments[0]["CLOUD_ELEMENTS_BASE_URL"] == environments[1]["CLOUD_ELEMENTS_BASE_URL"]
    secrets = {
        environment[f"CLOUD_ELEMENTS_{kind}_SECRET"]
        for environment in environments
        for kind in ("USER", "ORGANIZATION")
    }
    assert len(secrets) == 4
    again = Emulator(accounts=["other", "prod"]).environment_of("prod")
    assert again["CLOUD_ELEMENTS_USER_SECRET"] == environments[1]["CLOUD_ELEMENTS_USER_SECRET"]


def test_instances_of_one_account_are_not_there_in_another(two, lab, prod):
    made = lab.create(name="one")
    assert prod.get("/instances").status_code == 404
    assert prod.get(f"/instances/{made['id']}").status_code == 404
    other = prod.create(name="one")
    assert other["id"] != made["id"]
    assert other["user"] != made["user"]
    assert [row["id"] for row in lab.get("/instances").json()] == [made["id"]]
    assert [each["id"] for each in two.accounts["prod"].instances] == [other["id"]]


def test_a_token_or_secret_of_another_account_is_401(two, lab, prod):
    token = lab.create()["token"]
    assert lab.ping(token).status_code == 200
    assert prod.ping(token).status_code == 401
    secrets = two.accounts["lab"].secrets.user, two.accounts["prod"].secrets.organization
    assert lab.get("/instances", auth="User {}, Organization {}".format(*secrets)).status_code == 401


def test_a_clone_of_one_account_is_not_there_in_another(lab, prod):
    lab.post("/elements/closeio/clone", {"key": "mine"})
    assert lab.get("/elements/mine").status_code == 200
    assert prod.get("/elements/mine").status_code == 404


def test_requests_are_recorded_by_account_and_unknown_callers_at_the_first(two, lab, prod):
    prod.get("/elements/keys")
    lab.get("/hubs", auth="User wrong, Organization wrong")
    assert [seen.path for seen in two.accounts["prod"].requests] == ["/elements/keys"]
    assert [seen.path for seen in two.requests] == ["/hubs"]
    two.clear()
    assert two.accounts["prod"].requests == []


def test_faults_and_switches_concern_one_account(two, lab, prod):
    prod.unchecked = True
    prod_account = two.accounts["prod"]
    prod_account.inject(Fault("status", status=503))
    prod_account.switches.set("mask", "none")
    assert lab.create()["configuration"]["password"] == "********"
    assert prod.get("/hubs").status_code == 503
    assert prod.create()["configuration"]["password"] == STRIPE["password"]


def test_reset_means_all_accounts_and_an_account_only_itself(two, lab, prod):
    for client in (lab, prod):
        client.create()
    two.accounts["prod"].reset()
    assert two.instances
    assert two.accounts["prod"].instances == []
    two.reset()
    assert two.instances == []


def test_control_calls_take_the_account_in_the_path(two):
    def call(method, path, body=None):
        return requests.request(method, f"{two.origin}/emulator{path}", json=body, timeout=5)

    assert call("GET", "/accounts").json() == ["lab", "prod"]
    assert call("POST", "/accounts/prod/instances", {"name": "x"}).json()["name"] == "x"
    assert [each["name"] for each in call("GET", "/accounts/prod/instances").json()] == ["x"]
    assert call("GET", "/instances").json() == []
    assert call("PATCH", "/accounts/prod/switches", {"mask": "all"}).json()["mask"] == "all"
    assert two.switches.mask == "facts"
    call("POST", "/accounts/prod/faults", {"kind": "empty"})
    assert len(two.accounts["prod"].faults) == 1
    assert len(two.accounts["lab"].faults) == 0
    call("POST", "/accounts/prod/reset")
    assert two.accounts["prod"].instances == []
    assert call("GET", "/accounts/nobody/instances").status_code == 404


@pytest.mark.parametrize("names", [[], ["a", "a"]])
def test_account_names_differ_and_there_is_at_least_one(names):
    with pytest.raises(ValueError, match="different names"):
        Emulator(accounts=names)
