# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what of a configuration may be shown. Pure.

This is the one rule for results, diffs, messages and exports. The guide on secrets explains it to users ("What may be
shown"). It sees one key and its value. `redaction` also masks a value that holds a secret from elsewhere.
"""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from collections.abc import Collection, Iterable, Iterator, Mapping

from .._core.strict_json import TooDeepError, embedded, is_too_deep, walk
from .masks import holds_mask, is_mask

_SECRET_WORD = re.compile(
    r"(password|passwd|passphrase|passcode|pass|pwd|pw|secret|token|key|credential|cred|authentication|authorization"
    r"|(?<!\bo)auth|bearer|cookie|jwt|license|licence|pin|otp|dsn|signature|sig|certificate|cert|pem|session|verifier)"
    r"s?\Z"
)
# Capitals do not separate words in all keys: `APIKEYv2`.
_SECRET_ANYWHERE = re.compile(r"passw|credential|api.?key|private.?key", re.IGNORECASE)
_ABOUT = frozenset(["url", "uri", "type", "enabled", "expires"])

HARMLESS_KEYS = frozenset(
    [
        *("authentication.type", "base.url", "filter.response.nulls"),
        *("event.notification.callback.url", "event.notification.enabled", "event.notification.type", "event.objects"),
        *("event.poller.configuration", "event.poller.refresh_interval", "event.vendor.type"),
        *("pagination.max", "pagination.offset", "pagination.page.startindex", "pagination.type"),
        *("bulk.add_metadata", "bulk.attribute.created_time", "bulk.query.date_mask", "bulk.query.download_format"),
        *("bulk.query.field_name", "bulk.query.operator", "bulk.query.response.date_mask", "bulk.relations"),
        *("oauth.callback.url", "oauth.scope"),
    ]
)
"""The keys that are common to elements and harmless (vendor documentation: common instance configuration, reserved
keys). What only the platform told is shown under these alone, as it returns many secrets readable."""


def may_be_shown(key: str, value: t.Any, plain_keys: Collection[str], *, given: bool) -> bool:
    """Tell whether a value of a configuration may be shown.

    Args:
        key: The configuration key.
        value: The value of the key.
        plain_keys: The keys that the user exempts.
        given: Whether the user gives the key in `configuration`. Otherwise only the platform told it.
    """
    if value is None or value == "":
        return True
    if key in plain_keys:
        return not holds_mask(value)
    if not given and key not in HARMLESS_KEYS:
        return False
    return not names_secret(key) and not carries_secret(value, is_endpoint=_is_endpoint(key))


def names_secret(key: str) -> bool:
    """Tell whether a key names a secret: one of its words ends like `password`, `token` or `key`.

    A key is only about a secret if its last word says so: `oauth.token.url`, `authentication.type`.
    """
    words = _words(key)
    if not words or words[-1] in _ABOUT:
        return False
    return any(map(_SECRET_WORD.search, words)) or _SECRET_ANYWHERE.search(key) is not None


def _words(key: str) -> list[str]:
    """Split a key at its capitals and at all but letters and digits. Drop the digits at the ends of words."""
    words = [word.lower().rstrip("0123456789") for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", key)]
    return [word for word in words if word]


def _is_endpoint(key: str) -> bool:
    """Tell whether a key is that of an endpoint. Every element documents its path, so it is not a secret."""
    words = _words(key)
    return words == ["base", "url"] or (words[:1] == ["oauth"] and words[-1:] == ["url"])


# A name and what follows it: `name=value`, `name: value`, `--name value`, `<name>value`.
_NAMED = re.compile(r"(?<![\w.-])([\w.-]+)[\"'\])}]*[\s:=>]+(?=[^\s:=>])")
# A value of the header `Authorization`.
_SCHEME = re.compile(r"\b(basic|bearer|digest)\s+\S{8}", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")
_HOST = re.compile(r"([\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+)[/?#]")
_BETWEEN = re.compile(r"[\s\"'=,;|<>()\[\]{}]+")
_VERSION = re.compile(r"(?:/|\A)(?:api[/-])?v\d{1,3}(?:\.\d{1,3}){0,3}(?=/|\Z)", re.IGNORECASE)
_TELLING_PATH = re.compile(r"[\d%;]|[^/]/+[^/]")


def carries_secret(value: t.Any, *, is_endpoint: bool = False) -> bool:
    """Tell whether a value is a secret by its looks, or has one within: in JSON, or in percent-encoded text.

    By its looks, a secret is a mask, a PEM, a value beside a name that names a secret, or a URL that tells more than
    where a service is. What is nested or encoded too deeply to be looked into counts as a secret.

    Args:
        value: Any JSON value.
        is_endpoint: Whether a URL is that of an endpoint, whose path does not count.
    """
    return _carries(value, is_endpoint, 3)


def _carries(value: t.Any, is_endpoint: bool, decodings: int) -> bool:
    try:
        return is_too_deep(value) or any(_is_secret(part, is_endpoint, decodings) for part in walk(value))
    except TooDeepError:
        return True


def _is_secret(part: t.Any, is_endpoint: bool, decodings: int) -> bool:
    """Tell whether a part of a value is a secret by its looks. The values within it are parts of their own."""
    if isinstance(part, Mapping):
        return (
            any(names_secret(str(name)) and not _is_nothing(child) for name, child in part.items())
            or any(_is_secret(str(name), is_endpoint, decodings) for name in part)
            or _has_name_beside_value(part.values())
        )
    if isinstance(part, list):
        return _has_name_beside_value(part)
    if not isinstance(part, str) or embedded(part) is not None:
        return False
    plain = urllib.parse.unquote(part)
    return _is_secret_text(part, is_endpoint) or (
        plain != part and (decodings == 0 or _carries(plain, is_endpoint, decodings - 1))
    )


def _has_name_beside_value(children: Iterable[t.Any]) -> bool:
    """Tell whether an object or a list pairs the name of a secret with a value: `{"name": "apiKey", "value": …}`."""
    values = [child for child in children if not _is_nothing(child)]
    return len(values) > 1 and any(
        isinstance(child, str) and _NAME.fullmatch(child) and names_secret(child) for child in values
    )


def _is_nothing(value: t.Any) -> bool:
    return value is None or value == "" or isinstance(value, bool)


def _is_secret_text(text: str, is_endpoint: bool) -> bool:
    return (
        is_mask(text)
        or "-----BEGIN" in text
        or _SCHEME.search(text) is not None
        or any(map(names_secret, _NAMED.findall(text)))
        or any(map(_has_user, text.split()))
        or any(_is_telling(url, is_endpoint) for url in _urls(text))
    )


def _has_user(word: str) -> bool:
    """Tell whether a word is a URL with a user, and not an e-mail address. A password may have an unencoded slash."""
    return not {":", "/"}.isdisjoint(word.rpartition("@")[0])


def _urls(text: str) -> Iterator[str]:
    """Yield the URLs of a text from their hosts on: with two slashes before, or with a dot or a port in the host."""
    yield from (word.partition("//")[2] for word in text.split())
    yield from (word for word in _BETWEEN.split(text) if _HOST.match(word))


def _is_telling(url: str, is_endpoint: bool) -> bool:
    """Tell whether a URL may be a secret by its query, its fragment or its path."""
    address, *query = re.split("[?#]", url, maxsplit=1)
    path = address.partition("/")[2]
    return any(query) or (not is_endpoint and _TELLING_PATH.search(_VERSION.sub("", path)) is not None)
