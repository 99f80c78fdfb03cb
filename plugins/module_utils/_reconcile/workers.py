# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the threads that work on items at the same time. They return what they find out, and change nothing."""

from __future__ import annotations

import contextlib
import itertools
import operator
import queue
import threading
import typing as t
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from .._api.client import Client
from .._api.run import Run
from .._api.transport import Transport
from .._core.errors import error_of
from .phases import Entry, failed

_I = t.TypeVar("_I")
_R = t.TypeVar("_R")

_first = operator.itemgetter(0)


class Workers:
    """A pool of threads, each with its own connections. Use it as a context manager, which closes these.

    Args:
        run: The run. All threads share its time, so a wait that the platform asks one of them for holds all.
        concurrency: How many threads there are. With one, the calling thread does the work.
    """

    def __init__(self, run: Run, concurrency: int = 1) -> None:
        self.run = run
        self._owner = threading.get_ident()
        self._concurrency = concurrency
        self._pool = ThreadPoolExecutor(concurrency) if concurrency > 1 else None
        self._local = threading.local()
        self._transports: list[Transport] = []

    def map(
        self,
        phase: type[_I] | tuple[type[_I], ...],
        work: Callable[[_I, Client], _R],
        items: Iterable[t.Any],
        where: Callable[[_I], bool] = lambda _item: True,
    ) -> list[t.Any]:
        """Return the items, each that is in a phase replaced by what the work for it returns.

        Whatever ends the work for an item makes it `Failed`, with the warnings that came up.

        Args:
            phase: The types of the items to work on. Others stay as they are.
            work: Takes an item and a client that knows its secrets.
            items: The items.
            where: Tells which items of the phase to work on.
        """
        everything = list(items)
        chosen = [position for position, item in enumerate(everything) if isinstance(item, phase) and where(item)]

        def guarded(item: t.Any) -> t.Any:
            warnings: tuple[str, ...] = ()
            try:
                client = self.client(item.entry)
                try:
                    return work(item, client)
                finally:
                    warnings = client.warnings
            except Exception as error:
                return failed(item, error_of(error), warnings)

        for position, result in zip(chosen, self._all(guarded, [everything[at] for at in chosen]), strict=True):
            everything[position] = result
        return everything

    def _all(self, work: Callable[[t.Any], t.Any], items: Sequence[t.Any]) -> list[t.Any]:
        if self._pool is None or len(items) < 2:
            return [work(item) for item in items]
        pending: queue.SimpleQueue[tuple[int, t.Any]] = queue.SimpleQueue()
        for numbered in enumerate(items):
            pending.put(numbered)

        def drain() -> list[tuple[int, t.Any]]:
            done = []
            with contextlib.suppress(queue.Empty):
                while True:
                    position, item = pending.get_nowait()
                    done.append((position, work(item)))
            return done

        threads: list[Future[list[tuple[int, t.Any]]]] = []
        try:
            # If the host allows no more threads, the calling one joins in.
            with contextlib.suppress(RuntimeError):
                for _thread in range(min(self._concurrency, len(items))):
                    threads.append(self._pool.submit(drain))
            own = [] if len(threads) == min(self._concurrency, len(items)) else drain()
            wait(threads)
            return [
                result
                for _position, result in sorted(itertools.chain(own, *(it.result() for it in threads)), key=_first)
            ]
        except BaseException:  # An interrupted run starts nothing more.
            with contextlib.suppress(queue.Empty):
                while True:
                    pending.get_nowait()
            raise

    def client(self, entry: Entry) -> Client:
        """Return a client for an item over the connections of this thread."""
        if threading.get_ident() == self._owner:
            return self.run.new_client(self.run.transport, entry.secrecy)
        transport: Transport | None = getattr(self._local, "transport", None)
        if transport is None:
            transport = self._local.transport = self.run.new_transport()
            self._transports.append(transport)
        return self.run.new_client(transport, entry.secrecy)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_details: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        for transport in self._transports:
            transport.close()
