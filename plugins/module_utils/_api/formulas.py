# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about formulas.

An answer that cannot belong to its request, because it is about another formula, is refused as misplaced.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping

from .._core.text import quote
from .._secrets.redaction import Redactor
from .._secrets.step_properties import is_credential
from .caller import PAGE_SIZE, Caller, Pages
from .formula_models import Formula, formula_from, formulas_from
from .http_messages import Request
from .models import MisplacedError, nothing_about
from .names import may_be_stored_as
from .retry_policy import Effect


class FormulaCalls:
    """Reads and writes formulas, and remembers the credentials in them: messages may repeat them.

    Args:
        caller: Makes the calls.
        seen: The formulas that the run has seen, by id.
    """

    def __init__(self, caller: Caller, seen: dict[int, Formula]) -> None:
        self._caller = caller
        self._seen = seen

    def list(self, *, abridged: bool = True) -> Pages[Formula]:
        """Return all formulas that the user sees, also those of other accounts.

        Args:
            abridged: Whether the rows may lack the steps (vendor acceptance suite, formulas/formulas.js).
        """
        query = [("pageSize", str(PAGE_SIZE)), *([("abridged", "true")] if abridged else [])]
        return self._caller.pages("Listing the formulas", "/formulas", query, formulas_from, lambda row: row.id)

    def get(self, number: int) -> Formula | None:
        """Return the formula with an id, or None if there is none."""
        request = Request("GET", f"/formulas/{number}")
        what = f"Reading the formula with id {number}"
        redactor = self._redactor_for(number)
        found = self._caller.call(what, Effect.READ, request, _this(number), missing=None, redactor=redactor)
        if found is not None:
            self._seen[number] = found
        return found

    def create(self, body: Mapping[str, t.Any]) -> Formula:
        """Create a formula and return it as the platform stored it."""
        what = f"Creating the formula {quote(body['name'])}"

        def parse(answer: t.Any) -> Formula:
            formula = formula_from(answer)
            if not may_be_stored_as(body["name"], formula.name):
                raise _misplaced(formula)
            return formula

        return self._caller.call(what, Effect.CREATE, Request("POST", "/formulas", body=body), parse)

    def replace(self, number: int, body: Mapping[str, t.Any]) -> Formula:
        """Replace a formula by all that is in the body, and return it as the platform stored it."""
        what = f"Changing the formula with id {number}"
        request = Request("PUT", f"/formulas/{number}", body=body)
        parse = _this(number, body["name"])
        return self._caller.call(what, Effect.CHANGE, request, parse, redactor=self._redactor_for(number))

    def patch(self, number: int, body: Mapping[str, t.Any]) -> Formula:
        """Change the name of a formula, or whether it runs (vendor swagger: metadata only)."""
        what = f"Changing the formula with id {number}"
        request = Request("PATCH", f"/formulas/{number}", body=body)
        parse = _this(number, body.get("name"))
        return self._caller.call(what, Effect.CHANGE, request, parse, redactor=self._redactor_for(number))

    def delete(self, number: int) -> None:
        """Delete a formula. One that is not there counts as deleted."""
        request = Request("DELETE", f"/formulas/{number}", answers=False)
        what = f"Deleting the formula with id {number}"
        parse, redactor = nothing_about(number, "formula"), self._redactor_for(number)
        self._caller.call(what, Effect.CHANGE, request, parse, missing=None, redactor=redactor)

    def _redactor_for(self, number: int) -> Callable[[Redactor], Redactor]:
        """Return what extends a redactor by the credentials that the run has seen in a formula."""
        seen = self._seen.get(number)
        return lambda redactor: redactor if seen is None else redactor.knowing(_credentials(seen))


def _this(number: int, name: str | None = None) -> Callable[[t.Any], Formula]:
    """Return the parser for an answer about one formula, which refuses an answer about another.

    Args:
        number: The id.
        name: The name that the call gives it, if it does.
    """

    def parse(body: t.Any) -> Formula:
        formula = formula_from(body)
        if formula.id != number or (name is not None and not may_be_stored_as(name, formula.name)):
            raise _misplaced(formula)
        return formula

    return parse


def _misplaced(formula: Formula) -> MisplacedError:
    return MisplacedError(f"the answer is about another formula: {quote(formula.name)} with id {formula.id}")


def _credentials(formula: Formula) -> Iterator[str]:
    """Yield the credentials in the triggers and steps of a formula, whatever its shape."""
    for kind in ("triggers", "steps"):
        parts = formula.definition.get(kind)
        for part in parts if isinstance(parts, list) else ():
            properties = part.get("properties") if isinstance(part, Mapping) else None
            for key, value in properties.items() if isinstance(properties, Mapping) else ():
                if is_credential(key, value):
                    yield value
