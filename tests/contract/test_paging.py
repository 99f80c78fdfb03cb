# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of GET /instances."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE


def walk(api, **query):
    """Return the rows of all pages and the last page's answer, as the vendor's tools page."""
    rows, token = [], ""
    while True:
        response = api.get("/instances", params={**query, "nextPage": token})
        if response.status_code == 404:
            return rows, response
        rows += response.json()
        token = response.headers.get("Elements-Next-Page-Token")
        if not token:
            return rows, response


@pytest.fixture
def many(emulator):
    return [emulator.create("stripe", f"n{number:03}", STRIPE)["id"] for number in range(450)]


def test_pages_of_200_with_counts_and_a_token_until_the_end(api, many):
    first = api.get("/instances")
    assert first.headers["Elements-Returned-Count"] == "200"
    assert first.headers["Elements-Total-Count"] == "450"
    assert len(first.json()) == 200
    rows, last = walk(api, hydrate="false")
    assert [row["id"] for row in rows] == many
    assert last.headers["Elements-Returned-Count"] == "50"
    assert "Elements-Next-Page-Token" not in last.headers


def test_page_size(api, many, emulator):
    assert len(api.get("/instances?pageSize=7").json()) == 7
    rows, _last = walk(api, pageSize=150, hydrate="false")
    assert [row["id"] for row in rows] == many
    emulator.strict = False
    large = api.get("/instances?pageSize=1000")
    assert len(large.json()) == 200
    assert large.headers["Elements-Error"]
    for size in ("0", "-1", "x", "1" * 5000):
        assert api.get("/instances", params={"pageSize": size}).status_code == 400


def test_a_token_is_stable_while_rows_come_and_go(api, many, emulator):
    first = api.get("/instances?pageSize=100")
    for number in many[50:150]:
        api.delete(f"/instances/{number}")
    new = emulator.create("stripe", "new", STRIPE)["id"]
    token = first.headers["Elements-Next-Page-Token"]
    second = api.get("/instances", params={"pageSize": 200, "nextPage": token})
    assert [row["id"] for row in second.json()] == many[150:350]
    token = second.headers["Elements-Next-Page-Token"]
    assert [row["id"] for row in api.get("/instances", params={"nextPage": token}).json()] == [*many[350:], new]


@pytest.mark.parametrize("token", ["x", "bm90IGpzb24=", "e30=", "eyJhZnRlciI6IG51bGx9", "eyJhZnRlciI6IDFlOTk5fQ=="])
def test_a_token_that_is_none_is_400(api, many, token):
    assert api.get("/instances", params={"nextPage": token}).status_code == 400


def test_the_listing_of_one_element_is_not_paged(api, many):
    response = api.get("/elements/stripe/instances")
    assert len(response.json()) == 450
    assert "Elements-Next-Page-Token" not in response.headers


def test_a_trailing_token_leads_to_404(api, many, emulator):
    """DOC how-does-cursor-pagination-work, with an empty list being 404."""
    emulator.switches.trailing_page = "empty_404"
    rows, last = walk(api)
    assert len(rows) == 450
    assert last.status_code == 404
