# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/instances, /elements/{keyOrId}/instances and /accounts/…/instances."""

from __future__ import annotations

from typing import Any

from . import organization, render, rules
from .access import require
from .call import EMPTY, Answer, Call, Route, page_answer
from .errors import ApiError
from .paging import Page, cut
from .state import Instance

# CODE: two vendor tools expect /^No (.*) found$/; the noun is ASSUMED.
NONE_FOUND = "No element instances found"


def list_instances(call: Call) -> Answer:
    found = _searched(call, call.store.visible(call.switches.listing_lag))
    hydrate = _flag(call, "hydrate", call.switches.hydrate_default)
    return _listing(call, found, hydrate)


def list_account_instances(call: Call) -> Answer:
    own = call.store.owner.account_id
    if "id" in call.parameters and organization.check(call, call.parameters["id"]) != own:
        raise ApiError(404, NONE_FOUND)
    return _listing(call, call.store.visible(call.switches.listing_lag), call.switches.hydrate_default)


def list_element_instances(call: Call) -> Answer:
    element = rules.find_element(call.store, call.parameters["keyOrId"])
    found = [each for each in call.store.visible(call.switches.listing_lag) if each.element is element]
    if not found:
        raise ApiError(404, NONE_FOUND)
    return page_answer(Page(found, len(found)), _rows(call, found, call.switches.hydrate_default))


def create(call: Call) -> Answer:
    require(call.switches, "createElementInstances")
    body = call.object()
    element = rules.find_element(call.store, call.parameters["keyOrId"]) if "keyOrId" in call.parameters else None
    instance = rules.create(call.store, call.switches, body, element)
    answer = render.instance(instance, call.switches)
    if call.switches.provider_data_echoed and isinstance(body.get("providerData"), dict):
        answer["providerData"] = body["providerData"]
    return Answer(answer)


def read(call: Call) -> Answer:
    return Answer(render.instance(call.instance(), call.switches))


def patch(call: Call) -> Answer:
    instance = call.instance()
    rules.update(call.store, call.switches, instance, call.object())
    return Answer(render.instance(instance, call.switches))


def put(call: Call) -> Answer:
    require(call.switches, "createElementInstances")
    instance = call.instance()
    body = call.object()
    asked = _flag(call, "reAuthenticate", call.switches.reauthenticate_default)
    if asked:
        rules.reauthenticate(call.store, call.switches, instance, body)
    rules.update(call.store, call.switches, instance, body, replace=call.switches.put == "replace")
    return Answer(render.instance(instance, call.switches))


def delete(call: Call) -> Answer:
    instance = call.instance()
    if call.switches.token_on_delete == "misrouted" and "id" in call.parameters and _token_of_database(call):
        # CODE: verbatim in a public issue of the vendor's acceptance suite; the status is ASSUMED.
        raise ApiError(400, "Request failed", "This API is not supported as there is no or multiple Primary keys.")
    users = call.store.formulas.users_of(instance.id)
    if users:
        names = ", ".join(f"{user.name} ({user.id})" for user in users)
        raise ApiError(409, f"The element instance is in use by the formula instances {names}")
    call.store.remove(instance)
    return EMPTY


def count(call: Call) -> Answer:
    number = len(call.store.instances)
    return Answer({"totalInstances": number, "elementInstances": number})


def enable(call: Call) -> Answer:
    return _enabled(call, disabled=False)


def disable(call: Call) -> Answer:
    return _enabled(call, disabled=True)


def trace(call: Call) -> Answer:
    call.instance().trace_logging = True
    return EMPTY


def untrace(call: Call) -> Answer:
    call.instance().trace_logging = False
    return EMPTY


def list_configuration(call: Call) -> Answer:
    return Answer(render.configuration_entries(call.store, call.instance(), call.switches))


def read_configuration(call: Call) -> Answer:
    return Answer(_entry(call, call.instance()))


def patch_configuration(call: Call) -> Answer:
    instance = call.instance()
    entry = _entry(call, instance)
    body = call.object()
    if "propertyValue" not in body:
        raise ApiError(400, "propertyValue is missing")
    rules.set_property(call.store, call.switches, instance, entry["key"], body["propertyValue"])
    return Answer(_entry(call, instance))


def docs(call: Call) -> Answer:
    instance = call.instance()
    return Answer(
        {
            "swagger": "2.0",
            "info": {"title": instance.element.key, "version": "api-v2"},
            "basePath": "/elements/api-v2",
            "paths": {},
            "definitions": {},
        }
    )


def definitions(call: Call) -> Answer:
    call.instance()
    return Answer({})


def event_pollers(call: Call) -> Answer:
    """List what is polled: the objects in `event.objects`, while polling is on (TEST elements/sfdc/polling.js)."""
    configuration = call.instance().configuration
    if (configuration.get("event.notification.enabled") or "").lower() != "true" or (
        configuration.get("event.vendor.type") or "polling"
    ) != "polling":
        return Answer([])
    names = [name.strip() for name in (configuration.get("event.objects") or "").split(",")]
    interval = configuration.get("event.poller.refresh_interval") or ""
    minutes = int(interval) if interval.isdecimal() and len(interval) < 10 else 15
    return Answer([{"objectName": name, "refreshInterval": minutes} for name in names if name])


def events(call: Call) -> Answer:
    call.instance()
    return page_answer(Page([], 0), [])


def _searched(call: Call, instances: list[Instance]) -> list[Instance]:
    """Narrow by searchText, a substring of name or element key, and tags[] (TEST elements/instances.js)."""
    wanted = call.asked("searchText")
    if wanted and call.switches.search_case == "insensitive":
        wanted = wanted.lower()
        instances = [each for each in instances if wanted in each.name.lower() or wanted in each.element.key.lower()]
    elif wanted:
        instances = [each for each in instances if wanted in each.name or wanted in each.element.key]
    tags = set(call.query.get("tags[]", ()))
    if tags and call.switches.tags_match == "all":
        instances = [each for each in instances if tags.issubset(each.tags)]
    elif tags:
        instances = [each for each in instances if not tags.isdisjoint(each.tags)]
    return instances


def _listing(call: Call, found: list[Instance], hydrate: bool) -> Answer:
    page = cut(
        found,
        lambda instance: int(instance.id),
        call.asked("pageSize"),
        call.asked("nextPage"),
        trailing=call.switches.trailing_page == "empty_404",
    )
    if not page.rows:
        raise ApiError(404, NONE_FOUND)
    return page_answer(page, _rows(call, page.rows, hydrate))


def _rows(call: Call, found: list[Instance], hydrate: bool) -> list[dict[str, Any]]:
    return [render.instance(each, call.switches, row=True, hydrate=hydrate) for each in found]


def _entry(call: Call, instance: Instance) -> dict[str, Any]:
    wanted = call.parameters["configId"]
    for entry in render.configuration_entries(call.store, instance, call.switches):
        if str(entry["id"]) == wanted:
            return entry
    raise ApiError(404, f"No configuration found with ID {wanted}")


def _enabled(call: Call, *, disabled: bool) -> Answer:
    instance = call.instance()
    if instance.disabled == disabled and call.switches.disable_twice == 409:
        raise ApiError(409, f"The element instance is already {'disabled' if disabled else 'enabled'}")
    instance.disabled = disabled
    return EMPTY


def _token_of_database(call: Call) -> bool:
    return call.caller.instance is not None and call.caller.instance.element.hub == "db"


def _flag(call: Call, name: str, default: bool) -> bool:
    text = call.asked(name).lower()
    return default if text not in ("true", "false") else text == "true"


_BY_ID = "/instances/{id}"
_OF_ELEMENT = "/elements/{keyOrId}/instances"
_SHARED: list[Route] = [
    ("PUT", "/enabled", enable),
    ("DELETE", "/enabled", disable),
    ("GET", "/configuration", list_configuration),
    ("GET", "/configuration/{configId}", read_configuration),
    ("PATCH", "/configuration/{configId}", patch_configuration),
    ("PUT", "/trace-logging", trace),
    ("DELETE", "/trace-logging", untrace),
    ("GET", "/docs", docs),
    ("GET", "/events", events),
    ("PUT", "", put),
    ("PATCH", "", patch),
    ("DELETE", "", delete),
]
ROUTES: list[Route] = [
    ("GET", "/instances", list_instances),
    ("POST", "/instances", create),
    ("GET", "/instances/count", count),
    ("GET", "/instances/event-poller-records", event_pollers),
    ("GET", "/instances/docs/{operationId}", docs),
    ("GET", "/instances/docs/{operationId}/definitions", definitions),
    *((method, "/instances" + rest, handler) for method, rest, handler in _SHARED),
    *((method, _BY_ID + rest, handler) for method, rest, handler in _SHARED),
    ("GET", _BY_ID, read),
    ("GET", _BY_ID + "/docs/{operationId}", docs),
    ("GET", _BY_ID + "/docs/{operationId}/definitions", definitions),
    ("GET", _OF_ELEMENT, list_element_instances),
    ("POST", _OF_ELEMENT, create),
    ("GET", _OF_ELEMENT + "/{id}", read),
    ("PUT", _OF_ELEMENT + "/{id}", put),
    ("DELETE", _OF_ELEMENT + "/{id}", delete),
    ("GET", "/accounts/instances", list_account_instances),
    ("GET", "/accounts/{id}/instances", list_account_instances),
]
