# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one formula: from what is desired and what is observed to the steps between them. Pure.

The platform replaces a formula as a whole, so a change sends everything. To pause a formula comes before a change of
it, and to let it run comes after.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._core.text import enumerated, quote
from .desired import DesiredFormula, describe
from .template import Template, differences, with_kept


@dataclass(frozen=True)
class State:
    """A formula as it is, or will be."""

    id: int | None
    name: str
    active: bool
    template: Template = field(repr=False)


@dataclass(frozen=True)
class Observed:
    """What the platform has of all that a formula is about.

    Attributes:
        formula: The formula. None if there is none.
        ids: The ids of the formulas that its steps call, by name.
        users: The formula instances that use it, in words.
        callers: The formulas that call it, if it is to go, by name.
        leaving_callers: Those of them that the same run removes before it.
        known_ids: The ids of all formulas.
        account_id: The account of the formula. None if the platform does not tell it.
    """

    formula: State | None
    ids: Mapping[str, int] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    leaving_callers: tuple[str, ...] = ()
    known_ids: frozenset[int] = frozenset()
    account_id: int | None = None

    def holding(self, formula: State | None) -> Observed:
        """Return the same with another state of the formula."""
        return dataclasses.replace(self, formula=formula)


def known(observed: Observed | None) -> Observed:
    """Return what is observed. Of a formula, something always is, even if it is not there."""
    if observed is None:
        raise AssertionError("Every formula is observed.")
    return observed


@dataclass(frozen=True)
class Create:
    """Create the formula. `active` None leaves it to the platform."""

    name: str
    template: Template = field(repr=False)
    active: bool | None

    verb = "create"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"create {describe(self.name)}"

    def body(self, ids: Mapping[str, int]) -> dict[str, t.Any]:
        """Return exactly what is sent."""
        active = {} if self.active is None else {"active": self.active}
        return {"name": self.name, **active, **self.template.body(ids)}

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards. A new formula runs unless it is said otherwise (vendor's exports)."""
        return known(observed).holding(State(None, self.name, self.active is not False, self.template))


@dataclass(frozen=True)
class Replace:
    """Replace the whole formula.

    Attributes:
        name: The name, which may be a new one.
        template: The template, with the metadata that stays.
        active: Whether it runs by then.
        changed: What differs, in words.
    """

    name: str
    template: Template = field(repr=False)
    active: bool
    changed: tuple[str, ...]

    verb = "change"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"change {enumerated(self.changed)}"

    def body(self, ids: Mapping[str, int]) -> dict[str, t.Any]:
        """Return exactly what is sent."""
        return {"name": self.name, "active": self.active, **self.template.body(ids)}

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards."""
        before = known(observed)
        number = None if before.formula is None else before.formula.id
        return before.holding(State(number, self.name, self.active, self.template))

    def is_done(self, state: State) -> bool:
        """Tell whether a formula is as this makes it."""
        return state.name == self.name and not differences(self.template, state.template)


@dataclass(frozen=True)
class Patch:
    """Change the name of the formula, or whether it runs. `body` is exactly what is sent."""

    body: Mapping[str, t.Any]

    @property
    def verb(self) -> str:
        """What the step does, for machines."""
        if "name" in self.body:
            return "rename"
        return "enable" if self.body["active"] else "disable"

    @property
    def action(self) -> str:
        """The step in words."""
        if "name" in self.body:
            return f"rename to {quote(self.body['name'])}"
        return "activate" if self.body["active"] else "deactivate"

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards."""
        before = known(observed)
        return before.holding(before.formula and dataclasses.replace(before.formula, **self.body))

    def is_done(self, state: State) -> bool:
        """Tell whether a formula is as this makes it."""
        return all(getattr(state, key) == value for key, value in self.body.items())


@dataclass(frozen=True)
class Delete:
    """Delete the formula."""

    name: str

    verb = "remove"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete {describe(self.name)}"

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards."""
        return known(observed).holding(None)


FormulaStep: t.TypeAlias = "Create | Replace | Patch | Delete"


def plan(desired: DesiredFormula, observed: Observed) -> tuple[FormulaStep, ...]:
    """Return the steps from what is observed to what is desired, none if it is so already.

    Raises:
        CloudElementsError: `not_found` or `invalid_options` if no steps could lead there. `in_use` if formula instances
            are in the way.
    """
    there = observed.formula
    if not desired.present:
        return () if there is None else (_delete(desired, there, observed),)
    if desired.template is not None:
        template = with_kept(desired.template, Template() if there is None else there.template)
        desired = dataclasses.replace(desired, template=template)
    if there is None:
        return (_create(desired),)
    return tuple(_changes(desired, there, observed))


def _create(desired: DesiredFormula) -> Create:
    if desired.id is not None or desired.name is None:
        raise CloudElementsError(
            ErrorKind.NOT_FOUND,
            f"The {desired} does not exist, and the platform chooses the id of a new one. "
            "To create it, leave id out; to make sure that it is gone, use state=absent.",
        )
    if desired.template is None:
        raise CloudElementsError(
            ErrorKind.NOT_FOUND, f"The {desired} does not exist, and without definition it cannot be created."
        )
    return Create(desired.name, desired.template, desired.active)


def _changes(desired: DesiredFormula, there: State, observed: Observed) -> Iterator[FormulaStep]:
    active = there.active if desired.active is None else desired.active
    name = there.name if desired.name is None else desired.name
    changed = () if desired.template is None else differences(desired.template, there.template)
    if there.active and not active:
        yield Patch({"active": False})
    if desired.template is not None and changed:
        _refuse_dropped(desired, desired.template, there, observed)
        metadata = {**there.template.metadata, **desired.template.metadata}
        template = dataclasses.replace(desired.template, metadata=metadata)
        renamed = (f"name to {quote(name)}",) if name != there.name else ()
        yield Replace(name, template, there.active and active, (*renamed, *changed))
    elif name != there.name:
        yield Patch({"name": name})
    if active and not there.active:
        yield Patch({"active": True})


def _refuse_dropped(desired: DesiredFormula, template: Template, there: State, observed: Observed) -> None:
    """Raise `in_use` if a variable is dropped while there are formula instances (vendor documentation: templates)."""
    dropped = sorted(there.template.variables.keys() - template.variables.keys())
    if dropped and observed.users:
        raise CloudElementsError(
            ErrorKind.IN_USE,
            f"The {desired} was not changed: the definition lacks the variables {enumerated(dropped)}, and the "
            f"platform does not drop a variable while the formula has instances: {enumerated(observed.users)}. Remove "
            "them first, or keep the variables.",
        )


def _delete(desired: DesiredFormula, there: State, observed: Observed) -> Delete:
    if desired.name is not None and desired.name != there.name:
        raise invalid(f"The {desired} is called {quote(there.name)}. To remove it, leave name out or give that one.")
    if observed.users:
        raise CloudElementsError(
            ErrorKind.IN_USE,
            f"The {desired} was not removed: it has the formula instances {enumerated(observed.users)}. Remove them "
            "first.",
        )
    if observed.callers:
        raise CloudElementsError(
            ErrorKind.IN_USE,
            f"The {desired} was not removed: the formulas {enumerated(map(quote, observed.callers))} call it. Change "
            "or remove them first.",
        )
    return Delete(there.name)
