# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand in a file, by its key and by its value."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._disclosure import (
    has_password,
    is_secret_key,
    is_server_made,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._elements import Entry


def entry(key, kind="TEXTFIELD_128", *, secret=False):
    return Entry(key, None, kind, None, required=True, secret=secret, internal=False)


def secret(key, element_key="servicenow", *, password=True, known=None):
    return is_secret_key(key, element_key, known, has_password=password)


@pytest.mark.parametrize(
    "key",
    [
        *("password", "api.key", "api_key", "api-token", "oauth.api.key", "oauth.api.secret", "clientSecret"),
        *("clientId", "client_id", "token_id", "consumer_key", "public_key", "oauth.basic.header", "converged_app"),
        *("event.notification.signature.key", "session.id", "id", "of.the.users.own", "", "42", "日本"),
        *("totp.url", "otpUrl", "card.number", "card.type", "ssn.number", "pin.mode", "cvv.path", "license.number"),
    ],
)
def test_what_is_a_secret_or_not_known_to_be_none_is_one(key):
    assert secret(key)


@pytest.mark.parametrize(
    "key",
    [
        *(
            "username",
            "user.username",
            "servicenow.subdomain",
            "company.name",
            "base.url",
            "baseUrl",
            "db.host",
            "port",
        ),
        *("netsuite.accountId", "merchantId", "quickbooks.realm.id", "events.list.ids", "oauth.scope", "site"),
        *("event.notification.callback.url", "event.poller.configuration", "pagination.max", "bulk.relations"),
        *("zuorav2.sandbox", "filemanagement.provider.region_name", "oauth.token.url", "authentication.type"),
    ],
)
def test_what_people_tell_each_other_is_none(key):
    assert not secret(key)


def test_what_the_catalogue_calls_a_password_is_one_whatever_its_name():
    assert secret("site", known=entry("site", "PASSWORD", secret=True))
    assert not secret("site", known=entry("site"))


@pytest.mark.parametrize(
    "element_key", ["stripe", "stripe-clone-20001", "closeio", "freshdeskv2", "bamboohr", "mixpanel", "chargebee"]
)
def test_a_user_name_that_is_the_api_key_is_a_secret(element_key):
    assert secret("username", element_key)


def test_a_user_name_without_a_password_is_what_the_element_authenticates_with():
    assert secret("username", "unheard-of", password=False)
    assert not secret("username", "unheard-of", password=True)
    assert has_password(["username", "db.password"])
    assert not has_password(["username", "event.notification.signature.key", "oauth.user.token"])


@pytest.mark.parametrize(
    "key",
    [
        *(
            "authentication.time",
            "expires_in",
            "oauth.user.token",
            "oauth.user.refresh_time",
            "sessionId",
            "session.id",
        ),
        *("event.notification.subscription.id", "autopilot.hook.contactadded.id", "helpscout.webhook.id"),
    ],
)
def test_what_the_platform_makes_is_known(key):
    assert is_server_made(key)


@pytest.mark.parametrize("key", ["username", "oauth.api.key", "event.notification.callback.url", "webhook.url"])
def test_what_users_give_is_not_taken_for_it(key):
    assert not is_server_made(key)
