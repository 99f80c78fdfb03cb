# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Name the files of an account after its resources: inside the directory, distinct on every file system. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence

LONGEST = 100
"""Characters of a name that is kept as it is."""

_KEPT = re.compile(rf"[A-Za-z0-9_-]([A-Za-z0-9 ._-]{{0,{LONGEST - 2}}}[A-Za-z0-9_-])?")
_HASH_LENGTH = 12
_HASHED = re.compile(rf"(.*-)?[0-9a-f]{{{_HASH_LENGTH}}}")
# Names that Windows keeps for devices, whatever follows after a dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])( *\..*)?", re.IGNORECASE | re.DOTALL)
_CUT = 80


def file_stems(identities: Sequence[tuple[str, ...]]) -> list[str]:
    """Return a file name without suffix for each identity.

    It is the parts of the identity, joined with dots, if these make a plain name that no other identity has in any
    case. Otherwise, a readable beginning of it is followed by a hash of the identity.
    """
    plain = [".".join(identity) for identity in identities]
    known = Counter(stem.casefold() for stem in plain)
    seen: Counter[tuple[str, ...]] = Counter()
    stems = []
    for identity, stem in zip(identities, plain, strict=True):
        again, seen[identity] = seen[identity], seen[identity] + 1
        is_kept = known[stem.casefold()] == 1 and all(map(_KEPT.fullmatch, (stem, *identity)))
        stems.append(stem if is_kept and not _is_reserved(stem) else _hashed(stem, identity, again))
    return stems


def _is_reserved(stem: str) -> bool:
    """Tell whether a name is that of a device, or looks like one with a hash."""
    return _DEVICES.fullmatch(stem) is not None or _HASHED.fullmatch(stem) is not None


def _hashed(stem: str, identity: tuple[str, ...], again: int) -> str:
    text = json.dumps([*identity, *([again] if again else [])])
    begin = re.sub(r"[^A-Za-z0-9 _]+", "-", stem)[:_CUT].strip(" -")
    return "-".join(filter(None, [begin, hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]]))
