# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only place that opens a socket. A request goes in, an answer comes out; nothing is raised or repeated."""

from __future__ import annotations

import functools
import json
import os
import queue
import re
import ssl
import threading
import time
import traceback
import typing as t
import urllib.parse
import zlib
from collections.abc import Callable, Iterator

from .._core.strict_json import parse_bytes
from .._core.version import VERSION
from .connection import Connection
from .http import Request, Response
from .retry_policy import Outcome, classify, retry_after_seconds

REQUESTS_IMPORT_ERROR: str | None
try:
    import requests
    import urllib3
    import urllib3.exceptions
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

USER_AGENT = f"cloud_elements.platform/{VERSION} (Ansible collection)"

CONNECT_TIMEOUT = 10.0
"""Seconds at most to make a connection: no connection, nothing sent, so it may be tried again."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes that are read of one answer at most. A page of 200 whole instances has about one million."""


class Transport:
    """Sends requests over kept-alive connections. For use by one thread; each thread has its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session: requests.Session | None = None

    def exchange(self, request: Request, seconds: float) -> Response:
        """Send a request once and return what became of it.

        In: the request, and the seconds that all of it may take, from looking up the name to the last byte: the
        library's own timeout is for each read, so an answer that drips would never meet it.
        Raises nothing that the network or the server could cause.
        """
        session = self._session or self._new_session()
        self._session = None  # It comes back only from an exchange that ended: one that did not may still be using it.
        try:
            answer = _within(seconds, lambda: _exchange(session, self._connection, request, seconds))
        except _OverdueError:
            return Response(Outcome.TIMEOUT, detail=f"no complete answer within {_short(seconds)} seconds")
        if _leaves_nothing_behind(answer):
            self._session = session
        else:
            session.close()
        return answer

    def close(self) -> None:
        """Close the kept-alive connections. The next exchange makes a new one."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        # Proxies and CA bundles from the environment count, but a proxy must never see plain HTTP to this very host.
        session.trust_env = not self._connection.is_plain
        if not self._connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"})
        return session


def _leaves_nothing_behind(answer: Response) -> bool:
    """Return whether an answer was final, complete and well-formed, so that its connection can be used again.

    After anything else, bytes that are still on their way would be read as the answer to the next request. That
    includes answers that have no body by their status, and those that tell their length in two ways.
    """
    if answer.status is None or answer.status < 200 or answer.status in (204, 205) or not answer.readable:
        return False
    if "transfer-encoding" in answer.headers and "content-length" in answer.headers:
        return False
    return answer.outcome is not Outcome.REDIRECT


def _exchange(session: requests.Session, connection: Connection, request: Request, seconds: float) -> Response:
    """Send one request and read the answer. Every way in which this can fail becomes an outcome."""
    try:
        prepared = session.prepare_request(
            requests.Request(
                request.method,
                _url(connection, request),
                data=None if request.body is None else json.dumps(request.body).encode(),
                headers={} if request.body is None else {"Content-Type": "application/json"},
                # As auth= and not as a header: a .netrc entry for the host would replace the header.
                auth=_authorization(connection, request.token),
            )
        )
        # With each request: REQUESTS_CA_BUNDLE in the environment would win over the session's own setting.
        own = (connection.ca_path or True) if connection.validate_certs else False
        settings = session.merge_environment_settings(prepared.url or "", {}, True, own, None)
        verify = t.cast("bool | str", settings["verify"])
        proxy = requests.utils.select_proxy(prepared.url or "", settings["proxies"])
        if proxy and not urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}").host:
            return Response(Outcome.REFUSED, detail=_NO_URL)
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError):
        return Response(Outcome.REFUSED, detail=_NO_URL)
    unusable = None if connection.is_plain else _unusable(verify)
    if unusable:
        where = "ca_path" if connection.ca_path else "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE"
        return Response(Outcome.TLS, detail=f"the authority's certificate in {where} {unusable}")
    try:
        # The session itself would read a redirect's body without any limit, and stumble over an odd Location.
        adapter = session.get_adapter(prepared.url or "")
        # For a read a little more than for all, so that it is always the clock of all that decides, and tells.
        timeout = (min(CONNECT_TIMEOUT, seconds * 0.8), seconds + 1)
        response = adapter.send(prepared, stream=True, timeout=timeout, verify=verify, proxies=settings["proxies"])
        with response:
            return _read(response, request)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, zlib.error) as error:
        return _failed(error)


_NO_URL = "base_url, or the URL of the proxy, can not be used"


@functools.lru_cache(maxsize=8)
def _unusable(verify: bool | str) -> str | None:
    """Return why no certificate can be verified with a file or directory, or None where it may.

    A directory is only looked at for the names by which certificates are found in it.
    """
    if not isinstance(verify, str):
        return None
    try:
        if os.path.isdir(verify):
            hashed = any(re.fullmatch(r"[0-9a-f]{8}\.[0-9]+", name) for name in os.listdir(verify))
            return None if hashed else "can not be found: give a file, or prepare the directory with 'openssl rehash'"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(verify)
    except (OSError, ValueError):  # An SSLError is an OSError.
        return "can not be read: it has to be a file in PEM format"
    return None


def _url(connection: Connection, request: Request) -> str:
    """Return the whole URL of a request. Spaces become %20, which means the same to every server."""
    query = urllib.parse.urlencode(request.query, quote_via=urllib.parse.quote)
    return f"{connection.base_url}{request.path}{'?' if query else ''}{query}"


def _authorization(connection: Connection, token: str | None) -> Callable[[t.Any], t.Any]:
    """Return the function that requests calls to put the Authorization header on a request.

    Platform calls go with the user and the organization, calls on an instance's own behalf with the user and its
    element token (vendor documentation, authentication). The two are never mixed: with an element token, a call by id
    may be routed to the element's own resources (vendor issue tracker, churros 683).
    """
    scope = f"Organization {connection.organization_secret}" if token is None else f"Element {token}"

    def authorize(prepared: t.Any) -> t.Any:
        prepared.headers["Authorization"] = f"User {connection.user_secret}, {scope}"
        return prepared

    return authorize


def _read(response: requests.Response, request: Request) -> Response:
    """Return the answer that a response stands for. Raises what requests raises while the body comes in."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    retry_after = retry_after_seconds(headers.get("retry-after"), time.time())
    outcome = classify(response.status_code, retry_after)
    if outcome is Outcome.REDIRECT:
        return Response(outcome, response.status_code, headers)
    if response.status_code < 200:
        return Response(
            outcome, response.status_code, headers, detail="an interim answer, and no final one", readable=False
        )
    content = bytearray()
    for chunk in _unpacked(response, headers.get("content-encoding", "")):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            response.close()
            detail = f"the answer is larger than {LARGEST_ANSWER // 1024 // 1024} MiB"
            outcome = Outcome.BROKEN if outcome is Outcome.DONE else outcome
            return Response(outcome, response.status_code, headers, None, detail, retry_after, readable=False)
    body, readable = _parse(content)
    detail = "" if readable else "the answer is not JSON"
    # A page that somebody on the way sends says nothing of what was asked for, even where no body is needed.
    if outcome is Outcome.DONE and (not readable or (request.answers and body is None)):
        outcome, readable, detail = Outcome.BROKEN, False, detail or "the answer is empty"
    return Response(outcome, response.status_code, headers, body, detail, retry_after, readable, len(content))


_STEP = 64 * 1024


def _unpacked(response: requests.Response, coding: str) -> Iterator[bytes]:
    """Yield the body of a response in small pieces, unpacked.

    The libraries unpack whatever a server names, in some versions all of a piece at once, and again as often as it is
    named: a few bytes become more than any memory. Raises what they raise while the body comes in, and
    C(DecodeError) for one that is packed otherwise than asked for, or is not complete.
    """
    pieces = response.raw.stream(_STEP, decode_content=False)
    empty = True
    if coding.strip().lower() in ("", "identity"):
        yield from pieces
    elif coding.strip().lower() in ("gzip", "x-gzip"):
        packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
        for piece in pieces:
            left, empty = piece, False
            while left and not packed.eof:
                yield packed.decompress(left, _STEP)
                left = packed.unconsumed_tail
        yield packed.flush()
        if not (packed.eof or empty):
            raise urllib3.exceptions.DecodeError("cut off")
    else:
        raise urllib3.exceptions.DecodeError("not asked for")
    # Not every version of the libraries notices.
    if response.raw.length_remaining:
        raise urllib3.exceptions.ProtocolError("cut off")


def _parse(content: bytearray) -> tuple[t.Any, bool]:
    """Return the JSON value in a body and whether the body could be read. No body at all reads as None."""
    if not content.strip():
        return None, True
    try:
        return parse_bytes(content), True
    except ValueError:
        return None, False


def _failed(error: Exception) -> Response:
    """Return the answer for an exchange that broke off. What decides is whether the request can have been sent.

    The libraries wrap one error into another, so the whole chain is looked at.
    """
    chain = list(_chain(error))

    def has(*types: type[BaseException]) -> bool:
        return any(isinstance(link, types) for link in chain)

    # Older libraries compare the host themselves, with an error of their own that has moved about.
    if has(ssl.SSLCertVerificationError) or "CertificateError" in {type(link).__name__ for link in chain}:
        return Response(Outcome.TLS, detail="the server's certificate does not verify")
    if has(ssl.SSLError) and not has(ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError):
        return Response(Outcome.TLS, detail="no TLS connection could be made")
    if has(urllib3.exceptions.NewConnectionError, ConnectionRefusedError):
        return Response(Outcome.NOT_SENT, detail="nothing answers there (connection refused, or the name is not known)")
    if has(urllib3.exceptions.ConnectTimeoutError):
        return Response(Outcome.NOT_SENT, detail="no connection could be made in time")
    if has(urllib3.exceptions.ProxyError) and not has(ConnectionError, TimeoutError):
        return Response(Outcome.NOT_SENT, detail="the proxy could not be used")
    if has(urllib3.exceptions.ReadTimeoutError, TimeoutError):
        return Response(Outcome.TIMEOUT, detail="no answer in time")
    if has(requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, urllib3.exceptions.LocationValueError):
        return Response(Outcome.REFUSED, detail=_NO_URL)
    return Response(Outcome.BROKEN, detail="the connection broke before the answer was complete")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and every error that it wraps, whichever way the libraries keep it."""
    todo: list[t.Any] = [error]
    seen: set[int] = set()
    while todo:
        link = todo.pop()
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        todo += [link.__cause__, link.__context__, getattr(link, "reason", None), getattr(link, "original_error", None)]
        todo += link.args


def _short(seconds: float) -> str:
    """Return a number of seconds with the digits that tell something: what a task has left has many."""
    return f"{float(f'{seconds:.3g}'):g}"


class _OverdueError(Exception):
    """The time for a call is over. The call itself may still be going on in its thread."""


_T = t.TypeVar("_T")


def _within(seconds: float, call: Callable[[], _T]) -> _T:
    """Return what a call returns, raise what it raises, or raise L(_OverdueError) when the time is over.

    The call runs in a thread of its own, which is left behind when overdue: no other way stops all of a name lookup,
    a dripping header and a dripping body.
    """
    done: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        result, raised = done.get(timeout=seconds)
    except queue.Empty:
        raise _OverdueError from None
    if raised is not None:
        raise raised
    return t.cast("_T", result)
