# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import types
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.oauth import oauth_info
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    Stage,
    Turn,
    answered,
    refused,
)

GIVEN = {
    "element_key": "sfdc",
    "oauth_api_key": "public-client-id",
    "oauth_api_secret": "canary",
    "callback_url": "https://www.example.com/callback",
    "scope": None,
    "state": None,
    "site_address": None,
}
ASKED = {"apiKey": "public-client-id", "apiSecret": "canary", "callbackUrl": "https://www.example.com/callback"}
URL = Turn(Request("POST", "/elements/sfdc/oauth/url", body=ASKED), answered({"oauthUrl": "https://login.example.com"}))


def catalog(answer: Response) -> Turn:
    return Turn(Request("GET", "/elements/sfdc"), answer)


def ask(*script: Turn, **options: t.Any) -> dict[str, t.Any]:
    with Stage(*script) as stage:
        task: t.Any = types.SimpleNamespace(client=stage.client)
        return oauth_info({**GIVEN, **options}, task)


def failure(*script: Turn, **options: t.Any) -> CloudElementsError:
    with pytest.raises(CloudElementsError) as caught:
        ask(*script, **options)
    return caught.value


def test_only_what_was_given_is_asked_for():
    result = ask(catalog(answered({"key": "sfdc", "authentication": {"type": "oauth2"}})), URL)
    assert (result["oauth_url"], result["request_token"]) == ("https://login.example.com", None)


def test_where_the_catalog_may_not_be_read_it_is_taken_for_oauth_2():
    assert ask(catalog(refused(403)), URL)["oauth_url"] == "https://login.example.com"


def test_secrets_that_the_platform_refuses_are_an_error_and_the_url_is_not_asked_for():
    assert failure(catalog(refused(401))).kind is ErrorKind.UNAUTHORIZED


def test_an_element_that_the_platform_does_not_have_is_not_found():
    error = failure(catalog(refused(404)))
    assert (error.kind, error.status) == (ErrorKind.NOT_FOUND, 404)
    assert "'sfdc'" in error.message


@pytest.mark.parametrize("option", ["oauth_api_key", "oauth_api_secret", "callback_url", "scope", "state"])
@pytest.mark.parametrize("value", ["", " "])
def test_an_option_that_is_empty_is_refused_before_any_request(option, value):
    error = failure(**{option: value})
    assert error.kind is ErrorKind.INVALID_OPTIONS
    assert option in error.message
