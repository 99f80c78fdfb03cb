# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls with an element token: what the instance's configuration and the caller's headers change about the answers."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE

INSTANCE = "Elements-Element-Instance-Id"


def entry(api, number, key):
    return next(each for each in api.get(f"/instances/{number}/configuration").json() if each["key"] == key)


def test_nulls_are_filtered_until_the_configuration_says_otherwise(api):
    """TEST elements/instances.js: the entry is there unasked, and changing it changes the rows."""
    instance = api.create("closeio")
    auth = api.header(token=instance["token"], organization=False)
    filtered = entry(api, instance["id"], "filter.response.nulls")
    assert filtered["propertyValue"] == "true"
    assert instance["configuration"]["filter.response.nulls"] == "true"
    assert all("description" not in row for row in api.get("/hubs/crm/contacts", auth=auth).json())
    path = f"/instances/{instance['id']}/configuration/{filtered['id']}"
    assert api.patch(path, {"propertyValue": "false"}).json()["propertyValue"] == "false"
    assert [row["description"] for row in api.get("/hubs/crm/contacts", auth=auth).json()] == [None, None]
    assert api.get("/contacts/1", auth=auth).json()["description"] is None


def test_nulls_that_were_sent_are_filtered_at_every_depth(api):
    auth = api.header(token=api.create("closeio")["token"])
    sent = {"name": "n", "owner": None, "address": {"city": None, "zip": "1"}, "tags": [None, {"a": None}]}
    made = api.post("/hubs/crm/contacts", sent, auth=auth).json()
    assert made == {"id": made["id"], "name": "n", "address": {"zip": "1"}, "tags": [None, {}]}
    quiet = api.create("closeio", configuration={**STRIPE, "filter.response.nulls": False})
    auth = api.header(token=quiet["token"])
    made = api.post("/hubs/crm/contacts", sent, auth=auth).json()
    assert made == {**sent, "id": made["id"]}


def test_the_objects_with_events_are_what_is_polled(api):
    """TEST elements/sfdc/polling.js: a PATCH of event.objects alone changes the pollers."""
    events = {"event.notification.enabled": "true", "event.poller.refresh_interval": "5"}
    instance = api.create("closeio", configuration={**STRIPE, **events})
    auth = api.header(token=instance["token"])
    path = "/instances/event-poller-records"
    assert instance["configuration"]["event.objects"] is None
    assert api.get(path, auth=auth).json() == []
    assert entry(api, instance["id"], "event.objects")["propertyValue"] is None
    changed = {"configuration": {"event.objects": "Contact, Lead"}}
    kept = {**instance["configuration"], "event.objects": "Contact, Lead"}
    assert api.patch(f"/instances/{instance['id']}", changed).json()["configuration"] == kept
    pollers = api.get(path, auth=auth).json()
    assert pollers == [{"objectName": name, "refreshInterval": 5} for name in ("Contact", "Lead")]
    for off in ({"event.notification.enabled": "false"}, {"event.vendor.type": "webhook"}):
        api.patch(f"/instances/{instance['id']}", {"configuration": {**events, **off}})
        assert api.get(path, auth=auth).json() == []
    assert api.get(path).status_code == 401


def test_the_documented_answer_for_stripe_has_neither(api):
    """DOC stripe-create-instance shows the whole answer."""
    assert not {"event.objects", "filter.response.nulls"} & set(api.create()["configuration"])


def test_every_answer_to_an_element_token_names_its_instance(api):
    instance = api.create("closeio")
    auth, number = api.header(token=instance["token"]), str(instance["id"])
    for path in ("/ping", "/hubs/crm/contacts", "/objects", "/instances/configuration", f"/instances/{number}"):
        assert api.get(path, auth=auth).headers[INSTANCE] == number
    assert api.delete(f"/instances/{number}/enabled", auth=auth).headers[INSTANCE] == number
    refused = api.get("/hubs/crm/contacts", auth=auth)
    assert (refused.status_code, refused.headers[INSTANCE]) == (403, number)
    assert INSTANCE not in api.get(f"/instances/{number}").headers
    assert INSTANCE not in api.ping("wrong").headers


@pytest.mark.parametrize("path", ["/objects", "/hubs/crm/objects", "/hubs/whatever/objects"])
def test_objects_answer_the_same_under_any_hub_and_for_a_disabled_instance(api, path):
    instance = api.create("closeio")
    auth = api.header(token=instance["token"], organization=False)
    assert api.get(path, auth=auth).json() == ["accounts", "contacts", "incidents"]
    api.delete(f"/instances/{instance['id']}/enabled")
    assert api.get(path, auth=auth).json() == ["accounts", "contacts", "incidents"]
    assert api.get(path + "/1", auth=auth).status_code in (403, 404)
    assert api.get("/hubs/crm/contacts", auth=auth).status_code == 403


@pytest.mark.parametrize("path", ["/objects", "/hubs/crm/objects"])
def test_version_2_of_the_objects_says_what_kind_they_are(api, path):
    """DOC release notes 2.162."""
    auth = api.header(token=api.create("closeio")["token"])
    rows = api.get(path, auth=auth, headers={"Elements-Version": "Helium"}).json()
    assert {"name": "Contact", "vendorName": "Contact", "type": "vendor"} in rows
    assert {"name": "contacts", "vendorName": "Contact", "type": "ceCanonical"} in rows
    assert {row["type"] for row in rows} == {"vendor", "ceCanonical"}
    api.post("/accounts/objects/people/definitions", {"fields": [{"path": "id", "type": "string"}]})
    mapping = {"vendorName": "Contact", "fields": [{"path": "id", "vendorPath": "Id", "type": "string"}]}
    account = api.get("/organizations/me").json()["accountId"]
    assert api.post(f"/accounts/{account}/elements/closeio/transformations/people", mapping).status_code == 200
    mapped = api.get(path, auth=auth, headers={"Elements-Version": "helium"}).json()
    assert [row for row in mapped if row not in rows] == [{"name": "people", "vendorName": "Contact", "type": "vdr"}]
    assert api.get(path, auth=auth, headers={"Elements-Version": "Hydrogen"}).json()[0] == "accounts"


def test_usage_lists_the_calls_to_elements(api):
    """TEST usage; the form of the rows is ASSUMED."""
    one, two = api.create("closeio", tags=["a"]), api.create(tags=["b"])
    api.get("/hubs/crm/contacts", auth=api.header(token=one["token"]))
    api.get("/nothing/here", auth=api.header(token=two["token"]))
    rows = api.get("/usage").json()
    assert [(row["elementKey"], row["path"], row["status"]) for row in rows] == [
        ("closeio", "/hubs/crm/contacts", 200),
        ("stripe", "/nothing/here", 404),
    ]
    assert rows[0]["elementInstanceId"] == one["id"]
    assert api.get(f"/usage/{rows[0]['id']}").json() == rows[0]
    for query in ("keys[]=closeio", "tags[]=a", "hub=crm", "status=200", "from=2020-01-01&pageSize=1"):
        assert api.get(f"/usage?{query}").json() == rows[:1], query
    assert api.get("/usage?pageOffset=1").json() == rows[1:]
    assert api.get("/usage?to=2020-01-01T00:00:00Z").json() == []
    assert api.get("/usage?from=2999-01-01").status_code == 404
    assert api.get("/usage/1000000000").status_code == 404
    assert api.get("/usage?from=yesterday").status_code == 400
