# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell which properties of the triggers and steps of a formula may not be shown. Pure."""

from __future__ import annotations

import re
import typing as t

from .disclosure import carries_secret, names_secret

CODE = ("body", "script")
"""The properties that hold code. A line of asterisks in it is no mask."""

_REFERENCE = re.compile(r"\$\{[^{}]*\}")


def is_credential(key: str, value: t.Any) -> bool:
    """Tell whether a property may not be shown. A script is code, and a reference to a variable is no secret.

    A URL with an `@` counts, wherever that stands: a password may hold what ends the user in a URL.
    """
    if key in CODE or not isinstance(value, str):
        return False
    literal = _REFERENCE.sub("", value).strip()
    if not literal:
        return False
    return names_secret(key) or carries_secret(literal) or ("://" in literal and "@" in literal)
