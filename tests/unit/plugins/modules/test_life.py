# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an instance after its creation: changed, rotated, disabled, verified, authenticated again, removed."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Fault

PASSWORD = "first-password-0123456789"
ROTATED = "second-password-9876543210"
TICKETS = {
    "name": "tickets",
    "element_key": "servicenow",
    "configuration": {"username": "integration", "servicenow.subdomain": "example"},
    "secret_configuration": {"password": PASSWORD},
}
NAMED = {"name": "tickets", "element_key": "servicenow"}
FINGERPRINT = "ansible-secrets:1:"


def writes(emulator):
    """Return what was written, in order."""
    return [(seen.method, seen.path, seen.body) for seen in emulator.requests if seen.method != "GET"]


def test_only_the_keys_that_differ_are_sent(ansible, emulator):
    first = {
        **TICKETS["configuration"],
        "event.notification.enabled": True,
        "event.poller.refresh_interval": 15,
        "event.poller.configuration": {"incidents": {"url": "/hubs/helpdesk/incidents", "deep": [1, True, None]}},
        "filter.response.nulls": "",
    }
    second = {**first, "event.notification.enabled": False, "event.poller.refresh_interval": 30}
    respelled = {**second, "event.notification.enabled": "False", "event.poller.refresh_interval": "30"}
    ansible.task(**{**TICKETS, "configuration": first})
    emulator.clear()
    unchanged, changed, again = ansible.tasks(
        {**TICKETS, "configuration": first},
        {**TICKETS, "configuration": second},
        {**TICKETS, "configuration": respelled},
    )
    assert [result["changed"] for result in (unchanged, changed, again)] == [False, True, False]
    body = {"configuration": {"event.notification.enabled": False, "event.poller.refresh_interval": 30}}
    assert writes(emulator) == [("PATCH", f"/instances/{changed['id']}", body)]
    assert changed["actions"] == ["change configuration event.notification.enabled, event.poller.refresh_interval"]


def test_rows_without_configuration_are_read_by_id_and_others_are_not(ansible, emulator):
    created = ansible.task(**TICKETS)
    assert ansible.task(**TICKETS)["api_calls"] == {"GET": 1}
    row = {key: value for key, value in emulator.instances[0].items() if key != "configuration"}
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=[row]))
    result = ansible.task(**TICKETS)
    assert result["api_calls"] == {"GET": 2} and not result["changed"]
    assert result["id"] == created["id"]


def test_an_id_renames_and_nothing_else(ansible, emulator):
    identity = ansible.task(**TICKETS)["id"]
    emulator.clear()
    renamed, again = ansible.tasks({"id": identity, "name": "helpdesk"}, {"id": identity, "name": "helpdesk"})
    assert writes(emulator) == [("PATCH", f"/instances/{identity}", {"name": "helpdesk"})]
    assert renamed["changed"] and not again["changed"]
    other = ansible.task(id=identity, element_key="stripe")
    assert other["error"]["kind"] == "invalid_options" and "servicenow" in other["msg"]


def test_secrets_are_sent_on_creation_only_unless_asked_otherwise(ansible, emulator):
    ansible.task(**TICKETS)
    emulator.clear()
    rotated = {**TICKETS, "secret_configuration": {"password": ROTATED}}
    on_create, always, always_again = ansible.tasks(
        rotated, {**rotated, "update_secrets": "always"}, {**rotated, "update_secrets": "always"}
    )
    assert [result["changed"] for result in (on_create, always, always_again)] == [False, True, True]
    body = {"configuration": {"password": ROTATED}}
    assert writes(emulator) == [("PATCH", f"/instances/{always['id']}", body)] * 2
    assert always["actions"] == ["send secrets password"]


def test_a_rotated_secret_is_sent_once_and_shown_nowhere(ansible, emulator):
    watched = {**TICKETS, "update_secrets": "on_change", "tags": ["prod"]}
    rotated = {**watched, "secret_configuration": {"password": ROTATED}}
    first, second = ansible.tasks(watched, watched)
    emulator.clear()
    third, fourth, retagged = ansible.tasks(rotated, rotated, {**rotated, "tags": ["prod", "new"]})
    assert [result["changed"] for result in (first, second, third, fourth)] == [True, False, True, False]
    (patch, tagging) = writes(emulator)
    assert patch[2]["configuration"] == {"password": ROTATED}
    assert third["actions"] == ["send secrets password"]
    assert retagged["actions"] == ["set tags to new, prod"] and "configuration" not in tagging[2]
    assert len([tag for tag in emulator.instances[0]["tags"] if tag.startswith(FINGERPRINT)]) == 1
    assert emulator.instances[0]["configuration"]["password"] == ROTATED
    assert third["diff"]["after"]["configuration"]["password"] == "******** (sent anew)"
    assert not any(secret in ansible.output for secret in (FINGERPRINT, PASSWORD, ROTATED))


def test_the_same_password_has_another_fingerprint_in_each_instance_and_the_default_tag_stays(ansible, emulator):
    ansible.tasks(
        {**TICKETS, "name": "one", "update_secrets": "on_change"},
        {**TICKETS, "name": "two", "update_secrets": "on_change"},
    )
    tags = [set(instance["tags"]) for instance in emulator.instances]
    assert len(tags[0] | tags[1]) == 4
    assert {"one"} < tags[0] and {"two"} < tags[1]


def test_an_instance_without_a_fingerprint_gets_its_secrets_once(ansible, emulator):
    ansible.task(**TICKETS)
    watched = {**TICKETS, "update_secrets": "on_change"}
    first, second = ansible.tasks(watched, watched)
    assert first["changed"] and not second["changed"]


def test_enabled_is_set_by_its_own_call_once_and_also_at_creation(ansible, emulator):
    off = {**TICKETS, "enabled": False}
    created, again, left_alone, on = ansible.tasks(off, off, TICKETS, {**TICKETS, "enabled": True})
    assert created["actions"] == ["create instance 'tickets' of element 'servicenow'", "disable"]
    assert created["instance"]["enabled"] is False
    assert [result["changed"] for result in (again, left_alone)] == [False, False]
    assert on["actions"] == ["enable"] and on["instance"]["enabled"] is True
    path = f"/instances/{created['id']}/enabled"
    assert [(method, path) for method, path, _body in writes(emulator)][1:] == [("DELETE", path), ("PUT", path)]


def test_credentials_that_the_provider_refuses_leave_nothing_behind(ansible, emulator):
    emulator.switches.provider_status = 401
    result = ansible.task(**TICKETS, verify=True)
    assert result["error"]["kind"] == "credentials_refused"
    assert result["error"]["provider_message"] in result["msg"]
    assert "removed again" in result["msg"] and emulator.instances == []


def test_what_this_run_did_not_make_is_never_removed(ansible, emulator):
    ansible.task(**TICKETS)
    emulator.switches.provider_status = 403
    result = ansible.task(**TICKETS, verify=True)
    assert result["error"]["kind"] == "credentials_refused" and "left as it is" in result["msg"]
    assert len(emulator.instances) == 1


def test_trouble_of_the_provider_removes_nothing(ansible, emulator):
    emulator.switches.provider_status = 502
    result = ansible.task(**TICKETS, verify=True, retries=1)
    assert result["error"]["kind"] == "server_error" and str(emulator.instances[0]["id"]) in result["msg"]


def test_ping_goes_with_the_element_token_and_nothing_else_does(ansible, emulator):
    result = ansible.task(**TICKETS, verify=True)
    assert not result.get("failed")
    for seen in emulator.requests:
        assert ("Element" in seen.headers["authorization"]) == (seen.path == "/ping")
        assert ("Organization" in seen.headers["authorization"]) == (seen.path != "/ping")


def test_an_element_without_ping_is_warned_of(ansible, emulator):
    emulator.switches.ping_unsupported = 404
    configuration = {"username": "u", "hostname": "h", "port": "22", "home_directory": "/"}
    secrets = {"password": PASSWORD}
    result = ansible.task(
        name="x", element_key="sftp", configuration=configuration, secret_configuration=secrets, verify=True
    )
    assert not result.get("failed")
    assert any("has no ping" in warning for warning in result["warnings"])


CRM = {
    "name": "crm",
    "element_key": "sfdc",
    "configuration": {"oauth.callback.url": "https://www.example.com/callback"},
    "secret_configuration": {"oauth.api.key": "client-id-0123456789", "oauth.api.secret": "client-secret-0123456789"},
}


def test_a_code_is_sent_on_creation_and_on_demand_only(ansible, emulator):
    coded = {**CRM, "provider_data": {"code": "first-code"}}
    first, second, third = ansible.tasks(
        coded, coded, {**CRM, "provider_data": {"code": "second-code"}, "reauthenticate": True}
    )
    assert [result["changed"] for result in (first, second, third)] == [True, False, True]
    assert third["actions"] == ["authenticate again with provider_data"]
    assert third["id"] == first["id"]
    sent = [body.get("providerData") for _method, _path, body in writes(emulator)]
    assert sent == [{"code": "first-code"}, {"code": "second-code"}]


def test_oauth_without_a_browser(ansible, emulator):
    desired = {**CRM, "external_authentication": "initial"}
    desired["secret_configuration"] = {**CRM["secret_configuration"], "oauth.user.refresh_token": "refresh-0123456789"}
    first, second = ansible.tasks(desired, desired)
    assert first["changed"] and not second["changed"]
    assert first["instance"]["external_authentication"] == "initial"


def test_what_is_missing_is_named_before_the_platform_refuses_it_and_after(ansible, emulator):
    bare = {**NAMED, "configuration": {"username": "u"}}
    real, predicted = ansible.tasks(bare)[0], ansible.tasks(bare, check=True)[0]
    for result in (real, predicted):
        assert result["error"]["kind"] == "refused"
        assert "servicenow.subdomain" in result["msg"] and "password (in secret_configuration)" in result["msg"]
    assert emulator.instances == []


def test_without_a_catalog_the_platform_decides(ansible, emulator):
    emulator.switches.catalog_auth = "forbidden"
    assert ansible.task(**TICKETS)["changed"]
    result = ansible.task(**{**NAMED, "name": "other"})
    assert result["error"]["status"] == 400


def test_a_delete_of_an_instance_in_use_names_who_uses_it(ansible, emulator):
    identity = ansible.task(**TICKETS)["id"]
    emulator.hold(identity, "nightly sync")
    result = ansible.task(**NAMED, state="absent")
    assert result["error"]["kind"] == "in_use" and "'nightly sync'" in result["msg"]
    assert len(emulator.instances) == 1


def test_what_does_not_settle_is_sent_once_more_and_warned_of(ansible, emulator):
    emulator.switches.unknown_configuration = "keep"
    ansible.task(**TICKETS)
    emulator.switches.disabled_in_patch = "ignored"
    identity = emulator.instances[0]["id"]
    stubborn = {"id": identity, "element": {"key": "servicenow"}, "name": "tickets", "tags": ["a"], "token": "x"}
    emulator.inject(Fault("body", when="before", method="PATCH", times=2, body={**stubborn, "configuration": {}}))
    result = ansible.task(**NAMED, tags=["b"])
    assert [method for method, _path, _body in writes(emulator)].count("PATCH") == 2
    assert any("did not settle" in warning and "set tags to b" in warning for warning in result["warnings"])


ODD = [
    "R&D",
    "100 %",
    "a_b",
    "it's",
    'the "one"',
    "Müller & Söhne",
    "支払い",
    "#1",
    "what?",
    "a+b",
    "back\\slash",
    "x" * 255,
    "emoji 🚀",
    "%41",
    "a/b",
    "${x}",
    "-",
]
REFUSED = [" leading", "trailing ", "tab\there", "line\nbreak", "<b>", "a < b"]


def test_odd_names_make_exactly_one_instance_or_a_clear_refusal(ansible, emulator):
    desired = [{"name": name, "element_key": "stripe", "api_key": "made-up", "tags": [name]} for name in ODD + REFUSED]
    first = ansible.tasks(*desired)
    second = ansible.tasks(*desired)
    for name, one, two in zip(ODD, first, second, strict=False):
        assert one["changed"] and not two["changed"], name
    for name, one in zip(REFUSED, first[len(ODD) :], strict=True):
        assert one["error"]["kind"] == "invalid_options", name
    assert sorted(instance["name"] for instance in emulator.instances) == sorted(ODD)


@pytest.mark.parametrize("url", ["ftp://u:canary@example.com", "example.com/events", "https:///x", "http://a b"])
def test_a_callback_url_that_is_none_is_refused(ansible, emulator, url):
    given = {**TICKETS, "configuration": {**TICKETS["configuration"], "event.notification.callback.url": url}}
    result = ansible.task(**given)
    assert result["error"]["kind"] == "invalid_options" and "event.notification.callback.url" in result["msg"]
    assert url not in result["msg"] and emulator.requests == []


def test_the_common_configuration_settles_on_every_element(ansible, emulator):
    common = {
        "event.notification.enabled": True,
        "event.vendor.type": "polling",
        "event.notification.type": "webhook",
        "event.notification.callback.url": "https://events.example.com/x",
        "filter.response.nulls": False,
    }
    desired = [
        {"name": "a", "element_key": "stripe", "api_key": "made-up", "configuration": common},
        {"name": "b", "element_key": "sftp", "secret_configuration": {"password": "made-up"},
         "configuration": {**common, "hostname": "h", "port": "22", "username": "u", "home_directory": "/"}},
        {"name": "c", "element_key": "closeio", "configuration": {**common, "username": "u"},
         "secret_configuration": {"password": "made-up"}},
    ]  # fmt: skip
    first = ansible.tasks(*desired)
    second = ansible.tasks(*desired)
    assert [result["changed"] for result in first] == [True] * 3, [result.get("msg") for result in first]
    assert [result["changed"] for result in second] == [False] * 3
