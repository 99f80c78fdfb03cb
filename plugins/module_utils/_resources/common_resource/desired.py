# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own common resources as the user wants them, and the one way to say one in words. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._api.common_resource_models import ACCOUNT, INSTANCE, Field, MappedField, Script
from ..._core.text import quote
from ..instance.desired import describe as describe_instance


@dataclass(frozen=True)
class OwnerReference:
    """The element instance that a level is about, by its id, or by what is the same in every account."""

    element_key: str | None = None
    name: str | None = None
    id: int | None = None

    def __str__(self) -> str:
        """Return the element instance in words."""
        return describe_instance(self.name, self.element_key, self.id)


@dataclass(frozen=True)
class Level:
    """A level as the user names it.

    Attributes:
        name: One of `LEVELS`.
        account_id: The account, if it is another one than the caller's may be.
        instance: The element instance, at level instance.
    """

    name: str = ACCOUNT
    account_id: int | None = None
    instance: OwnerReference | None = None

    def __str__(self) -> str:
        """Return the level in words."""
        if self.name == INSTANCE:
            return f"at the {self.instance}"
        return f"at level {self.name}" if self.account_id is None else f"of the account with id {self.account_id}"


@dataclass(frozen=True)
class DesiredMapping:
    """A mapping to one element as the user wants it. None means: leave it alone. A script without body means none.

    Attributes:
        element_key: The key of the element.
        vendor_name: The name of the element's resource.
        fields: All fields.
        configuration: What else is done to objects, all of it.
        script: The script.
        is_legacy: Whether the script runs on the old engine.
        present: Whether the mapping is to be there.
    """

    element_key: str
    vendor_name: str | None = None
    fields: tuple[MappedField, ...] | None = None
    configuration: tuple[Mapping[str, t.Any], ...] | None = field(default=None, repr=False)
    script: Script | None = field(default=None, repr=False)
    is_legacy: bool | None = None
    present: bool = True


@dataclass(frozen=True)
class DesiredCommonResource:
    """A common resource as the user wants it. None means: leave it alone.

    Attributes:
        name: The name.
        level: Where it is.
        description: What it is for.
        fields: All fields of this level.
        mappings: The mappings to elements.
        purge: Whether mappings to other elements go.
        present: Whether it is to be there.
    """

    name: str
    level: Level = Level()
    description: str | None = None
    fields: tuple[Field, ...] | None = None
    mappings: tuple[DesiredMapping, ...] = ()
    purge: bool = False
    present: bool = True

    def __str__(self) -> str:
        """Return the common resource in words, as the user calls it."""
        return f"{describe(self.name)} {self.level}"

    @property
    def has_words(self) -> bool:
        """Whether the user gives what only one of the engines keeps: a description or display names."""
        return self.description is not None or any(each.display_name is not None for each in self.fields or ())


def describe(name: str) -> str:
    """Return a common resource in words."""
    return f"common resource {quote(name)}"
