# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan and carry out steps until a resource is as desired. Check mode differs in one thing: the executor."""

from __future__ import annotations

import typing as t
from collections.abc import Callable
from dataclasses import dataclass, replace

from .._core.errors import CloudElementsError, error_of
from .steps import AlreadySent, InterruptedStepError, O, Step, StepExecutor, StepResult

ROUNDS = 2
"""How often a plan is made and carried out. What the platform did not take the first time is sent once more."""

Planner: t.TypeAlias = Callable[[O | None, AlreadySent], tuple[Step[O], ...]]
"""Returns the steps that lead from an observed resource to the desired one."""


@dataclass(frozen=True)
class Converged(t.Generic[O]):
    """How far a resource came.

    Attributes:
        steps: The steps that took effect, in order.
        observed: The resource as it was last known. None if it is not there.
        receipt: What a create came to. None if there was none.
        error: Why it came no further. None if it is as desired, or the platform does not take the rest.
    """

    steps: tuple[Step[O], ...]
    observed: O | None
    receipt: t.Any = None
    error: CloudElementsError | None = None


def converge(
    plan: Planner[O],
    observed: O | None,
    executor: StepExecutor[O],
    already_sent: AlreadySent = AlreadySent.NOTHING,
) -> Converged[O]:
    """Make a resource as desired, and return how far it came. Whatever goes wrong ends up in the result.

    Args:
        plan: Makes the plan of each round.
        observed: The whole resource, or None if there is none.
        executor: Carries out the steps.
        already_sent: What the run has sent before.
    """
    state = Converged((), observed)
    rounds = ROUNDS
    try:
        while rounds:
            rounds -= 1
            for step in plan(state.observed, already_sent):
                result = executor.execute(step, state.observed)
                state = _after(state, step, result)
                if result.adopted:
                    rounds, already_sent = ROUNDS, AlreadySent.CODE
                else:
                    already_sent = AlreadySent.ALL
    except InterruptedStepError as interruption:
        return replace(_after(state, step, interruption.result), error=interruption.error)
    except Exception as error:
        return replace(state, error=error_of(error))
    return state


def _after(state: Converged[O], step: Step[O], result: StepResult[O]) -> Converged[O]:
    done = (step,) if result.had_effect else ()
    return Converged((*state.steps, *done), result.observed, result.receipt or state.receipt)
