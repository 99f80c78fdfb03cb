# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of the platform in memory, for thousands of runs: it answers like it and normalises what it is given.

The emulator is the measure of the API, over a socket. This is only as much of it as an engine needs.
"""

from __future__ import annotations

import dataclasses
import datetime
import email.utils
import json
import re
import typing as t

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run, Secrecy
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET,
    INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import answered, refused

ELEMENT = {
    "key": "stripe",
    "name": "Stripe",
    "hub": "payment",
    "authentication": {"type": "basic"},
    "configuration": [
        {"key": "site", "name": "Site", "type": "TEXTFIELD_128", "required": False, "defaultValue": "eu"},
        {"key": "password", "name": "Password", "type": "PASSWORD", "required": False, "internal": False},
    ],
}


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


class Platform:
    """Holds instances, answers requests, and records them with their answers. Each request takes 10 seconds."""

    def __init__(self, habits: Habits | None = None) -> None:
        self._habits = habits or Habits()
        self._next = 100
        self.stored: dict[int, dict[str, t.Any]] = {}
        self.requests: list[Request] = []
        self._now = 1767225600
        self.spoil: t.Callable[[int, Response], Response] = lambda number, answer: answer

    def exchange(self, request: Request, seconds: float) -> Response:
        """Response a request."""
        self.requests.append(request)
        self._now += 10
        answer = self._answer(request)
        answer.headers["date"] = email.utils.formatdate(self._now, usegmt=True)  # type: ignore[index]
        return self.spoil(len(self.requests) - 1, answer)

    def close(self) -> None:
        """Do what a transport does at its end."""

    @property
    def writes(self) -> list[Request]:
        return [request for request in self.requests if request.method != "GET"]

    def _answer(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        body = json.loads(json.dumps(request.body))
        if request.path == "/ping":
            return answered({"endpoint": "stripe", "valid": True})
        if parts[0] == "elements":
            return answered(ELEMENT if parts[1] == ELEMENT["key"] else {**ELEMENT, "key": parts[1]})
        if parts[0] == "formulas":
            return answered([{"id": 5, "name": "sync", "active": True}])
        if len(parts) == 1:
            return self._create(body) if request.method == "POST" else self._list(dict(request.query))
        row = self.stored.get(int(parts[1]))
        if row is None:
            return refused(404, "No element instance found")
        if len(parts) == 3:
            row["disabled"] = request.method == "DELETE"
            return answered(None)
        if request.method == "DELETE":
            del self.stored[row["id"]]
            return answered(None)
        if request.method == "PATCH":
            self._take(row, body)
        return answered(self._shown(row))

    def _create(self, body: dict[str, t.Any]) -> Response:
        same = self._habits.same_name
        for there in self.stored.values():
            if same is not None and same(there["name"]) == same(body["name"]) and there["element"]["key"] == "stripe":
                return answered(self._shown(there))
        row = {
            "id": self._next,
            "name": "",
            "element": {"id": 42, **body["element"]},
            "token": f"token-of-{self._next}",
            "tags": [],
            "configuration": {"base.url": "https://api.example.com", "username": None},
            "disabled": False,
            "valid": True,
            "createdDate": f"{datetime.datetime.fromtimestamp(self._now, datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
            "externalAuthentication": body.get("externalAuthentication", "none"),
        }
        self._next += 1
        self.stored[row["id"]] = row
        self._take(row, {**body, "tags": body.get("tags") or [body["name"]]})
        return answered(self._shown(row))

    def _take(self, row: dict[str, t.Any], body: dict[str, t.Any]) -> None:
        """Store what is given, as the platform spells it."""
        if "name" in body:
            row["name"] = self._habits.name_stored(_stripped(body["name"]))
        if "tags" in body:
            row["tags"] = [*dict.fromkeys(map(_stripped, reversed(body["tags"])))]
        for key, value in body.get("configuration", {}).items():
            if key not in self._habits.dropped:
                row["configuration"][key] = _spelled(value)

    def _list(self, query: dict[str, str]) -> Response:
        text = query.get("searchText", "").lower()
        rows = [
            row
            for row in sorted(self.stored.values(), key=lambda row: -row["id"])
            if text in row["name"].lower() or text in row["element"]["key"].lower()
        ]
        token = query.get("nextPage", "0")
        if not re.fullmatch("[0-9]{1,9}", token):
            return refused(400, "The page is invalid")
        start = int(token)
        page = [self._shown(row, listed=True) for row in rows[start : start + 2]]
        headers = {"elements-total-count": str(len(rows))}
        if start + 2 < len(rows):
            headers["elements-next-page-token"] = str(start + 2)
        return answered(page, headers=headers) if page else refused(404, "No instances found")

    def _shown(self, row: dict[str, t.Any], *, listed: bool = False) -> dict[str, t.Any]:
        habits = self._habits
        shown: dict[str, t.Any] = json.loads(json.dumps(row))
        shown["configuration"] = {
            key: MASK if value and key in habits.masked else value
            for key, value in reversed(shown["configuration"].items())
            if key not in habits.silent
        }
        if habits.tags_as_objects:
            shown["tags"] = [{"id": number, "name": tag} for number, tag in enumerate(shown["tags"])]
        if habits.ids_as_texts:
            shown["id"] = str(shown["id"])
        if listed and habits.rows_lack_configuration:
            del shown["configuration"]
        return shown


def _stripped(text: str) -> str:
    return re.sub("<[^>]*>", "", text)


def _spelled(value: t.Any) -> str | None:
    """Return a value as it is stored: text, objects as JSON in an order and with a spacing of its own."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return json.dumps(dict(reversed(value.items())), indent=1)
    if isinstance(value, list):
        return json.dumps(value, indent=1)
    return value if value is None else str(value)


class ModelRun(Run):
    """A run against the model, in virtual time."""

    def __init__(self, platform: Platform, params: t.Mapping[str, t.Any], *, check_mode: bool = False) -> None:
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
        """Return the model in place of a connection to the platform."""
        return self._platform


def params_of(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return all options of a task for one instance (or, with C(instances), for a fleet), from those that matter."""
    tables = [CONNECTION.spec, FLEET.spec if "instances" in options else INSTANCE.spec]
    params = {name: entry.get("default") for table in tables for name, entry in table.items()}
    return {**params, "user_secret": "user-canary", "organization_secret": "organization-canary", **options}


def item_of(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return all options of one item of a fleet, from those that matter."""
    return {**{name: entry.get("default") for name, entry in INSTANCE.spec.items()}, **options}
