# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observe common resources: what is there under their names at one level, and what they are mapped to."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Iterable, Mapping

from ..._api.client import Client
from ..._api.common_resource_models import (
    ACCOUNT,
    INSTANCE,
    ORGANIZATION,
    Definition,
    Place,
    Transformation,
)
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._core.text import did_you_mean, quote
from ..pending import NOT_YET
from .desired import DesiredCommonResource, Level, OwnerReference
from .listing import mapped_keys
from .owner import Owner
from .plan import Observed

FindOwner: t.TypeAlias = Callable[[OwnerReference, Client], "Owner | None"]
"""Finds the element instance of a reference."""

Listed: t.TypeAlias = "Mapping[Level, Mapping[str, Definition | None]]"
"""The definitions of levels that were listed, by name. None stands for one that has to be read by its name."""


class CommonResourceObserver:
    """Observes each common resource by its own requests, but for definitions that one listing told.

    Args:
        find_owner: Finds element instances.
        listed: What was listed before.
        upcoming: The names that this run makes sure of at levels above.
        leaving: The names of formulas that this run removes before any common resource.
    """

    def __init__(
        self,
        find_owner: FindOwner,
        listed: Listed,
        upcoming: Collection[str] = (),
        leaving: Collection[str] = (),
    ) -> None:
        self._find_owner = find_owner
        self._listed = listed
        self._upcoming = upcoming
        self._leaving = leaving

    def observe(self, desired: DesiredCommonResource, client: Client) -> Observed:
        """Return what is there of all that a common resource is about.

        Raises:
            CloudElementsError: `not_found` if its element instance or an element does not exist. `forbidden` if the
                own account cannot be known, and mappings need it.
        """
        owner = self._owner(desired, client)
        if desired.level.name == INSTANCE and owner is None:
            return Observed(None, all_known=True)
        place = _place(desired.level, owner)
        definition = self._definition(desired, place, client)
        inherited = definition is None and desired.fields is None and self._inherits(desired, place, client)
        keys, all_known = _keys(desired, place, owner, definition is not None or inherited, client)
        place = _with_account(desired, place, client) if keys else place
        if definition is not None and keys:
            refuse_other_account(desired, place, definition)
        mappings = _mappings(desired, keys, place, client)
        if desired.present:
            _refuse_unknown_elements(desired, mappings, client)
        return Observed(
            place=place,
            definition=definition,
            mappings=mappings,
            inherited=inherited,
            version=_version(desired, definition, client),
            all_known=all_known,
            formulas=self._formulas(desired, client) if definition is not None and not desired.present else (),
            element_key=None if owner is None else owner.element_key,
            instance=None if owner is None else owner.name,
        )

    def _owner(self, desired: DesiredCommonResource, client: Client) -> Owner | None:
        reference = desired.level.instance
        if reference is None:
            return None
        owner = self._find_owner(reference, client)
        if owner is None and desired.present:
            raise CloudElementsError(
                ErrorKind.NOT_FOUND,
                f"The {desired} cannot be there: the instance does not exist. Create it first, with the module "
                "cloud_elements_instance.",
            )
        if owner is not None and any(each.element_key != owner.element_key for each in desired.mappings):
            raise invalid(
                f"The {reference} is of element {quote(owner.element_key)}, so it cannot have a mapping to "
                f"{quote(desired.mappings[0].element_key)}."
            )
        return owner

    def _definition(self, desired: DesiredCommonResource, place: Place, client: Client) -> Definition | None:
        if place.id == NOT_YET:
            return None
        listed = self._listed.get(desired.level, {}).get(desired.name)
        # A listing may lag, so what it lacks is read.
        return client.common_resources.get(desired.name, place) if listed is None else listed

    def _inherits(self, desired: DesiredCommonResource, place: Place, client: Client) -> bool:
        """Tell whether a level above has a definition of the name, or will have one."""
        return desired.name in self._upcoming or _inherits(desired, place, client)

    def _formulas(self, desired: DesiredCommonResource, client: Client) -> tuple[str, ...]:
        """Return the names of the formulas that use a common resource, but for those that are removed before it."""
        return tuple(name for name in _formulas(desired, client) if name not in self._leaving)


def _place(level: Level, owner: Owner | None) -> Place:
    if level.name == INSTANCE:
        return Place(INSTANCE, None if owner is None else owner.id)
    return Place(level.name, level.account_id, own=level.account_id is None)


def list_levels(levels: Iterable[Level], client: Client) -> dict[Level, Mapping[str, Definition | None]]:
    """Return the definitions of levels, by name. A list at level instance holds other levels, so it is not asked for.

    Raises:
        CloudElementsError: A listing failed.
    """
    return {level: client.common_resources.list(_place(level, None)) for level in levels if level.name != INSTANCE}


def _inherits(desired: DesiredCommonResource, place: Place, client: Client) -> bool:
    """Tell whether a level above has a definition of the name."""
    above = {ORGANIZATION: (), ACCOUNT: (ORGANIZATION,), INSTANCE: (ACCOUNT, ORGANIZATION)}[place.level]
    for level in above:
        try:
            if client.common_resources.get(desired.name, Place(level)) is not None:
                return True
        except CloudElementsError as error:
            if error.status != 403:  # Then the platform decides when the mapping is written.
                raise
            return True
    return False


def _keys(
    desired: DesiredCommonResource, place: Place, owner: Owner | None, is_visible: bool, client: Client
) -> tuple[tuple[str, ...], bool]:
    """Return the elements whose mappings matter, and whether those are all that there are."""
    listed = tuple(each.element_key for each in desired.mappings)
    if desired.present and not desired.purge:
        return listed, False
    if owner is not None:
        return (owner.element_key,), True
    keys = mapped_keys(desired.name, place, is_visible, client)
    return tuple(dict.fromkeys((*listed, *(keys or ())))), keys is not None


def _with_account(desired: DesiredCommonResource, place: Place, client: Client) -> Place:
    """Return the place with the id of its account, which the calls about mappings need."""
    if place.level != ACCOUNT or place.id is not None:
        return place
    number = client.accounts.own_id()
    if number is None:
        raise CloudElementsError(
            ErrorKind.FORBIDDEN,
            f"The mappings of the {desired} cannot be read: the platform does not tell the id of the account of "
            "user_secret. Give it as account_id.",
        )
    return Place(ACCOUNT, number)


def refuse_other_account(desired: DesiredCommonResource, place: Place, definition: Definition) -> None:
    """Raise `forbidden` if what was taken for the own account is not the one that the own definition belongs to."""
    if place.level == ACCOUNT and place.own and place.id != (definition.owner_id or place.id):
        raise CloudElementsError(
            ErrorKind.FORBIDDEN,
            f"The mappings of the {desired} were left alone: the platform shows the account with id {place.id} as the "
            f"one of user_secret, and the common resource belongs to the account with id {definition.owner_id}. Give "
            "the right one as account_id.",
        )


def _mappings(
    desired: DesiredCommonResource, keys: Iterable[str], place: Place, client: Client
) -> dict[str, Transformation]:
    if place.id == NOT_YET:
        return {}
    read = {key: client.common_resources.get_transformation(desired.name, key, place) for key in keys}
    return {key: each for key, each in read.items() if each is not None}


def _refuse_unknown_elements(
    desired: DesiredCommonResource, mappings: Mapping[str, Transformation], client: Client
) -> None:
    """Raise `not_found` if an element that is to be mapped does not exist, before anything is written."""
    for given in desired.mappings:
        if not given.present or given.element_key in mappings or desired.level.name == INSTANCE:
            continue
        try:
            element = client.elements.get(given.element_key)
        except CloudElementsError as error:
            if error.status in (401, 403):  # The catalog is closed to some. The platform decides then.
                continue
            raise
        if element is None or element.key != given.element_key:
            raise CloudElementsError(
                ErrorKind.NOT_FOUND,
                f"The element {quote(given.element_key)} does not exist, and the {desired} cannot be mapped to it."
                f"{did_you_mean(given.element_key, client.elements.list_keys())}",
            )


def _version(desired: DesiredCommonResource, definition: Definition | None, client: Client) -> str | None:
    """Return the engine if it matters: one of them keeps no words, so the prediction has none."""
    if definition is not None:
        return definition.version
    return client.common_resources.version() if desired.present and desired.has_words else None


def _formulas(desired: DesiredCommonResource, client: Client) -> tuple[str, ...]:
    formulas = client.common_resources.usages(desired.name)
    if formulas is None:
        client.warn(
            f"It could not be checked whether formulas use the {desired}, as the platform does not tell. Those that do "
            "fail once it is removed."
        )
    return formulas or ()
