# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every node of every answer that is read, replaced by every other type: an error of its kind or the right end.

Nothing is ever lost or made twice by that, and the next run finds all as it should be.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import json
import typing as t
from collections.abc import Iterator

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.elements import (
    ELEMENT_FILTER,
    list_elements,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    INSTANCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import (
    find_token,
    list_instances,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.oauth import OAUTH, oauth_info
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import refused
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.odd_platform import (
    OddPlatform,
    OddRun,
    item_of,
    params_of,
)

OTHERS: list[t.Any] = [
    *(None, True, 0, -7, 7.5, 10**40, "", "7", "\x1b[31mred\x00", "x" * 1000),
    *([], [None], [[[]]], ["a", 5], {}, {"id": 7}, {"a": {"b": []}}),
]
EACH = 60
"""Replacements that are tried of a run. All of them are some thousands, of which these are spread evenly."""

REFUSED = refused(400)

WISH = {
    "name": "payments",
    "element_key": "stubby",
    "api_key": "made-up-canary",
    "tags": ["a"],
    "configuration": {"site": "x"},
}
Path = tuple[t.Any, ...]


def nodes(value: t.Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every node of a JSON value; of a list only the first and the last item count."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if not isinstance(value, list) or key in (0, len(value) - 1):
            yield from nodes(child, (*path, key))


def replaced(value: t.Any, path: Path, other: t.Any) -> t.Any:
    """Return a JSON value with another node at a path."""
    if not path:
        return other
    changed = copy.copy(value)
    changed[path[0]] = replaced(value[path[0]], path[1:], other)
    return changed


def ensure(options: dict[str, t.Any], *, by_id: bool = False) -> t.Callable[[OddPlatform], t.Any]:
    def run(platform: OddPlatform) -> t.Any:
        which = {"id": min(platform.stored)} if by_id else {}
        params = params_of({**options, **which, "retries": 1})
        return ensure_instance(params, OddRun(platform, params))

    return run


def fleet(platform: OddPlatform) -> t.Any:
    items = [item_of(WISH), item_of({**WISH, "name": "billing", "verify": True})]
    params = params_of({"instances": items, "concurrency": 1, "retries": 1, "prune": True, "prune_tags": ["old"]})
    return ensure_fleet(params, OddRun(platform, params))


def ask(table: t.Any, engine: t.Any, **options: t.Any) -> t.Callable[[OddPlatform], t.Any]:
    def run(platform: OddPlatform) -> t.Any:
        nothing = {name: entry.get("default") for name, entry in table.spec.items()}
        params = {**params_of({"retries": 1}), **nothing, **options}
        return engine(params, OddRun(platform, params))

    return run


def look_up(platform: OddPlatform) -> str:
    return find_token("payments", "stubby", OddRun(platform, params_of({"retries": 1})))


RUNS = {
    "create": ensure({**WISH, "verify": True, "enabled": False}),
    "create verified": ensure({**WISH, "verify": True}),
    "change": ensure({**WISH, "tags": ["b"], "configuration": {"site": "y"}, "update_secrets": "on_change"}),
    "rename": ensure({"name": "renamed", "enabled": False}, by_id=True),
    "remove": ensure({"name": "payments", "element_key": "stubby", "state": "absent"}),
    "fleet": fleet,
    "list": ask(INSTANCE_FILTER, list_instances, tags=["a"], include_token=True),
    "read": lambda platform: ask(INSTANCE_FILTER, list_instances, id=min(platform.stored))(platform),
    "element": ask(ELEMENT_FILTER, list_elements, element_key="stubby"),
    "catalogue": ask(ELEMENT_FILTER, list_elements),
    "oauth": ask(OAUTH, oauth_info, element_key="sfdc", oauth_api_key="k", oauth_api_secret="s", callback_url="https://x"),
    "lookup": look_up,
}  # fmt: skip
FROM_NOTHING = ("create", "create verified", "fleet", "element", "catalogue", "oauth")
FITTING = {
    ErrorKind.INVALID_RESPONSE,
    ErrorKind.UNKNOWN_OUTCOME,
    ErrorKind.NOT_FOUND,
    ErrorKind.NAME_CHANGED,
    ErrorKind.REFUSED,
    ErrorKind.CREDENTIALS_REFUSED,
    ErrorKind.AMBIGUOUS,
    ErrorKind.INVALID_OPTIONS,
}


def prepared(name: str) -> OddPlatform:
    """Return the platform as a run finds it."""
    platform = OddPlatform()
    if name not in FROM_NOTHING:
        ensure(WISH)(platform)
    ensure({**WISH, "name": "other", "tags": ["old"]})(platform)
    platform.requests.clear()
    return platform


def answers_of(name: str) -> list[Response]:
    """Return the answers to the requests of a run where nothing is spoilt."""
    platform = prepared(name)
    seen: list[Response] = []

    def record(number: int, answer: Response) -> Response:
        seen.append(answer)
        return answer

    platform.spoil = record
    RUNS[name](platform)
    return seen


Change = t.Callable[[Response], Response]


def spoilt(name: str, number: int, change: Change) -> tuple[OddPlatform, CloudElementsError | None]:
    """Do a run in which one answer is changed, and return the platform afterwards with the error."""
    platform = prepared(name)
    platform.spoil = lambda at, right: change(right) if at == number else right
    error = None
    try:
        json.dumps(RUNS[name](platform))
    except CloudElementsError as caught:
        error = caught
    platform.spoil = lambda _at, right: right
    return platform, error


def with_other(path: Path, other: t.Any) -> Change:
    """Return what puts something else at a path of a body, which may have no such place this time."""

    def change(right: Response) -> Response:
        with contextlib.suppress(LookupError, TypeError):
            return dataclasses.replace(right, body=replaced(right.body, path, other))
        return right

    return change


def check(name: str, platform: OddPlatform, error: CloudElementsError | None) -> None:
    """Check the error, and that what is there is there once, now and after another run."""
    if error is not None:
        assert error.kind in FITTING
        assert error.message.replace("\n", "").isprintable()
        assert len(error.message) < 5000
        assert "canary" not in error.message
    for again in (False, True):
        if again:
            RUNS[name](platform)
        names = [(row["name"], row["element"]["key"]) for row in platform.stored.values()]
        assert len(names) == len(set(names))
        if name != "fleet":
            assert ("other", "stubby") in names
    if name == "fleet":
        assert sorted(names) == [("billing", "stubby"), ("payments", "stubby")]
    elif name == "remove":
        assert len(names) == 1
    elif name == "rename":
        assert ("renamed", "stubby") in names
    elif name not in ("element", "catalogue", "oauth"):
        assert ("payments", "stubby") in names


def spread(cases: list[t.Any]) -> list[t.Any]:
    """Return cases spread evenly over all, so that every place and every type has its turn."""
    step = max(1, len(cases) // EACH)
    return cases[:: step if step % len(OTHERS) else step + 1]


@pytest.mark.parametrize("name", RUNS)
def test_no_type_at_no_place_of_an_answer_breaks_a_run(name):
    cases = [
        (number, with_other(path, other))
        for number, right in enumerate(answers_of(name))
        for path in nodes(right.body)
        for other in OTHERS
    ]
    for number, change in spread(cases):
        check(name, *spoilt(name, number, change))


@pytest.mark.parametrize("name", RUNS)
def test_no_type_at_no_place_of_an_error_breaks_a_run(name):
    said = {"message": "No", "requestId": "abc", "providerMessage": "Bad key"}
    cases = [
        (number, lambda _right, path=path, other=other: dataclasses.replace(REFUSED, body=replaced(said, path, other)))
        for number, _right in enumerate(answers_of(name))
        for path in nodes(said)
        for other in OTHERS
    ]
    for number, change in spread(cases)[::3]:
        check(name, *spoilt(name, number, change))


HEADERS = ["elements-total-count", "elements-next-page-token", "elements-request-id"]
VALUES = ["", "0", "-1", "9" * 5000, "NaN", "\r\n x", "/../..?&#", "\xff", "x" * 60_000]


@pytest.mark.parametrize("name", RUNS)
def test_no_header_of_an_answer_breaks_a_run(name):
    cases = [
        (number, lambda right, more={header: value}: dataclasses.replace(right, headers={**right.headers, **more}))
        for number, _right in enumerate(answers_of(name))
        for header in HEADERS
        for value in VALUES
    ]
    for number, change in spread(cases)[::3]:
        check(name, *spoilt(name, number, change))
