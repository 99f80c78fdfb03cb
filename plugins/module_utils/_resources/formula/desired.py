# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own formulas as the user wants them, and the one way to say one in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..._core.text import quote
from .template import Template


def describe(name: str | None, number: int | None = None) -> str:
    """Return a formula in words, as far as it is known: `formula 'sync' with id 7`."""
    words = ["formula"]
    if name is not None:
        words.append(quote(name))
    if number is not None:
        words.append(f"with id {number}")
    return " ".join(words)


@dataclass(frozen=True)
class DesiredFormula:
    """A formula as the user wants it. None means: leave it alone.

    Attributes:
        name: The name.
        id: The id.
        template: What it does.
        active: Whether it runs.
        present: Whether it is to be there.
    """

    name: str | None
    id: int | None = None
    template: Template | None = field(default=None, repr=False)
    active: bool | None = None
    present: bool = True

    def __str__(self) -> str:
        """Return the formula in words, as the user calls it."""
        return describe(self.name, self.id)
