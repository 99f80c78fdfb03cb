# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Say how far an account is from its directory, from what the modules returned. Pure.

The filter `cloud_elements_account_drift` calls this. The playbook `report` draws the result and writes it as JSON.
"""

from __future__ import annotations

import difflib
import json
import typing as t
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import counted
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import (
    CALLED,
    COMMON_RESOURCES,
    FORMULA_INSTANCES,
    FORMULAS,
    INSTANCES,
    KINDS,
)

from ._account_changes import document, done, owners

NOT_DESCRIBED = "not_described"
"""The action of what the account has and the directory does not describe. No run removes it."""

Row: t.TypeAlias = Mapping[str, t.Any]
_NAMES = ("name", "element_key", "level", "instance", "formula")


def drift_of(
    described: Mapping[str, Sequence[Row]] | None,
    compared: Row,
    found: Row,
    include: Collection[str] = KINDS,
) -> dict[str, t.Any]:
    """Return how far an account is from its directory.

    Args:
        described: What the lookup `cloud_elements_account_dir` returned. None if it could not be read.
        compared: What `cloud_elements_account` returned for it in check mode.
        found: What `cloud_elements_account_info` returned. What it leaves out, it names in its notes.
        include: The kinds that are compared.
    """
    kinds = [kind for kind in KINDS if kind in include]
    errors = [str(result["msg"]) for result in (compared, found) if "plan" not in result and KINDS[0] not in result]
    if described is None or errors:
        return _document("error", {}, compared, [], errors)
    planned = compared["plan"]["changes"]
    changes = {_key(change): change for change in planned}
    drift: list[dict[str, t.Any]] = []
    summary: dict[str, dict[str, int]] = {}
    for kind in kinds:
        rows = [_drifted(kind, row, changes) for row in compared[kind]]
        known = {_identity(kind, options) for options in described[kind]}
        if kind == INSTANCES:  # One that is described by its id is known by the names that the platform tells.
            told = [*compared[kind], *(change for change in planned if change["kind"] == kind)]
            known |= {_identity(kind, row) for row in told}
        beside = [options for options in found[kind] if _identity(kind, options) not in known]
        named = {_called(options) for options in (*described[kind], *found[kind])}
        beside += [note for note in found["notes"] if note["kind"] == kind and _called(note) not in named]
        extra = [_extra(kind, options) for options in beside]
        drift += [row for row in rows if row["action"] != "unchanged"] + extra
        counts = Counter(row["action"] for row in rows)
        summary[kind] = {
            "described": len(rows),
            "in_sync": counts["unchanged"],
            "drifted": len(rows) - counts["unchanged"] - counts["failed"] - counts["skipped"],
            "failed": counts["failed"] + counts["skipped"],
            NOT_DESCRIBED: len(extra),
        }
    errors = [f"{_words(row)}: {row['error']}" for row in drift if row["error"]]
    status = "error" if errors else "drift" if drift else "in_sync"
    return _document(status, summary, compared, drift, errors)


def _document(
    status: str, summary: Row, compared: Row, drift: Sequence[Row], errors: Sequence[str]
) -> dict[str, t.Any]:
    content = {
        "status": status,
        "base_url": compared.get("base_url"),
        "summary": dict(summary),
        "drift": list(drift),
        "errors": list(errors),
    }
    return document(content)


def _drifted(kind: str, row: Row, changes: Mapping[t.Any, Row]) -> dict[str, t.Any]:
    """Return what is told of a resource that the directory describes."""
    names = {name: row.get(name) for name in _NAMES}
    change = changes.get(_key({"kind": kind, "id": row["id"], **names}), {})
    error = row["error"]
    return {
        "kind": kind,
        **names,
        "action": row["action"],
        "actions": list(row["actions"]),
        "changes": list(change.get("changes", ())),
        "error": None if error is None else error["message"],
    }


def _called(options: Row) -> tuple[t.Any, ...]:
    """Return the names that a note has of a resource."""
    return (_name(options), _element_key(options), options.get("formula"))


def _extra(kind: str, options: Row) -> dict[str, t.Any]:
    owner = options.get("instance") or {}
    names = {
        "name": _name(options),
        "element_key": _element_key(options),
        "level": options.get("level") if kind == COMMON_RESOURCES else None,
        "instance": owner.get("name"),
        "formula": options.get("formula"),
    }
    return {"kind": kind, **names, "action": NOT_DESCRIBED, "actions": [], "changes": [], "error": None}


def _key(row: Row) -> tuple[t.Any, ...]:
    """Return what is the same of a resource before and after. A name may change, and common resources have no id."""
    names = () if row["id"] is not None else (row.get(name) for name in _NAMES)
    return (row["kind"], row["id"], *names)


def _identity(kind: str, options: Row) -> tuple[t.Any, ...]:
    if kind == INSTANCES:
        return (options.get("element_key"), options.get("name"))
    if kind == FORMULAS:
        return (_name(options),)
    if kind == FORMULA_INSTANCES:
        return (options.get("formula"), options.get("name"))
    owner = options.get("instance") or {}
    return (options.get("name"), options.get("level") or "account", owner.get("element_key"), owner.get("name"))


def _element_key(options: Row) -> t.Any:
    return options.get("element_key") or (options.get("instance") or {}).get("element_key")


def _name(options: Row) -> t.Any:
    return options.get("name") or (options.get("definition") or {}).get("name")


def _words(row: Row) -> str:
    return f"{CALLED[row['kind']]} {row['name']!r}"


def counted_by_kind(document: Row) -> str:
    """Return how many resources of each kind are not as described, in words."""
    counts = Counter(row["kind"] for row in document["drift"])
    return ", ".join(counted(counts[kind], CALLED[kind]) for kind in KINDS if counts[kind])


def shown(document: Row) -> list[dict[str, t.Any]]:
    """Return the drift by kind as a page shows it: values from which to which, and texts line by line.

    Args:
        document: What `drift_of` returned.
    """
    groups = []
    for kind in KINDS:
        rows = [row for row in document["drift"] if row["kind"] == kind]
        if rows:
            label = f"{CALLED[kind].capitalize()}s"
            groups.append({"kind": kind, "label": label, "rows": [{**row, **_details(row)} for row in rows]})
    return groups


def _details(row: Row) -> dict[str, t.Any]:
    return {
        "owner": " ".join(f"{words} {owner}" for words, owner in owners(row)),
        "words": [row["error"]] if row["error"] else done(row["action"], row["actions"]),
        "differences": [_difference(each) for each in row["changes"]],
    }


def _difference(change: Row) -> dict[str, t.Any]:
    before, after = change["before"], change["after"]
    path = ".".join(map(str, change["path"]))
    lines = []
    if any(isinstance(value, (list, Mapping)) for value in (before, after)):
        lines = list(_lines(_as_lines(before), _as_lines(after)))
    if lines:
        return {"path": path, "lines": lines}
    return {"path": path, "before": _text(before), "after": _text(after)}


def _as_lines(value: t.Any) -> list[str]:
    """Return a value line by line. A text of several lines is a list of lines already."""
    if value is None:
        return []
    if isinstance(value, str):
        return value.splitlines()
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).splitlines()


def _lines(before: list[str], after: list[str]) -> Iterator[dict[str, str]]:
    """Yield the lines that differ, with what is around them, each with the class that the page gives it."""
    classes = {"+": "added", "-": "dropped", "@": "place", " ": "same"}
    for line in [*difflib.unified_diff(before, after, lineterm="", n=2)][2:]:
        yield {"kind": classes.get(line[:1], "same"), "text": line}


def _text(value: t.Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
