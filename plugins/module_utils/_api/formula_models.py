# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define observed formulas and formula instances, and parse them from answers. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.text import quote
from .models import OddRow, ShapeError, id_in, list_from, object_from, optional_text, rows_from, text_from


@dataclass(frozen=True)
class Variable:
    """A variable of a formula, which its instances give a value.

    Attributes:
        key: The key of the value in the configuration of an instance.
        name: The name for people.
        is_instance: Whether the value is an element instance.
        required: Whether each instance needs a value.
    """

    key: str
    name: str
    is_instance: bool = False
    required: bool = False


@dataclass(frozen=True)
class Formula:
    """A formula as observed on the platform.

    Attributes:
        id: The id.
        name: The name.
        account_id: The account that it belongs to. None if the answer did not tell.
        active: Whether it runs.
        variables: Its variables.
        created_date: When it was created.
        definition: The whole template as it was answered. Rows of an abridged list have no steps.
    """

    id: int
    name: str
    account_id: int | None = None
    active: bool = True
    variables: tuple[Variable, ...] = ()
    created_date: str | None = None
    definition: Mapping[str, t.Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class FormulaInstance:
    """A formula instance as observed on the platform, or as predicted in check mode.

    Attributes:
        id: The id. None only in a prediction.
        name: The name. Rows that only say what uses an instance may lack it.
        formula: The name of its formula, if the answer tells.
        formula_id: The id of its formula, if the answer tells.
        active: Whether it runs.
        configuration: The values of the variables.
        settings: The settings.
        created_date: When it was created.
    """

    id: int | None
    name: str | None
    formula: str | None = None
    formula_id: int | None = None
    active: bool = True
    configuration: Mapping[str, t.Any] = field(default_factory=dict, repr=False)
    settings: Mapping[str, t.Any] = field(default_factory=dict, repr=False)
    created_date: str | None = None

    @property
    def label(self) -> str:
        """The formula instance in words, with invisible characters escaped."""
        called = f"{quote(self.name)} (id {self.id})" if self.name is not None else f"id {self.id}"
        return called + (f" of formula {quote(self.formula)}" if self.formula else "")


def formula_from(body: t.Any) -> Formula:
    """Parse the formula in an answer (vendor acceptance suite, formula.schema).

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the formula")
    account = row.get("accountId")
    variables = row.get("configuration")
    return Formula(
        id=id_in(row.get("id"), "the formula's id"),
        name=text_from(row.get("name"), "the formula's name"),
        account_id=None if account is None else id_in(account, "the formula's account"),
        active=row.get("active") is not False,
        variables=() if variables is None else tuple(_variable(each) for each in list_from(variables)),
        created_date=optional_text(row.get("createdDate")),
        definition=row,
    )


def _variable(body: t.Any) -> Variable:
    row = object_from(body, "a variable of the formula")
    key = text_from(row.get("key"), "the key of a variable of the formula")
    return Variable(
        key, optional_text(row.get("name")) or key, row.get("type") == "elementInstance", row.get("required") is True
    )


def formulas_from(body: t.Any) -> tuple[Formula | OddRow, ...]:
    """Parse the formulas in a listing. A row that is not a valid formula, but has an id, becomes an `OddRow`.

    Raises:
        ShapeError: The answer is not a list, or it contains a row without an id.
    """
    return rows_from(body, formula_from, "the formula")


def formula_instance_from(body: t.Any) -> FormulaInstance:
    """Parse the formula instance in an answer (vendor acceptance suite, formula.instance.schema).

    Raises:
        ShapeError: The answer has another shape.
    """
    row = object_from(body, "the formula instance")
    formula = row.get("formula")
    formula = formula if isinstance(formula, Mapping) else {}
    number = formula.get("id")
    return FormulaInstance(
        id=id_in(row.get("id"), "the formula instance's id"),
        name=optional_text(row.get("name")),
        formula=optional_text(formula.get("name")),
        formula_id=None if number is None else id_in(number, "the id of the formula instance's formula"),
        active=row.get("active") is not False,
        configuration=_mapping(row.get("configuration"), "configuration"),
        settings=_mapping(row.get("settings"), "settings"),
        created_date=optional_text(row.get("createdDate")),
    )


def _mapping(value: t.Any, what: str) -> Mapping[str, t.Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ShapeError(f"the formula instance's {what} is not an object")
    return value


def formula_instances_from(body: t.Any) -> tuple[FormulaInstance | OddRow, ...]:
    """Parse the formula instances in a listing. One that cannot be read, but has an id, becomes an `OddRow`.

    Raises:
        ShapeError: The listing has another shape.
    """
    return rows_from(body, formula_instance_from, "the formula instance")
