# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The organization, its accounts, and what tests put there."""

from __future__ import annotations

import pytest
import requests
from ansible_collections.cloud_elements.platform.tests.contract.support import Client
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault


def test_the_organization_says_which_engine_it_has(api, emulator):
    assert api.get("/organizations/me").json()["vdrVersion"] == "v2"
    emulator.switches.vdr_version = "v1"
    assert api.get("/organizations/me").json()["vdrVersion"] == "v1"


def test_the_own_account_is_alone_and_the_default(api):
    (account,) = api.get("/accounts").json()
    assert (account["id"], account["defaultAccount"]) == (815, True)
    assert api.get("/organizations/me").json()["accountId"] == 815


def test_accounts_are_filtered_and_paged(api, emulator):
    ids = [emulator.seed.subaccount(f"a{number}") for number in range(3)]
    assert [row["id"] for row in api.get("/accounts").json()] == [815, *ids]
    for where, expected in (("defaultAccount=true", [815]), ("name='a1'", [ids[1]])):
        assert [row["id"] for row in api.get("/accounts", params={"where": where}).json()] == expected
    first = api.get("/accounts?pageSize=3")
    second = api.get("/accounts", params={"nextPage": first.headers["Elements-Next-Page-Token"]})
    assert [row["id"] for row in first.json() + second.json()] == [815, *ids]
    assert [row["id"] for row in api.get("/accounts?offset=2&pageSize=1").json()] == [ids[1]]


def test_with_an_element_token_accounts_are_the_elements_own(api, emulator):
    token = emulator.create()["token"]
    (first, *_others) = api.get("/accounts", auth=api.header(token=token)).json()
    assert first["id"] == "1"


def test_two_accounts_of_one_emulator_share_neither_formulas_nor_common_resources():
    with Emulator(strict=True, accounts=["lab", "prod"]) as two:
        lab, prod = Client(two, "lab"), Client(two, "prod")
        one = two.accounts["lab"].seed.formula({"name": "f"})
        two.accounts["lab"].seed.definition("contact", [{"path": "name"}])
        assert prod.get("/formulas").json() == prod.get("/common-resources").json() == []
        assert prod.get(f"/formulas/{one['id']}").status_code == 404
        assert prod.post("/formulas", {"name": "f"}).json()["id"] != one["id"]
        assert lab.get("/accounts").json()[0]["id"] != prod.get("/accounts").json()[0]["id"]
        two.reset()
        assert lab.get("/formulas").json() == lab.get("/common-resources").json() == []


def test_seeds_over_http(api, emulator):
    def seed(kind, body, status=200):
        response = requests.post(f"{emulator.origin}/emulator/seed", json={"kind": kind, **body}, timeout=5)
        assert response.status_code == status, response.text
        return response.json()

    account = seed("subaccount", {"name": "other"})
    formula = seed("formula", {"definition": {"name": "f"}, "account_id": account})
    assert formula["accountId"] == account
    seed("formula_instance", {"formula_id": formula["id"], "body": {"name": "i"}})
    seed("definition", {"name": "contact", "fields": [{"path": "name"}]})
    seed("transformation", {"name": "contact", "element_key": "closeio", "body": {"vendorName": "x"}, "owner_id": 815})
    assert len(api.get("/formulas/instances").json()) == 1
    assert api.get("/accounts/815/elements/closeio/transformations/contact").status_code == 200
    seed("nothing", {}, 400)
    seed("definition", {"name": "contact", "fields": []}, 409)
    seed("definition", {"name": "contact", "fields": [], "level": "world"}, 400)
    seed("formula", {"colour": "red"}, 400)


@pytest.mark.parametrize(
    "path", ["/formulas", "/formulas/instances", "/vdrs", "/common-resources", "/accounts", "/organizations/me"]
)
def test_faults_strike_here_too(api, emulator, path):
    api.unchecked = True
    emulator.inject(Fault("status", status=503, path=path))
    assert api.get(path).status_code == 503
    emulator.inject(Fault("latency", seconds=0, headers={"Elements-Error": "fields ignored"}, path=path))
    assert api.get(path).headers["Elements-Error"] == "fields ignored"
