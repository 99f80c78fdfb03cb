# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON that others wrote, read so that nothing in it can break what reads it afterwards. Pure."""

from __future__ import annotations

import json
import math
import re
import typing as t
from collections.abc import Iterator

DEEPEST = 100
"""Lists and objects within each other at most. Every walk through a value may take this depth for granted."""


class TooDeepError(ValueError):
    """JSON that is nested too deeply to be walked through."""

    def __init__(self) -> None:
        super().__init__("nested too deeply")


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parse(text: str) -> t.Any:
    """Return the JSON value in a text.

    Stricter than Python's own reading: no NaN or Infinity, no number beyond every float, and nothing that is nested too
    deeply to be walked through.

    Raises:
        ValueError: The text is anything else.
    """
    return _read(text, parse_constant=_refuse, parse_float=_finite)


def embedded(text: str) -> t.Any:
    """Return the JSON object or list that a text is, or None if it is not one.

    Also accept what only Python's own reading takes for JSON: a NaN must not hide a secret from the search.

    Raises:
        TooDeepError: It is nested too deeply.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return _read(text)
    except TooDeepError:
        raise
    except ValueError:
        return None


def _read(text: str, **hooks: t.Any) -> t.Any:
    try:
        value = json.loads(text, **hooks)
    except RecursionError:
        raise TooDeepError from None
    if is_too_deep(value):
        raise TooDeepError
    return value


def parse_bytes(content: bytes | bytearray) -> t.Any:
    """Return the JSON value in the body of an answer, which is UTF-8 (RFC 8259, 8.1).

    Half a surrogate pair, which an escape can spell but no encoding has, is replaced: it could neither be sent nor
    printed.

    Raises:
        ValueError: The body is not JSON.
    """
    text = content.decode("utf-8-sig")
    value = parse(text)
    if _HALF.search(text) is None:
        return value
    spelled = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(spelled.decode("utf-16", "replace"))


def is_too_deep(value: t.Any) -> bool:
    """Tell whether lists and objects are nested too deeply. Without recursion, so that no depth can break it."""
    stack: list[Iterator[t.Any]] = [iter((value,))]
    while stack:
        for node in stack[-1]:
            if isinstance(node, dict):
                stack.append(iter(node.values()))
                break
            if isinstance(node, list):
                stack.append(iter(node))
                break
        else:
            stack.pop()
        if len(stack) > DEEPEST + 1:
            return True
    return False


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number beyond every float")
    return number
