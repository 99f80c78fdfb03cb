# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Transformations at the three levels, on both engines."""

from __future__ import annotations

import pytest

FIELDS = [{"path": "name"}, {"path": "age", "type": "int"}]
BODY = {
    "vendorName": "Lead",
    "fields": [{"path": "name", "vendorPath": "Name", "type": "string"}, {"path": "age", "vendorPath": "Age__c"}],
    "configuration": [{"type": "passThrough", "properties": {"fromVendor": False, "toVendor": False}}],
    "script": {"body": "done(transformedObject);"},
}
LEVELS = ["organization", "account", "instance"]


@pytest.fixture(params=["v1", "v2"])
def engine(request, emulator):
    emulator.switches.vdr_version = request.param
    return request.param


@pytest.fixture
def instance(emulator):
    return emulator.create("closeio")


@pytest.fixture
def prefixes(emulator, instance):
    emulator.seed.definition("contact", FIELDS, "organization")
    return {
        "organization": "/organizations/elements/closeio/transformations",
        "account": "/accounts/815/elements/closeio/transformations",
        "instance": f"/instances/{instance['id']}/transformations",
    }


@pytest.mark.parametrize("level", LEVELS)
def test_crud(api, emulator, engine, prefixes, level):
    emulator.switches.refused_on_v2 = "none"
    prefix = prefixes[level]
    one = prefix + "/contact"
    assert api.get(prefix).status_code == api.get(one).status_code == api.put(one, BODY).status_code == 404
    made = api.post(one, BODY).json()
    assert {(each["path"], each["type"], each["vendorPath"], each["level"]) for each in made["fields"]} == {
        ("name", "string", "Name", level),
        ("age", "int", "Age__c", level),
    }
    assert made["script"] == {
        "body": "done(transformedObject);",
        "mimeType": "application/javascript",
        "filterEmptyResponse": False,
        "level": level,
    }
    assert made["isLegacy"] is False
    assert made["startDate"]
    assert made.get("level") == (level if engine == "v1" else None)
    assert made["configuration"][0].get("level") == (level if engine == "v2" else None)
    assert api.get(one).json() == made
    assert api.get(prefix).json() == {"contact": made}
    assert api.post(one, BODY).status_code == 409
    fewer = api.put(one, {"vendorName": "Contact", "fields": BODY["fields"][:1]}).json()
    assert (fewer["vendorName"], len(fewer["fields"]), fewer["configuration"]) == ("Contact", 1, [])
    assert "script" not in fewer
    assert fewer["id"] == made["id"]
    assert api.delete(one).content == b""
    assert api.delete(one).status_code == api.delete(prefix).status_code == 404
    api.post(one, BODY)
    assert api.delete(prefix).status_code == 200
    assert emulator.violations == []


def test_key_and_id_of_the_element_are_the_same(api, emulator, prefixes, instance):
    api.post(prefixes["account"] + "/contact", BODY)
    by_id = f"/accounts/815/elements/{instance['element']['id']}/transformations/contact"
    assert api.get(by_id).json() == api.get(prefixes["account"] + "/contact").json()
    assert api.get("/accounts/815/elements/nope/transformations/contact").status_code == 404


def test_the_id_less_form_is_the_tokens_instance(api, engine, prefixes, instance):
    auth = api.header(token=instance["token"])
    assert api.post("/instances/transformations/contact", BODY, auth=auth).status_code == 200
    assert api.get(prefixes["instance"]).json() == api.get("/instances/transformations", auth=auth).json()


def test_inherited_fields_show_with_their_level(api, engine, prefixes):
    """TEST transformations.js."""
    api.post(prefixes["organization"] + "/contact", {"vendorName": "Lead", "fields": BODY["fields"][:1]})
    own = {"vendorName": "Lead", "fields": BODY["fields"][1:], "configuration": [{"type": "inherit"}]}
    shown = api.post(prefixes["account"] + "/contact", own).json()
    assert {(each["path"], each["level"]) for each in shown["fields"]} == {("age", "account"), ("name", "organization")}
    alone = api.put(prefixes["account"] + "/contact", {**own, "configuration": []}).json()
    assert {(each["path"], each["level"]) for each in alone["fields"]} == {("age", "account")}
    assert len(api.get(prefixes["organization"] + "/contact").json()["fields"]) == 1


def test_an_inherited_script_shows_with_its_level(api, engine, prefixes):
    api.post(prefixes["organization"] + "/contact", BODY)
    own = {"vendorName": "Lead", "configuration": [{"type": "inherit"}]}
    assert api.post(prefixes["instance"] + "/contact", own).json()["script"]["level"] == "organization"


def test_script_alone_and_name_alone(api, engine, prefixes):
    assert api.post(prefixes["account"] + "/contact", {"vendorName": "Lead"}).json()["fields"] == []
    scripted = {"vendorName": "Lead", "fields": [], "script": BODY["script"]}
    assert api.put(prefixes["account"] + "/contact", scripted).status_code == 200


def test_there_is_no_way_back_to_the_legacy_script_engine(api, engine, prefixes):
    """TEST scripts.js."""
    one = prefixes["account"] + "/contact"
    assert api.post(one, {**BODY, "isLegacy": True}).json()["isLegacy"] is True
    assert api.put(one, {**BODY, "isLegacy": True}).status_code == 200
    assert api.put(one, {**BODY, "isLegacy": False}).status_code == 200
    assert api.put(one, {**BODY, "isLegacy": True}).status_code == 400


def test_propagate_deletes_the_upper_levels_too(api, engine, prefixes):
    for level in LEVELS:
        api.post(prefixes[level] + "/contact", BODY)
    assert api.delete(prefixes["instance"] + "/contact").status_code == 200
    assert api.get(prefixes["account"] + "/contact").status_code == 200
    api.post(prefixes["instance"] + "/contact", BODY)
    assert api.delete(prefixes["instance"] + "/contact?propagate=true").status_code == 200
    for level in LEVELS:
        assert api.get(prefixes[level] + "/contact").status_code == 404


def test_where_an_object_is_mapped_on_v1(api, emulator, prefixes):
    emulator.switches.vdr_version = "v1"
    path = "/organizations/objects/contact/transformations"
    assert api.get(path).json() == []
    for level in LEVELS:
        api.post(prefixes[level] + "/contact", BODY)
    rows = api.get(path).json()
    assert [(row["level"], row["element"]["key"], row["account"]["id"]) for row in rows] == [
        (level, "closeio", 815) for level in LEVELS
    ]
    assert rows[0]["account"]["defaultAccount"] is True
    assert api.get("/organizations/objects/nope/transformations").status_code == 404


def test_v1_lists_are_400_on_v2(api, emulator, prefixes):
    """CODE: the-doctor issue #21, verbatim."""
    for path in (
        "/organizations/objects/contact/transformations",
        prefixes["organization"],
        prefixes["account"],
    ):
        answer = api.get(path)
        assert answer.status_code == 400
        assert answer.json()["message"] == "This API is not supported for v2 VDRs"
    api.post(prefixes["instance"] + "/contact", BODY)
    assert api.get(prefixes["instance"]).status_code == 200


def test_an_element_has_no_transformations_of_the_vendors(api):
    assert api.get("/elements/closeio/transformations").status_code == 404
    assert api.get("/elements/nope/transformations").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"vendorName": ""},
        {"vendorName": "x", "fields": [{}]},
        {"vendorName": "x", "fields": {}},
        {"vendorName": "x", "script": {}},
        {"vendorName": "x", "configuration": "x"},
    ],
)
def test_another_shape_is_400_where_not_strict_too(lenient, prefixes, body):
    assert lenient.post(prefixes["account"] + "/contact", body).status_code == 400
    assert lenient.get(prefixes["account"] + "/contact").status_code == 404
