# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a fleet, as a module described it, to a file, with a form for its secrets. `plugin_utils` plans and writes.

The documentation is in `plugins/modules`.
"""

from __future__ import annotations

import os.path
import time
import typing as t
from collections.abc import Mapping

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import Directory, given_path
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._file_action import FileAction, FilePlan
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet_file_plan import apply, plan_fleet_file


class ActionModule(FileAction):
    """Writes a fleet file and the form for its secrets."""

    OPTIONS: t.ClassVar = {
        "path": {"type": "path", "required": True},
        "secrets_path": {"type": "path", "required": True},
        "fleet": {"type": "dict", "required": True},
        "partial": {"type": "bool", "default": False},
    }

    def plan(self, options: Mapping[str, t.Any]) -> FilePlan:
        """Return what becomes of the two files. No diff shows that of secrets."""
        path, secrets_path = (
            os.path.realpath(given_path(option, options[option])) for option in ("path", "secrets_path")
        )
        plan = plan_fleet_file(path, secrets_path, options["fleet"], self._loader, partial=options["partial"])
        # As Ansible names the copies that it keeps: two runs within one second keep a file each.
        kept = f"{path}.{os.getpid()}.{time.strftime('%Y-%m-%d@%H:%M:%S~')}"
        return FilePlan(
            Directory(os.path.dirname(path)),
            [] if plan.fleet is None else [plan.fleet],
            lambda: apply(plan, kept),
            {"changed": plan.changed, "path": path, "lacking": list(plan.lacking), "outcome": plan.outcome},
        )
