# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what a step of a plan is, and what carries one out. Pure.

A kind of resource defines its steps. It also provides the executor that sends them to the platform.
"""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass

from .._core.errors import CloudElementsError

O = t.TypeVar("O")  # noqa: E741
"""What the platform has: an observed resource."""


class Step(t.Protocol[O]):
    """One step of a plan."""

    @property
    def verb(self) -> str:
        """What the step does, for machines: one of `plan_summary.ACTIONS`."""

    @property
    def action(self) -> str:
        """The step in words, as the return value `actions` shows it. Never with a secret."""

    def predict(self, observed: O | None) -> O | None:
        """Return the resource as the step leaves it, as far as that is known. None if it is gone then."""


class AlreadySent(enum.Enum):
    """What a run has sent so far without being able to see that it arrived."""

    NOTHING = "nothing"
    """Neither secrets nor provider data."""
    CODE = "code"
    """A create whose resource turned out to be another run's, or may be: the code is spent, the secrets may differ."""
    ALL = "all"
    """Secrets and provider data."""


@dataclass(frozen=True)
class StepResult(t.Generic[O]):
    """What a step came to.

    Attributes:
        observed: The resource as the platform has it afterwards. None if it is gone.
        receipt: What a create came to, for the check for duplicates. None for other steps.
        adopted: Whether the resource is another run's, so that nothing of ours can be taken to have arrived.
        had_effect: Whether the step did anything. It did not if the platform refused it, as another run came first.
    """

    observed: O | None
    receipt: t.Any = None
    adopted: bool = False
    had_effect: bool = True


class InterruptedStepError(Exception):
    """A step took effect, and what had to follow it failed.

    Attributes:
        error: What failed.
        result: What the step came to.
    """

    def __init__(self, error: CloudElementsError, result: StepResult[t.Any]) -> None:
        super().__init__(error.message)
        self.error = error
        self.result = result


class StepExecutor(t.Protocol[O]):
    """Carries out steps."""

    def execute(self, step: t.Any, observed: O | None) -> StepResult[O]:
        """Carry out a step on the observed resource.

        Raises:
            CloudElementsError: The step had no effect, or it is not known whether it had.
            InterruptedStepError: The step had its effect, and something failed after it.
        """


class DryRun(t.Generic[O]):
    """Carries out steps in thought. Check mode and the difference use it."""

    def execute(self, step: Step[O], observed: O | None) -> StepResult[O]:
        """Return the resource as the step will leave it."""
        return StepResult(step.predict(observed))
