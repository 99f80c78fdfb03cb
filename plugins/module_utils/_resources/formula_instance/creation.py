# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what creating a formula instance means: what is sent, how it is found again, what proves that it is ours."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import FormulaInstance
from ..._reconcile.races import alone
from ..comparison import is_verifiable, same_value
from .desired import DesiredFormulaInstance
from .observation import matches_in, matches_of


@dataclass(frozen=True)
class FormulaInstanceCreation:
    """The create of one formula instance.

    Attributes:
        desired: The formula instance to create.
        formula_id: The id of its formula.
        body: Exactly what is sent.
        known_ids: The ids of all instances of the formula that were there before.
    """

    desired: DesiredFormulaInstance
    formula_id: int
    body: Mapping[str, t.Any] = field(repr=False)
    known_ids: frozenset[int]

    kind = "formula instance"
    single_use = False

    def __str__(self) -> str:
        return str(self.desired)

    def send(self, client: Client) -> FormulaInstance:
        """Send the create, and return what the platform stored."""
        return client.formula_instances.create(self.formula_id, self.body)

    def find_lost(self, client: Client, facts: str) -> FormulaInstance | None:
        """Return what a create without an answer made after all, or None if there is none."""
        return alone(self.matches, str(self.desired), client)

    def matches(self, client: Client) -> tuple[FormulaInstance, ...]:
        """Return all instances of the formula that bear the name, the oldest first."""
        return matches_of(self.desired, self.formula_id, client)

    def matches_in(self, listing: Pages[FormulaInstance], client: Client) -> tuple[FormulaInstance, ...]:
        """Return those in a listing of the instances of all formulas."""
        return matches_in(self.desired, self.formula_id, listing, client)

    def read(self, number: int, client: Client) -> FormulaInstance | None:
        """Return the formula instance with an id, or None if there is none."""
        return client.formula_instances.get(number, self.formula_id)

    def delete(self, number: int, client: Client) -> None:
        """Delete the formula instance with an id."""
        client.formula_instances.delete(self.formula_id, number)

    def is_meant(self, stored: FormulaInstance) -> bool:
        """Tell whether a formula instance bears the name."""
        return stored.name == self.desired.name

    def has_content(self, stored: FormulaInstance) -> bool:
        """Tell whether a formula instance is what was sent, apart from its name, as far as it shows. Pure."""
        values = stored.configuration
        sent = self.body["configuration"]
        return values.keys() == sent.keys() and all(
            same_value(value, values[key]) for key, value in sent.items() if is_verifiable(value, values, key)
        )
