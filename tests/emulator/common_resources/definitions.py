# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object definitions at organization, account and instance level."""

from __future__ import annotations

from typing import Any

from ..access import require
from ..call import EMPTY, Answer, Call, Route
from ..errors import ApiError
from . import bodies, places, render
from .state import Definition, Place

NOT_ON_V2 = "This API is not supported for v2 VDRs"


def list_all(call: Call) -> Answer:
    """List by name; an instance sees all levels that could map to it (SWG). 404 if there is none (TEST)."""
    require(call.switches, "viewCommonObjects")
    place, kept = places.of(call), call.store.common_resources
    shown: dict[str, list[Definition]] = {}
    for each in places.chain(call.store, place) if place.level == "instance" else [place]:
        for definition in call.store.shown(kept.defined_at(each), call.switches.listing_lag):
            shown.setdefault(definition.name, []).append(definition)
    if not shown or call.asked("systemOnly").lower() == "true":
        raise ApiError(404, "No object definitions found")
    return Answer({name: render.definition(call.store, call.switches, each) for name, each in shown.items()})


def create_all(call: Call) -> Answer:
    """Create several; if one of them is there, none is made (409 ASSUMED)."""
    require(call.switches, "createCommonObjects")
    body = call.object()
    made = {name: _new(call, name, each if isinstance(each, dict) else {}) for name, each in body.items()}
    headers = places.refusal(call, places.of(call))
    if not headers:
        for name, fields in made.items():
            call.store.common_resources.define(name, places.of(call), fields)
    return Answer({} if headers else {name: _shown(call, name) for name in made}, headers)


def remove_all(call: Call) -> Answer:
    """Delete all of a level; 409 and nothing is gone if one of them is mapped (TEST objects.js; nothing ASSUMED)."""
    require(call.switches, "deleteCommonObjects")
    found = call.store.common_resources.defined_at(places.of(call))
    if not found:
        raise ApiError(404, "No object definitions found")
    headers = places.refusal(call, places.of(call))
    for each in found:
        _refuse_mapped(call, each)
    for each in found if not headers else ():
        call.store.common_resources.undefine(each)
    return Answer(headers=headers)


def read(call: Call) -> Answer:
    require(call.switches, "viewCommonObjects")
    return Answer(render.definition(call.store, call.switches, [_definition(call)]))


def create(call: Call) -> Answer:
    require(call.switches, "createCommonObjects")
    name, body = call.parameters["objectName"], call.object()
    fields = _new(call, name, body)
    return _written(call, name, places.refusal(call, places.of(call)), fields, body)


def replace(call: Call) -> Answer:
    """Replace the fields (ASSUMED, strong; a switch)."""
    require(call.switches, "editCommonObjects")
    kept, body = _definition(call), call.object()
    rows = bodies.rows(body, needed=True)
    merge = call.switches.definition_put == "merge"
    fields = bodies.fields(call.store, call.switches, rows, kept, merge=merge)
    return _written(call, kept.name, places.refusal(call, kept.place), fields, body)


def remove(call: Call) -> Answer:
    require(call.switches, "deleteCommonObjects")
    kept = _definition(call)
    headers = places.refusal(call, kept.place)
    _refuse_mapped(call, kept)
    if not headers:
        call.store.common_resources.undefine(kept)
        return EMPTY
    return Answer(headers=headers)


def rename(call: Call) -> Answer:
    """Rename one level; what other levels have stays under the old name (DOC)."""
    require(call.switches, "editCommonObjects")
    kept = _definition(call)
    name = bodies.name(call.object().get("objectName"), call.switches)
    if name != kept.name and call.store.common_resources.definition(name, kept.place):
        raise ApiError(409, f"There is an object with the name {name}")
    headers = places.refusal(call, kept.place)
    if not headers:
        call.store.common_resources.rename(kept, name)
    return Answer({**render.definition(call.store, call.switches, [kept]), "level": kept.place.level}, headers)


def where_mapped(call: Call) -> Answer:
    """List the transformations of a name (CODE); refused on v2 if the switch says so (the-doctor issue #21)."""
    require(call.switches, "viewCommonObjects")
    if call.switches.vdr_version == "v2" and call.switches.refused_on_v2 in ("where_mapped", "both"):
        raise ApiError(400, NOT_ON_V2)
    name = call.parameters["objectName"]
    if not call.store.common_resources.named(name):
        raise ApiError(404, f"No object definition found with name {name}")
    own = call.store.owner.account_id
    return Answer(
        [
            {
                "id": each.id,
                "name": name,
                "level": each.place.level,
                "account": {"id": _account(each.place, own), "defaultAccount": _account(each.place, own) == own},
                "element": {"id": each.element.id, "key": each.element.key, "name": each.element.name},
            }
            for each in call.store.common_resources.mapped(name)
        ]
    )


def _account(place: Place, own: int) -> int:
    return place.id if place.level == "account" else own


def _definition(call: Call) -> Definition:
    name = call.parameters["objectName"]
    kept = call.store.common_resources.definition(name, places.of(call))
    if kept is None:
        raise ApiError(404, f"No object definition found with name {name}")
    return kept


def _new(call: Call, name: str, body: dict[str, Any]) -> list[Any]:
    bodies.name(name, call.switches)
    fields = bodies.fields(call.store, call.switches, bodies.rows(body, needed=True), None)
    if call.store.common_resources.definition(name, places.of(call)):
        raise ApiError(409, f"There is an object with the name {name}")
    return fields


def _written(call: Call, name: str, headers: dict[str, str], fields: list[Any], body: dict[str, Any]) -> Answer:
    place = places.of(call)
    if headers:
        kept = call.store.common_resources.definition(name, place)
        return Answer(_shown(call, name) if kept else {"objectName": name, "fields": []}, headers)
    call.store.common_resources.define(name, place, fields)
    if call.switches.vdr_version == "v2" and isinstance(body.get("description"), str):
        call.store.common_resources.vdr(name).description = body["description"]
    return Answer(_shown(call, name))


def _shown(call: Call, name: str) -> dict[str, Any]:
    kept = call.store.common_resources.definition(name, places.of(call))
    assert kept is not None
    return render.definition(call.store, call.switches, [kept])


def _refuse_mapped(call: Call, kept: Definition) -> None:
    mapped = places.mapping(call.store, kept)
    if mapped:
        keys = ", ".join(sorted({each.element.key for each in mapped}))
        raise ApiError(409, f"The object {kept.name} has transformations for {keys}")


def _routes(prefix: str) -> list[Route]:
    one = prefix + "/objects/{objectName}/definitions"
    return [
        ("GET", prefix + "/objects/definitions", list_all),
        ("GET", one, read),
        ("POST", one, create),
        ("PUT", one, replace),
        ("DELETE", one, remove),
        ("PATCH", prefix + "/objects/{objectName}", rename),
    ]


_SEVERAL = ("/organizations", "/accounts", "/accounts/{id}")
ROUTES: list[Route] = [
    *(route for prefix in (*_SEVERAL, "/instances", "/instances/{id}") for route in _routes(prefix)),
    *(("POST", prefix + "/objects/definitions", create_all) for prefix in _SEVERAL),
    *(("DELETE", prefix + "/objects/definitions", remove_all) for prefix in _SEVERAL),
    ("GET", "/organizations/objects/{objectName}/transformations", where_mapped),
]
