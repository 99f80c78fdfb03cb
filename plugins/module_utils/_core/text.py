# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put words of others into our messages: on one line, of bounded length, and safe for a terminal. Pure."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

_LONGEST = 200
"""Characters of a name that are shown."""
_MOST = 50
"""Names of a list that are shown."""


def quote(text: str | None) -> str:
    """Return a name in quotes, as it is shown within a sentence.

    A name that is not in the normal form NFC is escaped, as it would look like the one that is.
    """
    if text is None:
        return repr(text)
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return repr(shown) if unicodedata.is_normalized("NFC", text) else ascii(shown)


def plain(text: str, longest: int = _LONGEST) -> str:
    """Put a text on one line, drop what could play tricks on a terminal, and cut it after so many characters."""
    # Joining spaces makes room, but not for more than this.
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * longest]).split())
    return line if len(line) <= longest and len(text) <= 4 * longest else f"{line[:longest]}…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelled one most likely stands for, or None if there is none like it.

    Case does not matter. Very long words are ignored.
    """
    folded = {each.casefold(): each for each in known if len(each) <= _LONGEST}
    if len(word) > _LONGEST:
        return None
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question that suggests the nearest known word, with a space before it, or an empty text."""
    near = nearest(word, known)
    return "" if near is None else f" Did you mean {quote(near)}?"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural if it is not 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def enumerated(names: Iterable[str]) -> str:
    """List names with commas, as they are shown within a sentence."""
    shown = [plain(name) for name in names]
    more = len(shown) - _MOST
    return ", ".join(shown[:_MOST] + ([f"and {more} more"] if more > 0 else []))


_MOST_ITEMS = 10
"""Items that a message names."""


def listed(texts: Iterable[str], separator: str = ", ") -> str:
    """Return texts in a row, no more of them than a message can hold."""
    everything = list(texts)
    more = len(everything) - _MOST_ITEMS
    return separator.join(everything[:_MOST_ITEMS] + ([f"and {more} more"] if more > 0 else []))
