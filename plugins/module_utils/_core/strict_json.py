# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read JSON that others wrote so that nothing in it can break what reads it afterwards. Pure.

The transport parses answers with it, and `_secrets` looks into values and into JSON within text.
"""

from __future__ import annotations

import json
import math
import re
import typing as t
from collections.abc import Iterator

DEEPEST = 100
"""Levels of lists and objects within each other. Code that walks through a parsed value can rely on it."""


class TooDeepError(ValueError):
    """JSON is nested more deeply than `DEEPEST`."""

    def __init__(self) -> None:
        super().__init__("nested too deeply")


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def parse(text: str) -> t.Any:
    """Parse a JSON text more strictly than Python does: without NaN, Infinity, huge numbers and deep nesting.

    Raises:
        ValueError: The text is anything else.
    """
    return _read(text, parse_constant=_refuse, parse_float=_finite)


def embedded(text: str) -> t.Any:
    """Parse the JSON object or list that a text is. Return None if it is not one.

    This accepts all that Python takes for JSON: a NaN must not hide a secret from the search.

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


def walk(value: t.Any) -> Iterator[t.Any]:
    """Yield a JSON value and every value within it, also within the JSON that a text is. Keys are not values.

    Of embedded JSON that is nested too deeply, only the strings are yielded.

    Raises:
        TooDeepError: There was such JSON. It is raised after everything has been yielded.
    """
    todo = [value]
    is_whole = True
    while todo:  # Without recursion, as no depth can be relied on here.
        item = todo.pop()
        yield item
        if isinstance(item, dict):
            todo += item.values()
        elif isinstance(item, (list, tuple)):
            todo += item
        elif isinstance(item, str):
            try:
                structure = embedded(item)
            except TooDeepError:
                is_whole = False
                yield from _STRING.findall(item)
            else:
                if structure is not None:
                    todo.append(structure)
    if not is_whole:
        raise TooDeepError


def _read(text: str, **hooks: t.Any) -> t.Any:
    try:
        value = json.loads(text, **hooks)
    except RecursionError:
        raise TooDeepError from None
    if is_too_deep(value):
        raise TooDeepError
    return value


def parse_bytes(content: bytes | bytearray) -> t.Any:
    """Parse the JSON body of an answer, which is UTF-8 (RFC 8259, 8.1).

    Half a surrogate pair is replaced. An escape can spell one, but it could be neither sent nor printed.

    Raises:
        ValueError: The content is not such JSON.
    """
    text = content.decode("utf-8-sig")
    value = parse(text)
    if _HALF.search(text) is None:
        return value
    spelled = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(spelled.decode("utf-16", "replace"))


def is_too_deep(value: t.Any) -> bool:
    """Tell whether lists and objects are nested too deeply, whatever the depth."""
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
