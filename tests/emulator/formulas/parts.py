# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps, triggers and configuration of a formula by their ids."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ..access import require
from ..call import EMPTY, Answer, Call, Route
from ..errors import ApiError
from . import shapes, validation
from .state import Template
from .templates import find, refuse_in_use

_NOUNS = {"steps": "step", "triggers": "trigger", "configuration": "configuration"}


def list_steps(call: Call) -> Answer:
    require(call.switches, "viewFormulas")
    return Answer(find(call).steps)


def create(kind: str, call: Call) -> Answer:
    require(call.switches, "editFormulas")
    kept = find(call)
    made = shapes.MAKERS[kind](call.object(), call.switches)
    # TEST formulas/scripts.js: v1 if all steps are; else it is left unset.
    if kind == "steps" and kept.steps and all(each["properties"].get("scriptEngine") == "v1" for each in kept.steps):
        made["properties"].setdefault("scriptEngine", "v1")
    _check(kind, kept, made, None)
    part = {"id": call.store.formulas.next_id(), **made}
    kept.parts(kind).append(part)
    call.store.formulas.touch(kept)
    return Answer(part)


def read(kind: str, call: Call) -> Answer:
    require(call.switches, "viewFormulas")
    return Answer(_part(kind, call, find(call)))


def replace(kind: str, call: Call) -> Answer:
    """Replace one part. A variable with a new key is renamed wherever it is used (TEST formulas/config.js)."""
    require(call.switches, "editFormulas")
    kept = find(call)
    part = _part(kind, call, kept)
    made = shapes.MAKERS[kind](call.object(), call.switches)
    _check(kind, kept, made, part)
    if kind == "configuration":
        _rename(kept, part["key"], made["key"])
    number = part["id"]
    part.clear()
    part.update(id=number, **made)
    call.store.formulas.touch(kept)
    return Answer(part)


def remove(kind: str, call: Call) -> Answer:
    """Remove one part; other steps forget a removed step (TEST formulas/steps.js)."""
    require(call.switches, "editFormulas")
    kept = find(call)
    part = _part(kind, call, kept)
    if kind == "configuration":
        refuse_in_use(call, kept, f"The configuration {part['key']}", call.switches.variable_in_use)
    kept.parts(kind).remove(part)
    if kind == "steps":
        for each in (*kept.steps, *kept.triggers):
            for follow in ("onSuccess", "onFailure"):
                each[follow] = [name for name in each[follow] if name != part["name"]]
    call.store.formulas.touch(kept)
    return EMPTY


def _part(kind: str, call: Call, kept: Template) -> dict[str, Any]:
    number = call.parameters["partId"]
    part = next((each for each in kept.parts(kind) if str(each["id"]) == number), None)
    if part is None:
        raise ApiError(404, f"No formula {_NOUNS[kind]} found with ID {number}")
    return part


def _check(kind: str, kept: Template, made: dict[str, Any], old: dict[str, Any] | None) -> None:
    field = shapes.NAMES[kind]
    if kind != "triggers" and any(each is not old and each[field] == made[field] for each in kept.parts(kind)):
        raise ApiError(409 if kind == "configuration" else 400, f"There is a {_NOUNS[kind]} {made[field]}")
    if kind == "steps":
        validation.step(made, kept.fields.get("engine"))
    elif kind == "triggers":
        validation.trigger(made)


def _rename(kept: Template, old: str, new: str) -> None:
    for part in (*kept.steps, *kept.triggers):
        text = json.dumps(part["properties"])
        for form in ("${%s}", "${config.%s}"):
            text = text.replace(json.dumps(form % old)[1:-1], json.dumps(form % new)[1:-1])
        part["properties"] = json.loads(text)


def _routes(kind: str) -> list[Route]:
    every, one = f"/formulas/{{id}}/{kind}", f"/formulas/{{id}}/{kind}/{{partId}}"
    return [
        ("POST", every, partial(create, kind)),
        ("GET", one, partial(read, kind)),
        ("PUT", one, partial(replace, kind)),
        ("DELETE", one, partial(remove, kind)),
    ]


ROUTES: list[Route] = [
    ("GET", "/formulas/{id}/steps", list_steps),
    *_routes("steps"),
    *_routes("triggers"),
    *_routes("configuration"),
]
