# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fingerprint of secrets, kept in a tag of the instance: the platform does not return secrets, so this is how a
changed one is noticed. Pure.

The tag is C(ansible-secrets:1:SALT:MAC). The MAC is the first 128 bits of HMAC-SHA256 over salt and secrets, keyed by
the organization secret, so nobody without that can test a guess; the salt is new each time, so two instances with one
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
    """What fingerprints are made with: the key (the organization secret) and the salt for a new one."""

    key: str = field(repr=False)
    salt: bytes = field(repr=False)

    def fingerprint(self, secrets: Mapping[str, t.Any]) -> str:
        """Return a new fingerprint, as the text of a tag, of configuration keys and their values."""
        return _fingerprint(self.key, self.salt, secrets)

    def fits(self, fingerprint: str, secrets: Mapping[str, t.Any]) -> bool:
        """Return whether a tag is the fingerprint of these secrets. One that can not be read fits nothing."""
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
    """Return the tags that are the user's own, and the fingerprints among them."""
    everything = frozenset(tags)
    fingerprints = frozenset(tag for tag in everything if tag.startswith(PREFIX))
    return everything - fingerprints, fingerprints
