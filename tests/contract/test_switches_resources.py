# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each switch of accounts, common resources and formulas changes what it says."""

from __future__ import annotations

import pytest

MAPPING = {"vendorName": "Lead", "fields": [{"path": "name", "vendorPath": "Name"}]}
VALUE = {"key": "secret", "name": "Secret", "type": "value"}
CLOSEIO = "/accounts/815/elements/closeio/transformations/contact"


@pytest.fixture
def switch(emulator):
    return emulator.switches.set


@pytest.fixture
def contact(emulator):
    return emulator.seed.definition("contact", [{"path": "name"}])


@pytest.fixture
def formula(emulator):
    return emulator.seed.formula({"name": "f", "configuration": [VALUE]})


def test_accounts_listed(api, emulator, switch):
    other = emulator.seed.subaccount("other")

    def shown():
        return [(row["id"], row["defaultAccount"]) for row in api.get("/accounts").json()]

    assert shown() == [(815, True), (other, False)]
    switch("accounts_listed", "own")
    assert shown() == [(815, True)]
    switch("accounts_listed", "other_default")
    assert shown() == [(815, False), (other, True)]
    switch("accounts_listed", "no_default")
    assert shown() == [(815, False), (other, False)]
    switch("accounts_listed", "refused")
    assert api.get("/accounts").status_code == 401


def test_role(api, switch):
    body = {"fields": []}
    for role, ignored in (("org-admin", []), ("admin", ["organizations"]), ("user", ["organizations", "accounts"])):
        switch("role", role)
        answers = {
            level: api.post(f"/{level}/objects/{role}/definitions", body) for level in ("organizations", "accounts")
        }
        assert [level for level, answer in answers.items() if "Elements-Error" in answer.headers] == ignored


def test_vdr_version(api, switch, contact):
    switch("vdr_version", "v1")
    assert api.get("/accounts/objects/contact/definitions").json()["level"] == "account"
    switch("vdr_version", "v2")
    assert "level" not in api.get("/accounts/objects/contact/definitions").json()


def test_vdr_endpoints(api, switch, contact):
    switch("vdr_endpoints", "missing")
    for path in ("/vdrs", "/vdrs/contact/export", "/common-resources", "/common-resources/contact/usages"):
        assert api.get(path).status_code == 404
    assert api.get("/accounts/objects/contact/definitions").status_code == 200


@pytest.mark.parametrize(
    ("value", "where_mapped", "element_map"),
    [("both", 400, 400), ("where_mapped", 400, 200), ("element_map", 200, 400), ("none", 200, 200)],
)
def test_refused_on_v2(api, emulator, switch, contact, value, where_mapped, element_map):
    emulator.seed.transformation("contact", "closeio", MAPPING, owner_id=815)
    switch("refused_on_v2", value)
    assert api.get("/organizations/objects/contact/transformations").status_code == where_mapped
    assert api.get("/accounts/815/elements/closeio/transformations").status_code == element_map


def test_level_refused(api, switch):
    switch("role", "admin")
    switch("level_refused", "403")
    assert api.post("/organizations/objects/contact/definitions", {"fields": []}).status_code == 403


def test_object_names(api, switch):
    path = "/accounts/objects/with%20space/definitions"
    switch("object_names", "strict")
    assert api.post(path, {"fields": []}).status_code == 400
    assert api.post("/accounts/objects/A-b_c&1/definitions", {"fields": []}).status_code == 200
    switch("object_names", "any")
    assert api.post(path, {"fields": []}).status_code == 200


@pytest.mark.parametrize(("value", "expected"), [("replace", {"age"}), ("merge", {"age", "name"})])
def test_definition_put(api, switch, contact, value, expected):
    switch("definition_put", value)
    answer = api.put("/accounts/objects/contact/definitions", {"fields": [{"path": "age"}]}).json()
    assert {field["path"] for field in answer["fields"]} == expected


@pytest.mark.parametrize(("value", "expected"), [("configured", 0), ("always", 1)])
def test_inherited_fields(api, emulator, switch, contact, value, expected):
    emulator.seed.definition("contact", [{"path": "name"}], "organization")
    emulator.seed.transformation("contact", "closeio", MAPPING, "organization")
    switch("inherited_fields", value)
    assert len(api.post(CLOSEIO, {"vendorName": "Lead"}).json()["fields"]) == expected


@pytest.mark.parametrize("status", [404, 400, 200])
def test_transformation_without_definition(api, switch, status):
    switch("transformation_without_definition", status)
    assert api.post(CLOSEIO, MAPPING).status_code == status


@pytest.mark.parametrize(("status", "name"), [(409, "Lead"), (200, "Other")])
def test_transformation_twice(api, switch, contact, status, name):
    switch("transformation_twice", status)
    api.post(CLOSEIO, MAPPING)
    assert api.post(CLOSEIO, {**MAPPING, "vendorName": "Other"}).status_code == status
    assert api.get(CLOSEIO).json()["vendorName"] == name


@pytest.mark.parametrize(("value", "status", "count"), [("refused", 400, 0), ("dropped", 200, 1), ("kept", 200, 2)])
def test_unmapped_path(api, switch, contact, value, status, count):
    switch("unmapped_path", value)
    fields = [*MAPPING["fields"], {"path": "nowhere", "vendorPath": "x"}]
    answer = api.post(CLOSEIO, {**MAPPING, "fields": fields})
    assert answer.status_code == status
    assert len(answer.json().get("fields", ())) == count


@pytest.mark.parametrize(("value", "expected"), [("replace", ["age"]), ("merge", ["age", "name"])])
def test_vdr_import(api, switch, contact, value, expected):
    switch("vdr_import", value)
    document = api.get("/vdrs/contact/export").json()
    document["definition"]["fields"] = [{"path": "age", "type": "int", "level": "account", "displayName": ""}]
    answer = api.put("/vdrs/import", document).json()
    assert [field["path"] for field in answer["definition"]["fields"]] == expected


@pytest.mark.parametrize(("value", "expected"), [("scripts", "several();"), ("script", "one();")])
def test_import_script(api, emulator, switch, contact, value, expected):
    switch("import_script", value)
    emulator.seed.transformation("contact", "closeio", {"vendorName": "Lead", "script": {"body": "x"}}, owner_id=815)
    document = api.get("/vdrs/contact/export").json()
    mapped = document["transformation"]["closeio"]
    mapped["script"]["body"] = "one();"
    mapped["scripts"] = [{**mapped["script"], "body": "several();"}]
    assert api.put("/vdrs/import", document).json()["transformation"]["closeio"]["script"]["body"] == expected


def test_vdr_pages(api, emulator, switch):
    for number in range(3):
        emulator.seed.definition(f"object{number}", [])
    assert len(api.get("/vdrs?pageSize=2").json()) == 3
    switch("vdr_pages", "true")
    first = api.get("/vdrs?pageSize=2")
    token = first.headers["Elements-Next-Page-Token"]
    rows = [*first.json(), *api.get("/vdrs", params={"nextPage": token}).json()]
    assert [row["objectName"] for row in rows] == ["object0", "object1", "object2"]


def test_empty_vdrs(api, switch):
    assert api.get("/vdrs").status_code == 404
    switch("empty_vdrs", 200)
    assert api.get("/vdrs").json() == []


def test_foreign_formulas(api, emulator, switch):
    foreign = emulator.seed.formula({"name": "f"}, emulator.seed.subaccount("other"))
    path = f"/formulas/{foreign['id']}"
    assert len(api.get("/formulas").json()) == 1
    assert api.get(path).status_code == 200
    switch("foreign_formulas", "hidden")
    assert api.get("/formulas").json() == []
    assert api.get(path).status_code == api.delete(path).status_code == 404


def test_formula_names(api, switch, formula):
    switch("formula_names", "unique")
    assert api.post("/formulas", {"name": "f"}).status_code == 409
    assert api.put(f"/formulas/{formula['id']}", {"name": "f", "configuration": [VALUE]}).status_code == 200
    assert api.post("/formulas", {"name": "g"}).status_code == 200


def test_formula_engine(api, switch, formula):
    path = f"/formulas/{formula['id']}"
    assert "engine" not in api.get(path).json()
    switch("formula_engine", "v3")
    assert api.get(path).json()["engine"] == "v3"


@pytest.mark.parametrize(("value", "count"), [("replace", 0), ("merge", 1)])
def test_formula_put(api, switch, formula, value, count):
    switch("formula_put", value)
    assert len(api.put(f"/formulas/{formula['id']}", {"name": "g"}).json()["configuration"]) == count


@pytest.mark.parametrize(("value", "kept"), [("new", False), ("kept", True)])
def test_step_ids(api, switch, formula, value, kept):
    switch("step_ids", value)
    answer = api.put(f"/formulas/{formula['id']}", {"name": "f", "configuration": [VALUE]}).json()
    assert (answer["configuration"][0]["id"] == formula["configuration"][0]["id"]) is kept


@pytest.mark.parametrize(("value", "expected"), [("text", ["500", "true"]), ("kept", [500, True])])
def test_step_properties(api, switch, value, expected):
    switch("step_properties", value)
    properties = {"retryDelay": 500, "retry": True}
    step = {"name": "s", "type": "elementRequest", "properties": properties}
    answer = api.post("/formulas", {"name": "f", "steps": [step]}).json()
    assert list(answer["steps"][0]["properties"].values()) == expected


@pytest.mark.parametrize(("value", "status"), [("accepted", 200), ("refused", 400)])
def test_missing_subformula(api, switch, formula, value, status):
    switch("missing_subformula", value)
    step = {"name": "s", "type": "formula", "properties": {"formulaId": "999999"}}
    assert api.post("/formulas", {"name": "g", "steps": [step]}).status_code == status
    known = {**step, "properties": {"formulaId": formula["id"]}}
    assert api.post("/formulas", {"name": "h", "steps": [known]}).status_code == 200


@pytest.mark.parametrize("status", [409, 400, 200])
def test_formula_in_use(api, emulator, switch, formula, status):
    switch("formula_in_use", status)
    emulator.seed.formula_instance(formula["id"], {"name": "i"})
    assert api.delete(f"/formulas/{formula['id']}").status_code == status
    assert len(api.get("/formulas/instances").json()) == (0 if status == 200 else 1)


@pytest.mark.parametrize("status", [409, 400, 200])
def test_variable_in_use(api, emulator, switch, formula, status):
    switch("variable_in_use", status)
    emulator.seed.formula_instance(formula["id"], {"name": "i"})
    assert api.put(f"/formulas/{formula['id']}", {"name": "f"}).status_code == status


@pytest.mark.parametrize(("value", "status"), [("checked", 400), ("unchecked", 200)])
def test_formula_instance_configuration(api, emulator, switch, value, status):
    switch("formula_instance_configuration", value)
    variable = {"key": "crm", "name": "CRM", "type": "elementInstance", "required": True}
    path = f"/formulas/{emulator.seed.formula({'name': 'f', 'configuration': [variable]})['id']}/instances"
    for configuration in ({}, {"crm": "1"}):
        assert api.post(path, {"name": "i", "configuration": configuration}).status_code == status


@pytest.mark.parametrize(("value", "active", "count"), [("replace", True, 0), ("merge", False, 1)])
def test_formula_instance_put(api, emulator, switch, formula, value, active, count):
    switch("formula_instance_put", value)
    body = {"name": "i", "active": False, "configuration": {"secret": "s"}, "settings": {"notification.email": "a@b.c"}}
    made = emulator.seed.formula_instance(formula["id"], body)
    answer = api.put(f"/formulas/{formula['id']}/instances/{made['id']}", {"name": "i"}).json()
    assert (answer["active"], len(answer["configuration"]), len(answer.get("settings", ()))) == (active, count, count)


@pytest.mark.parametrize(("value", "count"), [("hidden", 0), ("shown", 1)])
def test_inactive_formula_instances(api, emulator, switch, formula, value, count):
    switch("inactive_formula_instances", value)
    emulator.seed.formula_instance(formula["id"], {"name": "i", "active": False})
    assert len(api.get("/formulas/instances").json()) == count


def test_formula_mask(api, emulator, switch, formula):
    switch("formula_mask", "values")
    made = emulator.seed.formula_instance(formula["id"], {"name": "i", "configuration": {"secret": "s", "other": "o"}})
    path = f"/formulas/{formula['id']}/instances/{made['id']}"
    masked = {"secret": "********", "other": "o"}
    assert api.get(path).json()["configuration"] == masked
    for written, kept in (("ignored", "s"), ("literal", "********")):
        switch("formula_mask", "values")
        switch("mask_written", written)
        api.put(path, {"name": "i", "configuration": masked})
        switch("formula_mask", "none")
        assert api.get(path).json()["configuration"]["secret"] == kept


def test_empty_formulas(api, switch):
    assert api.get("/formulas").json() == []
    switch("empty_formulas", 404)
    assert api.get("/formulas").status_code == 404


def test_trailing_pages_of_formulas_are_empty(api, emulator, switch, formula):
    switch("trailing_page", "empty_404")
    token = api.get("/formulas").headers["Elements-Next-Page-Token"]
    last = api.get("/formulas", params={"nextPage": token})
    assert (last.status_code, last.json()) == (200, [])
    assert "Elements-Next-Page-Token" not in last.headers
