# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must not be shown, and how it is hidden: by the path of a value, and in foreign text by the value. Pure."""

from __future__ import annotations

import base64
import functools
import html
import json
import re
import typing as t
import urllib.parse
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from .._core.strict_json import TooDeepError, embedded
from .disclosure import may_be_shown, names_secret
from .masks import holds_mask

MASK = "*" * 8
"""What the platform shows in place of a password (vendor acceptance suite, elements/instances.js), and so do we."""


_SHORT = 6
"""A secret with fewer characters is found in all kinds of text by chance."""


class Redactor:
    """Knows the secrets of a task and takes them out of what is to be shown.

    Args:
        secrets: The secret values, of any JSON type. Nothing of them is kept but their spellings.
        plain_keys: The configuration keys that the user exempts from the rule about what may be shown.
    """

    def __init__(self, secrets: Iterable[t.Any], plain_keys: Iterable[str] = ()) -> None:
        self._values = frozenset(text for value in secrets for text in _texts(value))
        self._plain_keys = frozenset(plain_keys)
        self._compiled: dict[str, re.Pattern[str]] = {}

    @functools.cached_property
    def _forms(self) -> tuple[tuple[str, str], ...]:
        """The secrets and their encodings, each with the longest part of it that is spelled the same everywhere."""
        forms = {form for text in self._values for form in (text, text.strip() or text, *_encodings(text))}
        return tuple((form, max(_PLAIN_RUN.findall(form), key=len, default="")) for form in sorted(forms))

    def _patterns(self, foreign: str) -> Iterator[re.Pattern[str]]:
        """Yield the patterns for what can be in a text. To make a pattern takes a hundred times as long as to look."""
        for form, trace in self._forms:
            if trace in foreign:
                if form not in self._compiled:
                    self._compiled[form] = _pattern(form)
                yield self._compiled[form]

    def knowing(self, secrets: Iterable[t.Any]) -> Redactor:
        """Return a redactor that knows more secrets than this one."""
        more = Redactor(secrets, self._plain_keys)
        more._values |= self._values
        return more

    def text(self, foreign: str, limit: int | None = None) -> str:
        """Return text that somebody else wrote (a server, a library) with every spelling of every secret masked.

        In: the text, and how much of its beginning is of use. A secret that is cut off there is masked all the same.
        Not for our own words: a secret C(22) would be found in an instance's id.
        """
        limit = len(foreign) if limit is None else min(limit, len(foreign))
        longest = _LONGEST_ESCAPE * max(map(len, self._values), default=0)
        part = foreign[: limit + longest]
        spans = _merged(span for pattern in self._patterns(part) for span in _found(pattern, part))
        shown = []
        end = 0
        for start, stop in spans:
            if start >= limit:
                break
            shown += [foreign[end:start], MASK]
            end = stop
        return "".join([*shown, foreign[end:limit]])

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
        """Return configurations as they may be shown: every key, and values or masks by the rule of `_disclosure`.

        A value is masked too if it holds a secret of this task. What the user does not give is also masked if it holds
        a masked value of any of the configurations: a token of one key may stand in a URL under another.

        Args:
            configurations: What the platform has.
            declared: The keys that the user gives in `configuration`.
            secret: The keys that the user gives as secrets.
            also: More secrets that no value of the platform may hold, such as element tokens.
        """
        given, hidden = frozenset(declared), frozenset(secret)
        rows = [
            {key: self._shown(key, value, key in given, key in hidden) for key, value in sorted(configuration.items())}
            for configuration in configurations
        ]
        masked = {
            text
            for configuration, row in zip(configurations, rows, strict=True)
            for key, value in configuration.items()
            if row[key] == MASK and not holds_mask(value)
            for text in _texts(value)
            # A plain word under a key that names no secret may stand in every URL.
            if names_secret(key) or not _A_WORD.fullmatch(text)
        }
        told = {text for row in rows for value in row.values() for text in _texts(value)}
        holding = _holding(told, self._values)
        foreign = holding | _holding(told, [*masked, *filter(None, also)])
        foreign |= {text for text in told if any(secret in text for secret in self._values)}
        return [
            {
                key: value if (holding if key in given else foreign).isdisjoint(_texts(value)) else MASK
                for key, value in row.items()
            }
            for row in rows
        ]

    def _shown(self, key: str, value: t.Any, is_given: bool, is_secret: bool) -> t.Any:
        if is_secret and value:
            return MASK
        return value if may_be_shown(key, value, self._plain_keys, given=is_given) else MASK

    def hidden_in(self, configuration: Mapping[str, t.Any], declared: Iterable[str] = ()) -> Iterator[t.Any]:
        """Yield the values of a configuration that would not be shown, but for short ones that hardly are secrets."""
        for key, shown in self.configuration(configuration, declared).items():
            value = configuration[key]
            if shown == MASK and not holds_mask(value) and (names_secret(key) or len(str(value)) >= _SHORT):
                yield value

    def holds(self, value: t.Any) -> bool:
        """Return whether a value holds a secret, in any case, that can not be there by chance, as a short one can."""
        return bool(_holding(_texts(value), self._values))


_A_WORD = re.compile(r"[A-Za-z]+")


def _holding(texts: Iterable[str], secrets: Iterable[str]) -> frozenset[str]:
    """Return those of the texts that hold a secret, in any spelling and any case, unless it is a short one.

    What is shown is little, and the secrets of an account are too many to keep all their spellings: so the texts are
    what is looked up.
    """
    forms = {text: [form.casefold() for form in _plain([text])] for text in texts}
    places: dict[str, set[str]] = {}
    for text, spelled in forms.items():
        for form in spelled:
            for place in range(len(form) - _SHORT + 1):
                places.setdefault(form[place : place + _SHORT], set()).add(text)
    if not places:
        return frozenset()
    return frozenset(
        text
        for secret in secrets
        for spelling in {spelling.casefold() for spelling in _spellings(secret) if len(spelling) >= _SHORT}
        for text in _candidates(spelling, places)
        if any(spelling in form for form in forms[text])
    )


def _candidates(spelling: str, places: Mapping[str, Collection[str]]) -> Collection[str]:
    """Return the texts that may hold a spelling: those that have the part of it that the fewest have.

    All URLs begin alike, so the beginning would not do.
    """
    parts = (spelling[place : place + _SHORT] for place in range(len(spelling) - _SHORT + 1))
    return min((places.get(part, ()) for part in parts), key=len)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a pattern is found, overlapping finds too."""
    match = pattern.search(text)
    while match is not None:
        yield match.span()
        match = pattern.search(text, match.start() + 1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch or overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def _texts(value: t.Any) -> Iterator[str]:
    """Yield every text in a JSON value, numbers and booleans as the platform spells them."""
    todo = [value]
    while todo:  # Without recursion: this is asked before it is known how deeply a value is nested.
        item = todo.pop()
        if isinstance(item, str):
            if item:
                yield item
                todo.append(_parts(item))  # A key file, for example.
        elif isinstance(item, bool):
            yield "true" if item else "false"
        elif isinstance(item, (int, float)):
            yield str(item)
        elif isinstance(item, Mapping):
            todo += item.values()
        elif isinstance(item, (list, tuple)):
            todo += item


def _plain(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts, and what they are when percent-encoding is undone, which may have been done to any character."""
    for text in texts:
        yield text
        for _round in range(_MOST_QUOTED):
            plain = urllib.parse.unquote(text)
            if plain == text:
                break
            yield plain
            text = plain


_MOST_QUOTED = 3
"""Times that a text is percent-encoded at most."""


def _parts(text: str) -> t.Any:
    """Return the object or list in a JSON text, its strings where it is nested too deeply, or None."""
    try:
        return embedded(text)
    except TooDeepError:
        return _STRING.findall(text)


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _spellings(text: str) -> Iterator[str]:
    """Yield the ways in which a secret is likely to be found in a value, for a quick look."""
    yield text
    yield text.strip() or text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)
    raw = _raw(text)
    if len(raw) < _SHORTEST_ENCODED:
        return
    yield urllib.parse.quote(raw, safe="")
    yield urllib.parse.quote(raw)
    yield urllib.parse.quote_plus(raw)
    yield from _encodings(text)


_SHORTEST_ENCODED = 4
"""Bytes of a secret that is found in an encoded form. A shorter one would be found everywhere."""


def _encodings(text: str) -> Iterator[str]:
    """Yield a secret in base64 and in hexadecimal, also as a part of something longer that was encoded as a whole.

    C(Basic) authentication encodes the user name with the password: each character in it depends on what is before.
    """
    raw = _raw(text)
    if len(raw) < _SHORTEST_ENCODED:
        return
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode()
        yield encode(raw).decode().rstrip("=")
        for before in range(3):
            whole = encode(bytes(before) + raw).decode()
            # Six bits a character. The first and the last one may have bits of what is before and after.
            part = whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            if len(part) >= _SHORT:
                yield part
    yield raw.hex()
    yield raw.hex().upper()


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_LONGEST_ESCAPE = 48
"""Characters that an escaped one has at most, in what servers are known to write."""

_PLAIN = re.compile(r"[A-Za-z0-9]")
_PLAIN_RUN = re.compile(r"[A-Za-z0-9]+")
_NAMED = {'"': "quot", "'": "apos", "&": "amp", "<": "lt", ">": "gt"}
_ESCAPED = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}


def _pattern(text: str) -> re.Pattern[str]:
    """Return the pattern for a secret, or one of its encodings. A short one has to be a word of its own.

    Who escapes what differs: each character may be itself or escaped as in URLs, JSON, HTML or a programming language.
    No text can be taken for two neighbours in more than one way, or a search could go on for ever. So white space in a
    row is one unit, and backslashes are one with those that escape what follows.
    """
    units = re.findall(r"\\+|\s+|[^\\\s]", text, re.DOTALL)
    pattern = ""
    for before, unit, after in zip(["", *units], units, [*units[1:], ""], strict=False):
        escaper = "" if before[:1] == "\\" else r"\\{1,8}"
        if unit[0] == "\\":
            pattern += _backslashes(len(unit), after)
        elif unit.isspace():
            pattern += _white_space(unit, escaper, after)
        else:
            pattern += _any_spelling(unit, escaper)
    return re.compile(pattern if len(text) >= _SHORT else rf"(?<!\w){pattern}(?!\w)")


def _backslashes(number: int, after: str) -> str:
    """Return the pattern for backslashes in a row, and for those before what follows them."""
    tail = "" if after in ("u", "x") else "(?:u005[cC]|x5[cC])?"
    one = rf"(?:\\{tail}|%(?:25){{0,4}}5[cC]|&(?:amp;){{0,3}}#(?:0{{0,6}}92|[xX]0{{0,6}}5[cC]);)"
    return f"{one}{{{number},{8 * number + 8}}}"


def _white_space(unit: str, escaper: str, after: str) -> str:
    """Return the pattern for white space in a row, which may be echoed wider than it was given.

    Not where what follows could be taken for white space that was escaped.
    """
    most = len(unit) if after in _LIKE_ESCAPED_SPACE or after[:1] == "\\" else 8 * len(unit)
    one = _one_white_space(unit, r"\\{1,8}", r"\\{0,8}\s")
    if escaper:
        return rf"{one}{{{len(unit)},{most}}}"
    # The backslashes before it are taken.
    return rf"{_one_white_space(unit, '', _SPACE)}{one}{{{len(unit) - 1},{most - 1}}}"


def _one_white_space(unit: str, escaper: str, itself: str) -> str:
    escapes = [escape for kind in sorted(set(unit)) for escape in _escapes(kind, escaper)]
    return f"(?:{'|'.join([*escapes, _PLUS, '&nbsp;', itself])})"


_PLUS = r"\+"
_SPACE = r"\s"
_LIKE_ESCAPED_SPACE = frozenset("+%&")


def _any_spelling(character: str, escaper: str) -> str:
    """Return the pattern for a character in any spelling. C(escaper) is what may be before an escape."""
    if _PLAIN.fullmatch(character):
        return character
    itself = r"\\{0,8}" if escaper else ""
    # Itself comes last: what escapes it may begin with it.
    return rf"(?:{'|'.join(_escapes(character, escaper))}|{itself}{re.escape(character)})"


def _escapes(character: str, escaper: str) -> Iterator[str]:
    """Yield the patterns for a character that is escaped."""
    number = ord(character)
    utf16 = character.encode("utf-16-be", "surrogatepass")
    yield "".join(rf"%(?:25){{0,4}}(?i:{byte:02x})" for byte in _raw(character))
    codes = [f"(?i:{utf16[place : place + 2].hex()})" for place in range(0, len(utf16), 2)]
    yield rf"{escaper}u" + r"\\{1,8}u".join(codes)
    yield rf"{escaper}x" + r"\\{1,8}x".join(f"(?i:{byte:02x})" for byte in _raw(character))
    yield rf"&(?:amp;){{0,3}}#(?:0{{0,6}}{number}|(?i:x0{{0,6}}{number:x}));"
    if 127 < number < 256:
        yield rf"{escaper}x(?i:{number:02x})"
    if number > 0xFFFF:
        yield rf"{escaper}U(?i:{number:08x})"
    if number > 127:
        # In another character set than was meant, or in none.
        yield re.escape(_raw(character).decode("latin-1"))
        yield "[?\ufffd]"
    if character in _NAMED:
        yield rf"&(?:amp;){{0,3}}{_NAMED[character]};"
    if character in _ESCAPED:
        yield rf"{escaper}{_ESCAPED[character]}"
