# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send the steps of one instance to the platform."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from ..._api.caller import UncertainError
from ..._api.client import Client
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind, error_of
from ..._core.text import quote
from ..._reconcile.create_once import SPENT, create_once
from ..._reconcile.repeat_write import repeat_write, unknown_outcome
from ..._reconcile.steps import InterruptedStepError, StepResult
from .creation import InstanceCreation, refuse_other_name
from .desired import DesiredInstance, describe
from .ownership import Baseline
from .plan import Change, Create, Delete, InstanceStep, Reauthenticate, SetEnabled
from .usage import used_by


class InstanceExecutor:
    """Carries out steps on the platform.

    Args:
        desired: The instance that the steps lead to.
        baseline: What the run knew before it wrote anything.
        client: Sends and reads.
    """

    def __init__(self, desired: DesiredInstance, baseline: Baseline, client: Client) -> None:
        self._desired = desired
        self._baseline = baseline
        self._client = client

    def execute(self, step: InstanceStep, observed: Instance | None) -> StepResult[Instance]:
        """Carry out a step, and return the whole instance as the platform has it afterwards.

        Raises:
            CloudElementsError: The step had no effect, or it is not known whether it had.
            InterruptedStepError: The step had its effect, and something failed after it.
        """
        if isinstance(step, Create):
            return self._create(step)
        if observed is None or observed.id is None:
            raise AssertionError("A step other than to create needs an instance.")
        if isinstance(step, Change):
            return self._change(step, observed.id)
        if isinstance(step, SetEnabled):
            return self._set_enabled(step, observed, observed.id)
        if isinstance(step, Reauthenticate):
            return self._reauthenticate(step, observed.id)
        return self._delete(step, observed.id)

    def _create(self, step: Create) -> StepResult[Instance]:
        created = create_once(InstanceCreation(self._desired, step.body, self._baseline), self._client)
        result = StepResult(created.resource, created, adopted=not created.own)
        try:
            refuse_other_name(self._desired, created, self._client)
            return self._whole(result)
        except (CloudElementsError, InterruptedStepError):
            raise
        except Exception as error:  # The instance is there, whatever is wrong with this code.
            raise InterruptedStepError(error_of(error), result) from None

    def _change(self, step: Change, instance_id: int) -> StepResult[Instance]:
        def send() -> Instance:
            return self._client.instances.change(instance_id, step.body)

        def is_done(found: Instance | None) -> bool:
            return found is not None and step.is_done(found)

        return self._whole(StepResult(self._repeat(send, is_done, instance_id, blind=bool(step.secret))))

    def _set_enabled(self, step: SetEnabled, observed: Instance, instance_id: int) -> StepResult[Instance]:
        def send() -> None:
            self._client.instances.set_enabled(instance_id, step.enabled)

        def is_done(found: Instance | None) -> bool:
            return found is not None and found.enabled == step.enabled

        after = self._repeat(send, is_done, instance_id)
        if after is not None:
            return StepResult(after)
        predicted = StepResult(step.predict(observed))
        return StepResult(self._read(instance_id, predicted) or predicted.observed)  # The call itself does not tell.

    def _reauthenticate(self, step: Reauthenticate, instance_id: int) -> StepResult[Instance]:
        try:
            instance = self._client.instances.change(instance_id, step.body)
        except UncertainError as doubt:
            raise unknown_outcome(doubt.error, f"the {self._desired} was authenticated again", SPENT) from None
        except CloudElementsError as error:
            raise error.but(f"{error.facts} {SPENT}") if error.status == 429 else error from None
        return self._whole(StepResult(instance))

    def _delete(self, step: Delete, instance_id: int) -> StepResult[Instance]:
        current = self._client.instances.get(instance_id)
        if current is not None and (current.name, current.element_key) != (step.name, step.element_key):
            raise CloudElementsError(
                ErrorKind.AMBIGUOUS,
                f"The {self._desired} was not removed: the instance with id {instance_id} is called "
                f"{quote(current.name)} now. Run again.",
            )

        def send() -> None:
            self._client.instances.delete(instance_id)

        try:
            return StepResult(self._repeat(send, lambda found: found is None, instance_id))
        except CloudElementsError as error:
            if error.kind is not ErrorKind.IN_USE:
                raise
            raise self._in_use(error, instance_id) from None

    def _in_use(self, error: CloudElementsError, instance_id: int) -> CloudElementsError:
        """Return the error for an instance in use, with the formula instances that use it if the platform tells."""
        try:
            users = self._client.formula_instances.using(instance_id)
        except CloudElementsError:
            return error
        return error.but(f"{error.message} {used_by(users)}") if users else error

    def _repeat(
        self,
        send: Callable[[], Instance | None],
        is_done: Callable[[Instance | None], bool],
        instance_id: int,
        *,
        blind: bool = False,
    ) -> Instance | None:
        def read() -> Instance | None:
            return self._client.instances.get(instance_id)

        return repeat_write(str(self._desired), send, read, is_done, self._client, blind=blind)

    def _whole(self, result: StepResult[Instance]) -> StepResult[Instance]:
        """Return the result of a step with all that the platform tells of the instance, which its answer may not.

        What was just written is there, even if a read lags behind and does not find it.
        """
        instance = result.observed
        if instance is None or instance.is_complete or instance.id is None:
            return result
        whole = self._read(instance.id, result) or instance
        return dataclasses.replace(result, observed=whole)

    def _read(self, instance_id: int, result: StepResult[Instance]) -> Instance | None:
        """Return an instance after a write.

        Raises:
            InterruptedStepError: It cannot be read. The error says that the write was done.
        """
        try:
            return self._client.instances.get(instance_id)
        except Exception as error:
            named = describe(self._desired.name, self._desired.element_key, instance_id)
            context = f"The {named} was written, but could not be read afterwards."
            raise InterruptedStepError(error_of(error).within(context), result) from None
