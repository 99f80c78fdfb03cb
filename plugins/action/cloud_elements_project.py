# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the files of a new project. `plugin_utils` plans and writes.

The documentation is in `plugins/modules`.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import Directory, given_path
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._file_action import FileAction, FilePlan
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._project import plan_project


class ActionModule(FileAction):
    """Writes the files of a project."""

    OPTIONS: t.ClassVar = {"path": {"type": "path", "required": True}}

    def plan(self, options: Mapping[str, t.Any]) -> FilePlan:
        """Return the files of a project in a directory that is empty."""
        directory = Directory(given_path("path", options["path"]))
        changes = plan_project(directory)
        result = {"changed": True, "path": directory.path, "written": [change.name for change in changes]}
        return FilePlan(directory, changes, lambda: directory.apply(changes), result)
