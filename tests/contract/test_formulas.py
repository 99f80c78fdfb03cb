# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formula templates and their parts."""

from __future__ import annotations

import pytest

SCRIPT = {"name": "work", "type": "script", "properties": {"body": "done({});"}}
TEMPLATE = {
    "name": "sync",
    "description": "Copies contacts",
    "triggers": [{"type": "manual", "onSuccess": ["work"]}],
    "steps": [
        {**SCRIPT, "onSuccess": ["ask"]},
        {"name": "ask", "type": "elementRequest", "properties": {"retry": True}},
    ],
    "configuration": [{"key": "crm", "name": "CRM", "type": "elementInstance", "required": True}],
}


def call_step(name, formula_id):
    return {"name": name, "type": "formula", "properties": {"formulaId": formula_id}}


@pytest.fixture
def formula(api):
    return api.post("/formulas", TEMPLATE).json()


def test_a_template_is_created_whole_and_the_server_fills_in(api, emulator, formula):
    assert api.get(f"/formulas/{formula['id']}").json() == formula
    assert formula["accountId"] == 815
    assert formula["active"] is True
    assert formula["debugLoggingEnabled"] is True
    (trigger,) = formula["triggers"]
    assert (trigger["name"], trigger["async"], trigger["onFailure"], trigger["properties"]) == ("trigger", True, [], {})
    work, ask = formula["steps"]
    assert (work["onFailure"], ask["onSuccess"], ask["properties"]) == ([], [], {"retry": "true"})
    (variable,) = formula["configuration"]
    assert variable["required"] is True
    parts = [trigger, work, ask, variable]
    assert len({each["id"] for each in parts}) == 4
    assert not {"method", "uri", "subFormulas"} & set(formula)
    assert api.get(f"/formulas/{formula['id']}/export").json()["name"] == "sync"
    assert emulator.violations == []


def test_html_is_stripped_from_names_on_every_write(api, formula):
    path = f"/formulas/{formula['id']}"
    assert api.post("/formulas", {"name": "<b>a</b>"}).json()["name"] == "a"
    assert api.put(path, {"name": "<i>b</i>"}).json()["name"] == "b"
    assert api.patch(path, {"name": "<i>c</i>"}).json()["name"] == "c"
    assert api.patch(path, {"name": "<i></i>"}).status_code == 400


def test_what_get_answers_can_be_put_back(api, emulator, formula):
    child = api.post("/formulas", {"name": "child"}).json()
    parent = api.post("/formulas", {"name": "parent", "steps": [call_step("call", child["id"])]}).json()
    path = f"/formulas/{parent['id']}"
    again = api.put(path, api.get(path).json()).json()
    dates = {"createdDate", "updatedDate"}
    assert {key: again[key] for key in set(again) - dates} == {key: parent[key] for key in set(parent) - dates}
    assert emulator.violations == []


def test_a_put_replaces_all_parts_and_gives_new_ids(api, formula):
    path = f"/formulas/{formula['id']}"
    again = api.put(path, TEMPLATE).json()
    assert again["id"] == formula["id"]
    assert {each["name"] for each in again["steps"]} == {"work", "ask"}
    assert not {each["id"] for each in again["steps"]} & {each["id"] for each in formula["steps"]}
    emptied = api.put(path, {"name": "sync"}).json()
    assert emptied["steps"] == emptied["triggers"] == emptied["configuration"] == []
    assert "description" not in emptied


def test_patch_changes_fields_only_and_answers_without_parts(api, lenient, formula):
    path = f"/formulas/{formula['id']}"
    slim = lenient.patch(path, {"active": False, "description": None, "steps": []}).json()
    assert slim["active"] is False
    assert not {"steps", "triggers", "configuration", "description"} & set(slim)
    assert [each["name"] for each in api.get(path).json()["steps"]] == ["work", "ask"]


def test_names_are_not_unique(api, formula):
    assert api.post("/formulas", TEMPLATE).json()["id"] != formula["id"]


def test_pages_of_200(api, emulator):
    ids = [emulator.seed.formula({"name": f"f{number}"})["id"] for number in range(450)]
    seen, token, sizes = [], "", []
    while token is not None:
        answer = api.get("/formulas", params={"nextPage": token})
        seen += [row["id"] for row in answer.json()]
        sizes.append(answer.headers["Elements-Returned-Count"])
        assert answer.headers["Elements-Total-Count"] == "450"
        token = answer.headers.get("Elements-Next-Page-Token")
    assert seen == ids
    assert sizes == ["200", "200", "50"]


def test_abridged_rows_have_no_steps(api, formula):
    (row,) = api.get("/formulas?abridged=true").json()
    assert "steps" not in row
    assert api.get("/formulas").json()[0]["steps"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("name='sync'", ["sync"]),
        ("name in ('sync','other')", ["sync", "other"]),
        ("name in ('sync', 'other') and active=true", ["sync", "other"]),
        ("name='sync' AND active='false'", []),
        ("name='Sync'", []),
    ],
)
def test_where(api, formula, where, expected):
    api.post("/formulas", {"name": "other"})
    assert [row["name"] for row in api.get("/formulas", params={"where": where}).json()] == expected


@pytest.mark.parametrize("where", ["name='it's'", "name like 'x'", "name in ()", "'"])
def test_a_condition_that_is_not_understood_is_400(api, where):
    assert api.get("/formulas", params={"where": where}).status_code == 400


def test_called_formulas_are_embedded_with_their_own(api):
    ids = {}
    ids["c"] = api.post("/formulas", {"name": "c"}).json()["id"]
    ids["b"] = api.post("/formulas", {"name": "b", "steps": [call_step("s", ids["c"])]}).json()["id"]
    parent = api.post("/formulas", {"name": "a", "steps": [call_step("s", str(ids["b"])), call_step("t", ids["b"])]})
    (embedded,) = parent.json()["subFormulas"]
    assert (embedded["id"], embedded["name"]) == (ids["b"], "b")
    assert [each["id"] for each in embedded["subFormulas"]] == [ids["c"]]
    rows = {row["name"]: row for row in api.get("/formulas").json()}
    assert rows["a"]["subFormulas"] == parent.json()["subFormulas"]
    assert "subFormulas" not in rows["c"]


def test_callable_by_leaves_out_what_would_close_a_circle(api):
    child = api.post("/formulas", {"name": "child"}).json()["id"]
    parent = api.post("/formulas", {"name": "parent", "steps": [call_step("s", child)]}).json()["id"]
    other = api.post("/formulas", {"name": "other"}).json()["id"]

    def callable_by(number):
        return [row["id"] for row in api.get("/formulas", params={"callableBy": number}).json()]

    assert callable_by(child) == [other]
    assert callable_by(parent) == [child, other]


def test_a_circle_of_formulas_ends_where_it_closes(api):
    one = api.post("/formulas", {"name": "one"}).json()["id"]
    two = api.post("/formulas", {"name": "two", "steps": [call_step("s", one)]}).json()["id"]
    answer = api.put(f"/formulas/{one}", {"name": "one", "steps": [call_step("s", two)]}).json()
    assert answer["subFormulas"][0]["subFormulas"] == []


def test_formulas_of_other_accounts_are_listed(api, emulator, formula):
    account = emulator.seed.subaccount("other")
    foreign = emulator.seed.formula({"name": "sync"}, account)
    assert foreign["accountId"] == account
    assert [row["accountId"] for row in api.get("/formulas").json()] == [formula["accountId"], account]


@pytest.mark.parametrize(
    ("kind", "body", "changed"),
    [
        ("steps", SCRIPT, {**SCRIPT, "description": "x"}),
        ("triggers", {"type": "manual"}, {"type": "scheduled", "properties": {"cron": "0 0 0/1 1/1 * ? *"}}),
        (
            "configuration",
            {"key": "k", "name": "n", "type": "value"},
            {"key": "k", "name": "m", "type": "value", "required": True},
        ),
    ],
)
def test_parts_by_id(api, kind, body, changed):
    path = f"/formulas/{api.post('/formulas', {'name': 'f'}).json()['id']}"
    made = api.post(f"{path}/{kind}", body).json()
    one = f"{path}/{kind}/{made['id']}"
    assert api.get(path).json()[kind] == [made]
    assert api.get(one).json() == made
    updated = api.put(one, changed).json()
    assert updated["id"] == made["id"]
    assert {key: updated[key] for key in changed} == changed
    assert api.delete(one).content == b""
    assert api.get(one).status_code == api.put(one, changed).status_code == api.delete(one).status_code == 404
    assert api.get(path).json()[kind] == []


def test_a_removed_step_is_forgotten_by_others(api, formula):
    """TEST formulas/steps.js."""
    path = f"/formulas/{formula['id']}"
    steps = {each["name"]: each["id"] for each in api.get(path + "/steps").json()}
    api.delete(f"{path}/steps/{steps['ask']}")
    assert api.get(path).json()["steps"][0]["onSuccess"] == []
    api.delete(f"{path}/steps/{steps['work']}")
    assert api.get(path).json()["triggers"][0]["onSuccess"] == []


def test_a_renamed_variable_is_renamed_where_it_is_used(api):
    """TEST formulas/config.js."""
    body = {
        "name": "f",
        "triggers": [{"type": "event", "properties": {"elementInstanceId": "${crm}"}}],
        "steps": [{"name": "s", "type": "request", "properties": {"api": "/x/${config.crm}/${crm2}"}}],
        "configuration": [{"key": "crm", "name": "CRM", "type": "elementInstance"}],
    }
    made = api.post("/formulas", body).json()
    path = f"/formulas/{made['id']}"
    variable = {"key": "source", "name": "CRM", "type": "elementInstance"}
    api.put(f"{path}/configuration/{made['configuration'][0]['id']}", variable)
    after = api.get(path).json()
    assert after["triggers"][0]["properties"] == {"elementInstanceId": "${source}"}
    assert after["steps"][0]["properties"] == {"api": "/x/${config.source}/${crm2}"}


def test_a_new_step_gets_the_old_script_engine_only_if_all_have_it(api):
    """TEST formulas/scripts.js."""
    old = {"name": "a", "type": "script", "properties": {"body": "return 1;", "scriptEngine": "v1"}}
    path = f"/formulas/{api.post('/formulas', {'name': 'f', 'steps': [old]}).json()['id']}/steps"
    assert api.post(path, {**SCRIPT, "name": "b"}).json()["properties"]["scriptEngine"] == "v1"
    newer = {"name": "c", "type": "script", "properties": {"body": "done();", "scriptEngine": "v2"}}
    api.post(path, newer)
    assert "scriptEngine" not in api.post(path, {**SCRIPT, "name": "d"}).json()["properties"]


def test_privileges(api, emulator, formula):
    """TEST organizations/rbac.js."""
    path = f"/formulas/{formula['id']}"
    emulator.switches.set("privileges", "-viewFormulas,-createFormulas,-editFormulas,-deleteFormulas")
    for method, target, body in (
        ("GET", "/formulas", None),
        ("GET", path, None),
        ("POST", "/formulas", TEMPLATE),
        ("PUT", path, TEMPLATE),
        ("PATCH", path, {"active": True}),
        ("DELETE", path, None),
        ("POST", path + "/steps", SCRIPT),
        ("DELETE", f"{path}/configuration/{formula['configuration'][0]['id']}", None),
    ):
        assert api.call(method, target, body).status_code == 403, (method, target)


def test_an_unknown_formula_is_404(api):
    for number in ("1", "9" * 30):
        assert api.get(f"/formulas/{number}").status_code == 404
        assert api.get(f"/formulas/{number}/export").status_code == 404
        assert api.delete(f"/formulas/{number}").status_code == 404
