# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import types

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Secrecy
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import (
    Entry,
    Failed,
    Parsed,
    Unknown,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.workers import Workers


class Transport:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def run_with(transports: list[Transport]):
    def new_transport():
        transports.append(Transport())
        return transports[-1]

    def new_client(transport, secrecy):
        return types.SimpleNamespace(transport=transport, secrets=secrecy.secrets, warnings=("a warning",))

    return types.SimpleNamespace(transport="of the run", new_transport=new_transport, new_client=new_client)


def many(count: int) -> list[Parsed[int]]:
    return [Parsed(Entry(f"item {at}", {}, Secrecy((f"canary-{at}",))), at) for at in range(count)]


def test_items_come_back_in_order_and_only_those_of_the_phase_are_worked_on():
    unknown = Unknown(Entry("", {}), ())
    with Workers(run_with([]), 4) as workers:
        results = workers.map(Parsed, lambda item, _client: item.desired, [*many(3), unknown, *many(2)])
    assert results == [0, 1, 2, unknown, 0, 1]


def test_an_error_of_one_item_stays_with_it_and_all_others_are_done():
    def work(item, _client):
        if item.desired % 3 == 0:
            raise CloudElementsError(ErrorKind.REFUSED, f"No {item.desired}.")
        return item.desired

    with Workers(run_with([]), 4) as workers:
        results = workers.map(Parsed, work, many(9))
    assert [result for result in results if not isinstance(result, Failed)] == [1, 2, 4, 5, 7, 8]
    failures = [result for result in results if isinstance(result, Failed)]
    assert [(it.entry.label, it.error.message) for it in failures] == [(f"item {at}", f"No {at}.") for at in (0, 3, 6)]
    assert failures[0].warnings == ("a warning",)


def test_a_mistake_of_ours_is_that_item_s_error_and_all_others_are_done():
    def work(item, _client):
        if item.desired == 1:
            raise ZeroDivisionError("canary-1")
        return item.desired

    with Workers(run_with([]), 2) as workers:
        first, failure, last = workers.map(Parsed, work, many(3))
    assert (first, last) == (0, 2)
    assert failure.error.kind is ErrorKind.INTERNAL
    assert "ZeroDivisionError" in failure.error.message and "canary" not in failure.error.message


def test_each_thread_has_one_transport_of_its_own_and_all_are_closed():
    transports: list[Transport] = []
    together = threading.Barrier(3, timeout=10)

    def work(item, client):
        together.wait()
        assert client.secrets == (f"canary-{item.desired}",)
        return threading.get_ident(), client.transport

    with Workers(run_with(transports), 3) as workers:
        used = workers.map(Parsed, work, many(3)) + workers.map(Parsed, work, many(3))
        assert not any(transport.closed for transport in transports)
    assert len(transports) == 3
    assert len(set(used)) == 3
    assert all(transport.closed for transport in transports)


def test_one_item_uses_the_connections_of_the_run():
    for concurrency in (1, 8):
        with Workers(run_with([]), concurrency) as workers:
            assert workers.map(Parsed, lambda _item, client: client.transport, many(1)) == ["of the run"]


def test_a_second_error_is_told_after_the_first_with_its_warnings():
    failure = Failed(Entry("", {}), CloudElementsError(ErrorKind.REFUSED, "First."), ("early",))

    def work(_item, _client):
        raise CloudElementsError(ErrorKind.AMBIGUOUS, "Second.")

    with Workers(run_with([])) as workers:
        (after,) = workers.map(Failed, work, [failure])
    assert (after.error.kind, after.error.message) == (ErrorKind.REFUSED, "First. Second.")
    assert after.warnings == ("early", "a warning")


@pytest.mark.parametrize("allowed", [0, 1, 3])
def test_all_items_are_done_if_the_host_allows_no_more_threads(allowed, monkeypatch):
    start, started = threading.Thread.start, []

    def limited(thread):
        if len(started) == allowed:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    with Workers(run_with([]), 4) as workers:
        assert workers.map(Parsed, lambda item, _client: item.desired, many(20)) == list(range(20))


def test_items_fail_singly_if_no_connection_can_be_opened_for_them():
    def new_transport():
        raise OSError("Too many open files")

    run = run_with([])
    run.new_transport = new_transport
    with Workers(run, 2) as workers:
        results = workers.map(Parsed, lambda item, _client: item.desired, many(3))
    assert [(type(result), result.error.kind) for result in results] == [(Failed, ErrorKind.INTERNAL)] * 3
