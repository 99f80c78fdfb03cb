# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Say what became of an account: in lines for the user, and in figures for schedulers. Pure.

The action plugin `cloud_elements_account_provision` calls this. Neither holds a secret or a token.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

STATS = "cloud_elements_accounts"
"""The only key that runs hand to schedulers. A scheduler makes it a variable, so it must be no other's."""


def shown(result: Mapping[str, t.Any], *, planned: bool) -> list[str]:
    """Return the lines that the user sees.

    Args:
        result: What `cloud_elements_account` returned.
        planned: Whether the user asks for the plan, and not only for what was pruned.
    """
    plan = result["plan"]
    lines = plan["lines"] if planned else [f"pruned: {row['name']}" for row in result["pruned"]]
    return [*lines, f"At {result['base_url']}: {plan['summary']}"]


def stats(host: str, result: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the figures of one account as an action hands them to Ansible, which merges those of all hosts.

    Args:
        host: The name of the host.
        result: What `cloud_elements_account` returned.
    """
    figures = {
        "base_url": result["base_url"],
        "changed": result["changed"],
        "checksum": result["plan"]["checksum"],
        "summary": result["summary"],
    }
    return {"data": {STATS: {host: figures}}, "aggregate": True, "per_host": False}
