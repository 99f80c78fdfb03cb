# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plug formula instances into the engine."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Sequence

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import FormulaInstance
from ..._reconcile.engine import Observer, PlainResource, unsettled
from ..._reconcile.phases import Applied, Failed, Item, Parsed, Planned
from ..._reconcile.renames import Rename
from ..._reconcile.settlement import Named, own_create, settle_each
from ..._reconcile.steps import AlreadySent
from ..._reconcile.workers import Workers
from ..kept_values import refuse_unknown
from .desired import DesiredFormulaInstance
from .executor import FormulaInstanceExecutor
from .observation import FormulaInstanceObserver, OwnFormulaInstanceReads, matches_in, matches_of
from .plan import FormulaInstanceStep, Observed, known, masked_in, plan

Result: t.TypeAlias = Applied[DesiredFormulaInstance, Observed] | Failed[DesiredFormulaInstance, Observed]


class FormulaInstanceResource(PlainResource):
    """Formula instances, as the engine sees them.

    Args:
        observer: Observes them. By default, each by its own requests.
    """

    def __init__(self, observer: FormulaInstanceObserver | None = None) -> None:
        self._observer = observer or FormulaInstanceObserver()

    def observer(
        self, parsed: Sequence[Parsed[DesiredFormulaInstance]], workers: Workers
    ) -> Observer[DesiredFormulaInstance, Observed]:
        """Return what observes each formula instance."""
        return self._observer

    def steps(
        self, desired: DesiredFormulaInstance, observed: Observed | None, already_sent: AlreadySent
    ) -> tuple[FormulaInstanceStep, ...]:
        """Return the steps from what is observed to what is desired. Pure."""
        return plan(desired, known(observed), already_sent)

    def check(self, items: Sequence[Item], workers: Workers) -> list[Item]:
        """Return the items of a plan, those as failed that would write a mask."""
        return refuse_unknown(
            items, lambda planned: masked_in(planned.desired, planned.steps), check_mode=workers.run.check_mode
        )

    def executor(
        self, planned: Planned[DesiredFormulaInstance, Observed], baseline: t.Any, client: Client
    ) -> FormulaInstanceExecutor:
        """Return what sends the steps of an item to the platform."""
        return FormulaInstanceExecutor(planned.desired, client)

    def notes(self, result: Applied[DesiredFormulaInstance, Observed]) -> tuple[str, ...]:
        """Return a warning if the platform does not take what it is sent."""
        return unsettled(self, result)

    def settle(self, items: Sequence[Item], baseline: t.Any, workers: Workers) -> list[Item]:
        """Return the items after making sure that each name that this run gave is there once."""

        def observe(theirs: FormulaInstance, item: Result, _client: Client) -> Observed:
            return known(None if item.planned is None else item.planned.observed).holding(theirs)

        list_all = OwnFormulaInstanceReads().instances
        return settle_each(self, items, _named, list_all, observe, baseline, workers)


def _named(item: Result) -> Named | None:
    """Return the name that this run gave to a formula instance, by a create or a rename, or None."""
    before = None if item.planned is None else known(item.planned.observed).instance
    if item.planned is None or before is None:
        return own_create(item)
    after = known(item.observed).instance
    if after is None or after.name in (None, before.name):
        return None
    wanted, formula_id = dataclasses.replace(item.planned.desired, name=after.name), before.formula_id or 0

    def found_in(listing: Pages[FormulaInstance], client: Client) -> tuple[FormulaInstance, ...]:
        return matches_in(wanted, formula_id, listing, client)

    def matches(client: Client) -> tuple[FormulaInstance, ...]:
        return matches_of(wanted, formula_id, client)

    return Rename(before.id, after.name, "formula instance", " of the same formula", matches, found_in)
