# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""The endpoints of the platform, typed. Sends again what may safely be sent again, and counts every request."""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import enumerated, quote
from .._resources.elements import (
    Element,
    element_from,
    element_keys_from,
    elements_from,
    oauth_token_from,
    oauth_url_from,
)
from .._resources.instance.ownership import Identity, folded, may_be_stored_as
from .._secrets.redaction import Redactor
from .connection import Connection, is_sendable
from .error_report import explain
from .http import Request, Response
from .models import (
    FormulaInstance,
    Instance,
    MisplacedError,
    OddRow,
    ShapeError,
    formula_instances_from,
    instance_from,
    instances_from,
)
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

_T = t.TypeVar("_T")


class Exchanger(t.Protocol):
    """What the client needs of a transport."""

    def exchange(self, request: Request, seconds: float) -> Response:
        """Send a request once."""

    def close(self) -> None:
        """Close the kept-alive connections, so that the next exchange makes a new one."""


class UncertainError(Exception):
    """A write was sent, and it is not known whether it took effect. Whoever desired it has to look.

    C(error) is what to raise if looking does not help; C(outcome) is how the exchange ended; C(wait) are the seconds to
    wait before looking.
    """

    def __init__(self, error: CloudElementsError, outcome: Outcome, wait: float) -> None:
        super().__init__(error.message)
        self.error = error
        self.outcome = outcome
        self.wait = wait


@dataclass(frozen=True)
class Listing:
    """The rows of a whole listing.

    Attributes:
        instances: The instances.
        complete: Whether these are all. They are not if the server, by its last page, has more than it gave.
        odd: The rows that cannot be read.
    """

    instances: tuple[Instance, ...]
    complete: bool
    odd: tuple[OddRow, ...] = ()


class Client:
    """Makes typed calls for one task (or one thread of it).

    In: the connection; what sends (see L(Exchanger)); the budget; the redactor for messages of the server; where to
    report that something was sent again; the instances that the task has seen so far, by id, whose secrets no message
    about them may show; the configuration keys whose values may be shown; and the clock of the server. Every method
    raises L(CloudElementsError), and the writing ones L(UncertainError) too.
    """

    def __init__(
        self,
        connection: Connection,
        transport: Exchanger,
        budget: RetryBudget,
        redactor: Redactor,
        report: Callable[[str], None],
        seen: dict[int, Instance] | None = None,
        declared: frozenset[str] = frozenset(),
        server_clock: ServerClock | None = None,
    ) -> None:
        self._connection = connection
        self._transport = transport
        self._budget = budget
        self._redactor = redactor
        self._report = report
        self._seen = {} if seen is None else seen
        self._declared = declared
        self.server_clock = server_clock or ServerClock()
        self.calls: Counter[str] = Counter()
        self.sent_at: float | None = None
        """When the last request was sent, by the server's clock."""

    @property
    def seen_ids(self) -> frozenset[int]:
        """The ids of all instances that the task has read so far."""
        return frozenset(self._seen)

    def list_instances(
        self, *, search_text: str | None = None, tags: tuple[str, ...] = (), hydrate: bool = True
    ) -> Listing:
        """Return every instance that the user sees and that the server's filters let through.

        In: C(search_text), a substring of the name or the element key; tags; whether rows should include the
        configuration, which the server may ignore. The filters only save work: they never replace a comparison.
        A page that fails is an error, never the end of the list.
        """
        query = [("pageSize", str(PAGE_SIZE)), ("hydrate", "true" if hydrate else "false")]
        query += [("searchText", search_text)] if search_text else []
        query += [("tags[]", tag) for tag in tags]
        rows, odd, complete = self._list(
            "Listing the instances", "/instances", query, instances_from, lambda row: row.id
        )
        for row in rows:
            self._note(row)
        return Listing(rows, complete, odd)

    def _list(
        self,
        what: str,
        path: str,
        query: list[tuple[str, str]],
        parse: Callable[[t.Any], tuple[_T | OddRow, ...]],
        identity: Callable[[_T], t.Any],
    ) -> tuple[tuple[_T, ...], tuple[OddRow, ...], bool]:
        """Return the rows of all pages of a list, each once, those that cannot be read, and whether these are all.

        The platform answers 404 where a list is empty and behind its last page; the list also ends with an empty page.
        Where it goes round in circles, only the server's own count tells whether there is more. The largest count is
        what has to be reached: of rows that go while the pages are read, others may be skipped. An odd row is reported
        and left out, but counts as read. Raises C(invalid_response) if the list is larger than any real one.
        """
        found: dict[t.Any, _T | OddRow] = {}
        total: int | None = None
        barren = size = 0
        token: str | None = None
        tokens: set[str] = set()
        while len(found) <= MOST_ROWS and size <= MOST_BYTES:
            page = Request("GET", path, query=(*query, *([("nextPage", token)] if token else [])))
            answer, rows = self._call(what, Effect.READ, page, parse, missing=())
            size += answer.size + len(token or "")
            told = _count(answer.headers.get(_TOTAL))
            total = told if total is None else max(total, told or 0)
            known = len(found)
            found.update((("odd", row.id) if isinstance(row, OddRow) else identity(row), row) for row in rows)
            barren = barren + 1 if len(found) == known else 0
            token = answer.headers.get(_NEXT_PAGE) or None if rows else None
            if token is None or token in tokens or barren == BARREN_PAGES:
                complete = token is None if total is None else len(found) >= total
                return (*self._without_odd_rows(what, found.values()), complete)
            tokens.add(token)
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"{what} failed at {self._connection.host}: the list is larger than {MOST_ROWS:,} rows or "
            f"{MOST_BYTES // 1024**2:,} MiB, and has not ended. Check base_url.",
            status=answer.status,
        )

    def _without_odd_rows(self, what: str, rows: Iterable[_T | OddRow]) -> tuple[tuple[_T, ...], tuple[OddRow, ...]]:
        """Return the rows that are of use, and the others after reporting them by their ids."""
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

    def get_instance(self, instance_id: int) -> Instance | None:
        """Return the instance with an id, or None where there is none."""
        request = Request("GET", f"/instances/{instance_id}")
        what = f"Reading the instance with id {instance_id}"
        return self._noted(self._call(what, Effect.READ, request, _this(instance_id), None, about=instance_id)[1])

    def create_instance(self, body: Mapping[str, t.Any], desired: Collection[Identity] = ()) -> Instance:
        """Create an instance and return it as the platform stored it, which may be under another name.

        Args:
            body: What is sent.
            desired: The names that the run wants to be there. An answer about another one of them is a misplaced one.
        """
        what = f"Creating the instance {quote(body['name'])} of element {quote(body['element']['key'])}"
        effect = Effect.SPEND if "providerData" in body else Effect.CREATE
        request = Request("POST", "/instances", body=body)
        return self._noted(self._call(what, effect, request, _created(body, self._seen, desired))[1])

    def change_instance(self, instance_id: int, body: Mapping[str, t.Any]) -> Instance:
        """Change an instance and return it as the platform stored it. Configuration is merged, tags are replaced."""
        what = f"Changing the instance with id {instance_id}"
        request = Request("PATCH", f"/instances/{instance_id}", body=body)
        effect = Effect.SPEND if "providerData" in body else Effect.CHANGE
        parse = _this(instance_id, body.get("name"))
        return self._noted(self._call(what, effect, request, parse, about=instance_id)[1])

    def delete_instance(self, instance_id: int) -> None:
        """Remove an instance for good, and its token with it. One that is not there is removed already."""
        request = Request("DELETE", f"/instances/{instance_id}", answers=False)
        what = f"Deleting the instance with id {instance_id}"
        self._call(what, Effect.CHANGE, request, _nothing(instance_id), missing=None, about=instance_id)

    def set_enabled(self, instance_id: int, enabled: bool) -> None:
        """Enable or disable an instance (help centre, disabling and enabling instances). The answer tells nothing."""
        request = Request("PUT" if enabled else "DELETE", f"/instances/{instance_id}/enabled", answers=False)
        what = f"{'Enabling' if enabled else 'Disabling'} the instance with id {instance_id}"
        self._call(what, Effect.CHANGE, request, _nothing(instance_id), about=instance_id)

    def ping(self, instance: Instance) -> bool:
        """Ask an instance whether its connection works, with its own token (vendor's command line, instances test).

        Return false only where the answer says that it is not valid (vendor's sample application reads that). Raises
        C(invalid_response) for a token that would break the header.
        """
        if not is_sendable(instance.token or ""):
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                "Its token holds white space, a comma, or a character that is not printable ASCII, so it was not sent.",
            )
        request = Request("GET", "/ping", token=instance.token, answers=False)
        return self._call("Pinging the instance", Effect.READ, request, _is_valid, about=instance.id)[1]

    def get_element(self, element_key: str) -> Element | None:
        """Return an element of the catalogue with the configuration that it takes, or None where there is none."""
        request = Request("GET", f"/elements/{_segment(element_key)}")
        return self._call(
            f"Reading the element {quote(element_key)}", Effect.READ, request, _element(element_key), missing=None
        )[1]

    def list_elements(self) -> tuple[Element, ...]:
        """Return all elements of the catalogue that the user sees."""
        query = [("pageSize", str(PAGE_SIZE))]
        return self._list("Listing the elements", "/elements", query, elements_from, lambda row: row.key)[0]

    def list_element_keys(self) -> tuple[str, ...]:
        """Return the keys of all elements of the catalogue that the user sees."""
        query = [("pageSize", str(PAGE_SIZE))]
        return self._list("Listing the element keys", "/elements/keys", query, element_keys_from, lambda key: key)[0]

    def oauth_token(self, element_key: str, asked: Mapping[str, str]) -> tuple[str, str]:
        """Return a request token and its secret, the first step of OAuth 1 (vendor swagger; there is no POST form)."""
        request = Request("GET", f"/elements/{_segment(element_key)}/oauth/token", query=tuple(asked.items()))
        what = f"Asking for an OAuth 1 request token of the element {quote(element_key)}"
        return self._call(what, Effect.READ, request, oauth_token_from)[1]

    def oauth_url(self, element_key: str, asked: Mapping[str, str]) -> str:
        """Return the URL where a user grants access.

        Asks by POST, so that no secret is in a URL that proxies may log, and by GET where POST is not allowed.
        """
        path = f"/elements/{_segment(element_key)}/oauth/url"
        what = f"Asking for the OAuth URL of the element {quote(element_key)}"
        try:
            return self._call(what, Effect.READ, Request("POST", path, body=asked), oauth_url_from)[1]
        except CloudElementsError as error:
            if error.status != 405:
                raise
        return self._call(what, Effect.READ, Request("GET", path, query=tuple(asked.items())), oauth_url_from)[1]

    def formula_instances(self, instance_id: int) -> tuple[FormulaInstance, ...]:
        """Return the formula instances that use an instance (vendor swagger; an empty list is 200 here).

        One that is not active now uses it too: it would not work any more when it is activated again.
        """
        query = (("elementInstanceId", str(instance_id)), ("includeInactive", "true"))
        request = Request("GET", "/formulas/instances", query=query)
        what = f"Listing the formula instances that use the instance with id {instance_id}"
        return self._call(what, Effect.READ, request, formula_instances_from, missing=(), about=instance_id)[1]

    def _call(
        self,
        what: str,
        effect: Effect,
        request: Request,
        parse: Callable[[t.Any], _T],
        missing: t.Any = ...,
        about: int | None = None,
    ) -> tuple[Response, _T]:
        """Send a request until its answer is of use, and return the answer with the value in it.

        C(about) is the id of the instance that it is about, if it is there. C(missing) is the value that a 404 of the
        platform stands for; without it, a 404 is an error. A 404 without the platform's error object does not come from
        the platform, so it never stands for anything.
        """
        attempt = 0
        while True:
            attempt += 1
            answer, is_last = self._send(what, request)
            is_missing = missing is not ... and answer.status == 404
            if is_missing and self._says_none(answer):
                return answer, missing
            if answer.outcome is Outcome.DONE:
                try:
                    return answer, parse(answer.body)
                except ShapeError as shape:
                    answer = replace(answer, outcome=Outcome.MISSHAPEN, detail=str(shape))
                except MisplacedError as misplaced:
                    answer = replace(answer, outcome=Outcome.MISPLACED, detail=self._redactor.text(str(misplaced)))
                self._transport.close()  # The answer to this request may still be on its way.
            step = self._budget.after(effect, answer.outcome, attempt, answer.retry_after)
            error = explain(what, self._connection.host, request.method, answer, attempt, self._redactor_for(about))
            if is_missing and answer.readable:
                error = error.but(f"{error.message} Check base_url: {_NO_SUCH_PATH}", ErrorKind.INVALID_RESPONSE)
            if is_last and answer.outcome is Outcome.TIMEOUT:
                error = error.but(self._budget.over(f"{what} was not answered in time.").message, ErrorKind.DEADLINE)
            if step.advice is Advice.STOP:
                raise error
            if step.advice is Advice.LOOK:
                raise UncertainError(error, answer.outcome, step.wait)
            self._report(f"{error.facts} Sending it again in {step.wait:.1f} seconds.")
            self._budget.wait(step.wait, error.facts)

    def _noted(self, instance: _T) -> _T:
        """Return an instance, or None, after noting it as seen."""
        if isinstance(instance, Instance):
            self._note(instance)
        return instance

    def _note(self, instance: Instance) -> None:
        """Note an instance as seen. What was told of its configuration before is kept: messages may repeat it."""
        if instance.id is not None and (instance.configuration or instance.id not in self._seen):
            self._seen[instance.id] = instance

    def _redactor_for(self, instance_id: int | None) -> Redactor:
        """Return the redactor for a message about an instance: it may repeat what the platform told of it before."""
        instance = None if instance_id is None else self._seen.get(instance_id)
        if instance is None:
            return self._redactor
        hidden = self._redactor.hidden_in(instance.configuration or {}, self._declared)
        return self._redactor.knowing([instance.token, *hidden])

    def _says_none(self, answer: Response) -> bool:
        """Return whether a 404 says that there is none, and not that the base URL leads nowhere.

        With a path that is not the platform's usual one, only the platform's own words are taken for it.
        """
        return _is_platforms(answer) and (self._connection.is_usual or _NONE.match(answer.body["message"]) is not None)

    def _send(self, what: str, request: Request) -> tuple[Response, bool]:
        """Send a request once, and return the answer and whether the task ends before the request may last."""
        left = self._budget.enter(f"{what} was not tried.")
        self.calls[request.method] += 1
        self.sent_at = self.server_clock.now()
        answer = self._transport.exchange(request, min(self._connection.timeout, left))
        self.server_clock.note(answer.headers.get("date"))
        return answer, left < self._connection.timeout


_NONE = re.compile(r"No \S.* found\b")
"""How the platform says that there is none (vendor's tools expect these words, what stands between them differs)."""

_NO_SUCH_PATH = "such an answer may also mean that it leads nowhere."


def _is_platforms(answer: Response) -> bool:
    """Return whether an error is the platform's own: it has a message and a request id (help centre, error codes)."""
    body = answer.body
    return (
        isinstance(body, Mapping)
        and isinstance(body.get("message"), str)
        and ("requestId" in body or _REQUEST_ID in answer.headers)
    )


def _this(instance_id: int, name: str | None = None) -> Callable[[t.Any], Instance]:
    """Return what reads the answer of a call about one instance, and refuses that about another.

    Args:
        instance_id: The id of the instance.
        name: The name that the call gives it, if it does.
    """

    def parse(body: t.Any) -> Instance:
        instance = instance_from(body)
        if instance.id != instance_id or (name is not None and not may_be_stored_as(name, instance.name)):
            raise _misplaced(instance)
        return instance

    return parse


def _created(
    sent: Mapping[str, t.Any], seen: Collection[int], desired: Collection[Identity]
) -> Callable[[t.Any], Instance]:
    """Return what reads the answer to a create, and refuses that to another one.

    The platform may store the name otherwise. What the task has seen before is not new: it can only be the answer if
    the platform takes its name for the one that was sent.
    """

    def parse(body: t.Any) -> Instance:
        instance = instance_from(body)
        name, stored = sent["name"], instance.name
        if (instance.element_key or sent["element"]["key"]).casefold() != sent["element"]["key"].casefold():
            raise _misplaced(instance)
        if instance.id in seen and (stored == name or folded(stored) != folded(name)):
            raise _misplaced(instance)
        if stored != name and ((sent["element"]["key"], stored) in desired or not may_be_stored_as(name, stored)):
            raise _misplaced(instance)
        return instance

    return parse


def _misplaced(instance: Instance) -> MisplacedError:
    return MisplacedError(
        f"the answer is about another instance: {quote(instance.name)} of element {quote(instance.element_key)}, with "
        f"id {instance.id}"
    )


def _element(element_key: str) -> Callable[[t.Any], Element]:
    """Return what reads the answer of a call about one element, and refuses that about another."""

    def parse(body: t.Any) -> Element:
        element = element_from(body)
        if element.key.casefold() != element_key.casefold():
            raise MisplacedError(f"the answer is about another element: {quote(element.key)}")
        return element

    return parse


def _nothing(instance_id: int) -> Callable[[t.Any], None]:
    """Return what reads the answer of a call that answers nothing, and refuses what is about another instance."""

    def parse(body: t.Any) -> None:
        if body is not None and not isinstance(body, Mapping):
            raise ShapeError("the answer is no object")
        if body and body.get("id") not in (None, instance_id, str(instance_id)):
            raise MisplacedError("the answer is about another instance")

    return parse


def _segment(text: str) -> str:
    """Return a text as one segment of a path."""
    return urllib.parse.quote(text, safe="")


def _is_valid(body: t.Any) -> bool:
    """Read the answer to a ping, which differs by element."""
    return not (isinstance(body, Mapping) and body.get("valid") is False)


def _count(header: str | None) -> int | None:
    usable = header is not None and header.isascii() and header.isdigit() and len(header) < 20
    return int(header) if header is not None and usable else None
