# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prune: remove what nobody named, and what carries the tags that make it ours.

The candidates are found before anything is written. They are removed after all items were done, and only if no item
failed and the listing was complete.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .._api.client import Client
from .._core.errors import CloudElementsError, ErrorKind, error_of, invalid
from .._core.text import counted, listed
from .engine import Finished, Resource, apply_one, foresee
from .phases import Failed, Item, Planned
from .plan_summary import FAILED, PRUNE, UNCHANGED
from .progress import Progress
from .workers import Workers


@dataclass(frozen=True)
class PruneRule:
    """What may be removed though nobody named it: what carries all of the tags, and no more than the limit."""

    tags: frozenset[str]
    limit: int


@dataclass(frozen=True)
class Candidates:
    """What is to be pruned.

    Attributes:
        asked: Whether the user asks for pruning at all.
        planned: The plan for each.
        complete: Whether the listing that they come from was complete.
        is_still_ours: Reads one again right before it is removed, and tells whether it may be.
    """

    asked: bool = False
    planned: tuple[Planned[t.Any, t.Any], ...] = ()
    complete: bool = True
    is_still_ours: Callable[[Planned[t.Any, t.Any], Client], bool] = lambda _planned, _client: False


def refuse_too_many(planned: Sequence[Planned[t.Any, t.Any]], rule: PruneRule) -> None:
    """Raise `invalid_options` if more would be pruned than the rule allows. Nothing was written then."""
    if len(planned) > rule.limit:
        raise invalid(
            f"{counted(len(planned), 'instance')} would be pruned, which is more than prune_limit allows "
            f"({rule.limit}): {listed(str(candidate.desired) for candidate in planned)}. Nothing was written."
        )


def prune(
    resource: Resource[t.Any, t.Any],
    candidates: Candidates,
    finished: Finished,
    workers: Workers,
    progress: Progress,
) -> Finished:
    """Remove the candidates, and return what became of each.

    Args:
        resource: The kind of resource.
        candidates: What is to be pruned.
        finished: What became of the items of the plan. Nothing is pruned if one failed.
        workers: Remove the candidates.
        progress: Counts them.
    """
    check_mode = workers.run.check_mode
    if not candidates.asked or finished.error is not None or any(isinstance(item, Failed) for item in finished.items):
        return Finished(())
    if not candidates.complete:
        then = "would be pruned." if check_mode else "was pruned. All instances were done. Run again."
        message = f"The platform counts more instances than it lists, so nothing {then}"
        return Finished((), CloudElementsError(ErrorKind.INVALID_RESPONSE, message))
    results: Sequence[Item] = candidates.planned
    try:
        if check_mode:
            return Finished(foresee(resource.check(results, workers)))
        baseline = resource.baseline((), workers)

        def remove(planned: Planned[t.Any, t.Any], client: Client) -> Item:
            # Somebody may have removed it, or taken it away from us, in the meantime.
            still_ours = candidates.is_still_ours(planned, client)
            result = apply_one(resource, planned, baseline, client) if still_ours else planned
            progress.advance(UNCHANGED if not still_ours else FAILED if isinstance(result, Failed) else PRUNE)
            return result

        return Finished(tuple(workers.map(Planned, remove, results)))
    except Exception as error:  # What became of the items of the plan is returned all the same.
        return Finished(tuple(results), error_of(error))
