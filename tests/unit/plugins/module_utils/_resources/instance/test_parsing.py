# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import Entry, Failed, Parsed
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.prune import PruneRule
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.observation import refuse_same
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.parsing import (
    parse_fleet,
    prune_rule,
)
from hypothesis import given
from hypothesis import strategies as st

NOTHING = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}


def options(**given_options):
    return {**NOTHING, **given_options}


identities = st.one_of(
    st.fixed_dictionaries({"id": st.integers(1, 4)}, optional={"name": st.sampled_from("ab")}),
    st.fixed_dictionaries({"name": st.sampled_from("abc"), "element_key": st.sampled_from(["stripe", "sfdc", None])}),
    st.just({"name": "<b>", "element_key": "stripe"}),
)


@given(st.lists(identities, max_size=5))
def test_each_instance_is_named_once_or_both_positions_are_told(given_items):
    named = [
        (item["id"],) if "id" in item else (item["element_key"], item["name"])
        for item in given_items
        if item.get("name") != "<b>"
    ]
    try:
        items = parse_fleet([options(**item) for item in given_items], "organization")
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        assert len(set(named)) < len(named)
        assert "mean the same instance" in error.message
        return
    assert len(set(named)) == len(named)
    for position, (item, given_item) in enumerate(zip(items, given_items, strict=True)):
        assert item.entry.label.startswith(f"instances[{position}] ")
        assert isinstance(item, Failed if given_item.get("name") == "<b>" else Parsed)


def test_the_positions_of_the_same_instance_are_told():
    twice = [options(name="a", element_key="stripe"), options(id=5), options(name="a", element_key="stripe")]
    with pytest.raises(CloudElementsError) as caught:
        parse_fleet(twice, "organization")
    assert "instances[0] (a) and instances[2] (a)" in caught.value.message
    assert "Nothing was written" in caught.value.message


def test_an_item_whose_options_can_not_be_used_keeps_no_other_from_work():
    good, bad = parse_fleet([options(name="a", element_key="stripe"), options(name=" ", element_key="x")], "o")
    assert isinstance(good, Parsed)
    assert isinstance(bad, Failed)
    assert bad.error.kind is ErrorKind.INVALID_OPTIONS


def test_what_looks_like_a_secret_is_warned_of_with_its_item():
    (item,) = parse_fleet([options(name="a", element_key="stripe", configuration={"password": "canary"})], "o")
    assert len(item.warnings) == 1
    assert item.entry.secrecy.secrets.count("canary") == 1


def test_an_item_knows_its_secrets_and_shows_none():
    given_options = options(
        name="a",
        api_key="canary-1",
        configuration={"site": "x", "api.token": "canary-2"},
        secret_configuration={"p": "canary-3"},
        provider_data={"code": "canary-4"},
    )
    (item,) = parse_fleet([given_options], "organization")
    known = json.dumps(item.entry.secrecy.secrets)
    assert all(f"canary-{number}" in known for number in range(1, 5))
    assert '"x"' not in known
    assert "canary" not in repr(item)


@pytest.mark.parametrize(
    ("given_options", "label"),
    [
        ({"name": "a"}, "instances[3] (a)"),
        ({"id": 5}, "instances[3] (id 5)"),
        ({"id": 5, "name": "a"}, "instances[3] (a)"),
        ({"name": ""}, "instances[3] (id None)"),
    ],
)
def test_an_item_is_called_by_its_position_and_its_name(given_options, label):
    items = parse_fleet([options(name=f"other {at}") for at in range(3)] + [options(**given_options)], "organization")
    assert items[3].entry.label == label


def test_an_item_is_the_same_as_itself_only():
    entry = Entry("first", {})
    refuse_same(entry, entry)
    with pytest.raises(CloudElementsError):
        refuse_same(entry, Entry("second", {}))


def test_each_fingerprint_of_a_fleet_has_a_salt_of_its_own():
    same = {"element_key": "stripe", "api_key": "k", "update_secrets": "on_change"}
    first, second = parse_fleet([options(name="a", **same), options(name="b", **same)], "organization")
    assert first.desired.seal.key == second.desired.seal.key == "organization"
    assert first.desired.seal.salt != second.desired.seal.salt


PRUNE = {"prune": True, "prune_tags": ["a", "b", "a"], "prune_limit": 10, "instances": [{}]}


def test_without_prune_nothing_is_asked_of_its_other_options():
    assert prune_rule({"prune": False, "prune_tags": None, "prune_limit": -1, "instances": []}) is None


@pytest.mark.parametrize("limit", [0, 1, 10])
def test_what_may_be_pruned_has_all_tags_and_a_limit(limit):
    assert prune_rule({**PRUNE, "prune_limit": limit}) == PruneRule(frozenset({"a", "b"}), limit)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"prune_tags": None}, "prune_tags"),
        ({"prune_tags": []}, "prune_tags"),
        ({"prune_tags": [""]}, "prune_tags"),
        ({"prune_tags": [" "]}, "prune_tags"),
        ({"prune_tags": ["ansible-secrets:1:x"]}, "prune_tags"),
        ({"prune_limit": -1}, "prune_limit"),
        ({"instances": []}, "variable is empty"),
    ],
)
def test_what_may_be_pruned_has_to_be_clear(more, word):
    with pytest.raises(CloudElementsError) as caught:
        prune_rule({**PRUNE, **more})
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS
    assert word in caught.value.message
