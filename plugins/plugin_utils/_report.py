# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count what the page of the playbook `report` shows, from what the modules returned. Pure.

The filter `cloud_elements_report` calls it, and the templates of the playbook only print the result.
"""

from __future__ import annotations

import base64
import hashlib
import pathlib
import typing as t
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ._account_drift import counted_by_kind, shown
from ._version import collection_version

Row = Mapping[str, t.Any]

SCRIPT = (pathlib.Path(__file__).resolve().parents[2] / "playbooks" / "templates" / "report" / "page.js").read_text(
    encoding="utf-8"
)
"""The script of the page. The page allows this one only, by its hash."""
SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.strip().encode()).digest()).decode()

VERSION = collection_version()

_BADGES = {
    "failed": "Fail",
    "create": "Create",
    "remove": "Remove",
    "disable": "Disable",
    "enable": "Enable",
    "rename": "Rename",
    "change": "Change",
}
"""The label of each action that makes a drift, in the order of the table."""

_LEGEND = {
    "unchanged": "as in the file",
    "create": "to create",
    "change": "to change",
    "rename": "to rename",
    "enable": "to enable",
    "disable": "to disable",
    "remove": "to remove",
    "extra": "not in the file",
    "failed": "would fail",
}


@dataclass(frozen=True)
class Filters:
    """What the page is narrowed to. None and no tags mean everything."""

    element_key: str | None = None
    name: str | None = None
    tags: tuple[str, ...] | None = None

    @property
    def given(self) -> bool:
        """Whether the page is about a part of the account."""
        return (self.element_key, self.name, self.tags) != (None, None, None)

    def pass_new(self, row: Row, item: Row) -> bool:
        """Return whether an instance that is not there yet would be on the page.

        Args:
            row: What the module says of the instance.
            item: Its options. An instance without tags gets its name as the only one.
        """
        tags = item.get("tags") or [row["name"]]
        return (
            self.element_key in (None, row["element_key"])
            and self.name in (None, row["name"])
            and set(self.tags or ()) <= set(tags)
        )


def report(
    found: Sequence[Row],
    catalog: Iterable[Row],
    filters: Filters,
    fleet: Sequence[Row] | None = None,
    compared: Sequence[Row] = (),
    account: Row | None = None,
) -> dict[str, t.Any]:
    """Return what the page shows.

    Args:
        found: The instances, as `cloud_elements_instance_info` returns them.
        catalog: The elements, as `cloud_elements_element_info` returns them, or nothing if they are not known.
        filters: What the page is narrowed to.
        fleet: The options of the instances of a fleet to compare with, if any. Of each only the tags are read.
        compared: What `cloud_elements_instances` in check mode returned for each of them.
        account: How far the account is from its directory, as `_account_drift` says it, if there is one.
    """
    hubs = _hubs(found, {element["key"]: element for element in catalog})
    invalid = [row for row in found if row["valid"] is False]
    disabled = [row for row in found if not row["enabled"]]
    figures = {
        "instances": len(found),
        "hubs": sum(bool(hub["label"]) for hub in hubs),
        "elements": sum(len(hub["elements"]) for hub in hubs),
        "disabled": len(disabled),
        "invalid": len(invalid),
        "both": sum(hub["both"] for hub in hubs),
    }
    page = {
        "version": VERSION,
        "filtered": filters.given,
        "tags": list(filters.tags or ()),
        "figures": figures,
        "hubs": hubs,
        "scale": max((hub["total"] for hub in hubs), default=0),
        "attention": [*invalid, *(row for row in disabled if row["valid"] is not False)],
        "drift": None,
        "account": [] if account is None else shown(account),
        "account_counts": "" if account is None else counted_by_kind(account),
        "script_hash": SCRIPT_HASH,
    }
    if account is not None:
        figures["drift"] = len(account["drift"])
    if fleet is not None:
        drift = _drift(found, fleet, compared, filters)
        figures["drift"] = len(drift["entries"]) + len(drift["extra"])
        page["drift"] = drift
    return page


def _hubs(found: Iterable[Row], catalog: Mapping[str, Row]) -> list[dict[str, t.Any]]:
    """Return the hubs with their elements, the largest first. The label of a hub that is not known is empty."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_key[row["element_key"] or ""].append(row)
    by_hub: dict[str, list[dict[str, t.Any]]] = defaultdict(list)
    for key, rows in by_key.items():
        element = catalog.get(key, {})
        counted = {"label": element.get("name") or key, "rows": rows, **_health(rows)}
        by_hub[element.get("hub") or ""].append(counted)
    hubs = []
    for label, unsorted in by_hub.items():
        elements = sorted(unsorted, key=_largest_first)
        rows = [row for element in elements for row in element["rows"]]
        hubs.append({"label": label, "elements": elements, "rows": rows, **_health(rows)})
    return sorted(hubs, key=_largest_first)


def _largest_first(counted: Row) -> tuple[int, str, str]:
    return -counted["total"], counted["label"].lower(), counted["label"]


def _health(rows: Sequence[Row]) -> dict[str, t.Any]:
    """Return how many instances are disabled, invalid and both, and the parts of a bar that shows it.

    The bar shows an instance that is both as invalid.
    """
    disabled = sum(not row["enabled"] for row in rows)
    invalid = sum(row["valid"] is False for row in rows)
    both = sum(not row["enabled"] and row["valid"] is False for row in rows)
    return {
        "total": len(rows),
        "disabled": disabled,
        "invalid": invalid,
        "both": both,
        "parts": [
            ["ok", len(rows) - disabled - invalid + both],
            ["off", disabled - both],
            ["bad", invalid],
        ],
    }


def _drift(found: Sequence[Row], fleet: Sequence[Row], compared: Sequence[Row], filters: Filters) -> dict[str, t.Any]:
    """Return what the fleet would change, what it does not name, and the counts of both with their labels."""
    ids = {row["id"] for row in found}
    shown = [
        row
        for row, item in zip(compared, fleet, strict=True)
        if not filters.given or row["id"] in ids or (row["id"] is None and filters.pass_new(row, item))
    ]
    order = list(_BADGES)
    changing = sorted(
        (row for row in shown if row["action"] != "unchanged"), key=lambda row: order.index(row["action"])
    )
    named = _named_by(compared)
    extra = [row for row in found if not named(row)]
    counts = {kind: sum(row["action"] == kind for row in shown) for kind in _LEGEND} | {"extra": len(extra)}
    return {
        "entries": [_entry(row) for row in changing],
        "extra": extra,
        "legend": [
            {"kind": kind, "label": label, "value": counts[kind]}
            for kind, label in _LEGEND.items()
            if counts[kind] or kind == "unchanged"
        ],
        "parts": [[kind, counts[kind]] for kind in _LEGEND],
        "total": sum(counts.values()),
    }


def _named_by(compared: Iterable[Row]) -> Callable[[Row], bool]:
    """Return what tells whether the fleet names an instance.

    If an instance could not be compared, its id may not be known although it is named. Then its name decides.
    """
    ids = {row["id"] for row in compared}
    failed = {(row["element_key"], row["name"]) for row in compared if row["error"]}
    return lambda row: bool(row["id"] in ids or {(row["element_key"], row["name"]), (None, row["name"])} & failed)


def _entry(row: Row) -> dict[str, t.Any]:
    """Return what the page shows of an instance that does not stay as it is."""
    action = row["action"]
    if row["error"]:
        details = [row["error"]["message"]]
    elif action in ("create", "remove"):
        details = row["actions"][1:]
    elif action in ("enable", "disable"):
        details = []
    else:
        details = [text.removeprefix("change ") for text in row["actions"]]
    return {
        "kind": action,
        "label": _BADGES[action],
        "name": row["name"] or f"id {row['id']}",
        "element_key": row["element_key"],
        "id": row["id"],
        "details": details,
    }
