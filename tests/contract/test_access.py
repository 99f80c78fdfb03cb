# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets, tokens, privileges."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE

REFUSED = "Invalid Organization or User secret, or invalid Element token provided."


def test_the_secrets_look_like_the_platforms(emulator):
    for secret in (emulator.user_secret, emulator.organization_secret):
        assert set("+/=") <= set(secret)


@pytest.mark.parametrize(
    "header", ["", "User wrong, Organization wrong", "Bearer token", "nonsense", ",", "User, Organization"]
)
def test_wrong_or_missing_secrets_are_401(lenient, header):
    response = lenient.get("/instances", auth=header)
    assert response.status_code == 401
    assert response.json()["message"] == REFUSED


def test_each_secret_is_needed(api, emulator):
    assert api.get("/instances/count", auth=api.header(organization=False)).status_code == 401
    assert api.get("/instances/count", auth=api.header(user=False)).status_code == 401
    assert api.get("/instances/count", auth=api.header() + "x").status_code == 401


def test_the_order_is_not_significant(api, emulator):
    token = api.create()["token"]
    user, organization = emulator.user_secret, emulator.organization_secret
    for header in (
        f"Organization {organization}, User {user}",
        f"Element {token}, User {user}, Organization {organization}",
        f"User {user},Organization {organization}",
    ):
        assert api.get("/instances/count", auth=header).status_code == 200


def test_an_element_call_needs_user_and_token_only(api):
    token = api.create()["token"]
    assert api.get("/ping", auth=api.header(token=token, organization=False)).status_code == 200
    assert api.get("/ping", auth=api.header(token=token)).status_code == 200
    assert api.get("/ping", auth=api.header(token=token, user=False)).status_code == 401
    assert api.get("/ping", auth=api.header(token="wrong")).status_code == 401
    assert api.get("/ping").status_code == 401


def test_an_element_token_is_accepted_on_any_platform_call_and_noted(api, emulator):
    """The vendor's acceptance suite carries the last instance's token on nearly every call."""
    first = api.create("closeio")
    auth = api.header(token=first["token"])
    body = {"element": {"key": "closeio"}, "name": "second", "configuration": STRIPE}
    second = api.post("/instances", body, auth=auth).json()
    path = f"/instances/{second['id']}"
    assert api.get("/instances", auth=auth).status_code == 200
    assert api.get(path, auth=auth).json()["name"] == "second"
    assert api.put(path, second, auth=auth).status_code == 200
    assert api.patch(path, {"name": "third"}, auth=auth).json()["id"] == second["id"]
    assert api.get(path + "/configuration", auth=auth).status_code == 200
    assert api.delete(path + "/enabled", auth=auth).status_code == 200
    assert api.get("/elements/closeio/instances", auth=auth).status_code == 200
    assert api.delete(path, auth=auth).status_code == 200
    assert api.get(f"/instances/{first['id']}").status_code == 200
    noted = [seen for seen in emulator.requests if seen.notes]
    assert (noted[-1].method, noted[-1].path) == ("DELETE", path)
    assert emulator.violations == []


def test_privileges_taken_away_are_403(api, emulator):
    """TEST organizations/rbac.js."""
    instance = api.create()
    emulator.switches.set("privileges", "-createElementInstances,-viewElements")
    for method, path in (
        ("POST", "/instances"),
        ("POST", "/elements/stripe/instances"),
        ("PUT", f"/elements/stripe/instances/{instance['id']}"),
    ):
        body = {"name": "x"} if method == "PUT" else {"element": {"key": "stripe"}, "name": "x"}
        response = api.call(method, path, body)
        assert response.status_code == 403
        assert {"requestId", "message"} <= set(response.json())
    for path in ("/elements", "/elements/keys", "/elements/stripe", "/elements/stripe/oauth/url/default"):
        assert api.get(path).status_code == 403
    assert api.get("/instances").status_code == 200


def test_errors_of_the_platform_have_a_request_id_and_a_message(lenient):
    lenient.unchecked = True
    for method, path, status in (
        ("GET", "/nowhere/at/all", 404),
        ("PATCH", "/nowhere", 404),
        ("GET", "/typo", 404),
        ("PUT", "/instances/1/configuration", 405),
        ("PATCH", "/elements/stripe/instances/1", 405),
        ("HEAD", "/instances", 405),
        ("TRACE", "/instances", 405),
        ("OPTIONS", "/instances", 405),
        ("POST", "/instances", 400),
    ):
        response = lenient.call(method, path)
        assert response.status_code == status, (method, path)
        if method != "HEAD":
            assert set(response.json()) == {"requestId", "message"}


def test_a_path_outside_of_the_base_is_404(api, emulator):
    response = api.session.get(emulator.origin + "/instances", timeout=5)
    assert response.status_code == 404
    assert emulator.requests[-1].path == "/instances"
