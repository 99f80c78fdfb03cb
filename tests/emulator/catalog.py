# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The elements that can be provisioned, and what each of them needs."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).with_name("catalog.yaml")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Known on every element (DOC common-instance-config, polling-parameters, webhook-parameters).
COMMON = (
    "event.notification.enabled",
    "event.vendor.type",
    "event.notification.type",
    "event.notification.callback.url",
    "event.notification.signature.key",
    "event.poller.configuration",
    "event.poller.refresh_interval",
    "event.poller.urls",
    "event.objects",
    "event.metadata",
    "event.helper.key",
    "filter.response.nulls",
)
# Of those, the ones that an answer carries although nobody asked: DOC for stripe, TEST for the last two, which the
# vendor's acceptance suite changes by their numbers.
_INJECTED = [
    "event.notification.enabled",
    "event.vendor.type",
    "event.notification.callback.url",
    "event.poller.configuration",
    "event.poller.refresh_interval",
    "event.objects",
    "filter.response.nulls",
]
AUTHENTICATION_TYPE = "authentication.type"
# CODE: what the vendor's exported elements offer for event.vendor.type.
EVENT_METHODS = ("polling", "webhook")
_DEFAULTS = {
    "event.notification.enabled": "false",
    "event.poller.refresh_interval": "15",
    "filter.response.nulls": "true",
    "pagination.max": "100",
    "pagination.type": "page",
}
# The first that fits names the type. PASSWORD is what decides about masks.
_TYPES = (
    (re.compile(r"^oauth\.user\.|^event\.notification\.signature\.key$"), "TEXTFIELD_1000"),
    (re.compile(r"password$|secret|private\.key$|apptoken$|access_key$", re.IGNORECASE), "PASSWORD"),
    (re.compile(r"^event\.vendor\.type$"), "COMBO"),
    (re.compile(r"sandbox$|\.enabled$|^filter\.|tagging$|^create\.bulk|add_metadata$|isstaging$"), "BOOLEAN"),
    (re.compile(r"^event\.poller\.(configuration|urls)$|^event\.metadata$"), "TEXTAREA"),
    (re.compile(r"url$|\.server$|host"), "TEXTFIELD_1000"),
    (re.compile(r"username$", re.IGNORECASE), "TEXTFIELD_32"),
)
_HIDDEN = re.compile(r"^(base\.url|pagination\.|bulk\.|authentication\.time|event\.(metadata|helper|notification\.s))")
_PROVIDER_DATA = {1: ("oauth_token", "oauth_verifier", "secret"), 2: ("code",)}


@dataclasses.dataclass(frozen=True)
class Entry:
    """One configuration key of an element."""

    id: int
    key: str
    type: str
    required: bool
    default: str | None
    injected: bool

    @property
    def masked(self) -> bool:
        return self.type == "PASSWORD"

    @property
    def hidden(self) -> bool:
        return bool(_HIDDEN.match(self.key))

    @property
    def name(self) -> str:
        return self.key.replace(".", " ").replace("_", " ").title()


@dataclasses.dataclass(frozen=True)
class Authentication:
    """One way to authenticate an element, and the configuration that it needs beside what all ways need."""

    type: str
    oauth: int | None
    required: tuple[str, ...] = ()


@dataclasses.dataclass
class Element:
    """One element. `original` is the id of the element that a clone was made of, else its own.

    `authentications` are the ways to authenticate, the default first. With several, the configuration value
    `authentication.type` of an instance chooses one.
    """

    id: int
    key: str
    name: str
    hub: str
    authentications: tuple[Authentication, ...]
    entries: dict[str, Entry]
    code_needed: bool = True
    ping: bool = True
    original: int = 0
    active: bool = True
    alternative: Element | None = None

    @property
    def custom(self) -> bool:
        return self.original != self.id

    @property
    def default(self) -> Authentication:
        return self.authentications[0]

    @property
    def oauth(self) -> int | None:
        """The version of OAuth that the element uses by default."""
        return self.default.oauth

    def authentication(self, kind: str | None) -> Authentication | None:
        """Return the way to authenticate of this type, the default if there is only one or no type is given."""
        if not kind or len(self.authentications) == 1:
            return self.default
        return next((each for each in self.authentications if each.type.lower() == kind.lower()), None)


class Catalog:
    """The elements of one emulator: those of catalog.yaml and clones of them."""

    def __init__(self) -> None:
        self._by_key = {key: dataclasses.replace(element) for key, element in _documented().items()}
        self._by_id = {element.id: element for element in self._by_key.values()}
        self._next_id = itertools.count(20001)

    def __iter__(self) -> Any:
        return iter(list(self._by_key.values()))

    def find(self, key_or_id: Any) -> Element | None:
        """Return the element with this key or numeric id; both are allowed in every path."""
        element = self._by_key.get(str(key_or_id))
        if element is None and str(key_or_id).isdecimal() and len(str(key_or_id)) < 19:
            element = self._by_id.get(int(key_or_id))
        return element

    def clone(self, element: Element, key: str | None = None, name: str | None = None) -> Element:
        """Make a custom element like another one (TEST, vendor acceptance suite: elements/instances.js)."""
        number = next(self._next_id)
        clone = dataclasses.replace(
            element, id=number, key=key or f"{element.key}-clone-{number}", name=name or f"{element.name} Clone"
        )
        self._by_key[clone.key] = self._by_id[clone.id] = clone
        return clone

    def remove(self, element: Element) -> None:
        del self._by_key[element.key], self._by_id[element.id]


@dataclasses.dataclass(frozen=True)
class Hub:
    """A group of elements with like resources."""

    id: int
    key: str
    name: str


@functools.cache
def _data() -> dict[str, Any]:
    return dict(yaml.load(_DATA.read_text(encoding="utf-8"), Loader=_LOADER))


@functools.cache
def hubs() -> dict[str, Hub]:
    """Return all hubs by key, in the order of their keys."""
    return {key: Hub(fields["id"], key, fields["name"]) for key, fields in sorted(_data()["hubs"].items())}


@functools.cache
def _documented() -> dict[str, Element]:
    data = _data()["elements"]
    elements = {key: _element(key, fields) for key, fields in data.items()}
    elements["stripe"].alternative = _element(
        "stripe",
        {**data["stripe"], "required": ["api.key"], "types": {"api.key": "TEXTFIELD_128"}},
    )
    return elements


def _element(key: str, fields: dict[str, Any]) -> Element:
    authentications = _authentications(fields)
    own = [*fields.get("required", ()), *fields.get("optional", ()), *fields.get("returned", ())]
    required = {*fields.get("required", ()), *authentications[0].required}
    numbers = itertools.count(fields["id"] * 100)
    defaults = {
        **_DEFAULTS,
        **({AUTHENTICATION_TYPE: authentications[0].type} if len(authentications) > 1 else {}),
        "base.url": f"https://{key.replace(' ', '-').lower()}.example.com",
        **fields.get("defaults", {}),
    }
    entries = {
        name: Entry(
            id=next(numbers),
            key=name,
            type=fields.get("types", {}).get(name) or _type(name),
            required=name in required,
            default=defaults.get(name),
            injected=name in own or name in fields.get("injected", _INJECTED),
        )
        for name in dict.fromkeys([*own, *COMMON])
    }
    return Element(
        id=fields["id"],
        key=key,
        name=fields["name"],
        hub=fields["hub"],
        authentications=authentications,
        entries=entries,
        code_needed=fields.get("code") != "optional",
        ping=fields.get("ping", True),
        original=fields["id"],
    )


def _authentications(fields: dict[str, Any]) -> tuple[Authentication, ...]:
    kinds = fields.get("authentications") or {fields["authentication"]: {"oauth": fields.get("oauth")}}
    return tuple(
        Authentication(kind, given.get("oauth"), tuple(given.get("required", ()))) for kind, given in kinds.items()
    )


def _type(key: str) -> str:
    return next((name for pattern, name in _TYPES if pattern.search(key)), "TEXTFIELD_128")


def render_entry(entry: Entry, position: int, naming: str) -> dict[str, Any]:
    """Return a configuration entry as JSON (TEST element.configuration.schema.json; SWG ElementConfig)."""
    fields: dict[str, Any] = {
        "id": entry.id,
        "key": entry.key,
        "name": entry.name,
        "description": f"The {entry.name} of the connection",
        "mandatory" if naming == "swagger" else "required": entry.required,
        "configDataType" if naming == "swagger" else "type": entry.type,
        "active": True,
        "internal": False,
        "hideFromConsole": entry.hidden,
        "companyConfig": False,
        "resellerConfig": False,
        "displayOrder": position,
    }
    if entry.default is not None:
        fields["defaultValue"] = entry.default
    if entry.type == "COMBO":
        fields["options"] = [{"value": value, "description": value} for value in EVENT_METHODS]
    return fields


def render_provider_data(element: Element, naming: str) -> list[dict[str, Any]]:
    """Return what has to be in providerData, in the form of configuration entries (SWG ElementConfigs)."""
    keys = _PROVIDER_DATA.get(element.oauth or 0, ())
    numbers = itertools.count(element.id * 100 + 90)
    entries = (Entry(next(numbers), key, "TEXTFIELD_1000", True, None, False) for key in keys)
    return [render_entry(entry, position, naming) for position, entry in enumerate(entries)]


def summary(element: Element, authentication: str | None = None) -> dict[str, Any]:
    """Return the element object inside an instance that authenticates in this way (DOC zuora/authenticate)."""
    return {
        "id": element.id,
        "name": element.name,
        "hookName": element.name.title().replace(" ", ""),
        "key": element.key,
        "description": f"Add {element.name} to your application.",
        "image": f"https://images.example.com/elements/{element.id}.png",
        "active": element.active,
        "deleted": False,
        "typeOauth": element.oauth is not None,
        "trialAccount": False,
        "resources": [],
        "transformationsEnabled": True,
        "bulkDownloadEnabled": True,
        "bulkUploadEnabled": True,
        "cloneable": True,
        "extendable": not element.custom,
        "beta": False,
        "authentication": {"type": authentication or element.default.type},
        "extended": False,
        "hub": element.hub,
        "protocolType": "http",
        "parameters": [],
        "private": element.custom,
    }


def render(element: Element, naming: str, with_configuration: bool = True) -> dict[str, Any]:
    """Return an element as `/elements/{keyOrId}` answers it (DOC platform-api/elements)."""
    fields = summary(element)
    if with_configuration:
        fields["configuration"] = render_configuration(element, naming)
    return fields


def render_configuration(element: Element, naming: str) -> list[dict[str, Any]]:
    """Return all configuration entries of an element."""
    return [render_entry(entry, position, naming) for position, entry in enumerate(element.entries.values())]
