# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/vdrs, /common-resources, and what a role may not write."""

from __future__ import annotations

import pytest

MAPPING = {"vendorName": "Lead", "fields": [{"path": "name", "vendorPath": "Name"}]}


@pytest.fixture
def instance(emulator):
    return emulator.create("closeio")["id"]


@pytest.fixture
def fields(instance):
    return [
        {"path": "name", "type": "string", "level": "organization"},
        {"path": "name", "type": "string", "level": "account"},
        {"path": "age", "type": "int", "level": "account"},
        {"path": "local", "level": "instance", "associatedId": instance},
    ]


@pytest.fixture
def vdr(api, fields):
    return api.post("/vdrs", {"objectName": "contact", "description": "People", "fields": fields}).json()


def levels(answer, key="level"):
    return {(field["path"], field[key]) for field in answer["fields"]}


ALL = {("name", "organization"), ("name", "account"), ("age", "account"), ("local", "instance")}


def test_a_vdr_holds_all_levels_of_a_name(api, emulator, vdr, instance):
    assert levels(vdr) == ALL
    assert len({field["id"] for field in vdr["fields"]}) == 4
    (local,) = [field for field in vdr["fields"] if field["path"] == "local"]
    assert (local["associatedId"], local["type"]) == (instance, "string")
    assert api.get(f"/vdrs/{vdr['id']}").json() == vdr
    assert api.get("/vdrs").json() == [vdr]
    account = api.get("/accounts/objects/contact/definitions").json()
    assert levels(account) == {("name", "account"), ("age", "account")}
    assert (account["id"], account["description"]) == (vdr["id"], "People")
    assert api.post("/vdrs", {"objectName": "contact", "fields": []}).status_code == 409
    assert emulator.violations == []


def test_other_accounts_do_not_show(api, emulator, vdr):
    other = emulator.seed.subaccount("other")
    emulator.seed.definition("contact", [{"path": "theirs"}], owner_id=other)
    emulator.seed.definition("alien", [{"path": "theirs"}], owner_id=other)
    assert [levels(row) for row in api.get("/vdrs").json()] == [ALL]
    assert [row["name"] for row in api.get("/common-resources").json()] == ["contact"]


def test_where(api, emulator, vdr):
    emulator.seed.definition("other", [{"path": "a"}])
    where = "objectName in ('contact','nope')"
    assert [row["objectName"] for row in api.get("/vdrs", params={"where": where}).json()] == ["contact"]
    assert api.get("/vdrs?systemOnly=true").status_code == 404


def test_put_renames_by_field_id_and_mappings_follow(api, emulator, vdr, fields):
    """TEST vdrs.js."""
    emulator.seed.transformation("contact", "closeio", MAPPING, owner_id=815)
    (named,) = [field for field in vdr["fields"] if (field["path"], field["level"]) == ("name", "account")]
    body = {"objectName": "contact", "fields": [{"id": named["id"], "path": "full", "level": "account"}, fields[0]]}
    changed = api.put(f"/vdrs/{vdr['id']}", body).json()
    assert levels(changed) == {("full", "account"), ("name", "organization")}
    assert [field["id"] for field in changed["fields"] if field["path"] == "full"] == [named["id"]]
    mapped = api.get("/accounts/815/elements/closeio/transformations/contact").json()
    assert [row["path"] for row in mapped["fields"]] == ["full"]


def test_put_renames_a_vdr(api, vdr, fields):
    assert api.put(f"/vdrs/{vdr['id']}", {"objectName": "person", "fields": fields}).json()["objectName"] == "person"
    assert api.get("/accounts/objects/contact/definitions").status_code == 404
    assert api.get("/accounts/objects/person/definitions").status_code == 200


def test_a_deleted_vdr_is_404(api, emulator, vdr):
    emulator.seed.transformation("contact", "closeio", MAPPING, owner_id=815)
    path = f"/vdrs/{vdr['id']}"
    assert api.delete(path).content == b""
    assert api.get(path).status_code == api.delete(path).status_code == 404
    assert api.get("/accounts/815/elements/closeio/transformations/contact").status_code == 404


def test_one_transformation_for_all_levels(api, emulator, vdr):
    (named,) = [field for field in vdr["fields"] if (field["path"], field["level"]) == ("name", "organization")]
    path = f"/vdrs/{vdr['id']}/transformations"
    assert api.get(path).json() == []
    body = {
        "elementKey": "closeio",
        "vendorName": "Lead",
        "fields": [
            {"vdrFieldId": named["id"], "vendorPath": "Name", "level": "organization"},
            {"path": "age", "vendorPath": "Age", "level": "account"},
        ],
        "configuration": [{"type": "inherit", "level": "account"}],
        "script": {"body": "done();", "level": "organization"},
    }
    made = api.post(path, body).json()
    assert made["elementKey"] == "closeio"
    assert levels(made) == {("name", "organization"), ("age", "account")}
    assert (made["script"]["level"], made["configuration"]) == (
        "organization",
        [{"type": "inherit", "level": "account"}],
    )
    assert api.get(f"{path}/{made['id']}").json() == made
    assert api.get(path).json() == [made]
    assert api.post(path, body).status_code == 409
    for level in ("organizations", "accounts/815"):
        assert api.get(f"/{level}/elements/closeio/transformations/contact").json()["id"] == made["id"]
    fewer = api.put(f"{path}/{made['id']}", {**body, "fields": body["fields"][1:], "script": None}).status_code
    assert fewer == 400
    del body["script"]
    fewer = api.put(f"{path}/{made['id']}", {**body, "fields": body["fields"][1:]}).json()
    assert levels(fewer) == {("age", "account")}
    assert api.delete(f"{path}/{made['id']}").status_code == 200
    assert api.get(f"{path}/{made['id']}").status_code == 404
    assert emulator.violations[1:] == []


@pytest.mark.parametrize(
    ("role", "kept", "dropped"),
    [
        ("admin", {("name", "account"), ("age", "account"), ("local", "instance")}, "organization"),
        ("user", {("local", "instance")}, "account, organization"),
    ],
)
def test_levels_that_the_role_may_not_write_are_dropped_with_200(api, emulator, fields, role, kept, dropped):
    """TEST vdrs.js: four fields sent, three or two kept, and a header."""
    emulator.switches.role = role
    answer = api.post("/vdrs", {"objectName": "contact", "fields": fields})
    assert answer.status_code == 200
    assert "ignored" in answer.headers["Elements-Error"]
    assert dropped in answer.headers["Elements-Error"]
    assert levels(answer.json()) == kept


def test_put_and_delete_drop_levels_with_200_too(api, emulator, vdr, fields):
    emulator.switches.role = "admin"
    answer = api.put(f"/vdrs/{vdr['id']}", {"objectName": "contact", "fields": [{"path": "x", "level": "account"}]})
    assert "ignored" in answer.headers["Elements-Error"]
    assert levels(answer.json()) == {("x", "account"), ("name", "organization")}
    gone = api.delete(f"/vdrs/{vdr['id']}")
    assert (gone.status_code, "ignored" in gone.headers["Elements-Error"]) == (200, True)
    assert levels(api.get(f"/vdrs/{vdr['id']}").json()) == {("name", "organization")}


def test_calls_of_a_level_that_may_not_be_written(api, emulator, vdr):
    """On v2 200 with the header and nothing done; on v1 403 (ASSUMED)."""
    emulator.seed.transformation("contact", "closeio", MAPPING, "organization")
    emulator.switches.role = "admin"
    body = {"fields": [{"path": "x"}]}
    calls = [
        ("POST", "/organizations/objects/new/definitions", body),
        ("POST", "/organizations/objects/definitions", {"new": body}),
        ("PUT", "/organizations/objects/contact/definitions", body),
        ("PATCH", "/organizations/objects/contact", {"objectName": "new"}),
        ("PUT", "/organizations/elements/closeio/transformations/contact", MAPPING | {"vendorName": "other"}),
        ("DELETE", "/organizations/elements/closeio/transformations/contact", None),
        ("DELETE", "/organizations/elements/closeio/transformations", None),
    ]
    before = api.get("/vdrs/contact/export").json()
    for method, path, sent in calls:
        answer = api.call(method, path, sent)
        assert answer.status_code == 200, (method, path)
        assert "ignored" in answer.headers["Elements-Error"]
    assert api.get("/vdrs/contact/export").json() == before
    assert "Elements-Error" not in api.put("/accounts/objects/contact/definitions", body).headers
    emulator.switches.vdr_version = "v1"
    for method, path, sent in calls:
        assert api.call(method, path, sent).status_code == 403, (method, path)


def test_another_account_needs_the_organizations_admin(api, emulator):
    other = emulator.seed.subaccount("other")
    path = f"/accounts/{other}/objects/contact/definitions"
    emulator.switches.role = "admin"
    assert "ignored" in api.post(path, {"fields": []}).headers["Elements-Error"]
    emulator.switches.role = "org-admin"
    assert "Elements-Error" not in api.post(path, {"fields": []}).headers


def test_an_export_has_no_ids_and_no_instances(api, emulator, vdr):
    emulator.seed.transformation("contact", "closeio", MAPPING | {"script": {"body": "done();"}}, "organization")
    emulator.seed.transformation("contact", "closeio", MAPPING | {"script": {"body": "own();"}}, owner_id=815)
    document = api.get("/vdrs/contact/export").json()
    assert (document["vdrName"], document["vdrVersion"]) == ("contact", "v2")
    assert (document["definition"]["description"], document["definition"]["vdrShared"]) == ("People", False)
    assert [(row["path"], row["level"]) for row in document["definition"]["fields"]] == sorted(
        ALL - {("local", "instance")}
    )
    mapped = document["transformation"]["closeio"]
    assert mapped["elementKey"] == "closeio"
    assert [each["level"] for each in mapped["scripts"]] == ["account", "organization"]
    assert mapped["script"] == mapped["scripts"][0]
    assert '"id"' not in api.get("/vdrs/contact/export").text
    assert api.get("/vdrs/nope/export").status_code == 404


def test_an_export_can_be_imported(api, emulator, vdr):
    emulator.seed.transformation("contact", "closeio", MAPPING | {"script": {"body": "done();"}}, owner_id=815)
    document = api.get("/vdrs/contact/export").json()
    assert api.put("/vdrs/import", document).json() == document
    assert levels(api.get(f"/vdrs/{vdr['id']}").json()) == ALL
    api.delete(f"/vdrs/{vdr['id']}")
    again = api.put("/vdrs/import", document).json()
    dates = {"createdDate": None}
    assert again | {"definition": again["definition"] | dates} == document | {
        "definition": document["definition"] | dates
    }
    assert emulator.violations == []


def test_an_import_for_an_unknown_element_writes_nothing(api, vdr):
    document = api.get("/vdrs/contact/export").json()
    document["definition"]["objectName"] = "new"
    document["transformation"] = {"nope": {"elementKey": "nope", "vendorName": "x"}}
    assert api.put("/vdrs/import", document).status_code == 404
    assert len(api.get("/vdrs").json()) == 1


def test_vdrs_are_refused_on_v1(api, emulator, vdr):
    emulator.switches.vdr_version = "v1"
    for path in ("/vdrs", f"/vdrs/{vdr['id']}", "/vdrs/contact/export"):
        assert api.get(path).status_code == 400


@pytest.mark.parametrize("engine", ["v1", "v2"])
def test_common_resources(api, emulator, vdr, instance, engine):
    """TEST commonResources.js."""
    emulator.switches.vdr_version = engine
    emulator.seed.transformation("contact", "", MAPPING, "instance", instance)
    (row,) = api.get("/common-resources").json()
    assert row == api.get("/common-resources/contact").json()
    assert levels(row, "associatedLevel") == ALL
    assert {field["associatedId"] for field in row["fields"]} == {42, 815, instance}
    element = emulator.instances[0]["elementId"]
    assert (row["elementInstanceIds"], row["mappedElementIds"]) == ([instance], [element])
    emulator.seed.definition("taken", [{"path": "a"}])
    assert api.patch("/common-resources/contact", {"name": "taken"}).status_code == 409
    assert api.patch("/common-resources/contact", {"name": "person"}).json()["name"] == "person"
    assert api.get("/common-resources/contact").status_code == 404
    assert api.get(f"/instances/{instance}/transformations/person").status_code == 200
    assert api.delete("/common-resources/person").status_code == 409
    assert api.delete("/common-resources/person?force=true").content == b""
    assert api.get("/common-resources/person").status_code == 404
    assert api.get(f"/instances/{instance}/transformations").status_code == 404
    assert api.delete("/common-resources/taken").status_code == 200
    assert api.get("/common-resources").json() == []


def test_common_resources_are_put_by_name(api, emulator):
    body = {"name": "contact", "fields": [{"path": "name", "type": "string", "associatedLevel": "account"}]}
    assert levels(api.put("/common-resources", body).json(), "associatedLevel") == {("name", "account")}
    emulator.seed.transformation("contact", "closeio", MAPPING, owner_id=815)
    renamed = {"path": "full", "type": "string", "associatedLevel": "account"}
    changed = [{**renamed, "oldPath": "name"}]
    api.put("/common-resources", {"name": "contact", "fields": [renamed], "changedFields": changed})
    mapped = api.get("/accounts/815/elements/closeio/transformations/contact").json()
    assert [row["path"] for row in mapped["fields"]] == ["full"]
    assert api.put("/common-resources", {"name": "empty", "fields": []}).json()["fields"] == []
    assert api.get("/common-resources/empty").status_code == 200
    assert emulator.violations == []


def test_usages_count_steps_whose_api_has_the_name_as_a_segment(api, emulator, vdr):
    steps = [
        {"name": str(number), "type": "request", "properties": {"api": path}}
        for number, path in enumerate(("/hubs/crm/contact", "/contact/{id}", "/contacts", "/x"))
    ]
    formula = emulator.seed.formula({"name": "sync", "steps": steps})
    emulator.seed.formula({"name": "other"})
    assert api.get("/common-resources/contact/usages").json() == {
        "formulaUsages": [{"formulaName": "sync", "formulaId": formula["id"], "usageCount": 2}]
    }
    assert api.get("/common-resources/nope/usages").status_code == 404
