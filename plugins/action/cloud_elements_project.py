# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the files of a new project. `plugin_utils` plans and writes.

The documentation is in `plugins/modules`. It runs on the controller, whatever the connection of the host.
"""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_diff import diff_of
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import (
    Directory,
    WriteError,
    given_path,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._project import plan_project

OPTIONS = {"path": {"type": "path", "required": True}}


class ActionModule(ActionBase):
    """Writes the files of a project."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Plan all files, then write them, unless in check mode."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _checked, options = self.validate_argument_spec(argument_spec=OPTIONS)  # type: ignore[no-untyped-call]
        try:
            directory = Directory(given_path("path", options["path"]))
            changes = plan_project(directory)
            if not self._task.check_mode:
                directory.apply(changes)
        except WriteError as error:
            raise AnsibleActionFail(str(error)) from None
        result.update({"changed": True, "path": directory.path, "written": [change.name for change in changes]})
        if self._task.diff:
            result["diff"] = diff_of(directory, changes)
        return result
