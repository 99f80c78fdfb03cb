# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions and transformations as JSON, as each engine shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..state import Store
from ..switches import Switches
from .places import LEVELS, chain
from .state import Definition, Field, Place, Transformation


def definition(store: Store, switches: Switches, shown: Iterable[Definition]) -> dict[str, Any]:
    """Return the definition of one name: v1 shows the first, v2 the fields of all that are given.

    The fields come in another order than they were sent in.
    """
    every = list(shown)
    first = every[0]
    if switches.vdr_version == "v1":
        rows: list[dict[str, Any]] = [{"path": each.path, "type": each.type} for each in first.fields.values()]
        answer = {"id": first.id, "objectName": first.name, "level": first.place.level}
    else:
        rows = [field(each, one.place) for one in every for each in one.fields.values()]
        vdr = store.common_resources.vdr(first.name)
        answer = {"id": vdr.id, "objectName": first.name}
        if vdr.description is not None:
            answer["description"] = vdr.description
    return {**answer, "fields": sorted(rows, key=lambda row: str(row["path"]), reverse=True)}


def field(kept: Field, place: Place) -> dict[str, Any]:
    """Return a field as v2 shows it (DATA: displayName is empty if it was never set)."""
    row = {
        "id": kept.id,
        "path": kept.path,
        "type": kept.type,
        "level": place.level,
        "displayName": kept.display_name,
    }
    return row if place.level == "organization" else {**row, "associatedId": place.id}


def transformation(store: Store, switches: Switches, kept: Transformation) -> dict[str, Any]:
    """Return a transformation at its place, with the upper levels if it inherits (TEST transformations.js)."""
    inherits = any(each.get("type") == "inherit" for each in kept.configuration)
    upper: list[Transformation] = []
    if inherits or switches.inherited_fields == "always":
        places = chain(store, kept.place)[1:]
        found = (store.common_resources.transformation(kept.name, kept.element, place) for place in places)
        upper = [each for each in found if each is not None]
    answer = levels(switches, [kept, *upper])
    if switches.vdr_version == "v1":
        answer["level"] = kept.place.level
        answer["configuration"] = kept.configuration
        answer["id"] = kept.id
    else:
        answer["id"] = number(store, kept)
    return answer


def levels(switches: Switches, shown: list[Transformation]) -> dict[str, Any]:
    """Return the transformations of one name and element as one, the nearest level first."""
    nearest = shown[0]
    scripts = [script for each in shown if (script := _script(each)) is not None]
    answer: dict[str, Any] = {
        "objectName": nearest.name,
        "vendorName": nearest.vendor_name,
        "startDate": nearest.start_date,
        "isLegacy": nearest.is_legacy,
        "fields": [{**row, "level": each.place.level} for each in shown for row in each.fields],
        "configuration": [{**row, "level": each.place.level} for each in shown for row in each.configuration],
    }
    if scripts:
        answer["script"] = scripts[0]
    return answer


def number(store: Store, kept: Transformation) -> int:
    """Return the number that v2 gives to the transformation of a name to an element, whatever the level."""
    ids = store.common_resources.vdr(kept.name).transformation_ids
    if kept.element.id not in ids:
        ids[kept.element.id] = store.common_resources.next_id()
    return ids[kept.element.id]


def nearest_first(shown: Iterable[Transformation]) -> list[Transformation]:
    return sorted(shown, key=lambda each: -LEVELS.index(each.place.level))


def _script(kept: Transformation) -> dict[str, Any] | None:
    return None if kept.script is None else {**kept.script, "level": kept.place.level}
