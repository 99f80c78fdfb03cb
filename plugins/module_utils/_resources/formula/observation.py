# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observe formulas: what is there under their names, the formulas that they call, and what uses them."""

from __future__ import annotations

import typing as t
from collections.abc import Collection

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import Formula, FormulaInstance, Variable
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import did_you_mean, quote
from ..._reconcile.races import RELIST_AFTER, ambiguous
from ..pending import NOT_YET
from .desired import DesiredFormula, describe
from .lookup import own_matches
from .plan import Observed, State
from .template import called_ids, normalise


class FormulaReads(t.Protocol):
    """Reads what observing formulas needs."""

    def formulas(self, client: Client) -> Pages[Formula]:
        """Return all formulas that the user sees. They may lack their steps."""

    def whole(self, row: Formula, client: Client) -> Formula | None:
        """Return a listed formula with its steps, or None if it is gone."""

    def whole_formulas(self, client: Client) -> Pages[Formula]:
        """Return all formulas that the user sees, with their steps."""

    def instances(self, client: Client) -> Pages[FormulaInstance]:
        """Return the instances of all formulas."""


class OwnFormulaReads:
    """Reads for each formula anew. For one formula, these are the smallest requests."""

    def formulas(self, client: Client) -> Pages[Formula]:
        """Return all formulas that the user sees, without their steps."""
        return client.formulas.list()

    def whole(self, row: Formula, client: Client) -> Formula | None:
        """Return a listed formula with its steps, or None if it is gone."""
        return client.formulas.get(row.id)

    def whole_formulas(self, client: Client) -> Pages[Formula]:
        """Return all formulas that the user sees, with their steps."""
        return client.formulas.list(abridged=False)

    def instances(self, client: Client) -> Pages[FormulaInstance]:
        """Return the instances of all formulas."""
        return client.formula_instances.list()


class FormulaObserver:
    """Observes formulas.

    Args:
        reads: Reads what the platform has.
        upcoming: The names of formulas that this run creates, so that steps may call them.
        leaving: The ids of formula instances that this run removes before any formula.
        removed: The names of formulas that this run removes.
    """

    def __init__(
        self,
        reads: FormulaReads | None = None,
        upcoming: Collection[str] = (),
        leaving: Collection[int | None] = (),
        removed: Collection[str] = (),
    ) -> None:
        self._reads: FormulaReads = reads or OwnFormulaReads()
        self._upcoming = upcoming
        self._leaving = leaving
        self._removed = removed

    def observe(self, desired: DesiredFormula, client: Client) -> Observed:
        """Return what is there of all that a formula is about.

        Raises:
            CloudElementsError: `ambiguous` if there are two of one name. `not_found` if a formula that it calls does
                not exist.
        """
        pages, match = _find(desired, self._reads.formulas(client), client)
        whole = None if match is None else self._reads.whole(match, client)
        state = None if whole is None else state_of(whole, pages)
        ids = _called(desired, pages, self._upcoming, client) if desired.present else {}
        users = self._users(desired, whole, client) if whole and _may_be_in_the_way(desired, state) else ()
        callers = self._callers(whole, client) if whole and not desired.present else ()
        return Observed(
            state,
            ids,
            users,
            callers=tuple(name for name in callers if name not in self._removed),
            leaving_callers=tuple(name for name in callers if name in self._removed),
            known_ids=frozenset(row.id for row in pages.rows),
            account_id=None if match is None else match.account_id,
        )

    def _callers(self, formula: Formula, client: Client) -> tuple[str, ...]:
        """Return the names of the other formulas that call one."""
        called = str(formula.id)
        rows = self._reads.whole_formulas(client).rows
        return tuple(row.name for row in rows if row.id != formula.id and called in called_ids(row.definition))

    def _users(self, desired: DesiredFormula, formula: Formula, client: Client) -> tuple[str, ...]:
        leaving = () if desired.present else self._leaving
        rows = self._reads.instances(client).rows
        return tuple(
            f"{quote(row.name)} (id {row.id})" for row in rows if row.formula_id == formula.id and row.id not in leaving
        )


def state_of(formula: Formula, pages: Pages[Formula]) -> State:
    """Return a formula in terms of names.

    Args:
        formula: The whole formula.
        pages: All formulas, which tell the names of those that it calls. One of another account stays an id: the same
            name means another formula in the own account.
    """
    rows = [row for row in pages.rows if formula.account_id in (None, row.account_id) or row.account_id is None]
    names = {str(row.id): row.name for row in rows}
    return State(formula.id, formula.name, formula.active, normalise(formula.definition, names))


def as_formula(state: State) -> Formula:
    """Return a formula as its instances see it. The id of one that is still to be created is `NOT_YET`."""
    variables = (
        Variable(key, each["name"], each["type"] == "elementInstance", each["required"])
        for key, each in state.template.variables.items()
    )
    return Formula(state.id or NOT_YET, state.name, active=state.active, variables=tuple(variables))


def _find(desired: DesiredFormula, pages: Pages[Formula], client: Client) -> tuple[Pages[Formula], Formula | None]:
    """Return all formulas, and the one that is meant. The id decides alone; without it, the exact name does."""
    if desired.id is not None:
        if desired.present and desired.name is not None:
            _refuse_taken(desired, pages, client)
        return pages, next((row for row in pages.rows if row.id == desired.id), None) or client.formulas.get(desired.id)
    matches = own_matches(desired.name or "", pages, client)
    for wait in RELIST_AFTER:
        if len(matches) < 2:
            break
        client.budget.wait(wait, f"The {desired} is there more than once.")
        pages = client.formulas.list()
        matches = own_matches(desired.name or "", pages, client)
    if len(matches) > 1:
        raise ambiguous(str(desired), matches)
    return pages, matches[0] if matches else None


def _refuse_taken(desired: DesiredFormula, pages: Pages[Formula], client: Client) -> None:
    """Raise `ambiguous` if another formula has the name that one is to be given."""
    taken = [row for row in own_matches(desired.name or "", pages, client) if row.id != desired.id]
    if taken:
        raise CloudElementsError(
            ErrorKind.AMBIGUOUS,
            f"The formula with id {desired.id} cannot be called {quote(desired.name)}: the formula with id "
            f"{taken[0].id} has that name, and nobody could tell them apart by it any more.",
        )


def _called(
    desired: DesiredFormula, pages: Pages[Formula], upcoming: Collection[str], client: Client
) -> dict[str, int]:
    """Return the ids of the formulas that the steps of a formula call, but for those that are still to be created."""
    ids: dict[str, int] = {}
    for step, name in (desired.template.called if desired.template else {}).items():
        matches = own_matches(name, pages, client, strict=False)
        if len(matches) > 1:
            raise ambiguous(describe(name), matches)
        if not matches and name in upcoming:
            continue
        if not matches:
            raise CloudElementsError(
                ErrorKind.NOT_FOUND,
                f"The {describe(name)}, which the step {quote(step)} calls, does not exist."
                f"{did_you_mean(name, [row.name for row in pages.rows])} Create it first.",
            )
        ids[name] = matches[0].id
    return ids


def _may_be_in_the_way(desired: DesiredFormula, state: State | None) -> bool:
    """Tell whether formula instances keep a formula from what is desired: from going, or from losing a variable."""
    if not desired.present:
        return True
    template = desired.template
    return template is not None and state is not None and bool(state.template.variables.keys() - template.variables)
