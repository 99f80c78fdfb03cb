# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/common-resources: what the vendor's user interface calls. All levels of a name at once, on both engines."""

from __future__ import annotations

from typing import Any

from ..access import require
from ..call import Answer, Call, Route
from ..errors import ApiError
from . import bodies, places, writing


def list_all(call: Call) -> Answer:
    """List as an array, not by name (TEST commonResources.js)."""
    _available(call, "viewCommonObjects")
    kept = call.store.common_resources
    names = [name for name in kept.vdrs if call.store.shown(writing.visible(call, name), call.switches.listing_lag)]
    return Answer([_row(call, name) for name in names])


def read(call: Call) -> Answer:
    _available(call, "viewCommonObjects")
    return Answer(_row(call, _name(call)))


def put(call: Call) -> Answer:
    """Update or create by the name in the body; `changedFields` says which field has another path now (TEST)."""
    _available(call, "editCommonObjects")
    body = dict(call.object())
    name = bodies.name(body.get("name"), call.switches)
    body["fields"] = [_with_id(call, name, row, body) for row in bodies.rows(body)]
    headers = writing.fields(call, name, body, writing.COMMON_RESOURCE)
    return Answer(_row(call, name) if writing.visible(call, name) else {"name": name, "fields": []}, headers)


def rename(call: Call) -> Answer:
    """Rename all levels that the caller may write; the old name is 404 then (TEST)."""
    _available(call, "editCommonObjects")
    old, name = _name(call), bodies.name(call.object().get("name"), call.switches)
    if name != old and writing.visible(call, name):
        raise ApiError(409, f"There is an object with the name {name}")
    left = []
    for definition in writing.visible(call, old):
        if places.writable(call, definition.place):
            call.store.common_resources.rename(definition, name)
        else:
            left.append(definition.place)
    return Answer(_row(call, name if writing.visible(call, name) else old), places.ignored(left))


def remove(call: Call) -> Answer:
    """Delete all levels; with transformations only if `force` is set (ASSUMED from what a client relies on)."""
    _available(call, "deleteCommonObjects")
    name = _name(call)
    if call.store.common_resources.mapped(name) and call.asked("force").lower() != "true":
        raise ApiError(409, f"The object {name} has transformations")
    return Answer(headers=writing.remove(call, name))


def usages(call: Call) -> Answer:
    """Count the formula steps whose `api` has the name as one segment (TEST)."""
    _available(call, "viewCommonObjects")
    name = _name(call)
    counted = [
        (template, sum(name in str(step["properties"].get("api", "")).split("/") for step in template.steps))
        for template in call.store.formulas.templates.values()
    ]
    rows = [
        {"formulaName": template.name, "formulaId": template.id, "usageCount": count}
        for template, count in counted
        if count
    ]
    return Answer({"formulaUsages": rows})


def _available(call: Call, privilege: str) -> None:
    if call.switches.vdr_endpoints == "missing":
        raise ApiError(404, "There is no such resource")
    require(call.switches, privilege)


def _name(call: Call) -> str:
    name = call.parameters["objectName"]
    if not writing.visible(call, name):
        raise ApiError(404, f"No common resource found with name {name}")
    return name


def _row(call: Call, name: str) -> dict[str, Any]:
    mapped = [each for each in call.store.common_resources.mapped(name) if places.seen(call, each.place)]
    return {
        "name": name,
        "fields": [
            {
                "path": field.path,
                "type": field.type,
                "associatedLevel": each.place.level,
                "associatedId": each.place.id,
            }
            for each in writing.visible(call, name)
            for field in each.fields.values()
        ],
        "elementInstanceIds": sorted({each.place.id for each in mapped if each.place.level == "instance"}),
        "mappedElementIds": sorted({each.element.id for each in mapped}),
    }


def _with_id(call: Call, name: str, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Return a field with the id of the one that it was, if it has another path now."""
    old = {each.get("path"): each.get("oldPath") for each in bodies.rows(body, "changedFields")}.get(row.get("path"))
    if old is None:
        return row
    place = places.named(call, row.get("associatedLevel"), row.get("associatedId"))
    definition = call.store.common_resources.definition(name, place)
    field = definition.fields.get(old) if definition else None
    return {**row, "id": field.id} if field else row


ROUTES: list[Route] = [
    ("GET", "/common-resources", list_all),
    ("PUT", "/common-resources", put),
    ("GET", "/common-resources/{objectName}", read),
    ("PATCH", "/common-resources/{objectName}", rename),
    ("DELETE", "/common-resources/{objectName}", remove),
    ("GET", "/common-resources/{objectName}/usages", usages),
]
