# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what creating an instance means: what is sent, how it is found again, and what proves that it is ours."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..._api.client import Client
from ..._api.models import Instance
from ..._api.names import Identity, may_be_stored_as
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import enumerated, quote
from ..._reconcile.create_once import Created, delete_own, doubt_of
from ..._reconcile.steps import InterruptedStepError, StepResult
from .desired import DesiredInstance
from .lookup import complete, is_of_element, look, only
from .ownership import Baseline, has_content


@dataclasses.dataclass(frozen=True)
class InstanceCreation:
    """The create of one instance.

    Attributes:
        desired: The instance to create.
        body: Exactly what is sent.
        baseline: What the run knew before.
    """

    desired: DesiredInstance
    body: Mapping[str, t.Any] = dataclasses.field(repr=False)
    baseline: Baseline

    kind = "instance"

    def __str__(self) -> str:
        return str(self.desired)

    @property
    def single_use(self) -> bool:
        """Whether a code is sent."""
        return "providerData" in self.body

    @property
    def known_ids(self) -> frozenset[int]:
        """The ids of all instances that the run had read before."""
        return self.baseline.ids

    def send(self, client: Client) -> Instance:
        """Send the create, and return what the platform stored, which may be under another name."""
        return client.instances.create(self.body, self.baseline.names)

    def find_lost(self, client: Client, facts: str) -> Instance | None:
        """Return what a create without an answer made after all, or None if there is none.

        Raises:
            CloudElementsError: `ambiguous`, or `name_changed` if there is a new one that the platform may have made of
                it under another name.
        """
        match, listed = only(self.desired, client, by_element=True)
        if match is not None:
            # A read by id may lag behind the listing; what is listed is there, and must not be made again.
            return complete(match, client) or match
        renamed = [row for row in self._new(listed, client) if has_content(self.body, row, self.desired.secrets)]
        if renamed:
            raise self._renamed(facts, renamed)
        return None

    def matches(self, client: Client) -> tuple[Instance, ...]:
        """Return all instances that bear the name, the oldest first."""
        return look(self.desired, client, hydrate=False).matches

    def matches_in(self, listing: Mapping[Identity, Sequence[Instance]], client: Client) -> Sequence[Instance]:
        """Return those in a listing of all instances by element and name."""
        return listing.get((self.desired.element_key, self.desired.name or ""), ())

    def read(self, number: int, client: Client) -> Instance | None:
        """Return the instance with an id, or None if there is none."""
        return client.instances.get(number)

    def delete(self, number: int, client: Client) -> None:
        """Delete the instance with an id."""
        client.instances.delete(number)

    def is_meant(self, stored: Instance) -> bool:
        """Tell whether an instance bears the name and is of the element."""
        return stored.name == self.desired.name and is_of_element(self.desired, stored)

    def has_content(self, stored: Instance) -> bool:
        """Tell whether an instance is what was sent, apart from its name, as far as it shows. Pure."""
        return has_content(self.body, stored)

    def _new(self, listed: Iterable[Instance], client: Client) -> Iterator[Instance]:
        """Yield the whole instances that are new, and whose name the platform may have made of the desired one."""
        for row in listed:
            if (
                row.id not in self.baseline.ids
                and (row.element_key or "").casefold() == (self.desired.element_key or "").casefold()
                and (row.element_key, row.name) not in self.baseline.names
                and may_be_stored_as(self.desired.name or "", row.name)
            ):
                yield complete(row, client) or row

    def _renamed(self, facts: str, instances: Iterable[Instance]) -> CloudElementsError:
        named = enumerated(f"{quote(instance.name)} with id {instance.id}" for instance in instances)
        return CloudElementsError(
            ErrorKind.NAME_CHANGED,
            f"The {self.desired} was probably stored by the platform under another name. {facts} New since this run "
            f"began, with the same content: {named}. Nothing was sent again. Use that name, or remove the instance by "
            "its id with state=absent, and choose a name that the platform keeps as it is.",
        )


def refuse_other_name(desired: DesiredInstance, created: Created[Instance], client: Client) -> None:
    """Raise `name_changed` for an instance that is not called as asked, after deleting what this run created.

    If it stayed, no later run would find it by its name. An instance of another element key stays: a run that
    spells the key right finds it, and may have adopted it already.

    Raises:
        CloudElementsError: It was deleted again, so nothing was done in the end.
        InterruptedStepError: It stays.
    """
    instance = created.resource
    if instance.name == desired.name and instance.element_key in (None, desired.element_key):
        return
    facts = f"The {desired} was stored by the platform as {quote(instance.name)}"
    if instance.element_key not in (None, desired.element_key):
        kept = CloudElementsError(
            ErrorKind.NAME_CHANGED,
            f"{facts} of element {quote(instance.element_key)}, with id {instance.id}. It was not removed. Correct "
            "element_key, or remove the instance by its id with state=absent.",
        )
        raise InterruptedStepError(kept, StepResult(instance, created))
    facts += f", with id {instance.id}."
    try:
        doubt = doubt_of(created, client)
        if doubt is None and look(desired, client, hydrate=False, by_element=True).matches:
            doubt = "an instance of the name that was sent is there too"
        if doubt is not None:
            raise CloudElementsError(
                ErrorKind.NAME_CHANGED,
                f"It was not removed, as it is not certain that this run made it: {doubt}. Look at the instance "
                f"with id {instance.id}: use its name, or remove it by its id if nobody needs it.",
            )
        delete_own(created, client, "")
    except CloudElementsError as error:
        raise InterruptedStepError(error.within(facts), StepResult(instance, created)) from None
    others = _others_of(desired, instance, client)
    raise CloudElementsError(
        ErrorKind.NAME_CHANGED,
        f"{facts} It was removed again, as no later run would find it.{others} Choose a name that the platform "
        "keeps as it is.",
    )


def _others_of(desired: DesiredInstance, instance: Instance, client: Client) -> str:
    """Return a sentence about other instances of the changed name, which earlier creates may have left."""
    try:
        listed = look(dataclasses.replace(desired, name=instance.name), client, by_element=True).matches
    except CloudElementsError as error:
        return f" It could not be checked whether there are others of that name: {error.message}"
    ids = [str(row.id) for row in listed if row.id != instance.id]
    return f" There are others of that name, which earlier tries may have left: {enumerated(ids)}." if ids else ""
