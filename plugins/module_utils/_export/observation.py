# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observe a whole account: one listing for each kind, and what no listing tells. It changes nothing.

An account of which the platform does not tell all is not exported: what is missing would seem to be gone.
"""

from __future__ import annotations

import functools
import typing as t
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .._api.caller import Pages
from .._api.catalog import Element
from .._api.client import Client
from .._api.common_resource_models import ACCOUNT, INSTANCE, ORGANIZATION, Place
from .._api.formula_models import Formula, FormulaInstance
from .._api.models import Instance, OddRow
from .._api.run import Run
from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import enumerated
from .._reconcile.phases import Entry, Failed, Parsed
from .._reconcile.workers import Workers
from .._resources.common_resource.desired import DesiredCommonResource, Level, OwnerReference
from .._resources.common_resource.info import list_names
from .._resources.common_resource.observation import CommonResourceObserver
from .._resources.common_resource.options import name_of
from .._resources.common_resource.owner import find_owner
from .._resources.common_resource.plan import Observed
from .._resources.formula.observation import state_of
from .._resources.formula.plan import State
from .._resources.instance.catalog_check import report_unread
from .._resources.instance.desired import InstanceFilter
from .._resources.instance.info import completed
from .._resources.kinds import COMMON_RESOURCES
from .described import Note, ResourceIdentity

_CONCURRENCY = 8
"""Requests about single instances that are sent at the same time, as many as for a fleet."""


@dataclass(frozen=True)
class FoundCommonResource:
    """A common resource that is there.

    Attributes:
        asked: What names it.
        observed: What is there.
        unread: Why its mappings could not be read, if they could not.
    """

    asked: DesiredCommonResource
    observed: Observed
    unread: str | None = None


class AccountObserver:
    """Observes an account. What several kinds need is asked for once.

    Args:
        chosen: Which instances are exported.
        run: The run.
    """

    def __init__(self, chosen: InstanceFilter, run: Run) -> None:
        self._chosen = chosen
        self._run = run
        self._client = run.client

    @functools.cached_property
    def _instances(self) -> tuple[Instance, ...]:
        listing = self._client.instances.list()
        return _all("instances", Pages(listing.instances, listing.odd, listing.complete))

    @functools.cached_property
    def _formulas(self) -> Pages[Formula]:
        pages = self._client.formulas.list(abridged=False)
        _all("formulas", pages)
        return pages

    @functools.cached_property
    def chosen_instances(self) -> list[Instance]:
        """The whole instances that pass the filter. One of an element that is not told cannot be exported."""
        found = list(completed(self._chosen, self._instances, self._client))
        odd = [str(instance.id) for instance in found if instance.element_key is None]
        if odd:
            self._run.warn(
                f"The platform does not tell the element of the instances with these ids, so they were left out: "
                f"{enumerated(odd)}."
            )
        return [instance for instance in found if instance.element_key is not None]

    def instances_by_id(self) -> dict[str, Instance]:
        """Return all instances by their ids, as texts."""
        return {str(instance.id): instance for instance in self._instances}

    def elements(self, instances: Iterable[Instance]) -> dict[str, Element | None]:
        """Return the elements of instances, each with the configuration that it takes, as far as they can be read."""
        return read_elements(instances, self._run)

    def own_formulas(self) -> Sequence[Formula]:
        """Return the formulas of the own account. If that cannot be known, all that the user sees count as own."""
        rows = self._formulas.rows
        if all(row.account_id is None for row in rows):
            return rows
        own = self._client.accounts.own_id()
        return rows if own is None else [row for row in rows if row.account_id in (None, own)]

    def formula_states(self) -> list[State]:
        """Return the formulas of the own account in terms of names."""
        return [state_of(formula, self._formulas) for formula in self.own_formulas()]

    def formula_instances(self) -> list[FormulaInstance]:
        """Return all formula instances. What a row does not tell of its formula is read."""
        rows = _all("formula instances", self._client.formula_instances.list())
        told = (row if row.formula_id is not None else self._client.formula_instances.get(row.id or 0) for row in rows)
        return [row for row in told if row is not None]

    def common_resources(self) -> Iterator[FoundCommonResource | Note]:
        """Yield the common resources of all levels, and notes about those that cannot be exported."""
        for level in (Level(ORGANIZATION), Level(ACCOUNT)):
            yield from self._at_level(level)
        with Workers(self._run, _CONCURRENCY) as workers:
            items = [Parsed(Entry("", {}), instance) for instance in self.chosen_instances]
            for found in workers.map(Parsed, _at_instance, items):
                if isinstance(found, Failed):
                    raise found.error
                yield from found

    def _at_level(self, level: Level) -> Iterator[FoundCommonResource | Note]:
        try:
            listed, names = list_names(level, self._client)
        except CloudElementsError as error:
            # Not every user may list the level of the organization, and not every platform has it.
            if level.name == ORGANIZATION and error.status in (400, 403):
                return
            raise
        observer = CommonResourceObserver(find_owner, listed)
        for name in names:
            problem = _unusable(name)
            if problem is not None:
                yield problem
                continue
            # What is asked for is what would have to go, as that is all of this level.
            asked = DesiredCommonResource(name, level, purge=True)
            try:
                found = FoundCommonResource(asked, observer.observe(asked, self._client))
            except CloudElementsError as error:
                if error.kind is not ErrorKind.FORBIDDEN:
                    raise
                definition = listed.get(level, {}).get(name)
                found = FoundCommonResource(asked, Observed(Place(level.name), definition), error.message)
            if found.observed.is_there:
                yield found


def _at_instance(item: Parsed[Instance], client: Client) -> list[FoundCommonResource | Note]:
    """Return what an instance has of common resources."""
    instance, calls = item.desired, client.common_resources
    number, key = instance.id, instance.element_key
    if number is None or key is None:
        return []
    place, level = Place(INSTANCE, number), Level(INSTANCE, instance=OwnerReference(key, instance.name))
    defined, mapped = calls.names_of_instance(number)
    found: list[FoundCommonResource | Note] = []
    for name in sorted(defined | mapped):
        problem = _unusable(name)
        if problem is not None:
            found.append(problem)
            continue
        definition = calls.get(name, place) if name in defined else None
        mapping = calls.get_transformation(name, key, place) if name in mapped else None
        mappings = {} if mapping is None else {key: mapping}
        observed = Observed(place, definition, mappings, all_known=True, element_key=key, instance=instance.name)
        if observed.is_there:
            found.append(FoundCommonResource(DesiredCommonResource(name, level), observed))
    return found


def read_elements(instances: Iterable[Instance], run: Run) -> dict[str, Element | None]:
    """Return the elements of instances, each with the configuration that it takes, as far as they can be read."""
    elements: dict[str, Element | None] = {}
    for key in sorted({instance.element_key for instance in instances if instance.element_key}):
        elements[key] = None
        try:
            elements[key] = run.client.elements.get(key)
        except CloudElementsError as error:
            report_unread(error, run.client)
    return elements


def _unusable(name: str) -> Note | None:
    """Return a note if no task can name a common resource. No request is sent for it either."""
    try:
        name_of(name)
    except CloudElementsError as error:
        return Note(ResourceIdentity(COMMON_RESOURCES, name), f"TO CHANGE: this is left out. {error.message}")
    return None


_Row = t.TypeVar("_Row")


def _all(what: str, pages: Pages[_Row]) -> tuple[_Row, ...]:
    """Return the rows of a listing, or raise `invalid_response` if these are not all."""
    if pages.odd:
        odd: OddRow = pages.odd[0]
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"The {what} cannot be exported: the one with id {odd.id} cannot be read: {odd.why}.",
        )
    if not pages.complete:
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"The platform counts more {what} than it lists, so some would be missing. Run again.",
        )
    return pages.rows
