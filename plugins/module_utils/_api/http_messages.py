# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define the values of an HTTP exchange: the request and its response.

The client builds a `Request`, and the transport turns it into a `Response`. Neither does any I/O itself.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .retry_policy import Outcome


@dataclass(frozen=True)
class Request:
    """One request to the platform.

    Attributes:
        path: The path below the base URL, already quoted.
        body: The body, sent as JSON. None sends no body.
        token: The element token, for the few calls that an instance makes itself. All other calls authenticate with
            the organization secret.
        answers: Whether the response must have a body.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, t.Any] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    answers: bool = True


@dataclass(frozen=True)
class Response:
    """The result of an exchange, whether or not an answer arrived.

    Attributes:
        outcome: How the exchange ended.
        status: The HTTP status, or None if no answer arrived.
        headers: The headers, with lower-case names.
        body: The parsed JSON of the body.
        detail: What went wrong, in our own words. It contains no text of the server or the user.
        retry_after: The seconds that the server asks to wait.
        readable: False if the body is not JSON.
        size: The length of the decompressed body in bytes.
    """

    outcome: Outcome
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: t.Any = field(default=None, repr=False)
    detail: str = ""
    retry_after: float | None = None
    readable: bool = True
    size: int = 0
