# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted conversation with the platform, in virtual time.

A script states every request with its answer and every pause, in order. One request or pause more, less or other than
written fails the test.
"""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.client import Client
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection import Connection
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome, classify
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.server_clock import ServerClock
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import DesiredInstance
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import Redactor

CONNECTION = Connection(
    base_url="https://api.example.com/elements/api-v2",
    user_secret="user-secret-canary",
    organization_secret="organization-secret-canary",
    validate_certs=True,
    ca_path=None,
    timeout=60.0,
    retries=5,
    deadline=600.0,
)


STARTED = "Thu, 01 Jan 2026 00:00:00 GMT"
"""The time by the server's clock when a conversation starts."""

CREATED = "2026-01-01T01:00:00Z"
"""When an instance was created, unless told otherwise: after any conversation started."""

BEFORE = "2025-12-31T23:59:59Z"


@dataclass(frozen=True)
class Turn:
    """A request that has to come, the answer to it, and the seconds until that arrives."""

    request: Request
    answer: Response
    lasting: float = 0.0


@dataclass(frozen=True)
class Pause:
    """A wait that has to come."""

    seconds: float


def spelled(request: Request) -> tuple[t.Any, ...]:
    """Return a request as it can be compared: in Python True equals 1, in JSON it does not."""
    body = json.dumps(request.body, sort_keys=True)
    return (request.method, request.path, sorted(request.query), body, request.token)


class Stage:
    """Plays a script to the client. Left without an error, everything in the script must have happened.

    The client knows the server's time from the start, unless C(dated) is false.
    """

    def __init__(
        self,
        *script: Turn | Pause,
        retries: int = 5,
        deadline: float | None = 600.0,
        secrets: t.Iterable[t.Any] = (),
        connection: Connection = CONNECTION,
        dated: bool = True,
    ) -> None:
        self._script = list(script)
        self._unexpected: list[str] = []
        self._now = 1000.0
        self.allowed: list[float] = []
        self.closed = 0
        # The chance of 1 makes every backoff the longest one: 0.5, 1, 2, 4, ... seconds.
        self.budget = RetryBudget(
            retries=retries, deadline=deadline, clock=lambda: self._now, sleep=self._sleep, chance=lambda: 1.0
        )
        clock = ServerClock(lambda: self._now)
        clock.note(STARTED)
        self.client = Client(connection, self, self.budget, Redactor(secrets), server_clock=clock if dated else None)

    @property
    def run(self) -> t.Any:
        """A run whose only client plays the script."""
        return StagedRun(self)

    @property
    def warnings(self) -> list[str]:
        """What the client warned of."""
        return list(self.client.warnings)

    def exchange(self, request: Request, seconds: float) -> Response:
        expected = self._next(f"the request {spelled(request)}")
        self._require(isinstance(expected, Turn), f"a request instead of {expected}: {spelled(request)}")
        assert isinstance(expected, Turn)
        self._require(
            spelled(request) == spelled(expected.request), f"{spelled(request)} instead of {spelled(expected.request)}"
        )
        self.allowed.append(seconds)
        self._now += expected.lasting
        return expected.answer

    def close(self) -> None:
        self.closed += 1

    def _sleep(self, seconds: float) -> None:
        expected = self._next(f"a pause of {seconds} seconds")
        pauses = isinstance(expected, Pause) and seconds == pytest.approx(expected.seconds)
        self._require(pauses, f"a pause of {seconds} seconds instead of {expected}")
        self._now += seconds

    def _next(self, what: str) -> Turn | Pause:
        self._require(bool(self._script), f"not in the script: {what}")
        return self._script.pop(0)

    def _require(self, expected: bool, otherwise: str) -> None:
        """Fail, at the end too: a run takes an exception in the middle for a mistake of its own, and goes on."""
        if not expected:
            self._unexpected.append(otherwise)
            raise AssertionError(otherwise)

    def elapse(self, seconds: float) -> None:
        self._now += seconds

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        assert not self._unexpected, self._unexpected
        if kind is None:
            assert not self._script, f"did not happen: {self._script}"


@dataclass
class StagedRun:
    """Stands in for a run."""

    stage: Stage
    check_mode: bool = False
    diff_mode: bool = False
    transport: None = None

    @property
    def connection(self) -> Connection:
        return CONNECTION

    @property
    def client(self) -> Client:
        return self.stage.client

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.stage.client.warnings

    def new_client(self, _transport: object, _secrecy: object) -> Client:
        return self.stage.client

    def warn(self, warning: str) -> None:
        self.stage.client.warn(warning)


def pause(seconds: float) -> Pause:
    return Pause(seconds)


def desired(name: str | None = "payments", element_key: str | None = "stripe", **more: t.Any) -> DesiredInstance:
    return DesiredInstance(name=name, element_key=element_key, **more)


def row(instance_id: int = 7, name: str = "payments", element_key: str = "stripe", **more: t.Any) -> dict[str, t.Any]:
    """Return an instance as the platform spells it."""
    return {
        "id": instance_id,
        "name": name,
        "element": {"key": element_key},
        "token": f"token-of-{instance_id}",
        "tags": [name],
        "configuration": {"event.notification.enabled": "false"},
        "valid": True,
        "disabled": False,
        "createdDate": CREATED,
        **more,
    }


def light(instance_id: int = 7, name: str = "payments", element_key: str = "stripe") -> dict[str, t.Any]:
    """Return an instance as a listing without hydration has it."""
    whole = row(instance_id, name, element_key)
    del whole["configuration"]
    return whole


def answered(body: t.Any, status: int = 200, headers: t.Mapping[str, str] | None = None, **more: t.Any) -> Response:
    retry_after = more.get("retry_after")
    return Response(classify(status, retry_after), status, headers or {}, body, **more)


def refused(status: int, message: str = "No.", **more: t.Any) -> Response:
    return answered({"message": message, "requestId": "abcdefabcdefabcdefabcdef"}, status, **more)


def foreign(status: int) -> Response:
    """Return an error with a JSON object that is not the platform's own: it has no request id."""
    return answered({"message": "No."}, status)


NOTHING_FOUND = refused(404, "No instances found")
LOST = Response(Outcome.BROKEN, detail="the connection broke before the answer was complete")
OVERDUE = Response(Outcome.TIMEOUT, detail="no complete answer within 60 seconds")
NOT_SENT = Response(Outcome.NOT_SENT, detail="nothing answers there")
HTML = Response(Outcome.REFUSED, 404, detail="the answer is not JSON", readable=False)


def unavailable(seconds: float) -> Response:
    return refused(503, "Under maintenance", retry_after=seconds)


def limited(seconds: float | None = None) -> Response:
    return refused(429, "Too many requests", retry_after=seconds)


def list_request(
    search: str | None = "payments",
    *,
    hydrate: bool = True,
    tags: t.Iterable[str] = (),
    page: str | None = None,
) -> Request:
    query = [("pageSize", "200"), ("hydrate", "true" if hydrate else "false")]
    query += [("searchText", search)] if search else []
    query += [("tags[]", tag) for tag in tags]
    query += [("nextPage", page)] if page else []
    return Request("GET", "/instances", query=tuple(query))


def page_headers(next_token: str | None, total: str | None) -> dict[str, str]:
    named = {"elements-next-page-token": next_token, "elements-total-count": total}
    return {name: value for name, value in named.items() if value is not None}


def listed(*rows: t.Any, next_token: str | None = None, total: str | None = None, **request: t.Any) -> Turn:
    """Return the turn in which a listing gives these rows. The platform answers 404 where there are none."""
    answer = answered(list(rows), headers=page_headers(next_token, total)) if rows else NOTHING_FOUND
    return Turn(list_request(**request), answer)


def surveyed(*rows: t.Any) -> Turn:
    """Return the turn in which the listing of a whole element gives these rows."""
    return listed(*rows, search="stripe")


def list_fails(answer: Response, **request: t.Any) -> Turn:
    return Turn(list_request(**request), answer)


def read(body: dict[str, t.Any]) -> Turn:
    return Turn(Request("GET", f"/instances/{body['id']}"), answered(body))


def read_missing(instance_id: int = 7) -> Turn:
    return Turn(Request("GET", f"/instances/{instance_id}"), refused(404, "No element instance found"))


def read_fails(answer: Response, instance_id: int = 7) -> Turn:
    return Turn(Request("GET", f"/instances/{instance_id}"), answer)


BODY = {"element": {"key": "stripe"}, "name": "payments"}


def posted(answer: dict[str, t.Any] | Response, body: dict[str, t.Any] | None = None, lasting: float = 0.0) -> Turn:
    outcome = answer if isinstance(answer, Response) else answered(answer)
    return Turn(Request("POST", "/instances", body=body or BODY), outcome, lasting)


def patched(
    body: dict[str, t.Any], answer: dict[str, t.Any] | Response, instance_id: int = 7, lasting: float = 0.0
) -> Turn:
    outcome = answer if isinstance(answer, Response) else answered(answer)
    return Turn(Request("PATCH", f"/instances/{instance_id}", body=body), outcome, lasting)


def pinged(answer: Response | None = None, instance_id: int = 7) -> Turn:
    return Turn(Request("GET", "/ping", token=f"token-of-{instance_id}"), answer or answered({"endpoint": "stripe"}))


def asked_for_users(answer: Response, instance_id: int = 7) -> Turn:
    query = (("elementInstanceId", str(instance_id)), ("includeInactive", "true"))
    return Turn(Request("GET", "/formulas/instances", query=query), answer)


def deleted(instance_id: int = 7, answer: Response | None = None, *, lasting: float = 0.0) -> Turn:
    return Turn(Request("DELETE", f"/instances/{instance_id}"), answer or answered(None), lasting)
