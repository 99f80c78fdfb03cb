# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Names of variables for secrets: speaking, unique, and the same in every export. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

_PREFIX = "secret"
_HASH_LENGTHS = (0, 8, 16, 64)


def variable_names(identities: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return a variable name for each identity, which has to be unique: the parts that the name is made of.

    Where two would have the same name, each gets a hash of its identity at the end. A number would depend on the
    others: a secret that was filled in for one instance could be sent to another after the next export.
    """
    lengths = dict.fromkeys(identities, 0)
    while True:
        names = {identity: _name(identity, _HASH_LENGTHS[length]) for identity, length in lengths.items()}
        taken = Counter(names.values())
        crowded = [identity for identity, name in names.items() if taken[name] > 1]
        if not crowded:
            return names
        for identity in crowded:
            lengths[identity] = min(lengths[identity] + 1, len(_HASH_LENGTHS) - 1)


def _name(identity: tuple[str, ...], length: int) -> str:
    words = [_PREFIX, *(_word(part) for part in identity)]
    return "_".join([*words, _hash(identity)[:length]] if length else words)


def _word(text: str) -> str:
    """Return a text as part of an identifier. One that has nothing to speak of is told by its hash."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain).lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or _hash([text])[:8]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()
