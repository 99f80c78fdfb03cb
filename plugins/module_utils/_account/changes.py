# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what a plan changes, for programs, and give the plan a checksum that pins it. Pure.

The checksum covers the platform, the account, and for each change the resource with its id, what is done, and what is
shown of it before and after. It does not cover the values of secrets, which no plan shows.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .._core.errors import CloudElementsError, ErrorKind
from .._reconcile.phases import Item, Planned
from .._reconcile.plan_summary import PRUNE, UNCHANGED, action_of
from .._resources.common_resource.result import diff as common_resource_diff
from .._resources.formula.result import diff as formula_diff
from .._resources.formula_instance.result import diff as formula_instance_diff
from .._resources.instance.plan import diff as instance_diff
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES
from .._secrets.redaction import Redactor
from .identity import Identity, Items, identity_of

Diff: t.TypeAlias = Mapping[str, t.Any]


@dataclass(frozen=True)
class Change:
    """What is planned for one resource that does not stay as it is.

    Attributes:
        identity: Its names.
        id: Its id. None if it is still to be created, and for common resources, which have none.
        action: What becomes of it, in one word.
        actions: What is done, in words.
        diff: What is shown of it before and after.
    """

    identity: Identity
    id: int | None
    action: str
    actions: tuple[str, ...]
    diff: Diff

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form."""
        both = bool(self.diff["before"] and self.diff["after"])
        changes = list(differences(self.diff["before"], self.diff["after"])) if both else []
        return {
            **self.identity.as_result(),
            "id": self.id,
            "action": self.action,
            "actions": list(self.actions),
            "changes": changes,
        }


def changes_of(items: Items, pruned: Sequence[Item], redactor: Redactor) -> list[Change]:
    """Return what is planned for the resources that do not stay as they are.

    Args:
        items: The planned items.
        pruned: The element instances that are planned to be pruned.
        redactor: Knows the secrets of the connection.
    """
    found = [_change(identity_of(slot, item), item, redactor) for slot, item in items.items() if _has_work(item)]
    for position, item in enumerate(pruned):
        if isinstance(item, Planned):
            change = _change(identity_of((INSTANCES, position), item), item, redactor)
            found.append(Change(change.identity, change.id, PRUNE, change.actions, change.diff))
    return found


def _has_work(item: Item) -> bool:
    return isinstance(item, Planned) and action_of(item.steps) != UNCHANGED


def _change(identity: Identity, item: t.Any, redactor: Redactor) -> Change:
    planned: Planned[t.Any, t.Any] = item
    if identity.kind == INSTANCES and planned.observed is not None:
        identity = Identity(INSTANCES, planned.observed.name, planned.observed.element_key)
    actions = tuple(step.action for step in planned.steps)
    return Change(
        identity,
        id_of(identity.kind, planned.observed),
        action_of(planned.steps),
        actions,
        diff_of(identity.kind, planned, redactor),
    )


def id_of(kind: str, observed: t.Any) -> int | None:
    """Return the id of an observed resource. None if there is none, and for common resources."""
    there = observed
    if observed is not None and kind == FORMULAS:
        there = observed.formula
    elif observed is not None and kind == FORMULA_INSTANCES:
        there = observed.instance
    number: int | None = None if there is None or kind == COMMON_RESOURCES else there.id
    return number


def diff_of(kind: str, planned: Planned[t.Any, t.Any], redactor: Redactor) -> Diff:
    """Return a resource before and after what is planned, as a diff shows it."""
    return _DIFFS[kind](planned, redactor)


_DIFFS: Mapping[str, Callable[[Planned[t.Any, t.Any], Redactor], Diff]] = {
    INSTANCES: lambda planned, _redactor: instance_diff(
        planned.desired, planned.observed, planned.predicted, planned.steps
    ),
    COMMON_RESOURCES: common_resource_diff,
    FORMULAS: lambda planned, _redactor: formula_diff(planned),
    FORMULA_INSTANCES: lambda planned, _redactor: formula_instance_diff(planned),
}


def differences(before: t.Any, after: t.Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, t.Any]]:
    """Yield what differs between two views of a resource: the path, and the values before and after.

    A value that is only in one of them is None in the other. Lists are compared as a whole.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from differences(before.get(key), after.get(key), (*path, key))
    elif before != after:
        yield {"path": list(path), "before": before, "after": after}


def checksum(base_url: str, account_id: int | None, changes: Iterable[Change]) -> str:
    """Return the checksum of a plan, as 64 hexadecimal digits."""
    content = {
        "base_url": base_url,
        "account_id": account_id,
        "changes": [
            {**change.identity.as_result(), "id": change.id, "actions": change.actions, "diff": change.diff}
            for change in changes
        ],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def refuse_other_plan(expected: str | None, actual: str) -> None:
    """Raise `plan_changed` if the plan is not the one that is expected. Nothing was written then."""
    if expected is not None and expected != actual:
        raise CloudElementsError(
            ErrorKind.PLAN_CHANGED,
            f"The plan is not the expected one: its checksum is {actual}, and expected_plan is {expected}. Nothing was "
            "written. Something changed on the platform or in the options since that plan was made. Review the new "
            "plan, and run with its checksum.",
        )
