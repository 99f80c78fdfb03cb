# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognize masks: text that stands in place of a value. Pure.

The options refuse a mask, as sending one would replace what is stored. The plan takes one from the server as a value
that cannot be compared. Both ask here, so that no mask is sent that would not be recognized when it comes back.
"""

from __future__ import annotations

import contextlib
import re
import typing as t

from .._core.strict_json import TooDeepError, walk

_RUN = re.compile(r"(\*|[^\w\s!-~])\1{3}|(?<!\S)([*•●])\2\2|([*•●])\3\3\S")
_RUN_OF_X = re.compile("[xX]{4,}")
_WORD = re.compile(
    r"[\[<({*_%$#]{1,8} ?(\w{1,20} ){0,3}(redacted|masked|hidden|sensitive|protected|encrypted|filtered|censored"
    r"|removed|omitted)( \w{1,20}){0,3} ?[\])>}*_%$#]{1,8}|(?-i:REDACTED|MASKED|CENSORED)",
    re.IGNORECASE,
)


def is_mask(text: str) -> bool:
    """Tell whether a text is a mask.

    It is one if it has four equal signs in a row that are asterisks or not ASCII (`········`), or three asterisks or
    dots at the beginning of a word or within it (`•••1234`, `ab***yz`). It is also one if half of it is the letter x,
    four times or more (`xxxx1234`), or if it is a word such as `redacted` in brackets (`[REDACTED]`, `$encrypted$`;
    in capitals also without), or what Ansible puts in place of a secret.
    """
    if _RUN.search(text) or "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in text or _WORD.fullmatch(text.strip()):
        return True
    return 2 * max(map(len, _RUN_OF_X.findall(text)), default=0) >= max(len(text), 1)


def holds_mask(value: t.Any) -> bool:
    """Tell whether a value is a mask or has one somewhere within, also if it is JSON in a text."""
    with contextlib.suppress(TooDeepError):
        return any(isinstance(part, str) and is_mask(part) for part in walk(value))
    return False


_MASK_IN_CODE = re.compile(r"(?<![*/])\*{8}(?![*/])")


def holds_mask_in_code(code: str) -> bool:
    """Tell whether code holds the mask that results show in place of a secret. Comments may have other asterisks."""
    return _MASK_IN_CODE.search(code) is not None
