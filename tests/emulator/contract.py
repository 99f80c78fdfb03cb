# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks requests against tests/contract/openapi.yaml."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

PATH = Path(__file__).parent.parent / "contract" / "openapi.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_URI = "urn:contract"
_METHODS = ("get", "post", "put", "patch", "delete")


class _Missing:
    """There was no body."""


MISSING = _Missing()


@dataclasses.dataclass(frozen=True)
class Parameter:
    """One query parameter with its compiled schema."""

    name: str
    required: bool
    type: str
    validator: Any


@dataclasses.dataclass(frozen=True)
class Operation:
    """One verb on one path. `kind` says which secrets it needs: platform, catalog or element."""

    method: str
    path: str
    id: str
    kind: str
    integers: frozenset[str]
    query: dict[str, Parameter]
    any_query: bool
    body: Any
    body_required: bool

    def check(self, query: Mapping[str, list[str]], body: Any) -> list[str]:
        """Return what the contract does not allow about this request; `body` is MISSING where there was none."""
        return [*self._check_query(query), *self._check_body(body)]

    def _check_query(self, query: Mapping[str, list[str]]) -> Iterator[str]:
        missing = (name for name, parameter in self.query.items() if parameter.required and name not in query)
        yield from (f"query {name}: missing" for name in missing)
        for name, texts in query.items():
            parameter = self.query.get(name)
            if parameter is None:
                if not self.any_query:
                    yield f"query {name}: unknown"
                continue
            if parameter.type != "array" and len(texts) > 1:
                yield f"query {name}: given {len(texts)} times"
            value: Any = list(texts) if parameter.type == "array" else _typed(texts[0], parameter.type)
            yield from (f"query {name}: {error.message}" for error in parameter.validator.iter_errors(value))

    def _check_body(self, body: Any) -> Iterator[str]:
        if self.body is None:
            if body is not MISSING and body not in ({}, None):
                yield "body: not allowed"
        elif body is MISSING:
            if self.body_required:
                yield "body: missing"
        else:
            for error in self.body.iter_errors(body):
                yield f"body {error.json_path}: {_message(error)}"


@functools.cache
def load() -> dict[tuple[str, str], Operation]:
    """Return all operations by verb and path. Validators are compiled once for the whole process."""
    document = yaml.load(PATH.read_text(encoding="utf-8"), Loader=LOADER)
    registry = Registry().with_resource(_URI, DRAFT202012.create_resource(document))
    return {
        (method.upper(), path): _operation(document, registry, method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    }


def _operation(document: Any, registry: Any, method: str, path: str, fields: dict[str, Any]) -> Operation:
    def compiled(schema: dict[str, Any]) -> Any:
        if "$ref" in schema:
            schema = {"$ref": _URI + schema["$ref"]}
        return Draft202012Validator(_absolute(schema), registry=registry)

    parameters = [_resolved(document, parameter) for parameter in fields.get("parameters", ())]
    query = [parameter for parameter in parameters if parameter["in"] == "query"]
    body = fields.get("requestBody")
    security = fields["security"]
    kind = "element" if fields.get("x-element-token") else "catalog" if {} in security else "platform"
    return Operation(
        method=method.upper(),
        path=path,
        id=fields["operationId"],
        kind=kind,
        integers=frozenset(p["name"] for p in parameters if p["in"] == "path" and p["schema"].get("type") == "integer"),
        query={
            parameter["name"]: Parameter(
                parameter["name"],
                parameter.get("required", False),
                parameter["schema"]["type"],
                compiled(parameter["schema"]),
            )
            for parameter in query
            if parameter["schema"]["type"] != "object"
        },
        any_query=any(parameter["schema"]["type"] == "object" for parameter in query),
        body=compiled(body["content"]["application/json"]["schema"]) if body else None,
        body_required=bool(body and body.get("required")),
    )


def _resolved(document: Any, thing: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in thing:
        return thing
    found = document
    for step in thing["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _absolute(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _URI + value if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in schema.items()
        }
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema


def _typed(text: str, kind: str) -> Any:
    if kind == "integer":
        try:
            return int(text)
        except ValueError:
            return text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _message(error: Any) -> str:
    """Say what is wrong without repeating values: configurations are secret."""
    if error.validator == "type":
        return f"is not of type {error.validator_value}"
    if error.validator in ("additionalProperties", "required"):
        return str(error.message)
    return f"violates {error.validator} {error.validator_value}"[:200]
