# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What must not be shown, and how it is hidden: by the path of a value, and in foreign text by the value. Pure."""

from __future__ import annotations

import base64
import json
import re
import typing as t
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping

MASK = "*" * 8
"""What the platform shows in place of a password (vendor acceptance suite, elements/instances.js), and so do we."""

_SECRET_ENDINGS = ("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "credential", "credentials")

# Configuration that is common to all elements and tells nothing (vendor documentation, common instance configuration).
# Everything else that only the server told us may be a secret: api keys and tokens come back readable.
_HARMLESS = re.compile(
    r"pagination\.(max|type|page\.startindex)|bulk\.[a-z_.]+|filter\.response\.nulls|base\.url|authentication\.type"
    r"|event\.(notification\.(enabled|type)|vendor\.type|poller\.refresh_interval|objects)"
)


def looks_secret(key: str) -> bool:
    """Return whether a configuration key sounds like that of a secret: C(password), C(api.key), C(clientSecret).

    Its words decide, so C(oauth.token.url) and C(authentication.type) are none.
    """
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", key)
    if not words:
        return False
    last = words[-1].lower()
    return last.endswith(_SECRET_ENDINGS) or last == "key" or "password" in key.lower()


_SHORT = 6
"""A secret with fewer characters is found in all kinds of text by chance."""


class Redactor:
    """Knows the secrets of a task and takes them out of what is to be shown.

    In: the secret values, of any JSON type. Nothing of them is kept but their spellings.
    """

    def __init__(self, secrets: Iterable[t.Any]) -> None:
        self._values = frozenset(text for value in secrets for text in _texts(value))
        spellings = {spelling for text in self._values for spelling in _spellings(text)}
        # The longest first, or a secret that holds another one would be hidden in part only.
        ordered = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self._pattern = re.compile("|".join(_bounded(spelling) for spelling in ordered)) if ordered else None

    def text(self, foreign: str) -> str:
        """Return text that somebody else wrote (a server, a library) with every spelling of every secret masked.

        Not for our own words: a secret C(22) would be found in an instance's id.
        """
        return foreign if self._pattern is None else self._pattern.sub(MASK, foreign)

    def configuration(self, configuration: Mapping[str, t.Any], shown: Iterable[str]) -> dict[str, t.Any]:
        """Return a configuration as it may be shown: every key, but only the values that certainly tell nothing.

        In: the configuration, and the keys that the user declared to be no secrets by giving them as such.
        """
        declared = frozenset(shown)
        return {key: self._shown(key, value, key in declared) for key, value in sorted(configuration.items())}

    def _shown(self, key: str, value: t.Any, declared: bool) -> t.Any:
        if value is None or value == "":
            return value
        if declared:
            return MASK if self._holds_long(value) else value
        return value if _HARMLESS.fullmatch(key) and not self._hides(value) else MASK

    def _hides(self, value: t.Any) -> bool:
        """Return whether a value is a secret of this task or holds one."""
        return any(text in self._values or self.text(text) != text for text in _texts(value))

    def _holds_long(self, value: t.Any) -> bool:
        """Return whether a value holds a secret that can not be there by chance, as a short one can."""
        long = [text for text in self._values if len(text) >= _SHORT]
        return any(secret in text for text in _texts(value) for secret in long)


def _texts(value: t.Any) -> Iterator[str]:
    """Yield every text in a JSON value, numbers and booleans as the platform spells them."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, (int, float)):
        yield str(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _spellings(text: str) -> Iterator[str]:
    """Yield the ways in which a secret may come back in somebody's message."""
    raw = text.encode("utf-8", "surrogatepass")
    yield text
    yield text.strip() or text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    if len(raw) < 4:
        return  # Encoded, such a short text is found everywhere.
    yield urllib.parse.quote(raw, safe="")
    yield urllib.parse.quote(raw)
    yield urllib.parse.quote_plus(raw)
    yield base64.b64encode(raw).decode()
    yield base64.urlsafe_b64encode(raw).decode()
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bounded(spelling: str) -> str:
    """Return the pattern for a spelling. A short one counts only as a word of its own."""
    pattern = re.escape(spelling)
    return pattern if len(spelling) >= _SHORT else rf"(?<!\w){pattern}(?!\w)"
