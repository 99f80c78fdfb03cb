# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What of an instance's configuration may stand in a file that people read, and what is a secret there. Pure.

The platform returns API keys and tokens readable where their type is that of a text. So a value is written only where
its key is known to be harmless and the value itself does not look like a credential; whatever is uncertain is a secret.
"""

from __future__ import annotations

import itertools
import json
import re
import typing as t
from collections.abc import Iterable, Mapping

from ._elements import Entry
from ._secrets import is_plumbing, looks_secret, words_of

# The last word of a key whose values people read to each other, by the keys in the vendor's documentation.
_HARMLESS_ENDS = frozenset(
    [
        *("username", "user", "userid", "email", "sender", "account", "accounts", "company", "organization"),
        *("site", "store", "subdomain", "domain", "address", "host", "hostname", "port", "server", "url", "uri"),
        *("urls", "path", "directory", "folder", "region", "environment", "sandbox", "staging", "version"),
        *("protocol", "type", "mode", "name", "names", "appname", "schema", "objects", "products", "pages"),
        *("repository", "tenant", "datasource", "language", "locale", "timezone", "country", "currency", "number"),
        *("interval", "max", "min", "size", "limit", "offset", "startindex", "format", "mask", "operator"),
        *("relations", "properties", "scope", "scopes", "enabled", "tagging", "nulls", "configuration", "metadata"),
    ]
)
# What a harmless id is one of. Those of clients, tokens and sessions are not.
_HARMLESS_IDS = frozenset(
    [
        *("account", "app", "company", "list", "location", "mailbox", "merchant", "organization", "page", "project"),
        *("realm", "sender", "shop", "site", "store", "system", "tenant", "user", "workspace"),
    ]
)
_USER_NAMES = frozenset(["username", "user"])

# Elements whose user name is the provider's API key (vendor documentation: Stripe, Close.io, Freshdesk; the providers'
# own: the others). Clones of an element have its key at their beginning.
_KEY_AS_USER_NAME = (
    *("stripe", "closeio", "freshdesk", "bamboohr", "chargebee", "chargify"),
    *("greenhouse", "helpscout", "mixpanel", "recurly"),
)

# What the platform or the provider makes, and makes anew.
_SERVER_MADE = re.compile(
    r"authentication\.time|expires(_in)?|oauth\.user\..+|event\.notification\.(subscription\.id|instance\.finder)"
    r"|event\.helper\.key|(.+\.)?session\.?id|(.+\.)?requesttoken|(.+\.)?since_token|(.+\.)?(web)?hooks?\.(.+\.)?id",
    re.IGNORECASE,
)

_FLAGS = ("true", "false")
_MASKED = re.compile(r"\*{3}")
# Bounded, so that a long value takes no long time.
_USER_INFO = re.compile(r"(?<![^\s/:@])[^\s/:@]{1,256}:[^\s/@]{1,256}@")
_SCHEME = re.compile(r"\b(bearer|basic|digest|token)\s+\S{8}|-----BEGIN", re.IGNORECASE)
# Only looked at, so that the value of one may be the name of the next: https://host/?key=value.
_ASSIGNED = re.compile(r"(?<![\w.-])([\w.-]{1,128})[\"']?\s?[=:]\s?[\"']?(?=([^\s\"'&;,(){}\[\]]{1,8}))")
_ASSIGNED_SECRETS = frozenset(["sig", "code", "auth", "access", "sas"])
# How some providers' keys begin.
_KEY = re.compile(r"\b(AKIA|ASIA|AIza|EAA|eyJ|[spr]k_|gh[pousr]_|xox[a-z]-|SG\.|shp[a-z]{2}_|glpat-)[\w.-]{8}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]+")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+|[A-Za-z]+")
_HEX = re.compile(r"(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{16,}", re.IGNORECASE)


def is_server_made(key: str) -> bool:
    """Return whether a configuration key is not the user's, but made by the platform or the provider."""
    return _SERVER_MADE.fullmatch(key) is not None


def is_secret_key(key: str, element_key: str, entry: Entry | None, *, has_password: bool) -> bool:
    """Return whether what stands under a configuration key is a secret, or may be one, whatever the value is.

    In: the key; the element's; the entry of the catalogue, if it has one; and whether the element takes a password or
    the like. Where it does not, the user name is what it authenticates with.
    """
    if looks_secret(key) or (entry is not None and entry.secret):
        return True
    words = words_of(key)
    if not words:
        return True
    if words[-1] in _USER_NAMES and (not has_password or _is_key_as_user_name(element_key)):
        return True
    if is_plumbing(key) or words[-1] in _HARMLESS_ENDS:
        return False
    if words[-1] in ("id", "ids"):
        return words[-2:-1] == [] or words[-2] not in _HARMLESS_IDS
    return True


def _is_key_as_user_name(element_key: str) -> bool:
    return element_key.lower().startswith(_KEY_AS_USER_NAME)


def has_password(keys: Iterable[str]) -> bool:
    """Return whether there is a password or the like among the configuration keys of an element."""
    return any(looks_secret(key) and not key.startswith(("event.", "oauth.user.")) for key in keys)


def is_flag(value: t.Any) -> bool:
    """Return whether a value is no more than yes or no."""
    return isinstance(value, bool) or value in _FLAGS


def is_masked(value: t.Any) -> bool:
    """Return whether a value is, or holds, a mask in place of what is stored."""
    return isinstance(value, str) and _MASKED.search(value) is not None


def betrays(value: t.Any, known: Iterable[str] = ()) -> bool:
    """Return whether a value looks like a credential or holds one: in a URL, in JSON, in a connection string.

    In: the value, and secrets that are known.
    """
    if isinstance(value, Mapping):
        return any(_betrayed(str(key), item) or betrays(item, known) for key, item in value.items())
    if isinstance(value, list):
        return any(betrays(item, known) for item in value)
    if not isinstance(value, str):
        return False
    return (
        any(secret in value for secret in known)
        or is_masked(value)
        or any(pattern.search(value) for pattern in (_USER_INFO, _SCHEME, _KEY, _UUID))
        or any(_betrayed(name, assigned) for name, assigned in _ASSIGNED.findall(value))
        or any(map(_is_random, _RUN.findall(value)))
        or betrays(_structure(value), known)
    )


def _betrayed(name: str, value: t.Any) -> bool:
    """Return whether a named value in a text or in JSON is a secret by its name."""
    if is_flag(value) or value in (None, ""):
        return False
    return looks_secret(name) or name.lower() in _ASSIGNED_SECRETS


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


def _structure(text: str) -> t.Any:
    """Return the JSON object or list in a text, or None."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
