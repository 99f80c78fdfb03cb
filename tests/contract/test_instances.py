# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the vendor's acceptance suite asserts about instances (elements/instances.js unless a test says otherwise)."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import SFDC, STRIPE

MASK = "********"


def test_a_create_answers_200_and_satisfies_the_vendors_schema(api):
    response = api.post("/instances", {"element": {"key": "stripe"}, "configuration": STRIPE, "name": "one"})
    assert response.status_code == 200
    instance = response.json()
    assert isinstance(instance["id"], int)
    assert instance["valid"] is True
    assert isinstance(instance["token"], str)
    assert set(instance["user"]) >= {"id", "emailAddress", "firstName", "lastName"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", instance["createdDate"])


def test_every_answer_has_a_request_id_and_the_exact_exposed_headers(api):
    """TEST general/headers.js."""
    for path in ("/instances", "/elements/keys", "/nowhere"):
        api.unchecked = path == "/nowhere"
        headers = api.get(path).headers
        assert re.fullmatch("[0-9a-f]{24}", headers["Elements-Request-Id"])
        assert headers["Access-Control-Expose-Headers"] == (
            "Elements-Returned-Count, Elements-Total-Count, Elements-Request-Id, "
            "Elements-Next-Page-Token, Elements-Trace-Id, Elements-Error, Content-Disposition"
        )


def test_a_trailing_slash_is_accepted(api):
    api.unchecked = True
    assert api.post("/instances/", {"element": {"key": "stripe"}, "configuration": STRIPE, "name": "x"}).ok


def test_names_are_not_unique(api):
    """TEST vdrs/vdrs.js."""
    assert api.create("closeio", "same")["id"] != api.create("closeio", "same")["id"]


def test_html_is_stripped_from_name_and_tags(api):
    instance = api.create(name='<a href="https://x">churros-xss</a>', tags=["<b>bold</b>", "a < b"])
    assert instance["name"] == "churros-xss"
    assert sorted(instance["tags"]) == ["a < b", "bold"]
    renamed = api.patch(f"/instances/{instance['id']}", {"name": "<i>new</i>"}).json()
    assert renamed["name"] == "new"
    assert sorted(renamed["tags"]) == ["a < b", "bold"]


def test_tags_left_out_become_the_name(api):
    assert api.create(name="<b>me</b>")["tags"] == ["me"]
    assert api.create(name="you", tags=[])["tags"] == ["you"]
    assert api.create(name="you", tags=["mine"])["tags"] == ["mine"]


def test_the_order_of_tags_is_not_kept(api):
    given = ["b", "a", "c"]
    instance = api.create(tags=given)
    row = api.get("/instances").json()[0]
    assert sorted(instance["tags"]) == sorted(row["tags"]) == sorted(given)
    assert instance["tags"] != row["tags"]


def test_jira_masks_the_password_and_shows_the_user(api):
    instance = api.create("jira", configuration={"username": "me", "password": "p"})
    read = api.get(f"/instances/{instance['id']}").json()
    assert read["configuration"]["password"] == MASK
    assert read["configuration"]["username"] == "me"


def test_sfdc_masks_the_application_key_and_secret_everywhere(api):
    instance = api.create("sfdc", configuration=SFDC, providerData={"code": "c1"})
    entries = {e["key"]: e for e in api.get(f"/instances/{instance['id']}/configuration").json()}
    for key in ("oauth.api.key", "oauth.api.secret"):
        assert instance["configuration"][key] == MASK
        assert entries[key]["propertyValue"] == MASK
    assert instance["configuration"]["oauth.user.token"] not in (None, MASK)


def test_stripes_api_key_never_comes_back(api):
    """DOC stripe-create-instance: 1 key sent, 16 returned, none of them api.key."""
    configuration = api.create(configuration={"api.key": "sk"})["configuration"]
    assert "api.key" not in configuration
    assert configuration["username"] == "sk"
    assert configuration["password"] == MASK
    assert len(configuration) == 16
    assert configuration["pagination.max"] == "100"
    assert configuration["bulk.relations"] is None


def test_every_value_comes_back_as_a_string_or_null(api):
    given = {
        **STRIPE,
        "event.notification.enabled": True,
        "pagination.max": 587,
        "event.poller.configuration": {"a": [1, True]},
        "event.metadata": [1],
        "bulk.relations": None,
        "x.float": 1.5,
    }
    kept = api.create(configuration=given)["configuration"]
    assert kept["event.notification.enabled"] == "true"
    assert kept["pagination.max"] == "587"
    assert json.loads(kept["event.poller.configuration"]) == {"a": [1, True]}
    assert kept["event.metadata"] == "[1]"
    assert kept["bulk.relations"] is None
    assert kept["x.float"] == "1.5"


def test_configuration_may_be_left_out_where_defaults_suffice(api):
    """CODE of the vendor's own tests: an element whose required entries have defaults."""
    response = api.post("/instances", {"element": {"key": "stubby"}, "name": "s"})
    assert response.json()["configuration"]["store"] == "{}"


def test_missing_configuration_is_400_and_named(api):
    response = api.post("/instances", {"element": {"key": "stripe"}, "name": "x", "configuration": {"username": "u"}})
    assert response.status_code == 400
    assert "password" in response.json()["message"]
    assert "username" not in response.json()["message"]


def test_unknown_element_is_404(api):
    for path in ("/instances", "/elements/nope/instances"):
        assert api.post(path, {"element": {"key": "nope"}, "name": "x"}).status_code == 404


def test_an_element_can_be_given_by_id_or_in_the_path(api):
    number = api.get("/elements/stripe").json()["id"]
    for path, body in (
        ("/instances", {"element": {"id": number}}),
        ("/elements/stripe/instances", {}),
        (f"/elements/{number}/instances", {"element": {"key": "stripe"}}),
    ):
        response = api.post(path, {**body, "configuration": STRIPE, "name": "x"})
        assert response.status_code == 200
        assert response.json()["element"]["key"] == "stripe"


def test_an_empty_listing_is_404(api):
    for path in ("/instances", "/instances?searchText=x", "/elements/stripe/instances", "/accounts/instances"):
        response = api.get(path)
        assert response.status_code == 404
        assert re.match("^No (.*) found$", response.json()["message"])


def test_search_text_is_a_substring_of_name_or_element_key(api):
    api.create(name="Billing EU")
    api.create("closeio", "other")
    assert [row["name"] for row in api.get("/instances?searchText=lling").json()] == ["Billing EU"]
    assert [row["name"] for row in api.get("/instances?searchText=ose").json()] == ["other"]
    assert api.get("/instances?searchText=nothing").status_code == 404


def test_search_by_tag_both_ways_of_writing_it_and_combined(api):
    api.create(name="a", tags=["t1", "t2"])
    api.create(name="b", tags=["t1"])
    for query, names in (
        ("tags[]=t1", ["a", "b"]),
        ("tags%5B%5D=t1&tags%5B%5D=t2", ["a"]),
        ("tags[]=t1&searchText=b", ["b"]),
    ):
        response = api.get("/instances?" + query)
        assert [row["name"] for row in response.json() if row["name"] in names] == names
    assert api.get("/instances?tags[]=t").status_code == 404


def test_a_default_name_tag_can_be_searched(api):
    api.create(name="churros-instance")
    assert len(api.get("/instances?tags[]=churros-instance").json()) == 1


def test_hydrate_false_leaves_out_the_configuration_only(api):
    api.create()
    row = api.get("/instances?hydrate=false").json()[0]
    assert "configuration" not in row
    assert row["token"]
    assert row["element"]["key"] == "stripe"
    assert row["element"]["authentication"]["type"] == "basic"
    assert "configuration" in api.get("/instances?hydrate=true").json()[0]


def test_read_by_id_in_both_forms(api):
    instance = api.create()
    number = instance["id"]
    assert api.get(f"/instances/{number}").json() == instance
    for element in ("stripe", instance["element"]["id"]):
        assert api.get(f"/elements/{element}/instances/{number}").json() == instance
    for path in ("/instances/1", f"/elements/closeio/instances/{number}", f"/instances/{10**30}"):
        assert api.get(path).status_code == 404


def test_patch_merges_configuration(api):
    instance = api.create(configuration={**STRIPE, "event.objects": "a"})
    after = api.patch(f"/instances/{instance['id']}", {"configuration": {"event.objects": "b"}}).json()
    assert after["configuration"] == {**instance["configuration"], "event.objects": "b"}
    assert after["id"] == instance["id"]


def test_patch_replaces_tags_as_a_whole_and_empty_clears(api):
    number = api.create(tags=["a", "b"])["id"]
    assert api.patch(f"/instances/{number}", {"tags": ["c"]}).json()["tags"] == ["c"]
    assert api.patch(f"/instances/{number}", {"id": number, "tags": []}).json()["tags"] == []
    assert api.get(f"/instances/{number}").json()["tags"] == []


def test_patch_moves_to_a_clone_of_the_element_and_nowhere_else(api):
    number = api.create("closeio", configuration={**STRIPE})["id"]
    clone = api.post("/elements/closeio/clone").json()
    moved = api.patch(f"/instances/{number}", {"element": {"id": clone["id"]}}).json()
    assert moved["element"]["key"] == clone["key"]
    assert moved["elementId"] == clone["id"]
    assert api.get(f"/elements/{clone['key']}/instances/{number}").status_code == 200
    assert api.delete(f"/elements/{clone['id']}").status_code == 409
    jira = api.get("/elements/jira").json()["id"]
    assert api.patch(f"/instances/{number}", {"element": {"id": jira}}).status_code == 400
    assert api.delete("/elements/closeio").status_code == 403


def test_patch_with_provider_data_authenticates_again_and_does_not_echo_it(api):
    instance = api.create("sfdc", providerData={"code": "c1"})
    after = api.patch(f"/instances/{instance['id']}", {"name": "n", "providerData": {"code": "c2"}})
    assert after.status_code == 200
    assert "providerData" not in after.json()
    assert "configuration" in after.json()
    assert after.json()["configuration"]["oauth.user.token"] != instance["configuration"]["oauth.user.token"]


def test_put_takes_the_whole_object_back_with_masks_and_empty_tags_clear(api):
    instance = api.create("closeio")
    response = api.put(f"/instances/{instance['id']}", {**instance, "tags": []})
    assert response.status_code == 200
    assert response.json()["tags"] == []
    assert response.json()["id"] == instance["id"]
    name_only = api.put(f"/elements/closeio/instances/{instance['id']}?reAuthenticate=false", {"name": "n"})
    assert name_only.json()["name"] == "n"
    assert name_only.json()["configuration"] == instance["configuration"]


def test_put_with_re_authentication(api):
    basic = api.create()
    assert api.put(f"/instances/{basic['id']}?reAuthenticate=true", {"name": "n"}).status_code == 200
    oauth = api.create("sfdc", providerData={"code": "c1"})
    path = f"/instances/{oauth['id']}?reAuthenticate=true"
    assert api.put(path, {"name": "n"}).status_code == 400
    assert api.put(path, {"name": "n", "providerData": {"code": "c2"}}).status_code == 200


def test_delete_answers_200_and_nothing_then_404(api):
    number = api.create()["id"]
    response = api.delete(f"/instances/{number}")
    assert (response.status_code, response.content) == (200, b"")
    assert api.delete(f"/instances/{number}").status_code == 404
    number = api.create()["id"]
    assert api.delete(f"/elements/stripe/instances/{number}").status_code == 200


def test_delete_of_an_instance_in_use_is_409_until_the_formula_instance_goes(api):
    """CODE of the public command line client; formulas/instances.js for the list."""
    number = api.create()["id"]
    assert api.get(f"/formulas/instances?elementInstanceId={number}").json() == []
    formula = api.post("/formulas", {"name": "<b>f</b>"}).json()
    assert formula["name"] == "f"
    body = {"name": "fi", "configuration": {"source": str(number)}}
    held = api.post(f"/formulas/{formula['id']}/instances", body).json()
    assert [row["id"] for row in api.get(f"/formulas/instances?elementInstanceId={number}").json()] == [held["id"]]
    response = api.delete(f"/instances/{number}")
    assert response.status_code == 409
    assert "fi" in response.json()["message"]
    assert api.delete(f"/formulas/{formula['id']}/instances/{held['id']}").status_code == 200
    assert api.delete(f"/instances/{number}").status_code == 200


def test_the_token_of_a_deleted_instance_is_401(api):
    instance = api.create()
    assert api.ping(instance["token"]).status_code == 200
    api.delete(f"/instances/{instance['id']}")
    response = api.ping(instance["token"])
    assert response.status_code == 401
    assert set(response.json()) == {"requestId", "message"}


def test_a_disabled_instance_refuses_element_calls_but_not_its_objects(api):
    instance = api.create("servicenow", configuration={**STRIPE, "servicenow.subdomain": "x"})
    auth = api.header(token=instance["token"], organization=False)
    path = f"/instances/{instance['id']}"
    response = api.delete(path + "/enabled")
    assert (response.status_code, response.content) == (200, b"")
    assert api.get("/incidents", auth=auth).status_code == 403
    assert api.get("/objects", auth=auth).status_code == 200
    assert api.get(path).json()["disabled"] is True
    assert api.get("/instances").json()[0]["disabled"] is True
    assert api.delete(path + "/enabled").status_code == 200
    assert api.put(path + "/enabled").status_code == 200
    assert api.get("/incidents", auth=auth).status_code == 200
    assert api.get(path).json()["configuration"] == instance["configuration"]


def test_configuration_entries_are_addressed_by_number(api):
    number = api.create(configuration={**STRIPE, "event.notification.enabled": False})["id"]
    path = f"/instances/{number}/configuration"
    entry = next(each for each in api.get(path).json() if each["key"] == "event.notification.enabled")
    assert entry["propertyValue"] == "false"
    for body in (
        {"propertyValue": "true"},
        {**entry, "propertyValue": "2"},
        {"name": entry["name"], "key": entry["key"], "propertyValue": "true"},
    ):
        response = api.patch(f"{path}/{entry['id']}", body)
        assert response.status_code == 200
        assert response.json()["propertyValue"] == body["propertyValue"]
    assert api.get(f"{path}/{entry['id']}").json()["propertyValue"] == "true"
    assert api.get(f"/instances/{number}").json()["eventsEnabled"] is True
    assert api.get(f"{path}/1").status_code == 404
    api.unchecked = True
    assert api.get(f"{path}/event.notification.enabled").status_code == 404


def test_trace_logging(api):
    path = f"/instances/{api.create()['id']}"
    assert api.put(path + "/trace-logging", {"duration": 5}).content == b""
    assert api.get(path).json()["traceLoggingEnabled"] is True
    assert api.delete(path + "/trace-logging").status_code == 200
    assert api.put(path + "/trace-logging").status_code == 200
    api.delete(path + "/trace-logging")
    assert api.get(path).json()["traceLoggingEnabled"] is False


def test_count(api):
    """TEST elements/elements.js."""
    api.create()
    assert set(api.get("/instances/count").json()) == {"totalInstances", "elementInstances"}


def test_the_id_less_forms_act_on_the_tokens_instance(api):
    other, instance = api.create(name="other"), api.create(name="mine")
    auth = api.header(token=instance["token"])
    path = f"/instances/{instance['id']}"
    assert api.patch("/instances", {"name": "n1"}, auth=auth).json()["id"] == instance["id"]
    assert api.put("/instances", {"name": "n2"}, auth=auth).json()["name"] == "n2"
    api.delete("/instances/enabled", auth=auth)
    assert api.get(path).json()["disabled"] is True
    api.put("/instances/enabled", auth=auth)
    api.put("/instances/trace-logging", {}, auth=auth)
    assert api.get(path).json()["traceLoggingEnabled"] is True
    api.delete("/instances/trace-logging", auth=auth)
    entries = api.get("/instances/configuration", auth=auth).json()
    assert entries == api.get(path + "/configuration").json()
    one = f"/instances/configuration/{entries[0]['id']}"
    assert api.patch(one, {"propertyValue": "v"}, auth=auth).json()["propertyValue"] == "v"
    assert api.get(one, auth=auth).json()["propertyValue"] == "v"
    assert api.get("/instances/docs", auth=auth).status_code == 200
    assert api.get("/instances/events", auth=auth).json() == []
    assert {row["id"] for row in api.get("/instances", auth=auth).json()} == {other["id"], instance["id"]}
    assert api.delete("/instances", auth=auth).status_code == 200
    assert api.get(path).status_code == 404
    assert api.get(f"/instances/{other['id']}").status_code == 200
    assert api.delete("/instances").status_code == 401
    assert api.patch("/instances", {"name": "x"}).status_code == 401


@pytest.mark.parametrize("path", ["docs", "docs/op", "docs/op/definitions", "events"])
def test_what_else_can_be_read_of_an_instance(api, path):
    assert api.get(f"/instances/{api.create()['id']}/{path}").status_code == 200


@pytest.mark.parametrize("path", ["transformations", "objects/definitions"])
def test_what_an_instance_has_none_of_is_404(api, path):
    assert api.get(f"/instances/{api.create()['id']}/{path}").status_code == 404


def test_account_and_organization(api):
    api.create()
    account = api.get("/organizations/me").json()["accountId"]
    assert len(api.get("/accounts/instances").json()) == 1
    assert len(api.get(f"/accounts/{account}/instances?pageSize=5").json()) == 1
    assert api.get("/accounts/1/instances").status_code == 404


def test_objects_come_with_the_create_that_asks_for_them(api):
    assert "objects" not in api.create()
    assert api.create(retrieveObjectsAfterInstantiation=True)["objects"] == []
