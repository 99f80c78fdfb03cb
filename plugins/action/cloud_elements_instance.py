# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Give every module of the collection the connection that its host's variables name, and show the progress of a fleet.

`meta/runtime.yml` routes all modules here. The name of the file is that of one of them because ansible-test requires
that of an action plugin.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible import constants
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.progress import VARIABLE
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._progress import Follower
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._variables import from_variables

_LONG_RUNNING = ("cloud_elements_account", "cloud_elements_instances")
"""The modules that report their progress."""

display = Display()


class ActionModule(NormalAction):
    """Run a module as Ansible does by itself, with the missing connection options filled from variables."""

    _module: str | None = None
    """The module to run, if it is not the one that the task names."""

    _progress_file: str | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the module, or fail without running it if a variable cannot be used."""
        try:
            # A copy: callbacks and loops see the arguments of the task, and secrets of variables must not get there.
            given = self._given(task_vars or {})
            self._arguments = given | from_variables(given, task_vars or {}, self._templar)
        except CloudElementsError as error:
            return {"changed": False, "failed": True, "msg": error.message, "error": error.as_result()}
        with self._followed(task_vars or {}):
            return t.cast("dict[str, t.Any]", super().run(tmp, task_vars))  # type: ignore[no-untyped-call]

    def _given(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return a copy of the arguments that the task gives to the module, or raise `CloudElementsError`."""
        return dict(self._task.args)

    @contextlib.contextmanager
    def _followed(self, variables: dict[str, t.Any]) -> t.Iterator[None]:
        """Show the progress of a module that takes long, if this process can read what the module writes.

        The lines go to stderr, since a callback plugin may write JSON to stdout.
        """
        module = (self._module or self._task.action).rpartition(".")[2]
        if module not in _LONG_RUNNING or self._task.async_val or self._connection.transport != "local":
            yield
            return

        def show(line: str) -> None:
            display.display(line, stderr=True)

        folder = constants.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]
        with Follower(folder, variables.get("inventory_hostname", ""), show) as follower:
            self._progress_file = follower.path
            yield

    def _compute_environment_string(self, raw_environment_out: dict[str, t.Any] | None = None) -> str:
        """Add the file that takes the progress to the environment of the module."""
        environment: str = super()._compute_environment_string(raw_environment_out)  # type: ignore[no-untyped-call]
        if self._progress_file is None:
            return environment
        return f"{environment} {self._connection._shell.env_prefix(**{VARIABLE: self._progress_file})}".strip()

    def _execute_module(
        self,
        module_name: str | None = None,
        module_args: dict[str, t.Any] | None = None,
        *options: t.Any,
        **named_options: t.Any,
    ) -> t.Any:
        """Execute the module that the task is for with the filled arguments, and any other as it is called."""
        if module_name is None and module_args is None:
            module_name, module_args = self._module, self._arguments
        return super()._execute_module(module_name, module_args, *options, **named_options)
