# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random wishes in random order against the emulator, however it behaves: they end as wished, with one each."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import retry_policy as retry_policy_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.comparison import same_value
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import ensure, ensure_all
from hypothesis import given, settings
from hypothesis import strategies as st

ELEMENTS: dict[str, dict[str, t.Any]] = {
    "stripe": {"api_key": "made-up-0123456789"},
    "servicenow": {
        "configuration": {"username": "u", "servicenow.subdomain": "s"},
        "secret_configuration": {"password": "first-0123456789"},
    },
}
values = st.booleans() | st.integers(0, 99) | st.sampled_from(["x", "", "Köln", '{"a": [1, true]}', "<b>"]) | st.none()
wishes = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["payments", "payments 10", "Zürich & Söhne"]),
        "element_key": st.sampled_from([*ELEMENTS]),
    },
    optional={
        "tags": st.lists(st.sampled_from(["a", "b", "Köln", "payments"]), max_size=3),
        "more": st.dictionaries(st.sampled_from(["event.notification.enabled", "event.objects", "mine"]), values),
        "enabled": st.booleans(),
        "update_secrets": st.sampled_from(["on_change", "always"]),
        "state": st.sampled_from(["present", "present", "absent"]),
    },
)
switches = st.fixed_dictionaries(
    {
        "mask": st.sampled_from(["facts", "none", "all"]),
        "tags_form": st.sampled_from(["strings", "objects"]),
        "id_form": st.sampled_from(["number", "string"]),
        "empty_tags_on_create": st.sampled_from(["name", "empty"]),
        "hydrate_default": st.booleans(),
        "trailing_page": st.sampled_from(["none", "empty_404"]),
        "search_case": st.sampled_from(["insensitive", "sensitive"]),
        "field_naming": st.sampled_from(["element", "swagger"]),
    }
)
FAULTS = [None, Fault("reset", when="after"), Fault("body", when="after", body={}), Fault("status", status=429)]


@pytest.fixture(scope="module")
def platform() -> Iterator[Emulator]:
    with Emulator(strict=True) as running, pytest.MonkeyPatch.context() as environment:
        for name, value in running.environment.items():
            environment.setenv(name, value)
        environment.setattr(retry_policy_module, "FIRST_WAIT", 0.01)
        yield running
        assert running.violations == []


def options(wish: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the options of a wish, with what its element needs."""
    given = {**ELEMENTS[wish["element_key"]], **{key: value for key, value in wish.items() if key != "more"}}
    return {**given, "configuration": {**given.get("configuration", {}), **wish.get("more", {})}}


def stored(platform: Emulator) -> dict[tuple[str, str], dict[str, t.Any]]:
    """Return what is there by name and element, after checking that it is there once."""
    rows = {(row["name"], row["element"]["key"]): row for row in platform.instances}
    assert len(rows) == len(platform.instances)
    return rows


def names(tags: t.Any) -> set[str]:
    spelled = {tag["name"] if isinstance(tag, dict) else tag for tag in tags}
    return {tag for tag in spelled if not tag.startswith(PREFIX)}


def check(platform: Emulator, wish: dict[str, t.Any], known: dict[tuple[str, str], dict[str, t.Any]]) -> None:
    """Check that an instance is as wished, and was not touched where nothing was wished."""
    key = (wish["name"], wish["element_key"])
    row, before = stored(platform).get(key), known.get(key)
    if wish.get("state") == "absent":
        assert row is None
        return
    assert row is not None
    if "tags" in wish:
        assert names(row["tags"]) == set(wish["tags"])
    elif before is not None:
        assert names(row["tags"]) == names(before["tags"])
    assert row["disabled"] is (not wish.get("enabled", before is None or not before["disabled"]))
    for name, value in wish.get("more", {}).items():
        if before is None:
            assert same_value(value, row["configuration"].get(name))
    if before is not None:
        assert (row["id"], row["token"]) == (before["id"], before["token"])


@settings(max_examples=20)
@given(switches, st.lists(st.tuples(wishes, st.sampled_from(FAULTS)), min_size=1, max_size=3))
def test_one_by_one(platform, behaviour, desired):
    platform.reset()
    for name, value in behaviour.items():
        platform.switches.set(name, value)
    for wish, fault in desired:
        known = stored(platform)
        foreseen = ensure(options(wish), check_mode=True)
        assert stored(platform) == known
        if fault is not None:
            platform.inject(Fault(**{**vars(fault), "method": "PATCH"}))
        done = ensure(options(wish))
        assert done["changed"] is foreseen["changed"]
        check(platform, wish, known)
        others = {key: row for key, row in known.items() if key != (wish["name"], wish["element_key"])}
        assert others.items() <= {**stored(platform)}.items()
        if wish.get("update_secrets") != "always":
            assert not ensure(options(wish))["changed"]


@settings(max_examples=12)
@given(
    switches,
    st.lists(st.lists(wishes, max_size=4, unique_by=lambda wish: (wish["name"], wish["element_key"])), max_size=2),
)
def test_as_fleets(platform, behaviour, fleets):
    platform.reset()
    for name, value in behaviour.items():
        platform.switches.set(name, value)
    for desired in fleets:
        known = stored(platform)
        result = ensure_all([options(wish) for wish in desired], concurrency=4)
        for wish in desired:
            check(platform, wish, known)
        there = stored(platform)
        for row, wish in zip(result["instances"], desired, strict=True):
            after = there.get((wish["name"], wish["element_key"]))
            assert row["token"] == (after["token"] if after else None)
        again = [options(wish) for wish in desired if wish.get("update_secrets") != "always"]
        assert not ensure_all(again)["changed"]
    sent = json.dumps([seen.body for seen in platform.requests])
    assert '"********"' not in sent
