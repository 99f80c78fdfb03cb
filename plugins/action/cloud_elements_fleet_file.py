# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a fleet, as a module described it, to a file, with a form for its secrets. `plugin_utils` plans and writes.

The documentation is in `plugins/modules`. It runs on the controller, whatever the connection of the host.
"""

from __future__ import annotations

import os.path
import time
import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_diff import diff_of
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import (
    Directory,
    WriteError,
    given_path,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet_file_plan import apply, plan_fleet_file
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import FormError

OPTIONS = {
    "path": {"type": "path", "required": True},
    "secrets_path": {"type": "path", "required": True},
    "fleet": {"type": "dict", "required": True},
    "partial": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    """Writes a fleet file and the form for its secrets."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Plan the files, then write them, unless in check mode."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _checked, options = self.validate_argument_spec(argument_spec=OPTIONS)  # type: ignore[no-untyped-call]
        try:
            path, secrets_path = (
                os.path.realpath(given_path(option, options[option])) for option in ("path", "secrets_path")
            )
            plan = plan_fleet_file(path, secrets_path, options["fleet"], self._loader, partial=options["partial"])
        except (FormError, WriteError) as error:
            raise AnsibleActionFail(f"{error} Nothing was written.") from None
        if not self._task.check_mode:
            try:
                apply(plan, time.strftime("%Y-%m-%dT%H:%M:%S"))
            except WriteError as error:
                raise AnsibleActionFail(str(error)) from None
        result.update(changed=plan.changed, path=path, lacking=list(plan.lacking), outcome=plan.outcome)
        if self._task.diff and plan.fleet is not None:
            result["diff"] = diff_of(Directory(os.path.dirname(path)), [plan.fleet])
        return result
