# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of a listing."""

from __future__ import annotations

import base64
import binascii
import bisect
import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

from .errors import ApiError

PAGE_SIZE = 200


@dataclasses.dataclass(frozen=True)
class Page:
    """One page: its rows, how many there are in all, the token of the next page, and what was wrong but tolerated."""

    rows: list[Any]
    total: int
    next_token: str | None = None
    complaint: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Elements-Returned-Count": str(len(self.rows)), "Elements-Total-Count": str(self.total)}
        if self.next_token:
            headers["Elements-Next-Page-Token"] = self.next_token
        if self.complaint:
            headers["Elements-Error"] = self.complaint
        return headers


def cut(items: Sequence[Any], number: Callable[[Any], int], size: str, token: str, *, trailing: bool = False) -> Page:
    """Return the page after `token`. Items are sorted by `number`, which stays theirs.

    A token holds the number of the last row before it, so rows that come or go between two requests neither repeat nor
    hide another row. `size` and `token` are as in the query, empty where they were left out. With `trailing`, the last
    page too has a token, to a page without rows.
    """
    if size and not (size.isdecimal() and len(size) < 10 and int(size) > 0):
        raise ApiError(400, f"pageSize is not a positive number: {size}")
    limit = int(size) if size else PAGE_SIZE
    complaint = f"pageSize was reduced to {PAGE_SIZE}" if limit > PAGE_SIZE else None
    limit = min(limit, PAGE_SIZE)
    start = bisect.bisect_right(items, _decode(token), key=number) if token else 0
    rows = list(items[start : start + limit])
    more = start + limit < len(items) or (trailing and bool(rows))
    return Page(rows, len(items), _encode(number(rows[-1])) if more and rows else None, complaint)


def _encode(last: int) -> str:
    return base64.b64encode(json.dumps({"after": last, "version": 2}).encode()).decode()


def _decode(token: str) -> int:
    try:
        return int(json.loads(base64.b64decode(token, validate=True))["after"])
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError) as error:
        raise ApiError(400, "nextPage is not a page token") from error
