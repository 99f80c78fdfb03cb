# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/formulas and /formulas/{id}."""

from __future__ import annotations

from typing import Any

from .. import where
from ..access import require
from ..call import EMPTY, Answer, Call, Route, page_answer
from ..errors import ApiError
from ..paging import cut
from ..state import Store
from ..switches import Switches
from ..values import strip_html
from . import render, shapes, validation
from .state import Template

_PARTS = ("steps", "triggers", "configuration")
_NO_PARTS: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _PARTS}
# What PATCH changes (SWG; TEST for engine, debugLoggingEnabled, method and uri), and the shape of each.
_FIELDS: dict[str, type] = {
    "name": str,
    "description": str,
    "active": bool,
    "singleThreaded": bool,
    "engine": str,
    "debugLoggingEnabled": bool,
    "method": str,
    "uri": str,
}


def list_templates(call: Call) -> Answer:
    require(call.switches, "viewFormulas")
    rows = [each for each in call.store.formulas.templates.values() if _seen(call, each)]
    rows = call.store.shown(rows, call.switches.listing_lag)
    caller = call.asked("callableBy")
    if caller:
        allowed = {each.id for each in call.store.formulas.callable_by(find(call, caller))}
        rows = [each for each in rows if each.id in allowed]
    rows = where.chosen(call.asked("where"), rows, _field)
    page = cut(
        rows,
        lambda row: int(row.id),
        call.asked("pageSize"),
        call.asked("nextPage"),
        trailing=call.switches.trailing_page == "empty_404",
    )
    if not page.rows and call.switches.empty_formulas == 404:
        raise ApiError(404, "No formulas found")
    abridged = call.asked("abridged").lower() == "true"
    formulas = call.store.formulas
    return page_answer(page, [render.template(row, formulas, call.switches, abridged=abridged) for row in page.rows])


def create(call: Call) -> Answer:
    require(call.switches, "createFormulas")
    return Answer(_full(call, build(call.store, call.switches, call.object(), call.store.owner.account_id)))


def build(store: Store, switches: Switches, body: dict[str, Any], account_id: int) -> Template:
    """Check and keep a new template of an account."""
    number = store.formulas.next_id()
    fields = {"active": True, **_checked(store, switches, body, number)}
    if "name" not in fields:
        raise ApiError(400, "A formula needs a name")
    parts = shapes.parts(body, switches, store.formulas.next_id, _NO_PARTS)
    validation.template(store, switches, fields, parts, number)
    # The user of another account is made up.
    user_id = store.owner.user["id"] if account_id == store.owner.account_id else account_id
    return store.formulas.add(number, account_id, user_id, fields, parts)


def read(call: Call) -> Answer:
    require(call.switches, "viewFormulas")
    return Answer(_full(call, find(call)))


def replace(call: Call) -> Answer:
    """Replace a template (SWG); parts that are left out are gone unless the switch says merge (ASSUMED)."""
    require(call.switches, "editFormulas")
    kept, body = find(call), call.object()
    merge = call.switches.formula_put == "merge"
    fields = _checked(call.store, call.switches, body, kept.id)
    fields = {**kept.fields, **fields} if merge else {"active": True, "name": kept.name, **fields}
    old = {kind: kept.parts(kind) for kind in _PARTS}
    parts = shapes.parts(body, call.switches, call.store.formulas.next_id, old)
    if merge:
        parts = {kind: parts[kind] if kind in body else old[kind] for kind in _PARTS}
    dropped = set(kept.variables) - {each["key"] for each in parts["configuration"]}
    if dropped:
        refuse_in_use(call, kept, f"The configuration {', '.join(sorted(dropped))}", call.switches.variable_in_use)
    validation.template(call.store, call.switches, fields, parts, kept.id)
    kept.fields = fields
    kept.steps, kept.triggers, kept.configuration = parts["steps"], parts["triggers"], parts["configuration"]
    call.store.formulas.touch(kept)
    return Answer(_full(call, kept))


def patch(call: Call) -> Answer:
    """Change fields of a template, never its parts (SWG); null removes one (TEST)."""
    require(call.switches, "editFormulas")
    kept, body = find(call), call.object()
    fields = {**kept.fields, **_checked(call.store, call.switches, body, kept.id)}
    for key in _FIELDS:
        if key in body and body[key] is None and key != "name":
            fields.pop(key, None)
    validation.metadata(call.store, fields, kept.triggers, kept.id)
    for step in kept.steps if fields.get("engine") == "v3" else ():
        validation.step(step, "v3")
    kept.fields = {"active": True, **fields}
    call.store.formulas.touch(kept)
    return Answer(render.metadata(kept, call.switches))


def remove(call: Call) -> Answer:
    require(call.switches, "deleteFormulas")
    kept = find(call)
    refuse_in_use(call, kept, f"The formula {kept.name}", call.switches.formula_in_use)
    call.store.formulas.remove(kept)
    return EMPTY


def find(call: Call, number: str | None = None) -> Template:
    """Return the template in the path, or the one with a number; raise ApiError 404 if there is none to see."""
    number = call.parameters["id"] if number is None else number
    known = number.isdecimal() and len(number) < 19
    kept = call.store.formulas.templates.get(int(number)) if known else None
    if kept is None or not _seen(call, kept):
        raise ApiError(404, f"No formula found with ID {number}")
    return kept


def refuse_in_use(call: Call, kept: Template, what: str, status: int) -> None:
    """Raise ApiError if the formula has instances, unless the switch says 200."""
    instances = call.store.formulas.instances_of(kept)
    if instances and status != 200:
        names = ", ".join(f"{each.name} ({each.id})" for each in instances)
        raise ApiError(status, f"{what} is in use by the formula instances {names}")


def _seen(call: Call, kept: Template) -> bool:
    return kept.account_id == call.store.owner.account_id or call.switches.foreign_formulas == "shown"


def _full(call: Call, kept: Template) -> dict[str, Any]:
    return render.template(kept, call.store.formulas, call.switches)


def _field(kept: Template, name: str) -> Any:
    return {"id": kept.id, "accountId": kept.account_id}.get(name, kept.fields.get(name))


def _checked(store: Store, switches: Switches, body: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the fields of a body with a clean name, without those that are null."""
    fields = {key: body[key] for key in _FIELDS if body.get(key) is not None}
    wrong = [key for key, value in fields.items() if not isinstance(value, _FIELDS[key])]
    if wrong:
        raise ApiError(400, f"{', '.join(wrong)}: of another type than expected")
    if "name" in body:
        fields["name"] = strip_html(fields.get("name", ""))
        if not fields["name"]:
            raise ApiError(400, "A formula needs a name")
        same = (each for each in store.formulas.templates.values() if each.id != number)
        if switches.formula_names == "unique" and any(each.name == fields["name"] for each in same):
            raise ApiError(409, f"There is a formula with the name {fields['name']}")
    return fields


_ONE = "/formulas/{id}"
ROUTES: list[Route] = [
    ("GET", "/formulas", list_templates),
    ("POST", "/formulas", create),
    ("GET", _ONE, read),
    ("PUT", _ONE, replace),
    ("PATCH", _ONE, patch),
    ("DELETE", _ONE, remove),
    ("GET", _ONE + "/export", read),
]
