# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Reduce an account, as its directory describes it, to what a purpose needs that has no secrets. Pure.

The filter `cloud_elements_account_for` calls this.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import (
    COMMON_RESOURCES,
    FORMULA_INSTANCES,
    FORMULAS,
    INSTANCES,
    KINDS,
)

from ._fleet import for_comparison, for_removal

Account: t.TypeAlias = Mapping[str, Sequence[Mapping[str, t.Any]]]

_NAMES = {
    COMMON_RESOURCES: ("name", "level", "account_id", "instance"),
    FORMULAS: ("name",),
    FORMULA_INSTANCES: ("name", "formula"),
}
"""The options that identify a resource of a kind."""


def compared(account: Account) -> dict[str, list[dict[str, t.Any]]]:
    """Return an account that can be compared with the platform although its secrets are not at hand.

    Args:
        account: What the lookup `cloud_elements_account_dir` returns without secrets.
    """
    return {kind: _plain(account, kind) for kind in KINDS} | {INSTANCES: for_comparison(account[INSTANCES])}


def removed(account: Account, rows: Mapping[str, Sequence[Mapping[str, t.Any]]] | None = None) -> dict[str, t.Any]:
    """Return what identifies the resources of an account, each to be absent.

    Args:
        account: What the lookup `cloud_elements_account_dir` returns.
        rows: What the module said of them in check mode. Only those that would be removed are returned then.
    """
    gone: dict[str, list[dict[str, t.Any]]] = {
        kind: [_identity(kind, options) | {"state": "absent"} for options in account[kind]] for kind in _NAMES
    } | {INSTANCES: for_removal(account[INSTANCES])}
    if rows is None:
        return gone
    return {
        kind: [options for options, row in zip(gone[kind], rows[kind], strict=True) if row["action"] == "remove"]
        for kind in KINDS
    }


def _plain(account: Account, kind: str) -> list[dict[str, t.Any]]:
    return [dict(options) for options in account[kind]]


def _identity(kind: str, options: Mapping[str, t.Any]) -> dict[str, t.Any]:
    definition = options.get("definition") or {}
    named = {"name": options.get("name") or definition.get("name")}
    return {key: options[key] for key in _NAMES[kind] if key in options} | named
