# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write an account, as a module described it, to a directory. `plugin_utils` plans, writes, and says what a diff shows.

The documentation is in `plugins/modules`. It runs on the controller, whatever the connection of the host.
"""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_diff import diff_of
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import (
    Directory,
    WriteError,
    given_path,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_plan import Plan, plan_directory
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_tree import AccountError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_schemas import schemas
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import FormError

OPTIONS = {
    "path": {"type": "path", "required": True},
    "account": {"type": "dict", "required": True},
    "include": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
    "prune_files": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    """Writes the files of an account."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Plan all files, then write them, unless in check mode."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _checked, options = self.validate_argument_spec(argument_spec=OPTIONS)  # type: ignore[no-untyped-call]
        try:
            directory = Directory(given_path("path", options["path"]))
            plan = plan_directory(
                directory,
                options["account"],
                self._loader,
                include=options["include"],
                schemas=schemas(),
                prune=options["prune_files"],
            )
            if not self._task.check_mode:
                directory.apply(plan.changes)
        except FormError as error:
            raise AnsibleActionFail(f"{error} Nothing was written.") from None
        except (AccountError, WriteError) as error:
            raise AnsibleActionFail(str(error)) from None
        result.update(_told(directory, plan))
        if self._task.diff:
            result["diff"] = diff_of(directory, plan.files)
        return result


def _told(directory: Directory, plan: Plan) -> dict[str, t.Any]:
    return {
        "changed": bool(plan.changes),
        "path": directory.path,
        "written": [change.name for change in plan.changes if change.after is not None],
        "removed": [change.name for change in plan.changes if change.after is None],
        "stale": list(plan.stale),
        "lacking": list(plan.lacking),
        "outcome": plan.outcome,
    }
