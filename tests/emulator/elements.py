# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/elements and /hubs as catalogs, and OAuth URLs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from . import catalog
from .access import require
from .call import EMPTY, Answer, Call, Route, page_answer
from .catalog import AUTHENTICATION_TYPE, Element
from .errors import ApiError
from .paging import cut
from .resources import OBJECTS
from .rules import definition, find_element, required
from .state import new_secret


def list_elements(call: Call) -> Answer:
    return _list(call, [each for each in call.store.catalog if _wanted(call, each)])


def list_keys(call: Call) -> Answer:
    require(call.switches, "viewElements")
    return _paged(call, [element.key for element in call.store.catalog])


def read(call: Call) -> Answer:
    element = _element(call)
    parts = {"resources": _resources(element), "objects": _objects(element), "hooks": [], "parameters": []}
    return Answer({**_rendered(call, element), **parts})


def remove(call: Call) -> Answer:
    require(call.switches, "deleteElements")
    element = _custom(call)
    if any(instance.element is element for instance in call.store.instances.values()):
        raise ApiError(409, "The element has instances")
    call.store.catalog.remove(element)
    return EMPTY


def activate(call: Call) -> Answer:
    require(call.switches, "editElements")
    _custom(call).active = True
    return EMPTY


def deactivate(call: Call) -> Answer:
    require(call.switches, "editElements")
    _custom(call).active = False
    return EMPTY


def clone(call: Call) -> Answer:
    require(call.switches, "createElements")
    body = call.body if isinstance(call.body, dict) else {}
    key, name = (body.get(each) if isinstance(body.get(each), str) else None for each in ("key", "name"))
    if key and call.store.catalog.find(key):
        raise ApiError(400, f"There is an element with the key {key}")
    return Answer(_rendered(call, call.store.catalog.clone(_element(call), key, name)))


def configuration(call: Call) -> Answer:
    element = _element(call)
    naming = call.switches.field_naming
    return Answer(
        {
            "configuration": _entries(call, element),
            "providerData": catalog.render_provider_data(element, naming),
        }
    )


def list_metadata(call: Call) -> Answer:
    require(call.switches, "viewElements")
    return _paged(call, [_metadata(call, element) for element in call.store.catalog])


def metadata(call: Call) -> Answer:
    return Answer(_metadata(call, _element(call)))


def docs(call: Call) -> Answer:
    element = _element(call)
    return Answer({"swagger": "2.0", "info": {"title": element.key, "version": "api-v2"}, "paths": {}})


def list_resources(call: Call) -> Answer:
    element = _element(call)
    if call.asked("accountOnly").lower() == "true" and not element.custom:
        return Answer([])
    return Answer(_resources(element))


def list_objects(call: Call) -> Answer:
    element = _element(call)
    if call.asked("accountOnly").lower() == "true" and not element.custom:
        return Answer([])
    return Answer(_objects(element))


def list_nothing(call: Call) -> Answer:
    """Answer for parameters and hooks, which no element of the catalog has."""
    _element(call)
    return Answer([])


def authentication_types(call: Call) -> Answer:
    kinds = [authentication.type for authentication in _element(call).authentications]
    return Answer({"defaultValue": kinds[0], "options": [{"value": kind, "description": kind} for kind in kinds]})


def authentication_configuration(call: Call) -> Answer:
    """List what one type needs: all entries of the element but those that only other types need."""
    element = _element(call)
    wanted = call.parameters["type"]
    kinds = {authentication.type: authentication for authentication in element.authentications}
    if wanted not in kinds:
        raise ApiError(404, f"No authentication type found with name {wanted}")
    needed = required(element, call.switches, wanted)
    entries = [
        dataclasses.replace(entry, required=entry.key in needed)
        for entry in definition(element, call.switches).values()
        if entry.key in needed or not any(entry.key in other.required for other in kinds.values())
    ]
    naming = call.switches.field_naming
    return Answer([catalog.render_entry(entry, place, naming) for place, entry in enumerate(entries)])


def get_oauth_url(call: Call) -> Answer:
    return _oauth_url(call, {name: texts[0] for name, texts in call.query.items()})


def post_oauth_url(call: Call) -> Answer:
    if call.switches.oauth_url_post == "405":
        raise ApiError(405, "Request method 'POST' not supported")
    return _oauth_url(call, {name: text for name, text in call.object().items() if isinstance(text, str)})


def default_oauth_url(call: Call) -> Answer:
    """Answer for the vendor's own application, with the secret of its request token (CODE and TEST provisioner)."""
    given = {name: texts[0] for name, texts in call.query.items()}
    own = {
        "apiKey": "vendor",
        "apiSecret": "vendor",
        "callbackUrl": "https://auth.example.com/oauth",
        "requestToken": new_secret(18),
    }
    answer = _oauth_url(call, {**own, **given})
    return Answer({**answer.body, "configuration": {"secret": new_secret(18)}})


def oauth_token(call: Call) -> Answer:
    element = _element(call)
    given = {name: texts[0] for name, texts in call.query.items()}
    kind = given.get(AUTHENTICATION_TYPE)
    chosen = [element.authentication(kind)] if kind else element.authentications
    if not any(authentication and authentication.oauth == 1 for authentication in chosen):
        raise ApiError(400, "This element does not use OAuth 1")
    _needed(given)
    return Answer({"token": new_secret(18), "secret": new_secret(18)})


def list_hubs(call: Call) -> Answer:
    hydrate = call.asked("hydrate").lower() == "true"
    return _paged(call, [_hub(hub, hydrate) for hub in catalog.hubs().values()])


def list_hub_keys(call: Call) -> Answer:
    return _paged(call, list(catalog.hubs()))


def read_hub(call: Call) -> Answer:
    key = call.parameters["key"]
    hub = catalog.hubs().get(key)
    if hub is None:
        raise ApiError(404, f"No hub found with key {key}")
    return Answer(_hub(hub))


def list_hub_elements(call: Call) -> Answer:
    read_hub(call)
    return _list(call, [each for each in call.store.catalog if each.hub == call.parameters["key"]])


def _element(call: Call) -> Element:
    require(call.switches, "viewElements")
    return find_element(call.store, call.parameters["keyOrId"])


def _custom(call: Call) -> Element:
    element = find_element(call.store, call.parameters["keyOrId"])
    if not element.custom:
        raise ApiError(403, "Only a custom element can be changed")
    return element


def _entries(call: Call, element: Element) -> list[dict[str, Any]]:
    entries = definition(element, call.switches).values()
    return [catalog.render_entry(each, place, call.switches.field_naming) for place, each in enumerate(entries)]


def _rendered(call: Call, element: Element, with_configuration: bool = True) -> dict[str, Any]:
    answer = catalog.render(element, call.switches.field_naming, with_configuration=False)
    if with_configuration:
        answer["configuration"] = _entries(call, element)
    return answer


def _metadata(call: Call, element: Element) -> dict[str, Any]:
    """Describe an element (TEST elements/metadata.js; what `expand` adds is ASSUMED)."""
    answer = {
        "id": element.id,
        "key": element.key,
        "name": element.name,
        "description": catalog.summary(element)["description"],
        "active": element.active,
        "beta": False,
        "extended": False,
        "displayOrder": 0,
        "defaultAuthentication": element.default.type,
        "events": {"supported": True, "methods": list(catalog.EVENT_METHODS)},
        "bulk": {"upload": True, "download": True},
        "discovery": {"native": False, "endpoint": False},
        "usage": {},
    }
    if call.asked("expand").lower() == "true":
        answer["configuration"] = _entries(call, element)
        answer["objects"] = _objects(element)
    return answer


def _resources(element: Element) -> list[dict[str, Any]]:
    return [
        {"id": element.id * 1000 + number, **resource} for number, resource in enumerate(_hub_resources(element.hub))
    ]


def _hub_resources(hub: str) -> list[dict[str, Any]]:
    """Return the resources that every element of the hub answers."""
    return [
        {
            "path": f"/hubs/{hub}/{name}",
            "method": method,
            "type": "api",
            "kind": "eb",
            "vendorPath": f"/{vendor}",
            "vendorMethod": method,
            "description": f"{method} {name}",
        }
        for name, vendor in OBJECTS.items()
        for method in ("GET", "POST")
    ]


def _objects(element: Element) -> list[dict[str, Any]]:
    return [
        {"id": element.id * 1000 + number, "name": name, "vendorName": vendor, "elementId": element.id, "fields": []}
        for number, (name, vendor) in enumerate(OBJECTS.items(), start=100)
    ]


def _list(call: Call, elements: list[Element]) -> Answer:
    require(call.switches, "viewElements")
    abridged = call.asked("abridged").lower() == "true" or "abridged='true'" in call.asked("where").lower()
    numbered = list(enumerate(elements))
    page = cut(numbered, lambda pair: int(pair[0]), call.asked("pageSize"), call.asked("nextPage"))
    return page_answer(page, [_rendered(call, element, not abridged) for _number, element in page.rows])


def _paged(call: Call, things: Sequence[Any]) -> Answer:
    numbered = list(enumerate(things))
    page = cut(numbered, lambda pair: int(pair[0]), call.asked("pageSize"), call.asked("nextPage"))
    return page_answer(page, [thing for _number, thing in page.rows])


def _wanted(call: Call, element: Element) -> bool:
    """Understand the conditions that the vendor's own tools send in `where` (CODE), and searchText."""
    where = call.asked("where")
    text = call.asked("searchText").lower()
    keys = re.search(r"\bkey\s+in\s*\(([^)]*)\)", where, re.IGNORECASE)
    return (
        (not text or text in element.key.lower() or text in element.name.lower())
        and ("private='true'" not in where or element.custom)
        and "extended='true'" not in where
        and (keys is None or element.key in re.findall(r"'([^']*)'", keys[1]))
    )


def _oauth_url(call: Call, given: dict[str, str]) -> Answer:
    element = _element(call)
    oauth = _oauth(element, given)
    if oauth is None:
        raise ApiError(400, "This element does not use OAuth")
    _needed(given)
    base = f"https://auth.example.com/{element.key.replace(' ', '-')}"
    if oauth == 1:
        query = {"oauth_token": given.get("requestToken", ""), "oauth_callback": given["callbackUrl"]}
        return Answer({"element": element.key, "oauthUrl": f"{base}/authorize?{urlencode(query)}"})
    query = {
        "response_type": "code",
        "client_id": given["apiKey"],
        "redirect_uri": given["callbackUrl"],
        "scope": given.get("scope", ""),
        "state": given.get("state") or element.key,
    }
    query = {name: text for name, text in query.items() if text}
    return Answer({"element": element.key, "oauthUrl": f"{base}/authorize?{urlencode(query)}"})


def _oauth(element: Element, given: dict[str, str]) -> int | None:
    """Return the version of OAuth that is asked for; without a type, the element's first that is OAuth."""
    kind = given.get(AUTHENTICATION_TYPE)
    chosen = [element.authentication(kind)] if kind else element.authentications
    return next((each.oauth for each in chosen if each and each.oauth), None)


def _needed(given: dict[str, str]) -> None:
    missing = [name for name in ("apiKey", "apiSecret", "callbackUrl") if not given.get(name)]
    if missing:
        raise ApiError(400, f"Required parameters are missing: {', '.join(missing)}")


def _hub(hub: catalog.Hub, hydrate: bool = False) -> dict[str, Any]:
    """Return a hub (DOC platform-api/hubs; TEST hubs.js for its resources)."""
    answer = {
        "id": hub.id,
        "key": hub.key,
        "name": hub.name,
        "description": f"{hub.name} Element Hub",
        "active": True,
    }
    return {**answer, "resources": _hub_resources(hub.key)} if hydrate else answer


_ONE = "/elements/{keyOrId}"
ROUTES: list[Route] = [
    ("GET", "/elements", list_elements),
    ("GET", "/elements/keys", list_keys),
    ("GET", "/elements/metadata", list_metadata),
    ("GET", _ONE, read),
    ("DELETE", _ONE, remove),
    ("PUT", _ONE + "/active", activate),
    ("DELETE", _ONE + "/active", deactivate),
    ("POST", _ONE + "/clone", clone),
    ("GET", _ONE + "/export", read),
    ("GET", _ONE + "/configuration", configuration),
    ("GET", _ONE + "/metadata", metadata),
    ("GET", _ONE + "/docs", docs),
    ("GET", _ONE + "/resources", list_resources),
    ("GET", _ONE + "/parameters", list_nothing),
    ("GET", _ONE + "/hooks", list_nothing),
    ("GET", _ONE + "/objects", list_objects),
    ("GET", _ONE + "/authentication-types", authentication_types),
    ("GET", _ONE + "/authentication-types/{type}/configurations", authentication_configuration),
    ("GET", _ONE + "/oauth/url", get_oauth_url),
    ("POST", _ONE + "/oauth/url", post_oauth_url),
    ("GET", _ONE + "/oauth/url/default", default_oauth_url),
    ("GET", _ONE + "/oauth/token", oauth_token),
    ("GET", "/hubs", list_hubs),
    ("GET", "/hubs/keys", list_hub_keys),
    ("GET", "/hubs/{key}", read_hub),
    ("GET", "/hubs/{key}/elements", list_hub_elements),
]
