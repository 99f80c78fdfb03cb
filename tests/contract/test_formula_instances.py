# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formula instances, and what they hold."""

from __future__ import annotations

import pytest

VARIABLES = [
    {"key": "crm", "name": "CRM", "type": "elementInstance", "required": True},
    {"key": "limit", "name": "Limit", "type": "value"},
]


@pytest.fixture
def element_instance(emulator):
    return emulator.create()["id"]


@pytest.fixture
def formula(api):
    return api.post("/formulas", {"name": "sync", "configuration": VARIABLES}).json()


@pytest.fixture
def path(formula):
    return f"/formulas/{formula['id']}/instances"


@pytest.fixture
def made(api, path, element_instance):
    body = {"name": "<b>nightly</b>", "configuration": {"crm": element_instance, "limit": "5"}}
    return api.post(path, body).json()


def test_create_and_read(api, emulator, path, formula, made, element_instance):
    assert (made["name"], made["active"]) == ("nightly", True)
    assert made["configuration"] == {"crm": element_instance, "limit": "5"}
    assert "settings" not in made
    assert made["formula"]["id"] == formula["id"]
    assert made["formula"]["configuration"] == formula["configuration"]
    for where in (f"{path}/{made['id']}", f"/formulas/instances/{made['id']}"):
        assert api.get(where).json() == made
    assert api.get(path).json() == api.get("/formulas/instances").json() == [made]
    assert api.put(f"{path}/{made['id']}", made).status_code == 200
    assert emulator.violations == []


def test_an_empty_list_is_200(api, path):
    assert api.get(path).json() == api.get("/formulas/instances").json() == []


def test_names_are_not_unique(api, path, made):
    """TEST formulas/instances.js creates two of one body."""
    again = api.post(path, {"name": made["name"], "configuration": made["configuration"]}).json()
    assert again["id"] != made["id"]


def test_put_replaces(api, path, made, element_instance):
    one = f"{path}/{made['id']}"
    configuration = {"crm": str(element_instance)}
    settings = {"notification.email": "a@example.com"}
    body = {"name": "other", "active": False, "configuration": configuration, "settings": settings}
    updated = api.put(one, body).json()
    assert {key: updated[key] for key in body} == body
    replaced = api.put(one, {"name": "other", "configuration": configuration}).json()
    assert replaced["active"] is True
    assert "settings" not in replaced


def test_activate_and_deactivate(api, path, made):
    one = f"{path}/{made['id']}"
    assert api.delete(one + "/active").content == b""
    assert api.get(one).json()["active"] is False
    assert api.put(one + "/active").status_code == 200
    assert api.get(one).json()["active"] is True
    assert api.put(f"{path}/1/active").status_code == api.delete(f"{path}/1/active").status_code == 404
    assert api.put(f"/formulas/1/instances/{made['id']}/active").status_code == 404


def test_inactive_ones_only_show_if_they_are_asked_for(api, path, made):
    api.delete(f"{path}/{made['id']}/active")
    assert api.get("/formulas/instances").json() == []
    assert len(api.get("/formulas/instances?includeInactive=true").json()) == 1
    assert len(api.get(path).json()) == 1


def test_search(api, path, made, element_instance):
    other = api.post(path, {"name": "hourly", "configuration": {"crm": element_instance}}).json()

    def found(query):
        return [row["id"] for row in api.get(f"/formulas/instances?{query}").json()]

    assert found("searchText=our") == [other["id"]]
    assert found("searchText=ly") == found(f"elementInstanceId={element_instance}") == [made["id"], other["id"]]
    assert found("elementInstanceId=5") == []
    assert found("elementInstanceId=" + "1" * 40) == []


def test_pages(api, emulator, formula, path, element_instance):
    body = {"name": "i", "configuration": {"crm": element_instance}}
    ids = [emulator.seed.formula_instance(formula["id"], body)["id"] for _dummy in range(250)]
    first = api.get(path)
    assert first.headers["Elements-Total-Count"] == "250"
    second = api.get(path, params={"nextPage": first.headers["Elements-Next-Page-Token"]})
    assert [row["id"] for row in first.json() + second.json()] == ids
    assert "Elements-Next-Page-Token" not in second.headers


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [({}, "crm is required"), ({"crm": "1"}, "crm is not the ID"), ({"crm": "x"}, "crm is not the ID")],
)
def test_configuration_is_checked(api, path, configuration, expected):
    answer = api.post(path, {"name": "i", "configuration": configuration})
    assert answer.status_code == 400
    assert expected in answer.json()["message"]
    assert api.get(path).json() == []


def test_a_trigger_that_names_a_missing_step_is_refused_here(api):
    """TEST formulas/formulas.js: the template is accepted."""
    body = {"name": "f", "triggers": [{"type": "manual", "onSuccess": ["nowhere"]}]}
    path = f"/formulas/{api.post('/formulas', body).json()['id']}/instances"
    answer = api.post(path, {"name": "i"})
    assert answer.status_code == 400
    assert "nowhere" in answer.json()["message"]


@pytest.mark.parametrize("api_setting", ["/mine", "GET mine", "FETCH /mine", "GET /instances", 5])
def test_a_wrong_api_in_the_settings_is_400(api, api_setting):
    path = f"/formulas/{api.post('/formulas', {'name': 'f'}).json()['id']}/instances"
    assert api.post(path, {"name": "i", "settings": {"api": api_setting}}).status_code == 400
    assert api.post(path, {"name": "i", "settings": {"api": "GET /mine"}}).status_code == 200


def test_an_element_instance_is_held_until_the_formula_instance_goes(api, path, made, element_instance):
    """CODE of the public command line client; formulas/instances.js for the list."""
    response = api.delete(f"/instances/{element_instance}")
    assert response.status_code == 409
    assert f"nightly ({made['id']})" in response.json()["message"]
    assert api.delete(f"/formulas/instances/{made['id']}").status_code == 200
    assert api.delete(f"/instances/{element_instance}").status_code == 200


def test_a_plain_value_holds_no_element_instance(api, element_instance):
    body = {"name": "f", "configuration": [{"key": "n", "name": "n", "type": "value"}]}
    path = f"/formulas/{api.post('/formulas', body).json()['id']}/instances"
    api.post(path, {"name": "i", "configuration": {"n": str(element_instance)}})
    assert api.delete(f"/instances/{element_instance}").status_code == 200


def test_a_template_with_instances_can_neither_go_nor_lose_a_variable(api, formula, path, made):
    """DOC build-template."""
    template = f"/formulas/{formula['id']}"
    variable = f"{template}/configuration/{formula['configuration'][1]['id']}"
    shorter = {"name": "sync", "configuration": VARIABLES[:1]}
    for answer in (api.delete(template), api.delete(variable), api.put(template, shorter)):
        assert answer.status_code == 409
        assert f"nightly ({made['id']})" in answer.json()["message"]
    assert api.put(template, {"name": "sync", "configuration": VARIABLES}).status_code == 200
    assert api.delete(f"{path}/{made['id']}").status_code == 200
    assert api.put(template, shorter).status_code == 200
    assert api.delete(template).status_code == 200


def test_instances_of_an_account(api, emulator, formula, path, made):
    account = emulator.seed.subaccount("other")
    assert api.get(f"/accounts/815{path}").json() == [made]
    assert api.get(f"/accounts/{account}{path}").json() == []
    assert api.get(f"/accounts/1{path}").status_code == 404


def test_privileges(api, emulator, path, made):
    emulator.switches.set("privileges", "-createFormulaInstances")
    one = f"{path}/{made['id']}"
    for method, target, body in (("POST", path, made), ("PUT", one, made), ("PUT", one + "/active", None)):
        assert api.call(method, target, body).status_code == 403
    assert api.get(one).status_code == 200


def test_what_is_not_there_is_404(api, path, made):
    other = f"/formulas/{api.post('/formulas', {'name': 'f'}).json()['id']}/instances/{made['id']}"
    for target in (f"{path}/1", "/formulas/instances/1", "/formulas/instances/" + "1" * 40, other):
        assert api.get(target).status_code == api.delete(target).status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": 1}, {"name": "i", "configuration": []}, {"name": "i", "active": "no"}])
def test_another_shape_is_400_where_not_strict_too(lenient, path, body):
    assert lenient.post(path, body).status_code == 400
