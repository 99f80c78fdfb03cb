# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ipaddress

import pytest
import urllib3
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection import (
    Connection,
    complete_base_url,
    connection_from,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from hypothesis import given
from hypothesis import strategies as st

PARAMS = {
    "user_secret": "n8BXV3m/JpO2ypQcR9KVoGpELM9uOyTVW1eRnd9Mdcs=",
    "organization_secret": "2c8f6d1f7a2b4dd88bb2b5f16e3a4c1e",
    "base_url": "https://api.cloud-elements.com/elements/api-v2",
    "validate_certs": True,
    "ca_path": None,
    "timeout": 60.0,
    "retries": 5,
    "deadline": 600.0,
}
SECRETS = ["user_secret", "organization_secret"]


def refusal(**changed) -> str:
    with pytest.raises(CloudElementsError) as caught:
        connection_from({**PARAMS, **changed})
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS
    return caught.value.message


def test_good_options_become_a_connection_as_they_stand():
    assert connection_from(PARAMS) == Connection(**PARAMS)


@pytest.mark.parametrize(
    ("given_url", "base_url"),
    [
        (None, "https://api.cloud-elements.com/elements/api-v2"),
        ("api.cloud-elements.co.uk", "https://api.cloud-elements.co.uk/elements/api-v2"),
        ("https://api.cloud-elements.co.uk", "https://api.cloud-elements.co.uk/elements/api-v2"),
        ("https://api.cloud-elements.co.uk/", "https://api.cloud-elements.co.uk/elements/api-v2"),
        ("https://api.cloud-elements.co.uk/elements/api-v2", "https://api.cloud-elements.co.uk/elements/api-v2"),
        ("https://api.cloud-elements.co.uk/elements/api-v2//", "https://api.cloud-elements.co.uk/elements/api-v2"),
        ("  https://api.cloud-elements.co.uk \n", "https://api.cloud-elements.co.uk/elements/api-v2"),
        ("HTTPS://api.example.com", "https://api.example.com/elements/api-v2"),
        ("api.example.com/elements/api-v2", "https://api.example.com/elements/api-v2"),
        ("api.example.com:8443", "https://api.example.com:8443/elements/api-v2"),
        ("https://proxy.example.com/ce/elements/api-v2/", "https://proxy.example.com/ce/elements/api-v2"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443/elements/api-v2"),
        ("[2001:db8::1]", "https://[2001:db8::1]/elements/api-v2"),
        ("http://localhost:8080", "http://localhost:8080/elements/api-v2"),
        ("http://127.0.0.1:8080/elements/api-v2", "http://127.0.0.1:8080/elements/api-v2"),
        ("http://127.3.2.1", "http://127.3.2.1/elements/api-v2"),
        ("http://[::1]:8080", "http://[::1]:8080/elements/api-v2"),
        ("https://wolke.exämple.com", "https://wolke.exämple.com/elements/api-v2"),
    ],
)
def test_a_base_url_is_completed(given_url, base_url):
    assert complete_base_url(given_url) == base_url


@pytest.mark.parametrize(
    "given_url",
    [
        "",
        "   ",
        "\n",
        "/elements/api-v2",
        "https://",
        "https:///elements/api-v2",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "https://api.example.com:port",
        "https://api.example.com:99999",
        "https://[2001:db8::1",
        "https://api.example.com\\@evil.example.com",
        "https://api.example.com/elements api-v2",
        "https://api.exa\tmple.com",
        "https://api.exa\nmple.com",
        "https://api.example.com/elements/api-v2?x=1",
        "https://api.example.com/elements/api-v2#top",
        "http://api.cloud-elements.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "HTTP://api.cloud-elements.com",
        "https://ap\u2100.example.com",
        "https://a\x1b[31mpi.example.com",
        "https://a\u202epi.example.com",
        "https://api.example.com/\x00",
        "http://[::1]evil.example",
        "https://[::1]evil.example",
        "https://[::1]evil.example:8443",
        "https://[::1]x:8443",
        "http://[::1]:8080.evil.example",
        "https://[2001:db8::1]:80:90",
        "https://[fe80::1%25eth0]",
        "https://[fe80::1%eth0]",
        "https://[v1.fe80::a]",
        "https://[127.0.0.1]",
        "https://[::1",
        "https://::1]",
        "https://2001:db8::1",
        "https://x[::1]",
        "https://api.example.com:80:90",
        "https://api.example.com:",
        "https://api.example.com:0",
        "https://api.example.com:+80",
        "https://api.example.com:\uff18\uff10",
        "https://api%2eexample.com",
        "https://ex%61mple.com",
        "http://localhost%00.evil.example",
        "http://localhost.evil",
        "http://localhost\\.evil.example",
        "https://evil.example\\.example.com",
        "https://api..example.com",
        "https://.example.com",
        "https://api.example.com;x",
        "https://api.example.com,evil.example",
        "https://api.example.com&x",
        "https://*.example.com",
        "https://{region}.example.com",
    ],
)
def test_what_is_no_usable_base_url_is_refused(given_url):
    assert "base_url" in refusal(base_url=given_url)


@given(
    st.sampled_from(["https", "http"]),
    st.text("ab1.:[]%@\\-_~!$&'()*+,;= \t\u00e4\u2100\uff11", min_size=1, max_size=14)
    | st.builds(
        "{}{}{}".format,
        st.text("a1[]:%.", max_size=3),
        st.sampled_from(["localhost", "127.0.0.1", "[::1]", "api.example.com", "[2001:db8::1]"]),
        st.text("a1[]:%.\\", max_size=4),
    ),
)
def test_the_host_that_is_checked_is_the_one_that_the_http_library_connects_to(scheme, authority):
    try:
        base_url = complete_base_url(f"{scheme}://{authority}")
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        return
    there = urllib3.util.parse_url(base_url)
    port = f":{there.port}" if there.port is not None else ""
    assert there.auth is None
    assert authority.strip().lower() == f"{there.host}{port}" or not authority.isascii()
    if scheme == "http":
        assert there.host == "localhost" or ipaddress.ip_address(there.host.strip("[]")).is_loopback


labels = st.text("abcxyz019", min_size=1, max_size=12).map("h{}".format)


@given(st.sampled_from(["https", "http"]), st.lists(labels, min_size=2, max_size=4).map(".".join))
def test_plain_http_to_another_host_is_never_used(scheme, host):
    if scheme == "https":
        assert complete_base_url(f"{scheme}://{host}") == f"https://{host}/elements/api-v2"
    else:
        assert "https" in refusal(base_url=f"{scheme}://{host}")


@given(
    st.builds(
        "{}{}{}{}".format,
        st.lists(labels, min_size=1, max_size=3).map(".".join),
        st.sampled_from(["", ":443", ":8443"]),
        st.lists(labels, max_size=3).map(lambda path: "".join(map("/{}".format, path))),
        st.sampled_from(["", "/", "//"]),
    )
)
def test_a_completed_base_url_stays_as_it_is(text):
    once = complete_base_url(text)
    assert complete_base_url(once) == once
    assert once.startswith("https://")
    assert not once.endswith("/")


@pytest.mark.parametrize(
    "template",
    ["https://user:{}@api.example.com", "user:{}@api.example.com", "http://{}@localhost", "ftp://a:{}@h", "//u:{}@h"],
)
def test_a_base_url_with_a_user_is_refused_without_repeating_the_password(template):
    assert "hunter2canary" not in refusal(base_url=template.format("hunter2canary"))


@pytest.mark.parametrize("option", SECRETS)
def test_a_missing_secret_is_refused_and_the_message_names_option_and_variable(option):
    message = refusal(**{option: None})
    assert message.startswith(f"{option} is missing")
    assert f"CLOUD_ELEMENTS_{option.upper()}" in message


@pytest.mark.parametrize("option", SECRETS)
def test_an_empty_secret_is_refused_and_not_taken_for_missing(option):
    assert refusal(**{option: ""}).startswith(f"{option} is empty")


@pytest.mark.parametrize("option", SECRETS)
@pytest.mark.parametrize(
    "template", ["{}\n", "\n{}", " {}", "{} {}", "{},{}", "{}\t", "{}ä", "{}\u200b", "\0{}", "{}\x7f"]
)
def test_a_secret_that_would_break_the_header_is_refused_without_repeating_it(option, template):
    message = refusal(**{option: template.format("hunter2canary", "hunter2canary")})
    assert message.startswith(option)
    assert "hunter2" not in message


@given(st.sampled_from(SECRETS), st.text().map("hunter2canary{}".format))
def test_a_secret_is_taken_as_it_stands_or_refused_without_being_shown(option, value):
    try:
        connection = connection_from({**PARAMS, option: value})
    except CloudElementsError as error:
        assert value not in error.message
        assert not (value.isascii() and value.isprintable()) or " " in value or "," in value
    else:
        assert getattr(connection, option) == value
        assert value not in repr(connection)


@pytest.mark.parametrize("option", ["timeout", "deadline"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("-inf"), float("nan")])
def test_a_time_that_is_not_greater_than_nothing_is_refused(option, value):
    assert option in refusal(**{option: value})


def test_an_endless_timeout_is_refused_as_no_request_can_wait_that_long():
    assert "timeout" in refusal(timeout=float("inf"))


def test_negative_retries_are_refused():
    assert "retries" in refusal(retries=-1)


def test_no_retries_and_no_deadline_are_fine():
    connection = connection_from({**PARAMS, "retries": 0, "deadline": None})
    assert (connection.retries, connection.deadline) == (0, None)


def test_a_ca_path_that_is_not_there_is_refused(tmp_path):
    assert "ca_path" in refusal(ca_path=str(tmp_path / "none.pem"))
    assert connection_from({**PARAMS, "ca_path": str(tmp_path)}).ca_path == str(tmp_path)


def test_the_host_is_told_with_its_port_and_plain_http_is_known():
    secure = connection_from({**PARAMS, "base_url": "api.example.com:8443"})
    plain = connection_from({**PARAMS, "base_url": "http://localhost:8080"})
    assert (secure.host, secure.is_plain) == ("api.example.com:8443", False)
    assert (plain.host, plain.is_plain) == ("localhost:8080", True)
