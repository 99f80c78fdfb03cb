# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Own where the resources of an account stand in its directory, and what tells these files, for all that use them."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import (
    COMMON_RESOURCES,
    FORMULA_INSTANCES,
    FORMULAS,
    INSTANCES,
)

MARKER = "exported by cloud_elements.platform.export"
"""What the head of each file says that an export wrote. Others are never overwritten or removed."""
LISTS = {INSTANCES: ("fleet", "fleet_instances"), FORMULA_INSTANCES: ("formula_instances", "formula_instances")}
"""The kinds whose resources are in one file: its name without suffix, and its only key."""
FOLDERS = (COMMON_RESOURCES, FORMULAS)
"""The kinds whose resources have a file each, in the folder of this name."""
SCHEMAS = ".schemas"
"""The folder of the JSON schemas."""

_SCHEMAS = {INSTANCES: "fleet", COMMON_RESOURCES: "common_resource", FORMULAS: "formula"}


def schema_file(kind: str) -> str:
    """Return the name of the file with the JSON schema of a kind."""
    return f"{_SCHEMAS.get(kind, kind)}.json"
