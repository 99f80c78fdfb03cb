# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is wished for, in whatever order, and however the platform spells it: it comes out as wished, once."""

from __future__ import annotations

import copy
import json
import random
import re
import typing as t
import unicodedata

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.names import folded
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.comparison import same_value
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.masks import is_mask
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from ansible_collections.cloud_elements.platform.tests.emulator.catalogue import Catalogue
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import LOST, refused
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.odd_platform import (
    ELEMENTS,
    Habits,
    OddPlatform,
    OddRun,
    item_of,
    params_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

EMPTY = Response(Outcome.BROKEN, 200, detail="the answer is empty", readable=False)
NAMES = ["payments", "Payments", "payments 2", "Köln", "Ko\u0308ln", "50% & more", "'; --", "{{ 7 * 7 }}", "日本", "ab"]
KEYS = ["site", "on", "count", "shape", "site.url", "odd name", "{{ x }}"]
SECRETS = ["password", "api.key", "oauth.token"]


def no_mask(text: str) -> bool:
    return not is_mask(text)


scalars = st.booleans() | st.integers(-(10**30), 10**30) | st.floats(-1e20, 1e20) | st.text(max_size=6).filter(no_mask)
plain_values = (
    st.none()
    | scalars
    | st.sampled_from(["", "true", "FALSE", "5", "[1, 2]", '{"b": 1, "a": [true]}', "null", "<b>x</b>"])
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.sampled_from("abc"), scalars | st.none() | st.lists(scalars, max_size=2), max_size=3)
)
texts = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<"), min_size=1, max_size=8)
secrets = st.text(min_size=1, max_size=8).filter(
    lambda text: text == text.strip() != "" and no_mask(text)
) | st.integers(0, 99)
configurations = st.dictionaries(st.sampled_from(KEYS), plain_values, max_size=3)
wishes = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES[:3]), "element_key": st.sampled_from([*ELEMENTS, ELEMENTS[0]])},
    optional={
        "tags": st.lists(texts | st.sampled_from(NAMES), max_size=4),
        "configuration": configurations,
        "secret_configuration": st.dictionaries(st.sampled_from(SECRETS), secrets, max_size=2),
        "enabled": st.booleans(),
        "update_secrets": st.sampled_from(["on_create", "on_change", "always"]),
        "state": st.sampled_from(["present", "present", "absent"]),
        "verify": st.booleans(),
    },
)
some_keys = st.frozensets(st.sampled_from([*KEYS, *SECRETS]), max_size=3)
habits = st.builds(
    Habits,
    masked=some_keys,
    silent=some_keys,
    dropped=some_keys,
    tags_as_objects=st.booleans(),
    ids_as_texts=st.booleans(),
    rows_lack_configuration=st.booleans(),
)


# What the platform stores for an instance without any configuration.
DEFAULTS = {
    element.key: {entry.key for entry in element.entries.values() if entry.injected}
    for element in Catalogue()
    if element.key in ELEMENTS
}


def ensure(platform: OddPlatform, options: dict[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
    """Run the engine for one instance and return its result with its warnings."""
    run = OddRun(platform, params_of(options), check_mode=check_mode)
    return {**ensure_instance(params_of(options), run), "warnings": run.warnings}


def found(platform: OddPlatform, wish: dict[str, t.Any]) -> dict[str, t.Any] | None:
    """Return what is stored under a name, after checking that it is there at most once."""
    rows = [
        row
        for row in platform.stored.values()
        if (row["name"], row["element"]["key"]) == (wish["name"], wish["element_key"])
    ]
    assert len(rows) <= 1
    return json.loads(json.dumps(rows[0])) if rows else None


def check(platform: OddPlatform, habit: Habits, wish: dict[str, t.Any], before: dict[str, t.Any] | None) -> None:
    """Check that what is stored is as wished, and that nothing else of it was touched."""
    after = found(platform, wish)
    if wish.get("state") == "absent":
        assert after is None
        return
    assert after is not None
    own = {tag for tag in after["tags"] if not tag.startswith(PREFIX)}
    if "tags" in wish:
        assert own == set(wish["tags"])
    else:
        assert own == ({wish["name"]} if before is None else {x for x in before["tags"] if not x.startswith(PREFIX)})
    assert after["disabled"] is (not wish.get("enabled", before is None or not before["disabled"]))
    known = set(DEFAULTS[wish["element_key"]] if before is None else before["configuration"])
    plain = wish.get("configuration", {})
    for key, value in after["configuration"].items():
        if key not in plain and key not in wish.get("secret_configuration", {}):
            assert key in known
            assert before is None or value == before["configuration"][key]
        assert value != MASK
    for key, value in plain.items():
        # What never comes back, or only as a mask, can not be compared: update_secrets decides about that.
        if before is None or (key in before["configuration"] and key not in habit.masked | habit.silent):
            assert key in habit.dropped or same_value(value, after["configuration"].get(key))
    if before is not None:
        assert (after["id"], after["token"], after["name"]) == (before["id"], before["token"], before["name"])


def looks_like_one_that_is_there(platform: OddPlatform, wish: dict[str, t.Any]) -> bool:
    rows = platform.stored.values()
    return any(
        row["name"] != wish["name"] and nfc(row["name"]).casefold() == nfc(wish["name"]).casefold() for row in rows
    )


@settings(max_examples=60)
@given(habits, st.lists(wishes, min_size=1, max_size=4))
def test_every_wish_is_met_once_touches_nothing_else_and_is_met_again_without_a_write(habit, desired):
    platform = OddPlatform(habit)
    for wish in desired:
        before, others = found(platform, wish), len(platform.stored)
        try:
            foreseen = ensure(platform, wish, check_mode=True)
        except CloudElementsError as error:
            assert error.kind is ErrorKind.NAME_CHANGED
            assert before is None and looks_like_one_that_is_there(platform, wish)
            assert platform.writes == []
            continue
        assert len(platform.stored) == others
        done = ensure(platform, wish)
        assert (done["changed"], done["diff"]) == (foreseen["changed"], foreseen["diff"])
        check(platform, habit, wish, before)
        unmet = any("did not settle" in warning for warning in done["warnings"])
        assert not unmet or habit.dropped
        platform.requests.clear()
        again = ensure(platform, wish)
        if wish.get("update_secrets") != "always" and not habit.dropped:
            assert not again["changed"]
            assert platform.writes == []
    sent = [json.dumps(request.body) for request in platform.writes]
    assert not any(f'"{MASK}"' in body for body in sent)


def turned(value: t.Any, chance: random.Random) -> t.Any:
    """Return a value with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: turned(value[key], chance) for key in keys}
    return [turned(item, chance) for item in value] if isinstance(value, list) else value


def spelled(request: t.Any) -> str:
    """Return a request in a form in which only what it means is left, without what is random in it."""
    body = json.loads(json.dumps(request.body))
    if body and "tags" in body:
        body["tags"] = sorted(tag.partition(PREFIX)[1] or tag for tag in body["tags"])
    return json.dumps([request.method, request.path, sorted(request.query), body], sort_keys=True)


@settings(max_examples=60)
@given(habits, wishes, wishes, st.randoms(use_true_random=False))
def test_the_order_of_keys_tags_and_rows_makes_no_difference(habit, first, second, chance):
    def play(shuffle: bool) -> list[str]:
        platform = OddPlatform(habit)
        for wish in (first, {**second, "name": first["name"]}):
            if shuffle:
                wish = turned(wish, chance)
                if "tags" in wish:
                    chance.shuffle(wish["tags"])
            ensure(platform, wish)
        return [re.sub("/instances/[0-9]+", "/instances/ID", spelled(request)) for request in platform.requests]

    assert play(False) == play(True)


def unlike(wish: dict[str, t.Any]) -> tuple[str, str]:
    """Return what differs if neither of two instances can be taken for the other, stored under a changed name."""
    return folded(wish["name"]).split()[0], wish["element_key"]


def contents(platform: OddPlatform) -> list[str]:
    """Return what is stored, but for what is different each time."""
    rows = []
    for row in platform.stored.values():
        tags = sorted(tag.partition(PREFIX)[1] or tag for tag in row["tags"])
        rows.append(json.dumps({**row, "tags": tags, "id": None, "token": None, "createdDate": None}, sort_keys=True))
    return sorted(rows)


@settings(max_examples=40)
@given(habits, st.lists(wishes, min_size=1, max_size=5, unique_by=unlike))
def test_a_fleet_comes_out_as_its_instances_one_by_one(habit, desired):
    alone = OddPlatform(habit)
    for wish in desired:
        ensure(alone, wish)
    one_by_one = contents(alone)
    together = OddPlatform(habit)
    params = params_of({"instances": [item_of(wish) for wish in desired], "concurrency": 2})
    ensure_fleet(params, OddRun(together, params))
    assert contents(together) == one_by_one
    again = ensure_fleet(params, OddRun(together, params))
    if not habit.dropped and not any(wish.get("update_secrets") == "always" for wish in desired):
        assert not again["changed"]


@settings(max_examples=20)
@given(st.permutations(NAMES), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_names_that_look_alike_are_never_taken_for_each_other(names, removed):
    platform = OddPlatform()
    for name in names:
        ensure(platform, {"name": name, "element_key": ELEMENTS[0], "tags": [f"number {NAMES.index(name)}"]})
    assert sorted(row["name"] for row in platform.stored.values()) == sorted(NAMES)
    for name in removed:
        ensure(platform, {"name": name, "element_key": ELEMENTS[0], "state": "absent"})
    assert {row["name"] for row in platform.stored.values()} == set(NAMES) - set(removed)


@settings(max_examples=60)
@given(wishes, st.integers(0, 8), st.sampled_from(["lost before", "lost after", "500 after", "empty after"]))
def test_one_lost_answer_anywhere_changes_nothing_about_the_end(wish, number, how):
    platform = OddPlatform(Habits(masked=frozenset()))
    exchange = platform.exchange

    def faulty(request, seconds):
        if len(platform.requests) != number:
            return exchange(request, seconds)
        if how == "lost before":
            platform.requests.append(request)
            return LOST
        exchange(request, seconds)
        return {"lost after": LOST, "500 after": refused(500), "empty after": EMPTY}[how]

    platform.exchange = faulty
    try:
        result = ensure(platform, wish)
    except CloudElementsError as error:
        assert error.kind is ErrorKind.UNKNOWN_OUTCOME
        assert len(platform.stored) <= 1
        return
    after = found(platform, wish)
    assert (after is None) is (wish.get("state") == "absent")
    assert after is None or (result["id"], result["token"]) == (after["id"], after["token"])


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def cut(name: str) -> str:
    return name[:40]


CHANGES = {"nfc": nfc, "lower": str.lower, "cut": cut, "suffix": lambda name: f"{name} (1)"}
CHANGED_NAMES = ["Payments", "Ko\u0308ln", "PAYMENTS-of-the-Ko\u0308ln-office-" + "x" * 40]


def theirs_on(platform: OddPlatform, names: list[str]) -> dict[int, dict[str, t.Any]]:
    """Put instances of others into the model, and return them."""
    for name in names:
        body = {"element": {"key": ELEMENTS[0]}, "name": name, "tags": ["theirs"]}
        platform.exchange(Request("POST", "/instances", body=body), 1)
    return copy.deepcopy(platform.stored)


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(CHANGES)),
    st.sampled_from(CHANGED_NAMES),
    st.booleans(),
    st.lists(st.integers(0, 12), max_size=4),
    st.integers(1, 4),
)
def test_whatever_a_platform_makes_of_a_name_at_most_one_is_left_and_it_is_named(change, name, fleet, lost, runs):
    platform = OddPlatform(Habits(name_stored=CHANGES[change]))
    others = theirs_on(platform, ["blog", "shop"])
    platform.requests.clear()
    platform.spoil = lambda number, answer: LOST if number in lost else answer
    for _run in range(runs):
        error = None
        options: dict[str, t.Any] = {"name": name, "element_key": ELEMENTS[0], "tags": ["ours"]}
        try:
            if fleet:
                params = params_of({"instances": [item_of(options)]})
                ensure_fleet(params, OddRun(platform, params))
            else:
                ensure(platform, options)
        except CloudElementsError as failure:
            error = failure
        made = {number: row for number, row in platform.stored.items() if "ours" in row["tags"]}
        assert {number: row for number, row in platform.stored.items() if number not in made} == others
        assert len(made) <= 1
        for number, row in made.items():
            assert row["name"] == name or (error is not None and str(number) in error.message), error
        platform.spoil = lambda number, answer: answer


@settings(max_examples=60)
@given(
    st.booleans(), st.booleans(), st.sampled_from(["Payments", "PAYMENTS"]), st.lists(st.integers(0, 12), max_size=3)
)
def test_what_a_platform_takes_for_the_same_name_is_never_removed(fleet, verify, name, lost):
    platform = OddPlatform(Habits(same_name=str.lower))
    others = theirs_on(platform, ["payments", "blog"])
    platform.requests.clear()
    platform.spoil = lambda number, answer: LOST if number in lost else answer
    options = {"name": name, "element_key": ELEMENTS[0], "tags": ["ours"], "verify": verify}
    with pytest.raises(CloudElementsError) as caught:
        if fleet:
            params = params_of({"instances": [item_of(options)]})
            ensure_fleet(params, OddRun(platform, params))
        else:
            ensure(platform, options)
    assert caught.value.kind in (ErrorKind.NAME_CHANGED, ErrorKind.UNKNOWN_OUTCOME)
    assert platform.stored == others
    assert not any(request.method == "DELETE" for request in platform.requests)
