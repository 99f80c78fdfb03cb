# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every node of every answer that is read, replaced by every other type: an error of its kind or the right end.

Nothing is ever lost or made twice by that, and the next run finds all as it should be.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import typing as t
from collections.abc import Iterator

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.elements import (
    ELEMENT_FILTER,
    list_elements,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    INSTANCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import (
    find_token,
    list_instances,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.oauth import OAUTH, oauth_info
from ansible_collections.cloud_elements.platform.tests.emulator import state
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules import engines
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire, unchanged

OTHERS: list[t.Any] = [
    *(None, True, 0, -7, 7.5, 10**40, "", "7", "\x1b[31mred\x00", "x" * 1000),
    *([], [None], [[[]]], ["a", 5], {}, {"id": 7}, {"a": {"b": []}}),
]
EACH = 100
"""Replacements that are tried of a run. All of them are some thousands, of which these are spread evenly."""

WISH: dict[str, t.Any] = {
    "name": "payments",
    "element_key": "stripe",
    "api_key": "made-up-canary",
    "tags": ["a"],
    "configuration": {"event.objects": "x"},
}
Path = tuple[t.Any, ...]


READ = {
    *("id", "name", "element", "key", "token", "tags", "configuration", "valid", "disabled", "createdDate"),
    *("externalAuthentication", "event.objects", "base.url", "password", "hub", "authentication", "type", "required"),
    *("defaultValue", "internal", "oauthUrl", "secret", "endpoint", "formula", "message", "requestId"),
    *("providerMessage",),
}
"""The names of what the collection reads. Answers have much more beside it, which would take its turn."""


def nodes(value: t.Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every node of a JSON value that is read; of a list only the first and the last item count."""
    yield path
    children: list[tuple[t.Any, t.Any]] = []
    if isinstance(value, dict):
        children = [(key, child) for key, child in value.items() if key in READ]
    elif isinstance(value, list) and value:
        children = [(at, value[at]) for at in sorted({0, len(value) - 1})]
    for key, child in children:
        yield from nodes(child, (*path, key))


def replaced(value: t.Any, path: Path, other: t.Any) -> t.Any:
    """Return a JSON value with another node at a path."""
    if not path:
        return other
    changed = copy.copy(value)
    changed[path[0]] = replaced(value[path[0]], path[1:], other)
    return changed


def ensure(options: dict[str, t.Any]) -> t.Callable[[Wire], t.Any]:
    return lambda _wire: engines.ensure({**options, "retries": 1})


def rename(wire: Wire) -> t.Any:
    number = min(row["id"] for row in wire.emulator.instances)
    return engines.ensure({"id": number, "name": "renamed", "enabled": False, "retries": 1})


def fleet(_wire: Wire) -> t.Any:
    items = [WISH, {**WISH, "name": "billing", "verify": True}]
    return engines.ensure_all(items, concurrency=1, retries=1, prune=True, prune_tags=["old"])


def ask(table: t.Any, engine: t.Any, **options: t.Any) -> t.Callable[[Wire], t.Any]:
    nothing = {name: entry.get("default") for name, entry in table.spec.items()}

    def run(_wire: Wire) -> t.Any:
        params = {**engines.connection(), "retries": 1, **nothing, **options}
        return engine(params, Run(params, (), check_mode=False))

    return run


def read(wire: Wire) -> t.Any:
    return ask(INSTANCE_FILTER, list_instances, id=min(row["id"] for row in wire.emulator.instances))(wire)


def look_up(_wire: Wire) -> str:
    return find_token("payments", "stripe", Run({**engines.connection(), "retries": 1}, (), check_mode=False))


RUNS = {
    "create": ensure({**WISH, "verify": True, "enabled": False}),
    "create verified": ensure({**WISH, "verify": True}),
    "change": ensure({**WISH, "tags": ["b"], "configuration": {"event.objects": "y"}, "update_secrets": "on_change"}),
    "rename": rename,
    "remove": ensure({"name": "payments", "element_key": "stripe", "state": "absent"}),
    "fleet": fleet,
    "list": ask(INSTANCE_FILTER, list_instances, tags=["a"], include_token=True),
    "read": read,
    "element": ask(ELEMENT_FILTER, list_elements, element_key="stripe"),
    "catalog": ask(ELEMENT_FILTER, list_elements),
    "oauth": ask(OAUTH, oauth_info, element_key="evernote", oauth_api_key="k", oauth_api_secret="s", callback_url="https://x"),
    "lookup": look_up,
}  # fmt: skip
FROM_NOTHING = ("create", "create verified", "fleet", "element", "catalog", "oauth")
FITTING = {
    ErrorKind.INVALID_RESPONSE,
    ErrorKind.UNKNOWN_OUTCOME,
    ErrorKind.NOT_FOUND,
    ErrorKind.NAME_CHANGED,
    ErrorKind.REFUSED,
    ErrorKind.CREDENTIALS_REFUSED,
    ErrorKind.AMBIGUOUS,
    ErrorKind.INVALID_OPTIONS,
    # The platform refuses to ping an instance that is disabled, whatever another answer said about it.
    ErrorKind.FORBIDDEN,
}


Accounts = dict[bool, list[state.Instance]]
"""The instances that a run finds: with one of ours, or without."""


@pytest.fixture(scope="module")
def accounts(wire: Wire) -> Accounts:
    wire.reset()
    wire.offer(["stripe", "sfdc", "evernote"])
    ensure(WISH)(wire)
    ensure({**WISH, "name": "other", "tags": ["old"]})(wire)
    both = wire.instances()
    return {True: both, False: [kept for kept in both if kept.name == "other"]}


def answers_of(name: str, wire: Wire, accounts: Accounts) -> list[Response]:
    """Return the answers to the requests of a run where nothing is spoilt."""
    seen: list[Response] = []

    def record(_number: int, answer: Response) -> Response:
        seen.append(answer)
        return answer

    wire.put(accounts[name not in FROM_NOTHING])
    wire.edit = record
    RUNS[name](wire)
    return seen


Change = t.Callable[[Response], Response]


def check(name: str, wire: Wire, accounts: Accounts, number: int, change: Change) -> None:
    """Check a run in which the answer with a number is changed: its error, and what is there afterwards."""
    wire.put(accounts[name not in FROM_NOTHING])
    wire.edit = lambda at, right: change(right) if at == number else right
    try:
        json.dumps(RUNS[name](wire))
    except CloudElementsError as error:
        check_error(error)
    wire.edit = unchanged
    check_account(name, wire)
    RUNS[name](wire)
    check_account(name, wire)
    check_end(name, names(wire))


def check_error(error: CloudElementsError) -> None:
    assert error.kind in FITTING
    assert error.message.replace("\n", "").isprintable()
    assert len(error.message) < 5000
    assert "canary" not in error.message


def names(wire: Wire) -> list[tuple[str, str]]:
    return sorted((row["name"], row["element"]["key"]) for row in wire.emulator.instances)


def check_account(name: str, wire: Wire) -> None:
    """Check that nothing is there twice, and that what a run is not about is there."""
    there = names(wire)
    assert len(there) == len(set(there))
    if name != "fleet":
        assert ("other", "stripe") in there


def check_end(name: str, there: list[tuple[str, str]]) -> None:
    """Check what is there after another run in which nothing is changed."""
    if name == "fleet":
        assert there == [("billing", "stripe"), ("payments", "stripe")]
    elif name == "remove":
        assert len(there) == 1
    elif name == "rename":
        assert ("renamed", "stripe") in there
    elif name not in ("element", "catalog", "oauth"):
        assert ("payments", "stripe") in there


def spread(cases: list[t.Any]) -> list[t.Any]:
    """Return cases spread evenly over all, so that every place and every type has its turn."""
    step = max(1, len(cases) // EACH)
    return cases[:: step if step % len(OTHERS) else step + 1]


def change_body(path: Path, other: t.Any) -> Change:
    return lambda right: dataclasses.replace(right, body=replaced(right.body, path, other))


@pytest.mark.parametrize("name", RUNS)
def test_no_type_at_no_place_of_an_answer_breaks_a_run(name, wire, accounts):
    cases = [
        (number, change_body(path, other))
        for number, right in enumerate(answers_of(name, wire, accounts))
        for path in nodes(right.body)
        for other in OTHERS
    ]
    for number, change in spread(cases):
        check(name, wire, accounts, number, change)


def refuse(body: t.Any) -> Change:
    return lambda right: dataclasses.replace(right, outcome=Outcome.REFUSED, status=400, body=body)


@pytest.mark.parametrize("name", RUNS)
def test_no_type_at_no_place_of_an_error_breaks_a_run(name, wire, accounts):
    said = {"message": "No", "requestId": "abc", "providerMessage": "Bad key"}
    cases = [
        (number, refuse(replaced(said, path, other)))
        for number, _right in enumerate(answers_of(name, wire, accounts))
        for path in nodes(said)
        for other in OTHERS
    ]
    for number, change in spread(cases)[::3]:
        check(name, wire, accounts, number, change)


HEADERS = ["elements-total-count", "elements-next-page-token", "elements-request-id"]
VALUES = ["", "0", "-1", "9" * 5000, "NaN", "\r\n x", "/../..?&#", "\xff", "x" * 60_000]


def set_header(header: str, value: str) -> Change:
    return lambda right: dataclasses.replace(right, headers={**right.headers, header: value})


@pytest.mark.parametrize("name", RUNS)
def test_no_header_of_an_answer_breaks_a_run(name, wire, accounts):
    cases = [
        (number, set_header(header, value))
        for number, _right in enumerate(answers_of(name, wire, accounts))
        for header in HEADERS
        for value in VALUES
    ]
    for number, change in spread(cases)[::3]:
        check(name, wire, accounts, number, change)
