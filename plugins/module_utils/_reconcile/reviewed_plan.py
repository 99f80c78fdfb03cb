# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what a plan changes, for programs, and pin a plan that was reviewed by its checksum.

The checksum covers the platform, the account, and for each change the resource with its id, what is done, and what is
shown of it before and after. It does not cover the values of secrets, which no plan shows.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .._api.run import Run
from .._core.errors import CloudElementsError, ErrorKind, invalid
from .._core.text import quote
from .plan_summary import PRUNE


@dataclass(frozen=True)
class PlannedChange:
    """What is planned for one resource that does not stay as it is.

    Attributes:
        names: What it is called, as results show it.
        id: Its id. None if it is still to be created, or if its kind has none.
        action: What becomes of it, in one word.
        actions: What is done, in words.
        show: Returns what is shown of it, as `before` and `after`. That takes time, and is not always needed.
    """

    names: Mapping[str, t.Any]
    id: int | None
    action: str
    actions: tuple[str, ...]
    show: Callable[[], Mapping[str, t.Any]]

    @functools.cached_property
    def diff(self) -> Mapping[str, t.Any]:
        """What is shown of it, as `before` and `after`."""
        return self.show()

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form. What differs is told of what is there before and after."""
        stays = self.action not in ("create", "remove", PRUNE)
        return {
            **self.names,
            "id": self.id,
            "action": self.action,
            "actions": list(self.actions),
            "changes": list(differences(self.diff["before"], self.diff["after"])) if stays else [],
        }


@dataclass(frozen=True)
class ReviewedPlan:
    """What a plan changes, and what pins it.

    Attributes:
        changes: What is planned for the resources that do not stay as they are.
        account_id: The account. None if nobody asked for the checksum, or the platform does not tell.
        checksum: The checksum. None if nobody asked for it.
    """

    changes: Sequence[PlannedChange]
    account_id: int | None = None
    checksum: str | None = None

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form."""
        return {
            "account_id": self.account_id,
            "checksum": self.checksum,
            "changes": [change.as_result() for change in self.changes],
        }


def review(changes: Sequence[PlannedChange], expected: str | None, run: Run) -> ReviewedPlan:
    """Return a plan with its checksum if somebody reviews it: in check mode, and if one is expected.

    Args:
        changes: What is planned.
        expected: The checksum of the plan that was reviewed. None if any plan is accepted.
        run: The run. It asks for the own account.

    Raises:
        CloudElementsError: `plan_changed` if the plan is not the expected one. Nothing was written then.
    """
    if expected is None and not run.check_mode:
        return ReviewedPlan(changes)
    account_id = run.client.accounts.own_id()
    actual = checksum(run.connection.base_url, account_id, changes)
    if expected not in (None, actual):
        raise CloudElementsError(
            ErrorKind.PLAN_CHANGED,
            f"The plan is not the expected one: its checksum is {actual}, and expected_plan is {expected}. Nothing was "
            "written. Something changed on the platform or in the options since that plan was made, or an item of it "
            "fails. Review the new plan, and run with its checksum.",
        )
    return ReviewedPlan(changes, account_id, actual)


def expected_plan(params: Mapping[str, t.Any]) -> str | None:
    """Return the checksum that options expect, or None if any plan is accepted.

    Raises:
        CloudElementsError: `invalid_options` if it cannot be a checksum.
    """
    given: str | None = params["expected_plan"]
    if given is not None and not re.fullmatch(r"[0-9a-f]{64}", given):
        raise invalid(
            f"expected_plan is {quote(given)}: it must be the checksum of a plan, which has 64 hexadecimal digits."
        )
    return given


def checksum(base_url: str, account_id: int | None, changes: Iterable[PlannedChange]) -> str:
    """Return the checksum of a plan, as 64 hexadecimal digits. Pure."""
    content = {
        "base_url": base_url,
        "account_id": account_id,
        "changes": [
            {**change.names, "id": change.id, "actions": change.actions, "diff": change.diff} for change in changes
        ],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def differences(before: t.Any, after: t.Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, t.Any]]:
    """Yield what differs between two views of a resource: the path, and the values before and after. Pure.

    A value that is only in one of them is None in the other. Lists are compared as a whole.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from differences(before.get(key), after.get(key), (*path, key))
    elif before != after:
        yield {"path": list(path), "before": before, "after": after}
