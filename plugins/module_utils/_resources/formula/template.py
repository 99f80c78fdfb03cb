# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalise formula templates, so that two of them can be compared and moved to another account. Pure.

A template comes from a console export, from the vendor's command line tool, from an answer, or from a playbook. What
the platform makes (ids, dates, owners) is dropped, defaults are filled in, and properties become texts. The order of
steps does not count: they name each other.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..._api.values import as_text
from ..._core.errors import invalid
from ..._core.strict_json import parse
from ..._core.text import nearest, quote
from ..._secrets.redaction import MASK
from ..comparison import same_value

SERVER_MADE = frozenset(
    [
        *("id", "userId", "accountId", "createdDate", "updatedDate", "debugLoggingExpires", "api", "subFormulas"),
        *("instances", "name", "active", "configuration", "triggers", "steps"),
    ]
)
"""The keys of a template that the platform makes, or that are kept apart here."""

CALLS = "formulaName"
"""The property of a step that names the formula it calls. The platform has its id there, under another key."""

_CALLED_ID = "formulaId"
_LITERAL_ID = re.compile(r"\s*[0-9]+\s*")


@dataclass(frozen=True)
class Template:
    """A formula template in its normal form.

    Attributes:
        metadata: What is neither a part nor the name nor `active`: description, engine and so on, without nulls.
        variables: The variables by key.
        triggers: The triggers.
        steps: The steps by name.
    """

    metadata: Mapping[str, t.Any] = field(default_factory=dict)
    variables: Mapping[str, Mapping[str, t.Any]] = field(default_factory=dict)
    triggers: tuple[Mapping[str, t.Any], ...] = field(default=(), repr=False)
    steps: Mapping[str, Mapping[str, t.Any]] = field(default_factory=dict, repr=False)

    @property
    def called(self) -> dict[str, str]:
        """The formulas that steps call, by the names of the steps."""
        return {name: step["properties"][CALLS] for name, step in self.steps.items() if CALLS in step["properties"]}

    def parts(self) -> Iterator[tuple[str, Mapping[str, t.Any]]]:
        """Yield the triggers and the steps, each with what it is called in messages."""
        for trigger in self.triggers:
            yield f"trigger {quote(trigger['name'])}", trigger
        for name, step in self.steps.items():
            yield f"step {quote(name)}", step

    def body(self, ids: Mapping[str, int]) -> dict[str, t.Any]:
        """Return the template as the platform takes it.

        Args:
            ids: The ids of the formulas that steps call, by name.
        """
        return {
            **self.metadata,
            "configuration": [dict(variable) for variable in self.variables.values()],
            "triggers": [dict(trigger) for trigger in self.triggers],
            "steps": [_with_ids(step, ids) for step in self.steps.values()],
        }

    def portable(self) -> dict[str, t.Any]:
        """Return the template as a definition that can be given to the module, in any account."""
        return {
            **dict(sorted(self.metadata.items())),
            "configuration": [dict(variable) for _key, variable in sorted(self.variables.items())],
            "triggers": [dict(trigger) for trigger in self.triggers],
            "steps": [dict(step) for _name, step in sorted(self.steps.items())],
        }


def normalise(definition: t.Any, names: Mapping[str, str] | None = None) -> Template:
    """Return a definition in its normal form. Normalising what `portable` returns changes nothing.

    Args:
        definition: The template as a JSON object.
        names: The names of formulas by id, as texts. Those in `subFormulas` of the definition are known too.

    Raises:
        CloudElementsError: `invalid_options` if it is no template. The message names the part.
    """
    if not isinstance(definition, Mapping):
        raise invalid("definition is not a JSON object: give one formula template.")
    known = {**(names or {}), **_names_in(definition.get("subFormulas"))}
    variables = [_variable(each) for each in _objects(definition, "configuration")]
    steps = [_step(each, known) for each in _objects(definition, "steps")]
    triggers = [_trigger(each) for each in _objects(definition, "triggers")]
    metadata = {key: value for key, value in definition.items() if key not in SERVER_MADE and value is not None}
    return Template(
        metadata,
        _by("key", variables, "variables"),
        tuple(sorted(triggers, key=str)),
        _by("name", steps, "steps"),
    )


def _objects(definition: Mapping[str, t.Any], key: str) -> list[Mapping[str, t.Any]]:
    values = definition.get(key)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
        raise invalid(f"{key} of the definition is not a list of JSON objects.")
    return values


def _by(key: str, parts: Sequence[Mapping[str, t.Any]], what: str) -> dict[str, Mapping[str, t.Any]]:
    found = {part[key]: part for part in parts}
    if len(found) < len(parts):
        names = [part[key] for part in parts]
        twice = next(name for name in names if names.count(name) > 1)
        raise invalid(f"The definition has two {what} with the {key} {quote(twice)}.")
    return found


def _text(part: Mapping[str, t.Any], key: str, what: str) -> str:
    value = part.get(key)
    if not isinstance(value, str) or not value:
        called = part.get("name") or part.get("key")
        which = f" {quote(called)}" if isinstance(called, str) else ""
        raise invalid(f"A {what}{which} of the definition has no {key}.")
    return value


def _variable(given: Mapping[str, t.Any]) -> Mapping[str, t.Any]:
    key = _text(given, "key", "variable")
    described = {"description": given["description"]} if given.get("description") else {}
    return {
        "key": key,
        "name": given.get("name") or key,
        "type": _text(given, "type", "variable"),
        "required": given.get("required") in (True, "true"),
        **described,
    }


def _trigger(given: Mapping[str, t.Any]) -> Mapping[str, t.Any]:
    return {
        "type": _text(given, "type", "trigger"),
        "name": _text({"name": "trigger", **_given(given)}, "name", "trigger"),
        "async": given.get("async") not in (False, "false"),
        **({"active": False} if given.get("active") in (False, "false") else {}),
        **_links(given),
        "properties": _properties(given, "a trigger"),
    }


def _step(given: Mapping[str, t.Any], names: Mapping[str, str]) -> Mapping[str, t.Any]:
    name = _text(given, "name", "step")
    described = {"description": given["description"]} if given.get("description") else {}
    return {
        "name": name,
        "type": _text(given, "type", "step"),
        **described,
        **_links(given),
        "properties": _with_names(_properties(given, f"step {quote(name)}"), names),
    }


def _given(part: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what of a part is neither null nor empty."""
    return {key: value for key, value in part.items() if value not in (None, "")}


def _links(given: Mapping[str, t.Any]) -> dict[str, list[str]]:
    links = {}
    for key in ("onSuccess", "onFailure"):
        value = given.get(key) or []
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            called = given.get("name")
            which = quote(called) if isinstance(called, str) else "a part"
            raise invalid(f"{key} of {which} of the definition is not a list of names.")
        links[key] = list(value)
    return links


def _properties(given: Mapping[str, t.Any], what: str) -> dict[str, str]:
    properties = given.get("properties")
    if properties is None:
        return {}
    if not isinstance(properties, Mapping):
        raise invalid(f"The properties of {what} are not a JSON object.")
    return {key: text for key, value in sorted(properties.items()) if (text := as_text(value)) is not None}


def _names_in(formulas: t.Any) -> dict[str, str]:
    """Return the names of embedded formulas by id, as texts."""
    rows = [row for row in formulas if isinstance(row, Mapping)] if isinstance(formulas, list) else []
    return {str(row["id"]): row["name"] for row in rows if isinstance(row.get("name"), str) and "id" in row}


def called_ids(definition: Mapping[str, t.Any]) -> frozenset[str]:
    """Return the ids of the formulas that the steps of a template call, as texts. Pure.

    Args:
        definition: The template as it was answered. What has another shape calls none.
    """
    steps = definition.get("steps")
    properties = (
        (step.get("properties") for step in steps if isinstance(step, Mapping)) if isinstance(steps, list) else ()
    )
    return frozenset(str(each[_CALLED_ID]) for each in properties if isinstance(each, Mapping) and _CALLED_ID in each)


def _with_names(properties: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return the properties of a step with the name of the formula that it calls, if that is known."""
    called = properties.get(_CALLED_ID)
    name = None if called is None else names.get(called.strip())
    if name is None or CALLS in properties:
        return {key: value for key, value in properties.items() if key != _CALLED_ID or CALLS not in properties}
    return {CALLS: name, **{key: value for key, value in properties.items() if key != _CALLED_ID}}


def _with_ids(step: Mapping[str, t.Any], ids: Mapping[str, int]) -> dict[str, t.Any]:
    properties = step["properties"]
    if CALLS not in properties:
        return dict(step)
    kept = {key: value for key, value in properties.items() if key != CALLS}
    return {**step, "properties": {**kept, _CALLED_ID: str(ids[properties[CALLS]])}}


def with_kept(template: Template, stored: Template) -> Template:
    """Return a template with the stored values in the place of masks, as far as there are any."""
    parts = dict(stored.parts())

    def kept(name: str, part: Mapping[str, t.Any]) -> Mapping[str, t.Any]:
        there = parts[name]["properties"] if name in parts else {}
        masked = [key for key, value in part["properties"].items() if value == MASK and key in there]
        return {**part, "properties": {**part["properties"], **{key: there[key] for key in masked}}}

    return dataclasses.replace(
        template,
        triggers=tuple(kept(f"trigger {quote(each['name'])}", each) for each in template.triggers),
        steps={name: kept(f"step {quote(name)}", each) for name, each in template.steps.items()},
    )


def masked_in(template: Template) -> Iterator[str]:
    """Yield the properties of a template that are masks, in words."""
    for part, given in template.parts():
        yield from (f"{key} of {part}" for key, value in given["properties"].items() if value == MASK)


def refuse_misspelled(definition: Mapping[str, t.Any]) -> None:
    """Raise `invalid_options` for a key that a template or a part of it does not have, but that is like one it has.

    Other keys are left to the platform, which may know more of them.
    """
    _refuse_like(definition, _KEYS, "The definition")
    for kind, known in _PART_KEYS.items():
        for part in _objects(definition, kind):
            called = part.get("key" if kind == "configuration" else "name")
            which = quote(called) if isinstance(called, str) else "an item"
            _refuse_like(part, known, f"{which} in {kind} of the definition")


def _refuse_like(part: Mapping[str, t.Any], known: Collection[str], where: str) -> None:
    for key in part:
        if key not in known and (meant := nearest(key, known)) is not None:
            raise invalid(f"{where} has the key {quote(key)}. There is none. Did you mean {quote(meant)}?")


_KEYS = SERVER_MADE | {"description", "engine", "singleThreaded", "debugLoggingEnabled", "method", "uri"}
_PART_KEYS = {
    "configuration": ("id", "key", "name", "type", "description", "required"),
    "triggers": ("id", "name", "type", "async", "active", "onSuccess", "onFailure", "properties"),
    "steps": ("id", "name", "type", "description", "onSuccess", "onFailure", "properties"),
}
"""The keys of a template and of its parts (vendor's public templates)."""


def ignored_keys(definition: Mapping[str, t.Any]) -> Iterator[str]:
    """Yield the keys of parts of a template that the platform does not know, in words. They are not sent."""
    for kind, known in _PART_KEYS.items():
        for part in _objects(definition, kind):
            yield from (f"{key} in {kind}" for key in part if key not in known)


def unknown_links(template: Template) -> Iterator[str]:
    """Yield the links of triggers and steps that lead to no step, in words."""
    for part, given in template.parts():
        for key in ("onSuccess", "onFailure"):
            yield from (f"{quote(name)} in {key} of {part}" for name in given[key] if name not in template.steps)


def refuse_ids(template: Template) -> None:
    """Raise `invalid_options` for the ids of one account in a template: no other account has them.

    Args:
        template: The template.
    """
    for part, given in template.parts():
        properties = given["properties"]
        if _CALLED_ID in properties and _LITERAL_ID.fullmatch(properties[_CALLED_ID]):
            raise invalid(
                f"The {part} calls the formula with the id {properties[_CALLED_ID].strip()}, and subFormulas of the "
                f"definition does not name it. Give the name of that formula in its property {CALLS}."
            )
        for key, value in properties.items():
            if key.endswith("lementInstanceId") and _LITERAL_ID.fullmatch(value):
                raise invalid(
                    f"The {part} works with the element instance with the id {value.strip()}, which no other account "
                    "has. Make it a variable of type elementInstance, and refer to that as ${config.KEY}."
                )


def differences(desired: Template, observed: Template) -> tuple[str, ...]:
    """Return what of a formula differs, in words: metadata that is desired, and all parts. Empty if nothing does."""
    found = [key for key, value in desired.metadata.items() if not same_value(value, observed.metadata.get(key))]
    for what, left, right in (
        ("variable", desired.variables, observed.variables),
        ("step", desired.steps, observed.steps),
    ):
        keys = sorted({*left, *right})
        found += [f"{what} {quote(key)}" for key in keys if not _same_part(left.get(key), right.get(key))]
    same_number = len(desired.triggers) == len(observed.triggers)
    if not same_number or not all(map(_same_part, desired.triggers, observed.triggers)):
        found.append("trigger")
    return tuple(found)


def _same_part(left: Mapping[str, t.Any] | None, right: Mapping[str, t.Any] | None) -> bool:
    if left is None or right is None:
        return left is right
    properties = [part.get("properties", {}) for part in (left, right)]
    rest = [{key: value for key, value in part.items() if key != "properties"} for part in (left, right)]
    return (
        rest[0] == rest[1]
        and properties[0].keys() == properties[1].keys()
        and all(_same_text(value, properties[1][key]) for key, value in properties[0].items())
    )


def _same_text(left: str, right: str) -> bool:
    """Tell whether two properties are the same text, or the same JSON with the same types."""
    if left == right:
        return True
    try:
        parsed = [parse(text) for text in (left, right)]
    except ValueError:
        return False
    if not all(isinstance(value, (Mapping, list)) for value in parsed):
        return False
    first, second = (json.dumps(value, sort_keys=True) for value in parsed)
    return first == second
