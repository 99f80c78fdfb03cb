# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own element instances as the user wants them, and the one way to say an instance in words. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._api.models import Instance
from ..._core.text import quote
from ..._secrets.fingerprint import Seal


def describe(name: str | None, element_key: str | None = None, instance_id: int | None = None) -> str:
    """Return an instance in words, as far as it is known: `instance 'payments' of element 'stripe' with id 7`."""
    words = ["instance"]
    if name is not None:
        words.append(quote(name))
    if element_key is not None:
        words.append(f"of element {quote(element_key)}")
    if instance_id is not None:
        words.append(f"with id {instance_id}")
    return " ".join(words)


@dataclass(frozen=True)
class DesiredInstance:
    """An instance as the user wants it. None means: leave it alone. An empty value means: make it empty.

    `configuration` is compared, `secrets` are not (from `api_key`, `secret_configuration`, and the keys in
    `configuration` that name a secret). `plain_keys` are exempt from the rule about what may be shown. `seal` makes the
    fingerprints for `update_secrets=on_change`.
    """

    name: str | None
    element_key: str | None
    id: int | None = None
    tags: frozenset[str] | None = None
    configuration: Mapping[str, t.Any] = field(default_factory=dict)
    secrets: Mapping[str, t.Any] = field(default_factory=dict, repr=False)
    provider_data: Mapping[str, t.Any] | None = field(default=None, repr=False)
    external_authentication: str | None = None
    enabled: bool | None = None
    update_secrets: str = "on_create"
    update_secrets_given: bool = False
    """Whether the user chose `update_secrets`. Otherwise a warning says that a rotated secret is not noticed."""
    seal: Seal | None = field(default=None, repr=False)
    plain_keys: frozenset[str] = frozenset()
    reauthenticate: bool = False
    verify: bool = False
    verify_wait: bool = False
    present: bool = True

    def __str__(self) -> str:
        """Return the instance in words, as the user calls it."""
        return describe(self.name, self.element_key, self.id)

    def renames(self, instance: Instance) -> bool:
        """Return whether an instance is to be given another name."""
        return self.present and self.name is not None and self.name != instance.name


@dataclass(frozen=True)
class InstanceFilter:
    """Which instances are meant by a question. None, and no tags, let everything pass."""

    id: int | None = None
    name: str | None = None
    element_key: str | None = None
    tags: frozenset[str] = frozenset()

    def matches(self, instance: Instance) -> bool:
        """Return whether an instance passes: exactly this id, name and element key, and all of the tags."""
        return (
            self.id in (None, instance.id)
            and self.name in (None, instance.name)
            and self.element_key in (None, instance.element_key)
            and self.tags <= instance.tags
        )
