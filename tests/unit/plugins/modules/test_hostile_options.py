# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as no one should give them, through the whole module: taken as they stand or refused in words."""

from __future__ import annotations

import json
import unicodedata

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import retry_budget as retry_budget_module
from ansible_collections.cloud_elements.platform.tests.emulator import Fault

STRIPE = {"name": "payments", "element_key": "stripe", "api_key": "sk_test_made_up_0123456789"}
TRICKS = {
    "quotes": 'it\'s "quoted" `so`',
    "url": "50% of a&b=c #1? /../x;y",
    "separators": "a,b;c|d [e] {f} (g) *?",
    "templates": "{{ 7 * 7 }} {% raw %} ${x} %(y)s {z}",
    "emoji": "\U0001f468\U0001f3fd \U0001f600",
    "scripts": "платежи 支払い مدفوعات ไทย",
    "composed": unicodedata.normalize("NFC", "Zürich é"),
    "decomposed": unicodedata.normalize("NFD", "Zürich é"),
    "entities": "a &amp; b &lt;x&gt;",
    "words": "null",
    "number": "007",
    "long": "y" * 100_000,
}


def posts(emulator):
    return [seen for seen in emulator.requests if seen.method == "POST"]


@pytest.mark.parametrize("name", TRICKS.values(), ids=TRICKS)
def test_any_name_that_can_be_seen_is_kept_to_the_letter_found_again_and_removed(ansible, emulator, name):
    given = {**STRIPE, "name": name, "tags": [name, "a"], "configuration": {"site": name}}
    made = ansible.run(given)
    assert made["changed"], made
    assert made["instance"]["name"] == name
    assert made["instance"]["tags"] == sorted([name, "a"])
    assert not ansible.run(given)["changed"]
    assert ansible.run({"name": name, "element_key": "stripe", "state": "absent"})["changed"]
    assert emulator.instances == []
    assert len(posts(emulator)) == 1


def test_names_that_only_look_alike_are_two_instances(ansible, emulator):
    names = [TRICKS["composed"], TRICKS["decomposed"], "Payments", "payments", "\u0440ayments", "payments\u0301"]
    for name in names:
        assert ansible.run({**STRIPE, "name": name, "tags": [f"number {names.index(name)}"]})["changed"]
    assert sorted(row["name"] for row in emulator.instances) == sorted(names)
    assert not any(ansible.run({**STRIPE, "name": name})["changed"] for name in names)


UNSEEN = [
    "a\nb",
    "a\r\nX-Injected: 1",
    "a\x1b[31mb",
    "a\u202eb",
    "a\u2066b",
    "a\u2028b",
    "\ufeffa",
]


@pytest.mark.parametrize(
    "given",
    [
        lambda text: {**STRIPE, "name": text},
        lambda text: {**STRIPE, "tags": ["a", text]},
        lambda text: {**STRIPE, "element_key": text},
        lambda text: {**STRIPE, "base_url": f"https://{text}.example.com"},
        lambda text: {**STRIPE, "user_secret": f"canary{text}"},
        lambda text: {**STRIPE, "organization_secret": f"canary{text}"},
    ],
    ids=["name", "tags", "element_key", "base_url", "user_secret", "organization_secret"],
)
def test_what_can_not_be_seen_is_refused_in_words_that_can(ansible, emulator, given):
    for text in UNSEEN:
        result = ansible.run(given(text))
        assert result["error"]["kind"] == "invalid_options", ascii(text)
        assert result["msg"].isprintable()
        assert "canary" not in result["msg"]
    assert emulator.requests == []


KEYS = [
    "../instances",
    "..",
    ".",
    "stripe/../../instances/1",
    "a/b",
    "%2e%2e",
    "stripe?hydrate=false",
    "stripe#top",
    "strip e",
    "stripe%2F..",
    "stripe\\..\\x",
    "stripe;x=1",
    "str:ipe@host",
    "x" * 10_000,
    "{{ x }}",
]


@pytest.mark.parametrize("module", ["instance", "element_info", "oauth_info"])
def test_no_element_key_leads_out_of_its_place_in_the_path(ansible, emulator, module):
    oauth = {"oauth_api_key": "k", "oauth_api_secret": "s", "callback_url": "https://www.example.com"}
    given = {"instance": STRIPE, "oauth_info": oauth, "element_info": {}}[module]
    for key in KEYS:
        result = ansible.run({**given, "element_key": key}, module=module)
        if module == "element_info" and not result.get("failed"):
            assert result["elements"] == []
        else:
            assert result["error"]["kind"] in ("invalid_options", "not_found", "refused", "invalid_response"), key
            assert len(result["msg"]) < 2000
    for seen in emulator.requests:
        path = seen.path.strip("/").split("/")
        assert seen.path == "/instances" or (seen.method == "GET" and path[0] == "elements" and len(path) == 2)


@pytest.mark.parametrize("state", ["present", "absent"])
def test_what_is_no_id_is_refused_before_anything_is_sent(ansible, emulator, state):
    for given in (0, -1, -(10**30), 10**30, 2**63, True, False, 7.5, "7.5", "0x7", "", "seven"):
        result = ansible.run({"id": given, "name": "payments", "state": state})
        assert result["failed"], given
        assert "id" in result["msg"]
    assert emulator.requests == []


def test_an_id_may_be_spelled_as_ansible_takes_numbers(ansible, emulator):
    there = emulator.create("stripe", "payments")["id"]
    for given in (there, str(there), f" {there} ", float(there)):
        assert ansible.run({"id": given})["id"] == there


def test_ten_thousand_tags_are_a_set_like_any_other(ansible, emulator):
    tags = [f"tag {number}" for number in range(10_000)]
    emulator.create("stripe", "payments", tags=tags)
    assert not ansible.run({**STRIPE, "tags": [*tags[::-1], *tags]})["changed"]
    assert len(ansible.run({**STRIPE, "tags": [*tags, "one more"]}, check=True)["actions"][0]) < 20_000
    found = ansible.run({"tags": tags}, module="instance_info")
    assert [row["name"] for row in found["instances"]] == ["payments"]


def test_tags_that_would_not_stay_as_given_are_refused(ansible, emulator):
    for tags in [["a", ""], ["a", " "], ["<b>a</b>"], ["a", "ansible-secrets:1:x"], [" a"]]:
        assert ansible.run({**STRIPE, "tags": tags})["error"]["kind"] == "invalid_options"
    assert emulator.requests == []


def nested(depth):
    value = "bottom"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.parametrize("option", ["configuration", "secret_configuration", "provider_data"])
def test_no_depth_of_a_value_is_more_than_refused(ansible, emulator, option):
    for depth in (101, 300, 450):
        result = ansible.run({**STRIPE, option: {"x": nested(depth)}})
        assert result["error"]["kind"] == "invalid_options"
        assert "nested" in result["msg"]
    assert emulator.requests == []


@pytest.mark.parametrize("depth", [50, 99])
def test_a_deep_value_within_reason_is_sent_and_found_again(ansible, depth):
    given = {**STRIPE, "configuration": {"event.poller.configuration": nested(depth)}}
    assert ansible.run(given)["changed"]
    assert not ansible.run(given)["changed"]


@pytest.mark.parametrize("depth", [300, 2_000, 10_000])
def test_json_as_text_may_have_any_depth_and_is_then_a_text(ansible, depth):
    given = {**STRIPE, "configuration": {"event.poller.configuration": "[" * depth + "]" * depth}}
    assert ansible.run(given)["changed"]
    assert not ansible.run(given)["changed"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")], {"a": float("nan")}])
def test_a_number_that_json_does_not_have_is_refused(ansible, emulator, value):
    result = ansible.run({**STRIPE, "configuration": {"count": value}})
    assert result["error"]["kind"] == "invalid_options"
    assert emulator.requests == []


def test_any_other_value_is_sent_as_it_stands_and_found_again(ansible):
    for value in (10**400, -(10**400), 1e308, 5e-324, "\x00\x1b", "a\r\nb", "y" * 9_999, {"\x1b[31m": 1}):
        given = {**STRIPE, "configuration": {"event.metadata": value, "{{ odd }}\n": "x"}}
        assert ansible.run(given)["changed"]
        assert not ansible.run(given)["changed"], value


HALF = "\ud83d"


@pytest.mark.parametrize(
    "given",
    [
        {"configuration": {"x": HALF}},
        {"configuration": {"x": [{"y": f"a{HALF}"}]}},
        {"secret_configuration": {"x": f"canary{HALF}"}},
        {"provider_data": {"code": f"canary{HALF}"}},
        {"api_key": f"canary{HALF}"},
    ],
    ids=["configuration", "nested", "secret_configuration", "provider_data", "api_key"],
)
def test_half_a_character_is_refused_as_it_would_come_back_as_another(ansible, emulator, given):
    result = ansible.run({**STRIPE, "api_key": None, **given})
    assert result["error"]["kind"] == "invalid_options"
    assert "surrogate" in result["msg"]
    assert "canary" not in ansible.output
    assert emulator.requests == []


SECRETS = ["c\x00an\x1bary", "can\r\nary", "{{ canary }}", "canary" * 2_000, "canary, Organization x"]


@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_any_secret_is_sent_but_never_shown(ansible, emulator, secret):
    emulator.switches.echo_secrets = True
    given = {
        "name": "tickets",
        "element_key": "servicenow",
        "configuration": {"username": "u", "servicenow.subdomain": "s"},
        "secret_configuration": {"password": secret},
        "update_secrets": "on_change",
    }
    assert ansible.run(given)["changed"]
    assert not ansible.run(given)["changed"]
    emulator.inject(Fault("status", method="PATCH", status=400, message=f"{secret} is refused", times=None))
    result = ansible.run({**given, "tags": ["a"]})
    assert result["error"]["kind"] == "refused"
    assert result["msg"].isprintable()
    assert "canary" not in ansible.output


def test_a_token_that_would_break_the_header_is_not_sent(ansible, emulator):
    for token in ("to\r\nX-Injected: 1", "to\nken", "t\xf6ken", "a, Organization b", "to\x00", "\u2028", " "):
        body = {"id": 7, "name": "payments", "element": {"key": "stripe"}, "token": token, "configuration": {"a": "b"}}
        emulator.inject(Fault("body", path="^/instances$", method="GET", body=[body]))
        result = ansible.run({**STRIPE, "verify": True})
        assert result["error"]["kind"] == "invalid_response", ascii(token)
        assert "id 7" in result["msg"]
        assert result["msg"].isprintable()
    assert [seen.path for seen in emulator.requests] == ["/instances"] * 7


@pytest.mark.parametrize(
    "option", ["scope", "state", "site_address", "callback_url", "oauth_api_key", "oauth_api_secret"]
)
def test_nothing_that_is_asked_of_an_oauth_url_can_break_it(ansible, emulator, option):
    given = {"element_key": "sfdc", "oauth_api_key": "k", "oauth_api_secret": "s", "callback_url": "https://x"}
    for text in ("a\r\nb", "\x07"):
        result = ansible.run({**given, option: text}, module="oauth_info")
        assert result["error"]["kind"] == "invalid_options"
        assert option in result["msg"]
    assert emulator.requests == []


def test_a_page_that_can_not_be_told_from_the_next_ends_in_words(ansible, emulator, monkeypatch):
    monkeypatch.setattr(retry_budget_module.RetryBudget, "wait", lambda *_arguments: None)
    emulator.create("stripe", "payments")
    for huge in ("x" * 5_000, "&pageSize=1#"):
        headers = {"Elements-Next-Page-Token": huge}
        emulator.inject(Fault("latency", path="^/instances$", method="GET", seconds=0, headers=headers, times=1))
        result = ansible.run(STRIPE)
        assert result["error"]["kind"] == "refused", result
    assert posts(emulator) == []


def test_messages_of_the_platform_play_no_tricks(ansible, emulator):
    message = json.loads(r'"\u001b[2J\u0007\r\n\u202e\ud800 gone"') + "x" * 3_000_000
    emulator.inject(Fault("status", status=400, message=message, times=None))
    result = ansible.run(STRIPE)
    assert result["error"]["kind"] == "refused"
    assert result["msg"].isprintable()
    assert len(result["msg"]) < 1000
