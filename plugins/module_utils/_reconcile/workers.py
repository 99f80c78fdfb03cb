# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Threads that work for a fleet. Each has its own connections; what they find out they leave with the item."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait

from .._api.client import Client
from .._api.retry_budget import RetryBudget
from .._api.transport import Transport
from .._core.errors import CloudElementsError, internal_error
from .._resources.instance.fleet_entries import Item
from .task import Task


class Workers:
    """A pool of threads.

    In: the task, whose budget all share, so that a wait that the platform asks one of them for holds all; and how many
    there are. To be used as a context manager, which closes their connections.
    """

    def __init__(self, task: Task, concurrency: int) -> None:
        self._task = task
        self._pool = ThreadPoolExecutor(concurrency)
        self._local = threading.local()
        self._transports: list[Transport] = []

    @property
    def budget(self) -> RetryBudget:
        """The budget that all share."""
        return self._task.budget

    def run(self, work: Callable[[Item], None], items: Iterable[Item]) -> None:
        """Do some work for each item and return when all is done. Whatever ends one is left with it as its error."""

        def guarded(item: Item) -> None:
            try:
                work(item)
            except CloudElementsError as error:
                item.error = item.error or error
            except Exception as error:
                item.error = item.error or internal_error(error)

        futures = [self._pool.submit(guarded, item) for item in items]
        try:
            for future in wait(futures).done:
                future.result()
        except BaseException:
            for future in futures:
                future.cancel()
            raise

    def client(self, item: Item) -> Client:
        """Return a client for an item over this thread's connections. It knows the item's secrets, to mask them."""
        transport: Transport | None = getattr(self._local, "transport", None)
        if transport is None:
            transport = self._local.transport = self._task.new_transport()
            self._transports.append(transport)
        declared = item.options.get("configuration") or ()
        plain_keys = item.options.get("plain_keys") or ()
        return self._task.new_client(transport, item.secrets(), item.warnings.append, declared, plain_keys)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_details: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for transport in self._transports:
            transport.close()
