# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Transformations at organization, account and instance level."""

from __future__ import annotations

from typing import Any

from ..access import require
from ..call import EMPTY, Answer, Call, Route
from ..catalog import Element
from ..errors import ApiError
from ..rules import find_element
from . import bodies, places, render
from .definitions import NOT_ON_V2
from .state import Transformation


def list_all(call: Call) -> Answer:
    """List by name; 404 if there is none. For an element, v2 refuses it if the switch says so."""
    require(call.switches, "viewCommonObjects")
    element = _element(call)
    if "keyOrId" in call.parameters and _refused_on_v2(call):
        raise ApiError(400, NOT_ON_V2)
    found = call.store.common_resources.mapped_at(element, places.of(call))
    found = call.store.shown(found, call.switches.listing_lag)
    if not found:
        raise ApiError(404, "No transformations found")
    return Answer({each.name: render.transformation(call.store, call.switches, each) for each in found})


def defaults(call: Call) -> Answer:
    """Find none: the elements here have no transformations of the vendor's."""
    require(call.switches, "viewElements")
    find_element(call.store, call.parameters["keyOrId"])
    raise ApiError(404, "No transformations found")


def read(call: Call) -> Answer:
    require(call.switches, "viewCommonObjects")
    return Answer(render.transformation(call.store, call.switches, _transformation(call)))


def create(call: Call) -> Answer:
    """Create one. Its definition must be there, at this level or above; without it the status is a switch."""
    require(call.switches, "createCommonObjects")
    name, place, body = call.parameters["objectName"], places.of(call), call.object()
    kept, element = call.store.common_resources, _element(call)
    missing = call.switches.transformation_without_definition
    if kept.nearest(name, places.chain(call.store, place)) is None and missing != 200:
        raise ApiError(missing, f"No object definition found with name {name}")
    made = bodies.transformation(call.store, call.switches, name, place, element, body)
    if kept.transformation(name, element, place) and call.switches.transformation_twice == 409:
        raise ApiError(409, f"There is a transformation of {name} for {element.key}")
    return _written(call, made)


def replace(call: Call) -> Answer:
    require(call.switches, "editCommonObjects")
    old = _transformation(call)
    made = bodies.transformation(call.store, call.switches, old.name, old.place, old.element, call.object())
    return _written(call, made)


def remove(call: Call) -> Answer:
    """Delete one; `propagate` deletes it at the upper levels too (ASSUMED)."""
    require(call.switches, "deleteCommonObjects")
    kept = _transformation(call)
    headers = places.refusal(call, kept.place)
    if headers:
        return Answer(headers=headers)
    above = places.chain(call.store, kept.place)[1:] if call.asked("propagate").lower() == "true" else []
    for place in above:
        upper = call.store.common_resources.transformation(kept.name, kept.element, place)
        if upper is not None and places.writable(call, place):
            call.store.common_resources.unmap(upper)
    call.store.common_resources.unmap(kept)
    return EMPTY


def remove_all(call: Call) -> Answer:
    require(call.switches, "deleteCommonObjects")
    place = places.of(call)
    found = call.store.common_resources.mapped_at(_element(call), place)
    if not found:
        raise ApiError(404, "No transformations found")
    headers = places.refusal(call, place)
    for each in found if not headers else ():
        call.store.common_resources.unmap(each)
    return Answer(headers=headers)


def _element(call: Call) -> Element:
    if "keyOrId" in call.parameters:
        return find_element(call.store, call.parameters["keyOrId"])
    return call.instance().element


def _refused_on_v2(call: Call) -> bool:
    return call.switches.vdr_version == "v2" and call.switches.refused_on_v2 in ("element_map", "both")


def _transformation(call: Call) -> Transformation:
    name = call.parameters["objectName"]
    kept = call.store.common_resources.transformation(name, _element(call), places.of(call))
    if kept is None:
        raise ApiError(404, f"No transformation found with name {name}")
    return kept


def _written(call: Call, made: Transformation) -> Answer:
    headers = places.refusal(call, made.place)
    if headers:
        old = call.store.common_resources.transformation(made.name, made.element, made.place)
        nothing: dict[str, Any] = {"objectName": made.name, "vendorName": made.vendor_name, "fields": []}
        return Answer(render.transformation(call.store, call.switches, old) if old else nothing, headers)
    call.store.common_resources.map(made)
    return Answer(render.transformation(call.store, call.switches, made))


def _routes(prefix: str) -> list[Route]:
    one = prefix + "/{objectName}"
    return [
        ("GET", prefix, list_all),
        ("DELETE", prefix, remove_all),
        ("GET", one, read),
        ("POST", one, create),
        ("PUT", one, replace),
        ("DELETE", one, remove),
    ]


_PREFIXES = (
    "/organizations/elements/{keyOrId}/transformations",
    "/accounts/{id}/elements/{keyOrId}/transformations",
    "/instances/{id}/transformations",
    "/instances/transformations",
)
ROUTES: list[Route] = [
    *(route for prefix in _PREFIXES for route in _routes(prefix)),
    ("GET", "/elements/{keyOrId}/transformations", defaults),
]
