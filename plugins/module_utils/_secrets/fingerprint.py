# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make and check fingerprints of secrets. Pure.

The platform does not return secrets. A fingerprint in a tag of the instance shows whether one has changed. The tag is
`ansible-secrets:1:SALT:MAC`. The MAC is the first 128 bits of HMAC-SHA256 over the salt and the secrets. Its key is the
organization secret, so nobody without that can test a guess. The salt is new each time, so two instances with one
password have different fingerprints.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PREFIX = "ansible-secrets:1:"
SALT_BYTES = 12
"""A multiple of three, so that the printed salt needs no padding."""
_MAC_BYTES = 16


@dataclass(frozen=True)
class Seal:
    """Makes fingerprints with a key, which is the organization secret, and with a salt for a new one."""

    key: str = field(repr=False)
    salt: bytes = field(repr=False)

    def fingerprint(self, secrets: Mapping[str, t.Any]) -> str:
        """Return the tag with a new fingerprint of configuration keys and their values."""
        return _fingerprint(self.key, self.salt, secrets)

    def fits(self, fingerprint: str, secrets: Mapping[str, t.Any]) -> bool:
        """Tell whether a tag is the fingerprint of these secrets. One that cannot be read fits nothing."""
        salt, _separator, _mac = fingerprint.removeprefix(PREFIX).partition(":")
        try:
            raw = base64.b64decode(salt, altchars=b"-_", validate=True)
        except ValueError:
            return False
        return hmac.compare_digest(fingerprint.encode(), _fingerprint(self.key, raw, secrets).encode())


def _fingerprint(key: str, salt: bytes, secrets: Mapping[str, t.Any]) -> str:
    message = json.dumps(secrets, sort_keys=True, separators=(",", ":")).encode()
    mac = hmac.new(key.encode(), salt + message, hashlib.sha256).digest()[:_MAC_BYTES]
    return f"{PREFIX}{_printed(salt)}:{_printed(mac)}"


def _printed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def split(tags: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Split tags into those of the user and the fingerprints."""
    everything = frozenset(tags)
    fingerprints = frozenset(tag for tag in everything if tag.startswith(PREFIX))
    return everything - fingerprints, fingerprints
