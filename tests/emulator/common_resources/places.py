# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which level a call is about, what lies above it, and who may write there."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import ApiError
from ..organization import check
from ..state import Store
from .state import Definition, Place, Transformation

LEVELS = ("organization", "account", "instance")
# TEST vdrs/vdrs.js: who writes which level.
_ROLES = {"org-admin": LEVELS, "admin": ("account", "instance"), "user": ("instance",)}


def of(call: Call) -> Place:
    """Return the place in the path; the id-less forms mean the caller's account, or the token's instance."""
    if call.path.startswith("/organizations"):
        return Place("organization", call.store.owner.organization_id)
    if call.path.startswith("/accounts"):
        return Place("account", check(call, call.parameters["id"]) if "id" in call.parameters else own(call).id)
    return Place("instance", call.instance().id)


def own(call: Call) -> Place:
    return Place("account", call.store.owner.account_id)


def named(call: Call, level: Any, number: Any) -> Place:
    """Return the place that a field of a VDR names with its level and associatedId; no level is the account."""
    if level == "organization":
        return Place("organization", call.store.owner.organization_id)
    if level in ("account", None):
        return own(call)
    text = str(number)
    if level != "instance" or not text.isdecimal() or len(text) > 18 or int(text) not in call.store.instances:
        raise ApiError(400, "A field needs a level, and at level instance the ID of an element instance")
    return Place("instance", int(text))


def chain(store: Store, place: Place) -> list[Place]:
    """Return a place and what lies above it."""
    owner = store.owner
    above = {"organization": [], "account": [Place("organization", owner.organization_id)]}
    account = Place("account", owner.account_id)
    return [place, *above.get(place.level, [account, *above["account"]])]


def seen(call: Call, place: Place) -> bool:
    """Return whether the VDR calls show a place: all but other accounts."""
    return place.level != "account" or place == own(call)


def mapping(store: Store, definition: Definition) -> list[Transformation]:
    """Return the transformations that rest on a definition: those for which none is nearer."""
    kept = store.common_resources
    return [
        each
        for each in kept.mapped(definition.name)
        if kept.nearest(definition.name, chain(store, each.place)) is definition
    ]


def writable(call: Call, place: Place) -> bool:
    """Return whether the caller's role lets him write a place; another account needs the organization's admin."""
    role = call.switches.role
    return place.level in _ROLES[role] and (seen(call, place) or role == "org-admin")


def ignored(places: list[Place]) -> dict[str, str]:
    """Return the header that comes with 200 if something was dropped (TEST vdrs.js: it says "ignored")."""
    levels = ", ".join(sorted({place.level for place in places}))
    return {"Elements-Error": f"Fields of the level {levels} were ignored"} if places else {}


def refusal(call: Call, place: Place) -> dict[str, str]:
    """Return the header for a call whose only level the caller may not write, empty if he may.

    Raises:
        ApiError: 403, on v1 always (ASSUMED), on v2 if the switch says so.
    """
    if writable(call, place):
        return {}
    if call.switches.vdr_version == "v1" or call.switches.level_refused == "403":
        raise ApiError(403, f"The user may not write common resources of the level {place.level}")
    return ignored([place])
