# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances as JSON."""

from __future__ import annotations

from typing import Any

from . import catalog
from .rules import definition
from .state import Instance, Store
from .switches import Switches
from .values import MASK


def instance(kept: Instance, switches: Switches, *, row: bool = False, hydrate: bool = True) -> dict[str, Any]:
    """Return an instance as an answer shows it (TEST element.instance.schema.json; DOC for the other fields)."""
    configuration = kept.configuration
    answer: dict[str, Any] = {
        "id": str(kept.id) if switches.id_form == "string" else kept.id,
        "name": kept.name,
        "createdDate": kept.created_date,
        "token": kept.token,
        "element": catalog.summary(kept.element, authentication_type(kept)),
        "elementId": kept.element.id,
        "tags": _tags(kept, switches, row),
        "valid": kept.valid,
        "disabled": kept.disabled,
        "maxCacheSize": 0,
        "cacheTimeToLive": 0,
        "cachingEnabled": False,
        "eventsEnabled": (configuration.get("event.notification.enabled") or "").lower() == "true",
        "traceLoggingEnabled": kept.trace_logging,
        "externalAuthentication": kept.external_authentication,
        "user": kept.user,
    }
    callback_url = configuration.get("event.notification.callback.url")
    if callback_url:
        answer["eventsNotificationCallbackUrl"] = callback_url
    if not row:
        answer["provisionInteractions"] = []
        answer.update(kept.extra)
    if hydrate:
        answer["configuration"] = masked(kept, switches)
    return answer


def authentication_type(kept: Instance) -> str:
    """Return the type in which an instance authenticates; one that its element does not know is shown as it is."""
    kind = kept.configuration.get(catalog.AUTHENTICATION_TYPE)
    authentication = kept.element.authentication(kind)
    return authentication.type if authentication else str(kind)


def masked(kept: Instance, switches: Switches) -> dict[str, str | None]:
    """Return the configuration with MASK for what the platform hides (TEST elements/instances.js for jira, sfdc)."""
    if switches.mask == "none":
        return dict(kept.configuration)
    entries = definition(kept.element, switches)
    everything = switches.mask == "all"
    return {
        key: MASK if value and (everything or (key in entries and entries[key].masked)) else value
        for key, value in kept.configuration.items()
    }


def configuration_entries(store: Store, kept: Instance, switches: Switches) -> list[dict[str, Any]]:
    """Return the configuration sub-resource (SWG ElementInstanceConfig)."""
    entries = definition(kept.element, switches)
    rows = []
    for key, value in masked(kept, switches).items():
        entry = entries.get(key)
        name = entry.name if entry else key
        rows.append(
            {
                "id": store.configuration_id(kept, key),
                "key": key,
                "name": name,
                "description": f"The {name} of the connection",
                "propertyValue": value,
                "type": entry.type if entry else "TEXTFIELD_1000",
                "required": bool(entry and entry.required),
                "active": True,
                "hideFromConsole": bool(entry and entry.hidden),
            }
        )
    return rows


def _tags(kept: Instance, switches: Switches, row: bool) -> list[Any]:
    tags = kept.tags
    if switches.tags_order == "shuffled" and len(tags) > 1:
        # The same instance is documented with one order in a list and another one by id.
        tags = sorted(tags, reverse=not row)
    if switches.tags_form == "objects":
        return [{"id": number, "name": tag} for number, tag in enumerate(tags, start=12)]
    return list(tags)
