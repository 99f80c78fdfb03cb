# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a value looks like, whatever it is called."""

from __future__ import annotations

import time

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._credentials import betrays, is_flag


@pytest.mark.parametrize(
    "value",
    [
        *("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
        *("0123456789abcdef", "550e8400-e29b-41d4-a716-446655440000", "9f8e7d6c5b4a", "QwErTyUiOpAsDfGhJk", "z" * 32),
        *("AC0123456789abcdef0123456789abcdef", "eyJhbGciOi.eyJzdWIi", "Bearer abcdefgh", "Basic dTpwYXNz"),
        *("https://user:pass@www.example.com", "ftp://u:p@x/y", "jdbc:x;user=a;password=b", "PASSWORD = hunter2"),
        *("https://www.example.com/?sig=abc", "https://www.example.com/?a=b&api_key=c", "https://x/cb?code=1"),
        *("https://www.example.com/#access_token=abc", '{"a": [{"apiKey": "x"}]}', '{"url": "https://u:p@x"}'),
        *("-----BEGIN PRIVATE KEY-----", "********", "a***b"),
        *("redis://:hunter2@host/0", "https://s3cretlogin@host/", "https://user:pa/ss@host", "see https://u@h"),
        *("https://h/?pass=hunter2", "https://h/?pw=hunter2", "https://h/x?k=hunter2", "https://h/?user=a&hash=h2"),
        *("https://h/?page=1&k=hunter2", "https://h/?hunter2", "https://h/#hunter2", "/hubs/x?k=hunter2", "x?k=h"),
        *("https://h/#/page?k=hunter2", "https://h/?$where=a&$k=hunter2", "https://h/?page=1;k=hunter2"),
        *("password:  hunter2", "password => hunter2", "password=\n hunter2", "Pwd={hunter2}", "X-Auth: hunter2"),
        *("<password>hunter2</password>", '<ns:password a="b"> <![CDATA[hunter2]]>', "{'auth': ('a', 'hunter2')}"),
        *("https://h/?q=a%26password%3Dhunter2", "password%3Dhunter2", "password%253Dhunter2", "%25252525"),
        *("run --password hunter2", "-password 'hunter2'", "machine h password hunter2", "pin=1234", "totp: hunter2"),
        *("jdbc:oracle:thin:scott/tiger@host", "scott/tiger@host", "user:hunter2@host"),
        *('[{"name":"Authorization","value":"x"}]', '{"key": "password", "value": "x"}', '[["api.key", "hunter2"]]'),
        *('{"Header": "X-Api-Key", "content": "x"}', '{"https://u@x": 1}', '{"a": "{\\"pin\\": \\"1234\\"}"}'),
        *("[" * 500 + "]" * 500, '{"a":' * 101 + "1" + "}" * 101, "[" * 100_000 + "]" * 100_000),
        {"name": "password", "type": "x", "value": 5},
        {"a": {"password": "x"}},
        ["https://u:p@x"],
    ],
)
def test_a_value_that_looks_like_a_credential_or_holds_one_is_not_shown(value):
    assert betrays(value)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "integration",
            "jane.doe@example.com",
            "svc-ansible-2024",
            "na1.salesforce.com",
            "db.example.com:5432",
            "587",
        ),
        *("https://api.eu10.ext.hana.ondemand.com/x?page=1", "https://events.example.com/platform", "/hubs/crm/leads"),
        *("yyyy-MM-dd'T'HH:mm:ss'Z'", "created>='${date}'", "Lead,Contact,Account", "11/22/2026T10:00:00Z", "a: b"),
        *('{"accounts": {"url": "/hubs/crm/accounts"}}', '{"use.password": true}', "{not json", "", " ", "7", "ünï"),
        *(
            "https://h/x?page=1&pageSize=5&$orderby=a;lang=de#",
            "https://h/service?wsdl",
            "https://h/app/#/page",
            "?",
            "a?",
        ),
        *('{"email":"jane.doe@example.com"}', "jane@example.com, joe@example.com", "100% sure", "a%20b", "-Xmx 512m"),
        *('{"name": "password", "type": "string"}', '{"name": "site", "value": "x"}', "<site>x</site>", "--site x"),
        *("Reset your password", "[" * 500, '{"path": "/accounts?where=a=1", "n": NaN}', "https://h:8080/a/b;c"),
        {"use.password": True, "token": None, "n": 1},
        None,
        True,
        5,
    ],
)
def test_an_ordinary_value_is_shown(value):
    assert not betrays(value)


@pytest.mark.parametrize(
    "piece",
    [
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
        "Bearer ",
        "%25",
        "@",
        ":/@",
        "?",
        "<a ",
        "-a ",
        "a=>",
        "{",
    ],
)
def test_a_long_value_takes_no_long_time(piece):
    began = time.process_time()
    betrays(piece * (100_000 // len(piece)))
    assert time.process_time() - began < 5


def test_yes_and_no_tell_nothing():
    assert all(map(is_flag, ("true", "false", True, False)))
    assert not any(map(is_flag, ("True", "", None, "yes", 1.5)))
