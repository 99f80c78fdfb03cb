# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what a plan changes of an account, whatever the kinds of resources. Pure."""

from __future__ import annotations

import functools
import typing as t
from collections.abc import Callable, Mapping, Sequence

from .._reconcile.phases import Item, Planned
from .._reconcile.plan_summary import action_of
from .._reconcile.reviewed_plan import PlannedChange
from .._resources.common_resource.result import diff as common_resource_diff
from .._resources.formula.result import diff as formula_diff
from .._resources.formula_instance.result import diff as formula_instance_diff
from .._resources.instance.fleet_result import changes_of as instance_changes
from .._resources.instance.plan import diff as instance_diff
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES, KINDS
from .._secrets.redaction import Redactor
from .identity import Items, names_of, of_kind

AnyPlanned: t.TypeAlias = "Planned[t.Any, t.Any]"


def changes_of(items: Items, pruned: Sequence[Item], redactor: Redactor) -> list[PlannedChange]:
    """Return what is planned for the resources that do not stay as they are, by kind.

    Args:
        items: The planned items.
        pruned: The element instances that are planned to be pruned.
        redactor: Knows the secrets of the connection.
    """
    found = instance_changes([items[slot] for slot in of_kind(items, INSTANCES)], pruned)
    for kind in KINDS[1:]:
        for slot in of_kind(items, kind):
            item = items[slot]
            if isinstance(item, Planned) and item.steps:
                names, number = names_of(slot, item).as_result(), id_of(kind, item.observed)
                actions = tuple(step.action for step in item.steps)
                show = functools.partial(diff_of, kind, item, redactor)
                found.append(PlannedChange(names, number, action_of(item.steps), actions, show))
    return found


def id_of(kind: str, observed: t.Any) -> int | None:
    """Return the id of an observed resource. None if there is none, and for common resources."""
    there = observed
    if observed is not None and kind == FORMULAS:
        there = observed.formula
    elif observed is not None and kind == FORMULA_INSTANCES:
        there = observed.instance
    number: int | None = None if there is None or kind == COMMON_RESOURCES else there.id
    return number


def diff_of(kind: str, planned: AnyPlanned, redactor: Redactor) -> Mapping[str, t.Any]:
    """Return a resource before and after what is planned, as a diff shows it.

    Args:
        kind: The kind of the resource.
        planned: The plan for it.
        redactor: Knows the secrets of the connection.
    """
    return _DIFFS[kind](planned, redactor)


def _instance_diff(planned: AnyPlanned, _redactor: Redactor) -> Mapping[str, t.Any]:
    return instance_diff(planned.desired, planned.observed, planned.predicted, planned.steps)


_DIFFS: Mapping[str, Callable[[AnyPlanned, Redactor], Mapping[str, t.Any]]] = {
    INSTANCES: _instance_diff,
    COMMON_RESOURCES: common_resource_diff,
    FORMULAS: formula_diff,
    FORMULA_INSTANCES: lambda planned, _redactor: formula_instance_diff(planned),
}
