# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formula instances."""

from __future__ import annotations

from typing import Any

from ..access import require
from ..call import EMPTY, Answer, Call, Route, page_answer
from ..errors import ApiError
from ..organization import check
from ..paging import cut
from ..values import MASK, strip_html
from . import render, validation
from .state import FormulaInstance
from .templates import find


def list_all(call: Call) -> Answer:
    """List the instances of all formulas; without includeInactive only the active ones (ASSUMED, a switch)."""
    rows = list(call.store.formulas.instances.values())
    wanted = call.asked("elementInstanceId")
    if wanted:
        rows = call.store.formulas.users_of(int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else []
    if call.asked("includeInactive").lower() != "true" and call.switches.inactive_formula_instances == "hidden":
        rows = [each for each in rows if each.active]
    text = call.asked("searchText")
    if call.switches.search_case == "insensitive":
        rows = [each for each in rows if text.lower() in each.name.lower()]
    else:
        rows = [each for each in rows if text in each.name]
    return _list(call, rows)


def list_of_template(call: Call) -> Answer:
    return _list(call, call.store.formulas.instances_of(find(call)))


def list_of_account(call: Call) -> Answer:
    number = check(call, call.parameters["accountId"])
    kept = find(call)
    return _list(call, call.store.formulas.instances_of(kept) if kept.account_id == number else [])


def create(call: Call) -> Answer:
    require(call.switches, "createFormulaInstances")
    template, body = find(call), call.object()
    name, configuration, settings = _checked(body)
    validation.instance(call.store, call.switches, template, configuration, settings)
    active = body.get("active") is not False
    made = call.store.formulas.add_instance(template, name, active, configuration, settings)
    return Answer(render.instance(made, call.switches))


def read(call: Call) -> Answer:
    return Answer(render.instance(_instance(call), call.switches))


def replace(call: Call) -> Answer:
    """Replace an instance; what `active` and `settings` become if they are left out is a switch (UNKNOWN)."""
    require(call.switches, "createFormulaInstances")
    kept, body = _instance(call), call.object()
    name, configuration, settings = _checked(body)
    if call.switches.mask_written == "ignored":
        old = kept.configuration
        configuration = {key: old.get(key) if each == MASK else each for key, each in configuration.items()}
    active = body.get("active")
    if call.switches.formula_instance_put == "merge":
        configuration = {**kept.configuration, **configuration}
        settings = kept.settings if settings is None else settings
        active = kept.active if active is None else active
    validation.instance(call.store, call.switches, kept.template, configuration, settings)
    kept.name, kept.configuration, kept.settings, kept.active = name, configuration, settings, active is not False
    call.store.formulas.touch(kept)
    return Answer(render.instance(kept, call.switches))


def remove(call: Call) -> Answer:
    del call.store.formulas.instances[_instance(call).id]
    return EMPTY


def activate(call: Call) -> Answer:
    return _active(call, True)


def deactivate(call: Call) -> Answer:
    return _active(call, False)


def _active(call: Call, active: bool) -> Answer:
    require(call.switches, "createFormulaInstances")
    kept = _instance(call)
    kept.active = active
    call.store.formulas.touch(kept)
    return EMPTY


def _checked(body: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Return name, configuration and settings of a body."""
    name = body.get("name")
    if not isinstance(name, str) or not strip_html(name):
        raise ApiError(400, "A formula instance needs a name")
    configuration, settings, active = body.get("configuration"), body.get("settings"), body.get("active")
    if not isinstance(configuration or {}, dict) or not isinstance(settings or {}, dict):
        raise ApiError(400, "configuration or settings is not a JSON object")
    if not isinstance(active, (bool, type(None))):
        raise ApiError(400, "active is not true or false")
    return strip_html(name), dict(configuration or {}), settings


def _instance(call: Call) -> FormulaInstance:
    template = find(call) if "id" in call.parameters else None
    number = call.parameters["instanceId"]
    kept = call.store.formulas.instances.get(int(number)) if len(number) < 19 else None
    if kept is None or (template is not None and kept.template is not template):
        raise ApiError(404, f"No formula instance found with ID {number}")
    return kept


def _list(call: Call, rows: list[FormulaInstance]) -> Answer:
    rows = call.store.shown(rows, call.switches.listing_lag)
    trailing = call.switches.trailing_page == "empty_404"
    page = cut(rows, lambda row: int(row.id), call.asked("pageSize"), call.asked("nextPage"), trailing=trailing)
    return page_answer(page, [render.instance(row, call.switches) for row in page.rows])


_INSTANCE = "/formulas/{id}/instances/{instanceId}"
ROUTES: list[Route] = [
    ("GET", "/formulas/instances", list_all),
    ("GET", "/formulas/instances/{instanceId}", read),
    ("DELETE", "/formulas/instances/{instanceId}", remove),
    ("GET", "/formulas/{id}/instances", list_of_template),
    ("POST", "/formulas/{id}/instances", create),
    ("GET", _INSTANCE, read),
    ("PUT", _INSTANCE, replace),
    ("DELETE", _INSTANCE, remove),
    ("PUT", _INSTANCE + "/active", activate),
    ("DELETE", _INSTANCE + "/active", deactivate),
    ("GET", "/accounts/{accountId}/formulas/{id}/instances", list_of_account),
]
