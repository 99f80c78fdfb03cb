# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Runs plans until what is there is what is desired. Check mode differs in one thing: what carries a step out."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable

from ..._api.client import Client, UncertainError
from ..._api.models import DesiredInstance, Instance
from ..._api.retry_budget import RetryBudget
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import quote
from .creation import SPENT, Creator
from .duplicates import Made, settle_race, settle_rename
from .ownership import Baseline
from .plan import Change, Create, Delete, Reauthenticate, Sent, SetEnabled, Step, plan
from .usage import used_by

_T = t.TypeVar("_T")

ROUNDS = 2
"""How often a plan is made and carried out: what the platform did not take the first time is sent once more."""


class Doer(t.Protocol):
    """Carries out steps."""

    accepted: bool
    """Whether the last step was carried out, even if something failed after it."""

    adopted: bool
    """Whether the instance turned out to be another run's, so that nothing of ours can be taken to have arrived."""

    def __call__(self, step: Step, instance: Instance | None) -> Instance | None:
        """Carry out a step on the instance that is there, and return the instance that is there afterwards."""


def converge(
    desired: DesiredInstance, observed: Instance | None, do: Doer, done: list[Step], sent: Sent = Sent.NOTHING
) -> Instance | None:
    """Make an instance as desired and return it, or None where it is gone.

    In: the wish; the whole instance or None; what carries out a step; a list that each step is added to as soon as it
    is done, so that it is known what was done should anything fail; and what this run has sent already. Raises what the
    plan and the doer raise.
    """
    instance = observed
    rounds = ROUNDS
    while rounds:
        rounds -= 1
        for step in plan(desired, instance, sent=sent):
            try:
                instance = do(step, instance)
            finally:
                if do.accepted:
                    done.append(step)
            if do.adopted:
                rounds, sent = ROUNDS, Sent.CODE
            else:
                sent = Sent.ALL
    return instance


def unsettled(desired: DesiredInstance, instance: Instance | None) -> str | None:
    """Return what the platform would not take, in words, or None where all is as desired."""
    left = plan(desired, instance, sent=Sent.ALL)
    return " and ".join(step.action for step in left) if left else None


class Predictor:
    """Carries out steps in thought: check mode, and the diff in both modes."""

    accepted = True
    adopted = False

    def __call__(self, step: Step, instance: Instance | None) -> Instance | None:
        """Return the instance as the step will leave it."""
        return step.predict(instance)


class Sender:
    """Carries out steps on the platform.

    In: the wish that the steps come from; what the run knew before; the client and the budget; where to report what the
    user should know; and whether to look at once for what other runs do at the same time, or to leave that to the
    caller. C(made) is what a create came to.
    """

    accepted: bool
    adopted: bool

    def __init__(
        self,
        desired: DesiredInstance,
        baseline: Baseline,
        client: Client,
        budget: RetryBudget,
        report: Callable[[str], None],
        *,
        settle: bool = True,
    ) -> None:
        self._desired = desired
        self._baseline = baseline
        self._client = client
        self._budget = budget
        self._report = report
        self._settle = settle
        self.made: Made | None = None

    def __call__(self, step: Step, instance: Instance | None) -> Instance | None:
        """Carry out a step and return the whole instance as the platform has it afterwards."""
        self.accepted = self.adopted = False
        if isinstance(step, Create):
            return self._create(step)
        if instance is None or instance.id is None:
            raise AssertionError("A step other than to create needs an instance.")
        if isinstance(step, Change):
            return self._change(step, instance.id)
        if isinstance(step, SetEnabled):
            return self._set_enabled(step, instance, instance.id)
        if isinstance(step, Reauthenticate):
            return self._reauthenticate(step, instance.id)
        return self._delete(step, instance.id)

    def _create(self, step: Create) -> Instance:
        creator = Creator(self._desired, self._baseline, self._client, self._budget, self._report)
        made = creator.create(step.body)
        self.accepted, self.made = True, made
        creator.refuse_other_name(made, self._forget)
        if self._settle:
            self.made = made = settle_race(made, self._desired, self._client, self._budget, self._report)
        self.adopted = not made.own
        return self._whole(made.instance)

    def _forget(self) -> None:
        """Forget what was made, as it was removed again: nothing was done in the end."""
        self.accepted, self.made = False, None

    def _change(self, step: Change, instance_id: int) -> Instance | None:
        def send() -> Instance:
            return self._accepted(self._client.change_instance(instance_id, step.body))

        def is_done(found: Instance | None) -> bool:
            return found is not None and step.is_done(found)

        changed = self._repeat(send, is_done, instance_id, blind=bool(step.secret))
        if changed is not None and self._settle and step.renames:
            settle_rename(changed, self._desired, self._client, self._budget, self._report)
        return changed and self._whole(changed)

    def _set_enabled(self, step: SetEnabled, instance: Instance, instance_id: int) -> Instance | None:
        def send() -> None:
            self._client.set_enabled(instance_id, step.enabled)
            self.accepted = True

        def is_done(found: Instance | None) -> bool:
            return found is not None and found.enabled == step.enabled

        told = self._repeat(send, is_done, instance_id)  # The call itself does not tell.
        return told or self._read(instance_id) or step.predict(instance)

    def _reauthenticate(self, step: Reauthenticate, instance_id: int) -> Instance | None:
        try:
            instance = self._accepted(self._client.change_instance(instance_id, step.body))
        except UncertainError as doubt:
            raise self._unknown(doubt.error, f"{self._desired.inside} was authenticated again", SPENT) from None
        except CloudElementsError as error:
            raise error.but(f"{error.facts} {SPENT}") if error.status == 429 else error from None
        return self._whole(instance)

    def _delete(self, step: Delete, instance_id: int) -> Instance | None:
        current = self._client.get_instance(instance_id)
        if current is not None and (current.name, current.element_key) != (step.name, step.element_key):
            raise CloudElementsError(
                ErrorKind.AMBIGUOUS,
                f"{self._desired.label} was not removed: the instance with id {instance_id} is called "
                f"{quote(current.name)} now. Run again.",
            )

        def send() -> None:
            self._client.delete_instance(instance_id)
            self.accepted = True

        try:
            return self._repeat(send, lambda found: found is None, instance_id)
        except CloudElementsError as error:
            if error.kind is not ErrorKind.IN_USE:
                raise
            raise self._held(error, instance_id) from None

    def _held(self, error: CloudElementsError, instance_id: int) -> CloudElementsError:
        """Return the error for an instance in use, with the formula instances that hold it if the platform tells."""
        try:
            holders = self._client.formula_instances(instance_id)
        except CloudElementsError:
            return error
        return error.but(f"{error.message} {used_by(holders)}") if holders else error

    def _repeat(
        self,
        send: Callable[[], Instance | None],
        is_done: Callable[[Instance | None], bool],
        instance_id: int,
        *,
        blind: bool = False,
    ) -> Instance | None:
        """Send a write whose effect is the same however often it arrives. After each lost answer it is looked first.

        Raises the cause where the resends are used up and it is seen not to be done, and C(unknown_outcome) where that
        can not be seen: where the look failed too, or the write is C(blind) as it holds secrets.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return send()
            except UncertainError as doubt:
                try:
                    self._budget.wait(doubt.wait, "It could not be looked at.")
                    found = self._client.get_instance(instance_id)
                except CloudElementsError as error:
                    raise self._unknown(doubt.error, f"{self._desired.inside} was changed", error.message) from None
                if is_done(found):
                    self.accepted = True
                    return found
                if attempt > self._budget.retries:
                    unknown = self._unknown(doubt.error, f"the secrets of {self._desired.inside} arrived", "Run again.")
                    raise unknown if blind else doubt.error from None
                self._report(f"{doubt.error.facts} It had no effect that shows. Sending it again.")

    def _accepted(self, answer: _T) -> _T:
        """Return the answer to a write after noting that it was accepted."""
        self.accepted = True
        return answer

    def _unknown(self, cause: CloudElementsError, what: str, advice: str) -> CloudElementsError:
        """Return the error for a write that may have taken effect."""
        return cause.but(f"It is not known whether {what}. {cause.facts} {advice}", ErrorKind.UNKNOWN_OUTCOME)

    def _whole(self, instance: Instance) -> Instance:
        """Return an instance with all that the platform tells, which the answer to a write may not.

        One that was just written is there, even if a read lags behind and does not find it.
        """
        if instance.is_complete or instance.id is None:
            return instance
        return self._read(instance.id) or instance

    def _read(self, instance_id: int) -> Instance | None:
        """Return an instance after a write. An error says that the write was done."""
        try:
            return self._client.get_instance(instance_id)
        except CloudElementsError as error:
            label = dataclasses.replace(self._desired, id=instance_id).label
            raise error.within(f"{label} was written, but could not be read afterwards.") from None
