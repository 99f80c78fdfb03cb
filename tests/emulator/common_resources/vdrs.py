# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/vdrs: the calls of the v2 engine. On v1 they are refused (ASSUMED)."""

from __future__ import annotations

from typing import Any

from .. import where
from ..access import require
from ..call import Answer, Call, Route, page_answer
from ..errors import ApiError
from ..paging import Page, cut
from ..rules import find_element
from . import bodies, places, render, writing
from .state import Place, Transformation


def list_all(call: Call) -> Answer:
    """List the VDRs that the account sees. Whether it pages, and what an empty list answers, are switches."""
    available(call, "viewCommonObjects")
    kept = call.store.common_resources
    names = [name for name in kept.vdrs if call.store.shown(writing.visible(call, name), call.switches.listing_lag)]
    if call.asked("systemOnly").lower() == "true":
        names = []
    rows = where.chosen(call.asked("where"), [_row(call, name) for name in names], lambda row, field: row.get(field))
    if not rows and call.switches.empty_vdrs == 404:
        raise ApiError(404, "No vdrs found")
    rows.sort(key=lambda row: int(row["id"]))
    page = Page(rows, len(rows))
    if call.switches.vdr_pages:
        page = cut(rows, lambda row: int(row["id"]), call.asked("pageSize"), call.asked("nextPage"))
    return page_answer(page, page.rows)


def create(call: Call) -> Answer:
    available(call, "createCommonObjects")
    body = call.object()
    name = bodies.name(body.get("objectName"), call.switches)
    if writing.visible(call, name):
        raise ApiError(409, f"There is an object with the name {name}")
    return _written(call, name, body)


def read(call: Call) -> Answer:
    available(call, "viewCommonObjects")
    return Answer(_row(call, _name(call)))


def replace(call: Call) -> Answer:
    available(call, "editCommonObjects")
    name, body = _name(call), call.object()
    wanted = bodies.name(body.get("objectName", name), call.switches)
    if wanted != name:
        if writing.visible(call, wanted):
            raise ApiError(409, f"There is an object with the name {wanted}")
        for definition in writing.visible(call, name):
            call.store.common_resources.rename(definition, wanted)
    return _written(call, wanted, body)


def remove(call: Call) -> Answer:
    available(call, "deleteCommonObjects")
    return Answer(headers=writing.remove(call, _name(call)))


def list_transformations(call: Call) -> Answer:
    available(call, "viewCommonObjects")
    groups: dict[int, list[Transformation]] = {}
    for each in _transformations(call, _name(call)):
        groups.setdefault(each.element.id, []).append(each)
    return Answer([_transformation(call, each) for each in groups.values()])


def create_transformation(call: Call) -> Answer:
    available(call, "createCommonObjects")
    name, body = _name(call), call.object()
    element = find_element(call.store, body.get("elementKey", ""))
    if any(each.element is element for each in _transformations(call, name)):
        raise ApiError(409, f"There is a transformation of {name} for {element.key}")
    headers = writing.transformation(call, name, element, body)
    found = [each for each in _transformations(call, name) if each.element is element]
    return Answer(_transformation(call, found) if found else {"objectName": name, "fields": []}, headers)


def read_transformation(call: Call) -> Answer:
    available(call, "viewCommonObjects")
    return Answer(_transformation(call, _found(call)))


def replace_transformation(call: Call) -> Answer:
    available(call, "editCommonObjects")
    found = _found(call)
    headers = writing.transformation(call, found[0].name, found[0].element, call.object())
    return Answer(_transformation(call, _found(call)), headers)


def remove_transformation(call: Call) -> Answer:
    available(call, "deleteCommonObjects")
    left: list[Place] = []
    for each in _found(call):
        if places.writable(call, each.place):
            call.store.common_resources.unmap(each)
        else:
            left.append(each.place)
    return Answer(headers=places.ignored(left))


def available(call: Call, privilege: str) -> None:
    if call.switches.vdr_endpoints == "missing":
        raise ApiError(404, "There is no such resource")
    require(call.switches, privilege)
    if call.switches.vdr_version == "v1":
        raise ApiError(400, "This API is only supported for v2 VDRs")


def _name(call: Call) -> str:
    text = call.parameters["id"]
    name = call.store.common_resources.by_number(int(text)) if len(text) < 19 else None
    if name is None or not writing.visible(call, name):
        raise ApiError(404, f"No vdr found with ID {text}")
    return name


def _row(call: Call, name: str) -> dict[str, Any]:
    vdr = call.store.common_resources.vdr(name)
    row: dict[str, Any] = render.definition(call.store, call.switches, writing.visible(call, name))
    mapped = _transformations(call, name)
    row.update(createdDate=vdr.created_date, mappedElementIds=sorted({each.element.id for each in mapped}))
    return row


def _written(call: Call, name: str, body: dict[str, Any]) -> Answer:
    headers = writing.fields(call, name, body)
    if not writing.visible(call, name):
        return Answer({"objectName": name, "fields": []}, headers)
    if isinstance(body.get("description"), str):
        call.store.common_resources.vdr(name).description = body["description"]
    return Answer(_row(call, name), headers)


def _transformations(call: Call, name: str) -> list[Transformation]:
    """Return the transformations that the account sees, one instance's only if it is asked for."""
    instance = call.asked("instanceId")
    found = (each for each in call.store.common_resources.mapped(name) if places.seen(call, each.place))
    return [each for each in found if not instance or each.place.level != "instance" or str(each.place.id) == instance]


def _transformation(call: Call, found: list[Transformation]) -> dict[str, Any]:
    shown = render.nearest_first(found)
    answer = render.levels(call.switches, shown)
    return {"id": render.number(call.store, shown[0]), "elementKey": shown[0].element.key, **answer}


def _found(call: Call) -> list[Transformation]:
    found = [
        each
        for each in _transformations(call, _name(call))
        if str(render.number(call.store, each)) == call.parameters["transformationId"]
    ]
    if not found:
        raise ApiError(404, f"No transformation found with ID {call.parameters['transformationId']}")
    return found


_ONE = "/vdrs/{id}"
_TRANSFORMATION = "/vdrs/{id}/transformations/{transformationId}"
ROUTES: list[Route] = [
    ("GET", "/vdrs", list_all),
    ("POST", "/vdrs", create),
    ("GET", _ONE, read),
    ("PUT", _ONE, replace),
    ("DELETE", _ONE, remove),
    ("GET", _ONE + "/transformations", list_transformations),
    ("POST", _ONE + "/transformations", create_transformation),
    ("GET", _TRANSFORMATION, read_transformation),
    ("PUT", _TRANSFORMATION, replace_transformation),
    ("DELETE", _TRANSFORMATION, remove_transformation),
]
