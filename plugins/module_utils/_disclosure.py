# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What of an instance's configuration may stand in a file that people read, and what is a secret there. Pure.

The platform returns API keys and tokens readable where their type is that of a text. So a value is written only where
its key is known to be harmless and the value itself does not look like a credential; whatever is uncertain is a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ._credentials import SENSITIVE_WORDS, is_plumbing, looks_secret, words_of
from ._elements import Entry

# The last word of a key whose values people read to each other, by the keys in the vendor's documentation.
_HARMLESS_ENDS = frozenset(
    [
        *("username", "user", "userid", "email", "sender", "account", "accounts", "company", "organization"),
        *("site", "store", "subdomain", "domain", "address", "host", "hostname", "port", "server", "url", "uri"),
        *("urls", "path", "directory", "folder", "region", "environment", "sandbox", "staging", "version"),
        *("protocol", "type", "mode", "name", "names", "appname", "schema", "objects", "products", "pages"),
        *("repository", "tenant", "datasource", "language", "locale", "timezone", "country", "currency"),
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
    if not words or not SENSITIVE_WORDS.isdisjoint(words):
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
