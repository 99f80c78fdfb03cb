# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of a whole account to items, checked as a whole before any read."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Hashable, Mapping, Sequence

from .._core.errors import CloudElementsError, invalid
from .._core.text import plain
from .._reconcile.phases import Entry, Failed, Item, Parsed
from .._resources.common_resource.options import parse as parse_common_resource
from .._resources.formula.parsing import item_from as formula_from
from .._resources.formula_instance.parsing import item_from as formula_instance_from
from .._resources.instance.parsing import parse_fleet
from .._resources.kinds import CALLED, COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES
from .identity import Slot, names_of

Options: t.TypeAlias = Mapping[str, t.Any]


def parse_account(params: Options, organization_secret: str, *, check_mode: bool) -> dict[Slot, Item]:
    """Return the items of an account. One whose options cannot be used is failed.

    Args:
        params: The options of the module.
        organization_secret: The key of the fingerprints.
        check_mode: Whether the id of an instance may be unknown, as the instance would only be created.

    Raises:
        CloudElementsError: `invalid_options`, with both positions, if two items mean the same resource.
    """
    wanted = {kind: params[kind] if kind in params["include"] else [] for kind in CALLED}
    parsed = {
        INSTANCES: parse_fleet(wanted[INSTANCES], organization_secret, params["plain_keys"], check_mode=check_mode),
        COMMON_RESOURCES: _each(COMMON_RESOURCES, wanted, _common_resource),
        FORMULAS: _each(FORMULAS, wanted, _formula),
        FORMULA_INSTANCES: _each(FORMULA_INSTANCES, wanted, _formula_instance_with(params["plain_keys"])),
    }
    return {(kind, position): item for kind, items in parsed.items() for position, item in enumerate(items)}


def _each(
    kind: str, wanted: Mapping[str, Sequence[Options]], parse: Callable[[Options, str], Parsed[t.Any]]
) -> list[Item]:
    items: list[Item] = []
    first: dict[Hashable, str] = {}
    for position, options in enumerate(wanted[kind]):
        names = names_of((kind, position), Parsed(Entry("", options), None))
        label = f"{kind}[{position}] ({plain(names.name or '')})"
        try:
            item: Item = parse(options, label)
        except CloudElementsError as error:
            item = Failed(Entry(label, options), error)
        owner = options.get("instance") or {}
        same = first.setdefault((names, options.get("account_id"), owner.get("id")), label)
        if same is not label:
            raise invalid(
                f"{same} and {label} mean the same {CALLED[kind]}, so what it should be is not clear. Nothing was "
                "written. Remove or rename one of them."
            )
        items.append(item)
    return items


def _common_resource(options: Options, label: str) -> Parsed[t.Any]:
    return Parsed(Entry(label, options), parse_common_resource(options))


def _formula(options: Options, label: str) -> Parsed[t.Any]:
    return formula_from({**options, "id": None}, label)


def _formula_instance_with(plain_keys: Sequence[str]) -> Callable[[Options, str], Parsed[t.Any]]:
    def parse(options: Options, label: str) -> Parsed[t.Any]:
        own = {**options, "plain_keys": [*plain_keys, *(options.get("plain_keys") or ())]}
        return formula_instance_from({**own, "id": None, "formula_id": None}, label)

    return parse
