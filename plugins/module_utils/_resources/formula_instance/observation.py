# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observe formula instances: their formulas, what is there under their names, and what they refer to."""

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Iterable

from ..._api.caller import Pages
from ..._api.client import Client
from ..._api.formula_models import Formula, FormulaInstance
from ..._api.instances import Listing
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._core.text import did_you_mean, quote
from ..._reconcile.races import alone
from ..formula.lookup import find_formula
from ..instance import lookup as instance_lookup
from ..instance.desired import DesiredInstance
from .desired import DesiredFormulaInstance, InstanceReference
from .plan import Observed


class FormulaInstanceReads(t.Protocol):
    """Reads what observing formula instances needs."""

    def formula(self, name: str, client: Client, *, strict: bool) -> Formula | None:
        """Return the formula with a name, or None if there is none. If strict, it has to be of the own account."""

    def instances(self, client: Client) -> Pages[FormulaInstance]:
        """Return the instances of all formulas."""

    def ids(self, references: Iterable[InstanceReference], client: Client) -> dict[InstanceReference, int]:
        """Return the ids of element instances, or raise `not_found` or `ambiguous`."""


class OwnFormulaInstanceReads:
    """Reads for each formula instance anew. For one, these are the fewest requests."""

    def formula(self, name: str, client: Client, *, strict: bool) -> Formula | None:
        """Return the formula with a name, or None if there is none. If strict, it has to be of the own account."""
        return find_formula(name, client, strict=strict)

    def instances(self, client: Client) -> Pages[FormulaInstance]:
        """Return the instances of all formulas."""
        return client.formula_instances.list()

    def ids(self, references: Iterable[InstanceReference], client: Client) -> dict[InstanceReference, int]:
        """Return the ids of element instances: by a search for one, by one listing for several."""
        wanted = dict.fromkeys(references)
        if len(wanted) < 2:
            return {reference: _the_one(reference, _search(reference, client), client) for reference in wanted}
        return ids_in(client.instances.list(hydrate=False), wanted, client)


class FormulaInstanceObserver:
    """Observes formula instances.

    Args:
        reads: Reads what the platform has.
    """

    def __init__(self, reads: FormulaInstanceReads | None = None) -> None:
        self._reads: FormulaInstanceReads = reads or OwnFormulaInstanceReads()

    def observe(self, desired: DesiredFormulaInstance, client: Client) -> Observed:
        """Return what is there of all that a formula instance is about.

        Raises:
            CloudElementsError: `not_found` if its formula or an element instance that it refers to does not exist.
                `ambiguous` if there are two of one name. `invalid_options` if ids and names contradict each other.
        """
        there = _by_id(desired, client) if desired.id is not None else None
        formula = self._formula(desired, there, client)
        known_ids: frozenset[int] = frozenset()
        if desired.id is None and formula is not None:
            there, known_ids = self._named(desired, formula.id, client)
        if there is not None and formula is not None and desired.present and desired.name not in (None, there.name):
            _refuse_taken(desired, there, formula.id, client)
        ids = self._reads.ids(desired.references, client) if desired.present else {}
        return Observed(formula, there, ids, known_ids)

    def _named(
        self, desired: DesiredFormulaInstance, formula_id: int, client: Client
    ) -> tuple[FormulaInstance | None, frozenset[int]]:
        """Return the formula instance with the desired name, or None, and the ids of all that were listed."""
        known_ids: set[int] = set()
        looks = itertools.chain([self._reads.instances], itertools.repeat(OwnFormulaInstanceReads().instances))

        def look(client: Client) -> tuple[FormulaInstance, ...]:
            listing = next(looks)(client)
            known_ids.update(row.id for row in listing.rows if row.id is not None)
            return matches_in(desired, formula_id, listing, client)

        match = alone(look, str(desired), client)
        return match, frozenset(known_ids)

    def _formula(
        self, desired: DesiredFormulaInstance, there: FormulaInstance | None, client: Client
    ) -> Formula | None:
        """Return the formula of a formula instance. None if there is none, and none is needed."""
        number = there.formula_id if there is not None else desired.formula_id
        if number is not None:
            formula = client.formulas.get(number)
        elif desired.formula is not None:
            # The user may run a formula of another account, but what runs there may be somebody else's.
            formula = self._reads.formula(desired.formula, client, strict=not desired.present)
        else:
            formula = None
        if formula is None and desired.present and (there is not None or desired.id is None):
            near = did_you_mean(desired.formula or "", [row.name for row in client.formulas.list().rows])
            raise CloudElementsError(
                ErrorKind.NOT_FOUND,
                f"The {desired} cannot be there: its formula does not exist.{near} "
                "Create it first, with the module cloud_elements_formula.",
            )
        return formula


def matches_of(desired: DesiredFormulaInstance, formula_id: int, client: Client) -> tuple[FormulaInstance, ...]:
    """Return all instances of a formula with exactly the desired name, the oldest first.

    Raises:
        CloudElementsError: `invalid_response` if the listing may lack one.
    """
    return matches_in(desired, formula_id, client.formula_instances.list(), client)


def matches_in(
    desired: DesiredFormulaInstance, formula_id: int, pages: Pages[FormulaInstance], client: Client
) -> tuple[FormulaInstance, ...]:
    """Return the instances of a formula with the desired name in a listing of all, the oldest first.

    Raises:
        CloudElementsError: `invalid_response` if the listing may lack one.
    """
    for odd in pages.odd:
        if odd.name in (None, desired.name):
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"The {desired} may be the one with id {odd.id}, which cannot be read: {odd.why}. Nothing was changed.",
            )
    found = []
    for row in sorted(pages.rows, key=lambda row: row.id or 0):
        if row.name == desired.name and row.formula_id is None and row.id is not None:
            whole = client.formula_instances.get(row.id, formula_id)  # The row does not tell its formula.
            found += [] if whole is None else [whole]
        elif row.name == desired.name and row.formula_id == formula_id:
            found.append(row)
    if not found and not pages.complete:
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"The {desired} is not in the listing, but the platform counts more than it lists. Run again.",
        )
    return tuple(found)


def _by_id(desired: DesiredFormulaInstance, client: Client) -> FormulaInstance | None:
    there = client.formula_instances.get(desired.id or 0)
    if there is not None and desired.formula_id is not None and there.formula_id != desired.formula_id:
        raise invalid(f"The {desired} is of another formula: {quote(there.formula)} with id {there.formula_id}.")
    if there is not None and desired.formula is not None and there.formula != desired.formula:
        raise invalid(f"The {desired} is of another formula: {quote(there.formula)}.")
    return there


def _refuse_taken(desired: DesiredFormulaInstance, there: FormulaInstance, formula_id: int, client: Client) -> None:
    """Raise `ambiguous` if another instance of the formula has the name that one is to be given."""
    taken = [row for row in matches_of(desired, formula_id, client) if row.id != there.id]
    if taken:
        raise CloudElementsError(
            ErrorKind.AMBIGUOUS,
            f"The formula instance with id {there.id} cannot be renamed to {quote(desired.name)}: the one with id "
            f"{taken[0].id} of the same formula has that name, and nobody could tell them apart by it any more.",
        )


def ids_in(listing: Listing, references: Iterable[InstanceReference], client: Client) -> dict[InstanceReference, int]:
    """Return the ids of element instances in a listing.

    Args:
        listing: All element instances.
        references: The element instances that are meant.
        client: Reads what a row does not tell.

    Raises:
        CloudElementsError: `not_found` or `ambiguous`, with the name of the element instance.
    """
    found: dict[InstanceReference, int] = {}
    for reference in references:
        desired = DesiredInstance(reference.name, reference.element_key)
        instance_lookup.refuse_odd(desired, listing)
        matches = instance_lookup.select(desired, listing.instances)
        if not matches and not listing.complete:
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"The {reference} is not in the listing, but the platform counts more instances than it lists. Run "
                "again.",
            )
        found[reference] = _the_one(reference, matches, client)
    return found


def _search(reference: InstanceReference, client: Client) -> tuple[Instance, ...]:
    desired = DesiredInstance(reference.name, reference.element_key)
    return instance_lookup.look(desired, client, hydrate=False).matches


def _the_one(reference: InstanceReference, matches: tuple[Instance, ...], client: Client) -> int:
    desired = DesiredInstance(reference.name, reference.element_key)
    if len(matches) > 1:
        raise instance_lookup.ambiguous(desired, matches)
    match = matches[0] if matches else None
    if match is not None and match.element_key is None and match.id is not None:
        match = client.instances.get(match.id)
    if match is None or match.id is None or not instance_lookup.is_of_element(desired, match):
        raise CloudElementsError(
            ErrorKind.NOT_FOUND,
            f"The {reference} does not exist, and configuration refers to it. Create it first, with the module "
            "cloud_elements_instance.",
        )
    return match.id
