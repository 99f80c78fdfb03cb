# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to the element behind a token: ping and whatever resource is asked for."""

from __future__ import annotations

from typing import Any

from .call import EMPTY, Answer, Call, Route, page_answer
from .common_resources import places
from .common_resources.state import Place
from .errors import ApiError
from .paging import Page
from .state import Instance, timestamp

# What every element is said to have, by the name that the platform gives it: the vendor's name.
OBJECTS = {"accounts": "Account", "contacts": "Contact", "incidents": "Incident"}


def ping(call: Call) -> Answer:
    instance = call.instance()
    if not instance.element.ping:
        # TEST, vendor acceptance suite: verbatim of a missing resource; the status is a switch.
        raise ApiError(call.switches.ping_unsupported, "This API is not currently supported for this element")
    _provider(call, instance)
    return Answer({"dateTime": timestamp(), "endpoint": instance.element.key, "valid": True})


def list_objects(call: Call) -> Answer:
    """List the objects of the element by name, or with their kinds for version 2 (TEST elements/instances.js)."""
    if call.headers.get("elements-version", "").lower() != "helium":
        return Answer(list(OBJECTS))
    kinds = [
        ("vendor", [(vendor, vendor) for vendor in OBJECTS.values()]),
        ("ceCanonical", list(OBJECTS.items())),
        ("vdr", list(_mapped(call).items())),
    ]
    return Answer([{"name": name, "vendorName": vendor, "type": kind} for kind, rows in kinds for name, vendor in rows])


def _mapped(call: Call) -> dict[str, str]:
    """Return the common resources that are mapped to the instance at any level, with the nearest vendor name."""
    instance = _token_instance(call)
    mapped: dict[str, str] = {}
    for place in places.chain(call.store, Place("instance", instance.id)):
        for each in call.store.common_resources.mapped_at(instance.element, place):
            mapped.setdefault(each.name, each.vendor_name)
    return mapped


def list_resource(call: Call) -> Answer:
    rows = [_shown(call, row) for row in _rows(call).values()]
    return page_answer(Page(rows, len(rows)), rows)


def create(call: Call) -> Answer:
    rows = _rows(call)
    number = str(len(rows) + 1001)
    rows[number] = {**call.object(), "id": number}
    return Answer(_shown(call, rows[number]))


def read(call: Call) -> Answer:
    return Answer(_shown(call, _row(call)))


def patch(call: Call) -> Answer:
    row = _row(call)
    row.update({key: value for key, value in call.object().items() if key != "id"})
    return Answer(_shown(call, row))


def remove(call: Call) -> Answer:
    row = _row(call)
    del _rows(call)[row["id"]]
    return EMPTY


def _token_instance(call: Call) -> Instance:
    instance = call.caller.instance
    if instance is None:
        raise ApiError(404, f"There is no {call.path}")
    return instance


def _provider(call: Call, instance: Instance) -> None:
    status = call.switches.status_of_provider(instance.id)
    if status != 200:
        raise ApiError(status, "Request failed", "The provider refused the request: invalid credentials")


def _rows(call: Call) -> dict[str, dict[str, Any]]:
    instance = _token_instance(call)
    _provider(call, instance)
    name = call.parameters["resource"]
    if name not in instance.resources:
        instance.resources[name] = {
            str(number): {"id": str(number), "name": f"{name} {number}", "description": None} for number in (1, 2)
        }
    return instance.resources[name]


def _row(call: Call) -> dict[str, Any]:
    row = _rows(call).get(call.parameters["objectId"])
    if row is None:
        raise ApiError(404, f"No {call.parameters['resource']} found with ID {call.parameters['objectId']}")
    return row


def _shown(call: Call, row: Any) -> Any:
    """Return a row without its nulls, unless the instance says that they are not filtered (DOC, TEST)."""
    filtered = _token_instance(call).configuration.get("filter.response.nulls")
    return row if (filtered or "true").lower() == "false" else _without_nulls(row)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


ROUTES: list[Route] = [
    ("GET", "/ping", ping),
    ("GET", "/hubs/{hub}/ping", ping),
    ("GET", "/objects", list_objects),
    ("GET", "/hubs/{hub}/objects", list_objects),
    *(
        (method, prefix + rest, handler)
        for prefix in ("/hubs/{hub}", "")
        for method, rest, handler in (
            ("GET", "/{resource}", list_resource),
            ("POST", "/{resource}", create),
            ("GET", "/{resource}/{objectId}", read),
            ("PATCH", "/{resource}/{objectId}", patch),
            ("DELETE", "/{resource}/{objectId}", remove),
        )
    ),
]
