# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what the items of an account have in common: each listing once, for all threads of the run."""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Callable, Iterable, Mapping

from .._api.caller import Pages
from .._api.client import Client
from .._api.formula_models import Formula, FormulaInstance
from .._api.instances import Listing
from .._resources.common_resource.desired import OwnerReference
from .._resources.common_resource.owner import Owner, find_owner
from .._resources.formula.lookup import find_formula, own_matches
from .._resources.formula_instance.desired import InstanceReference
from .._resources.formula_instance.observation import ids_in

_R = t.TypeVar("_R")


class Once(t.Generic[_R]):
    """Reads something once, when it is first asked for.

    Args:
        read: Reads it.
    """

    def __init__(self, read: Callable[[Client], _R]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._known: tuple[_R] | None = None

    def __call__(self, client: Client) -> _R:
        """Return what was read. If reading raises, the next call reads again."""
        with self._lock:
            if self._known is None:
                self._known = (self._read(client),)
            return self._known[0]


class Listings:
    """The listings of an account.

    Attributes:
        instances: Lists the element instances.
        formulas: Lists the formulas, with their steps.
        formula_instances: Lists the formula instances.
    """

    def __init__(self) -> None:
        self.instances: Callable[[Client], Listing] = Once(lambda client: client.instances.list())
        self.formulas: Callable[[Client], Pages[Formula]] = Once(lambda client: client.formulas.list(abridged=False))
        self.formula_instances: Callable[[Client], Pages[FormulaInstance]] = Once(
            lambda client: client.formula_instances.list()
        )


class SharedFormulaReads:
    """Reads what observing the formulas of an account needs.

    Args:
        listings: The listings of the account.
    """

    def __init__(self, listings: Listings) -> None:
        self.formulas = self.whole_formulas = listings.formulas
        self.instances = listings.formula_instances

    def whole(self, row: Formula, client: Client) -> Formula | None:
        """Return a listed formula with its steps, or None if it is gone. Most rows have them."""
        return row if isinstance(row.definition.get("steps"), list) else client.formulas.get(row.id)


class SharedFormulaInstanceReads:
    """Reads what observing the formula instances of an account needs.

    Args:
        listings: The listings of the account.
        formulas: The formulas that the run makes sure of, by name.
        instances: The ids of the element instances that the run makes sure of.
    """

    def __init__(
        self,
        listings: Listings,
        formulas: Mapping[str, Formula] | None = None,
        instances: Mapping[InstanceReference, int] | None = None,
    ) -> None:
        self._listings = listings
        self._formulas = formulas or {}
        self._ids = instances or {}
        self.instances = listings.formula_instances

    def formula(self, name: str, client: Client, *, strict: bool) -> Formula | None:
        """Return the formula with a name, or None if there is none. If strict, it has to be of the own account."""
        if name in self._formulas:
            return self._formulas[name]
        matches = own_matches(name, self._listings.formulas(client), client, strict=strict)
        if len(matches) > 1:  # Another run may just be removing its own.
            return find_formula(name, client, strict=strict)
        return matches[0] if matches else None

    def ids(self, references: Iterable[InstanceReference], client: Client) -> dict[InstanceReference, int]:
        """Return the ids of element instances, or raise `not_found` or `ambiguous`."""
        wanted = list(references)
        own = {reference: self._ids[reference] for reference in wanted if reference in self._ids}
        others = [reference for reference in wanted if reference not in own]
        return {**own, **(ids_in(self._listings.instances(client), others, client) if others else {})}


def owner_finder(ids: Mapping[InstanceReference, int]) -> Callable[[OwnerReference, Client], Owner | None]:
    """Return what finds the element instances that level instance is about.

    Args:
        ids: The ids of the element instances that the run makes sure of.
    """

    def find(reference: OwnerReference, client: Client) -> Owner | None:
        key, name = reference.element_key, reference.name
        number = ids.get(InstanceReference(key, name)) if key is not None and name is not None else None
        if number is None or key is None or name is None:
            return find_owner(reference, client)
        return Owner(number, key, name)

    return find
