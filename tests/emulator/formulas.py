# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/formulas, as far as they can hold an element instance."""

from __future__ import annotations

from typing import Any

from .access import require
from .call import EMPTY, Answer, Call, Route, page_answer
from .errors import ApiError
from .paging import cut
from .values import strip_html


def list_formulas(call: Call) -> Answer:
    require(call.switches, "viewFormulas")
    return _list(call, list(call.store.formulas.values()))


def create(call: Call) -> Answer:
    require(call.switches, "createFormulas")
    return Answer(call.store.add_formula(_named(call, _FORMULA)))


def read(call: Call) -> Answer:
    require(call.switches, "viewFormulas")
    return Answer(_formula(call))


def update(call: Call) -> Answer:
    require(call.switches, "editFormulas")
    formula = _formula(call)
    formula.update({key: value for key, value in _named(call, _FORMULA, formula["name"]).items() if key != "id"})
    return Answer(formula)


def remove(call: Call) -> Answer:
    require(call.switches, "deleteFormulas")
    formula = _formula(call)
    for instance in _instances_of(call, formula):
        del call.store.formula_instances[instance["id"]]
    del call.store.formulas[formula["id"]]
    return EMPTY


def list_all_instances(call: Call) -> Answer:
    instances = list(call.store.formula_instances.values())
    wanted = call.asked("elementInstanceId")
    if wanted:
        instances = call.store.users_of(int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else []
    text = call.asked("searchText").lower()
    return _list(call, [each for each in instances if text in each["name"].lower()])


def read_any_instance(call: Call) -> Answer:
    return Answer(_instance(call))


def list_instances(call: Call) -> Answer:
    return _list(call, _instances_of(call, _formula(call)))


def create_instance(call: Call) -> Answer:
    require(call.switches, "createFormulaInstances")
    return Answer(call.store.add_formula_instance(_formula(call), _named(call, _FORMULA_INSTANCE)))


def read_instance(call: Call) -> Answer:
    _formula(call)
    return Answer(_instance(call))


def update_instance(call: Call) -> Answer:
    require(call.switches, "createFormulaInstances")
    _formula(call)
    instance = _instance(call)
    body = _named(call, _FORMULA_INSTANCE, instance["name"])
    instance.update({key: value for key, value in body.items() if key not in ("id", "formula")})
    return Answer(instance)


def remove_instance(call: Call) -> Answer:
    _formula(call)
    del call.store.formula_instances[_instance(call)["id"]]
    return EMPTY


def activate(call: Call) -> Answer:
    _formula(call)
    _instance(call)["active"] = True
    return EMPTY


def deactivate(call: Call) -> Answer:
    _formula(call)
    _instance(call)["active"] = False
    return EMPTY


def _sound(value: Any, shape: type | None) -> bool:
    """Whether a value has its field's shape; `list` stands for a list of objects."""
    if shape is list:
        return isinstance(value, list) and all(isinstance(each, dict) for each in value)
    return shape is None or isinstance(value, shape)


def _named(call: Call, shapes: dict[str, type], default: str | None = None) -> dict[str, Any]:
    """Return the body with its name cleaned and without fields of another shape than they should have."""
    body = dict(call.object())
    name = body.get("name", default)
    if not isinstance(name, str) or not strip_html(name):
        raise ApiError(400, "A formula needs a name")
    body = {key: value for key, value in body.items() if _sound(value, shapes.get(key))}
    return {**body, "name": strip_html(name)}


def _formula(call: Call) -> dict[str, Any]:
    formula = call.store.formulas.get(int(call.parameters["id"][:18]))
    if formula is None:
        raise ApiError(404, f"No formula found with ID {call.parameters['id']}")
    return formula


def _instances_of(call: Call, formula: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in call.store.formula_instances.values() if each["formula"]["id"] == formula["id"]]


def _instance(call: Call) -> dict[str, Any]:
    number = call.parameters["instanceId"]
    instance = call.store.formula_instances.get(int(number[:18]))
    if instance is None or ("id" in call.parameters and str(instance["formula"]["id"]) != call.parameters["id"]):
        raise ApiError(404, f"No formula instance found with ID {number}")
    return instance


def _list(call: Call, rows: list[dict[str, Any]]) -> Answer:
    page = cut(rows, lambda row: int(row["id"]), call.asked("pageSize"), call.asked("nextPage"))
    return page_answer(page, page.rows)


_FORMULA = {"configuration": list, "steps": list, "triggers": list, "active": bool}
_FORMULA_INSTANCE = {"configuration": dict, "settings": dict, "active": bool}
_ONE = "/formulas/{id}"
_INSTANCE = "/formulas/{id}/instances/{instanceId}"
ROUTES: list[Route] = [
    ("GET", "/formulas", list_formulas),
    ("POST", "/formulas", create),
    ("GET", "/formulas/instances", list_all_instances),
    ("GET", "/formulas/instances/{instanceId}", read_any_instance),
    ("GET", _ONE, read),
    ("PUT", _ONE, update),
    ("PATCH", _ONE, update),
    ("DELETE", _ONE, remove),
    ("GET", _ONE + "/instances", list_instances),
    ("POST", _ONE + "/instances", create_instance),
    ("GET", _INSTANCE, read_instance),
    ("PUT", _INSTANCE, update_instance),
    ("DELETE", _INSTANCE, remove_instance),
    ("PUT", _INSTANCE + "/active", activate),
    ("DELETE", _INSTANCE + "/active", deactivate),
]
