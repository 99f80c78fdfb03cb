# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies of definitions and transformations: their form, and what the platform fills in."""

from __future__ import annotations

import re
from typing import Any

from ..catalog import Element
from ..errors import ApiError
from ..state import Store
from ..switches import Switches
from .places import chain
from .state import CommonResources, Definition, Field, Place, Transformation

_STRICT_NAME = re.compile(r"^[\w&-]+$")


def name(text: Any, switches: Switches) -> str:
    """Return a valid name of a common resource; which names are invalid is unknown (a switch)."""
    if not isinstance(text, str) or not text or (switches.object_names == "strict" and not _STRICT_NAME.match(text)):
        raise ApiError(400, "The name of the object is missing or incorrect")
    return text


def rows(body: dict[str, Any], key: str = "fields", *, needed: bool = False) -> list[dict[str, Any]]:
    """Return a list of objects in a body."""
    given = body.get(key)
    if given is None and not needed:
        return []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise ApiError(400, f"{key} is not a list of objects")
    return given


def field(given: dict[str, Any], kept: CommonResources, old: Field | None, *, display: bool) -> Field:
    """Return a field of a definition. The type is filled in; the display name is only kept by v2."""
    path, kind = given.get("path"), given.get("type") or "string"
    if not isinstance(path, str) or not path or not isinstance(kind, str):
        raise ApiError(400, "A field needs a path and a type that are text")
    shown = given.get("displayName") if display else None
    if shown is None:
        shown = old.display_name if old and display else ""
    return Field(old.id if old else kept.next_id(), path, kind, str(shown))


def fields(
    store: Store, switches: Switches, given: list[dict[str, Any]], old: Definition | None, *, merge: bool = False
) -> list[Field]:
    """Return the fields of one place; with `merge`, old ones that are not given stay."""
    known = dict(old.fields) if old else {}
    display = switches.vdr_version == "v2"
    new = {}
    for each in given:
        made = field(each, store.common_resources, known.get(str(each.get("path"))), display=display)
        new[made.path] = made
    return list({**(known if merge else {}), **new}.values())


def transformation(
    store: Store, switches: Switches, object_name: str, place: Place, element: Element, body: dict[str, Any]
) -> Transformation:
    """Return a transformation of a body at one place, checked against the definitions that it rests on."""
    kept = store.common_resources
    old = kept.transformation(object_name, element, place)
    vendor_name = body.get("vendorName")
    if not isinstance(vendor_name, str) or not vendor_name:
        raise ApiError(400, "A transformation needs a vendorName")
    legacy = body.get("isLegacy") is True
    if old is not None and legacy and not old.is_legacy:
        raise ApiError(400, "A transformation cannot go back to the legacy script engine")
    types = {
        field.path: field.type
        for each in reversed(chain(store, place))
        if (definition := kept.definition(object_name, each)) is not None
        for field in definition.fields.values()
    }
    return Transformation(
        id=old.id if old else kept.next_id(),
        name=object_name,
        place=place,
        element=element,
        vendor_name=vendor_name,
        fields=_mapped(rows(body), types, switches),
        configuration=[dict(each) for each in rows(body, "configuration")],
        script=_script(body.get("script")),
        is_legacy=legacy,
    )


def _mapped(given: list[dict[str, Any]], types: dict[str, str], switches: Switches) -> list[dict[str, Any]]:
    made = []
    for each in given:
        path = each.get("path")
        if not isinstance(path, str) or not path:
            raise ApiError(400, "A field of a transformation needs a path")
        if types and path not in types and switches.unmapped_path != "kept":
            if switches.unmapped_path == "refused":
                raise ApiError(400, f"The object has no field {path}")
            continue
        known = ("vendorPath", "vendorType", "configuration")
        kind = each.get("type") or types.get(path, "string")
        made.append({"path": path, "type": kind, **{key: each[key] for key in known if each.get(key) is not None}})
    return made


def _script(given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("body"), str):
        raise ApiError(400, "A script needs a body")
    return {
        "body": given["body"],
        "mimeType": given.get("mimeType") or "application/javascript",
        "filterEmptyResponse": given.get("filterEmptyResponse") is True,
    }
