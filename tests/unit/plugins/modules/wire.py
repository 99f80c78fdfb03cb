# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire between runs and an emulator, for thousands of runs: one connection, virtual time, and answers to edit.

A request takes a third of what it takes over the collection's own transport, which has tests enough. Nothing waits.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import email.utils
import functools
import http.client
import json
import os
import threading
import types
import typing as t
import urllib.parse
from collections.abc import Iterator, Sequence
from unittest import mock

from ansible_collections.cloud_elements.platform.plugins.module_utils._api import run as run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome, classify
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.strict_json import parse_bytes
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, paging, state
from ansible_collections.cloud_elements.platform.tests.emulator.app import BASE_PATH

Edit = t.Callable[[int, Response], Response]
"""What becomes of an answer on its way, from its number since the last reset and the answer."""

EPOCH = 1767225600.0
LOST = Response(Outcome.BROKEN, detail="the connection broke before the answer was complete")


def unchanged(_number: int, answer: Response) -> Response:
    """Let an answer pass as it is."""
    return answer


F = t.TypeVar("F")


class Wire:
    """Carries the requests of all runs to an emulator, each in 10 seconds. Pages of listings have two rows.

    Attributes:
        emulator: The emulator at the other end.
        edit: What becomes of the answers.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.edit: Edit = unchanged
        self._count = 0
        self._seconds = 0.0
        self._slept = 0.0
        self._lock = threading.Lock()
        self._connection = http.client.HTTPConnection("127.0.0.1", emulator.port)

    def reset(self) -> None:
        """Begin with an account in which nothing is, on a platform without habits."""
        self.emulator.reset()
        self.emulator.switches = type(self.emulator.switches)()
        self.clear()

    def clear(self) -> None:
        """Forget the requests, and let answers pass as they are."""
        self.emulator.clear()
        self.edit = unchanged
        self._count = 0

    @property
    def _store(self) -> state.Store:
        return next(iter(self.emulator.accounts.values())).store

    def instances(self) -> list[state.Instance]:
        """Return copies of all instances as the emulator keeps them, for C(put)."""
        return [_copy(kept) for kept in self._store.instances.values()]

    def put(self, instances: list[state.Instance]) -> None:
        """Put copies of instances in the place of all that are there, and forget the requests."""
        self._store.instances = {kept.id: _copy(kept) for kept in instances}
        self._store.tokens = {kept.token: kept.id for kept in instances}
        self.clear()

    def offer(self, element_keys: list[str]) -> None:
        """Leave only these elements in the catalog, until the next reset."""
        catalog = self._store.catalog
        for element in catalog:
            if element.key not in element_keys:
                catalog.remove(element)

    @property
    def writes(self) -> list[t.Any]:
        """The requests since the last time they were forgotten, but for those that only read."""
        return [seen for seen in self.emulator.requests if seen.method != "GET"]

    def exchange(self, request: Request, _seconds: float) -> Response:
        """Send a request and return the answer, edited and with a date of the virtual time."""
        with self._lock:
            self._seconds += 10
            answer = self._sent(request)
            if answer.status is not None:
                date = email.utils.formatdate(EPOCH + self._seconds, usegmt=True)
                answer = dataclasses.replace(answer, headers={**answer.headers, "date": date})
            number, self._count = self._count, self._count + 1
            return self.edit(number, answer)

    def close(self) -> None:
        """Stay open: the next run goes on over the same connection."""

    def _sent(self, request: Request) -> Response:
        scope = f"Element {request.token}" if request.token else f"Organization {self.emulator.organization_secret}"
        headers = {"Authorization": f"User {self.emulator.user_secret}, {scope}", "Accept": "application/json"}
        body = None if request.body is None else json.dumps(request.body).encode()
        if body is not None:
            headers["Content-Type"] = "application/json"
        query = urllib.parse.urlencode(request.query, quote_via=urllib.parse.quote)
        try:
            self._connection.request(request.method, f"{BASE_PATH}{request.path}?{query}".rstrip("?"), body, headers)
            return _read(self._connection.getresponse(), request)
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return LOST

    @contextlib.contextmanager
    def runs(self) -> Iterator[None]:
        """Let every run that starts in this context, and the emulator, go over this wire and live in its time."""
        budget = functools.partial(RetryBudget, clock=lambda: self._slept, sleep=self._sleep, chance=lambda: 1.0)
        with (
            mock.patch.object(run_module, "RetryBudget", budget),
            mock.patch.object(run_module.Run, "new_transport", lambda _run: self),
            mock.patch.object(state, "timestamp", self._timestamp),
            mock.patch.object(state, "time", types.SimpleNamespace(monotonic=lambda: self._seconds)),
            mock.patch.object(paging, "PAGE_SIZE", 2),
        ):
            yield

    def _sleep(self, seconds: float) -> None:
        self._slept += seconds
        self._seconds += seconds

    def _timestamp(self) -> str:
        now = datetime.datetime.fromtimestamp(EPOCH + self._seconds, datetime.timezone.utc)
        return f"{now:%Y-%m-%dT%H:%M:%SZ}"


def _copy(kept: state.Instance) -> state.Instance:
    return dataclasses.replace(kept, tags=[*kept.tags], configuration={**kept.configuration}, extra={**kept.extra})


def _read(answer: http.client.HTTPResponse, request: Request) -> Response:
    """Return an answer as the collection's own transport does."""
    content = answer.read()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    outcome = classify(answer.status, None)
    body = parse_bytes(content) if content else None
    if outcome is Outcome.DONE and request.answers and body is None:
        return Response(Outcome.BROKEN, answer.status, headers, detail="the answer is empty", readable=False)
    return Response(outcome, answer.status, headers, body, size=len(content))


def strikes(requests: int, faults: Sequence[F]) -> Iterator[tuple[int, F]]:
    """Yield every third pair of a request and a fault, so that each of both comes up, or all with FAULTS=all.

    Args:
        requests: The number of requests of a run.
        faults: What may strike each of them.
    """
    for number in range(requests):
        for position, fault in enumerate(faults):
            if os.environ.get("FAULTS") == "all" or (number + position) % 3 == 0:
                yield number, fault
