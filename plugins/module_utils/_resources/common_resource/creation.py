# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what creating a definition or a transformation means: what is sent, and how it is found again.

The platform keeps names unique within a level, so two runs cannot make two of them.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import dataclass

from ..._api.client import Client
from ..._reconcile.create_once import S


@dataclass(frozen=True)
class UniqueCreation(t.Generic[S]):
    """The create of what the platform has once at most under a name.

    Attributes:
        words: What is created, in words.
        post: Sends the create.
        get: Reads what is there, or None.
    """

    words: str
    post: Callable[[], S]
    get: Callable[[], S | None]

    kind = "common resource"
    single_use = False
    known_ids: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return self.words

    def send(self, client: Client) -> S:
        """Send the create, and return what the platform stored."""
        return self.post()

    def find_lost(self, client: Client, facts: str) -> S | None:
        """Return what a create without an answer made after all, or None if there is none."""
        return self.get()

    def matches(self, client: Client) -> tuple[S, ...]:
        """Return what bears the name."""
        found = self.get()
        return () if found is None else (found,)

    def matches_in(self, listing: t.Any, client: Client) -> tuple[S, ...]:
        """Return what bears the name: no listing is as complete as a read."""
        return self.matches(client)

    def read(self, number: int, client: Client) -> S | None:
        """Return what bears the name, whatever its id."""
        return self.get()

    def delete(self, number: int, client: Client) -> None:
        """Refuse: what is there once at most is never deleted as a duplicate."""
        raise AssertionError("A common resource has no duplicate.")

    def is_meant(self, stored: S) -> bool:
        """Return True: it was read by its name."""
        return True

    def has_content(self, stored: S) -> bool:
        """Return False: nothing proves that it is ours."""
        return False
