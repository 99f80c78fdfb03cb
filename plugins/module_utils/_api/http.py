# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and what became of it, as values. What goes in between is the transport's."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .retry_policy import Outcome


@dataclass(frozen=True)
class Request:
    """One request to the platform.

    C(path) is relative to the base URL and already quoted. C(body) is sent as JSON, nothing where it is None.
    C(token) is the element token for the few calls that are made on an instance's own behalf; everything else goes
    with the organization secret. C(answers) is false for calls whose answer may be empty.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, t.Any] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    answers: bool = True


@dataclass(frozen=True)
class Response:
    """How an exchange ended.

    C(status), C(headers) (lower-case names) and C(body) (parsed JSON) are there as far as an answer came.
    C(retry_after) is in seconds. C(readable) is false where a body came that is not JSON. C(detail) says in our own
    words what went wrong; it holds nothing that the server or the user wrote. C(size) is the length of the body in
    bytes, unpacked.
    """

    outcome: Outcome
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: t.Any = field(default=None, repr=False)
    detail: str = ""
    retry_after: float | None = None
    readable: bool = True
    size: int = 0
