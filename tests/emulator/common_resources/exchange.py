# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/vdrs/{name}/export and /vdrs/import: one document with the organization's and the account's levels (DATA)."""

from __future__ import annotations

from typing import Any

from ..call import Answer, Call, Route
from ..errors import ApiError
from ..rules import find_element
from . import bodies, places, render, vdrs, writing
from .state import Place, Transformation


def export(call: Call) -> Answer:
    vdrs.available(call, "viewCommonObjects")
    return Answer(document(call, call.parameters["objectName"]))


def document(call: Call, name: str) -> dict[str, Any]:
    """Return a VDR without ids, its fields by path, its transformations by element key."""
    shown = [each for each in writing.visible(call, name) if _travels(each.place)]
    if not shown:
        raise ApiError(404, f"No vdr found with name {name}")
    vdr = call.store.common_resources.vdr(name)
    fields = [
        {"path": field.path, "type": field.type, "level": each.place.level, "displayName": field.display_name}
        for each in shown
        for field in each.fields.values()
    ]
    definition = {
        "objectName": name,
        "createdDate": vdr.created_date,
        "vdrShared": False,
        "vdrShareLevel": shown[0].place.level,
        "fields": sorted(fields, key=lambda row: (row["path"], row["level"])),
    }
    if vdr.description is not None:
        definition["description"] = vdr.description
    groups: dict[str, list[Transformation]] = {}
    for each in call.store.common_resources.mapped(name):
        if _travels(each.place) and places.seen(call, each.place):
            groups.setdefault(each.element.key, []).append(each)
    return {
        "vdrName": name,
        "vdrVersion": "v2",
        "definition": definition,
        "transformation": {key: _transformation(call, key, each) for key, each in groups.items()},
    }


def load(call: Call) -> Answer:
    """Update or create from a document. Whether fields that it does not have go is a switch (UNKNOWN).

    An element that is not known is 404 and nothing is written (ASSUMED). Instance levels stay as they are, and so do
    the transformations to other elements than those of the document.
    """
    vdrs.available(call, "editCommonObjects")
    body = call.object()
    given = body.get("definition")
    if not isinstance(given, dict):
        raise ApiError(400, "definition is missing")
    name = bodies.name(given.get("objectName") or body.get("vdrName"), call.switches)
    transformations = body.get("transformation") or {}
    if not isinstance(transformations, dict) or not all(isinstance(each, dict) for each in transformations.values()):
        raise ApiError(400, "transformation is not an object of objects")
    elements = {key: find_element(call.store, key) for key in transformations}
    rows = bodies.rows(given)
    if call.switches.vdr_import == "merge":
        rows = [*_others(call, name, rows), *rows]
    headers = writing.fields(call, name, {"fields": rows}, keep=lambda place: not _travels(place))
    if isinstance(given.get("description"), str) and writing.visible(call, name):
        call.store.common_resources.vdr(name).description = given["description"]
    for key, element in elements.items():
        headers |= writing.transformation(call, name, element, transformations[key])
    written = any(_travels(each.place) for each in writing.visible(call, name))
    return Answer(document(call, name) if written else {}, headers)


def _travels(place: Place) -> bool:
    return place.level != "instance"


def _others(call: Call, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the fields that are there and not in a document, as the document would have them."""
    given = {(row.get("path"), row.get("level")) for row in rows}
    return [
        {"path": field.path, "type": field.type, "level": each.place.level, "displayName": field.display_name}
        for each in writing.visible(call, name)
        if _travels(each.place)
        for field in each.fields.values()
        if (field.path, each.place.level) not in given
    ]


def _transformation(call: Call, key: str, found: list[Transformation]) -> dict[str, Any]:
    shown = render.nearest_first(found)
    answer = render.levels(call.switches, shown)
    del answer["startDate"]
    scripts = [{**each.script, "level": each.place.level} for each in shown if each.script is not None]
    return {"elementKey": key, **answer, **({"scripts": scripts} if scripts else {})}


ROUTES: list[Route] = [
    ("GET", "/vdrs/{objectName}/export", export),
    ("PUT", "/vdrs/import", load),
]
