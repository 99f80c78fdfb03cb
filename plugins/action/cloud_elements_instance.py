# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Give every module of the collection the connection that its host's variables name.

`meta/runtime.yml` routes all modules here. The name of the file is that of one of them because ansible-test requires
that of an action plugin.
"""

from __future__ import annotations

import typing as t

from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._variables import from_variables


class ActionModule(NormalAction):
    """Run a module as Ansible does by itself, with the missing connection options filled from variables."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the module, or fail without running it if a variable cannot be used."""
        try:
            # A copy: callbacks and loops see the arguments of the task, and secrets of variables must not get there.
            given = dict(self._task.args)
            self._arguments = given | from_variables(given, task_vars or {}, self._templar)
        except CloudElementsError as error:
            return {"changed": False, "failed": True, "msg": error.message, "error": error.as_result()}
        return t.cast("dict[str, t.Any]", super().run(tmp, task_vars))  # type: ignore[no-untyped-call]

    def _execute_module(
        self,
        module_name: str | None = None,
        module_args: dict[str, t.Any] | None = None,
        *options: t.Any,
        **named_options: t.Any,
    ) -> t.Any:
        """Execute the module of the task with the filled arguments, and any other module as it is called."""
        if module_name is None and module_args is None:
            module_args = self._arguments
        return super()._execute_module(module_name, module_args, *options, **named_options)
