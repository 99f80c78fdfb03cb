# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make calls: send a request until its answer is of use, follow pages, and count what is sent.

The groups of calls in this package use it. It knows no kind of resource.
"""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import enumerated
from .._secrets.redaction import Redactor
from .connection import Connection
from .error_report import explain, ignored
from .http_messages import Request, Response
from .models import MisplacedError, OddRow, ShapeError
from .retry_budget import RetryBudget
from .retry_policy import Advice, Effect, Outcome
from .server_clock import ServerClock

PAGE_SIZE = 200
"""Rows of a page, the platform's own default and maximum (help centre, elements API reference)."""

MOST_ROWS = 200_000
"""Rows of a whole listing at most."""

MOST_BYTES = 1024**3
"""Bytes of all pages of a listing at most. A whole instance has about 5,000."""

BARREN_PAGES = 3
"""Pages without a new row after which a list goes round in circles, whatever its tokens say."""

_NEXT_PAGE = "elements-next-page-token"
_TOTAL = "elements-total-count"
_REQUEST_ID = "elements-request-id"
_IGNORED = "elements-error"

_T = t.TypeVar("_T")


class Exchanger(t.Protocol):
    """What the client needs of a transport."""

    def exchange(self, request: Request, seconds: float) -> Response:
        """Send a request once."""

    def close(self) -> None:
        """Close the kept-alive connections, so that the next exchange makes a new one."""


class UncertainError(Exception):
    """A write was sent, and it is not known whether it took effect. The caller must look.

    Attributes:
        error: What to raise if looking does not help.
        outcome: How the exchange ended.
        wait: The seconds to wait before looking.
    """

    def __init__(self, error: CloudElementsError, outcome: Outcome, wait: float) -> None:
        super().__init__(error.message)
        self.error = error
        self.outcome = outcome
        self.wait = wait


@dataclass(frozen=True)
class Pages(t.Generic[_T]):
    """The rows of all pages of a list.

    Attributes:
        rows: The rows, each once.
        odd: The rows that cannot be read.
        complete: Whether these are all. They are not if the server counts more than it lists.
    """

    rows: tuple[_T, ...]
    odd: tuple[OddRow, ...]
    complete: bool


class Caller:
    """Makes calls for one thread of one run. See `Client` for the arguments.

    Attributes:
        calls: How many requests were sent, by method.
        sent_at: When the last request was sent, in seconds since the epoch by the server's clock.
    """

    def __init__(
        self,
        connection: Connection,
        transport: Exchanger,
        budget: RetryBudget,
        redactor: Redactor,
        report: Callable[[str], None],
        server_clock: ServerClock,
    ) -> None:
        self._connection = connection
        self._transport = transport
        self._budget = budget
        self._redactor = redactor
        self._report = report
        self._server_clock = server_clock
        self.calls: Counter[str] = Counter()
        self.sent_at: float | None = None

    def pages(
        self,
        what: str,
        path: str,
        query: list[tuple[str, str]],
        parse: Callable[[t.Any], tuple[_T | OddRow, ...]],
        identity: Callable[[_T], t.Any],
    ) -> Pages[_T]:
        """Return the rows of all pages of a list.

        The platform answers 404 if a list is empty, and behind its last page. The list also ends with an empty page. If
        it goes round in circles, only the server's own count tells whether there is more. The largest count must be
        reached: when rows go away while the pages are read, others may be skipped. An odd row is reported and left out,
        but counts as read.

        Args:
            what: What is tried, as the beginning of a sentence.
            path: The path of the list.
            query: The query of each page.
            parse: Parses the rows of a page.
            identity: Returns what tells rows apart.

        Raises:
            CloudElementsError: `invalid_response` if the list is larger than any real one, and what `call` raises.
        """
        found: dict[t.Any, _T | OddRow] = {}
        total: int | None = None
        barren = size = 0
        token: str | None = None
        tokens: set[str] = set()
        while len(found) <= MOST_ROWS and size <= MOST_BYTES:
            page = Request("GET", path, query=(*query, *([("nextPage", token)] if token else [])))
            response, rows = self._exchange(what, Effect.READ, page, parse, ())
            size += response.size + len(token or "")
            told = _count(response.headers.get(_TOTAL))
            total = told if total is None else max(total, told or 0)
            known = len(found)
            found.update((("odd", row.id) if isinstance(row, OddRow) else identity(row), row) for row in rows)
            barren = barren + 1 if len(found) == known else 0
            token = response.headers.get(_NEXT_PAGE) or None if rows else None
            if token is None or token in tokens or barren == BARREN_PAGES:
                complete = token is None if total is None else len(found) >= total
                return Pages(*self._without_odd_rows(what, found.values()), complete)
            tokens.add(token)
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"{what} failed at {self._connection.host}: the list is larger than {MOST_ROWS:,} rows or "
            f"{MOST_BYTES // 1024**2:,} MiB, and has not ended. Check base_url.",
            status=response.status,
        )

    def _without_odd_rows(self, what: str, rows: Iterable[_T | OddRow]) -> tuple[tuple[_T, ...], tuple[OddRow, ...]]:
        """Separate the rows that can be read from the odd ones, and report those by their ids."""
        kept: list[_T] = []
        odd: list[OddRow] = []
        for row in rows:
            if isinstance(row, OddRow):
                odd.append(row)
            else:
                kept.append(row)
        for why in dict.fromkeys(row.why for row in odd):
            ids = enumerated(str(row.id) for row in odd if row.why == why)
            self._report(f"{what}: {why}. So the rows with these ids were left out: {ids}.")
        return tuple(kept), tuple(odd)

    def call(
        self,
        what: str,
        effect: Effect,
        request: Request,
        parse: Callable[[t.Any], _T],
        *,
        missing: t.Any = ...,
        redactor: Callable[[Redactor], Redactor] | None = None,
        whole: bool = False,
    ) -> _T:
        """Send a request until its answer is of use, and return the value in it.

        Args:
            what: What is tried, as the beginning of a sentence.
            effect: What the request does if it arrives, which decides whether it may be sent again.
            request: The request.
            parse: Parses the body of the response.
            missing: The value that a 404 of the platform stands for. Without it, a 404 is an error. A 404 without the
                platform's error object does not come from the platform, so it never stands for anything.
            redactor: Extends the redactor for a message by the secrets of what the request is about.
            whole: Whether a success with the header `Elements-Error` is a failure. The platform drops what the user may
                not write, and says so only there (vendor acceptance suite, vdrs/vdrs.js).

        Raises:
            CloudElementsError: The request failed for good. `partly_ignored` if it succeeded in part, with `whole`.
            UncertainError: A write was sent, and it is not known whether it took effect.
        """
        return self._exchange(what, effect, request, parse, missing, redactor, whole)[1]

    def _exchange(
        self,
        what: str,
        effect: Effect,
        request: Request,
        parse: Callable[[t.Any], _T],
        missing: t.Any,
        redactor: Callable[[Redactor], Redactor] | None = None,
        whole: bool = False,
    ) -> tuple[Response, _T]:
        """Do what `call` does, and return the response too."""
        attempt = 0
        while True:
            attempt += 1
            response, is_last = self._send(what, request)
            is_missing = missing is not ... and response.status == 404
            if is_missing and self._says_none(response):
                return response, missing
            if response.outcome is Outcome.DONE:
                if whole and response.headers.get(_IGNORED, "").strip():
                    raise ignored(what, self._connection.host, response, self._redactor)
                try:
                    return response, parse(response.body)
                except ShapeError as shape:
                    response = replace(response, outcome=Outcome.MISSHAPEN, detail=str(shape))
                except MisplacedError as misplaced:
                    response = replace(response, outcome=Outcome.MISPLACED, detail=self._redactor.text(str(misplaced)))
                self._transport.close()  # The answer to this request may still be on its way.
            step = self._budget.after(effect, response.outcome, attempt, response.retry_after)
            error = explain(
                what,
                self._connection.host,
                request.method,
                response,
                attempt,
                redactor(self._redactor) if redactor else self._redactor,
            )
            if is_missing and response.readable:
                error = error.but(f"{error.message} Check base_url: {_NO_SUCH_PATH}", ErrorKind.INVALID_RESPONSE)
            if is_last and response.outcome is Outcome.TIMEOUT:
                error = error.but(self._budget.over(f"{what} was not answered in time.").message, ErrorKind.DEADLINE)
            if step.advice is Advice.STOP:
                raise error
            if step.advice is Advice.LOOK:
                raise UncertainError(error, response.outcome, step.wait)
            self._report(f"{error.facts} Sending it again in {step.wait:.1f} seconds.")
            self._budget.wait(step.wait, error.facts)

    def _says_none(self, response: Response) -> bool:
        """Tell whether a 404 says that there is none, and not that the base URL leads nowhere.

        With a path that is not the platform's usual one, only the platform's own words are taken for it.
        """
        return _is_platforms(response) and (
            self._connection.is_usual or _NONE.match(response.body["message"]) is not None
        )

    def _send(self, what: str, request: Request) -> tuple[Response, bool]:
        """Send a request once. Return the response, and whether the deadline comes before its timeout."""
        left = self._budget.enter(f"{what} was not tried.")
        self.calls[request.method] += 1
        self.sent_at = self._server_clock.now()
        response = self._transport.exchange(request, min(self._connection.timeout, left))
        self._server_clock.note(response.headers.get("date"))
        return response, left < self._connection.timeout


_NONE = re.compile(r"No \S.* found\b")
"""How the platform says that there is none (vendor's tools expect these words, what stands between them differs)."""

_NO_SUCH_PATH = "such an answer may also mean that it leads nowhere."


def _is_platforms(response: Response) -> bool:
    """Tell whether an error is the platform's own: it has a message and a request id (help centre, error codes)."""
    body = response.body
    return (
        isinstance(body, Mapping)
        and isinstance(body.get("message"), str)
        and ("requestId" in body or _REQUEST_ID in response.headers)
    )


def segment(text: str) -> str:
    """Return a text as one segment of a path."""
    return urllib.parse.quote(text, safe="")


def _count(header: str | None) -> int | None:
    usable = header is not None and header.isascii() and header.isdigit() and len(header) < 20
    return int(header) if header is not None and usable else None
