# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what became of an account when its task ends, whether all was done or not. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Sequence

from .._api.run import Run
from .._core.errors import CloudElementsError, ErrorKind, PartialError
from .._core.text import counted, listed
from .._reconcile.phases import Applied, Failed, Item
from .._reconcile.plan_summary import (
    FAILED,
    SKIPPED,
    UNCHANGED,
    PlanSummary,
    SummaryEntry,
    entry_of,
    failed_entry,
)
from .._reconcile.reviewed_plan import ReviewedPlan
from .._resources.instance.fleet_result import pruned_entries, pruned_rows, tokens_of
from .._resources.instance.fleet_result import row_of as instance_row
from .._resources.instance.fleet_result import subject_of as instance_subject
from .._resources.kinds import CALLED, INSTANCES, KINDS
from .._secrets.redaction import Redactor
from .applying import AccountOutcome
from .changes import diff_of, id_of
from .identity import Slot, desired_of, names_of
from .references import in_words


def account_result(outcome: AccountOutcome, reviewed: ReviewedPlan, run: Run) -> dict[str, t.Any]:
    """Return the result of the task.

    Args:
        outcome: What became of the account.
        reviewed: What pins the plan.
        run: The run.

    Raises:
        PartialError: An item failed, or the run ended early. It holds the result.
    """
    summaries = {kind: _summary(kind, outcome, run) for kind in KINDS}
    result = _result(outcome, reviewed, summaries, run)
    error = _error(outcome, check_mode=run.check_mode)
    if error is None:
        return result
    if run.diff_mode:  # Ansible shows no difference of a task that failed.
        shown = "\n".join(_lines(summaries, (FAILED, SKIPPED)))
        error = error.but(f"{error.message}\n{shown}")
    raise PartialError(error, result)


def _result(
    outcome: AccountOutcome, reviewed: ReviewedPlan, summaries: dict[str, PlanSummary], run: Run
) -> dict[str, t.Any]:
    rows: dict[str, list[dict[str, t.Any]]] = {kind: [] for kind in KINDS}
    for slot, item in outcome.items.items():
        rows[slot[0]].append(_row(slot, item))
    pruned = pruned_rows(outcome.pruned)
    result = {
        "changed": any(row["changed"] for each in rows.values() for row in each) or bool(pruned),
        **rows,
        "tokens": tokens_of(rows[INSTANCES]),
        "pruned": pruned,
        "plan": {
            "base_url": run.connection.base_url,
            "lines": [line for summary in summaries.values() for line in summary.lines],
            "summary": _sentence(summaries),
            "counts": {kind: summary.counts for kind, summary in summaries.items()},
            **reviewed.as_result(),
        },
        "summary": {kind: _counts(rows[kind], len(pruned) if kind == INSTANCES else 0) for kind in KINDS},
    }
    return {**result, "diff": _diff(outcome, summaries, run)} if run.diff_mode else result


def _row(slot: Slot, item: Item) -> dict[str, t.Any]:
    entry = _entry(slot, item)
    if slot[0] == INSTANCES:
        return instance_row(item, entry)
    error = item.error if isinstance(item, Failed) else None
    steps = item.steps if isinstance(item, (Applied, Failed)) else ()
    after = item.observed if isinstance(item, (Applied, Failed)) else None
    planned = item.planned if isinstance(item, (Applied, Failed)) else None
    before = None if planned is None else planned.observed
    told = names_of(slot, item).as_result()
    names = {key: value for key, value in told.items() if key != "kind" and value is not None}
    return {
        **names,
        "id": id_of(slot[0], after) or id_of(slot[0], before),
        "action": entry.action,
        "changed": bool(steps),
        "actions": [step.action for step in steps],
        "error": None if error is None else {"message": error.message, **error.as_result()},
    }


def _entry(slot: Slot, item: Item) -> SummaryEntry:
    if isinstance(item, Failed):
        return failed_entry(_subject(slot, item), item.error, item.steps)
    return entry_of(_subject(slot, item), item.planned.steps if isinstance(item, Applied) else ())


def _subject(slot: Slot, item: Item) -> str:
    if slot[0] == INSTANCES:
        return instance_subject(item)
    desired = desired_of(item)
    return in_words(names_of(slot, item)).removeprefix("the ") if desired is None else str(desired)


def _summary(kind: str, outcome: AccountOutcome, run: Run) -> PlanSummary:
    """Return the plan for one kind: what was planned for each item, in both modes, and what failed."""
    entries = [_entry(slot, item) for slot, item in outcome.items.items() if slot[0] == kind]
    entries += pruned_entries(outcome.pruned if kind == INSTANCES else ())
    return PlanSummary(entries, run.connection.base_url, CALLED[kind])


def _sentence(summaries: dict[str, PlanSummary]) -> str:
    """Return the counts of all kinds that have items, as one sentence."""
    parts = [summary.summary for summary in summaries.values() if summary.entries]
    return "; ".join(parts) or "nothing to do"


def _lines(summaries: dict[str, PlanSummary], without: Iterable[str] = ()) -> list[str]:
    """Return the lines of all kinds, and last what they sum up to."""
    entries = (entry for summary in summaries.values() for entry in summary.entries)
    lines = [entry.line for entry in entries if entry.action not in (UNCHANGED, *without)]
    base_url = next(iter(summaries.values())).base_url
    return [*lines, f"At {base_url}: {_sentence(summaries)}"]


def _diff(outcome: AccountOutcome, summaries: dict[str, PlanSummary], run: Run) -> list[dict[str, t.Any]]:
    """Return each resource that changes, before and after, and at the end, where it stays on the screen, the plan."""
    redactor = Redactor(run.known_secrets)
    items = [*outcome.items.items(), *(((INSTANCES, -1), item) for item in outcome.pruned)]
    shown: list[dict[str, t.Any]] = []
    for slot, item in items:
        if isinstance(item, (Applied, Failed)) and item.planned is not None and item.steps:
            subject = _subject(slot, item)
            headers = {"before_header": subject, "after_header": subject}
            shown.append({**headers, **diff_of(slot[0], item.planned, redactor)})
    text = "\n".join(_lines(summaries))
    return [*shown, {"prepared": f"{text}\n"}]


def _counts(rows: Sequence[dict[str, t.Any]], pruned: int) -> dict[str, int]:
    actions = [row["action"] for row in rows]
    known = {
        "created": actions.count("create"),
        "removed": actions.count("remove"),
        "unchanged": actions.count(UNCHANGED),
        "failed": actions.count(FAILED),
        "skipped": actions.count(SKIPPED),
    }
    return {"total": len(rows), "changed": len(rows) - sum(known.values()), **known, "pruned": pruned}


def _error(outcome: AccountOutcome, *, check_mode: bool) -> CloudElementsError | None:
    if outcome.error is not None:
        return outcome.error
    failures = [item for item in outcome.items.values() if isinstance(item, Failed)]
    if failures:
        first = next(item for item in failures if item.error.kind is not ErrorKind.SKIPPED)
        reasons = listed((f"{item.entry.label}: {item.error.message}" for item in failures), "\n")
        skipped = sum(item.error.kind is ErrorKind.SKIPPED for item in failures)
        failing = f"{len(failures) - skipped} of {counted(len(outcome.items), 'resource')}"
        left = f", and {skipped} that need them {'would be' if check_mode else 'were'} skipped" if skipped else ""
        others = "" if check_mode or len(failures) == len(outcome.items) else ". All others were done"
        return first.error.but(f"{failing} {'would fail' if check_mode else 'failed'}{left}{others}.\n{reasons}")
    unpruned = [item for item in outcome.pruned if isinstance(item, Failed)]
    if unpruned:
        done = "" if check_mode else "All resources were done, but not all could be pruned. "
        return unpruned[0].error.within(
            f"{done or 'Not all could be pruned. '}The {instance_subject(unpruned[0])} stays."
        )
    return None
