# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform does to values before it keeps them."""

from __future__ import annotations

import json
import re
from typing import Any

MASK = "********"
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z!][^>]*>", re.DOTALL)


def as_text(value: Any) -> str | None:
    """Return a configuration value as it is kept: a string, or None.

    Over all answers in the vendor's documentation, every value is a string or null (DOC).
    """
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def strip_html(text: str) -> str:
    """Return the text without HTML tags (TEST, vendor acceptance suite: elements/instances.js)."""
    return _TAG.sub("", text) if "<" in text else text


def clean_tags(tags: list[Any]) -> list[str]:
    """Return tags as they are kept: no HTML, none twice. Objects with a name are taken for that name."""
    names = (str(tag.get("name", "")) if isinstance(tag, dict) else str(tag) for tag in tags)
    return list(dict.fromkeys(strip_html(name) for name in names))
