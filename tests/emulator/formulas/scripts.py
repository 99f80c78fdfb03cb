# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform looks at in the JavaScript of a step. Pure text."""

from __future__ import annotations

import re

_NOISE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.DOTALL)
_DONE = re.compile(r"\bdone\s*\(")
_TOKEN = re.compile(r"[{}]|\breturn\b")
# What stands before the brace of a function: an arrow, or a name with parameters that is not a statement.
_FUNCTION = re.compile(
    r"(?:=>|\b(?!(?:if|for|while|switch|catch|with)\b)\w+\s*\([^()]*\)|\bfunction\s*\w*\s*\([^{}]*\))\s*$"
)


def complaint(body: str) -> str | None:
    """Return what is wrong with a script of the second engine, None if nothing is.

    It must call `done()`, and must not return outside of a function (TEST formulas/scripts.js).
    """
    code = _NOISE.sub("''", body)
    if not _DONE.search(code):
        return "A script must call done()"
    if "return" not in code:
        return None
    functions: list[bool] = []
    for token in _TOKEN.finditer(code):
        if token[0] == "{":
            functions.append(_FUNCTION.search(code, max(0, token.start() - 300), token.start()) is not None)
        elif token[0] == "}":
            del functions[-1:]
        elif not any(functions):
            return "A script must call done() and must not return at its top level"
    return None
