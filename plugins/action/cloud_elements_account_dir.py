# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write an account, as a module described it, to a directory. `plugin_utils` plans, writes, and says what a diff shows.

The documentation is in `plugins/modules`.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import Directory, given_path
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_plan import (
    DirectoryPlan,
    plan_directory,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_schemas import schemas
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._file_action import FileAction, FilePlan


class ActionModule(FileAction):
    """Writes the files of an account."""

    OPTIONS: t.ClassVar = {
        "path": {"type": "path", "required": True},
        "account": {"type": "dict", "required": True},
        "include": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
        "prune_files": {"type": "bool", "default": False},
        "partial": {"type": "bool", "default": False},
    }

    def plan(self, options: Mapping[str, t.Any]) -> FilePlan:
        """Return what becomes of the directory. No diff shows the files of secrets."""
        directory = Directory(given_path("path", options["path"]))
        plan = plan_directory(
            directory,
            options["account"],
            self._loader,
            include=options["include"],
            schemas=schemas(),
            prune=options["prune_files"],
            partial=options["partial"],
        )
        return FilePlan(directory, plan.files, lambda: directory.apply(plan.changes), _result(directory, plan))


def _result(directory: Directory, plan: DirectoryPlan) -> dict[str, t.Any]:
    return {
        "changed": bool(plan.changes),
        "path": directory.path,
        "written": [change.name for change in plan.changes if change.after is not None],
        "removed": [change.name for change in plan.changes if change.after is None],
        "stale": list(plan.stale),
        "lacking": list(plan.lacking),
        "outcome": plan.outcome,
    }
