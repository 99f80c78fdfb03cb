# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rule about what may be shown: by the key, by the value, and by who told it."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import (
    HARMLESS_KEYS,
    carries_secret,
    may_be_shown,
    names_secret,
)


@pytest.mark.parametrize(
    "key",
    [
        *(
            "password",
            "user.password",
            "PASSWORD",
            "passwordHash",
            "pass",
            "smtp.pass",
            "pwd",
            "db.passwd",
            "passphrase",
        ),
        *("api.key", "api_key", "apiKey", "APIKey", "API_KEY", "apikey", "x-api-key", "key", "keys", "consumer_key"),
        *("accesskey", "private.key", "privatekey", "sort.key", "event.notification.signature.key", "event.helper.key"),
        *("clientSecret", "client_secret", "client_secret_id", "secret_1", "oauth.api.key", "oauth.api.secret"),
        *("token", "oauth.user.token", "quickbase.apptoken", "accessToken", "token2", "token_id", "since_token"),
        *("credential", "credentials", "basic.auth", "httpAuth", "authorization", "authorization.header", "bearer"),
        *("cookie", "cookies", "session.id", "sessionId", "jwt", "jwt.assertion", "license", "licence.number", "dsn"),
        *("pin", "user.pin", "pin.mode", "totp", "otp.seed", "server.pem", "client.cert", "certificate", "signature"),
        *("bulk.api.key", "password.urls", "token.url.value", "authentication", "oauth2Token"),
    ],
)
def test_a_key_names_a_secret_if_one_of_its_words_does(key):
    assert names_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        *("oauth.token.url", "oauth.token.url2", "tokenUri", "oauth.callback.url", "oauth.authorization.url"),
        *("authentication.type", "password.enabled", "tokenExpires", "key_type", "totp.url"),
    ],
)
def test_a_key_that_is_only_about_a_secret_does_not_name_one(key):
    assert not names_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        *("", ".", "42", "username", "site", "base.url", "servicenow.subdomain", "oauth.scope", "oauth", "oauth2"),
        *("oauth.basic.header", "oauth.user.refresh_interval", "filter.response.nulls", "pagination.max", "clientId"),
        *("keyspace", "pinned", "secretary.name", "passive", "author", "certified.by", "connection.string"),
        *("event.notification.enabled", "event.poller.refresh_interval", "bulk.query.download_format", "日本"),
    ],
)
def test_other_keys_do_not_name_a_secret(key):
    assert not names_secret(key)


@pytest.mark.parametrize(
    "value",
    [
        # A mask and a PEM.
        *("********", "ab****yz", "[REDACTED]", "-----BEGIN PRIVATE KEY-----\nMII", ["a", {"b": "$encrypted$"}]),
        # A name and a value.
        *("Server=h;Password=pw", "jdbc:x;user=a;password=b", "a=1&password=x", "PASSWORD = hunter2", "password=\n x"),
        *("Authorization: Bearer x", "Bearer abc", "X-Auth: hunter2", "password => hunter2", "Pwd={hunter2}", "pin=1"),
        *("<password>hunter2</password>", '<ns:password a="b"><![CDATA[x]]>', "{'auth': ('a', 'b')}", "totp: x"),
        *("--password hunter2", "machine h login u password x", "password%3Dhunter2", "password%253Dhunter2"),
        *("%25252525", f"{'a' * 300}.password=x"),
        # The same in JSON, as such and in text.
        *({"a": {"password": "x"}}, [{"name": "Authorization", "value": "x"}], {"key": "password", "value": 5}),
        *('{"a": [{"apiKey": "x"}]}', '[["api.key", "x"]]', '{"a": "{\\"pin\\": \\"1\\"}"}', '{"n": NaN, "pin": 1}'),
        # A URL with a user, a query or a fragment.
        *("https://user:pass@www.example.com", "https://s3cretlogin@host/", "redis://:x@host/0", "see https://u@h"),
        *("https://user:pa/ss@host", "user:hunter2@host", "jdbc:oracle:thin:scott/tiger@host", '{"https://u@x": 1}'),
        *("https://h/?k=hunter2", "https://h/x?page=1", "https://h/service?wsdl", "https://h?x", "//h/?x", "h.com?x"),
        *("https://h/#access", "https://h/#/page", "https://h#x", '{"url": "https://u:p@x"}', "h:80/?x"),
        # A URL with a path that tells too much.
        *("https://hooks.example.com/hooks/catch/1234567/o1abcde/", "https://cb.example.com/hook/hunter2"),
        *("https://h/a/b", "https://h/hunter2", "https://h/v1/a/b", "https://h/v1/hunter2", "https://h/v1234567"),
        *("https://h/a;jsessionid=b", "https://h/%61bc", "hooks.example.com/a/b", "localhost:80/a/b", "to=h.com/a/b"),
        *("https://h/api/hooks", "a,https://h/a,https://h/b"),
        # What cannot be looked into.
        *("[" * 500 + "]" * 500, '{"a":' * 101 + "1" + "}" * 101, "[" * 100_000 + "]" * 100_000),
    ],
)
def test_a_value_carries_a_secret(value):
    assert carries_secret(value)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 5, "", " ", "7", "integration", "jane.doe@example.com", "jane@example.com, joe@example.com"),
        *("na1.salesforce.com", "db.example.com:5432", "587", "Lead,Contact", "11/22/2026T10:00:00Z", "a: b", "a=b"),
        *("yyyy-MM-dd'T'HH:mm:ss'Z'", "created>='${date}'", "/hubs/crm/leads", "/hubs/crm/leads?where=a=1", "text/csv"),
        *("https://www.example.com", "https://www.example.com/", "https://events.example.com/platform", "h.com/a"),
        *("https://h/v1", "https://h/v1.2/", "https://h/api/v2", "https://h/elements/api-v2", "https://h/V1/a"),
        *(
            "https://h:8080/a",
            "https://h?",
            "100% sure",
            "a%20b",
            "ünï",
            "Reset your password",
            "apikey",
            "oauth2Password",
        ),
        *('{"accounts": {"url": "/hubs/crm/accounts?where=x>=\'${date}\'", "idField": "id"}}', "{not json", "[" * 500),
        *('{"use.password": true, "token": null, "key": ""}', '{"name": "site", "value": "x"}', '{"type": "apikey"}'),
        *('{"email":"jane.doe@example.com"}', ["token"], "sk_test_4eC39HqLyjWDarjtT1zdp7dc"),
    ],
)
def test_an_ordinary_value_does_not_carry_a_secret(value):
    assert not carries_secret(value)


@pytest.mark.parametrize(
    "key", ["base.url", "baseUrl", "oauth.callback.url", "oauth.token.url", "oauth.token.refresh_url"]
)
def test_of_an_endpoint_only_user_query_and_fragment_may_be_secret(key):
    assert may_be_shown(key, "https://api.example.com/services/oauth2/token", (), given=True)
    for url in ("https://u@api.example.com", "https://api.example.com/?a", "https://api.example.com/#a"):
        assert not may_be_shown(key, url, (), given=True)


@pytest.mark.parametrize("key", ["zapier.url", "event.notification.callback.url", "base.urls", "oauth.proxy"])
def test_the_path_of_another_url_may_be_secret(key):
    assert not may_be_shown(key, "https://api.example.com/hooks/catch", (), given=True)


@pytest.mark.parametrize(
    ("key", "value", "given", "foreign"),
    [
        ("site", "x", True, False),
        ("base.url", "https://api.example.com/a/b", True, True),
        ("pagination.max", "100", True, True),
        ("password", "x", False, False),
        ("site", "Password=x", False, False),
        ("pagination.max", "Password=x", False, False),
        ("site", "", True, True),
        ("password", None, True, True),
    ],
)
def test_what_only_the_platform_told_is_shown_under_harmless_keys_alone(key, value, given, foreign):
    assert may_be_shown(key, value, (), given=True) is given
    assert may_be_shown(key, value, (), given=False) is foreign


@pytest.mark.parametrize("given", [True, False])
def test_a_plain_key_is_exempt_but_for_masks(given):
    for key, value in (("sort.key", "name"), ("site", "https://h/a/b?c"), ("username", "jane")):
        assert may_be_shown(key, value, {key}, given=given)
        assert not may_be_shown(key, value, {"other"}, given=False)
        assert not may_be_shown(key, "ab****yz", {key}, given=given)


def test_no_harmless_key_names_a_secret():
    assert not any(map(names_secret, HARMLESS_KEYS))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "[",
            "a",
            "a:",
            "a=",
            "a=b&",
            "://",
            "a:b",
            " ",
            "a.",
            '"a": ',
            "aB",
            "%25",
            "@",
            ":/@",
            "?",
            "<a ",
            "-a ",
            "a=>",
        ),
        *("{", "_", "*", "x", "/", "//", "a/", '"', 'a"', "hidden ", "_ ", "v1/", "=>"),
    ],
)
def test_the_search_in_a_long_value_ends(piece):
    assert carries_secret(piece * (100_000 // len(piece))) in (True, False)
