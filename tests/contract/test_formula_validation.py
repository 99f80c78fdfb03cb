# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused in a formula: each case is asserted by the vendor's acceptance suite unless noted."""

from __future__ import annotations

import pytest

V1 = {"scriptEngine": "v1"}


def script(body, kind="script", **properties):
    return {"steps": [{"name": "s", "type": kind, "properties": {"body": body, **properties}}]}


def request(**properties):
    return {"steps": [{"name": "s", "type": "elementRequest", "properties": properties}]}


def cron(text):
    return {"triggers": [{"type": "scheduled", "properties": {"cron": text}}]}


REFUSED = [
    (request(method="GET", api="/hubs/crm/bulk/123/contacts"), "bulk"),
    (request(retryAttempts="6"), "retryAttempts"),
    (request(retryAttempts=6), "retryAttempts"),
    (
        {"steps": [{"name": "s", "type": "retryFormulaExecution", "properties": {"retryAttempts": "8"}}]},
        "retryAttempts",
    ),
    (request(retryStatusCodes="401-,400"), "retryStatusCodes"),
    (script("let a = 1;"), "done()"),
    (script("// done()"), "done()"),
    (script("return done();"), "done()"),
    (script("if (a) { return; } done();"), "done()"),
    (script("let a = 1;", kind="filter"), "done()"),
    (cron("0/30 * * 1/1 * ? *"), "15 minutes"),
    (cron("0 0/5 * 1/1 * ? *"), "15 minutes"),
    (cron("0 * * * * ? *"), "15 minutes"),
    (cron("0 50,2 * * * ? *"), "15 minutes"),
    (cron("every hour"), "7 fields"),
    ({"debugLoggingEnabled": False}, "Execution debug logging can be disabled only for formula engine v3"),
    ({"engine": "v1", "debugLoggingEnabled": False}, "only for formula engine v3"),
    ({"engine": "v3", "steps": [{"name": "s", "type": "java"}]}, "Invalid formula for the v3 engine"),
    ({"engine": "v3", "steps": [{"name": "s", "type": "notification"}]}, "Invalid formula for the v3 engine"),
    ({"uri": "/mine", "method": "GET"}, "manual trigger"),
    ({"uri": "/mine", "triggers": [{"type": "event"}]}, "manual trigger"),
    ({"steps": [{"name": "s", "type": "loop"}, {"name": "s", "type": "loop"}]}, "more than one"),
]
ACCEPTED = [
    request(method="GET", api="/hubs/crm/contacts"),
    request(retryAttempts="5", retryStatusCodes="401-404,500"),
    request(retryAttempts="${config.attempts}"),
    {"steps": [{"name": "s", "type": "retryFormulaExecution", "properties": {"retryAttempts": "7"}}]},
    script("function f() { return 1; } done(f());"),
    script("const f = (a) => { if (a) { return 1; } }; done(f());"),
    script("const o = { f(a) { return a; } }; done(o);"),
    script("done('return'); // return"),
    script("return 1;", **V1),
    cron("0 0/15 * 1/1 * ? *"),
    cron("0 15 10 ? * MON-FRI"),
    cron("${config.cron}"),
    {"engine": "v3", "debugLoggingEnabled": False},
    {"steps": [{"name": "s", "type": "java"}]},
    {"uri": "/mine", "method": "GET", "triggers": [{"type": "manual"}]},
    {"triggers": [{"type": "manual", "onSuccess": ["nowhere"]}]},
]


@pytest.mark.parametrize(("body", "expected"), REFUSED)
def test_refused_with_400(api, body, expected):
    path = f"/formulas/{api.post('/formulas', {'name': 'f'}).json()['id']}"
    for answer in (api.post("/formulas", {"name": "f", **body}), api.put(path, {"name": "f", **body})):
        assert answer.status_code == 400
        assert expected in answer.json()["message"]
    assert len(api.get("/formulas").json()) == 1
    assert api.get(path).json()["steps"] == []


@pytest.mark.parametrize("body", ACCEPTED)
def test_accepted(api, body):
    answer = api.post("/formulas", {"name": "f", **body})
    assert answer.status_code == 200, answer.text


def test_two_variables_with_one_key_are_409(api):
    """TEST formulas/config.js."""
    variable = {"key": "k", "name": "n", "type": "value"}
    assert api.post("/formulas", {"name": "f", "configuration": [variable, variable]}).status_code == 409
    made = api.post("/formulas", {"name": "f", "configuration": [variable, {**variable, "key": "l"}]}).json()
    path = f"/formulas/{made['id']}/configuration"
    assert api.post(path, variable).status_code == 409
    assert api.put(f"{path}/{made['configuration'][1]['id']}", variable).status_code == 409
    assert api.put(f"{path}/{made['configuration'][0]['id']}", variable).status_code == 200


def test_two_formulas_are_not_exposed_as_the_same_resource(api):
    body = {"name": "f", "uri": "/mine", "method": "GET", "triggers": [{"type": "manual"}]}
    made = api.post("/formulas", body).json()
    assert made["api"] == "GET /mine"
    assert api.post("/formulas", body).status_code == 400
    assert api.post("/formulas", {**body, "method": "POST"}).status_code == 200
    path = f"/formulas/{made['id']}"
    assert api.put(path, body).status_code == 200
    assert "uri" not in api.patch(path, {"uri": None, "method": None}).json()
    assert api.post("/formulas", body).status_code == 200


def test_patch_is_validated(api):
    step = {"name": "s", "type": "java"}
    path = f"/formulas/{api.post('/formulas', {'name': 'f', 'steps': [step]}).json()['id']}"
    assert api.patch(path, {"debugLoggingEnabled": False}).status_code == 400
    assert api.patch(path, {"engine": "v3"}).status_code == 400
    assert api.patch(path, {"uri": "/x"}).status_code == 400
    other = f"/formulas/{api.post('/formulas', {'name': 'g'}).json()['id']}"
    assert api.patch(other, {"engine": "v3", "debugLoggingEnabled": False}).json()["debugLoggingEnabled"] is False


def test_parts_are_validated_one_by_one(api):
    path = f"/formulas/{api.post('/formulas', {'name': 'f'}).json()['id']}"
    assert api.post(path + "/steps", script("x")["steps"][0]).status_code == 400
    assert api.post(path + "/triggers", cron("0/30 * * 1/1 * ? *")["triggers"][0]).status_code == 400
    assert api.post(path + "/steps", {"name": "s", "type": "loop"}).status_code == 200
    assert api.post(path + "/steps", {"name": "s", "type": "loop"}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": 1},
        {"name": "f", "steps": {}},
        {"name": "f", "steps": ["s"]},
        {"name": "f", "steps": [{"name": "s"}]},
        {"name": "f", "steps": [{"name": "s", "type": "loop", "properties": []}]},
        {"name": "f", "steps": [{"name": "s", "type": "loop", "onSuccess": "s"}]},
        {"name": "f", "configuration": [{"key": "k"}]},
        {"name": "f", "configuration": [{"key": "k", "name": "n", "type": "text"}]},
        {"name": "f", "active": "yes"},
    ],
)
def test_another_shape_is_400_where_not_strict_too(lenient, body):
    assert lenient.post("/formulas", body).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/formulas", "/formulas/{id}/steps", "/formulas/{id}/configuration", "/formulas/{id}/instances"],
)
def test_what_the_contract_does_not_know_is_a_violation(api, emulator, path):
    path = path.replace("{id}", str(api.post("/formulas", {"name": "f"}).json()["id"]))
    body = {"name": 1, "key": "k", "type": 2, "surprise": True}
    assert api.post(path, body).json()["message"].startswith("contract: ")
    assert emulator.violations
