# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about formula instances.

An answer that cannot belong to its request, because it is about another formula instance, is refused as misplaced.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable, Mapping

from .._core.text import quote
from .._secrets.redaction import Redactor
from .caller import PAGE_SIZE, Caller, Pages
from .formula_models import FormulaInstance, formula_instance_from, formula_instances_from
from .http_messages import Request
from .instances import InstanceCalls
from .models import MisplacedError, OddRow, nothing_about
from .names import may_be_stored_as
from .retry_policy import Effect


class FormulaInstanceCalls:
    """Reads and writes formula instances, and remembers their values: messages may repeat them.

    Args:
        caller: Makes the calls.
        instances: Knows the secrets of element instances.
        seen: The formula instances that the run has seen, by id.
        declared: The configuration keys whose values messages may show.
    """

    def __init__(
        self,
        caller: Caller,
        instances: InstanceCalls,
        seen: dict[int, FormulaInstance],
        declared: frozenset[str],
    ) -> None:
        self._caller = caller
        self._instances = instances
        self._declared = declared
        self._seen = seen

    def using(self, instance_id: int) -> tuple[FormulaInstance | OddRow, ...]:
        """Return the formula instances that use an element instance (vendor swagger; an empty list is 200 here).

        One that is not active counts too: it would fail as soon as somebody activates it.
        """
        query = (("elementInstanceId", str(instance_id)), ("includeInactive", "true"))
        request = Request("GET", "/formulas/instances", query=query)
        what = f"Listing the formula instances that use the instance with id {instance_id}"
        redactor = self._instances.redactor_for(instance_id)
        return self._caller.call(what, Effect.READ, request, formula_instances_from, missing=(), redactor=redactor)

    def list(self) -> Pages[FormulaInstance]:
        """Return the instances of all formulas, active or not.

        The list of one formula takes no `includeInactive` (vendor swagger), so it may hide those that do not run.
        """
        query = [("pageSize", str(PAGE_SIZE)), ("includeInactive", "true")]
        what = "Listing the formula instances"
        pages = self._caller.pages(what, "/formulas/instances", query, formula_instances_from, lambda row: row.id)
        for row in pages.rows:
            self._note(row)
        return pages

    def get(self, number: int, formula_id: int | None = None) -> FormulaInstance | None:
        """Return the formula instance with an id, or None if there is none. Without the id of its formula, any."""
        path = f"/formulas/instances/{number}" if formula_id is None else f"/formulas/{formula_id}/instances/{number}"
        what = f"Reading the formula instance with id {number}"
        parse = _this(number, formula_id)
        redactor = self._redactor_for(number)
        found = self._caller.call(what, Effect.READ, Request("GET", path), parse, missing=None, redactor=redactor)
        return found and self._note(found)

    def create(self, formula_id: int, body: Mapping[str, t.Any]) -> FormulaInstance:
        """Create a formula instance and return it as the platform stored it."""
        what = f"Creating the formula instance {quote(body['name'])} of the formula with id {formula_id}"
        request = Request("POST", f"/formulas/{formula_id}/instances", body=body)
        return self._note(self._caller.call(what, Effect.CREATE, request, _called(body["name"], formula_id)))

    def replace(self, formula_id: int, number: int, body: Mapping[str, t.Any]) -> FormulaInstance:
        """Replace a formula instance by all that is in the body, and return it as the platform stored it."""
        what = f"Changing the formula instance with id {number}"
        request = Request("PUT", f"/formulas/{formula_id}/instances/{number}", body=body)
        parse = _this(number, formula_id, body["name"])
        redactor = self._redactor_for(number)
        return self._note(self._caller.call(what, Effect.CHANGE, request, parse, redactor=redactor))

    def set_active(self, formula_id: int, number: int, active: bool) -> None:
        """Let a formula instance run or not (vendor acceptance suite, formulas/instances.js). The answer is empty."""
        path = f"/formulas/{formula_id}/instances/{number}/active"
        what = f"{'Activating' if active else 'Deactivating'} the formula instance with id {number}"
        request = Request("PUT" if active else "DELETE", path, answers=False)
        redactor = self._redactor_for(number)
        self._caller.call(what, Effect.CHANGE, request, nothing_about(number, "formula instance"), redactor=redactor)

    def delete(self, formula_id: int, number: int) -> None:
        """Delete a formula instance. One that is not there counts as deleted."""
        request = Request("DELETE", f"/formulas/{formula_id}/instances/{number}", answers=False)
        what = f"Deleting the formula instance with id {number}"
        redactor = self._redactor_for(number)
        self._caller.call(
            what, Effect.CHANGE, request, nothing_about(number, "formula instance"), missing=None, redactor=redactor
        )

    def _redactor_for(self, number: int) -> Callable[[Redactor], Redactor]:
        seen = self._seen.get(number)

        def extend(redactor: Redactor) -> Redactor:
            if seen is None:
                return redactor
            return redactor.knowing(redactor.hidden_in({**seen.configuration, **seen.settings}, self._declared))

        return extend

    def _note(self, found: FormulaInstance) -> FormulaInstance:
        if found.id is not None:
            self._seen[found.id] = found
        return found


def _this(number: int, formula_id: int | None, name: str | None = None) -> Callable[[t.Any], FormulaInstance]:
    """Return the parser for an answer about one formula instance, which refuses an answer about another.

    Args:
        number: The id.
        formula_id: The id of its formula.
        name: The name that the call gives it, if it does.
    """

    def parse(body: t.Any) -> FormulaInstance:
        found = formula_instance_from(body)
        if found.id != number or (name is not None and not may_be_stored_as(name, found.name or "")):
            raise _misplaced(found)
        return _of(found, formula_id)

    return parse


def _called(name: str, formula_id: int) -> Callable[[t.Any], FormulaInstance]:
    """Return the parser for the answer to a create, which refuses the answer to another one."""

    def parse(body: t.Any) -> FormulaInstance:
        found = formula_instance_from(body)
        if not may_be_stored_as(name, found.name or ""):
            raise _misplaced(found)
        return _of(found, formula_id)

    return parse


def _of(found: FormulaInstance, formula_id: int | None) -> FormulaInstance:
    """Return a formula instance with the id of its formula, which an answer may not tell."""
    if formula_id is None or found.formula_id == formula_id:
        return found
    if found.formula_id is not None:
        raise _misplaced(found)
    return dataclasses.replace(found, formula_id=formula_id)


def _misplaced(found: FormulaInstance) -> MisplacedError:
    return MisplacedError(f"the answer is about another formula instance: {found.label}")
