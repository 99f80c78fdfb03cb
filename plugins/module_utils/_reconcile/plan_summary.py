# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What people read of a fleet's plan: a line for each instance that does not stay as it is, and a summary. Pure.

Check mode and a real run are told in the same words.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .._core.errors import CloudElementsError
from .._core.text import counted, quote
from .._resources.instance.plan import Change, Create, Delete, SetEnabled, Step

UNCHANGED = "unchanged"
PRUNE = "prune"
FAILED = "failed"
ACTIONS = ("create", "change", "rename", "enable", "disable", "remove", PRUNE, FAILED, UNCHANGED)
"""What may become of an instance, in the order of the summary."""

_WIDTH = max(len(action) for action in ACTIONS if action != UNCHANGED)


@dataclass(frozen=True)
class Entry:
    """What becomes of one instance: one of L(ACTIONS), the instance in words, and what else is to be known, if any."""

    action: str
    label: str
    detail: str = ""

    @property
    def line(self) -> str:
        """The entry as people read it."""
        return f"{self.action:<{_WIDTH}} {self.label}{self.detail}"


@dataclass(frozen=True)
class PlanSummary:
    """The entries of a whole plan, and the platform that it is for."""

    entries: Sequence[Entry]
    base_url: str

    @property
    def lines(self) -> list[str]:
        """A line for each instance that does not stay as it is, in the order of the entries."""
        return [entry.line for entry in self.entries if entry.action != UNCHANGED]

    @property
    def counts(self) -> dict[str, int]:
        """How many instances each action is for, also where it is for none."""
        counted = dict.fromkeys(ACTIONS, 0)
        for entry in self.entries:
            counted[entry.action] += 1
        return counted

    @property
    def summary(self) -> str:
        """One sentence with all counts that are not zero. They add up to the number that it begins with."""
        total = len(self.entries)
        parts = [
            f"{count} {action if action in (FAILED, UNCHANGED) else f'to {action}'}"
            for action, count in self.counts.items()
            if count
        ]
        return f"{counted(total, 'instance')}: {', '.join(parts) or 'nothing to do'}"

    @property
    def text(self) -> str:
        """The lines, and then the summary: what stands last is what is still on the screen."""
        return "\n".join([*self.lines, self._last])

    @property
    def without_failures(self) -> str:
        """The text without what failed, for a message that has said so before."""
        lines = (entry.line for entry in self.entries if entry.action not in (FAILED, UNCHANGED))
        return "\n".join([*lines, self._last])

    @property
    def _last(self) -> str:
        return f"At {self.base_url}: {self.summary}"

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form: the return value C(plan)."""
        return {"base_url": self.base_url, "lines": self.lines, "counts": self.counts, "summary": self.summary}


def label(name: str | None, element_key: str | None, instance_id: int | None) -> str:
    """Return an instance in words, as far as it is known. Characters that can not be seen are escaped."""
    element = f" of element {quote(element_key)}" if element_key else ""
    known_by_id = f" (id {instance_id})" if instance_id is not None else ""
    return f"{quote(name) if name else 'instance'}{element}{known_by_id}"


def entry_of(called: str, steps: Sequence[Step]) -> Entry:
    """Return the entry for an instance with what is foreseen for it. In: the instance in words, and the steps."""
    if not steps:
        return Entry(UNCHANGED, called)
    first, *others = steps
    then = f"; {_words(others)}" if others else ""
    if isinstance(first, Create):
        return Entry("create", called, then)
    if isinstance(first, Delete):
        return Entry("remove", called)
    if not others and isinstance(first, SetEnabled):
        return Entry("enable" if first.enabled else "disable", called)
    if not others and isinstance(first, Change) and first.renames_only:
        return Entry("rename", called, f" to {quote(first.body['name'])}")
    return Entry("change", called, f": {_words(steps)}")


def failed(called: str, error: CloudElementsError, done: Sequence[Step] = ()) -> Entry:
    """Return the entry for an instance that failed. In: it in words, why, and what was done before that."""
    before = f" Done before that: {_words(done)}." if done else ""
    return Entry(FAILED, called, f": {' '.join(error.message.split())}{before}")


def _words(steps: Iterable[Step]) -> str:
    return "; ".join(step.action for step in steps)
