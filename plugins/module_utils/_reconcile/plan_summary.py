# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell people what a plan does: a line for each resource that does not stay as it is, and a summary. Pure.

Check mode and a real run are told in the same words.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import counted
from .steps import Step

UNCHANGED = "unchanged"
PRUNE = "prune"
FAILED = "failed"
SKIPPED = "skipped"
ACTIONS = ("create", "change", "rename", "enable", "disable", "remove", PRUNE, FAILED, SKIPPED, UNCHANGED)
"""What may become of a resource, in the order of the summary."""

_STATES = (FAILED, SKIPPED, UNCHANGED)
"""Those of them that are no work to do."""

_WIDTH = max(len(action) for action in ACTIONS if action != UNCHANGED)


@dataclass(frozen=True)
class SummaryEntry:
    """What becomes of one resource.

    Attributes:
        action: One of `ACTIONS`.
        subject: The resource in words.
        detail: What else is to be known, with the punctuation before it.
    """

    action: str
    subject: str
    detail: str = ""

    @property
    def line(self) -> str:
        """The entry as people read it."""
        return f"{self.action:<{_WIDTH}} {self.subject}{self.detail}"


@dataclass(frozen=True)
class PlanSummary:
    """The entries of a whole plan, the platform that it is for, and what one resource is called."""

    entries: Sequence[SummaryEntry]
    base_url: str
    noun: str = "instance"

    @property
    def lines(self) -> list[str]:
        """A line for each resource that does not stay as it is, in the order of the entries."""
        return [entry.line for entry in self.entries if entry.action != UNCHANGED]

    @property
    def counts(self) -> dict[str, int]:
        """How many resources each action is for, zero included."""
        counts = dict.fromkeys(ACTIONS, 0)
        for entry in self.entries:
            counts[entry.action] += 1
        return counts

    @property
    def summary(self) -> str:
        """One sentence with all counts that are not zero. They add up to the number that it begins with."""
        parts = [
            f"{count} {action if action in _STATES else f'to {action}'}"
            for action, count in self.counts.items()
            if count
        ]
        return f"{counted(len(self.entries), self.noun)}: {', '.join(parts) or 'nothing to do'}"

    @property
    def text(self) -> str:
        """The lines, and then the summary: what stands last is what is still on the screen."""
        return "\n".join([*self.lines, self._last])

    @property
    def without_failures(self) -> str:
        """The text without what failed, for a message that has said so before."""
        lines = (entry.line for entry in self.entries if entry.action not in _STATES)
        return "\n".join([*lines, self._last])

    @property
    def _last(self) -> str:
        return f"At {self.base_url}: {self.summary}"

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form: the return value `plan`."""
        return {"base_url": self.base_url, "lines": self.lines, "counts": self.counts, "summary": self.summary}


def action_of(steps: Sequence[Step[t.Any]]) -> str:
    """Return the one of `ACTIONS` that steps amount to: a create with what follows it is a create."""
    if not steps:
        return UNCHANGED
    verbs = [step.verb for step in steps]
    return verbs[0] if len(verbs) == 1 or verbs[0] in ("create", "remove") else "change"


def entry_of(subject: str, steps: Sequence[Step[t.Any]]) -> SummaryEntry:
    """Return the entry for a resource with its planned steps."""
    action = action_of(steps)
    if action in ("create", "remove"):
        return SummaryEntry(action, subject, f"; {in_words(steps[1:])}" if steps[1:] else "")
    if action == "rename":
        return SummaryEntry(action, subject, f" {steps[0].action.removeprefix('rename ')}")
    return SummaryEntry(action, subject, f": {in_words(steps)}" if action == "change" else "")


def failed_entry(subject: str, error: CloudElementsError, done: Sequence[Step[t.Any]] = ()) -> SummaryEntry:
    """Return the entry for a resource that failed or was skipped, with what was done before."""
    before = f" Done before that: {in_words(done)}." if done else ""
    action = SKIPPED if error.kind is ErrorKind.SKIPPED else FAILED
    return SummaryEntry(action, subject, f": {' '.join(error.message.split())}{before}")


def in_words(steps: Iterable[Step[t.Any]]) -> str:
    """Return steps in words, in a row."""
    return "; ".join(step.action for step in steps)
