# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What is told of a fleet when its task ends, whether all was done or not. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Sequence

from ..._api.models import Instance
from ..._core.errors import CloudElementsError, PartialError
from ..._core.text import counted
from ..._reconcile.plan_summary import PRUNE, Entry, Outline, entry_of, failed, label
from .fleet_entries import Item
from .job import Job

_LONGEST_LIST = 10
"""Items that a message names at most."""


def result_of(
    items: Sequence[Item], condemned: Sequence[Item], *, with_diff: bool, base_url: str, check_mode: bool = False
) -> dict[str, t.Any]:
    """Return the task's result, or raise L(PartialError) with it where an item failed.

    In: the items in the order given; those that were to be pruned; whether the difference is asked for; the platform
    that the plan is for; and whether nothing was written.
    """
    errors = [(item, item.error) for item in items if item.error is not None]
    if not errors:
        return _told(items, condemned, with_diff=with_diff, base_url=base_url)
    _item, first = errors[0]
    reasons = listed((f"{item.label}: {error.message}" for item, error in errors), "\n")
    failing = f"{len(errors)} of {counted(len(items), 'instance')}"
    others = ", all others were done" if len(errors) < len(items) else ""
    outcome = f"{failing} would fail" if check_mode else f"{failing} failed{others}"
    message = f"{outcome}.\n{reasons}"
    raise partial(first.but(message), items, condemned, with_diff=with_diff, base_url=base_url)


def partial(
    error: CloudElementsError, items: Sequence[Item], condemned: Sequence[Item], *, with_diff: bool, base_url: str
) -> PartialError:
    """Return the error for a task that was done in part.

    Ansible shows no difference of a task that failed, so if one is asked for, the rest of the plan ends the message.
    """
    told = _told(items, condemned, with_diff=with_diff, base_url=base_url)
    if with_diff:
        error = error.but(f"{error.message}\n{_outline(items, condemned, base_url).without_failures}")
    return PartialError(error, told)


def _told(items: Sequence[Item], condemned: Sequence[Item], *, with_diff: bool, base_url: str) -> dict[str, t.Any]:
    """Return what is told of a fleet: every item in the order given, the tokens, the plan, and a summary.

    The difference is there only where it is asked for: of a large fleet it is most of the result.
    """
    rows = [_row(item) for item in items]
    tokens: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["token"] is not None:
            tokens.setdefault(row["element_key"], {})[row["name"]] = row["token"]
    gone = [item.job for item in condemned if item.job is not None and item.job.steps]
    pruned = [t.cast("Instance", job.before) for job in gone]
    outline = _outline(items, condemned, base_url)
    told = {
        "changed": any(row["changed"] for row in rows) or bool(pruned),
        "instances": rows,
        "tokens": tokens,
        "pruned": [{"id": gone.id, "name": gone.name, "element_key": gone.element_key} for gone in pruned],
        "plan": outline.as_result(),
        "summary": _summary(items, pruned),
    }
    return {**told, "diff": _diff(items, gone, outline)} if with_diff else told


def _outline(items: Iterable[Item], condemned: Iterable[Item], base_url: str) -> Outline:
    """Return the plan for people: what is foreseen for each item, in both modes, and what failed."""
    entries = [entry(item) for item in items]
    for item in condemned:
        if item.error is not None:
            entries.append(failed(called(item), item.error))
        elif item.job is not None and item.job.steps:
            entries.append(Entry(PRUNE, called(item)))
    return Outline(entries, base_url)


def entry(item: Item) -> Entry:
    """Return what is foreseen for an item, or that it failed."""
    if item.error is not None:
        return failed(called(item), item.error, item.job.steps if item.job is not None else ())
    return entry_of(called(item), item.job.forecast if item.job is not None else ())


def called(item: Item) -> str:
    """Return an item's instance in words: as it was there before, or else as the options have it."""
    before = item.job.before if item.job is not None else None
    if before is not None:
        return label(before.name, before.element_key, before.id)
    return label(item.options.get("name"), item.options.get("element_key"), item.options.get("id"))


def _diff(items: Iterable[Item], pruned: Iterable[Job], outline: Outline) -> list[dict[str, t.Any]]:
    """Return each instance that changes, before and after, and at the end, where it stays on the screen, the plan."""
    shown: list[dict[str, t.Any]] = []
    for item in items:
        if item.job is not None and item.job.steps:
            shown.append({**_headers(called(item)), **item.job.diff()})
    for job in pruned:
        instance = t.cast("Instance", job.before)
        shown.append({**_headers(label(instance.name, instance.element_key, instance.id)), **job.diff()})
    return [*shown, {"prepared": f"{outline.text}\n"}]


def _headers(text: str) -> dict[str, str]:
    """Return what makes Ansible say of which instance a difference is."""
    return {"before_header": text, "after_header": text}


def _row(item: Item) -> dict[str, t.Any]:
    job = item.job
    known = job.known if job is not None else None
    after = job.after if job is not None else None
    return {
        "name": known.name if known else item.options.get("name"),
        "element_key": known.element_key if known else item.options.get("element_key"),
        "id": known.id if known else item.options.get("id"),
        "token": after.token if after and item.error is None else None,
        "action": entry(item).action,
        "changed": bool(job and job.steps),
        "actions": [step.action for step in job.steps] if job else [],
        "error": None if item.error is None else {"message": item.error.message, **item.error.as_result()},
    }


def _summary(items: Sequence[Item], pruned: Sequence[Instance]) -> dict[str, int]:
    failures = sum(item.error is not None for item in items)
    jobs = [item.job for item in items if item.error is None and item.job is not None]
    created = sum(job.creates and bool(job.steps) for job in jobs)
    removed = sum(job.removes and bool(job.steps) for job in jobs)
    changed = sum(bool(job.steps) for job in jobs) - created - removed
    return {
        "total": len(items),
        "created": created,
        "changed": changed,
        "removed": removed,
        "unchanged": len(items) - failures - created - changed - removed,
        "failed": failures,
        "pruned": len(pruned),
    }


def listed(texts: Iterable[str], separator: str = ", ") -> str:
    """Return texts in a row, no more than a message can hold."""
    everything = list(texts)
    more = len(everything) - _LONGEST_LIST
    return separator.join(everything[:_LONGEST_LIST] + ([f"and {more} more"] if more > 0 else []))
