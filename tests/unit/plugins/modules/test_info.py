# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that only read."""

from __future__ import annotations

import urllib.parse

import pytest
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import TICKETS_THERE


def ids(result):
    return [row["id"] for row in result["instances"]]


@pytest.fixture
def there(emulator):
    """Some instances, of which some differ from another in one thing only."""
    given = [("stripe", "a", ["prod", "eu"]), ("stripe", "b", ["prod"]), ("closeio", "a", ["eu"]), ("stripe", "ab", [])]
    return [emulator.create(element_key=key, name=name, tags=tags)["id"] for key, name, tags in given]


def test_every_filter_narrows_exactly(ansible, there):
    first, second, third, fourth = there
    asked = {
        (): there,
        (("name", "a"),): [first, third],
        (("element_key", "stripe"),): [first, second, fourth],
        (("element_key", "stripe"), ("name", "a")): [first],
        (("tags", ("prod",)),): [first, second],
        (("tags", ("prod", "eu")),): [first],
        (("id", third),): [third],
        (("id", third), ("name", "b")): [],
        (("name", "nobody"),): [],
    }
    for given, expected in asked.items():
        result = ansible.run(dict(given), module="instance_info")
        assert ids(result) == expected, given
        assert not result["changed"]


@pytest.mark.parametrize("match", ["all", "any"])
def test_tags_mean_all_of_them_whatever_the_server_makes_of_several(ansible, emulator, there, match):
    emulator.switches.tags_match = match
    assert ids(ansible.run({"tags": ["prod", "eu"]}, module="instance_info")) == [there[0]]


def test_the_server_filters_first(ansible, emulator, there):
    emulator.clear()
    ansible.run({"element_key": "stripe", "tags": ["prod", "ü"]}, module="instance_info")
    (request,) = emulator.requests
    assert request.query["searchText"] == ["stripe"] and request.query["tags[]"] == ["prod"]


def test_an_account_without_instances_is_an_empty_list(ansible, emulator):
    result = ansible.run({}, module="instance_info")
    assert result["instances"] == [] and not result.get("failed")


def test_tokens_are_there_only_where_asked_for(ansible, emulator, there):
    tokens = {instance["token"] for instance in emulator.instances}
    without = ansible.run({}, module="instance_info")
    assert all("token" not in row for row in without["instances"])
    assert not any(token in ansible.output for token in tokens)
    given = ansible.run({"include_token": True}, module="instance_info")
    assert {row["token"] for row in given["instances"]} == tokens


def test_what_the_server_returns_readable_is_not_shown(ansible, emulator):
    emulator.switches.mask = "none"
    emulator.create(**TICKETS_THERE)
    (row,) = ansible.run({"name": "tickets"}, module="instance_info")["instances"]
    assert row["configuration"]["password"] == row["configuration"]["username"] == "********"
    assert row["configuration"]["event.notification.enabled"] == "false"
    assert "stored-password" not in ansible.output


def test_rows_without_configuration_are_completed(ansible, emulator, there):
    first = ansible.run({}, module="instance_info")
    rows = [{key: value for key, value in row.items() if key != "configuration"} for row in emulator.instances]
    from ansible_collections.cloud_elements.platform.tests.emulator import Fault

    emulator.inject(Fault("body", method="GET", path="^/instances$", body=rows))
    second = ansible.run({}, module="instance_info")
    assert first["instances"] == second["instances"]
    assert (first["api_calls"], second["api_calls"]) == ({"GET": 1}, {"GET": 5})


@pytest.mark.parametrize("naming", ["element", "swagger"])
def test_an_element_tells_what_it_needs_whatever_its_fields_are_called(ansible, emulator, naming):
    emulator.switches.field_naming = naming
    (element,) = ansible.run({"element_key": "servicenow"}, module="element_info")["elements"]
    assert (element["key"], element["hub"], element["authentication"]) == ("servicenow", "helpdesk", "basic")
    entries = {entry["key"]: entry for entry in element["configuration"]}
    assert {key for key, entry in entries.items() if entry["required"]} == {
        "username",
        "password",
        "servicenow.subdomain",
    }
    assert entries["password"]["secret"] and entries["password"]["type"] == "PASSWORD"
    assert not entries["servicenow.subdomain"]["secret"]
    assert entries["event.notification.enabled"]["default"] == "false"


def test_the_whole_catalog_has_the_configuration_of_each(ansible, emulator):
    elements = ansible.run({}, module="element_info")["elements"]
    assert len(elements) > 60 and len({element["key"] for element in elements}) == len(elements)
    assert all(element["configuration"] for element in elements)


def test_no_such_element_is_an_empty_list(ansible, emulator):
    assert ansible.run({"element_key": "stripee"}, module="element_info")["elements"] == []


OAUTH = {
    "oauth_api_key": "public-client-id",
    "oauth_api_secret": "canary-client-secret",
    "callback_url": "https://www.example.com/callback?a=b",
}


def test_the_secret_is_in_no_url(ansible, emulator):
    result = ansible.run({**OAUTH, "element_key": "sfdc", "state": "s", "scope": "api"}, module="oauth_info")
    assert "public-client-id" in result["oauth_url"] and result["request_token"] is None
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(result["oauth_url"]).query)
    assert query["state"] == ["s"]
    for seen in emulator.requests:
        assert "canary-client-secret" not in str(seen.query) + seen.path
    assert "canary-client-secret" not in ansible.output


def test_where_post_is_not_allowed_it_asks_by_get(ansible, emulator):
    emulator.switches.oauth_url_post = "405"
    result = ansible.run({**OAUTH, "element_key": "sfdc"}, module="oauth_info")
    assert result["oauth_url"].startswith("https://")
    assert [seen.method for seen in emulator.requests] == ["GET", "POST", "GET"]


def test_oauth_1_has_a_request_token_first(ansible, emulator):
    result = ansible.run({**OAUTH, "element_key": "twitter"}, module="oauth_info")
    assert result["request_token"] and result["request_secret"]
    assert urllib.parse.quote(result["request_token"], safe="") in result["oauth_url"]


def test_an_element_without_oauth_is_a_clear_error(ansible, emulator):
    result = ansible.run({**OAUTH, "element_key": "stripe"}, module="oauth_info")
    assert result["error"]["kind"] == "refused" and "stripe" in result["msg"]
