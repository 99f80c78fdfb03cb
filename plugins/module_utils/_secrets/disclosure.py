# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what of a configuration may be shown. Pure.

This is the one rule for results, diffs, messages and exports. The guide on secrets tells it to users ("What may be
shown"). It only sees one key and its value; `_secrets` also hides a value that holds a secret from elsewhere.
"""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from collections.abc import Collection, Iterable, Iterator, Mapping

from .._core.strict_json import TooDeepError, embedded, is_too_deep
from .masks import holds_mask, is_mask

_SECRET_WORD = re.compile(
    r"(password|passwd|passphrase|passcode|pass|pwd|pw|secret|token|key|credential|cred|authentication|authorization"
    r"|(?<!\bo)auth|bearer|cookie|jwt|license|licence|pin|otp|dsn|signature|sig|certificate|cert|pem|session|verifier)"
    r"s?\Z"
)
# Words in capitals cannot be told apart: `APIKEYv2`.
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
"""The keys that are common to elements and tell nothing (vendor documentation: common instance configuration, reserved
keys). Only under them a value is shown that nobody but the platform told us: it returns many secrets readable."""


def may_be_shown(key: str, value: t.Any, plain_keys: Collection[str], *, given: bool) -> bool:
    """Tell whether a value of a configuration may be shown.

    Args:
        key: The configuration key.
        value: What stands under it.
        plain_keys: The keys that the user exempts.
        given: Whether the user gives this key in `configuration`. Otherwise only the platform told it.
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
    """Split a key at everything that is no letter or digit and at its capitals. Drop digits at the ends of words."""
    words = [word.lower().rstrip("0123456789") for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", key)]
    return [word for word in words if word]


def _is_endpoint(key: str) -> bool:
    """Tell whether a key is that of an endpoint, which elements document: of its path everybody knows."""
    words = _words(key)
    return words == ["base", "url"] or (words[:1] == ["oauth"] and words[-1:] == ["url"])


_MOST_QUOTED = 3
"""Times that text is percent-decoded. Text that is encoded more often carries a secret."""

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
    """Tell whether a value is a secret by its looks or has one within, also in JSON or in percent-encoded text.

    That is so for a mask, a PEM, a name that names a secret and a value with it, and for a URL that may be a secret.
    What is nested too deeply to be looked into counts as a secret.

    Args:
        value: Any JSON value.
        is_endpoint: Whether a URL is that of an endpoint, whose path does not count.
    """
    if is_too_deep(value):
        return True
    todo: list[tuple[t.Any, int]] = [(value, 0)]
    while todo:  # Without recursion: text in structures in text may be deeper than each of them.
        item, decoded = todo.pop()
        if isinstance(item, Mapping):
            if any(names_secret(str(name)) and not _is_nothing(child) for name, child in item.items()):
                return True
            todo += [(name, decoded) for name in item]
        if isinstance(item, (Mapping, list)):
            children = list(item.values()) if isinstance(item, Mapping) else item
            if _has_name_beside_value(children):
                return True
            todo += [(child, decoded) for child in children]
        elif isinstance(item, str):
            try:
                structure = embedded(item)
            except TooDeepError:
                return True
            if structure is not None:
                todo.append((structure, decoded))
                continue
            if _is_secret_text(item, is_endpoint=is_endpoint):
                return True
            plain = urllib.parse.unquote(item)
            if plain != item:
                if decoded == _MOST_QUOTED:
                    return True
                todo.append((plain, decoded + 1))
    return False


def _has_name_beside_value(children: Iterable[t.Any]) -> bool:
    """Tell whether an object or a list pairs the name of a secret with a value: `{"name": "apiKey", "value": …}`."""
    values = [child for child in children if not _is_nothing(child)]
    return len(values) > 1 and any(
        isinstance(child, str) and _NAME.fullmatch(child) and names_secret(child) for child in values
    )


def _is_nothing(value: t.Any) -> bool:
    return value is None or value == "" or isinstance(value, bool)


def _is_secret_text(text: str, *, is_endpoint: bool) -> bool:
    return (
        is_mask(text)
        or "-----BEGIN" in text
        or _SCHEME.search(text) is not None
        or any(map(names_secret, _NAMED.findall(text)))
        or any(map(_has_user, text.split()))
        or any(_is_telling(url, is_endpoint) for url in _urls(text))
    )


def _has_user(word: str) -> bool:
    """Tell whether a URL has a user. An e-mail address is no URL. A password may have a slash that nobody encoded."""
    return not {":", "/"}.isdisjoint(word.rpartition("@")[0])


def _urls(text: str) -> Iterator[str]:
    """Yield the URLs of a text, from their hosts on: with two slashes before, or with a dot or a port in the host."""
    yield from (word.partition("//")[2] for word in text.split())
    yield from (word for word in _BETWEEN.split(text) if _HOST.match(word))


def _is_telling(url: str, is_endpoint: bool) -> bool:
    """Tell whether a URL may be a secret by its query, its fragment or its path."""
    address, _mark, asked = re.sub("[?#]", "?", url).partition("?")
    path = address.partition("/")[2]
    return asked != "" or (not is_endpoint and _TELLING_PATH.search(_VERSION.sub("", path)) is not None)
