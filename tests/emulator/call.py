# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a handler gets and what it gives back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from .access import Caller
from .contract import MISSING
from .errors import ApiError
from .paging import Page
from .rules import find_element
from .state import Instance, Store
from .switches import Switches


@dataclasses.dataclass
class Call:
    """One request whose caller was let in. The names of `headers` are lower-case."""

    method: str
    path: str
    parameters: dict[str, str]
    query: dict[str, list[str]]
    body: Any
    caller: Caller
    store: Store
    switches: Switches
    headers: dict[str, str] = dataclasses.field(default_factory=dict)

    def asked(self, name: str) -> str:
        """Return a query parameter, empty where it was left out."""
        return (self.query.get(name) or [""])[0]

    def object(self) -> dict[str, Any]:
        """Return the body, which has to be a JSON object."""
        if self.body is MISSING or self.body is None:
            raise ApiError(400, "The request has no body")
        if not isinstance(self.body, dict):
            raise ApiError(400, "The body is not a JSON object")
        return self.body

    def instance(self) -> Instance:
        """Return the instance in the path, or the one of the element token on the id-less forms."""
        if "id" not in self.parameters:
            if self.caller.instance is None:
                raise ApiError(401, "There is no instance for this call")
            return self.caller.instance
        number = self.parameters["id"]
        instance = self.store.instances.get(int(number)) if len(number) < 19 else None
        if instance is not None and "keyOrId" in self.parameters:
            element = find_element(self.store, self.parameters["keyOrId"])
            instance = instance if instance.element is element else None
        if instance is None:
            raise ApiError(404, f"No element instance found with ID {number}")
        return instance


@dataclasses.dataclass
class Answer:
    """A success. Without a body it is empty, as the platform answers DELETE and enabled."""

    body: Any = MISSING
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    status: int = 200


EMPTY = Answer()
Handler = Callable[[Call], Answer]
Route = tuple[str, str, Handler]


def page_answer(page: Page, rows: list[Any]) -> Answer:
    return Answer(rows, page.headers)
