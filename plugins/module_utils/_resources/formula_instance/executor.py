# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send the steps of one formula instance to the platform."""

from __future__ import annotations

from collections.abc import Callable

from ..._api.client import Client
from ..._api.formula_models import FormulaInstance
from ..._core.errors import CloudElementsError, ErrorKind, error_of
from ..._core.text import quote
from ..._reconcile.create_once import create_once
from ..._reconcile.repeat_write import repeat_write
from ..._reconcile.steps import InterruptedStepError, StepResult
from ..pending import refuse_pending
from .creation import FormulaInstanceCreation
from .desired import DesiredFormulaInstance, describe
from .plan import Change, Create, Delete, FormulaInstanceStep, Observed, SetActive, known, plan

Result = StepResult[Observed]


_RUN_AGAIN = {
    True: "The formula instance may not be active: run again with active=true.",
    False: "The formula instance may still be active: run again with active=false.",
}


class FormulaInstanceExecutor:
    """Carries out steps on the platform.

    Args:
        desired: The formula instance that the steps lead to.
        client: Sends and reads.
    """

    def __init__(self, desired: DesiredFormulaInstance, client: Client) -> None:
        self._desired = desired
        self._client = client

    def execute(self, step: FormulaInstanceStep, observed: Observed | None) -> Result:
        """Carry out a step, and return what is there afterwards.

        Raises:
            CloudElementsError: The step had no effect, or it is not known whether it had.
            InterruptedStepError: The step had its effect, and something failed after it.
        """
        before = known(observed)
        refuse_pending([*before.ids.values(), before.formula.id if before.formula else None])
        if isinstance(step, Create):
            return self._create(step, before)
        there = before.instance
        if there is None or there.id is None or there.formula_id is None:
            raise AssertionError("A step other than to create needs a formula instance.")
        if isinstance(step, Change):
            return self._change(step, before, there.formula_id, there.id)
        if isinstance(step, SetActive):
            return self._set_active(step, before, there, there.formula_id, there.id)
        return self._delete(step, before, there.formula_id, there.id)

    def _create(self, step: Create, observed: Observed) -> Result:
        formula = observed.formula
        if formula is None:
            raise AssertionError("A formula instance needs a formula.")
        creation = FormulaInstanceCreation(self._desired, formula.id, step.body, observed.known_ids)
        created = create_once(creation, self._client)
        result = StepResult(observed.holding(created.resource), created, not created.own)
        if created.resource.name != self._desired.name:
            error = CloudElementsError(
                ErrorKind.NAME_CHANGED,
                f"The {self._desired} was stored by the platform as {quote(created.resource.name)}, with id "
                f"{created.resource.id}. It was not removed. Use that name, or remove it by its id with state=absent.",
            )
            raise InterruptedStepError(error, result)
        return result

    def _change(self, step: Change, observed: Observed, formula_id: int, number: int) -> Result:
        """Replace the formula instance as a whole. That is planned anew for what is there right before."""
        found = self._client.formula_instances.get(number, formula_id)
        if found is not None:
            observed = observed.holding(found)
            due = [each for each in plan(self._desired, observed) if isinstance(each, Change)]
            if not due:
                return StepResult(observed, had_effect=False)
            step = due[0]

        def send() -> FormulaInstance:
            return self._client.formula_instances.replace(formula_id, number, step.body)

        def is_done(found: FormulaInstance | None) -> bool:
            return found is not None and step.is_done(found)

        changed = self._repeat(send, is_done, formula_id, number, blind=bool(step.secrets))
        return StepResult(observed.holding(changed))

    def _set_active(
        self, step: SetActive, observed: Observed, there: FormulaInstance, formula_id: int, number: int
    ) -> Result:
        def send() -> None:
            self._client.formula_instances.set_active(formula_id, number, step.active)

        def is_done(found: FormulaInstance | None) -> bool:
            return found is not None and found.active == step.active

        try:
            self._repeat(send, is_done, formula_id, number)
        except CloudElementsError as error:  # The next run leaves an existing one as it is, if active is not given.
            raise error.but(f"{error.message} {_RUN_AGAIN[step.active]}") from None
        predicted = step.predict(observed)
        try:  # The call itself does not tell.
            found = self._client.formula_instances.get(number, formula_id)
        except Exception as error:
            named = describe(there.name, there.formula, number)
            context = f"The {named} was written, but could not be read afterwards."
            raise InterruptedStepError(error_of(error).within(context), StepResult(predicted)) from None
        if found is not None and found.active != step.active:
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"To {step.action} the {describe(there.name, there.formula, number)} had no effect, though the "
                f"platform said so. {_RUN_AGAIN[step.active]}",
            )
        return StepResult(predicted if found is None else observed.holding(found))

    def _delete(self, step: Delete, observed: Observed, formula_id: int, number: int) -> Result:
        current = self._client.formula_instances.get(number, formula_id)
        if current is not None and current.name != step.name:
            raise CloudElementsError(
                ErrorKind.AMBIGUOUS,
                f"The {self._desired} was not removed: the formula instance with id {number} is called "
                f"{quote(current.name)} now. Run again.",
            )

        def send() -> None:
            self._client.formula_instances.delete(formula_id, number)

        self._repeat(send, lambda found: found is None, formula_id, number)
        return StepResult(observed.holding(None))

    def _repeat(
        self,
        send: Callable[[], FormulaInstance | None],
        is_done: Callable[[FormulaInstance | None], bool],
        formula_id: int,
        number: int,
        *,
        blind: bool = False,
    ) -> FormulaInstance | None:
        def read() -> FormulaInstance | None:
            return self._client.formula_instances.get(number, formula_id)

        return repeat_write(str(self._desired), send, read, is_done, self._client, blind=blind)
