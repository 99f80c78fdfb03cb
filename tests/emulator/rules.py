# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a create and an update mean: checks, defaults, normalisation."""

from __future__ import annotations

import unicodedata
from typing import Any

from .catalog import AUTHENTICATION_TYPE, Element, Entry
from .errors import ApiError
from .state import Instance, Store, new_secret
from .switches import Switches
from .values import MASK, as_text, clean_tags, strip_html

# CODE: a public issue of the vendor's acceptance suite quotes it.
NO_CODE = "You must provide an OAuth code in order to create an instance of this element"


def definition(element: Element, switches: Switches) -> dict[str, Entry]:
    """Return the configuration entries of an element, the other ones of stripe where the switch says so."""
    chosen = element.alternative if element.alternative and switches.stripe == "api_key" else element
    return chosen.entries


def required(element: Element, switches: Switches, kind: str | None) -> set[str]:
    """Return the configuration keys that an element needs with this type of authentication."""
    entries = {entry.key for entry in definition(element, switches).values() if entry.required}
    chosen = element.authentication(kind)
    return entries - set(element.default.required) | set(chosen.required if chosen else ())


def find_element(store: Store, key_or_id: Any, status: int = 404) -> Element:
    element = store.catalog.find(key_or_id)
    if element is None:
        raise ApiError(status, f"No element found with key or ID {key_or_id}")
    return element


def create(store: Store, switches: Switches, body: dict[str, Any], element: Element | None = None) -> Instance:
    """Make an instance out of a request body; raises ApiError where the platform would refuse it."""
    element = element or _element_of(store, switches, body)
    name = _text(body, "name")
    if not name and switches.name_missing == "refused":
        raise ApiError(400, "An element instance needs a name")
    if switches.name_taken == "existing" and (there := _namesake(store, element, name)) is not None:
        return there
    given = _mapping(body, "configuration")
    _mapping(body, "providerData")
    _list(body, "tags")
    configuration = _configuration(element, switches, given)
    needed = required(element, switches, configuration.get(AUTHENTICATION_TYPE))
    missing = [
        entry.key
        for entry in definition(element, switches).values()
        if entry.key in needed and entry.default is None and configuration.get(entry.key) in (None, "")
    ]
    if missing:
        raise ApiError(400, f"The following required configuration entries are missing: {', '.join(missing)}")
    tokens = _authenticate(store, switches, element, body, configuration, _oauth(element, configuration))
    instance = build(store, switches, element, name or element.key, {**configuration, **tokens}, body.get("tags"))
    if body.get("externalAuthentication"):
        instance.external_authentication = str(body["externalAuthentication"])
    if body.get("retrieveObjectsAfterInstantiation") is True:
        instance.extra["objects"] = []
    return instance


def build(
    store: Store,
    switches: Switches,
    element: Element,
    name: str,
    configuration: dict[str, Any],
    tags: list[Any] | None,
    *,
    mangle: bool = True,
) -> Instance:
    """Keep a new instance with the element's defaults filled in. Tags left out become the name (TEST)."""
    kept_name = _kept_name(name, switches) if mangle else strip_html(name)
    kept_tags = clean_tags(tags or [])
    if tags is None or (not kept_tags and switches.empty_tags_on_create == "name"):
        kept_tags = [strip_html(name)]
    filled: dict[str, str | None] = {
        entry.key: entry.default for entry in definition(element, switches).values() if entry.injected
    }
    filled.update((key, as_text(value)) for key, value in configuration.items())
    return store.add(element, kept_name, kept_tags, filled)


def update(
    store: Store, switches: Switches, instance: Instance, body: dict[str, Any], *, replace: bool = False
) -> None:
    """Change an instance in place: what the body leaves out stays, unless `replace` (a PUT, by its switch)."""
    name = _text(body, "name")
    given = _mapping(body, "configuration")
    tags = _list(body, "tags")
    element = _moved(store, instance, body)
    if "name" in body and body["name"] is not None and not name:
        raise ApiError(400, "An element instance needs a name")
    configuration = _configuration(element, switches, given)
    if switches.mask_written == "ignored":
        configuration = {key: value for key, value in configuration.items() if value != MASK}
    if body.get("providerData") is not None:
        _mapping(body, "providerData")
        oauth = _oauth(element, {**instance.configuration, **configuration})
        configuration.update(_authenticate(store, switches, element, body, configuration, oauth))
        reauthenticated(store, switches, instance)
    instance.element = element
    if name:
        instance.name = _kept_name(name, switches) if strip_html(name) != instance.name else instance.name
    if tags is not None:
        instance.tags = clean_tags(tags)
    if replace:
        defaults = {entry.key: entry.default for entry in definition(element, switches).values() if entry.injected}
        instance.configuration = {**defaults, **configuration}
        instance.tags = instance.tags if tags is not None else [instance.name]
    else:
        instance.configuration.update(configuration)
    if body.get("externalAuthentication"):
        instance.external_authentication = str(body["externalAuthentication"])
    if isinstance(body.get("disabled"), bool) and switches.disabled_in_patch == "applied":
        instance.disabled = body["disabled"]


def reauthenticate(store: Store, switches: Switches, instance: Instance, body: dict[str, Any]) -> None:
    """A PUT that asks for it, without new provider data: an OAuth element can not, another one can."""
    if body.get("providerData") is not None:
        return
    if _oauth(instance.element, instance.configuration) and instance.external_authentication != "initial":
        raise ApiError(400, NO_CODE)
    reauthenticated(store, switches, instance)


def reauthenticated(store: Store, switches: Switches, instance: Instance) -> None:
    instance.valid = True
    if switches.token_on_reauthentication == "new":
        store.renew_token(instance)


def set_property(store: Store, switches: Switches, instance: Instance, key: str, value: Any) -> None:
    """Change one configuration value by its numeric id's key."""
    text = as_text(value)
    if text != MASK or switches.mask_written == "literal":
        instance.configuration[key] = text


def _element_of(store: Store, switches: Switches, body: dict[str, Any]) -> Element:
    reference = body.get("element")
    if not isinstance(reference, dict) or (reference.get("key") is None and reference.get("id") is None):
        raise ApiError(400, "An element key or ID is needed to create an instance")
    key_or_id = reference["key"] if reference.get("key") is not None else reference["id"]
    return find_element(store, key_or_id, switches.unknown_element)


def _moved(store: Store, instance: Instance, body: dict[str, Any]) -> Element:
    """Return the element after an update: the same, or a clone of it (TEST, elements/instances.js)."""
    reference = body.get("element")
    if not isinstance(reference, dict):
        return instance.element
    wanted = reference["id"] if reference.get("id") is not None else reference.get("key")
    if wanted is None:
        return instance.element
    element = find_element(store, wanted)
    if element.original != instance.element.original:
        raise ApiError(400, "The element of an instance can not be changed")
    return element


def _configuration(element: Element, switches: Switches, given: dict[str, Any]) -> dict[str, str | None]:
    entries = definition(element, switches)
    configuration = {key: as_text(value) for key, value in given.items()}
    if "api.key" in configuration and element.alternative and switches.stripe == "alias":
        key = configuration.pop("api.key")
        configuration = {"username": key, "password": key, **configuration}
    unknown = [key for key in configuration if key not in entries]
    if unknown and switches.unknown_configuration == "refuse":
        raise ApiError(400, f"The element does not have the configuration {', '.join(unknown)}")
    if unknown and switches.unknown_configuration == "drop":
        configuration = {key: value for key, value in configuration.items() if key in entries}
    return configuration


def _oauth(element: Element, configuration: dict[str, str | None]) -> int | None:
    """Return the version of OAuth that an instance with this configuration uses, None for another authentication."""
    chosen = element.authentication(configuration.get(AUTHENTICATION_TYPE))
    return chosen.oauth if chosen else None


def _authenticate(
    store: Store,
    switches: Switches,
    element: Element,
    body: dict[str, Any],
    configuration: dict[str, str | None],
    oauth: int | None,
) -> dict[str, str | None]:
    """Check what this version of OAuth needs, and return the tokens that the provider hands out."""
    if oauth is None:
        return {}
    if body.get("externalAuthentication") == "initial":
        return _external(switches, configuration)
    provider_data = body.get("providerData") or {}
    code = provider_data.get("oauth_token") or provider_data.get("code")
    if not code and (element.code_needed or "code" not in provider_data):
        raise ApiError(400, NO_CODE)
    if oauth == 1 and "oauth_token" in provider_data and not provider_data.get("oauth_verifier"):
        raise ApiError(400, NO_CODE)
    if code:
        spent = (element.original, str(code))
        if spent in store.spent_codes and switches.reused_code == "refused":
            raise ApiError(400, "Request failed", "invalid_grant: the authorization code was used before")
        store.spent_codes.add(spent)
    tokens: dict[str, str | None] = {"oauth.user.token": new_secret(24)}
    if oauth == 1:
        return {**tokens, "oauth.user.token.secret": new_secret(24)}
    return {**tokens, "oauth.user.refresh_token": new_secret(24)}


def _external(switches: Switches, configuration: dict[str, str | None]) -> dict[str, str | None]:
    """Tokens were handed over (DOC provisioning-instance-existing-refresh-token); they are replaced at a refresh."""
    if configuration.get("oauth.user.refresh_token"):
        renewed: dict[str, str | None] = {"oauth.user.token": configuration.get("oauth.user.token") or new_secret(24)}
        if switches.rotate_tokens:
            renewed["oauth.user.refresh_token"] = new_secret(24)
        return renewed
    if configuration.get("oauth.user.token"):
        return {}
    raise ApiError(400, "External authentication needs oauth.user.refresh_token or oauth.user.token")


def _kept_name(name: str, switches: Switches) -> str:
    """Return a name as it is stored."""
    plain = strip_html(name)
    return {
        "kept": plain,
        "suffixed": f"{plain} (1)",
        "lower": plain.lower(),
        "composed": unicodedata.normalize("NFC", plain),
        "cut": plain[:40],
    }[switches.name_stored]


def _namesake(store: Store, element: Element, name: str) -> Instance | None:
    """Return the instance of an element that has this name, whatever its case."""
    wanted = strip_html(name).lower()
    there = (each for each in store.instances.values() if each.element is element and each.name.lower() == wanted)
    return next(there, None)


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise ApiError(400, f"{key} is not a string")
    return strip_html(value or "") and (value or "")


def _mapping(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = body.get(key)
    if value is not None and not isinstance(value, dict):
        raise ApiError(400, f"{key} is not an object")
    return value or {}


def _list(body: dict[str, Any], key: str) -> list[Any] | None:
    value = body.get(key)
    if value is not None and not isinstance(value, list):
        raise ApiError(400, f"{key} is not an array")
    return value
