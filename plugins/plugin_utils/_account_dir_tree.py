# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Turn a described account into the texts of its files. Pure.

`_account_dir_plan` calls this, and `_account_dir_files` writes the files. What is written depends on the account alone:
two exports of the same account are equal, byte for byte.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Collection, Iterable, Mapping, Sequence

from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import (
    COMMON_RESOURCES,
    FORMULA_INSTANCES,
    FORMULAS,
    INSTANCES,
    KINDS,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK

from ._account_dir_names import file_stems
from ._account_dir_readme import readme
from ._account_dir_yaml import Reference, as_yaml
from ._account_layout import FOLDERS, LISTS, MARKER, SCHEMAS, schema_file

README = "README.md"

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class AccountError(ValueError):
    """What is to be written is not what `cloud_elements_account_info` returns. The message holds no value."""


def account_files(
    account: Mapping[str, t.Any], include: Collection[str] = KINDS, schemas: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the text of each file by its path within the directory, but for the files of secrets.

    Args:
        account: What the module `cloud_elements_account_info` returned.
        include: The kinds to write. `README.md` is about all kinds, so it is only written with all of them.
        schemas: The texts of the JSON schemas, by the names of their files.

    Raises:
        AccountError: It is not such a description.
    """
    resources = {kind: _mappings(account, kind) for kind in KINDS}
    _refer(resources, _mappings(account, "secrets"))
    files: dict[str, str] = {}
    for kind in (kind for kind in KINDS if kind in include):
        if kind in LISTS:
            name, key = LISTS[kind]
            files[f"{name}.yml"] = _document(kind, {key: resources[kind]})
        else:
            stems = file_stems([_IDENTITIES[kind](options) for options in resources[kind]])
            for stem, options in zip(stems, resources[kind], strict=True):
                files[f"{kind}/{stem}.yml"] = _document(kind, options)
    if set(KINDS) <= set(include):
        files[README] = readme(_mappings(account, "notes"), MARKER)
    files |= {f"{SCHEMAS}/{name}": text for name, text in (schemas or {}).items()}
    return files


def is_empty(account: Mapping[str, t.Any], include: Collection[str]) -> bool:
    """Tell whether an account has no resource of some kinds."""
    return not any(account.get(kind) for kind in include)


def is_ours(path: str, text: str) -> bool:
    """Tell whether an export wrote a file, by its head.

    Args:
        path: The path within the directory.
        text: What the file holds.
    """
    if path.startswith(f"{SCHEMAS}/"):
        return '"$schema"' in text  # JSON has no comments.
    lines = text.splitlines()
    if path == README:
        return MARKER in "".join(lines[:1])
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return any(MARKER in line for line in lines[:head])


def secrets_of(account: Mapping[str, t.Any], include: Collection[str]) -> list[dict[str, str]]:
    """Return the variables that stand for secrets of some kinds, each with its purpose."""
    return [
        {"variable": _variable(secret), "purpose": _text(secret, "purpose")}
        for secret in _mappings(account, "secrets")
        if secret.get("kind") in include
    ]


def _mappings(account: Mapping[str, t.Any], key: str) -> list[dict[str, t.Any]]:
    """Return a list of mappings in types of Python's own, that nobody else has."""
    rows = account.get(key)
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(row, Mapping) for row in rows):
        raise AccountError(f"account.{key} must be a list of mappings, as cloud_elements_account_info returns it.")
    return [_copied(row) for row in rows]


def _copied(value: t.Any) -> t.Any:
    if isinstance(value, Mapping):
        return {str(key): _copied(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_copied(each) for each in value]
    return value


def _refer(resources: Mapping[str, t.Any], secrets: Iterable[Mapping[str, t.Any]]) -> None:
    """Put a reference in the place of the name of each variable."""
    for secret in secrets:
        variable, place = _variable(secret), t.cast("t.Any", resources)
        try:
            *path, last = secret["path"]
            for step in path:
                place = place[step]
            is_there = place[last] == MASK
        except (KeyError, IndexError, TypeError, ValueError):
            is_there = False
        if not is_there:
            raise AccountError(f"account.secrets has a path for {variable} that does not lead to it.")
        place[last] = Reference(variable)


def _variable(secret: Mapping[str, t.Any]) -> str:
    variable = _text(secret, "variable")
    if not _VARIABLE.fullmatch(variable):
        raise AccountError("account.secrets has a variable whose name cannot be one.")
    return variable


def _text(secret: Mapping[str, t.Any], key: str) -> str:
    text = secret.get(key)
    if not isinstance(text, str) or not text.isprintable():
        raise AccountError(f"account.secrets has an item whose {key} is not a text of one line.")
    return str.__str__(text)


def _document(kind: str, data: t.Any) -> str:
    try:
        return _head(kind) + as_yaml(data)
    except ValueError as error:
        raise AccountError(f"account.{kind} cannot be written: {error}.") from None


def _head(kind: str) -> str:
    up = "../" if kind in FOLDERS else ""
    return (
        f"# yaml-language-server: $schema={up}{SCHEMAS}/{schema_file(kind)}\n"
        f"# {_HEADS[kind]}, {MARKER}. The next export overwrites this file.\n"
        "---\n"
    )


_HEADS = {
    INSTANCES: "The element instances of an account",
    COMMON_RESOURCES: "A common resource",
    FORMULAS: "A formula",
    FORMULA_INSTANCES: "The formula instances of an account",
}


def _name(options: t.Any, kind: str) -> str:
    name = options.get("name") if isinstance(options, Mapping) else None
    if not isinstance(name, str):
        raise AccountError(f"account.{kind} has an item without a name.")
    return str.__str__(name)


def _common_resource(options: Mapping[str, t.Any]) -> tuple[str, ...]:
    name, level = _name(options, COMMON_RESOURCES), str(options.get("level", "account"))
    if level == "account":
        return (name,)
    instance = options.get("instance") or {}
    return (name, level, *(str(instance[key]) for key in ("element_key", "name") if key in instance))


def _formula(options: Mapping[str, t.Any]) -> tuple[str, ...]:
    return (_name(options.get("definition"), FORMULAS),)


_IDENTITIES = {COMMON_RESOURCES: _common_resource, FORMULAS: _formula}
