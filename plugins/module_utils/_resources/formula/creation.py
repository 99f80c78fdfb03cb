# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what creating a formula means: what is sent, how it is found again, and what proves that it is ours."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import Formula
from ..._reconcile.races import alone
from .desired import describe
from .lookup import own_matches
from .template import Template, differences, normalise


@dataclass(frozen=True)
class FormulaCreation:
    """The create of one formula.

    Attributes:
        name: The name.
        template: What it is to do.
        body: Exactly what is sent.
        names: The names of the formulas that it calls, by their ids as texts.
        known_ids: The ids of all formulas that were there before.
    """

    name: str
    template: Template = field(repr=False)
    body: Mapping[str, t.Any] = field(repr=False)
    names: Mapping[str, str]
    known_ids: frozenset[int]

    kind = "formula"
    single_use = False

    def __str__(self) -> str:
        return describe(self.name)

    def send(self, client: Client) -> Formula:
        """Send the create, and return what the platform stored."""
        stored = client.formulas.create(self.body)
        client.accounts.learn_own(stored.account_id)
        return stored

    def find_lost(self, client: Client, facts: str) -> Formula | None:
        """Return what a create without an answer made after all, or None if there is none."""
        match = alone(self.matches, str(self), client)
        return None if match is None else client.formulas.get(match.id) or match

    def matches(self, client: Client) -> tuple[Formula, ...]:
        """Return all formulas of the own account that bear the name, the oldest first."""
        return self.matches_in(client.formulas.list(), client)

    def matches_in(self, listing: Pages[Formula], client: Client) -> tuple[Formula, ...]:
        """Return those in a listing of all formulas."""
        return own_matches(self.name, listing, client)

    def read(self, number: int, client: Client) -> Formula | None:
        """Return the formula with an id, or None if there is none."""
        return client.formulas.get(number)

    def delete(self, number: int, client: Client) -> None:
        """Delete the formula with an id."""
        client.formulas.delete(number)

    def is_meant(self, stored: Formula) -> bool:
        """Tell whether a formula bears the name."""
        return stored.name == self.name

    def has_content(self, stored: Formula) -> bool:
        """Tell whether a formula is what was sent, apart from its name. Pure."""
        return not differences(self.template, normalise(stored.definition, self.names))
