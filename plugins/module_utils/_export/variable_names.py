# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of variables for secrets: speaking, unique, and the same in every export. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

_PREFIX = "secret"
_HASH_LENGTH = 16
"""64 bits: nobody finds a name of an instance that gets the variable of another one."""
_LONGEST = 200
"""Characters of a name without its hash. YAML takes at most 1,024 for a key, people fewer."""
_KEYS = {
    key.replace(".", "_"): key
    for key in (
        "api.key",
        "oauth.api.key",
        "oauth.api.secret",
        "oauth.user.refresh_token",
        "oauth.user.token",
        "oauth.user.token.secret",
        "password",
        "username",
    )
}
"""The keys that names of more than one word may stand before. Fixed for good: with one more, a name that stands in
somebody's file of secrets would be read as that of another secret."""
_KNOWN = re.compile(rf"{_PREFIX}_([a-z0-9]+)_(.+?)(?:_(id_[0-9]+))?_({'|'.join(_KEYS)})")
_OTHER = re.compile(rf"{_PREFIX}_([a-z0-9]+)_([a-z0-9]+)(?:_(id_[0-9]+))?_(.+)")
_HASHED = re.compile(rf".*_[0-9a-f]{{{_HASH_LENGTH}}}")


def variable_names(identities: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return a variable name for each identity: the parts that the name is made of.

    A name depends on its own identity alone, and no two identities that there could be share one. If it depended on
    the others, a secret that was filled in for one instance could be sent to another after the next export.
    """
    return {identity: _name(identity) for identity in identities}


def _name(identity: tuple[str, ...]) -> str:
    """Return the plain name if it is short and reads back as this identity, else a cut one with a hash of it."""
    plain = "_".join(word for word in (_PREFIX, *map(_word, identity)) if word)
    if len(plain) <= _LONGEST and _meant_by(plain) == identity:
        return plain
    return f"{plain[:_LONGEST].rstrip('_')}_{_hash(identity)}"


def _meant_by(name: str) -> tuple[str, ...] | None:
    """Return the one identity that may have a name without a hash, or None where none may.

    An element key is one word. What is called by one word may have any key, anything else only one that is known, as
    the first word of a key could be the last one of the name otherwise.
    A name that ends like one with a hash is not one without.
    """
    found = _KNOWN.fullmatch(name) or _OTHER.fullmatch(name)
    if not found or _HASHED.fullmatch(name):
        return None
    element_key, instance, own, key = found.groups()
    parts = (element_key, instance.replace("_", " "), *([own.replace("_", " ")] if own else []))
    return (*parts, _KEYS.get(key) or key.replace("_", "."))


def _word(text: str) -> str:
    """Return a text as part of an identifier. Empty where it has nothing to speak of."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain).lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _hash(parts: Iterable[str]) -> str:
    # Not escaped: two halves of a character would be written like the whole.
    text = json.dumps(list(parts), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_HASH_LENGTH]
