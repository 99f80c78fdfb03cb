# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Runs plans until what is there is what is wanted. Check mode differs in one thing: what carries a step out."""

from __future__ import annotations

from collections.abc import Callable

from ._client import Client, UncertainError
from ._create import Creator
from ._models import Instance, Wanted
from ._pace import Pace
from ._plan import Change, Create, Step, plan

ROUNDS = 2
"""How often a plan is made and carried out: what the platform did not take the first time is sent once more."""

Doer = Callable[[Step, Instance | None], Instance | None]
"""Carries out a step on the instance that is there, and returns the instance that is there afterwards."""


def converge(wanted: Wanted, observed: Instance | None, do: Doer, done: list[str]) -> Instance | None:
    """Make an instance as wanted and return it, or None where it is gone.

    In: the wish; the whole instance or None; what carries out a step; and a list that each finished step is added to
    in words, so that it is known what was done should a later step fail. Raises what the plan and the doer raise.
    """
    instance = observed
    for _round in range(ROUNDS):
        for step in plan(wanted, instance):
            instance = do(step, instance)
            done.append(step.action)
    return instance


def unsettled(wanted: Wanted, instance: Instance | None) -> str | None:
    """Return what the platform would not take, in words, or None where all is as wanted."""
    left = plan(wanted, instance)
    return " and ".join(step.action for step in left) if left else None


def predict(step: Step, instance: Instance | None) -> Instance | None:
    """Carry out a step in thought: what L(converge) does in check mode, and for the diff in both modes."""
    if isinstance(step, Create):
        return step.predict()
    if isinstance(step, Change) and instance is not None:
        return step.predict(instance)
    return None


class Sender:
    """Carries out steps on the platform.

    In: the wish that the steps come from; the client and the pace; and where to report what the user should know.
    C(made) is true once this run has made an instance that is its own.
    """

    def __init__(self, wanted: Wanted, client: Client, pace: Pace, report: Callable[[str], None]) -> None:
        self._wanted = wanted
        self._client = client
        self._pace = pace
        self._report = report
        self.made = False

    def __call__(self, step: Step, instance: Instance | None) -> Instance | None:
        """Carry out a step and return the whole instance as the platform has it afterwards."""
        if isinstance(step, Create):
            created, self.made = Creator(self._wanted, self._client, self._pace, self._report).create(step.body)
            return self._whole(created)
        if instance is None or instance.id is None:
            raise AssertionError("A step other than to create needs an instance.")
        if isinstance(step, Change):
            return self._change(step, instance, instance.id)
        return self._delete(instance.id)

    def _change(self, step: Change, instance: Instance, instance_id: int) -> Instance | None:
        return self._repeat(
            lambda: self._whole(self._client.change_instance(instance_id, step.body)),
            lambda found: found is not None and step.is_done(found),
            instance_id,
        )

    def _delete(self, instance_id: int) -> Instance | None:
        def send() -> None:
            self._client.delete_instance(instance_id)

        return self._repeat(send, lambda found: found is None, instance_id)

    def _repeat(
        self, send: Callable[[], Instance | None], is_done: Callable[[Instance | None], bool], instance_id: int
    ) -> Instance | None:
        """Send a write whose effect is the same however often it arrives. After each lost answer it is looked first.

        Raises the cause where the resends are used up and it is not done, or may not be.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return send()
            except UncertainError as doubt:
                self._pace.wait(doubt.wait)
                found = self._client.get_instance(instance_id)
                if is_done(found):
                    return found
                if attempt > self._pace.retries:
                    raise doubt.error from None
                self._report(f"{doubt.error.message} It had no effect that shows. Sending it again.")

    def _whole(self, instance: Instance) -> Instance | None:
        """Return an instance with all that the platform tells, which the answer to a write may not."""
        if instance.is_complete or instance.id is None:
            return instance
        return self._client.get_instance(instance.id)
