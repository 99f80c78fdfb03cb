# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell whether the platform may have made one name of another. Pure.

The platform strips HTML, and may change case, normal form, white space, and length of a name. Answers are compared with
requests by these rules, and instances are looked for by them before a create.
"""

from __future__ import annotations

import html
import re
import typing as t
import unicodedata

Identity: t.TypeAlias = "tuple[str | None, str]"
"""The element key and the name of an instance."""

_TAG = re.compile(r"<[^<>]*>")


def folded(name: str) -> str:
    """Strip from a name all that platforms are known to change: HTML, normal form, case, and white space."""
    plain = _TAG.sub("", html.unescape(name))
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFD", plain).casefold()).split())


def may_be_stored_as(sent: str, stored: str) -> bool:
    """Tell whether a platform may have made one name of another: it respelled it, cut it, or added something."""
    left, right = folded(sent), folded(stored)
    return bool(right) and (left.startswith(right) or right.startswith(left))
