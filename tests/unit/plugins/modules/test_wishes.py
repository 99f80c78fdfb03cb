# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random wishes in random order, however the platform behaves and spells: they end as wished, with one each."""

from __future__ import annotations

import dataclasses
import functools
import json
import random
import re
import typing as t
import unicodedata

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.names import folded
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.comparison import same_value
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.masks import is_mask
from ansible_collections.cloud_elements.platform.tests.emulator import Fault
from ansible_collections.cloud_elements.platform.tests.emulator.catalog import Catalog
from ansible_collections.cloud_elements.platform.tests.emulator.values import MASK
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import ensure, ensure_all
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire
from hypothesis import given, settings
from hypothesis import strategies as st

Wish = dict[str, t.Any]
Stored = dict[tuple[str, str], dict[str, t.Any]]
"""All instances by name and element key."""

NEEDED: dict[str, Wish] = {
    "stripe": {"api_key": "made-up-0123456789"},
    "servicenow": {
        "configuration": {"username": "u", "servicenow.subdomain": "s"},
        "secret_configuration": {"password": "first-0123456789"},
    },
}
"""The options without which an element has no instances."""

ENTRIES = {element.key: element.entries for element in Catalog() if element.key in NEEDED}
UNALIKE = ["payments", "Köln", "50% & more", "'; --", "{{ 7 * 7 }}", "日本", "ab"]
NAMES = [*UNALIKE, "Payments", "payments 2", "Ko\u0308ln"]
# The platform knows the first two on every element. Others it may drop.
KEYS = ["event.objects", "event.notification.enabled", "site.url", "odd name", "{{ x }}"]
SECRETS = ["password", "my.key", "oauth.token"]


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


@functools.cache
def wishes(*names: str) -> st.SearchStrategy[Wish]:
    return st.fixed_dictionaries(
        {"name": st.sampled_from(names), "element_key": st.sampled_from(sorted(NEEDED))},
        optional={
            "tags": st.lists(texts | st.sampled_from(NAMES), max_size=4),
            "configuration": st.dictionaries(st.sampled_from(KEYS), plain_values, max_size=3),
            "secret_configuration": st.dictionaries(st.sampled_from(SECRETS), secrets, max_size=2),
            "enabled": st.booleans(),
            "update_secrets": st.sampled_from(["on_create", "on_change", "always"]),
            "state": st.sampled_from(["present", "present", "absent"]),
            "verify": st.booleans(),
        },
    ).map(complete)


faults = st.sampled_from(
    [None, None, Fault("reset", when="after"), Fault("body", when="after", body={}), Fault("status", status=429)]
)


def histories() -> st.SearchStrategy[list[tuple[Wish, Fault | None]]]:
    """Wishes one after another about one or two names, so that most are about an instance that is there."""
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
    return names.flatmap(lambda chosen: st.lists(st.tuples(wishes(*chosen), faults), min_size=1, max_size=4))


def complete(wish: Wish) -> Wish:
    """Return a wish with what its element needs."""
    whole = {**NEEDED[wish["element_key"]], **wish}
    for name in ("configuration", "secret_configuration"):
        both = {**NEEDED[wish["element_key"]].get(name, {}), **wish.get(name, {})}
        whole |= {name: both} if both else {}
    return whole


@dataclasses.dataclass(frozen=True)
class Habits:
    """How a platform behaves.

    Attributes:
        switches: The switches of the emulator.
        masked: The configuration keys whose values it masks, beside those that the emulator masks.
        silent: The configuration keys that it stores but never returns.
        bare_rows: Whether rows of listings lack the configuration even if it is asked for.
    """

    switches: dict[str, t.Any]
    masked: frozenset[str]
    silent: frozenset[str]
    bare_rows: bool

    def begin(self, wire: Wire) -> None:
        """Make the emulator at the end of a wire an empty platform with these habits."""
        wire.reset()
        for name, value in self.switches.items():
            wire.emulator.switches.set(name, value)
        self.clear(wire)

    def clear(self, wire: Wire) -> None:
        """Forget the requests."""
        wire.clear()
        wire.edit = self._edited

    def _edited(self, _number: int, answer: Response) -> Response:
        listed = isinstance(answer.body, list)
        for row in answer.body if listed else [answer.body]:
            if isinstance(row, dict) and isinstance(row.get("configuration"), dict):
                row["configuration"] = self._shown(row["configuration"])
                if listed and self.bare_rows:
                    del row["configuration"]
        return answer

    def _shown(self, configuration: dict[str, t.Any]) -> dict[str, t.Any]:
        return {
            key: MASK if value and key in self.masked else respelled(value)
            for key, value in reversed(configuration.items())
            if key not in self.silent
        }

    def hides(self, element_key: str, key: str) -> bool:
        """Tell whether the value of a key can not be compared."""
        everything, facts = self.switches["mask"] == "all", self.switches["mask"] == "facts"
        entry = ENTRIES[element_key].get(key)
        return key in self.masked | self.silent or everything or bool(facts and entry and entry.masked)

    def drops(self, wish: Wish) -> set[str]:
        """Return the keys of a wish that the platform does not take."""
        if self.switches["unknown_configuration"] == "keep":
            return set()
        return given_keys(wish) - {*ENTRIES[wish["element_key"]], "api.key"}


def respelled(value: t.Any) -> t.Any:
    """Return a stored value in a spelling that means the same."""
    if value in ("true", "false"):
        return value.title()
    try:
        structure = json.loads(value)
    except (TypeError, ValueError):
        return value
    structure = dict(reversed(structure.items())) if isinstance(structure, dict) else structure
    return json.dumps(structure, indent=1) if isinstance(structure, (dict, list)) else value


some_keys = st.frozensets(st.sampled_from([*KEYS, *SECRETS]), max_size=3)
habits = st.builds(
    Habits,
    st.fixed_dictionaries(
        {
            "mask": st.sampled_from(["none", "facts", "all"]),
            "tags_form": st.sampled_from(["strings", "objects"]),
            "id_form": st.sampled_from(["number", "string"]),
            "empty_tags_on_create": st.sampled_from(["name", "empty"]),
            "hydrate_default": st.booleans(),
            "trailing_page": st.sampled_from(["none", "empty_404"]),
            "search_case": st.sampled_from(["insensitive", "sensitive"]),
            "field_naming": st.sampled_from(["element", "swagger"]),
            "unknown_configuration": st.sampled_from(["keep", "keep", "drop"]),
        }
    ),
    masked=some_keys,
    silent=some_keys,
    bare_rows=st.booleans(),
)


def stored(wire: Wire) -> Stored:
    """Return what is there, after checking that it is there once."""
    instances = wire.emulator.instances
    rows = {(row["name"], row["element"]["key"]): row for row in instances}
    assert len(rows) == len(instances)
    return rows


def key_of(wish: Wish) -> tuple[str, str]:
    return wish["name"], wish["element_key"]


def given_keys(wish: Wish) -> set[str]:
    return {*wish.get("configuration", {}), *wish.get("secret_configuration", {})}


def own_tags(row: dict[str, t.Any]) -> set[str]:
    """Return the tags of an instance but for the fingerprint."""
    spelled = {tag["name"] if isinstance(tag, dict) else tag for tag in row["tags"]}
    return {tag for tag in spelled if not tag.startswith(PREFIX)}


def check(wire: Wire, habit: Habits, wish: Wish, known: Stored) -> None:
    """Check that what is stored is as wished, and that nothing else of it was touched."""
    after, before = stored(wire).get(key_of(wish)), known.get(key_of(wish))
    if wish.get("state") == "absent":
        assert after is None
        return
    assert after is not None
    if before is not None:
        assert (after["id"], after["token"]) == (before["id"], before["token"])
    check_tags(habit, wish, after, before)
    assert after["disabled"] is (not wish.get("enabled", before is None or not before["disabled"]))
    check_configuration(habit, wish, after, before)


def check_tags(habit: Habits, wish: Wish, after: t.Any, before: t.Any) -> None:
    if wish.get("tags") is None:
        assert own_tags(after) == ({wish["name"]} if before is None else own_tags(before))
    else:
        assert own_tags(after) == set(wish["tags"])


def check_configuration(habit: Habits, wish: Wish, after: t.Any, before: t.Any) -> None:
    element_key = wish["element_key"]
    made = {*ENTRIES[element_key], "username", "password"}
    known = made if before is None else set(before["configuration"])
    touched = given_keys(wish) | ({"username", "password"} if "api_key" in wish else set())
    for key, value in after["configuration"].items():
        assert value != MASK
        if key not in touched:
            assert key in known
            assert before is None or value == before["configuration"][key]
    for key, value in wish.get("configuration", {}).items():
        # What never comes back, or only as a mask, can not be compared: update_secrets decides about that.
        if before is None or (key in before["configuration"] and not habit.hides(element_key, key)):
            assert key in habit.drops(wish) or same_value(value, after["configuration"].get(key))


def looks_like_one_that_is_there(wish: Wish, known: Stored) -> bool:
    """Tell whether the platform may have made another name of its element of the name of a wish."""
    return any(
        element_key == wish["element_key"] and name != wish["name"] and plain(wish["name"]).startswith(plain(name))
        for name, element_key in known
    )


def plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


@settings(max_examples=75)
@given(habits, histories())
def test_every_wish_is_met_once_touches_nothing_else_and_is_met_again_without_a_write(wire, habit, desired):
    habit.begin(wire)
    sent = []
    for wish, fault in desired:
        habit.clear(wire)
        known = stored(wire)
        try:
            foreseen = ensure(wish, check_mode=True)
        except CloudElementsError as error:
            assert error.kind is ErrorKind.NAME_CHANGED
            assert key_of(wish) not in known and looks_like_one_that_is_there(wish, known)
            assert wire.writes == []
            continue
        assert (stored(wire), wire.writes) == (known, [])
        if fault is not None:
            wire.emulator.inject(dataclasses.replace(fault, method="PATCH"))
        done = ensure(wish)
        wire.emulator.heal()
        assert (done["changed"], done["diff"]) == (foreseen["changed"], foreseen["diff"])
        check(wire, habit, wish, known)
        others = {key: row for key, row in stored(wire).items() if key != key_of(wish)}
        assert others == {key: row for key, row in known.items() if key != key_of(wish)}
        unmet = any("did not settle" in warning for warning in done["warnings"])
        assert not unmet or habit.drops(wish)
        sent += wire.writes
        habit.clear(wire)
        again = ensure(wish)
        if wish.get("update_secrets") != "always" and not habit.drops(wish):
            assert not again["changed"]
            assert wire.writes == []
        sent += wire.writes
        assert wire.emulator.violations == []
    assert not any(f'"{MASK}"' in json.dumps(seen.body) for seen in sent)


def turned(value: t.Any, chance: random.Random) -> t.Any:
    """Return a value with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: turned(value[key], chance) for key in keys}
    return [turned(item, chance) for item in value] if isinstance(value, list) else value


def spelled(seen: t.Any) -> str:
    """Return a request in a form in which only what it means is left, without what is random or new in it."""
    body = json.loads(json.dumps(seen.body))
    if body and "tags" in body:
        body["tags"] = sorted(tag.partition(PREFIX)[1] or tag for tag in body["tags"])
    query = {name: "TOKEN" if name == "nextPage" else values for name, values in seen.query.items()}
    return json.dumps([seen.method, re.sub("[0-9]+", "ID", seen.path), query, body], sort_keys=True)


@settings(max_examples=60)
@given(habits, wishes(*NAMES), wishes(*NAMES), st.randoms(use_true_random=False))
def test_the_order_of_keys_tags_and_rows_makes_no_difference(wire, habit, first, second, chance):
    def play(shuffle: bool) -> list[str]:
        habit.begin(wire)
        wire.emulator.switches.tags_order = "kept" if shuffle else "shuffled"
        for wish in (first, {**second, "name": first["name"]}):
            if shuffle:
                wish = turned(wish, chance)
                if "tags" in wish:
                    chance.shuffle(wish["tags"])
            ensure(wish)
        return [spelled(seen) for seen in wire.emulator.requests]

    assert play(False) == play(True)


def unlike(wish: Wish) -> tuple[str, str]:
    """Return what differs if neither of two instances can be taken for the other, stored under a changed name."""
    return folded(wish["name"]).split()[0], wish["element_key"]


def contents(wire: Wire) -> list[str]:
    """Return what is stored, without what is random or new in it."""
    rows = []
    for row in wire.emulator.instances:
        tags = sorted({tag["name"] if isinstance(tag, dict) else tag for tag in row["tags"]})
        tags = [tag.partition(PREFIX)[1] or tag for tag in tags]
        rows.append(json.dumps({**row, "tags": tags, "id": 0, "token": "", "createdDate": ""}, sort_keys=True))
    return sorted(rows)


@settings(max_examples=40)
@given(habits, st.lists(wishes(*NAMES), min_size=1, max_size=5, unique_by=unlike))
def test_a_fleet_comes_out_as_its_instances_one_by_one(wire, habit, desired):
    habit.begin(wire)
    for wish in desired:
        ensure(wish)
    alone = contents(wire)
    habit.begin(wire)
    ensure_all(desired, concurrency=2)
    assert contents(wire) == alone
    again = ensure_all(desired, concurrency=2)
    if not any(habit.drops(wish) or wish.get("update_secrets") == "always" for wish in desired):
        assert not again["changed"]


@settings(max_examples=30)
@given(habits, st.lists(st.lists(wishes(*UNALIKE), max_size=4, unique_by=unlike), min_size=1, max_size=2))
def test_every_wish_of_a_fleet_is_met_once_whatever_was_there(wire, habit, fleets):
    habit.begin(wire)
    for desired in fleets:
        known = stored(wire)
        result = ensure_all(desired, concurrency=4)
        there = stored(wire)
        for row, wish in zip(result["instances"], desired, strict=True):
            check(wire, habit, wish, known)
            after = there.get(key_of(wish))
            assert row["token"] == (after["token"] if after else None)
        wanted = {key_of(wish) for wish in desired}
        others = {key: row for key, row in known.items() if key not in wanted}
        assert others == {key: row for key, row in there.items() if key not in wanted}
    assert not any(f'"{MASK}"' in json.dumps(seen.body) for seen in wire.writes)


@settings(max_examples=12)
@given(st.permutations(NAMES), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_names_that_look_alike_are_never_taken_for_each_other(wire, names, removed):
    wire.reset()
    for name in names:
        ensure({**NEEDED["stripe"], "name": name, "element_key": "stripe", "tags": [f"number {NAMES.index(name)}"]})
    assert sorted(row["name"] for row in wire.emulator.instances) == sorted(NAMES)
    for name in removed:
        ensure({"name": name, "element_key": "stripe", "state": "absent"})
    assert {row["name"] for row in wire.emulator.instances} == set(NAMES) - set(removed)


LOSSES = {
    "lost before": Fault("reset", when="before"),
    "lost after": Fault("reset", when="after"),
    "500 after": Fault("status", when="after"),
    "empty after": Fault("empty", when="after"),
}


@settings(max_examples=60)
@given(wishes(*NAMES), st.integers(0, 8), st.sampled_from(sorted(LOSSES)), st.sampled_from([0.0, 15.0]))
def test_one_lost_answer_anywhere_changes_nothing_about_the_end(wire, wish, number, how, lag):
    wire.reset()
    wire.emulator.switches.listing_lag = lag  # So long that the next request finds nothing, and the one after it does.
    wire.emulator.inject(dataclasses.replace(LOSSES[how], skip=number))
    try:
        result = ensure(wish)
    except CloudElementsError as error:
        assert error.kind is ErrorKind.UNKNOWN_OUTCOME
        assert len(wire.emulator.instances) <= 1
        return
    finally:
        creates = [seen for seen in wire.writes if seen.method == "POST"]
        assert len(creates) <= (2 if how == "lost before" else 1)
    after = stored(wire).get(key_of(wish))
    assert (after is None) is (wish.get("state") == "absent")
    assert after is None or (result["id"], result["token"]) == (after["id"], after["token"])
