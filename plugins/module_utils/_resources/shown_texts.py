# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mask secrets in texts that are shown as they are, such as scripts. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from .._secrets.redaction import MASK, Redactor


def masked_texts(shown: t.Any, redactor: Redactor) -> t.Any:
    """Return a value with the secrets masked in its texts, line by line: a script is code for the rest.

    Args:
        shown: A JSON value.
        redactor: Knows the secrets.
    """
    held = redactor.holding(set(_texts(shown)))
    return _masked(shown, held, redactor) if held else shown


def _texts(value: t.Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, Mapping)):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)


def _masked(value: t.Any, held: frozenset[str], redactor: Redactor) -> t.Any:
    if isinstance(value, Mapping):
        return {key: _masked(each, held, redactor) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, held, redactor) for each in value]
    return _masked_text(value, redactor) if isinstance(value, str) and value in held else value


def _masked_text(text: str, redactor: Redactor) -> str:
    lines = text.splitlines(keepends=True)
    held = redactor.holding(set(lines))
    masked = "".join(
        MASK + "\n" if line in held and line.endswith("\n") else MASK if line in held else line for line in lines
    )
    return MASK if redactor.holding([masked]) else masked
