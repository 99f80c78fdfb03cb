# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import gzip
import importlib.util
import json
import socket
import ssl
import sys
import time

import pytest
import trustme
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import transport as transport_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.transport import Transport
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import CONNECTION
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.raw_server import (
    Server,
    cut_off,
    dripping,
    flooding,
    free_port,
    hang_up,
    reset,
    response,
    silence,
)

READ = Request("GET", "/instances/7")
CREATE = Request("POST", "/instances", body={"name": "Köln", "on": True})
OK = response(body=b'{"id": 7}')


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def plain(port: int) -> Transport:
    return Transport(dataclasses.replace(CONNECTION, base_url=f"http://127.0.0.1:{port}/elements/api-v2"))


def secure(port: int, **options) -> Transport:
    base_url = f"https://127.0.0.1:{port}/elements/api-v2"
    return Transport(dataclasses.replace(CONNECTION, base_url=base_url, **options))


def exchanged(reply, request: Request = READ, seconds: float = 5.0):
    """Return the answer to a request that a server gives this reply to, after checking that it was sent once."""
    with Server(reply, OK, OK) as server:
        answer = plain(server.port).exchange(request, seconds)
        assert len(server.requests) == 1
    return answer


def test_a_platform_call_goes_with_the_user_and_the_organization_and_nothing_else():
    with Server(OK) as server:
        plain(server.port).exchange(READ, 5)
    head = server.head()
    assert head["authorization"] == "User user-secret-canary, Organization organization-secret-canary"
    assert head["user-agent"] == "cloud_elements.platform (Ansible collection)"
    assert head["accept"] == "application/json"
    assert "content-type" not in head
    assert server.requests[0].startswith(b"GET /elements/api-v2/instances/7 HTTP/1.1\r\n")


def test_a_call_on_behalf_of_an_instance_goes_with_its_token_instead_of_the_organization():
    with Server(OK) as server:
        plain(server.port).exchange(Request("GET", "/ping", token="a+b/c="), 5)
    assert server.head()["authorization"] == "User user-secret-canary, Element a+b/c="


def test_a_body_is_sent_as_json_with_its_types():
    with Server(OK) as server:
        plain(server.port).exchange(CREATE, 5)
    assert server.head()["content-type"] == "application/json"
    assert json.loads(server.requests[0].partition(b"\r\n\r\n")[2]) == {"name": "Köln", "on": True}


def test_a_query_is_encoded_so_that_every_server_reads_it_alike():
    query = (("pageSize", "200"), ("searchText", "a b+c&d"), ("tags[]", "ä"), ("tags[]", "x"))
    with Server(OK) as server:
        plain(server.port).exchange(Request("GET", "/instances", query=query), 5)
    path = server.requests[0].split(b" ")[1].decode()
    assert path == ("/elements/api-v2/instances?pageSize=200&searchText=a%20b%2Bc%26d&tags%5B%5D=%C3%A4&tags%5B%5D=x")


def test_a_good_answer_is_read_with_its_status_headers_and_body():
    answer = exchanged(response("200 OK", b'{"id": 7}', "Elements-Next-Page-Token: abc"))
    assert (answer.outcome, answer.status, answer.body, answer.readable) == (Outcome.DONE, 200, {"id": 7}, True)
    assert answer.headers["elements-next-page-token"] == "abc"


def test_a_refusal_is_read_with_its_body():
    answer = exchanged(response("409 Conflict", b'{"message": "In use"}'))
    assert (answer.outcome, answer.status, answer.body) == (Outcome.REFUSED, 409, {"message": "In use"})


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("429 Too Many Requests", Outcome.RATE_LIMITED),
        ("503 Service Unavailable", Outcome.UNAVAILABLE),
    ],
)
def test_retry_after_is_told_in_seconds(status, outcome):
    answer = exchanged(response(status, b"{}", "Retry-After: 7"))
    assert (answer.outcome, answer.retry_after) == (outcome, 7)


@pytest.mark.parametrize("header", ["soon", "Mon, 01 Jan 99999999999999 00:00:00 GMT", ""])
def test_an_odd_retry_after_breaks_nothing(header):
    answer = exchanged(response("503 Service Unavailable", b"{}", f"Retry-After: {header}"))
    assert (answer.outcome, answer.retry_after) == (Outcome.BROKEN, None)


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent"])
@pytest.mark.parametrize("request_", [READ, CREATE])
def test_a_redirect_is_not_followed(status, request_):
    with Server(OK) as elsewhere:
        answer = exchanged(response(status, b"", f"Location: http://127.0.0.1:{elsewhere.port}/"), request_)
        assert answer.outcome is Outcome.REDIRECT
        assert elsewhere.connections == 0


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{", b"[1,]", b'{"a": NaN}', b"Infinity", b'"\xff"', b"[" * 100_000],
    ids=["html", "cut", "comma", "NaN", "Infinity", "encoding", "depth"],
)
@pytest.mark.parametrize(("status", "outcome"), [("200 OK", Outcome.BROKEN), ("404 Not Found", Outcome.REFUSED)])
def test_an_answer_that_is_not_json_is_not_readable(status, outcome, body):
    answer = exchanged(response(status, body))
    assert (answer.outcome, answer.readable, answer.body) == (outcome, False, None)


def test_an_empty_answer_is_broken_where_one_was_asked_for():
    assert exchanged(response(body=b"")).outcome is Outcome.BROKEN
    assert exchanged(response(body=b"")).readable is False


def test_a_call_that_answers_nothing_is_done_with_an_empty_answer():
    delete = Request("DELETE", "/instances/7", answers=False)
    assert exchanged(response(body=b""), delete).outcome is Outcome.DONE
    assert exchanged(b"HTTP/1.1 204 No Content\r\n\r\n", delete).outcome is Outcome.DONE


@pytest.mark.parametrize("body", [b"<html>", b"pong", b"{"])
def test_a_page_is_no_answer_to_a_call_that_answers_nothing(body):
    answer = exchanged(response(body=body), Request("DELETE", "/instances/7", answers=False))
    assert (answer.outcome, answer.readable) == (Outcome.BROKEN, False)


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("request_", [READ, CREATE])
@pytest.mark.parametrize(
    "reply",
    [
        reset,
        hang_up,
        cut_off(b"HTTP/1.1 20"),
        cut_off(HEAD + b"Content-Length: 100\r\n\r\n[1, 2"),
        cut_off(HEAD + b"Content-Length: 100\r\n\r\n[]"),
        cut_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n"),
        cut_off(b"\x00\x01\x02 garbage \xff\r\n\r\n"),
        cut_off(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n"),
        cut_off(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n[]"),
    ],
    ids=["reset", "hang-up", "status", "body", "valid body", "chunks", "garbage", "chunk size", "gzip"],
)
def test_an_answer_that_is_lost_on_the_way_is_broken_and_nothing_is_sent_again(reply, request_):
    assert exchanged(reply, request_).outcome is Outcome.BROKEN


@pytest.mark.parametrize(
    "reply",
    [
        silence,
        dripping(HEAD + b"X-Slow: "),
        dripping(HEAD, b"X-More: x\r\n"),
        dripping(HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "header", "headers", "body", "chunks", "continue"],
)
def test_an_answer_that_is_not_complete_in_time_is_a_timeout(reply):
    begun = time.monotonic()
    answer = exchanged(reply, seconds=0.5)
    # The same words for all of them, though silence is met by the library's own timeout too.
    assert (answer.outcome, answer.detail) == (Outcome.TIMEOUT, "no complete answer within 0.5 seconds")
    assert time.monotonic() - begun < 3


def test_after_a_timeout_the_next_request_is_answered_on_a_connection_of_its_own():
    with Server(silence, OK) as server:
        transport = plain(server.port)
        assert transport.exchange(READ, 0.3).outcome is Outcome.TIMEOUT
        assert transport.exchange(READ, 5).body == {"id": 7}
        assert server.connections == 2


def interim(status: str):
    """Return a reply that is interim, and the final one half a second later."""

    def reply(server: Server, connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\nLink: </style.css>\r\n\r\n".encode())
        time.sleep(0.2)
        connection.sendall(response(body=b'{"id": 666}'))

    return reply


@pytest.mark.parametrize("status", ["102 Processing", "103 Early Hints", "101 Switching Protocols", "199 Odd"])
def test_an_interim_answer_is_not_the_final_one_and_its_connection_is_not_used_again(status):
    with Server(interim(status), OK) as server:
        transport = plain(server.port)
        first = transport.exchange(CREATE, 5)
        time.sleep(0.3)  # The final answer is there by then.
        second = transport.exchange(READ, 5)
        assert (first.outcome, first.status) == (Outcome.BROKEN, int(status[:3]))
        assert (second.outcome, second.body) == (Outcome.DONE, {"id": 7})
        assert server.connections == 2


def test_an_answer_that_says_to_go_on_is_waited_for():
    assert exchanged(b"HTTP/1.1 100 Continue\r\n\r\n" + OK).body == {"id": 7}


def two_lengths(server: Server, connection: socket.socket) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    )


@pytest.mark.parametrize(
    "reply",
    [
        response("200 OK", b"<html>"),
        response("204 No Content", b""),
        response("302 Found", b"{}", "Location: /x"),
        two_lengths,
    ],
    ids=["a page", "no content", "a redirect", "two lengths"],
)
def test_only_after_a_final_and_well_formed_answer_is_a_connection_used_again(reply):
    with Server(reply, OK) as server:
        transport = plain(server.port)
        transport.exchange(READ, 5)
        assert transport.exchange(READ, 5).body == {"id": 7}
        assert server.connections == 2


def test_after_it_was_closed_a_transport_makes_a_new_connection():
    with Server(OK, OK) as server:
        transport = plain(server.port)
        transport.exchange(READ, 5)
        transport.close()
        assert transport.exchange(READ, 5).body == {"id": 7}
        assert server.connections == 2


def test_the_size_of_a_body_is_told():
    assert exchanged(OK).size == len(b'{"id": 7}')


def test_a_connection_is_used_again():
    with Server(OK, OK, OK) as server:
        transport = plain(server.port)
        for _request in range(3):
            assert transport.exchange(CREATE, 5).outcome is Outcome.DONE
        assert server.connections == 1
        transport.close()


def test_a_connection_that_the_server_closed_in_between_does_not_lose_the_next_request():
    def answer_and_close(server, connection):
        connection.sendall(OK)
        connection.shutdown(socket.SHUT_RDWR)

    with Server(answer_and_close, OK) as server:
        transport = plain(server.port)
        assert transport.exchange(READ, 5).outcome is Outcome.DONE
        time.sleep(0.1)
        assert transport.exchange(CREATE, 5).outcome is Outcome.DONE
        assert len(server.requests) == 2


@pytest.mark.parametrize(("seconds", "told"), [(0.19952371, "0.2"), (59.95237, "60"), (1000.0, "1000")])
def test_what_a_task_had_left_is_told_in_few_digits(seconds, told, monkeypatch):
    def overdue(_seconds, _call):
        raise transport_module._OverdueError

    monkeypatch.setattr(transport_module, "_within", overdue)
    assert plain(9).exchange(READ, seconds).detail == f"no complete answer within {told} seconds"


@pytest.mark.parametrize("start", [HEAD + b"Content-Length: 100000000000\r\n\r\n", HEAD + b"Connection: close\r\n\r\n"])
def test_an_answer_without_end_is_not_read_to_its_end(start, monkeypatch):
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", 1024 * 1024)
    answer = exchanged(flooding(start))
    assert (answer.outcome, answer.readable) == (Outcome.BROKEN, False)
    assert "1 MiB" in answer.detail


def test_an_answer_that_is_large_only_when_unpacked_is_not_unpacked_to_its_end(monkeypatch):
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", 1024 * 1024)
    packed = gzip.compress(b" " * 20 * 1024 * 1024)
    answer = exchanged(response("200 OK", packed, "Content-Encoding: gzip"))
    assert (answer.outcome, answer.readable) == (Outcome.BROKEN, False)


def test_an_answer_of_the_largest_size_is_read(monkeypatch):
    monkeypatch.setattr(transport_module, "LARGEST_ANSWER", 1024)
    assert exchanged(response(body=b"[]".ljust(1024))).body == []
    assert exchanged(response(body=b"[]".ljust(1025))).outcome is Outcome.BROKEN


def test_where_nothing_listens_nothing_was_sent():
    answer = plain(free_port()).exchange(CREATE, 5)
    assert (answer.outcome, answer.status) == (Outcome.NOT_SENT, None)


def test_where_the_name_is_not_known_nothing_was_sent(monkeypatch):
    def unknown(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    transport = Transport(dataclasses.replace(CONNECTION, base_url="https://nowhere.example.com/elements/api-v2"))
    assert transport.exchange(CREATE, 5).outcome is Outcome.NOT_SENT


def test_a_name_that_takes_too_long_to_look_up_is_a_timeout(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: time.sleep(3) or [])
    begun = time.monotonic()
    transport = Transport(dataclasses.replace(CONNECTION, base_url="https://slow.example.com/elements/api-v2"))
    assert transport.exchange(READ, 0.2).outcome is Outcome.TIMEOUT
    assert time.monotonic() - begun < 2


def test_a_host_that_does_not_take_the_connection_in_time_was_sent_nothing(monkeypatch):
    def unanswered(*_arguments):
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", unanswered)
    answer = plain(free_port()).exchange(CREATE, 5)
    assert (answer.outcome, answer.detail) == (Outcome.NOT_SENT, "no connection could be made in time")


def test_a_mistake_of_ours_is_raised_at_once_and_not_taken_for_a_timeout():
    with pytest.raises(TypeError):
        plain(free_port()).exchange(Request("POST", "/instances", body={"name": object()}), 5)


def test_where_requests_is_not_installed_that_is_kept_to_be_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    spec = importlib.util.find_spec(transport_module.__name__)
    bare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bare)
    assert "requests" in bare.REQUESTS_IMPORT_ERROR


def test_a_host_that_can_not_exist_is_refused():
    transport = Transport(dataclasses.replace(CONNECTION, base_url=f"https://{'a' * 64}.example.com/elements/api-v2"))
    assert transport.exchange(READ, 5).outcome is Outcome.REFUSED


def test_a_certificate_of_the_given_authority_verifies(authority, ca_path):
    with Server(OK, tls=server_context(authority)) as server:
        assert secure(server.port, ca_path=ca_path).exchange(READ, 5).outcome is Outcome.DONE


def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_sent(authority):
    with Server(OK, tls=server_context(authority)) as server:
        assert secure(server.port).exchange(CREATE, 5).outcome is Outcome.TLS
        assert server.requests == []


def test_a_certificate_for_another_host_is_refused(authority, ca_path):
    with Server(OK, tls=server_context(authority, "other.example.com")) as server:
        assert secure(server.port, ca_path=ca_path).exchange(READ, 5).outcome is Outcome.TLS
        assert server.requests == []


def test_a_server_that_does_not_speak_tls_is_refused():
    with Server(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        assert secure(server.port).exchange(READ, 5).outcome is Outcome.TLS
        assert server.requests == []


def test_with_validate_certs_off_no_certificate_is_looked_at_whatever_the_environment_says(
    authority, tmp_path, monkeypatch
):
    bundle = tmp_path / "bundle.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(bundle))
    with Server(OK, tls=server_context(authority)) as server:
        assert secure(server.port, validate_certs=False).exchange(READ, 5).outcome is Outcome.DONE


def test_the_given_authority_counts_whatever_the_environment_says(authority, ca_path, tmp_path, monkeypatch):
    bundle = tmp_path / "bundle.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with Server(OK, tls=server_context(authority)) as server:
        assert secure(server.port, ca_path=ca_path).exchange(READ, 5).outcome is Outcome.DONE


def test_an_authority_in_the_environment_counts_where_none_is_given(authority, ca_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_path)
    with Server(OK, tls=server_context(authority)) as server:
        assert secure(server.port).exchange(READ, 5).outcome is Outcome.DONE


def test_a_ca_path_that_holds_no_certificate_is_not_sent_again(authority, tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    with Server(OK, tls=server_context(authority)) as server:
        assert secure(server.port, ca_path=str(empty)).exchange(CREATE, 5).outcome is Outcome.TLS
        assert server.requests == []


@pytest.mark.parametrize("tls", [True, False])
def test_a_netrc_entry_for_the_host_does_not_replace_the_header(tls, authority, ca_path, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Server(OK, tls=server_context(authority) if tls else None) as server:
        transport = secure(server.port, ca_path=ca_path) if tls else plain(server.port)
        assert transport.exchange(READ, 5).outcome is Outcome.DONE
    assert server.head()["authorization"] == "User user-secret-canary, Organization organization-secret-canary"


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_plain_http_to_this_host_goes_to_no_proxy(variable, monkeypatch):
    with Server(OK) as proxy, Server(OK) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        assert plain(server.port).exchange(READ, 5).outcome is Outcome.DONE
        assert proxy.connections == 0


def test_a_proxy_of_the_environment_is_used_for_https_and_sees_no_secret(monkeypatch):
    with Server(response("403 Forbidden", b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        transport = Transport(CONNECTION)
        assert transport.exchange(CREATE, 5).outcome is Outcome.NOT_SENT
        assert proxy.requests[0].startswith(b"CONNECT api.example.com:443")
        assert b"canary" not in b"".join(proxy.requests)


def test_where_the_proxy_is_not_there_nothing_was_sent(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    assert Transport(CONNECTION).exchange(CREATE, 5).outcome is Outcome.NOT_SENT


def test_what_went_wrong_is_told_in_our_own_words(authority):
    with Server(reset) as server:
        detail = plain(server.port).exchange(READ, 5).detail
    assert detail
    assert "canary" not in detail
    assert "127.0.0.1" not in detail
