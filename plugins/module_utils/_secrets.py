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

    @functools.cached_property
    def _spelled(self) -> frozenset[str]:
        return frozenset(spelling for text in self._values for spelling in _spellings(text))

    @functools.cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(spelling) for spelling in sorted(self._spelled))

    def text(self, foreign: str, limit: int | None = None) -> str:
        """Return text that somebody else wrote (a server, a library) with every spelling of every secret masked.

        In: the text, and how much of its beginning is of use. A secret that is cut off there is masked all the same.
        Not for our own words: a secret C(22) would be found in an instance's id.
        """
        limit = len(foreign) if limit is None else min(limit, len(foreign))
        longest = max(map(len, self._spelled), default=0)
        spans = _merged(span for pattern in self._patterns for span in _found(pattern, foreign[: limit + longest]))
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
        elif isinstance(item, bool):
            yield "true" if item else "false"
        elif isinstance(item, (int, float)):
            yield str(item)
        elif isinstance(item, Mapping):
            todo += item.values()
        elif isinstance(item, (list, tuple)):
            todo += item


def _spellings(text: str) -> Iterator[str]:
    """Yield the ways in which a secret may come back in somebody's message."""
    raw = text.encode("utf-8", "surrogatepass")
    yield text
    yield text.strip() or text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)
    if len(raw) < 4:
        return  # Encoded, such a short text is found everywhere.
    yield urllib.parse.quote(raw, safe="")
    yield urllib.parse.quote(raw)
    yield urllib.parse.quote_plus(raw)
    yield base64.b64encode(raw).decode()
    yield base64.urlsafe_b64encode(raw).decode()
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _pattern(spelling: str) -> re.Pattern[str]:
    """Return the pattern for a spelling: a short one is a word of its own, and escapes have letters in any case."""
    pattern = re.sub(r"%[0-9A-F]{2}|\\\\u[0-9a-f]{4}", lambda escape: f"(?i:{escape[0]})", re.escape(spelling))
    return re.compile(pattern if len(spelling) >= _SHORT else rf"(?<!\w){pattern}(?!\w)")
