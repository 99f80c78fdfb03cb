# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What must not be shown, and how it is hidden: by the path of a value, and in foreign text by the value. Pure."""

from __future__ import annotations

import base64
import functools
import html
import json
import re
import typing as t
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping

MASK = "*" * 8
"""What the platform shows in place of a password (vendor acceptance suite, elements/instances.js), and so do we."""

# Words that make a key that of a secret wherever they stand, unless it ends like that of something about the secret.
_SECRET_WORDS = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "pwd",
        "secret",
        "credential",
        "credentials",
        "jwt",
        "authorization",
    ]
)
_SECRET_ENDINGS = (
    *("password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "credential", "credentials", "jwt"),
    *("accesskey", "apikey", "privatekey", "publickey", "secretkey", "verifier", "sessionid", "signature", "pem"),
)
_ABOUT = frozenset(["url", "uri", "type"])
_LAST_WORDS = frozenset(["pin", "cert", "certificate"])
_PAIRS = frozenset([("session", "id"), ("token", "value"), ("connection", "string")])
_OTHER_KEYS = frozenset(["sort", "partition", "foreign", "primary", "group", "object", "order", "index", "helper"])

# Configuration that is common to all elements and tells nothing (vendor documentation, common instance configuration).
# Everything else that only the server told us may be a secret: api keys and tokens come back readable.
_HARMLESS = re.compile(
    r"pagination\.(max|type|page\.startindex)|bulk\.[a-z_.]+|filter\.response\.nulls|base\.url|authentication\.type"
    r"|event\.(notification\.(enabled|type)|vendor\.type|poller\.refresh_interval|objects)"
)


def words_of(key: str) -> list[str]:
    """Return the words that a configuration key is made of, in lower case and without digits at their ends."""
    words = [word.lower().rstrip("0123456789") for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", key)]
    return [word for word in words if word]


def is_plumbing(key: str) -> bool:
    """Return whether a configuration key is one of those that all elements have and that tell nothing."""
    return _HARMLESS.fullmatch(key) is not None and not looks_secret(key)


def looks_secret(key: str) -> bool:
    """Return whether a configuration key sounds like that of a secret: C(password), C(api.key), C(clientSecret).

    Its words decide, so C(oauth.token.url) and C(authentication.type) are none.
    """
    words = words_of(key)
    if not words or words[-1] in _ABOUT:
        return False
    pair = tuple(words[-2:])
    if words[-1] == "key":
        return words[-2:-1] == [] or words[-2] not in _OTHER_KEYS
    return (
        words[-1].endswith(_SECRET_ENDINGS)
        or words[-1] in _LAST_WORDS
        or pair in _PAIRS
        or not _SECRET_WORDS.isdisjoint(words)
    )


def holds_secret(key: str, value: t.Any) -> bool:
    """Return whether a configuration key, or one nested in its value, sounds like that of a secret.

    C(true) and C(false) are none, whatever they are called.
    """
    todo: list[tuple[str, t.Any]] = [(key, value)]
    while todo:  # Without recursion: this is asked before it is known how deeply a value is nested.
        name, item = todo.pop()
        if isinstance(item, Mapping):
            todo += [(str(inner), child) for inner, child in item.items()]
        elif isinstance(item, list):
            todo += [("", child) for child in item]
        if not isinstance(item, bool) and looks_secret(name):
            return True
    return False


_SHORT = 6
"""A secret with fewer characters is found in all kinds of text by chance."""


class Redactor:
    """Knows the secrets of a task and takes them out of what is to be shown.

    In: the secret values, of any JSON type. Nothing of them is kept but their spellings.
    """

    def __init__(self, secrets: Iterable[t.Any]) -> None:
        self._values = frozenset(text for value in secrets for text in _texts(value))
        self._compiled: dict[str, re.Pattern[str]] = {}

    @functools.cached_property
    def _spelled(self) -> frozenset[str]:
        return frozenset(spelling for text in self._values for spelling in _spellings(text))

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
        more = Redactor(secrets)
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
        """Return a configuration as it may be shown: every key, but only the values that certainly tell nothing.

        In: the configuration; the keys that the user declared to be no secrets by giving them as such; and those that
        the user gave as secrets.
        """
        shown, hidden = frozenset(declared), frozenset(secret)
        return {
            key: MASK if key in hidden and value else self._shown(key, value, key in shown)
            for key, value in sorted(configuration.items())
        }

    def hidden_in(self, configuration: Mapping[str, t.Any], declared: Iterable[str] = ()) -> Iterator[t.Any]:
        """Yield the values of a configuration that would not be shown, but for short ones that hardly are secrets."""
        for key, shown in self.configuration(configuration, declared).items():
            value = configuration[key]
            if shown == MASK and value != MASK and (looks_secret(key) or len(str(value)) >= _SHORT):
                yield value

    def _shown(self, key: str, value: t.Any, declared: bool) -> t.Any:
        if value is None or value == "":
            return value
        if declared:
            return MASK if self._holds_long(value) else value
        harmless = is_plumbing(key) and "@" not in str(value)
        return value if harmless and not self._hides(value) else MASK

    def _hides(self, value: t.Any) -> bool:
        """Return whether a value is a secret of this task or holds one."""
        texts = list(_texts(value))
        return any(secret in text for secret in self._values for text in texts) or self._holds_long(value)

    def _holds_long(self, value: t.Any) -> bool:
        """Return whether a value holds a secret that can not be there by chance, as a short one can."""
        texts = [text.lower() for text in _texts(value)]
        return any(len(spelling) >= _SHORT and spelling.lower() in text for spelling in self._spelled for text in texts)


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
            if item.lstrip()[:1] in ("{", "["):
                todo.append(_parsed(item))  # A key file, for example.
        elif isinstance(item, bool):
            yield "true" if item else "false"
        elif isinstance(item, (int, float)):
            yield str(item)
        elif isinstance(item, Mapping):
            todo += item.values()
        elif isinstance(item, (list, tuple)):
            todo += item


def _parsed(text: str) -> t.Any:
    """Return the object or list in a JSON text, or None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


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
    """
    pattern = "".join(_any_spelling(unit) for unit in re.findall(r"\\+|[^\\]", text, re.DOTALL))
    return re.compile(pattern if len(text) >= _SHORT else rf"(?<!\w){pattern}(?!\w)")


def _any_spelling(unit: str) -> str:
    """Return the pattern for a character, or for some backslashes in a row, in any spelling."""
    if _PLAIN.fullmatch(unit):
        return unit
    character = unit[0]
    number = ord(character)
    utf16 = character.encode("utf-16-be", "surrogatepass")
    escapes = [
        "".join(rf"%(?:25){{0,4}}(?i:{byte:02x})" for byte in _raw(character)),
        "".join(rf"\\{{1,8}}u(?i:{utf16[place : place + 2].hex()})" for place in range(0, len(utf16), 2)),
        "".join(rf"\\{{1,8}}x(?i:{byte:02x})" for byte in _raw(character)),
        rf"&(?:amp;){{0,3}}#(?:0{{0,6}}{number}|(?i:x0{{0,6}}{number:x}));",
    ]
    if number < 256:
        escapes.append(rf"\\{{1,8}}x(?i:{number:02x})")
    if number > 0xFFFF:
        escapes.append(rf"\\{{1,8}}U(?i:{number:08x})")
    if number > 127:
        # In another character set than was meant, or in none.
        escapes += [re.escape(_raw(character).decode("latin-1")), "[?\ufffd]"]
    if character in _NAMED:
        escapes.append(rf"&(?:amp;){{0,3}}{_NAMED[character]};")
    if character in _ESCAPED:
        escapes.append(rf"\\{{1,8}}{_ESCAPED[character]}")
    if character.isspace():
        escapes += [r"\s{1,8}", r"\+", "&nbsp;"]
    if character == "\\":
        return rf"(?:{'|'.join(escapes)}|\\){{{len(unit)},{8 * len(unit)}}}"
    # Itself comes last: what escapes it may begin with it.
    return rf"(?:{'|'.join(escapes)}|\\{{0,8}}{re.escape(character)})"
