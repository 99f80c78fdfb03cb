# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what became of a fleet when its task ends, whether all was done or not. Pure."""

from __future__ import annotations

import functools
import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..._api.models import Instance
from ..._api.run import Run
from ..._core.errors import CloudElementsError, PartialError
from ..._core.text import counted, listed
from ..._reconcile.phases import Applied, Failed, Item, Planned
from ..._reconcile.plan_summary import (
    PRUNE,
    UNCHANGED,
    PlanSummary,
    SummaryEntry,
    action_of,
    entry_of,
    failed_entry,
)
from ..._reconcile.reviewed_plan import PlannedChange, ReviewedPlan
from ..kinds import INSTANCES, Names
from .desired import DesiredInstance, describe
from .plan import diff


@dataclass(frozen=True)
class FleetOutcome:
    """What became of a fleet.

    Attributes:
        items: The items in the order given.
        pruned: What was to be pruned: applied, failed, or still planned if it was left alone.
        error: What ended the run before it was through. None if nothing did.
    """

    items: Sequence[Item]
    pruned: Sequence[Item]
    error: CloudElementsError | None = None


def fleet_result(fleet: FleetOutcome, reviewed: ReviewedPlan, run: Run) -> dict[str, t.Any]:
    """Return the result of the task.

    Args:
        fleet: What became of the fleet.
        reviewed: What pins the plan.
        run: The run.

    Raises:
        PartialError: An item failed, or the run ended early. It holds the result.
    """
    summary = _plan_summary(fleet, run.connection.base_url)
    result = _result(fleet, summary, reviewed, with_diff=run.diff_mode)
    error = _error(fleet, check_mode=run.check_mode)
    if error is None:
        return result
    if run.diff_mode:  # Ansible shows no difference of a task that failed.
        error = error.but(f"{error.message}\n{summary.without_failures}")
    raise PartialError(error, result)


def _error(fleet: FleetOutcome, *, check_mode: bool) -> CloudElementsError | None:
    if fleet.error is not None:
        return fleet.error
    failures = [item for item in fleet.items if isinstance(item, Failed)]
    if failures:
        reasons = listed((f"{item.entry.label}: {item.error.message}" for item in failures), "\n")
        failing = f"{len(failures)} of {counted(len(fleet.items), 'instance')}"
        others = ", all others were done" if len(failures) < len(fleet.items) else ""
        outcome = f"{failing} would fail" if check_mode else f"{failing} failed{others}"
        return failures[0].error.but(f"{outcome}.\n{reasons}")
    unpruned = [item for item in fleet.pruned if isinstance(item, Failed)]
    if unpruned:
        done = "" if check_mode else "All instances were done, but not all could be pruned. "
        outcome = done or "Not all could be pruned. "
        return unpruned[0].error.within(f"{outcome}The {subject_of(unpruned[0])} stays.")
    return None


def _result(fleet: FleetOutcome, summary: PlanSummary, reviewed: ReviewedPlan, *, with_diff: bool) -> dict[str, t.Any]:
    """Return what is told of a fleet: every item in the order given, the tokens, the plan, and a summary.

    The difference is there only if it is asked for: of a large fleet it is most of the result.
    """
    rows = [row_of(item, entry) for item, entry in zip(fleet.items, summary.entries, strict=False)]
    gone = pruned_rows(fleet.pruned)
    result = {
        "changed": any(row["changed"] for row in rows) or bool(gone),
        "instances": rows,
        "tokens": tokens_of(rows),
        "pruned": gone,
        "plan": {**summary.as_result(), **reviewed.as_result()},
        "summary": {**_counts(fleet.items), "pruned": len(gone)},
    }
    return {**result, "diff": _diff(fleet, summary)} if with_diff else result


def tokens_of(rows: Iterable[Mapping[str, t.Any]]) -> dict[str, dict[str, str]]:
    """Return the tokens in rows of instances, by element and name."""
    tokens: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["token"] is not None:
            tokens.setdefault(row["element_key"], {})[row["name"]] = row["token"]
    return tokens


def pruned_rows(items: Iterable[Item]) -> list[dict[str, t.Any]]:
    """Return the instances that were pruned, as results name them."""
    pruned = [_observed(item) for item in items if isinstance(item, Applied)]
    return [{"id": one.id, "name": one.name, "element_key": one.element_key} for one in pruned if one is not None]


def pruned_entries(items: Iterable[Item]) -> Iterator[SummaryEntry]:
    """Yield what a summary says of instances that were, or would be, pruned."""
    for item in items:
        if isinstance(item, Failed):
            yield failed_entry(subject_of(item), item.error)
        elif isinstance(item, Applied):
            yield SummaryEntry(PRUNE, subject_of(item))


def changes_of(items: Iterable[Item], pruned: Iterable[Item]) -> list[PlannedChange]:
    """Return what is planned for the instances that do not stay as they are.

    Args:
        items: The planned items.
        pruned: The instances that are planned to be pruned.
    """
    planned = [(item, action_of(item.steps)) for item in items if isinstance(item, Planned) and item.steps]
    planned += [(item, PRUNE) for item in pruned if isinstance(item, Planned)]
    return [_change(item, action) for item, action in planned]


def _change(planned: Planned[DesiredInstance, Instance], action: str) -> PlannedChange:
    before = planned.observed
    known = before or planned.predicted
    names = Names(INSTANCES, known.name if known else None, known.element_key if known else None)
    actions = tuple(step.action for step in planned.steps)
    show = functools.partial(diff, planned.desired, before, planned.predicted, planned.steps)
    return PlannedChange(names.as_result(), before.id if before else None, action, actions, show)


def _plan_summary(fleet: FleetOutcome, base_url: str) -> PlanSummary:
    """Return the plan for people: what was planned for each item, in both modes, and what failed."""
    return PlanSummary([*map(_entry, fleet.items), *pruned_entries(fleet.pruned)], base_url)


def _entry(item: Item) -> SummaryEntry:
    if isinstance(item, Failed):
        return failed_entry(subject_of(item), item.error, item.steps)
    return entry_of(subject_of(item), item.planned.steps if isinstance(item, Applied) else ())


def _planned(item: Item) -> Planned[DesiredInstance, Instance] | None:
    return item.planned if isinstance(item, (Applied, Failed)) else None


def _observed(item: Item) -> Instance | None:
    """Return the instance of an item as it was before."""
    planned = _planned(item)
    return planned.observed if planned is not None else None


def subject_of(item: Item) -> str:
    """Return the instance of an item in words: as it was there before, or else as the options have it."""
    before = _observed(item)
    if before is not None:
        return describe(before.name, before.element_key, before.id)
    options = item.entry.options
    return describe(options.get("name"), options.get("element_key"), options.get("id"))


def _diff(fleet: FleetOutcome, summary: PlanSummary) -> list[dict[str, t.Any]]:
    """Return each instance that changes, before and after, and at the end, where it stays on the screen, the plan."""
    shown: list[dict[str, t.Any]] = []
    for item in (*fleet.items, *fleet.pruned):
        planned = _planned(item)
        if planned is not None and isinstance(item, (Applied, Failed)) and item.steps:
            headers = {"before_header": subject_of(item), "after_header": subject_of(item)}
            changes = diff(planned.desired, planned.observed, planned.predicted, planned.steps)
            shown.append({**headers, **changes})
    return [*shown, {"prepared": f"{summary.text}\n"}]


def row_of(item: Item, entry: SummaryEntry) -> dict[str, t.Any]:
    """Return the row of the result for an item. It has the same keys whatever became of it.

    Args:
        item: The item at the end of the run.
        entry: What the summary says of it.
    """
    error = item.error if isinstance(item, Failed) else None
    after = item.observed if isinstance(item, (Applied, Failed)) else None
    steps = item.steps if isinstance(item, (Applied, Failed)) else ()
    known = after or _observed(item)
    options = item.entry.options
    return {
        "name": known.name if known else options.get("name"),
        "element_key": known.element_key if known else options.get("element_key"),
        "id": known.id if known else options.get("id"),
        "token": after.token if after and error is None else None,
        "action": entry.action,
        "changed": bool(steps),
        "actions": [step.action for step in steps],
        "error": None if error is None else {"message": error.message, **error.as_result()},
    }


def _counts(items: Sequence[Item]) -> dict[str, int]:
    actions = [_entry(item).action for item in items if not isinstance(item, Failed)]
    failures = len(items) - len(actions)
    created, removed, unchanged = (actions.count(action) for action in ("create", "remove", UNCHANGED))
    return {
        "total": len(items),
        "created": created,
        "changed": len(actions) - created - removed - unchanged,
        "removed": removed,
        "unchanged": unchanged,
        "failed": failures,
    }
