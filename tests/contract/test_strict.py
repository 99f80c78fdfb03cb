# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that the contract does not allow: recorded always, refused where strict."""

from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE

GOOD = {"element": {"key": "stripe"}, "name": "x", "configuration": STRIPE}
WRONG = [
    ("POST", "/instances", {**GOOD, "extra": 1}, "'extra'"),
    ("POST", "/instances", {**GOOD, "tags": "t"}, "tags: is not of type array"),
    ("POST", "/instances", {**GOOD, "tags": [1]}, "tags[0]: is not of type string"),
    ("POST", "/instances", {**GOOD, "element": {"key": "stripe", "name": "S"}}, "'name'"),
    ("POST", "/instances", {**GOOD, "configuration": []}, "configuration: is not of type object"),
    ("POST", "/instances", {"element": {"key": "stripe"}}, "'name' is a required property"),
    ("POST", "/instances?dryRun=true", GOOD, "query dryRun: unknown"),
    ("POST", "/instances", [GOOD], "body $: is not of type object"),
    ("POST", "/instances", None, "body: missing"),
    ("GET", "/instances?searchText=a&searchText=b", None, "given 2 times"),
    ("GET", "/instances?where=x", None, "query where: unknown"),
    ("GET", "/instances?hydrate=maybe", None, "query hydrate"),
    ("GET", "/instances?pageSize=201", None, "query pageSize"),
    ("GET", "/instances", {"a": 1}, "body: not allowed"),
    ("PATCH", "/instances/{id}", {"token": "t"}, "'token'"),
    ("PATCH", "/instances/{id}?reAuthenticate=false", {"name": "n"}, "query reAuthenticate: unknown"),
    ("PUT", "/instances/{id}", {"colour": "red"}, "'colour'"),
    ("PATCH", "/instances/{id}/configuration/1", {"value": "v"}, "propertyValue"),
    ("GET", "/elements/sfdc/oauth/url?apiKey=a", None, "query apiSecret: missing"),
    ("POST", "/elements/sfdc/oauth/url", {"apiKey": "a"}, "'apiSecret' is a required property"),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), WRONG)
def test_a_violation_is_refused_with_400_and_recorded(api, emulator, method, path, body, expected):
    api.unchecked = True
    path = path.replace("{id}", str(emulator.create()["id"]))
    emulator.clear()
    response = api.call(method, path, body)
    assert response.status_code == 400
    assert response.json()["message"].startswith("contract: ")
    assert expected in response.json()["message"]
    assert len(emulator.violations) >= 1
    assert expected in " ".join(emulator.violations)
    assert emulator.violations[0].startswith(f"{method} {path.partition('?')[0]}: ")
    assert emulator.requests[0].violations


def test_a_violation_is_only_recorded_where_not_strict(lenient, emulator):
    response = lenient.post("/instances?dryRun=true", {**GOOD, "extra": 1})
    assert response.status_code == 200
    assert len(emulator.violations) == 2


def test_violations_and_refusals_repeat_no_value(api, emulator):
    secret = "s3cr3t-value"
    wrong = {**GOOD, "tags": secret, "configuration": secret, "name": [secret], "element": {"id": secret}}
    assert secret not in api.post("/instances", wrong).text
    assert secret not in " ".join(emulator.violations)


@pytest.mark.parametrize("data", ["{", "", "nonsense", '{"a": NaN}', '{"a": 1e999}', "[" * 100_000, "\xff"])
def test_a_body_that_is_not_json_is_400(lenient, data):
    headers = {"Content-Type": "application/json"}
    response = lenient.post("/instances", data=data.encode("latin-1"), headers=headers)
    assert response.status_code == 400
    assert set(response.json()) == {"requestId", "message"}


def test_a_wrong_content_type_is_415_where_strict(api, emulator):
    headers = {"Content-Type": "text/plain"}
    response = api.post("/instances", data="{}", headers=headers)
    assert response.status_code == 415
    emulator.strict = False
    assert api.post("/instances", data="{}", headers=headers).status_code == 400


@pytest.mark.parametrize(
    "header", ["User a", "User a, Organization b, Colour c", "User: {0}, Organization {1}", "User {0}, User {0}"]
)
def test_an_authorization_header_of_another_form_is_a_violation(api, emulator, header):
    header = header.format(emulator.user_secret, emulator.organization_secret)
    response = api.get("/instances/count", auth=header)
    assert response.status_code in (400, 401)
    assert any("Authorization" in text for text in emulator.violations) == (header != "User a")


def test_unknown_paths_and_verbs_are_violations(api, emulator):
    api.unchecked = True
    assert api.get("/instances/1/nothing").status_code == 404
    assert api.get("/instance").status_code == 404
    assert api.patch("/hubs").status_code == 405
    assert [text.split(": ")[1] for text in emulator.violations] == ["path", "path", "method"]


def test_what_is_documented_is_no_violation(api, emulator):
    instance = api.create(
        tags=["a"],
        configuration={**STRIPE, "a": 1, "b": True, "c": {"d": []}, "e": None, "f": [1]},
        providerData={"code": "x"},
        externalAuthentication="none",
        retrieveObjectsAfterInstantiation=False,
        oauthProxy={"isOauthProxy": False, "oauthProxyName": "n"},
    )
    path = f"/instances/{instance['id']}"
    assert api.put(path, api.get(path).json()).status_code == 200
    assert api.put(path, api.get("/instances").json()[0]).status_code == 200
    assert api.put(path + "/enabled").status_code == 200
    assert api.put(path + "/enabled", {}).status_code == 200
    assert api.get("/instances?nextPage=&pageSize=200&hydrate=true").status_code == 200
    assert emulator.violations == []


def test_what_real_clients_send_is_no_violation(api, emulator):
    """CODE: queries with keys of the site, a colon after Element, and the id-less forms."""
    given = {"apiKey": "a", "apiSecret": "b", "callbackUrl": "https://example.com/back"}
    site = {"subdomain": "s", "use_sandbox": "true", "zendesk.subdomain": "s", "authentication.type": "oauth2"}
    assert api.get("/elements/zendesk/oauth/url", params={**given, **site}).status_code == 200
    assert api.get("/elements/zendesk/oauth/url/default", params=site).status_code == 200
    site["authentication.type"] = "oauth1"
    assert api.get("/elements/quickbooks/oauth/token", params={**given, **site}).status_code == 200
    assert api.get("/hubs?hydrate=true").status_code == 200
    instance = api.create()
    secrets = f"User {emulator.user_secret}, Organization {emulator.organization_secret}"
    auth = f"{secrets}, Element: {instance['token']}"
    for path in ("/ping", "/instances/docs/list", "/instances/docs/list/definitions?resolveReferences=true"):
        assert api.get(path, auth=auth).status_code == 200
    assert api.get("/usage?from=2020-01-01&keys[]=stripe&keys[]=sfdc").status_code == 200
    for path in ("resources?accountOnly=true", "parameters", "hooks", "objects"):
        assert api.get(f"/elements/stripe/{path}").status_code == 200
    assert emulator.violations == []
    api.get("/ping", auth=f"{auth}, Element {instance['token']}")
    assert len(emulator.violations) == 1


def test_hostile_values_are_taken_without_a_500(lenient):
    for name in ("\ud800", "\x00", "💥" * 1000, "a/b?c#d", "%", "null"):
        response = lenient.create(name=name)
        assert response["name"] == name
        assert lenient.get("/instances", params={"searchText": name.encode("utf-8", "ignore")}).status_code in (
            200,
            404,
        )
    lenient.unchecked = True
    for path in (
        "/elements/%00",
        "/elements/%ff",
        "/instances/-1",
        "/instances/\uff11",
        "/elements/..%2f",
        "//instances",
    ):
        assert lenient.get(path).status_code in (400, 404), path
    for body in ({"element": 1}, {"element": {}}, {"element": {"key": []}, "name": "x"}, 1, "text", None, [], True):
        assert lenient.call("POST", "/instances", data=json.dumps(body)).status_code in (400, 404)
    for field, value in (("tags", {}), ("name", 1), ("configuration", "x"), ("providerData", []), ("element", "x")):
        status = lenient.post("/elements/sfdc/instances", {"name": "n", field: value}).status_code
        assert status == 400, field
