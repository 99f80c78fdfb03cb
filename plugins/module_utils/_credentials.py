# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What looks like a secret: a key by its words, a value by what it holds. Pure."""

from __future__ import annotations

import itertools
import re
import typing as t
import urllib.parse
from collections.abc import Mapping

from ._json import TooDeepError, embedded, is_too_deep

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


# Words of keys whose values are secrets of a person, whatever else the key says.
SENSITIVE_WORDS = frozenset(["totp", "otp", "mfa", "ssn", "card", "pin", "cvv", "cvc", "passport"])

_FLAGS = ("true", "false")
_MASKED = re.compile(r"\*{3}")
_SCHEME = re.compile(r"\b(bearer|basic|digest|token)\s+\S{8}|-----BEGIN", re.IGNORECASE)
# What is assigned is only looked at, so that the value of one may be the name of the next: https://host/?key=value.
_ASSIGNED = (
    re.compile(r"(?<![\w.-])([\w.-]{1,128})[\"']?\s*(?:=>|[=:])\s*[\"'({\[]{0,4}(?=([^\s\"'&;,(){}\[\]]{1,8}))"),
    re.compile(r"<([\w.:-]{1,128})(?:\s[^<>]{0,256})?>\s*(?:<!\[CDATA\[)?(?=([^<\s]{1,8}))"),
    re.compile(r"(?<![\w-])--?([A-Za-z][\w.-]{0,127})\s+[\"']?(?=([^\s\"'-][^\s\"']{0,7}))"),
    re.compile(r"\b(password|passwd|passphrase|pwd)\s+(?=([^\s\"']{1,8}))", re.IGNORECASE),
)
_ASSIGNED_SECRETS = frozenset(["sig", "code", "auth", "access", "sas", "pass", "passw", "pw", "hash"])
# Wherever they stand in a name.
_ASSIGNED_SECRET_WORDS = SENSITIVE_WORDS | {"auth", "pass", "sig", "sas"}
_NAMING = frozenset(["name", "key", "header", "field", "parameter", "param", "property", "attribute"])
_TOLD_OF_A_FIELD = frozenset([*_NAMING, "type", "description", "label", "displayname", "format", "in", "id"])
_WORD = re.compile(r"\S+")
_PIECE = re.compile(r"[^?#&;]+")
# What a URL may be asked for in the open. The name of anything else tells nothing of its value.
_HARMLESS_PARAMETERS = frozenset(
    [
        *("page", "pagesize", "page_size", "per_page", "perpage", "limit", "offset", "count", "size", "max", "top"),
        *("skip", "format", "version", "v", "api-version", "api_version", "apiversion", "lang", "language", "locale"),
        *("sort", "sortby", "order", "orderby", "where", "filter", "fields", "select", "expand", "include", "type"),
        *("region", "country", "currency", "timezone", "tz", "wsdl", "singlewsdl"),
    ]
)
_MOST_QUOTED = 3
"""Times that a text is percent-encoded. What has been more often is not looked into, but taken for a secret."""

# How some providers' keys begin.
_KEY = re.compile(r"\b(AKIA|ASIA|AIza|EAA|eyJ|[spr]k_|gh[pousr]_|xox[a-z]-|SG\.|shp[a-z]{2}_|glpat-)[\w.-]{8}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]+")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+|[A-Za-z]+")
_HEX = re.compile(r"(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{16,}", re.IGNORECASE)


def is_flag(value: t.Any) -> bool:
    """Return whether a value is no more than yes or no."""
    return isinstance(value, bool) or value in _FLAGS


def is_masked(value: t.Any) -> bool:
    """Return whether a value is, or holds, a mask in place of what is stored."""
    return isinstance(value, str) and _MASKED.search(value) is not None


def betrays(value: t.Any) -> bool:
    """Return whether a value looks like a credential or holds one: in a URL, in JSON, in a connection string.

    What is too deeply nested or encoded to be looked into does.
    """
    if is_too_deep(value):
        return True
    todo: list[tuple[t.Any, int]] = [(value, 0)]
    while todo:  # Without recursion: texts in structures in texts may be deeper than all of them.
        item, quoted = todo.pop()
        if isinstance(item, Mapping):
            if any(_betrayed(str(key), child) for key, child in item.items()) or _is_named_secret(item):
                return True
            todo += [(part, quoted) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            if len(item) == 2 and isinstance(item[0], str) and _betrayed(item[0], item[1]):
                return True
            todo += [(child, quoted) for child in item]
        elif isinstance(item, str):
            try:
                structure = embedded(item)
            except TooDeepError:
                return True
            if _is_credential(item) or (structure is None and _has_one_in_a_url(item)):
                return True
            todo.append((structure, quoted))
            plain = urllib.parse.unquote(item)
            if plain != item:
                if quoted == _MOST_QUOTED:
                    return True
                todo.append((plain, quoted + 1))
    return False


def _is_credential(text: str) -> bool:
    """Return whether a text is a credential, or has one by its side, whatever the text is a part of."""
    return (
        is_masked(text)
        or any(pattern.search(text) for pattern in (_SCHEME, _KEY, _UUID))
        or any(_betrayed(name, assigned) for pattern in _ASSIGNED for name, assigned in pattern.findall(text))
        or any(map(_is_random, _RUN.findall(text)))
    )


def _has_one_in_a_url(text: str) -> bool:
    """Return whether there is a user, or a value that nothing is known of, in the URLs of a text."""
    for match in _WORD.finditer(text):
        word = match[0]
        # Not only up to the first slash: a password with one in it is not always encoded, and Oracle has user/password.
        before, at, _host = word.rpartition("@")
        if at and not _NO_USER.isdisjoint(before[:-1]):
            return True
        address, mark, asked = _split(word)
        if mark and ("://" in address or address.startswith("/") or mark == "?"):
            if mark == "#" and asked.startswith("/"):  # A page of an application in the browser.
                asked = asked.partition("?")[2]
            if any(_is_asked_in_secret(piece) for piece in _PIECE.findall(asked)):
                return True
    return False


_NO_USER = frozenset(":/")


def _split(word: str) -> tuple[str, str, str]:
    """Return what is before the query or fragment of a URL, the mark between them, and what is behind it."""
    match = re.search("[?#]", word)
    return (word[: match.start()], match[0], word[match.end() :]) if match else (word, "", "")


def _is_asked_in_secret(piece: str) -> bool:
    """Return whether a parameter of a URL may have a secret as its value."""
    name, assigned, value = piece.partition("=")
    if assigned and (not value or is_flag(value)):
        return False
    return name.lower().lstrip("$") not in _HARMLESS_PARAMETERS


def _is_named_secret(item: Mapping[str, t.Any]) -> bool:
    """Return whether an object is a name and a value, such as a header, and the name is that of a secret."""
    names = [child for key, child in item.items() if str(key).lower() in _NAMING and isinstance(child, str)]
    values = [child for key, child in item.items() if str(key).lower() not in _TOLD_OF_A_FIELD]
    return any(_betrayed(name, value) for name in names for value in values)


def _betrayed(name: str, value: t.Any) -> bool:
    """Return whether a named value in a text or in JSON is a secret by its name."""
    if is_flag(value) or value in (None, ""):
        return False
    if looks_secret(name) or name.lower() in _ASSIGNED_SECRETS:
        return True
    words = words_of(name)
    return bool(words) and words[-1] not in _ABOUT and not _ASSIGNED_SECRET_WORDS.isdisjoint(words)


def _is_random(run: str) -> bool:
    """Return whether letters and digits in a row are no word of a language, but look like a key."""
    turns = len(_LETTERS_OR_DIGITS.findall(run)) - 1
    cases = sum(left.isupper() != right.isupper() for left, right in itertools.pairwise(run))
    return (
        len(run) >= 32
        or (len(run) >= 8 and turns >= 4)
        or (len(run) >= 16 and cases >= 6)
        or _HEX.fullmatch(run) is not None
    )
