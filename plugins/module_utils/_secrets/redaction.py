# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take the secrets of a task out of configurations, and out of texts that others wrote. Pure.

Texts: common spellings of a secret are masked. If half of a secret can still be read out of what is left, in whatever
encoding, the text is withheld. Configurations: `disclosure` decides by the key and its value. A value that holds a
secret from elsewhere is masked too.
"""

from __future__ import annotations

import contextlib
import functools
import re
import typing as t
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from .._core.strict_json import TooDeepError, walk
from .disclosure import may_be_shown, names_secret
from .encodings import SHORTEST, UnreadableError, forms, readings, spellings, squeezed, unescaped
from .masks import holds_mask

MASK = "*" * 8
"""The mask that the platform shows in place of a password (vendor acceptance suite, elements/instances.js)."""
WITHHELD = "(withheld, as it repeats a secret)"
"""What stands in place of a text that is not shown."""

_LONGEST_TEXT = 10_000
_MOST_READINGS = 500
_A_WORD = re.compile(r"[A-Za-z]+")


class Redactor:
    """Knows the secrets of a task and takes them out of what is to be shown.

    Args:
        secrets: The secret values, of any JSON type.
        plain_keys: The configuration keys that the user exempts from the rule about what may be shown.
    """

    def __init__(self, secrets: Iterable[t.Any], plain_keys: Iterable[str] = ()) -> None:
        self._secrets = tuple(secrets)
        self._plain_keys = frozenset(plain_keys)

    @functools.cached_property
    def _values(self) -> frozenset[str]:
        """The texts in the secrets. Most redactors are never asked for them."""
        return frozenset(text for value in self._secrets for text in _texts(value))

    def knowing(self, secrets: Iterable[t.Any]) -> Redactor:
        """Return a redactor that knows more secrets than this one."""
        return Redactor([*self._secrets, *secrets], self._plain_keys)

    @functools.cached_property
    def _spellings(self) -> frozenset[str]:
        return frozenset(spelling for secret in self._values for spelling in spellings(secret))

    @functools.cached_property
    def _pieces(self) -> frozenset[str]:
        """Every half of a secret, of six characters at least and sixteen at most."""
        found = (form for secret in self._values for form in forms(secret))
        return frozenset(piece for form in found for piece in _parts(form, max(SHORTEST, min(len(form) // 2, 16))))

    @functools.cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(piece[:SHORTEST] for piece in self._pieces)

    def text(self, foreign: str, limit: int = _LONGEST_TEXT) -> str:
        """Mask the secrets in a text. See `texts`."""
        return self.texts([foreign], limit)[0]

    def texts(self, foreign: Sequence[str], limit: int = _LONGEST_TEXT) -> list[str]:
        """Mask the secrets in texts that somebody else wrote, or withhold all of them if that is not enough.

        Not for our own words: a secret such as `22` is found in them by chance.

        Args:
            foreign: Texts that are shown together. A secret may be spread over them.
            limit: How much of the beginning of each is shown. A secret that is cut off there is masked too.
        """
        reserve = max(map(len, self._spellings), default=0)
        parts = [list(_split(text[: limit + reserve], self._spellings)) for text in foreign]
        if self._is_left_in("".join(piece for part in parts for _start, piece, is_secret in part if not is_secret)):
            return [WITHHELD if text else "" for text in foreign]
        return [
            "".join(MASK if is_secret else piece[: limit - start] for start, piece, is_secret in part if start < limit)
            for part in parts
        ]

    def _is_left_in(self, text: str) -> bool:
        """Tell whether half of a secret can be read out of a text, or there is no end to what can be read out of it."""
        if not self._pieces:
            return False
        try:
            return any(
                count == _MOST_READINGS or self._has_piece(squeezed(reading))
                for count, reading in enumerate(readings(text))
            )
        except UnreadableError:
            return True

    def _has_piece(self, text: str) -> bool:
        # To look for beginnings takes no longer if there are many.
        if self._beginnings.isdisjoint(_parts(text, SHORTEST)):
            return False
        return any(piece in text for piece in self._pieces)

    def holding(self, texts: Iterable[str]) -> frozenset[str]:
        """Return those of the texts that hold a secret of six characters or more, in any spelling and any case."""
        return _Index(texts).holding(self._values)

    def configuration(
        self, configuration: Mapping[str, t.Any], declared: Iterable[str] = (), secret: Iterable[str] = ()
    ) -> dict[str, t.Any]:
        """Return a configuration as it may be shown. See `configurations`."""
        return self.configurations([configuration], declared, secret)[0]

    def configurations(
        self,
        configurations: Sequence[Mapping[str, t.Any]],
        declared: Iterable[str] = (),
        secret: Iterable[str] = (),
        also: Iterable[str | None] = (),
    ) -> list[dict[str, t.Any]]:
        """Return configurations as they may be shown: every key, and values or masks by the rule of `disclosure`.

        A value is masked too if it holds a secret of this task. What only the platform told is also masked if it holds
        a masked value of any of the configurations: a token of one key may stand in a URL under another. A key that
        only the platform told is masked if it holds a secret of this task.

        Args:
            configurations: What the platform has.
            declared: The keys that the user gives in `configuration`.
            secret: The keys that the user gives as secrets.
            also: More secrets that no value of the platform may hold, such as element tokens.
        """
        given, hidden = frozenset(declared), frozenset(secret)

        def shown(key: str, value: t.Any) -> t.Any:
            is_shown = may_be_shown(key, value, self._plain_keys, given=key in given) and not (key in hidden and value)
            return value if is_shown else MASK

        rows = [{key: shown(key, value) for key, value in sorted(each.items())} for each in configurations]
        masked = {
            text
            for configuration, row in zip(configurations, rows, strict=True)
            for key, value in configuration.items()
            if row[key] == MASK and not holds_mask(value)
            for text in _texts(value)
            # A plain word under a key that names no secret may stand in every URL.
            if names_secret(key) or not _A_WORD.fullmatch(text)
        }
        told = {text for row in rows for value in row.values() if value != MASK for text in _texts(value)}
        keys = {key for row in rows for key in row} - given - hidden
        index = _Index(told | keys)
        holding = index.holding(self._values)
        hidden_keys = keys & holding
        foreign = holding | index.holding([*masked, *filter(None, also)])
        foreign |= {text for text in told if any(short in text for short in self._values)}
        return [
            {
                MASK if key in hidden_keys else key: value
                if (holding if key in given else foreign).isdisjoint(_texts(value))
                else MASK
                for key, value in row.items()
            }
            for row in rows
        ]

    def hidden_in(self, configuration: Mapping[str, t.Any], declared: Iterable[str] = ()) -> Iterator[t.Any]:
        """Yield the values of a configuration that would not be shown, but for short ones that hardly are secrets."""
        shown = self.configuration(configuration, declared)
        for key, value in configuration.items():
            is_secret = shown.get(key, MASK) == MASK and not holds_mask(value)
            if is_secret and (names_secret(key) or len(str(value)) >= SHORTEST):
                yield value


def _split(text: str, secrets: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield the pieces of a text, each with its start and whether it is secret. A short secret is a word of its own."""
    marks = bytearray(len(text))
    for secret in secrets:
        start = text.find(secret)
        while start >= 0:
            stop = start + len(secret)
            if len(secret) >= SHORTEST or not (_is_word(text[start - 1 : start]) or _is_word(text[stop : stop + 1])):
                marks[start:stop] = b"\1" * len(secret)
            start = text.find(secret, start + 1)
    for match in re.finditer(rb"\x00+|\x01+", marks):
        yield match.start(), text[slice(*match.span())], match[0][0] == 1


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


class _Index:
    """Finds the texts that hold a secret. What is shown is little and the secrets are many, so it indexes the texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._unreadable: set[str] = set()
        self._read: dict[str, str] = {}
        self._places: dict[str, list[str]] = {}
        for text in texts:
            try:
                self._read[text] = read = "\n".join(map(squeezed, unescaped(text)))
            except UnreadableError:
                self._unreadable.add(text)
            else:
                for part in set(_parts(read, SHORTEST)):
                    self._places.setdefault(part, []).append(text)

    def holding(self, secrets: Iterable[str]) -> frozenset[str]:
        """Return the texts that hold one of the secrets. One with too many layers of escapes counts as such."""
        found = (form for secret in secrets for form in forms(secret))
        held = {text for form in found for text in self._candidates(form) if form in self._read[text]}
        return frozenset(held | self._unreadable)

    def _candidates(self, form: str) -> Collection[str]:
        """Return the texts that have the part of a form that the fewest have. All URLs begin alike."""
        fewest: Collection[str] = self._read
        for part in _parts(form, SHORTEST):
            texts = self._places.get(part, ())
            if len(texts) < len(fewest):
                fewest = texts
            if not fewest:
                break
        return fewest


def _parts(text: str, size: int) -> Iterator[str]:
    """Yield all the parts of a text that have a size."""
    return (text[start : start + size] for start in range(len(text) - size + 1))


def _texts(value: t.Any) -> Iterator[str]:
    """Yield every text in a JSON value, numbers and booleans as the platform spells them."""
    with contextlib.suppress(TooDeepError):
        for part in walk(value):
            if isinstance(part, bool):
                yield "true" if part else "false"
            elif isinstance(part, (int, float)) or (isinstance(part, str) and part):
                yield str(part)
