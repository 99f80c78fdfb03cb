# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one formula instance: from what is desired and what is observed to the steps between them. Pure.

The platform replaces a formula instance as a whole, so a change sends everything. A new one is created inactive, and
activated last: nothing fires half-made.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..._api.formula_models import Formula, FormulaInstance
from ..._api.values import as_text
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._core.text import enumerated, quote
from ..._reconcile.steps import AlreadySent
from ..._secrets.masks import holds_mask
from ..comparison import is_verifiable, same_value
from .desired import DesiredFormulaInstance, InstanceReference, describe


@dataclass(frozen=True)
class Observed:
    """What the platform has of all that a formula instance is about.

    Attributes:
        formula: The formula. None if there is none, which is no error if no instance of it is desired.
        instance: The formula instance. None if there is none.
        ids: The ids of the element instances that are referred to.
        known_ids: The ids of all instances of the formula.
    """

    formula: Formula | None
    instance: FormulaInstance | None
    ids: Mapping[InstanceReference, int] = field(default_factory=dict)
    known_ids: frozenset[int] = frozenset()

    def holding(self, instance: FormulaInstance | None) -> Observed:
        """Return the same with another state of the formula instance."""
        return dataclasses.replace(self, instance=instance)


def known(observed: Observed | None) -> Observed:
    """Return what is observed. Of a formula instance, something always is, even if it is not there."""
    if observed is None:
        raise AssertionError("Every formula instance is observed.")
    return observed


@dataclass(frozen=True)
class Create:
    """Create the formula instance, inactive. `body` is exactly what is sent."""

    formula: str
    body: Mapping[str, t.Any] = field(repr=False)

    verb = "create"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"create {describe(self.body['name'], self.formula)}"

    def predict(self, observed: Observed | None) -> Observed | None:
        """Return what will be there afterwards, as far as that is known."""
        before = known(observed)
        formula = before.formula
        return before.holding(_stored(self.body, self.formula, None if formula is None else formula.id))


@dataclass(frozen=True)
class Change:
    """Replace the formula instance.

    Attributes:
        body: Exactly what is sent: everything.
        name: The new name, if it changes.
        keys: The variables that differ.
        settings: The settings that differ.
        secrets: The variables whose stored value cannot be seen, or must not be shown.
    """

    body: Mapping[str, t.Any] = field(repr=False)
    name: str | None
    keys: frozenset[str]
    settings: frozenset[str]
    secrets: frozenset[str]

    @property
    def verb(self) -> str:
        """What the step does, for machines."""
        return "change" if self.keys or self.settings or self.secrets else "rename"

    @property
    def action(self) -> str:
        """The step in words. Keys are named, values never."""
        parts = []
        if self.name is not None:
            parts.append(f"rename to {quote(self.name)}")
        if self.keys:
            parts.append(f"change configuration {enumerated(sorted(self.keys))}")
        if self.settings:
            parts.append(f"change settings {enumerated(sorted(self.settings))}")
        if self.secrets:
            parts.append(f"send secrets {enumerated(sorted(self.secrets))}")
        return " and ".join(parts)

    def predict(self, observed: Observed | None) -> Observed | None:
        """Return what will be there afterwards."""
        before = known(observed)
        there = before.instance
        if there is None:
            return before
        after = _stored(self.body, there.formula, there.formula_id)
        return before.holding(dataclasses.replace(after, id=there.id, created_date=there.created_date))

    def is_done(self, instance: FormulaInstance) -> bool:
        """Tell whether a formula instance is as this makes it, as far as the platform tells."""
        sent, stored = self.body["configuration"], instance.configuration
        return (
            instance.name == self.body["name"]
            and all(is_verifiable(value, stored, key) and same_value(value, stored[key]) for key, value in sent.items())
            and all(same_value(value, instance.settings.get(key)) for key, value in self.body["settings"].items())
        )


@dataclass(frozen=True)
class SetActive:
    """Let the formula instance run or not."""

    active: bool

    @property
    def verb(self) -> str:
        """What the step does, for machines."""
        return "enable" if self.active else "disable"

    @property
    def action(self) -> str:
        """The step in words."""
        return "activate" if self.active else "deactivate"

    def predict(self, observed: Observed | None) -> Observed | None:
        """Return what will be there afterwards."""
        before = known(observed)
        return before.holding(before.instance and dataclasses.replace(before.instance, active=self.active))


@dataclass(frozen=True)
class Delete:
    """Delete the formula instance."""

    name: str | None
    formula: str | None

    verb = "remove"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete {describe(self.name, self.formula)}"

    def predict(self, observed: Observed | None) -> Observed | None:
        """Return what will be there afterwards."""
        return known(observed).holding(None)


FormulaInstanceStep: t.TypeAlias = "Create | Change | SetActive | Delete"


def plan(
    desired: DesiredFormulaInstance, observed: Observed, already_sent: AlreadySent = AlreadySent.NOTHING
) -> tuple[FormulaInstanceStep, ...]:
    """Return the steps from what is observed to what is desired, none if it is so already.

    Args:
        desired: The formula instance as the user wants it.
        observed: What is there.
        already_sent: What this run has sent that cannot be seen to have arrived.

    Raises:
        CloudElementsError: `not_found` or `invalid_options` if no steps could lead there.
    """
    there = observed.instance
    if not desired.present:
        return () if there is None else (_delete(desired, there),)
    if observed.formula is None:
        raise AssertionError("Without its formula, a formula instance that is to be there is refused before.")
    check_configuration(desired, observed.formula)
    if there is None:
        return tuple(_creation(desired, observed.formula, observed))
    return tuple(_changes(desired, there, observed, _ids(observed.formula), already_sent))


def masked_in(desired: DesiredFormulaInstance, steps: Iterable[t.Any]) -> Iterator[str]:
    """Yield the keys whose values steps would write as masks, although they are to be kept."""
    for step in steps:
        if isinstance(step, (Create, Change)):
            values = step.body["configuration"]
            yield from (f"configuration {quote(key)}" for key in desired.secrets if holds_mask(values.get(key)))


def check_configuration(desired: DesiredFormulaInstance, formula: Formula) -> None:
    """Raise `invalid_options` for values that the formula has no variable for, or of the wrong kind."""
    variables = {variable.key: variable for variable in formula.variables}
    unknown = sorted({*desired.configuration, *desired.secrets} - variables.keys())
    if unknown:
        raise invalid(
            f"The formula {quote(formula.name)} has no variables of these keys: {enumerated(unknown)}. It has "
            f"{enumerated(sorted(variables)) or 'none'}."
        )
    for key, value in desired.configuration.items():
        is_reference, is_instance = isinstance(value, InstanceReference), variables[key].is_instance
        if is_reference and not is_instance:
            raise invalid(
                f"configuration, key {quote(key)}, names an element instance, but the formula {quote(formula.name)} "
                "takes a plain value there."
            )
        if is_instance and not is_reference and not _is_id(value):
            raise invalid(
                f"configuration, key {quote(key)}, is an element instance of the formula {quote(formula.name)}: give "
                "element_key and name of one, or its id."
            )


def _is_id(value: t.Any) -> bool:
    text = as_text(value)
    return value is None or (text is not None and re.fullmatch("[1-9][0-9]{0,18}", text) is not None)


def _creation(desired: DesiredFormulaInstance, formula: Formula, observed: Observed) -> Iterator[FormulaInstanceStep]:
    if desired.id is not None or desired.name is None:
        raise CloudElementsError(
            ErrorKind.NOT_FOUND,
            f"The {desired} does not exist, and the platform chooses the id of a new one. "
            "To create it, leave id out; to make sure that it is gone, use state=absent.",
        )
    configuration = _merged({}, {**_resolved(desired, observed), **desired.secrets}, _ids(formula))
    _refuse_missing(desired, formula, configuration)
    body = {
        "name": desired.name,
        "active": False,
        "configuration": configuration,
        "settings": _merged({}, desired.settings),
    }
    yield Create(formula.name, body)
    if desired.active is not False:
        yield SetActive(True)


def _refuse_missing(desired: DesiredFormulaInstance, formula: Formula, configuration: Mapping[str, t.Any]) -> None:
    missing = [
        variable.key for variable in formula.variables if variable.required and not configuration.get(variable.key)
    ]
    if missing:
        raise invalid(
            f"The {desired} cannot be created: the formula {quote(formula.name)} needs values for "
            f"{enumerated(missing)}. Nothing was written."
        )


def _changes(
    desired: DesiredFormulaInstance,
    there: FormulaInstance,
    observed: Observed,
    ids: frozenset[str],
    already_sent: AlreadySent,
) -> Iterator[FormulaInstanceStep]:
    active = there.active if desired.active is None else desired.active
    if there.active and not active:
        yield SetActive(False)
    change = _change(desired, there, observed, ids, already_sent)
    if change is not None:
        yield change
    if active and not there.active:
        yield SetActive(True)


def _change(
    desired: DesiredFormulaInstance,
    there: FormulaInstance,
    observed: Observed,
    ids: frozenset[str],
    already_sent: AlreadySent,
) -> Change | None:
    wanted, stored = _resolved(desired, observed), there.configuration
    # What is masked cannot be compared. It is sent if the user asks for that, or if something else is sent with it.
    keys = {key for key, value in wanted.items() if _differs(value, stored, key)}
    known = desired.known_secrets
    secrets = {key for key, value in known.items() if _differs(value, stored, key)}
    settings = {key for key, value in desired.settings.items() if not same_value(value, there.settings.get(key))}
    hidden = {key for key in {**wanted, **known} if key in stored and holds_mask(stored[key])}
    if desired.update_secrets == "always" and already_sent is not AlreadySent.ALL:
        secrets |= hidden
    name = None if desired.name in (None, there.name) else desired.name
    if not (keys or secrets or settings or name):
        return None
    secrets |= hidden
    configuration = _merged(stored, {**wanted, **known}, ids)
    masked = sorted(key for key, value in configuration.items() if holds_mask(value) and key not in desired.secrets)
    if masked:
        raise invalid(
            f"The {desired} can only be changed as a whole, and the platform masks its values for "
            f"{enumerated(masked)}. Give them in secret_configuration."
        )
    body = {
        "name": there.name if name is None else name,
        "active": False if desired.active is False else there.active,
        "configuration": configuration,
        "settings": _merged(there.settings, desired.settings),
    }
    return Change(body, name, frozenset(keys - secrets), frozenset(settings), frozenset(secrets))


def _differs(value: t.Any, stored: Mapping[str, t.Any], key: str) -> bool:
    """Tell whether a value is seen to differ. One that is not stored at all does; one that is masked may not."""
    return not (key in stored and holds_mask(stored[key])) and not same_value(value, stored.get(key))


def _resolved(desired: DesiredFormulaInstance, observed: Observed) -> dict[str, t.Any]:
    """Return the configuration with the ids of the element instances in it."""
    return {
        key: observed.ids[value] if isinstance(value, InstanceReference) else value
        for key, value in desired.configuration.items()
    }


def _merged(
    stored: Mapping[str, t.Any], given: Mapping[str, t.Any], ids: frozenset[str] = frozenset()
) -> dict[str, t.Any]:
    """Return values merged by key. A null removes one. The platform stores texts, and numbers for the keys in `ids`."""
    values = {**stored, **{key: as_text(value) for key, value in given.items()}}
    return {
        key: int(value) if key in ids and isinstance(value, str) and value.isdigit() else value
        for key, value in values.items()
        if value is not None
    }


def _ids(formula: Formula) -> frozenset[str]:
    """Return the keys of the variables that hold the id of an element instance (vendor acceptance suite: numbers)."""
    return frozenset(variable.key for variable in formula.variables if variable.is_instance)


def _stored(body: Mapping[str, t.Any], formula: str | None, formula_id: int | None) -> FormulaInstance:
    """Return a formula instance as the platform stores a body."""
    return FormulaInstance(
        id=None,
        name=body["name"],
        formula=formula,
        formula_id=formula_id,
        active=body["active"],
        configuration=body["configuration"],
        settings=body["settings"],
    )


def _delete(desired: DesiredFormulaInstance, there: FormulaInstance) -> Delete:
    if desired.name is not None and desired.name != there.name:
        raise invalid(f"The {desired} is called {quote(there.name)}. To remove it, leave name out or give that one.")
    return Delete(there.name, there.formula)
