# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/elements and /hubs as catalogues, and OAuth URLs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from . import catalogue
from .access import require
from .call import EMPTY, Answer, Call, Route, page_answer
from .catalogue import Element
from .errors import ApiError
from .paging import cut
from .rules import definition, find_element
from .state import new_secret


def list_elements(call: Call) -> Answer:
    return _list(call, [each for each in call.store.catalogue if _wanted(call, each)])


def list_keys(call: Call) -> Answer:
    require(call.switches, "viewElements")
    return _paged(call, [element.key for element in call.store.catalogue])


def read(call: Call) -> Answer:
    return Answer(_rendered(call, _element(call)))


def remove(call: Call) -> Answer:
    require(call.switches, "deleteElements")
    element = _custom(call)
    if any(instance.element is element for instance in call.store.instances.values()):
        raise ApiError(409, "The element has instances")
    call.store.catalogue.remove(element)
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
    if key and call.store.catalogue.find(key):
        raise ApiError(400, f"There is an element with the key {key}")
    return Answer(_rendered(call, call.store.catalogue.clone(_element(call), key, name)))


def configuration(call: Call) -> Answer:
    element = _element(call)
    naming = call.switches.field_naming
    return Answer(
        {
            "configuration": _entries(call, element),
            "providerData": catalogue.render_provider_data(element, naming),
        }
    )


def metadata(call: Call) -> Answer:
    element = _element(call)
    return Answer(
        {
            "id": element.id,
            "key": element.key,
            "name": element.name,
            "active": element.active,
            "beta": False,
            "extended": False,
            "defaultAuthentication": element.authentication,
            "events": {"supported": True, "methods": ["polling"]},
            "bulk": {"upload": True, "download": True},
            "discovery": {"native": False, "endpoint": False},
            "usage": {},
        }
    )


def docs(call: Call) -> Answer:
    element = _element(call)
    return Answer({"swagger": "2.0", "info": {"title": element.key, "version": "api-v2"}, "paths": {}})


def authentication_types(call: Call) -> Answer:
    kind = _element(call).authentication
    return Answer({"defaultValue": kind, "options": [{"value": kind, "description": kind}]})


def authentication_configuration(call: Call) -> Answer:
    element = _element(call)
    if call.parameters["type"] != element.authentication:
        raise ApiError(404, f"No authentication type found with name {call.parameters['type']}")
    return Answer(_entries(call, element))


def get_oauth_url(call: Call) -> Answer:
    return _oauth_url(call, {name: texts[0] for name, texts in call.query.items()})


def post_oauth_url(call: Call) -> Answer:
    if call.switches.oauth_url_post == "405":
        raise ApiError(405, "Request method 'POST' not supported")
    return _oauth_url(call, {name: text for name, text in call.object().items() if isinstance(text, str)})


def default_oauth_url(call: Call) -> Answer:
    given = {name: texts[0] for name, texts in call.query.items()}
    own = {"apiKey": "vendor", "apiSecret": "vendor", "callbackUrl": "https://auth.example.com/oauth"}
    return _oauth_url(call, {**own, **given})


def oauth_token(call: Call) -> Answer:
    element = _element(call)
    if element.oauth != 1:
        raise ApiError(400, "This element does not use OAuth 1")
    _needed({name: texts[0] for name, texts in call.query.items()})
    return Answer({"token": new_secret(18), "secret": new_secret(18)})


def list_hubs(call: Call) -> Answer:
    return _paged(call, [_hub(number, key) for number, key in enumerate(_hub_keys(call), start=1)])


def list_hub_keys(call: Call) -> Answer:
    return _paged(call, _hub_keys(call))


def read_hub(call: Call) -> Answer:
    keys = _hub_keys(call)
    key = call.parameters["key"]
    if key not in keys:
        raise ApiError(404, f"No hub found with key {key}")
    return Answer(_hub(keys.index(key) + 1, key))


def list_hub_elements(call: Call) -> Answer:
    read_hub(call)
    return _list(call, [each for each in call.store.catalogue if each.hub == call.parameters["key"]])


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
    return [catalogue.render_entry(each, place, call.switches.field_naming) for place, each in enumerate(entries)]


def _rendered(call: Call, element: Element, with_configuration: bool = True) -> dict[str, Any]:
    answer = catalogue.render(element, call.switches.field_naming, with_configuration=False)
    if with_configuration:
        answer["configuration"] = _entries(call, element)
    return answer


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
    if element.oauth is None:
        raise ApiError(400, "This element does not use OAuth")
    _needed(given)
    base = f"https://auth.example.com/{element.key.replace(' ', '-')}"
    if element.oauth == 1:
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


def _needed(given: dict[str, str]) -> None:
    missing = [name for name in ("apiKey", "apiSecret", "callbackUrl") if not given.get(name)]
    if missing:
        raise ApiError(400, f"Required parameters are missing: {', '.join(missing)}")


def _hub_keys(call: Call) -> list[str]:
    return sorted({element.hub for element in call.store.catalogue})


def _hub(number: int, key: str) -> dict[str, Any]:
    return {"id": number, "key": key, "name": f"{key.title()} Hub", "description": f"The {key} hub", "active": True}


_ONE = "/elements/{keyOrId}"
ROUTES: list[Route] = [
    ("GET", "/elements", list_elements),
    ("GET", "/elements/keys", list_keys),
    ("GET", _ONE, read),
    ("DELETE", _ONE, remove),
    ("PUT", _ONE + "/active", activate),
    ("DELETE", _ONE + "/active", deactivate),
    ("POST", _ONE + "/clone", clone),
    ("GET", _ONE + "/export", read),
    ("GET", _ONE + "/configuration", configuration),
    ("GET", _ONE + "/metadata", metadata),
    ("GET", _ONE + "/docs", docs),
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
