# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The small part of CEQL that clients send in `where`: equality and `in`, joined by `and`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .errors import ApiError

_CONDITION = re.compile(
    r"\s*(\w+)\s*(?:=\s*(?:'([^']*)'|(\w+))|in\s*\(\s*('[^']*'(?:\s*,\s*'[^']*')*)\s*\))\s*(?:and\b|$)", re.IGNORECASE
)


def parse(where: str) -> dict[str, set[str]]:
    """Return the values that each field may have. A quote within a value breaks the condition: 400 (ASSUMED)."""
    wanted: dict[str, set[str]] = {}
    position = 0
    while position < len(where):
        match = _CONDITION.match(where, position)
        if match is None:
            raise ApiError(400, "where is not understood")
        field, quoted, bare, several = match.groups()
        values = re.findall(r"'([^']*)'", several) if several else [quoted if quoted is not None else bare]
        wanted[field] = set(values) & wanted.get(field, set(values))
        position = match.end()
    return wanted


def chosen(where: str, rows: list[Any], read: Callable[[Any, str], Any]) -> list[Any]:
    """Return the rows that fit; `read` returns a field of a row."""
    wanted = parse(where)
    return [row for row in rows if all(_text(read(row, field)) in values for field, values in wanted.items())]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
