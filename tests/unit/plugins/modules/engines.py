# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines themselves against the emulator, without Ansible around them: for many runs, and for runs at once."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET,
    INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance

NOTHING = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}


def connection() -> dict[str, t.Any]:
    """Return the connection options, as far as the environment has them."""
    params = {name: entry.get("default") for name, entry in CONNECTION.spec.items()}
    return params | {name: os.environ[it] for name, it in CONNECTION.fallbacks.items() if it in os.environ}


def ensure(options: dict[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
    """Run the task for one instance and return its result with its warnings."""
    params = {**connection(), **NOTHING, **options}
    task = Run(params, (), check_mode=check_mode, diff_mode=True)
    try:
        return {**ensure_instance(params, task), "warnings": task.warnings}
    finally:
        task.close()


def ensure_all(items: list[dict[str, t.Any]], **options: t.Any) -> dict[str, t.Any]:
    """Run the task for a fleet and return its result."""
    nothing = {name: entry.get("default") for name, entry in FLEET.spec.items()}
    params = {**connection(), **nothing, "instances": [{**NOTHING, **item} for item in items], **options}
    task = Run(params, (), check_mode=False)
    try:
        return ensure_fleet(params, task)
    finally:
        task.close()


def ensure_kind(table: t.Any, engine: t.Any, options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Run the task for one resource of any kind, by its table of options and its engine, and return its result."""
    nothing = {name: entry.get("default") for name, entry in table.spec.items()}
    params = {**connection(), **nothing, **options}
    task = Run(params, (), check_mode=False)
    try:
        result: dict[str, t.Any] = engine(params, task)
        return result
    finally:
        task.close()
