# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Make JSON schemas for the files of an account, from the tables of options and the documentation of the modules. Pure.

The schemas are shipped in `playbooks/files/schemas/`. What writes the directory of an account copies them there, so
that editors complete and check. They refuse what `_account_options` refuses, and do not know the parsers of the kinds.
"""

from __future__ import annotations

import json
import pathlib
import re
import typing as t
from collections.abc import Iterable, Mapping

from ._account_kinds import KINDS_BY_NAME
from ._account_layout import LISTS, schema_file
from ._account_yaml import VARIABLE

OptionSpec: t.TypeAlias = Mapping[str, t.Any]

_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "playbooks" / "files" / "schemas"
_TYPES = {"str": "string", "int": "integer", "bool": "boolean", "dict": "object", "list": "array"}
_MARKUP = re.compile(r"\b(?:RV|[BCEILMOPRUV])\(((?:[^\\)]|\\.)*)\)")
_TITLES = {
    "instances": "The element instances of an account",
    "common_resources": "A common resource",
    "formulas": "A formula",
    "formula_instances": "The formula instances of an account",
}


def schemas() -> dict[str, str]:
    """Return the text of each schema by the name of its file, as shipped. What the playbooks write has others."""
    return {name: (_FOLDER / name).read_text(encoding="utf-8") for name in sorted(map(schema_file, KINDS_BY_NAME))}


def generate(documented: Mapping[str, Mapping[str, OptionSpec]]) -> dict[str, str]:
    """Return the text of each schema by the name of its file.

    Args:
        documented: The documentation of the options of each kind, as in `DOCUMENTATION` of its module.
    """
    return {schema_file(kind): json.dumps(_file(kind, documented[kind]), indent=2) + "\n" for kind in KINDS_BY_NAME}


def _file(kind: str, documented: Mapping[str, OptionSpec]) -> dict[str, t.Any]:
    options = _options(KINDS_BY_NAME[kind].table, documented)
    if kind in LISTS:
        key = LISTS[kind][1]
        content: dict[str, t.Any] = {
            "type": "object",
            "additionalProperties": False,
            "required": [key],
            "properties": {key: {"type": "array", "items": options}},
        }
    else:
        content = options
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLES[kind],
        **content,
        "$defs": {"variable": {"type": "string", "pattern": f"^{VARIABLE}$"}},
    }


def _options(table: OptionSpec, documented: Mapping[str, OptionSpec]) -> dict[str, t.Any]:
    """Return the schema of a mapping of options. Null counts as not given."""
    spec: Mapping[str, OptionSpec] = table["options"]
    schema: dict[str, t.Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _option(entry, documented.get(name, {})) for name, entry in spec.items()},
    }
    required = [name for name, entry in spec.items() if entry.get("required")]
    if required:
        schema["required"] = required
    rules: list[dict[str, t.Any]] = [
        {"anyOf": [_given(name) for name in names]} for names in table.get("required_one_of", ())
    ]
    rules += [{"not": _given(*names)} for names in table.get("mutually_exclusive", ())]
    if rules:
        schema["allOf"] = rules
    return schema


def _given(*names: str) -> dict[str, t.Any]:
    return {"required": [*names], "properties": {name: {"not": {"type": "null"}} for name in names}}


def _option(entry: OptionSpec, documented: OptionSpec) -> dict[str, t.Any]:
    described = {"description": plain_text(documented["description"])} if "description" in documented else {}
    if "default" in entry:
        described["default"] = entry["default"]
    return {**described, **_value(entry, documented.get("suboptions", {}), nullable=not entry.get("required"))}


def _value(entry: OptionSpec, documented: Mapping[str, OptionSpec], *, nullable: bool) -> dict[str, t.Any]:
    kind = entry["type"]
    if kind == "raw":
        return {}
    null = ["null"] if nullable else []
    if "choices" in entry:
        return _or_variable({"enum": [*entry["choices"], *(None for _each in null)]})
    if kind == "str":
        return {"type": ["string", *null] if null else "string"}
    schema: dict[str, t.Any] = {"type": _TYPES[kind]}
    if kind == "list":
        schema["items"] = _value({**entry, "type": entry["elements"]}, documented, nullable=False)
    elif "options" in entry:
        schema = _options(entry, documented)
    schema["type"] = [schema["type"], *null] if null else schema["type"]
    return _or_variable(schema)


def _or_variable(schema: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"anyOf": [schema, {"$ref": "#/$defs/variable"}]}


def plain_text(description: str | Iterable[str]) -> str:
    """Return a description of the documentation without its markup."""
    sentences = [description] if isinstance(description, str) else description
    return _MARKUP.sub(lambda match: _shown(match[1]), " ".join(sentences))


def _shown(content: str) -> str:
    """Return what people see of the content of a piece of markup: of `a.b.c#module:name`, that is `name`."""
    text = re.sub(r"\\(.)", r"\1", content)
    name = re.fullmatch(r"[\w.]+#\w+:(.+)", text)
    return name[1] if name else text
