# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognize masks: text that stands in place of a value. Pure.

The options refuse masks, as sending one would replace what is stored. The plan takes one from the server as a value
that cannot be compared. Both ask here, so that no mask is sent that would not be recognized when it comes back.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._core.strict_json import TooDeepError, embedded

_SYMBOLS = "*\uff0a\u2217•●⚫■█"
_RUN = re.compile(
    rf"[{_SYMBOLS}]{{4}}|\A[{_SYMBOLS}]{{3}}\Z|[^\s{_SYMBOLS}][{_SYMBOLS}]{{3}}[^\s{_SYMBOLS}]|VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
)
_RUN_OF_X = re.compile("[xX]{4,}")
_WORD = re.compile(
    r"[\[<({*_%$#]{1,8} ?(\w{1,20} ){0,3}(redacted|masked|hidden|sensitive|protected|encrypted|filtered|censored"
    r"|removed|omitted)( \w{1,20}){0,3} ?[\])>}*_%$#]{1,8}|(?-i:REDACTED|MASKED|CENSORED)",
    re.IGNORECASE,
)


def is_mask(text: str) -> bool:
    """Tell whether a text is a mask.

    It is one if it has four asterisks or dots in a row, or three between others (`ab***yz`), or at least four times
    the letter x in a row for half of its length (`xxxx1234`), or if it is a word such as `redacted` or `hidden` in
    brackets or the like (`[REDACTED]`, `$encrypted$`; in capitals also without), or what Ansible puts in place of a
    secret.
    """
    if _RUN.search(text) or _WORD.fullmatch(text.strip()):
        return True
    return 2 * max(map(len, _RUN_OF_X.findall(text)), default=0) >= max(len(text), 1)


def holds_mask(value: t.Any) -> bool:
    """Tell whether a value is a mask or has one somewhere within, also if it is JSON in a text."""
    todo = [value]
    while todo:  # Without recursion: this is asked before it is known how deeply a value is nested.
        item = todo.pop()
        if isinstance(item, Mapping):
            todo += item.values()
        elif isinstance(item, list):
            todo += item
        elif isinstance(item, str):
            if is_mask(item):
                return True
            try:
                todo.append(embedded(item))
            except TooDeepError:
                continue
    return False
