# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plug formulas into the engine."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator, Sequence

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import Formula
from ..._reconcile.engine import Observer, PlainResource, unsettled
from ..._reconcile.phases import Applied, Failed, Item, Parsed, Planned
from ..._reconcile.renames import Rename
from ..._reconcile.settlement import Named, own_create, settle_each
from ..._reconcile.steps import AlreadySent
from ..._reconcile.workers import Workers
from ..kept_values import refuse_unknown
from .desired import DesiredFormula
from .executor import FormulaExecutor
from .lookup import own_matches
from .observation import FormulaObserver, OwnFormulaReads
from .plan import Create, FormulaStep, Observed, Replace, State, known, plan
from .template import masked_in, normalise

Result: t.TypeAlias = Applied[DesiredFormula, Observed] | Failed[DesiredFormula, Observed]


class FormulaResource(PlainResource):
    """Formulas, as the engine sees them.

    Args:
        observer: Observes them. By default, each by its own requests.
    """

    def __init__(self, observer: FormulaObserver | None = None) -> None:
        self._observer = observer or FormulaObserver()

    def observer(
        self, parsed: Sequence[Parsed[DesiredFormula]], workers: Workers
    ) -> Observer[DesiredFormula, Observed]:
        """Return what observes each formula."""
        return self._observer

    def steps(
        self, desired: DesiredFormula, observed: Observed | None, already_sent: AlreadySent
    ) -> tuple[FormulaStep, ...]:
        """Return the steps from what is observed to what is desired. Pure."""
        return plan(desired, known(observed))

    def check(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return the items of a plan, those as failed that would write a mask.

        Those that write to a formula whose account may not be the own one get a warning.
        """
        checked = refuse_unknown(items, _masked, check_mode=workers.run.check_mode)
        return [_with_warning(item, workers.run.client) for item in checked]

    def executor(self, planned: Planned[DesiredFormula, Observed], baseline: t.Any, client: Client) -> FormulaExecutor:
        """Return what sends the steps of an item to the platform."""
        return FormulaExecutor(planned.desired, client)

    def notes(self, result: Applied[DesiredFormula, Observed]) -> tuple[str, ...]:
        """Return a warning if the platform does not take what it is sent."""
        return unsettled(self, result)

    def settle(self, items: Sequence[Item], baseline: t.Any, workers: Workers) -> list[Item]:
        """Return the items after making sure that each name that this run gave is there once."""

        def observe(theirs: Formula, item: Result, _client: Client) -> Observed:
            before = known(None if item.planned is None else item.planned.observed)
            names = {str(number): name for name, number in before.ids.items()}
            return before.holding(State(theirs.id, theirs.name, theirs.active, normalise(theirs.definition, names)))

        return settle_each(self, items, _named, OwnFormulaReads().formulas, observe, baseline, workers)


def _with_warning(item: Item, client: Client) -> Item:
    if not isinstance(item, Planned) or not item.steps or item.desired.id is not None:
        return item
    observed = known(item.observed)
    if observed.formula is None or observed.account_id is None or client.accounts.own_is_certain():
        return item
    unknown = client.accounts.own_id() is None
    why = "does not tell" if unknown else "lists several accounts, of which the default one was taken for"
    warning = (
        f"The {item.desired} belongs to the account {observed.account_id}, and was taken for yours by its name: the "
        f"platform {why} the account of user_secret. Give its id, which is {observed.formula.id}, to be certain."
    )
    return dataclasses.replace(item, warnings=(*item.warnings, warning))


def _masked(planned: Planned[DesiredFormula, Observed]) -> Iterator[str]:
    for step in planned.steps:
        if isinstance(step, (Create, Replace)):
            yield from masked_in(step.template)


def _named(item: Result) -> Named | None:
    """Return the name that this run gave to a formula, by a create or a rename, or None."""
    before = None if item.planned is None else known(item.planned.observed).formula
    if before is None:
        return own_create(item)
    after = known(item.observed).formula
    if after is None or after.name == before.name:
        return None
    name = after.name

    def matches_in(listing: Pages[Formula], client: Client) -> tuple[Formula, ...]:
        return own_matches(name, listing, client)

    def matches(client: Client) -> tuple[Formula, ...]:
        return matches_in(client.formulas.list(), client)

    return Rename(before.id, name, "formula", "", matches, matches_in)
