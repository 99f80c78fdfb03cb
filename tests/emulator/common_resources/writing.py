# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing all levels of one name at once, as /vdrs and /common-resources do.

What the caller's role may not write is dropped, and the answer is 200 with a header that says so (TEST vdrs.js).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..call import Call
from ..catalog import Element
from . import bodies, places
from .state import Definition, Field, Place

_Levels = tuple[str, str]
# How /vdrs and /common-resources name the level of a field.
VDR: _Levels = ("level", "associatedId")
COMMON_RESOURCE: _Levels = ("associatedLevel", "associatedId")


def visible(call: Call, name: str) -> list[Definition]:
    """Return the definitions of a name that the caller's account sees, by level."""
    found = (each for each in call.store.common_resources.named(name) if places.seen(call, each.place))
    return sorted(found, key=lambda each: (places.LEVELS.index(each.place.level), each.place.id))


def fields(
    call: Call, name: str, body: dict[str, Any], words: _Levels = VDR, *, keep: Callable[[Place], bool] | None = None
) -> dict[str, str]:
    """Write the fields of all levels; a field with the id of an old one and another path is that one renamed.

    Levels that the body does not name lose their fields, but for the places that `keep` accepts.
    """
    groups: dict[Place, list[dict[str, Any]]] = {}
    for row in bodies.rows(body):
        place = places.named(call, row.get(words[0]), row.get(words[1], body.get("instanceId")))
        groups.setdefault(place, []).append(row)
    if not groups and not visible(call, name):
        groups[places.own(call)] = []
    kept = call.store.common_resources
    dropped = [place for place in groups if not places.writable(call, place)]
    for place, rows in groups.items():
        if place not in dropped:
            old = kept.definition(name, place)
            renamed = _renamed(old, rows)
            kept.define(name, place, bodies.fields(call.store, call.switches, rows, old))
            _follow(call, name, place, renamed)
    for definition in visible(call, name):
        place = definition.place
        if place in groups or (keep is not None and keep(place)):
            continue
        if places.writable(call, place):
            kept.undefine(definition)
        else:
            dropped.append(place)
    return places.ignored(dropped)


def transformation(call: Call, name: str, element: Element, body: dict[str, Any]) -> dict[str, str]:
    """Write the transformation of all levels: fields, configuration and scripts each name theirs."""
    kept = call.store.common_resources
    paths = {field.id: field.path for each in visible(call, name) for field in each.fields.values()}
    scripts = bodies.rows(body, "scripts")
    if not scripts or call.switches.import_script == "script":
        scripts = [body["script"]] if isinstance(body.get("script"), dict) else []
    groups: dict[Place, dict[str, Any]] = {}

    def at(row: dict[str, Any]) -> dict[str, Any]:
        number = row.get("instanceId", row.get("associatedId", body.get("instanceId")))
        place = places.named(call, row.get("level", body.get("level")), number)
        empty: dict[str, Any] = {"vendorName": body.get("vendorName"), "isLegacy": body.get("isLegacy"), "fields": []}
        return groups.setdefault(place, {**empty, "configuration": []})

    for row in bodies.rows(body):
        path = paths.get(row.get("vdrFieldId", -1), row.get("path"))
        at(row)["fields"].append({**row, "path": path})
    for row in bodies.rows(body, "configuration"):
        at(row)["configuration"].append({key: value for key, value in row.items() if key != "level"})
    for row in scripts:
        at(row)["script"] = row
    if not groups:
        at({})
    dropped = [place for place in groups if not places.writable(call, place)]
    made = [
        bodies.transformation(call.store, call.switches, name, place, element, group)
        for place, group in groups.items()
        if place not in dropped
    ]
    for each in made:
        kept.map(each)
    for each in kept.mapped(name):
        if each.element is element and each.place not in groups and places.seen(call, each.place):
            if places.writable(call, each.place):
                kept.unmap(each)
            else:
                dropped.append(each.place)
    return places.ignored(dropped)


def remove(call: Call, name: str) -> dict[str, str]:
    """Remove all levels of a name with their transformations, as far as the caller may."""
    kept = call.store.common_resources
    left: list[Place] = []
    for each in kept.mapped(name):
        if places.writable(call, each.place):
            kept.unmap(each)
        else:
            left.append(each.place)
    for definition in kept.named(name):
        if places.writable(call, definition.place):
            kept.undefine(definition)
        else:
            left.append(definition.place)
    return places.ignored(left)


def _renamed(old: Definition | None, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Give old fields the new paths of the rows with their ids; returns the new paths by the old ones."""
    if old is None:
        return {}
    wanted = {row["id"]: row["path"] for row in rows if isinstance(row.get("id"), int) and isinstance(row["path"], str)}
    renamed = {
        field.path: wanted[field.id] for field in old.fields.values() if wanted.get(field.id, field.path) != field.path
    }
    moved = [
        Field(field.id, renamed.get(field.path, field.path), field.type, field.display_name)
        for field in old.fields.values()
    ]
    old.fields = {field.path: field for field in moved}
    return renamed


def _follow(call: Call, name: str, place: Place, renamed: dict[str, str]) -> None:
    for each in call.store.common_resources.mapped(name) if renamed else ():
        if place in places.chain(call.store, each.place):
            each.fields = [{**row, "path": renamed.get(row["path"], row["path"])} for row in each.fields]
