# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object definitions at the three levels, on both engines."""

from __future__ import annotations

from urllib.parse import quote

import pytest

FIELDS = [{"path": "name", "type": "string"}, {"path": "address.city"}]
BODY = {"fields": FIELDS}
LEVELS = ["organizations", "accounts", "accounts/{account}", "instances/{instance}"]


@pytest.fixture(params=["v1", "v2"])
def engine(request, emulator):
    emulator.switches.vdr_version = request.param
    return request.param


@pytest.fixture(params=LEVELS)
def level(request, emulator):
    return "/" + request.param.replace("{account}", "815").replace("{instance}", str(emulator.create()["id"]))


def paths(answer):
    return {(field["path"], field["type"]) for field in answer["fields"]}


def test_crud(api, emulator, engine, level):
    one = f"{level}/objects/contact/definitions"
    assert api.get(one).status_code == 404
    assert api.get(f"{level}/objects/definitions").status_code == 404
    made = api.post(one, BODY)
    assert made.status_code == 200
    assert paths(made.json()) == {("name", "string"), ("address.city", "string")}
    assert api.get(one).json() == made.json()
    assert api.get(f"{level}/objects/definitions").json() == {"contact": made.json()}
    assert api.post(one, BODY).status_code == 409
    replaced = api.put(one, {"fields": [{"path": "name", "type": "int"}, {"path": "mail"}]}).json()
    assert paths(replaced) == {("name", "int"), ("mail", "string")}
    assert replaced["id"] == made.json()["id"]
    assert api.delete(one).content == b""
    assert api.delete(one).status_code == api.put(one, BODY).status_code == api.get(one).status_code == 404
    assert emulator.violations == []


def test_the_level_is_at_the_root_on_v1_and_on_each_field_on_v2(api, emulator):
    body = {"description": "People", "fields": [{"path": "name", "displayName": "Full name"}, {"path": "age"}]}
    api.post("/accounts/objects/contact/definitions", body)
    two = api.get("/accounts/objects/contact/definitions").json()
    assert two["description"] == "People"
    assert {(each["path"], each["level"], each["displayName"]) for each in two["fields"]} == {
        ("name", "account", "Full name"),
        ("age", "account", ""),
    }
    assert len({each["id"] for each in two["fields"]}) == 2
    assert "level" not in two
    emulator.switches.vdr_version = "v1"
    one = api.get("/accounts/objects/contact/definitions").json()
    assert one["level"] == "account"
    assert sorted(map(str, one["fields"])) == sorted(
        map(str, ({"path": "name", "type": "string"}, {"path": "age", "type": "string"}))
    )


def test_descriptions_are_only_kept_by_v2(api, emulator):
    emulator.switches.vdr_version = "v1"
    body = {"description": "People", "fields": [{"path": "name", "displayName": "Full name"}]}
    assert set(api.post("/accounts/objects/contact/definitions", body).json()) == {
        "id",
        "objectName",
        "level",
        "fields",
    }
    emulator.switches.vdr_version = "v2"
    shown = api.get("/accounts/objects/contact/definitions").json()
    assert "description" not in shown
    assert shown["fields"][0]["displayName"] == ""


def test_levels_are_apart(api, emulator, engine):
    for level in ("organizations", "accounts"):
        api.post(f"/{level}/objects/contact/definitions", {"fields": [{"path": level}]})
    for level in ("organizations", "accounts"):
        assert paths(api.get(f"/{level}/objects/contact/definitions").json()) == {(level, "string")}
    api.delete("/organizations/objects/contact/definitions")
    assert api.get("/accounts/objects/contact/definitions").status_code == 200


def test_the_id_less_account_is_the_callers(api, emulator, engine):
    other = emulator.seed.subaccount("other")
    api.post("/accounts/objects/contact/definitions", BODY)
    assert api.get("/accounts/815/objects/contact/definitions").status_code == 200
    assert api.get(f"/accounts/{other}/objects/contact/definitions").status_code == 404
    assert api.post(f"/accounts/{other}/objects/contact/definitions", BODY).status_code == 200
    assert api.get("/accounts/1/objects/contact/definitions").json()["message"] == "No account found with ID 1"


def test_the_id_less_instance_is_the_tokens(api, emulator, engine):
    instance = emulator.create()
    auth = api.header(token=instance["token"])
    path = "/instances/objects/contact/definitions"
    assert api.post(path, BODY, auth=auth).status_code == 200
    assert api.get(f"/instances/{instance['id']}/objects/contact/definitions").json() == api.get(path, auth=auth).json()
    assert set(api.get("/instances/objects/definitions", auth=auth).json()) == {"contact"}
    assert api.get(path).status_code == 401


def test_an_instance_lists_all_levels_but_reads_only_its_own(api, emulator, engine):
    """SWG: the list is of what could map to the instance."""
    number = emulator.create()["id"]
    emulator.seed.definition("everywhere", FIELDS, "organization")
    emulator.seed.definition("account", FIELDS)
    emulator.seed.definition("own", FIELDS, "instance", number)
    assert set(api.get(f"/instances/{number}/objects/definitions").json()) == {"everywhere", "account", "own"}
    assert api.get(f"/instances/{number}/objects/account/definitions").status_code == 404
    assert api.get(f"/instances/{number}/objects/own/definitions").status_code == 200


def test_several_at_once(api, engine):
    body = {"a": BODY, "b": BODY}
    assert set(api.post("/accounts/objects/definitions", body).json()) == {"a", "b"}
    assert api.post("/accounts/objects/definitions", {"c": BODY, "a": BODY}).status_code == 409
    assert set(api.get("/accounts/objects/definitions").json()) == {"a", "b"}
    assert api.delete("/accounts/objects/definitions").status_code == 200
    assert api.delete("/accounts/objects/definitions").status_code == 404


def test_a_mapped_definition_is_409(api, emulator, engine):
    """TEST organizations/objects.js for the call for all; for one ASSUMED."""
    emulator.seed.definition("contact", FIELDS)
    emulator.seed.definition("other", FIELDS)
    emulator.seed.transformation("contact", "closeio", {"vendorName": "lead"}, owner_id=815)
    for path in ("/accounts/objects/contact/definitions", "/accounts/objects/definitions"):
        answer = api.delete(path)
        assert answer.status_code == 409
        assert "closeio" in answer.json()["message"]
    assert set(api.get("/accounts/objects/definitions").json()) == {"contact", "other"}
    assert api.delete("/accounts/objects/other/definitions").status_code == 200
    assert api.delete("/accounts/815/elements/closeio/transformations/contact").status_code == 200
    assert api.delete("/accounts/objects/contact/definitions").status_code == 200


def test_a_definition_holds_what_is_mapped_below_unless_a_nearer_one_does(api, emulator, engine):
    emulator.seed.definition("contact", FIELDS, "organization")
    emulator.seed.transformation("contact", "closeio", {"vendorName": "lead"}, owner_id=815)
    assert api.delete("/organizations/objects/contact/definitions").status_code == 409
    emulator.seed.definition("contact", FIELDS)
    assert api.delete("/organizations/objects/contact/definitions").status_code == 200


def test_a_rename_takes_the_transformations_of_its_level_along(api, emulator, engine):
    """TEST transformations.js; DOC: the other levels stay."""
    for level, owner in (("organization", None), ("account", 815)):
        emulator.seed.definition("contact", FIELDS, level)
        emulator.seed.transformation("contact", "closeio", {"vendorName": "lead"}, level, owner)
    emulator.seed.definition("taken", FIELDS)
    assert api.patch("/accounts/objects/contact", {"objectName": "taken"}).status_code == 409
    answer = api.patch("/accounts/objects/contact", {"objectName": "person"}).json()
    assert (answer["objectName"], answer["level"]) == ("person", "account")
    assert paths(answer) == {("name", "string"), ("address.city", "string")}
    closeio = "elements/closeio/transformations"
    assert api.get(f"/accounts/815/{closeio}/person").status_code == 200
    assert api.get(f"/accounts/815/{closeio}/contact").status_code == 404
    assert api.get(f"/organizations/{closeio}/contact").status_code == 200
    assert api.get("/accounts/objects/contact/definitions").status_code == 404
    assert api.get("/organizations/objects/contact/definitions").status_code == 200
    assert api.patch("/accounts/objects/contact", {"objectName": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["a-b", "Test_Microsoft_F&O", "with space", "50%", "a/b", "ä"])
def test_names_are_percent_encoded(api, emulator, name):
    emulator.seed.definition(name, FIELDS)
    (shown,) = api.get("/accounts/objects/definitions").json().values()
    assert shown["objectName"] == name
    assert api.get(f"/accounts/objects/{quote(name, safe='')}/definitions").json() == shown


def test_what_belongs_to_an_instance_goes_with_it(api, emulator, engine):
    number = emulator.create()["id"]
    emulator.seed.definition("contact", FIELDS, "organization")
    emulator.seed.definition("contact", FIELDS, "instance", number)
    emulator.seed.transformation("contact", "", {"vendorName": "x"}, "instance", number)
    assert api.delete(f"/instances/{number}").status_code == 200
    assert api.delete("/organizations/objects/contact/definitions").status_code == 200


def test_system_definitions_are_none(api, emulator):
    emulator.seed.definition("contact", FIELDS, "organization")
    assert api.get("/organizations/objects/definitions?systemOnly=true").status_code == 404


@pytest.mark.parametrize("body", [{}, {"fields": {}}, {"fields": ["x"]}, {"fields": [{"type": "string"}]}])
def test_another_shape_is_400_where_not_strict_too(lenient, engine, body):
    assert lenient.post("/accounts/objects/contact/definitions", body).status_code == 400
    assert lenient.get("/accounts/objects/definitions").status_code == 404


def test_privileges(api, emulator):
    emulator.seed.definition("contact", FIELDS)
    names = ("view", "create", "edit", "delete")
    emulator.switches.set("privileges", ",".join(f"-{name}CommonObjects" for name in names))
    one = "/accounts/objects/contact/definitions"
    for method, path, body in (
        ("GET", one, None),
        ("GET", "/common-resources", None),
        ("GET", "/vdrs", None),
        ("POST", one, BODY),
        ("PUT", one, BODY),
        ("DELETE", one, None),
        ("PATCH", "/accounts/objects/contact", {"objectName": "x"}),
    ):
        assert api.call(method, path, body).status_code == 403, (method, path)


def test_listings_lag(api, emulator):
    emulator.seed.definition("contact", FIELDS)
    emulator.seed.formula({"name": "f"})
    emulator.switches.listing_lag = 3600
    assert api.get("/accounts/objects/definitions").status_code == 404
    assert api.get("/accounts/objects/contact/definitions").status_code == 200
    assert api.get("/common-resources").json() == api.get("/formulas").json() == []
    assert api.get("/vdrs").status_code == 404
