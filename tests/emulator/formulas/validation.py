# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform refuses in a template or a formula instance (TEST, vendor acceptance suite, unless noted)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..errors import ApiError
from ..state import Store
from ..switches import Switches
from . import cron, scripts
from .state import Template

_BULK = re.compile(r"^/(?:hubs/[^/]+/)?bulk/[^/]+/[^/]+")
_STATUS_CODES = re.compile(r"^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$")
_API = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (/\S*)$")
_RETRIES = {"elementRequest": 5, "retryFormulaExecution": 7}
_NOT_IN_V3 = ("java", "notification")
# Paths that the platform serves itself cannot be a formula's.
_PLATFORM = (
    "/accounts",
    "/common-resources",
    "/elements",
    "/formulas",
    "/hubs",
    "/instances",
    "/organizations",
    "/vdrs",
)


def template(store: Store, switches: Switches, fields: dict[str, Any], parts: dict[str, Any], number: int) -> None:
    """Raise ApiError if a template, as it would be kept, is not valid."""
    _unique(parts["configuration"], "key", 409)
    _unique(parts["steps"], "name", 400)  # DOC: unique in the formula; the status is ASSUMED
    for each in parts["triggers"]:
        trigger(each)
    for each in parts["steps"]:
        step(each, fields.get("engine"))
        if each["type"] == "formula" and switches.missing_subformula == "refused":
            _subformula(store, each, number)
    metadata(store, fields, parts["triggers"], number)


def metadata(store: Store, fields: dict[str, Any], triggers: list[dict[str, Any]], number: int) -> None:
    """Raise ApiError if the fields that PATCH can change are not valid."""
    if fields.get("debugLoggingEnabled") is False and fields.get("engine") != "v3":
        raise ApiError(400, "Execution debug logging can be disabled only for formula engine v3")
    if not fields.get("uri"):
        return
    if any(each["type"] != "manual" for each in triggers) or not triggers:
        raise ApiError(400, "Only a formula with a manual trigger can be exposed as a resource")
    exposed = _exposed(fields)
    others = (each for each in store.formulas.templates.values() if each.id != number)
    if any(_exposed(each.fields) == exposed for each in others):
        raise ApiError(400, f"Another formula is exposed as {exposed}")  # CODE: public issue; the status is ASSUMED


def step(given: dict[str, Any], engine: Any) -> None:
    """Raise ApiError if one step is not valid on this engine."""
    kind, properties = given["type"], given["properties"]
    if engine == "v3" and kind in _NOT_IN_V3:
        raise ApiError(400, "Invalid formula for the v3 engine")
    if kind in ("script", "filter") and properties.get("scriptEngine") != "v1":
        wrong = scripts.complaint(str(properties.get("body", "")))
        if wrong:
            raise ApiError(400, f"{given['name']}: {wrong}")
    if kind == "elementRequest":
        if str(properties.get("method", "")).upper() == "GET" and _BULK.match(str(properties.get("api", ""))):
            raise ApiError(400, f"{given['name']}: a bulk download cannot be requested")
        codes = str(properties.get("retryStatusCodes") or "")
        if codes and "${" not in codes and not _STATUS_CODES.match(codes.replace(" ", "")):
            raise ApiError(400, f"{given['name']}: retryStatusCodes is a list of codes and ranges")
    attempts = str(properties.get("retryAttempts") or "")
    if kind in _RETRIES and attempts and "${" not in attempts and not _at_most(attempts, _RETRIES[kind]):
        raise ApiError(400, f"{given['name']}: retryAttempts is at most {_RETRIES[kind]}")


def trigger(given: dict[str, Any]) -> None:
    """Raise ApiError if one trigger is not valid."""
    wrong = cron.complaint(str(given["properties"].get("cron", ""))) if given["type"] == "scheduled" else None
    if wrong:
        raise ApiError(400, wrong)


def instance(
    store: Store, switches: Switches, kept: Template, configuration: dict[str, Any], settings: dict[str, Any] | None
) -> None:
    """Raise ApiError if a formula instance is not valid. A wrong reference to a step only shows here."""
    steps = {each["name"] for each in kept.steps}
    for each in (*kept.triggers, *kept.steps):
        missing = [name for name in (*each["onSuccess"], *each["onFailure"]) if name not in steps]
        if missing:
            raise ApiError(400, f"The formula has no step {', '.join(missing)}")
    api = (settings or {}).get("api")
    match = _API.match(str(api)) if api is not None else None
    if api is not None and (match is None or match[2].startswith(_PLATFORM)):
        raise ApiError(400, "api is a method and a path that the platform does not have")
    if switches.formula_instance_configuration == "checked":
        for variable in kept.configuration:
            _value(store, variable, configuration.get(variable["key"]))


def _value(store: Store, variable: dict[str, Any], value: Any) -> None:
    if value in (None, ""):
        if variable["required"]:
            raise ApiError(400, f"The configuration {variable['key']} is required")
    elif variable["type"] == "elementInstance":
        text = str(value)
        if not text.isdecimal() or len(text) > 18 or int(text) not in store.instances:
            raise ApiError(400, f"The configuration {variable['key']} is not the ID of an element instance")


def _at_most(text: str, limit: int) -> bool:
    return text.isdecimal() and len(text) < 4 and int(text) <= limit


def _subformula(store: Store, given: dict[str, Any], number: int) -> None:
    called = str(given["properties"].get("formulaId", ""))
    known = {str(each) for each in store.formulas.templates} | {str(number)}
    if called not in known:
        raise ApiError(400, f"{given['name']}: no formula found with ID {called}")


def _exposed(fields: dict[str, Any]) -> str | None:
    return f"{fields.get('method', 'POST')} {fields['uri']}" if fields.get("uri") else None


def _unique(rows: Iterable[dict[str, Any]], key: str, status: int) -> None:
    twice = [name for name, count in Counter(row[key] for row in rows).items() if count > 1]
    if twice:
        raise ApiError(status, f"There is more than one {key} {', '.join(twice)}")
