# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observe the instances of a plan: by one search for each, or all by one listing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from ..._api.client import Client
from ..._api.instances import Listing
from ..._api.models import Instance
from ..._api.names import Identity
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._reconcile.phases import Entry, Parsed
from ..._reconcile.races import RELIST_AFTER
from .desired import DesiredInstance
from .lookup import (
    ambiguous,
    complete,
    find,
    find_or_survey,
    is_of_element,
    refuse_earlier,
    refuse_odd,
    refuse_taken,
    select,
)
from .ownership import Survey


class SearchObserver:
    """Observes each instance by a search of its own. For one instance, this is the fewest and smallest requests."""

    def observe(self, desired: DesiredInstance, client: Client) -> Instance | None:
        """Return the whole instance that is meant, or None. See `find_or_survey`."""
        return find_or_survey(desired, client)


class ListingObserver:
    """Observes all instances by one listing of the account.

    Args:
        listing: The listing.
        names: The names that the run wants to be there.

    Attributes:
        listing: The listing.
    """

    def __init__(self, listing: Listing, names: Collection[Identity]) -> None:
        self.listing = listing
        self._names = names
        self._survey = Survey(listing.instances)
        self._index = Index(listing.instances)

    def observe(self, desired: DesiredInstance, client: Client) -> Instance | None:
        """Return the whole instance that is meant, or None if there is none.

        Raises:
            CloudElementsError: `ambiguous` if there is more than one, or if the new name is taken. `name_changed` if an
                earlier create is there under another name. `invalid_response` if the listing may lack the instance.
        """
        observed = self._find(desired, client)
        if observed is not None and desired.renames(observed):
            if not self.listing.complete:
                raise CloudElementsError(
                    ErrorKind.INVALID_RESPONSE,
                    f"The {desired} was not renamed: the platform counts more instances than it lists, and one of "
                    "them may have that name. Run again.",
                )
            refuse_taken(desired, observed, select(desired, self.listing.instances))
        if observed is None and desired.present and desired.id is None and desired.element_key is not None:
            refuse_earlier(desired, self._survey, self._names, client)
        return observed

    def _find(self, desired: DesiredInstance, client: Client) -> Instance | None:
        matches = self._index.matches(desired)
        if desired.id is not None and not matches:
            return client.instances.get(desired.id)  # It may be another user's that is not listed.
        if desired.id is None:
            refuse_odd(desired, self.listing)
        if len(matches) > 1:
            raise ambiguous(desired, matches)
        # What is listed but not found by its id is looked at again: it may be gone, or a read may lag behind.
        observed = complete(matches[0], client) if matches else None
        if matches and desired.id is None and (observed is None or observed.name != desired.name):
            observed = find(desired, client)
        if observed is not None and desired.id is None and not is_of_element(desired, observed):
            observed = None
        if observed is None and not self.listing.complete:
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"The {desired} is not in the listing, but the platform counts more instances than it lists. It was "
                "left alone. Run again.",
            )
        return observed


class Index:
    """Finds instances of a listing by id and by name."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._by_id: dict[int | None, Instance] = {}
        self._by_name: dict[str, list[Instance]] = defaultdict(list)
        for instance in instances:
            self._by_id[instance.id] = instance
            self._by_name[instance.name].append(instance)

    def matches(self, desired: DesiredInstance) -> tuple[Instance, ...]:
        """Return the instances that may be meant, the oldest first."""
        if desired.id is None:
            return select(desired, self._by_name.get(desired.name or "", ()))
        match = self._by_id.get(desired.id)
        return () if match is None else (match,)


def observe_by_listing(parsed: Sequence[Parsed[DesiredInstance]], client: Client) -> ListingObserver:
    """List the account, again while another run may just be removing a duplicate, and return the observer.

    Raises:
        CloudElementsError: `invalid_options` if two items mean the same instance, one by its id and one by its name.
            What a failed listing raises.
    """
    listing = client.instances.list()
    for wait in RELIST_AFTER:
        index = Index(listing.instances)
        if not any(len(index.matches(item.desired)) > 1 for item in parsed):
            break
        client.budget.wait(wait, "More than one instance has the same name.")
        listing = client.instances.list()
    refuse_shared(parsed, Index(listing.instances))
    return ListingObserver(listing, names_of(item.desired for item in parsed))


def names_of(desired: Iterable[DesiredInstance]) -> frozenset[Identity]:
    """Return the names that a run wants to be there."""
    return frozenset((one.element_key, one.name) for one in desired if one.present and one.name is not None)


def refuse_shared(parsed: Iterable[Parsed[DesiredInstance]], index: Index) -> None:
    """Raise `invalid_options` if two items mean the same instance after all: one by its id, and one by its name."""
    first: dict[int | None, Entry] = {}
    for item in parsed:
        matches = index.matches(item.desired)
        if len(matches) == 1:
            refuse_same(first.setdefault(matches[0].id, item.entry), item.entry)


def refuse_same(first: Entry, second: Entry) -> None:
    """Raise `invalid_options` if two items that are not one mean the same instance."""
    if first is not second:
        raise invalid(
            f"{first.label} and {second.label} mean the same instance, so what it should be is not clear. Nothing was "
            "written. Remove or rename one of them; if both exist, say with id which is which."
        )
