# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spell configuration values as the platform stores them. Pure."""

from __future__ import annotations

import json
import typing as t


def as_text(value: t.Any) -> str | None:
    """Return a configuration value as the platform stores it: as text, whatever was sent.

    Objects and lists become JSON text. Source: vendor documentation; of all values in its example answers, 868 are
    strings, 162 are null, and none is anything else.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
