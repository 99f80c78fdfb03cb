# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator behind a connection that can change what passes: for thousands of runs, on platforms of other habits."""

from __future__ import annotations

import copy
import dataclasses
import functools
import threading
import typing as t

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection import connection_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run, Secrecy
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.transport import Transport
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET,
    INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Switches

ELEMENTS = ("stubby", "zuorav2")
"""Elements that take any configuration and need none."""


@dataclasses.dataclass(frozen=True)
class Habits:
    """How the platform treats configuration keys: what it masks, stores but never returns, and does not take at all."""

    masked: frozenset[str] = frozenset({"password"})
    silent: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    tags_as_objects: bool = False
    ids_as_texts: bool = False
    rows_lack_configuration: bool = False
    name_stored: t.Callable[[str], str] = str
    """What becomes of a name."""
    same_name: t.Callable[[str], str] | None = None
    """What makes two names the same: a create of a name that is there answers with that instance."""


@functools.cache
def emulator() -> Emulator:
    """Return the emulator behind all odd platforms of this process."""
    return Emulator(strict=False).start()


class OddPlatform:
    """Answers requests by the emulator, and records them. What `spoil` returns takes the place of an answer."""

    def __init__(self, habits: Habits | None = None) -> None:
        self._habits = habits or Habits()
        self._emulator = emulator()
        self._emulator.reset()
        self._emulator.switches = Switches(
            mask="none",
            tags_form="objects" if self._habits.tags_as_objects else "strings",
            id_form="string" if self._habits.ids_as_texts else "number",
        )
        self._transport = Transport(connection_from(params_of({})))
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.spoil: t.Callable[[int, Response], Response] = lambda _number, answer: answer

    @property
    def stored(self) -> dict[int, dict[str, t.Any]]:
        """What is there, by id, with tags as texts."""
        return {int(row["id"]): {**row, "tags": _texts(row["tags"])} for row in self._emulator.instances}

    @property
    def writes(self) -> list[Request]:
        """The requests that were no reads."""
        return [request for request in self.requests if request.method != "GET"]

    def exchange(self, request: Request, seconds: float) -> Response:
        """Pass a request on, and return the answer as this platform gives it."""
        with self._lock:
            self.requests.append(request)
            answer = self._transport.exchange(self._as_taken(request), seconds)
            return self.spoil(len(self.requests) - 1, self._as_shown(answer))

    def close(self) -> None:
        """Close the connection. It is opened again by the next request."""
        self._transport.close()

    def _as_taken(self, request: Request) -> Request:
        if request.body is None or not request.path.startswith("/instances"):
            return request
        body = copy.deepcopy(dict(request.body))
        same = self._habits.same_name
        if request.method == "POST" and same is not None:
            for number, row in self.stored.items():
                if same(row["name"]) == same(body["name"]) and row["element"]["key"] == body["element"]["key"]:
                    return Request("GET", f"/instances/{number}")
        if "name" in body:
            body["name"] = self._habits.name_stored(body["name"])
        for key in self._habits.dropped:
            body.get("configuration", {}).pop(key, None)
        return dataclasses.replace(request, body=body)

    def _as_shown(self, answer: Response) -> Response:
        if isinstance(answer.body, list):
            rows = [self._row(row) for row in answer.body]
            if self._habits.rows_lack_configuration:
                rows = [{key: value for key, value in row.items() if key != "configuration"} for row in rows]
            return dataclasses.replace(answer, body=rows)
        return dataclasses.replace(answer, body=self._row(answer.body))

    def _row(self, row: t.Any) -> t.Any:
        if not isinstance(row, dict) or not isinstance(row.get("configuration"), dict):
            return row
        shown = {
            key: MASK if value and key in self._habits.masked else value
            for key, value in row["configuration"].items()
            if key not in self._habits.silent
        }
        return {**row, "configuration": shown}


def _texts(tags: list[t.Any]) -> list[str]:
    return [tag["name"] if isinstance(tag, dict) else tag for tag in tags]


class OddRun(Run):
    """A run against an odd platform, whose waits take no time."""

    def __init__(self, platform: OddPlatform, params: t.Mapping[str, t.Any], *, check_mode: bool = False) -> None:
        self._platform = platform
        super().__init__(params, (), check_mode=check_mode, diff_mode=True)
        self._now = 0.0
        self.budget = RetryBudget(
            retries=params["retries"],
            deadline=params["deadline"],
            clock=lambda: self._now,
            sleep=self._elapse,
            chance=lambda: 1.0,
        )
        self.client = self.new_client(self.transport, Secrecy())

    def _elapse(self, seconds: float) -> None:
        self._now += seconds

    def new_transport(self) -> t.Any:
        """Return the platform in place of a connection to it."""
        return self._platform


def params_of(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return all options of a task for one instance (or, with `instances`, for a fleet), from those that matter."""
    tables = [CONNECTION.spec, FLEET.spec if "instances" in options else INSTANCE.spec]
    params = {name: entry.get("default") for table in tables for name, entry in table.items()}
    running = emulator()
    secrets = {"user_secret": running.user_secret, "organization_secret": running.organization_secret}
    return {**params, **secrets, "base_url": running.url, **options}


def item_of(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return all options of one item of a fleet, from those that matter."""
    return {**{name: entry.get("default") for name, entry in INSTANCE.spec.items()}, **options}
