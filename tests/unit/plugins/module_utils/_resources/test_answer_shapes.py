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
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
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
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import answered, refused
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.platform_model import (
    ELEMENT,
    ModelRun,
    Platform,
    item_of,
    params_of,
)

OTHERS: list[t.Any] = [
    *(None, True, 0, -7, 7.5, 10**40, "", "7", "\x1b[31mred\x00", "x" * 1000),
    *([], [None], [[[]]], ["a", 5], {}, {"id": 7}, {"a": {"b": []}}),
]
EACH = 120
"""Replacements that are tried of a run. All of them are some thousands, of which these are spread evenly."""

WISH = {
    "name": "payments",
    "element_key": "stripe",
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


def rename(platform: Platform) -> dict[str, t.Any]:
    return {"id": min(platform.stored), "name": "renamed"}


def ensure(options: dict[str, t.Any]) -> t.Callable[[Platform], t.Any]:
    def run(platform: Platform) -> t.Any:
        params = params_of({**options, "retries": 1})
        return ensure_instance(params, ModelRun(platform, params))

    return run


def fleet(platform: Platform) -> t.Any:
    items = [item_of(WISH), item_of({**WISH, "name": "billing", "verify": True})]
    params = params_of({"instances": items, "concurrency": 1, "retries": 1, "prune": True, "prune_tags": ["old"]})
    return ensure_fleet(params, ModelRun(platform, params))


def ask(table: t.Any, engine: t.Any, **options: t.Any) -> t.Callable[[Platform], t.Any]:
    def run(platform: Platform) -> t.Any:
        nothing = {name: entry.get("default") for name, entry in table.spec.items()}
        params = {**params_of({"retries": 1}), **nothing, **options}
        return engine(params, ModelRun(platform, params))

    return run


def look_up(platform: Platform) -> str:
    return find_token("payments", "stripe", ModelRun(platform, params_of({"retries": 1})))


RUNS = {
    "create": ensure({**WISH, "verify": True, "enabled": False}),
    "create verified": ensure({**WISH, "verify": True}),
    "change": ensure({**WISH, "tags": ["b"], "configuration": {"site": "y"}, "update_secrets": "on_change"}),
    "rename": ensure({"id": 100, "name": "renamed", "enabled": False}),
    "remove": ensure({"name": "payments", "element_key": "stripe", "state": "absent"}),
    "fleet": fleet,
    "list": ask(INSTANCE_FILTER, list_instances, tags=["a"], include_token=True),
    "read": ask(INSTANCE_FILTER, list_instances, id=100),
    "element": ask(ELEMENT_FILTER, list_elements, element_key="stripe"),
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


class Whole(Platform):
    """The model with the rest of the endpoints."""

    def _answer(self, request: Request) -> Response:
        if request.path == "/elements":
            bare = {key: value for key, value in ELEMENT.items() if key != "configuration"}
            return answered([ELEMENT, {**bare, "key": "sfdc"}])
        if request.path.endswith("/oauth/url"):
            return answered({"element": "sfdc", "oauthUrl": "https://login.example.com/?client_id=k"})
        if request.path.endswith("/oauth/token"):
            return answered({"token": "request-token", "secret": "request-secret"})
        if request.path == "/elements/sfdc":
            return answered({**ELEMENT, "key": "sfdc", "authentication": {"type": "oauth1"}})
        return super()._answer(request)


def prepared(name: str) -> Whole:
    """Return the platform as a run finds it."""
    platform = Whole()
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


def spoilt(name: str, number: int, answer: Response) -> tuple[Whole, CloudElementsError | None]:
    """Do a run in which one answer is another one, and return the platform afterwards with the error."""
    platform = prepared(name)
    platform.spoil = lambda at, right: answer if at == number else right
    try:
        result = RUNS[name](platform)
    except CloudElementsError as error:
        platform.spoil = lambda at, right: right
        return platform, error
    json.dumps(result)
    platform.spoil = lambda at, right: right
    return platform, None


def check(name: str, platform: Whole, error: CloudElementsError | None) -> None:
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
            assert ("other", "stripe") in names
    if name == "fleet":
        assert sorted(names) == [("billing", "stripe"), ("payments", "stripe")]
    elif name == "remove":
        assert len(names) == 1
    elif name == "rename":
        assert ("renamed", "stripe") in names
    elif name not in ("element", "catalogue", "oauth"):
        assert ("payments", "stripe") in names


def spread(cases: list[t.Any]) -> list[t.Any]:
    """Return cases spread evenly over all, so that every place and every type has its turn."""
    step = max(1, len(cases) // EACH)
    return cases[:: step if step % len(OTHERS) else step + 1]


@pytest.mark.parametrize("name", RUNS)
def test_no_type_at_no_place_of_an_answer_breaks_a_run(name):
    cases = [
        (number, dataclasses.replace(right, body=replaced(right.body, path, other)))
        for number, right in enumerate(answers_of(name))
        for path in nodes(right.body)
        for other in OTHERS
    ]
    for number, answer in spread(cases):
        check(name, *spoilt(name, number, answer))


@pytest.mark.parametrize("name", RUNS)
def test_no_type_at_no_place_of_an_error_breaks_a_run(name):
    said = {"message": "No", "requestId": "abc", "providerMessage": "Bad key"}
    cases = [
        (number, dataclasses.replace(refused(400), body=replaced(said, path, other)))
        for number, _right in enumerate(answers_of(name))
        for path in nodes(said)
        for other in OTHERS
    ]
    for number, answer in spread(cases)[::3]:
        check(name, *spoilt(name, number, answer))


HEADERS = ["elements-total-count", "elements-next-page-token", "elements-request-id"]
VALUES = ["", "0", "-1", "9" * 5000, "NaN", "\r\n x", "/../..?&#", "\xff", "x" * 60_000]


@pytest.mark.parametrize("name", RUNS)
def test_no_header_of_an_answer_breaks_a_run(name):
    cases = [
        (number, dataclasses.replace(right, headers={**right.headers, header: value}))
        for number, right in enumerate(answers_of(name))
        for header in HEADERS
        for value in VALUES
    ]
    for number, answer in spread(cases)[::3]:
        check(name, *spoilt(name, number, answer))
