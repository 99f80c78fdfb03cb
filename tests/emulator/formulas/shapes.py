# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps, triggers and variables as they are kept: what the platform fills in, and what it refuses by its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import ApiError
from ..switches import Switches
from ..values import as_text

_VARIABLE_TYPES = ("value", "elementInstance")


def parts(
    body: dict[str, Any], switches: Switches, next_id: Callable[[], int], old: dict[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the three lists of a template body.

    A part keeps the id that it was sent with if it is the id of an old part. Without an id it gets a new one, or that
    of the old part with its name if the switch says so.
    """
    return {
        kind: [_numbered(kind, make(each, switches), each, switches, next_id, old[kind]) for each in _list(body, kind)]
        for kind, make in MAKERS.items()
    }


def step(given: Any, switches: Switches) -> dict[str, Any]:
    """Return a step without its id (DATA against minimal test bodies: the lists are filled in)."""
    _object(given, "step", "name", "type")
    kept = {
        "name": given["name"],
        "type": given["type"],
        "properties": _properties(given, switches),
        "onSuccess": _names(given, "onSuccess"),
        "onFailure": _names(given, "onFailure"),
    }
    return {**kept, **_optional(given, "description")}


def trigger(given: Any, switches: Switches) -> dict[str, Any]:
    """Return a trigger without its id (DATA: name, async and onFailure are filled in)."""
    _object(given, "trigger", "type")
    name, parallel = given.get("name"), given.get("async")
    kept = {
        "name": name if isinstance(name, str) else "trigger",
        "type": given["type"],
        "async": parallel if isinstance(parallel, bool) else True,
        "onSuccess": _names(given, "onSuccess"),
        "onFailure": _names(given, "onFailure"),
        "properties": _properties(given, switches),
    }
    return {**kept, **_optional(given, "active")}


def variable(given: Any, switches: Switches) -> dict[str, Any]:
    """Return an entry of the configuration without its id (SWG: key, name and type are needed)."""
    _object(given, "configuration", "key", "name", "type")
    if given["type"] not in _VARIABLE_TYPES:
        raise ApiError(400, f"The type of a configuration is one of {', '.join(_VARIABLE_TYPES)}")
    kept = {
        "key": given["key"],
        "name": given["name"],
        "type": given["type"],
        "required": given.get("required") is True,
    }
    return {**kept, **_optional(given, "description")}


MAKERS: dict[str, Callable[[Any, Switches], dict[str, Any]]] = {
    "steps": step,
    "triggers": trigger,
    "configuration": variable,
}
# Which field tells two parts of one kind apart.
NAMES = {"steps": "name", "triggers": "name", "configuration": "key"}


def _numbered(
    kind: str,
    made: dict[str, Any],
    given: dict[str, Any],
    switches: Switches,
    next_id: Callable[[], int],
    old: list[dict[str, Any]],
) -> dict[str, Any]:
    number = given.get("id")
    field = NAMES[kind]
    if not any(each["id"] == number for each in old):
        kept = [each["id"] for each in old if each[field] == made[field]] if switches.step_ids == "kept" else []
        number = kept[0] if kept else next_id()
    return {"id": number, **made}


def _list(body: dict[str, Any], kind: str) -> list[Any]:
    given = body.get(kind)
    if given is not None and not isinstance(given, list):
        raise ApiError(400, f"{kind} is not a list")
    return given or []


def _object(given: Any, noun: str, *needed: str) -> None:
    if not isinstance(given, dict):
        raise ApiError(400, f"A {noun} is not a JSON object")
    missing = [key for key in needed if not isinstance(given.get(key), str) or not given[key]]
    if missing:
        raise ApiError(400, f"A {noun} needs {', '.join(missing)}")


def _properties(given: dict[str, Any], switches: Switches) -> dict[str, Any]:
    properties = given.get("properties")
    properties = {} if properties is None else properties
    if not isinstance(properties, dict):
        raise ApiError(400, "properties is not a JSON object")
    if switches.step_properties == "kept":
        return dict(properties)
    return {key: as_text(each) if isinstance(each, (bool, int, float)) else each for key, each in properties.items()}


def _names(given: dict[str, Any], key: str) -> list[str]:
    names = given.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ApiError(400, f"{key} is not a list of step names")
    return list(names)


def _optional(given: dict[str, Any], key: str) -> dict[str, Any]:
    return {key: given[key]} if given.get(key) is not None else {}
