# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send the steps of one common resource to the platform, and read back what each came to.

The platform drops what the user may not write, and answers 200. So a write counts by what is there afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from ..._api.client import Client
from ..._api.common_resource_models import V1, Definition, Place, Transformation
from ..._core.errors import CloudElementsError, ErrorKind, error_of
from ..._core.text import quote
from ..._reconcile.create_once import create_once
from ..._reconcile.repeat_write import repeat_write
from ..._reconcile.steps import InterruptedStepError, StepResult
from ..pending import refuse_pending
from .comparison import in_words
from .creation import UniqueCreation
from .desired import DesiredCommonResource
from .observation import refuse_other_account
from .plan import (
    CommonResourceStep,
    DeleteDefinition,
    DeleteMapping,
    Observed,
    WriteDefinition,
    WriteMapping,
    known,
    plan,
)


class CommonResourceExecutor:
    """Carries out steps on the platform.

    Args:
        desired: The common resource that the steps lead to.
        client: Sends and reads.
    """

    def __init__(self, desired: DesiredCommonResource, client: Client) -> None:
        self._desired = desired
        self._client = client
        self._calls = client.common_resources

    def execute(self, step: CommonResourceStep, observed: Observed | None) -> StepResult[Observed]:
        """Carry out a step, and return what is there afterwards.

        Raises:
            CloudElementsError: The step had no effect, or it is not known whether it had.
            InterruptedStepError: The step had its effect, or a part of it, and something failed after it.
        """
        before = known(observed)
        place = before.place
        if place is None:
            raise AssertionError("Nothing is written where there is no place.")
        refuse_pending([place.id])
        if isinstance(step, (WriteMapping, DeleteMapping)) and before.definition is not None:
            refuse_other_account(self._desired, place, before.definition)
        if isinstance(step, (WriteDefinition, WriteMapping)) and not step.creates:
            before = self._looked_at(step, before, place)
            due = self._planned_anew(step, before)
            if due is None:
                return StepResult(before, had_effect=False)
            step = due
        adopted = False
        refused: CloudElementsError | None = None
        try:
            adopted = self._send(step, before, place)
        except CloudElementsError as error:
            if error.kind is not ErrorKind.PARTLY_IGNORED and not _is_taken(step, error):
                raise
            refused = error
        after = self._read_back(step, before, place)
        if refused is not None and refused.status == 409:
            return self._another_runs(step, refused, after)
        return self._checked(step, before, StepResult(after, adopted=adopted), refused)

    def _looked_at(self, step: WriteDefinition | WriteMapping, before: Observed, place: Place) -> Observed:
        """Return what is there right before a write that replaces it: another run may have changed another part."""
        if isinstance(step, WriteDefinition):
            return before.defined(self._definition(place)())
        return before.mapped(step.element_key, self._transformation(step.element_key, place)())

    def _planned_anew(
        self, step: WriteDefinition | WriteMapping, now: Observed
    ) -> WriteDefinition | WriteMapping | None:
        """Return the step for what is there now. None if it is as desired by now."""
        writes = (each for each in plan(self._desired, now) if isinstance(each, (WriteDefinition, WriteMapping)))
        return next((each for each in writes if each.target == step.target), None)

    def _send(self, step: CommonResourceStep, before: Observed, place: Place) -> bool:
        """Send a step. Return whether what is there was found after a lost answer, and so may be another run's."""
        if isinstance(step, WriteDefinition):
            return self._write_definition(step, before, place)
        if isinstance(step, WriteMapping):
            return self._write_mapping(step, before, place)
        if isinstance(step, DeleteMapping):

            def delete() -> None:
                self._calls.delete_transformation(self._desired.name, step.element_key, place)

            repeat_write(
                str(self._desired), delete, self._transformation(step.element_key, place), _is_gone, self._client
            )
        else:

            def delete() -> None:
                self._calls.delete(self._desired.name, place)

            repeat_write(str(self._desired), delete, self._definition(place), _is_gone, self._client)
        return False

    def _write_definition(self, step: WriteDefinition, before: Observed, place: Place) -> bool:
        name, version = self._desired.name, before.definition.version if before.definition else before.version
        body = step.body(keeps_words=version != V1)
        get = self._definition(place)
        if step.creates:
            creation = UniqueCreation(str(self._desired), lambda: self._calls.create(name, place, body), get)
            return not create_once(creation, self._client).own

        def is_done(found: Definition | None) -> bool:
            return not step.lacks(before.defined(found))

        repeat_write(str(self._desired), lambda: self._calls.replace(name, place, body), get, is_done, self._client)
        return False

    def _write_mapping(self, step: WriteMapping, before: Observed, place: Place) -> bool:
        name, key, body = self._desired.name, step.element_key, step.body()
        words = f"mapping of the {self._desired} to element {quote(key)}"
        get = self._transformation(key, place)
        if step.creates:
            creation = UniqueCreation(words, lambda: self._calls.create_transformation(name, key, place, body), get)
            return not create_once(creation, self._client).own

        def is_done(found: Transformation | None) -> bool:
            return not step.lacks(before.mapped(key, found))

        repeat_write(
            words, lambda: self._calls.replace_transformation(name, key, place, body), get, is_done, self._client
        )
        return False

    def _definition(self, place: Place) -> Callable[[], Definition | None]:
        return lambda: self._calls.get(self._desired.name, place)

    def _transformation(self, element_key: str, place: Place) -> Callable[[], Transformation | None]:
        return lambda: self._calls.get_transformation(self._desired.name, element_key, place)

    def _read_back(self, step: CommonResourceStep, before: Observed, place: Place) -> Observed:
        try:
            if isinstance(step, (WriteDefinition, DeleteDefinition)):
                return before.defined(self._definition(place)())
            return before.mapped(step.element_key, self._transformation(step.element_key, place)())
        except Exception as error:
            context = f"The {self._desired} was written, but could not be read afterwards."
            raise InterruptedStepError(error_of(error).within(context), StepResult(step.predict(before))) from None

    def _another_runs(
        self, step: CommonResourceStep, refused: CloudElementsError, after: Observed
    ) -> StepResult[Observed]:
        """Go on with what another run made first."""
        if step.lacks(after) == _NOTHING:
            raise refused
        self._client.warn(
            f"Another run came first: {step.action} was refused, as it is there already. That one is used."
        )
        return StepResult(after, adopted=True, had_effect=False)

    def _checked(
        self,
        step: CommonResourceStep,
        before: Observed,
        result: StepResult[Observed],
        refused: CloudElementsError | None,
    ) -> StepResult[Observed]:
        """Return a result if the step came to all that it was for.

        Raises:
            CloudElementsError: `partly_ignored`.
            InterruptedStepError: `partly_ignored`, and something was written.
        """
        after = known(result.observed)
        lacking = step.lacks(after)
        if refused is None and (not lacking or result.adopted):  # What is another run's is planned anew.
            return result
        missing = _missing(lacking)
        facts = (
            f"{refused.facts} {missing}"
            if refused is not None
            else f"To {step.action} of the {self._desired} was answered with success, but not all of it was kept. "
            f"{missing}"
        )
        error = (refused or CloudElementsError(ErrorKind.PARTLY_IGNORED, "")).but(
            f"{facts} The user may lack the right to write at level {self._desired.level.name}.",
            ErrorKind.PARTLY_IGNORED,
        )
        if after == before:
            raise error
        raise InterruptedStepError(error, result)


_NOTHING = ("everything",)
"""What a write lacks if nothing of it is there."""


def _missing(lacking: tuple[str, ...]) -> str:
    """Return as a sentence what a step did not come to."""
    if not lacking:
        return "It is as desired all the same."
    if lacking == _NOTHING:
        return "It is not there."
    return "It is still there." if lacking == ("the deletion",) else f"Not as desired: {in_words(lacking)}."


def _is_taken(step: CommonResourceStep, error: CloudElementsError) -> bool:
    """Tell whether a create was refused as there is one of the name by now."""
    return isinstance(step, (WriteDefinition, WriteMapping)) and step.creates and error.status == 409


def _is_gone(found: object) -> bool:
    return found is None
