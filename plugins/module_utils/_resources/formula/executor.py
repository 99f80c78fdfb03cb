# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send the steps of one formula to the platform."""

from __future__ import annotations

from collections.abc import Callable

from ..._api.client import Client
from ..._api.formula_models import Formula
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import quote
from ..._reconcile.create_once import create_once
from ..._reconcile.repeat_write import repeat_write
from ..._reconcile.steps import InterruptedStepError, StepResult
from .creation import FormulaCreation
from .desired import DesiredFormula
from .plan import Create, Delete, FormulaStep, Observed, Patch, Replace, State, known, plan
from .template import normalise


class FormulaExecutor:
    """Carries out steps on the platform.

    Args:
        desired: The formula that the steps lead to.
        client: Sends and reads.
    """

    def __init__(self, desired: DesiredFormula, client: Client) -> None:
        self._desired = desired
        self._client = client

    def execute(self, step: FormulaStep, observed: Observed | None) -> StepResult[Observed]:
        """Carry out a step, and return what is there afterwards.

        Raises:
            CloudElementsError: The step had no effect, or it is not known whether it had.
            InterruptedStepError: The step had its effect, and something failed after it.
        """
        before = known(observed)
        if isinstance(step, Create):
            return self._create(step, before)
        if before.formula is None or before.formula.id is None:
            raise AssertionError("A step other than to create needs a formula.")
        if isinstance(step, Delete):
            return self._delete(step, before, before.formula.id)
        return self._change(step, before, before.formula.id)

    def _create(self, step: Create, before: Observed) -> StepResult[Observed]:
        names = {str(number): name for name, number in before.ids.items()}
        creation = FormulaCreation(step.name, step.template, step.body(before.ids), names, before.known_ids)
        created = create_once(creation, self._client)
        stored = created.resource
        result = StepResult(before.holding(self._state(stored, before)), created, adopted=not created.own)
        if stored.name != step.name:
            error = CloudElementsError(
                ErrorKind.NAME_CHANGED,
                f"The {self._desired} was stored by the platform as {quote(stored.name)}, with id {stored.id}. It was "
                "not removed. Use that name, or remove it by its id with state=absent.",
            )
            raise InterruptedStepError(error, result)
        return result

    def _change(self, step: Replace | Patch, before: Observed, number: int) -> StepResult[Observed]:
        """Change the formula. It is replaced as a whole, so that is planned anew for what is there right before."""
        if isinstance(step, Replace):
            found = self._client.formulas.get(number)
            before = before.holding(None if found is None else self._state(found, before))
            due = [each for each in plan(self._desired, before) if isinstance(each, Replace)] if found else [step]
            if not due:
                return StepResult(before, had_effect=False)
            step = due[0]

        def send() -> Formula:
            if isinstance(step, Patch):
                return self._client.formulas.patch(number, step.body)
            return self._client.formulas.replace(number, step.body(before.ids))

        def is_done(found: Formula | None) -> bool:
            return found is not None and step.is_done(self._state(found, before))

        changed = self._repeat(send, is_done, number)
        if changed is None:
            return StepResult(before.holding(None))
        if isinstance(step, Replace):
            return StepResult(before.holding(self._state(changed, before)))
        # The answer to a PATCH has no steps (vendor swagger).
        predicted = step.predict(before)
        state = predicted.formula
        if state is None:
            return StepResult(predicted)
        return StepResult(before.holding(State(number, changed.name, changed.active, state.template)))

    def _delete(self, step: Delete, before: Observed, number: int) -> StepResult[Observed]:
        current = self._client.formulas.get(number)
        if current is not None and current.name != step.name:
            raise CloudElementsError(
                ErrorKind.AMBIGUOUS,
                f"The {self._desired} was not removed: the formula with id {number} is called {quote(current.name)} "
                "now. Run again.",
            )

        def send() -> None:
            self._client.formulas.delete(number)

        self._repeat(send, lambda found: found is None, number)
        return StepResult(before.holding(None))

    def _repeat(
        self, send: Callable[[], Formula | None], is_done: Callable[[Formula | None], bool], number: int
    ) -> Formula | None:
        def read() -> Formula | None:
            return self._client.formulas.get(number)

        return repeat_write(str(self._desired), send, read, is_done, self._client)

    def _state(self, formula: Formula, before: Observed) -> State:
        names = {str(number): name for name, number in before.ids.items()}
        return State(formula.id, formula.name, formula.active, normalise(formula.definition, names))
