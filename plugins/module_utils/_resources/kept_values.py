# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse to write the mask that stands for a value which is to be kept, if there is nothing to keep. Pure.

Check mode only warns: a comparison of an account with its directory does not know the secrets.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from .._core.errors import invalid
from .._core.text import enumerated
from .._reconcile.phases import Item, Planned, failed


def refuse_unknown(
    items: Sequence[Item], unknown: Callable[[Planned[t.Any, t.Any]], Iterable[str]], *, check_mode: bool
) -> list[Item]:
    """Return the items of a plan, those as failed that would write a mask, or with a warning in check mode.

    Args:
        items: The items.
        unknown: Returns in words the values that an item would write as masks.
        check_mode: Whether nothing is written.
    """

    def checked(item: Item) -> Item:
        masked = sorted(unknown(item)) if isinstance(item, Planned) else []
        if not masked or not isinstance(item, Planned):
            return item
        message = f"A mask keeps the value that is there, and there is none to keep: {enumerated(masked)}."
        if check_mode:
            return replace(item, warnings=(*item.warnings, f"{message} A real run needs the value itself."))
        return failed(item, invalid(f"{message} Give the value itself. Nothing was written."))

    return [checked(item) for item in items]
