# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure rooms of a fleet, and its threads. What a fleet does is in modules/test_instances.py."""

from __future__ import annotations

import threading
import types

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.client import Listing
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_budget import RetryBudget
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.workers import Workers
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance import fleet as fleet_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet_entries import (
    Item,
    Prune,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet_result import listed
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.job import foresee
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired
from hypothesis import given
from hypothesis import strategies as st

names = st.sampled_from("abc")
keys = st.sampled_from(["stripe", "sfdc"])
tags = st.frozensets(st.sampled_from(["ours", "prod", "x"]))
instances = st.builds(Instance, id=st.integers(1, 9), name=names, element_key=keys | st.none(), tags=tags)
listings = st.lists(instances, max_size=7, unique_by=lambda instance: instance.id).map(
    lambda rows: Listing(tuple(rows), True)
)
identities = st.one_of(
    st.fixed_dictionaries({"id": st.integers(1, 9), "name": st.none() | names}),
    st.fixed_dictionaries({"id": st.none(), "name": names, "element_key": st.none() | keys}),
)


def item(position: int, options, *, usable: bool = True) -> Item:
    wish = desired(options.get("name"), options.get("element_key"), id=options.get("id")) if usable else None
    return Item(position, options, wish)


def items_of(given_items) -> list[Item]:
    return [item(position, options, usable=usable) for position, (options, usable) in enumerate(given_items)]


rosters = st.lists(st.tuples(identities, st.booleans()), max_size=5).map(items_of)


def means(options, instance):
    if options.get("id") is not None:
        return options["id"] == instance.id
    return options["name"] == instance.name and options["element_key"] in (None, instance.element_key)


def may_mean(options, instance):
    """Return whether an instance whose element is not told may be the one that is meant."""
    return options.get("id") is None and options["name"] == instance.name and instance.element_key is None


@given(rosters, listings)
def test_each_item_finds_exactly_what_it_may_mean_the_oldest_first(items, listing):
    found = fleet_module._find(items, listing)
    assert set(found) == {entry.position for entry in items if entry.desired is not None}
    for position, matches in found.items():
        options = items[position].options
        expected = [match for match in listing.instances if means(options, match)] or [
            match for match in listing.instances if may_mean(options, match)
        ]
        assert list(matches) == sorted(expected, key=lambda match: match.id)


@given(rosters, listings)
def test_no_two_items_end_with_one_instance(items, listing):
    found = fleet_module._find(items, listing)
    single = [matches[0].id for matches in found.values() if len(matches) == 1]
    try:
        fleet_module._refuse_shared(items, found)
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        assert len(set(single)) < len(single)
    else:
        assert len(set(single)) == len(single)


@given(rosters, listings, st.frozensets(st.sampled_from(["ours", "prod"]), min_size=1), st.integers(0, 7))
def test_what_is_pruned_has_all_tags_and_nobody_named_it_not_even_wrongly(items, listing, needed, limit):
    expected = [
        instance
        for instance in listing.instances
        if needed <= instance.tags
        and not any(means(entry.options, instance) or may_mean(entry.options, instance) for entry in items)
    ]
    try:
        doomed = fleet_module._doomed(items, listing, Prune(needed, limit))
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        assert "prune_limit" in error.message
        assert len(expected) > limit
    else:
        assert doomed == expected
        assert len(doomed) <= limit


def test_what_an_item_found_is_not_pruned_whatever_it_is_called():
    there = Instance(7, "other", "stripe", "token", frozenset({"ours"}))
    entry = item(0, {"id": None, "name": "payments", "element_key": "stripe"})
    entry.job = foresee(desired(None, None, id=7), there)
    assert fleet_module._doomed([entry], Listing((there,), True), Prune(frozenset({"ours"}), 9)) == []


def test_what_the_user_should_know_of_an_item_is_said_once():
    job = foresee(desired(), None)
    for warning in ("sending it again", "not in the listing", "sending it again"):
        job.report(warning)
    assert job.warnings == ["sending it again", "not in the listing"]


def test_a_message_names_a_few_and_counts_the_rest():
    assert listed(map(str, range(3))) == "0, 1, 2"
    assert listed(map(str, range(12))).endswith("8, 9, and 2 more")
    assert listed([]) == ""


class Transport:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def task_of(transports: list[Transport]):
    def new_transport():
        transports.append(Transport())
        return transports[-1]

    return types.SimpleNamespace(
        budget=RetryBudget(retries=0, deadline=None),
        new_transport=new_transport,
        new_client=lambda transport, secrets, report, declared, plain_keys: types.SimpleNamespace(
            transport=transport, secrets=secrets
        ),
    )


def many(count: int) -> list[Item]:
    return [item(position, {"name": f"n{position}", "api_key": f"canary-{position}"}) for position in range(count)]


def test_an_error_of_one_item_stays_with_it_and_all_others_are_done():
    done: list[int] = []
    items = many(9)

    def work(entry: Item) -> None:
        if entry.position % 3 == 0:
            raise CloudElementsError(ErrorKind.REFUSED, f"No {entry.position}.")
        done.append(entry.position)

    with Workers(task_of([]), 4) as workers:
        workers.run(work, items)
    assert sorted(done) == [1, 2, 4, 5, 7, 8]
    assert [entry.position for entry in items if entry.error is not None] == [0, 3, 6]
    assert items[3].error is not None
    assert items[3].error.message == "No 3."


def test_a_mistake_of_ours_is_that_item_s_error_and_all_others_are_done():
    done: list[int] = []
    items = many(3)

    def work(entry: Item) -> None:
        if entry.position == 1:
            raise ZeroDivisionError("canary-1")
        done.append(entry.position)

    with Workers(task_of([]), 2) as workers:
        workers.run(work, items)
    assert sorted(done) == [0, 2]
    assert items[1].error is not None
    assert items[1].error.kind is ErrorKind.INTERNAL
    assert "ZeroDivisionError" in items[1].error.message and "canary" not in items[1].error.message


def test_each_thread_has_one_transport_of_its_own_and_all_are_closed():
    transports: list[Transport] = []
    used: list[tuple[int, Transport]] = []
    together = threading.Barrier(3, timeout=10)

    def work(entry: Item) -> None:
        together.wait()
        client = workers.client(entry)
        assert f"canary-{entry.position}" in client.secrets
        used.append((threading.get_ident(), client.transport))

    with Workers(task_of(transports), 3) as workers:
        workers.run(work, many(3))
        workers.run(work, many(3))
        assert not any(transport.closed for transport in transports)
    assert len(transports) == 3
    assert len(set(used)) == 3
    assert all(transport.closed for transport in transports)
