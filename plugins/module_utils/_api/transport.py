# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send one request over HTTP and return the response. Only this module opens sockets.

The client calls `Transport.exchange` for each attempt. Every failure of the network or the server becomes an outcome
of the response. The transport raises nothing for them and never repeats a request: the retry policy decides that.
"""

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
from .connection import Connection
from .http_messages import Request, Response
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

USER_AGENT = "cloud_elements.platform (Ansible collection)"

CONNECT_TIMEOUT = 10.0
"""Maximum seconds to establish a connection. Without a connection nothing was sent, so it is safe to try again."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Maximum bytes of one response. A page of 200 complete instances has about one million."""


class Transport:
    """Send requests over persistent connections. A transport belongs to one thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session: requests.Session | None = None

    def exchange(self, request: Request, seconds: float) -> Response:
        """Send a request once and return the response. Never raise an error of the network or the server.

        Args:
            request: The request to send.
            seconds: Maximum duration of the whole exchange, from the name lookup to the last byte. The timeout of the
                library applies to each read, so a response that drips would never reach it.
        """
        session = self._session or self._new_session()
        self._session = None  # An exchange that has not ended may still use the session, so it is not reused.
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
        """Close the persistent connections. The next exchange opens a new one."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        # Proxies and CA bundles of the environment apply, but no proxy may see plain HTTP to this host itself.
        session.trust_env = not self._connection.is_plain
        if not self._connection.validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"})
        return session


def _leaves_nothing_behind(answer: Response) -> bool:
    """Return whether a response was final, complete and well-formed, so that its connection can be reused.

    After any other response, late bytes would be read as the response to the next request. This includes a response
    whose status implies that it has no body, and a response that states its length in two ways.
    """
    if answer.status is None or answer.status < 200 or answer.status in (204, 205) or not answer.readable:
        return False
    if "transfer-encoding" in answer.headers and "content-length" in answer.headers:
        return False
    return answer.outcome is not Outcome.REDIRECT


def _exchange(session: requests.Session, connection: Connection, request: Request, seconds: float) -> Response:
    """Send one request and read the response. Turn every failure into an outcome."""
    try:
        prepared = session.prepare_request(
            requests.Request(
                request.method,
                _url(connection, request),
                data=None if request.body is None else json.dumps(request.body).encode(),
                headers={} if request.body is None else {"Content-Type": "application/json"},
                # With auth=, because an entry in .netrc for the host would replace a header.
                auth=_authorization(connection, request.token),
            )
        )
        # For each request, because REQUESTS_CA_BUNDLE of the environment overrides the setting of the session.
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
        # The session itself would read the body of a redirect without a limit, and fail on an invalid Location.
        adapter = session.get_adapter(prepared.url or "")
        # A read may take a little longer than the exchange, so that the limit of the exchange always comes first.
        timeout = (min(CONNECT_TIMEOUT, seconds * 0.8), seconds + 1)
        response = adapter.send(prepared, stream=True, timeout=timeout, verify=verify, proxies=settings["proxies"])
        with response:
            return _read(response, request)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, zlib.error) as error:
        return _failed(error)


_NO_URL = "base_url, or the URL of the proxy, cannot be used"


@functools.lru_cache(maxsize=8)
def _unusable(verify: bool | str) -> str | None:
    """Return the reason why a file or directory cannot verify certificates, or None.

    Of a directory, only the names are checked by which OpenSSL finds certificates.
    """
    if not isinstance(verify, str):
        return None
    try:
        if os.path.isdir(verify):
            hashed = any(re.fullmatch(r"[0-9a-f]{8}\.[0-9]+", name) for name in os.listdir(verify))
            return None if hashed else "cannot be found: give a file, or prepare the directory with 'openssl rehash'"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(verify)
    except (OSError, ValueError):  # An SSLError is an OSError.
        return "cannot be read: it must be a file in PEM format"
    return None


def _url(connection: Connection, request: Request) -> str:
    """Build the complete URL of a request. Spaces become %20, which every server reads the same way."""
    query = urllib.parse.urlencode(request.query, quote_via=urllib.parse.quote)
    return f"{connection.base_url}{request.path}{'?' if query else ''}{query}"


def _authorization(connection: Connection, token: str | None) -> Callable[[t.Any], t.Any]:
    """Return the function with which requests sets the Authorization header of a request.

    Calls to the platform authenticate with the user and the organization. Calls of an instance itself authenticate with
    the user and the element token (vendor documentation, authentication). The two are never mixed: with an element
    token, the platform may route a call by id to the element's own resources (vendor issue tracker, churros 683).
    """
    scope = f"Organization {connection.organization_secret}" if token is None else f"Element {token}"

    def authorize(prepared: t.Any) -> t.Any:
        prepared.headers["Authorization"] = f"User {connection.user_secret}, {scope}"
        return prepared

    return authorize


def _read(response: requests.Response, request: Request) -> Response:
    """Read the body of a response and classify the result.

    Raises:
        urllib3.exceptions.HTTPError, OSError, zlib.error: The body cannot be read.
    """
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
    # A page of a proxy says nothing about the request, even if the request needs no body in the response.
    if outcome is Outcome.DONE and (not readable or (request.answers and body is None)):
        outcome, readable, detail = Outcome.BROKEN, False, detail or "the answer is empty"
    return Response(outcome, response.status_code, headers, body, detail, retry_after, readable, len(content))


_STEP = 64 * 1024


def _unpacked(response: requests.Response, coding: str) -> Iterator[bytes]:
    """Yield the body of a response in small pieces, decompressed.

    The libraries decompress every coding that a server names, as often as it is named, and in some versions a whole
    piece at once. So a few bytes could exhaust the memory.

    Raises:
        urllib3.exceptions.DecodeError: The coding was not asked for, or the compressed body is incomplete.
        urllib3.exceptions.ProtocolError: The body is shorter than announced.
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
    # Some versions of the libraries do not notice a body that is too short.
    if response.raw.length_remaining:
        raise urllib3.exceptions.ProtocolError("cut off")


def _parse(content: bytearray) -> tuple[t.Any, bool]:
    """Return the JSON value of a body, and whether the body is readable. An empty body is None."""
    if not content.strip():
        return None, True
    try:
        return parse_bytes(content), True
    except ValueError:
        return None, False


def _failed(error: Exception) -> Response:
    """Build the response for an exchange that failed. The outcome says whether the request may have been sent.

    The libraries wrap errors in other errors, so the whole chain is checked.
    """
    chain = list(_chain(error))

    def has(*types: type[BaseException]) -> bool:
        return any(isinstance(link, types) for link in chain)

    # Older libraries compare the host name themselves. Their error class differs between versions, but not its name.
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
    """Yield an error and every error that it wraps, in whatever attribute the libraries keep it."""
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
    """Format a number of seconds with three significant digits."""
    return f"{float(f'{seconds:.3g}'):g}"


class _OverdueError(Exception):
    """The time for a call is over. The call itself may still run in its thread."""


_T = t.TypeVar("_T")


def _within(seconds: float, call: Callable[[], _T]) -> _T:
    """Run a call in a thread of its own, and return its result or raise its error.

    The thread is abandoned when the time is over. Nothing else stops a name lookup, a dripping header and a dripping
    body alike.

    Raises:
        _OverdueError: The time is over.
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
