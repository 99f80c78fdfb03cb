# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own formula instances as the user wants them, and the one way to say one in words. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._core.text import quote
from ..._secrets.redaction import MASK
from ..instance.desired import describe as describe_instance


@dataclass(frozen=True)
class InstanceReference:
    """An element instance, by what is the same in every account."""

    element_key: str
    name: str

    def __str__(self) -> str:
        """Return the element instance in words."""
        return describe_instance(self.name, self.element_key)


def describe(name: str | None, formula: str | None = None, number: int | None = None) -> str:
    """Return a formula instance in words, as far as it is known: `formula instance 'nightly' of formula 'sync'`."""
    words = ["formula instance"]
    if name is not None:
        words.append(quote(name))
    if formula is not None:
        words.append(f"of formula {quote(formula)}")
    if number is not None:
        words.append(f"with id {number}")
    return " ".join(words)


@dataclass(frozen=True)
class DesiredFormulaInstance:
    """A formula instance as the user wants it. None means: leave it alone.

    Attributes:
        name: The name.
        formula: The name of its formula.
        formula_id: The id of its formula.
        id: Its own id.
        configuration: The values of variables that are compared. An `InstanceReference` means an element instance. A
            null value removes the variable.
        secrets: The values of variables that are not shown. A mask keeps the value that is there.
        settings: The settings, merged by key. A null value removes one.
        active: Whether it runs. None leaves an existing one alone, and lets a new one run.
        update_secrets: Whether secrets are sent to one that exists although the platform masks the stored ones.
        update_secrets_given: Whether the user chose that.
        plain_keys: The keys that the user exempts from the rule about what may be shown.
        present: Whether it is to be there.
    """

    name: str | None
    formula: str | None = None
    formula_id: int | None = None
    id: int | None = None
    configuration: Mapping[str, t.Any] = field(default_factory=dict)
    secrets: Mapping[str, t.Any] = field(default_factory=dict, repr=False)
    settings: Mapping[str, t.Any] = field(default_factory=dict, repr=False)
    active: bool | None = None
    update_secrets: str = "on_create"
    update_secrets_given: bool = False
    plain_keys: frozenset[str] = frozenset()
    present: bool = True

    def __str__(self) -> str:
        """Return the formula instance in words, as the user calls it."""
        formula = self.formula
        words = describe(self.name, formula, self.id)
        return (
            words
            if formula is not None or self.formula_id is None
            else f"{words} of the formula with id {self.formula_id}"
        )

    @property
    def known_secrets(self) -> dict[str, t.Any]:
        """The secrets but for those that keep their values."""
        return {key: value for key, value in self.secrets.items() if value != MASK}

    @property
    def references(self) -> tuple[InstanceReference, ...]:
        """The element instances that its configuration names."""
        return tuple(value for value in self.configuration.values() if isinstance(value, InstanceReference))
