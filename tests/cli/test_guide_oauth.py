# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on OAuth is followed. What a reader would do in between is played: visiting a provider."""

from __future__ import annotations

import json
import re
import urllib.parse

import pytest
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    follow,
    followed,
    section,
    sections,
)

SFDC = {"SFDC_CLIENT_ID": "made-up-sfdc-client", "SFDC_CLIENT_SECRET": "made-up-sfdc-client-secret"}
TWITTER = {"TWITTER_API_KEY": "made-up-twitter-key", "TWITTER_API_SECRET": "made-up-twitter-secret"}
CALLBACK = "https://www.example.com/callback"


def visit(run, answer):
    """Visit the URL in the output, grant access, and return what is in the URL that the browser ends at, decoded."""
    asked = urllib.parse.urlsplit(re.search(r"Visit (https://[^\s\"]+)", run.output)[1])
    query = dict(urllib.parse.parse_qsl(asked.query))
    kept = {name: query[name] for name in ("state", "oauth_token") if name in query}
    assert CALLBACK in (query.get("redirect_uri"), query.get("oauth_callback"))
    end = f"{CALLBACK}?{urllib.parse.urlencode({**answer, **kept})}"
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(end).query))


@section("oauth", "OAuth 2 with a browser")
def oauth2(reader: Reader) -> None:
    reader.write("ask.yml")
    end = visit(reader.next(SFDC), {"code": "aPrx.made_up/code=="})
    assert end["state"] == "crm"
    reader.write("code.yml", {"the-code-from-the-callback-url==": end["code"]})
    reader.write("crm.yml")
    reader.sent()
    first = reader.next(SFDC)
    assert changed(first)
    ((method, body),) = reader.sent()
    assert (method, body["providerData"]) == ("POST", {"code": "aPrx.made_up/code=="})
    assert (reader.ansible.home / "crm.token").read_text() == reader.stored["token"]
    for secret in (reader.stored["token"], SFDC["SFDC_CLIENT_SECRET"], end["code"]):
        assert secret not in first.output
    assert not changed(reader.next(SFDC)) and reader.sent() == []


@section("oauth", "OAuth 1")
def oauth1(reader: Reader) -> None:
    reader.write("ask-twitter.yml")
    asked = reader.next(TWITTER)
    request = json.loads((reader.ansible.home / "request.json").read_text())
    end = visit(asked, {"oauth_verifier": "made-up-verifier"})
    assert end["oauth_token"] == request["request_token"]
    assert request["request_secret"] not in asked.output
    reader.write("verifier.yml", {"the-verifier-from-the-callback-url": end["oauth_verifier"]})
    reader.write("twitter.yml")
    reader.sent()
    run = reader.next(TWITTER)
    ((method, body),) = reader.sent()
    assert changed(run) and method == "POST"
    assert body["providerData"] == {
        "oauth_token": request["request_token"],
        "oauth_verifier": "made-up-verifier",
        "secret": request["request_secret"],
    }
    assert reader.stored["token"] not in run.output and TWITTER["TWITTER_API_SECRET"] not in run.output


@section("oauth", "Without a browser")
def headless(reader: Reader) -> None:
    refresh_token = {"SFDC_REFRESH_TOKEN": "made-up-refresh-token"}
    reader.write("headless.yml")
    assert changed(reader.next({**SFDC, **refresh_token}))
    ((method, body),) = reader.sent()
    assert (method, body["externalAuthentication"]) == ("POST", "initial")
    assert body["configuration"]["oauth.user.refresh_token"] == "made-up-refresh-token"
    assert reader.stored["configuration"]["oauth.user.refresh_token"] != "made-up-refresh-token"


@section("oauth", "Authenticating again")
def again(reader: Reader) -> None:
    reader.emulator.switches.token_on_reauthentication = "new"
    reader.emulator.create(
        "sfdc", "crm", {"oauth.callback.url": CALLBACK, "oauth.api.key": "k", "oauth.api.secret": "s"}
    )
    before = reader.stored
    reader.write("crm.yml")
    reader.write("code.yml", {"the-code-from-the-callback-url==": "a-new-code"})
    assert changed(reader.next(SFDC))
    assert reader.sent() == [("PATCH", {"name": "crm", "providerData": {"code": "a-new-code"}})]
    after = reader.stored
    assert after["id"] == before["id"] and after["token"] != before["token"]
    assert (reader.ansible.home / "crm.token").read_text() == after["token"]


@pytest.mark.parametrize("title", sections("oauth"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("oauth", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("oauth") == set(sections("oauth"))
