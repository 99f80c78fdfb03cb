# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""One instance's way through a task: what is foreseen, what is done, and what is told of it."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..._api.client import Client
from ..._api.models import DesiredInstance, Instance
from ..._api.retry_budget import RetryBudget
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import did_you_mean, enumerated, quote
from ..elements import Element, may_be_untold, name_unknown, refuse_missing, suspicions, unknown_keys
from .duplicates import Made
from .executor import Predictor, Sender, converge, unsettled
from .ownership import Baseline
from .plan import Change, Create, Delete, Sent, Step, diff, hidden
from .verification import verify

# The same words whatever the task, as Ansible shows each warning once in a run.
SECRETS_IGNORED = (
    "Secrets were given for instances that exist. They were neither compared nor sent, as update_secrets is not given "
    "and the platform does not tell what it has stored. If one has changed, run once with update_secrets=always, or "
    "use update_secrets=on_change. With update_secrets=on_create, this is not said."
)


@dataclass
class Job:
    """A wish, what was there before, what is foreseen, and what was done so far.

    C(warnings) is what the user should know of it. C(after) is the instance as it is now, or would be.
    """

    desired: DesiredInstance
    before: Instance | None
    forecast: tuple[Step, ...]
    predicted: Instance | None
    steps: list[Step] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    after: Instance | None = None
    unknown_keys: frozenset[str] = frozenset()
    """The configuration keys that the element does not have."""

    @property
    def creates(self) -> bool:
        """Whether an instance has to be made."""
        return bool(self.forecast) and isinstance(self.forecast[0], Create)

    @property
    def removes(self) -> bool:
        """Whether an instance has to be removed."""
        return any(isinstance(step, Delete) for step in self.forecast)

    @property
    def doubtful_key(self) -> str | None:
        """The element key to ask the catalogue for: nothing was found by a name, so the key may be wrong too."""
        return self.desired.element_key if self.before is None and self.desired.id is None else None

    @property
    def strange_keys(self) -> frozenset[str]:
        """The configuration keys that the user gave, the instance does not have, and every element may not have."""
        if self.before is None or not self.desired.present:
            return frozenset()
        stored = self.before.configuration or {}
        keys = hidden(self.desired, self.before)
        return frozenset(key for key in keys if key not in stored and not may_be_untold(key))

    @property
    def asked_element(self) -> str | None:
        """The key of the element to ask the catalogue for: of what is to be made, or is there with strange keys."""
        if self.before is not None:
            return self.before.element_key if self.strange_keys else None
        return self.doubtful_key

    @property
    def ignores_secrets(self) -> bool:
        """Whether secrets are given that are not sent, by a default that the user may not know."""
        desired = self.desired
        return (
            self.before is not None and desired.present and bool(desired.secrets) and not desired.update_secrets_given
        )

    @property
    def known(self) -> Instance | None:
        """The instance as far as it is or was known."""
        return self.after or self.before

    def report(self, warning: str) -> None:
        """Note what the user should know."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    @property
    def is_removed(self) -> bool:
        """Whether the instance was removed in the end."""
        return bool(self.steps) and isinstance(self.steps[-1], Delete)

    @property
    def renamed(self) -> bool:
        """Whether the instance that was there was given another name."""
        return self.before is not None and any(isinstance(step, Change) and step.renames for step in self.steps)

    def sender(self, client: Client, budget: RetryBudget, baseline: Baseline, *, settle: bool = True) -> Sender:
        """Return what sends this job's steps.

        Args:
            client: Sends and reads.
            budget: Tells when something may be sent.
            baseline: What the run knew before it wrote anything.
            settle: Whether to look at once for what other runs do at the same time, or leave that to the caller.
        """
        return Sender(self.desired, baseline, client, budget, self.report, settle=settle)

    def diff(self) -> dict[str, dict[str, t.Any]]:
        """Return what is foreseen to change, for C(--diff)."""
        return diff(self.desired, self.before, self.predicted, self.forecast)


def foresee(desired: DesiredInstance, before: Instance | None) -> Job:
    """Return the job for a wish and the whole instance that is there. Pure. Raises what L(plan) raises."""
    forecast: list[Step] = []
    predicted = converge(desired, before, Predictor(), forecast)
    return Job(desired, before, tuple(forecast), predicted)


def preflight(
    desired: DesiredInstance, element: Element | None, report: Callable[[str], None], keys: Iterable[str] = ()
) -> None:
    """Raise if the catalogue already tells that an instance cannot be created, or never was.

    Args:
        desired: The wish.
        element: Its element, None if the catalogue has none.
        report: Where to report what is likely to go wrong.
        keys: The keys of the elements that there are, as far as they are known, if the catalogue has none.
    """
    # No later run would find an instance of an element that is spelled otherwise.
    if element is None or element.key != desired.element_key:
        keys = keys if element is None else [element.key]
        raise CloudElementsError(
            ErrorKind.NOT_FOUND,
            f"{desired.label} does not exist, and the platform has no element with the key {quote(desired.element_key)}."
            f"{did_you_mean(desired.element_key or '', keys)} "
            "Check element_key and base_url. The module cloud_elements_element_info lists the elements that there are.",
            status=404,
            attempts=1,
        )
    if desired.present:
        refuse_missing(desired, element)
        for warning in suspicions(desired, element):
            report(warning)


def element_keys(client: Client) -> tuple[str, ...]:
    """Return the keys of all elements, for a suggestion, or none if they cannot be read."""
    try:
        return client.list_element_keys()
    except CloudElementsError:
        return ()


def note_unknown_keys(job: Job, element: Element | None) -> None:
    """Report the configuration of an existing instance that its element does not have."""
    unknown = unknown_keys(job.strange_keys, element) if element is not None else frozenset()
    if element is None or not unknown:
        return
    job.unknown_keys = unknown
    sent = job.desired.update_secrets != "on_create"
    then = "They are sent all the same." if sent else "If they are right, run once with update_secrets=always."
    job.report(f"{name_unknown(unknown, element)} {then}")


def report_unread(error: CloudElementsError, report: Callable[[str], None]) -> None:
    """Report that the catalogue could not be read, unless the user may not. Raises what would stop the write too."""
    if error.kind in (
        ErrorKind.UNAUTHORIZED,
        ErrorKind.DEADLINE,
        ErrorKind.TLS,
        ErrorKind.REDIRECT,
        ErrorKind.UNREACHABLE,
    ):
        raise error
    if error.kind is not ErrorKind.FORBIDDEN:
        report(f"{error.facts} What the element needs is left for the platform to decide.")


def report_unsent(job: Job) -> None:
    """Report the configuration that can not be compared and so, by I(update_secrets=on_create), was not sent."""
    if job.before is None or job.desired.update_secrets != "on_create" or not job.desired.present:
        return
    keys = hidden(job.desired, job.before).keys() - job.unknown_keys
    if keys:
        job.report(
            f"{job.desired.label} exists, and the platform does not tell what it has for {enumerated(sorted(keys))}. So "
            "that was not sent. If it has changed, run once with update_secrets=always."
        )


def carry_out(job: Job, sender: Sender) -> None:
    """Do what is foreseen on the platform. In: the job, whose steps, warnings and state are kept up, and what sends."""
    job.after = job.before
    try:
        job.after = converge(job.desired, job.before, sender, job.steps)
    finally:
        if job.after is None and sender.made is not None and not job.is_removed:
            job.after = sender.made.instance
    report_unsent(job)
    _report_unsettled(job)


def carry_on(job: Job, sender: Sender) -> None:
    """Do what is left where another run's instance was adopted after all. A code that was sent is not sent again."""
    job.after = converge(job.desired, job.after, sender, job.steps, Sent.CODE)
    _report_unsettled(job)


def pretend(job: Job) -> None:
    """Do what is foreseen in check mode: nothing."""
    job.steps.extend(job.forecast)
    job.after = job.predicted
    report_unsent(job)


def check(job: Job, client: Client, budget: RetryBudget, made: Made | None) -> None:
    """Verify the instance if the wish says so. In: what a create of this run came to, so that it may be removed."""
    if job.desired.verify and job.after is not None:
        instance = job.after

        def removed() -> None:
            job.steps.append(Delete(instance.name, instance.element_key))

        verify(job.desired, instance, client, budget, job.report, made, removed)


def _report_unsettled(job: Job) -> None:
    left = unsettled(job.desired, job.after)
    if left is not None:
        job.report(
            f"{job.desired.label} did not settle. It was sent twice, and the platform would still have to {left}."
        )
