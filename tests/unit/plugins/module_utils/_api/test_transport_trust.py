# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the transport trusts: certificates, authorities, proxies and the environment that names them."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import hashlib
import ssl
import time

import pytest
import trustme
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.error_report import explain
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.transport import Transport
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import Redactor
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import CONNECTION
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.proxy import Proxy
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.raw_server import (
    Server,
    free_port,
    hang_up,
    reset,
    response,
    silence,
)
from cryptography import x509

READ = Request("GET", "/instances/7")
CREATE = Request("POST", "/instances", body={"name": "payments"})
OK = response(body=b'{"id": 7}')
NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def serving(authority, name="127.0.0.1", **validity):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **validity).configure_cert(context)
    return context


def secure(port: int, host: str = "127.0.0.1", **options) -> Transport:
    return Transport(dataclasses.replace(CONNECTION, base_url=f"https://{host}:{port}/elements/api-v2", **options))


def told(answer: Response) -> str:
    """Return the message that a user gets to see."""
    return explain("Reading", "host", "GET", answer, 1, Redactor([])).message


@pytest.mark.parametrize(
    "validity",
    [{"not_before": NOW - 9 * DAY, "not_after": NOW - DAY}, {"not_before": NOW + DAY, "not_after": NOW + 9 * DAY}],
    ids=["expired", "not yet valid"],
)
def test_a_certificate_out_of_its_time_is_refused_before_anything_is_sent(authority, ca_path, validity):
    with Server(OK, tls=serving(authority, **validity)) as server:
        assert secure(server.port, ca_path=ca_path).exchange(CREATE, 5).outcome is Outcome.TLS
        assert server.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_for_another_name_of_this_very_host_is_refused(authority, ca_path, host):
    with Server(OK, tls=serving(authority, "other.example.com")) as server:
        assert secure(server.port, host, ca_path=ca_path).exchange(CREATE, 5).outcome is Outcome.TLS
        assert server.requests == []


def test_a_certificate_that_signed_itself_is_refused_and_only_trusted_where_it_is_given(tmp_path):
    lonely = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    lonely.private_key_pem.write_to_path(str(key))
    lonely.cert_pem.write_to_path(str(chain))
    context.load_cert_chain(str(chain), str(key))
    with Server(OK, tls=context) as server:
        answer = secure(server.port).exchange(CREATE, 5)
        assert answer.outcome is Outcome.TLS
        assert "ca_path" in told(answer)
        assert server.requests == []


def test_a_version_of_tls_that_is_too_old_is_refused(authority, ca_path):
    context = serving(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Server(OK, tls=context) as server:
        answer = secure(server.port, ca_path=ca_path).exchange(CREATE, 5)
        assert answer.outcome is Outcome.TLS
        assert server.requests == []


def subject_hash(authority) -> str:
    """Return the name by which OpenSSL finds a certificate in a directory, as 'openssl x509 -hash' tells it."""
    subject = x509.load_pem_x509_certificate(authority.cert_pem.bytes()).subject
    canonical = x509.Name([x509.NameAttribute(part.oid, str(part.value).lower()) for part in subject]).public_bytes()
    # Without the head of the sequence, whose length is one byte here.
    return hashlib.sha1(canonical[2:]).digest()[3::-1].hex()


def test_a_directory_of_authorities_is_taken_where_it_is_prepared(authority, ca_path, tmp_path):
    folder = tmp_path / "authorities"
    folder.mkdir()
    (folder / f"{subject_hash(authority)}.0").write_bytes(authority.cert_pem.bytes())
    with Server(OK, tls=serving(authority)) as server:
        assert secure(server.port, ca_path=str(folder)).exchange(READ, 5).outcome is Outcome.DONE


def unusable_file(folder):
    path = folder / "no.pem"
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n")
    return path


def unusable_folder(folder):
    path = folder / "plain"
    path.mkdir()
    (path / "ca.pem").write_bytes(trustme.CA().cert_pem.bytes())
    return path


def empty_file(folder):
    path = folder / "empty.pem"
    path.touch()
    return path


def device(folder):
    return "/dev/null"


@pytest.mark.parametrize("make", [unusable_file, unusable_folder, empty_file, device])
@pytest.mark.parametrize("given_by", ["ca_path", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_authorities_that_can_not_be_used_are_named_and_nothing_is_sent(
    authority, tmp_path, monkeypatch, make, given_by
):
    path = str(make(tmp_path))
    if given_by != "ca_path":
        monkeypatch.setenv(given_by, path)
    with Server(OK, tls=serving(authority)) as server:
        answer = secure(server.port, ca_path=path if given_by == "ca_path" else None).exchange(CREATE, 5)
        assert answer.outcome is Outcome.TLS
        assert given_by in answer.detail
        assert "canary" not in told(answer)
        assert server.connections == 0


def test_a_bundle_of_the_environment_that_is_not_there_is_named(authority, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with Server(OK, tls=serving(authority)) as server:
        answer = secure(server.port).exchange(CREATE, 5)
        assert answer.outcome is Outcome.TLS
        assert "REQUESTS_CA_BUNDLE" in answer.detail


def test_an_authority_that_may_not_be_read_is_named(authority, ca_path, monkeypatch):
    def denied(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", denied)
    answer = secure(free_port(), ca_path=ca_path).exchange(CREATE, 5)
    assert answer.outcome is Outcome.TLS
    assert "ca_path cannot be read" in answer.detail


@pytest.mark.parametrize("bundle", ["none.pem", "no.pem"])
def test_a_broken_bundle_does_not_count_where_nothing_is_verified(authority, tmp_path, monkeypatch, bundle):
    unusable_file(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / bundle))
    with Server(OK, tls=serving(authority)) as server:
        assert secure(server.port, validate_certs=False).exchange(READ, 5).outcome is Outcome.DONE


PROXIES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]


@pytest.mark.parametrize("variable", PROXIES)
def test_a_tunnel_through_the_proxy_of_the_environment_is_used_and_the_proxy_sees_no_secret(
    authority, tmp_path, monkeypatch, variable
):
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with Server(OK, OK, tls=serving(authority, "api.example.com")) as server, Proxy(server.port) as proxy:
        monkeypatch.setenv(variable, f"http://someone:proxy-canary@127.0.0.1:{proxy.port}")
        transport = Transport(dataclasses.replace(CONNECTION, ca_path=str(bundle)))
        answers = [transport.exchange(request, 5) for request in (READ, CREATE)]
        assert [answer.outcome for answer in answers] == [Outcome.DONE, Outcome.DONE]
        assert len(proxy.requests) == proxy.connections == 1
        assert proxy.requests[0].startswith(b"CONNECT api.example.com:443")
        assert b"secret-canary" not in proxy.requests[0]
        assert base64.b64encode(b"someone:proxy-canary") in proxy.requests[0]
        assert "proxy-authorization" not in server.head()


def test_a_certificate_behind_a_proxy_is_verified_too(authority, monkeypatch):
    with Server(OK, tls=serving(authority, "api.example.com")) as server, Proxy(server.port) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        assert Transport(CONNECTION).exchange(CREATE, 5).outcome is Outcome.TLS
        assert server.requests == []


@pytest.mark.parametrize("hosts", ["127.0.0.1", "*", "elsewhere.example.com,127.0.0.1", "127.0.0.0/8", " 127.0.0.1 "])
@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
def test_no_proxy_is_used_for_a_host_that_the_environment_excepts(authority, ca_path, monkeypatch, variable, hosts):
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv(variable, hosts)
    with Server(OK, tls=serving(authority)) as server:
        assert secure(server.port, ca_path=ca_path).exchange(READ, 5).outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("hosts", "excepted"),
    [
        ("example.com", True),
        (".example.com", True),
        ("api.example.com", True),
        ("api.example.com:443", True),
        ("ample.org", False),
        ("other.example.com", False),
        ("", False),
    ],
)
def test_a_suffix_of_the_host_excepts_it_too(monkeypatch, hosts, excepted):
    with Server(response("502 Bad Gateway", b"")) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", hosts)
        connection = dataclasses.replace(CONNECTION, base_url="https://api.example.com:443/elements/api-v2")
        Transport(connection).exchange(READ, 2)
        assert (proxy.connections == 0) is excepted


def test_a_proxy_for_plain_http_alone_is_not_used_for_https(authority, ca_path, monkeypatch):
    with Server(OK, tls=serving(authority)) as server, Server(OK) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert secure(server.port, ca_path=ca_path).exchange(READ, 5).outcome is Outcome.DONE
        assert proxy.connections == 0


@pytest.mark.parametrize(
    "reply",
    [
        response("407 Proxy Authentication Required", b"", 'Proxy-Authenticate: Basic realm="\x1b[31mcanary"'),
        response("502 Bad Gateway", b"canary"),
        response("302 Found", b"", "Location: https://canary.example.com/"),
        response("500 \x1b[31mcanary", b""),
        b"canary\r\n\r\n",
        hang_up,
        reset,
    ],
    ids=["407", "502", "302", "escape", "garbage", "hang-up", "reset"],
)
@pytest.mark.parametrize("request_", [READ, CREATE])
def test_a_proxy_that_refuses_is_told_without_its_words_or_its_password(monkeypatch, reply, request_):
    with Server(reply) as proxy:
        monkeypatch.setenv("https_proxy", f"http://someone:canary@127.0.0.1:{proxy.port}")
        answer = Transport(CONNECTION).exchange(request_, 5)
        assert b"secret-canary" not in b"".join(proxy.requests)
    assert answer.outcome in (Outcome.NOT_SENT, Outcome.BROKEN)
    assert "canary" not in told(answer)
    assert told(answer).isprintable()


def test_a_proxy_that_says_nothing_is_a_timeout_in_time(monkeypatch):
    with Server(silence) as proxy:
        monkeypatch.setenv("https_proxy", f"http://someone:canary@127.0.0.1:{proxy.port}")
        begun = time.monotonic()
        answer = Transport(CONNECTION).exchange(CREATE, 0.5)
        assert time.monotonic() - begun < 4
    assert answer.outcome in (Outcome.TIMEOUT, Outcome.NOT_SENT)
    assert "canary" not in told(answer)


def test_a_proxy_that_is_down_is_told_without_its_password(monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://someone:canary@127.0.0.1:{free_port()}")
    answer = Transport(CONNECTION).exchange(CREATE, 5)
    assert answer.outcome is Outcome.NOT_SENT
    assert "canary" not in told(answer)


@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        "http://someone:canary@",
        "ftp://someone:canary@127.0.0.1:9",
        "socks9://someone:canary@127.0.0.1:9",
        "http://someone:canary@127.0.0.1:port",
        "http://127.0.0.1:99999",
        "://",
    ],
)
def test_a_proxy_whose_url_can_not_be_used_is_told_and_nothing_was_sent(monkeypatch, url):
    monkeypatch.setenv("https_proxy", url)
    answer = Transport(CONNECTION).exchange(CREATE, 5)
    assert answer.outcome in (Outcome.REFUSED, Outcome.NOT_SENT)
    assert "proxy" in told(answer)
    assert "canary" not in told(answer)


@pytest.mark.parametrize("variable", [*PROXIES, "http_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_plain_http_to_this_host_never_goes_to_a_proxy(monkeypatch, variable, host):
    with Server(OK) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{free_port()}")
        connection = dataclasses.replace(CONNECTION, base_url=f"http://{host}:{server.port}/elements/api-v2")
        assert Transport(connection).exchange(CREATE, 5).outcome is Outcome.DONE


@pytest.mark.parametrize("reply", ["301 Moved", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_over_tls_is_not_followed_to_plain_http(authority, ca_path, reply):
    with Server(OK) as elsewhere:
        moved = response(reply, b"", f"Location: http://127.0.0.1:{elsewhere.port}/")
        with Server(moved, tls=serving(authority)) as server:
            answer = secure(server.port, ca_path=ca_path).exchange(CREATE, 5)
        assert answer.outcome is Outcome.REDIRECT
        assert str(elsewhere.port) not in told(answer)
        assert elsewhere.connections == 0


def test_authorities_do_not_count_for_plain_http_to_this_host(tmp_path):
    with Server(OK) as server:
        base_url = f"http://127.0.0.1:{server.port}/elements/api-v2"
        connection = dataclasses.replace(CONNECTION, base_url=base_url, ca_path=str(empty_file(tmp_path)))
        assert Transport(connection).exchange(READ, 5).outcome is Outcome.DONE
