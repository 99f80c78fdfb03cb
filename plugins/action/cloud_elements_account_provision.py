# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Provision an account from its directory in one task: read it, run the module, write the plan, count for schedulers.

The documentation is in `plugins/modules`. Each task more would cost a process for each account.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.validation import check_type_list
from ansible.utils.display import Display
from ansible_collections.cloud_elements.platform.plugins.action.cloud_elements_instance import (
    ActionModule as ModuleAction,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import invalid
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import WriteError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_outcome import shown, stats
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_plan import (
    PlanError,
    as_json,
    as_markdown,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_reader import (
    AccountReader,
    UnusableAccountError,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import real_place
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._plan_files import expected_checksum
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._written_files import file_problem, write_file

display = Display()


class ActionModule(ModuleAction):
    """Runs the module `cloud_elements_account` with what a directory describes."""

    _module = "cloud_elements.platform.cloud_elements_account"
    _supports_async = False

    _plan_dest: str | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Run the module, and write the plan, in check mode too."""
        variables = task_vars or {}
        result = super().run(tmp, task_vars)
        if "plan" not in result:
            return result
        result["shown"] = shown(result, planned=bool(self._task.check_mode or self._task.diff))
        result["ansible_stats"] = stats(variables.get("inventory_hostname", ""), result)
        if self._plan_dest is not None:
            form = as_markdown if self._plan_dest.endswith(".md") else as_json
            try:
                write_file(self._plan_dest, form(result["plan"]))
            except WriteError as error:
                done = "" if self._task.check_mode else "The plan was carried out, but it could not be written down."
                message = " ".join(filter(None, [result.get("msg") or done, str(error)]))
                result.update(failed=True, msg=message, error=result.get("error") or invalid(message).as_result())
        return result

    def _given(self, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return the arguments of the module: those of the task, with what the directory and the plan hold."""
        given = super()._given(variables)
        for option in ("account_dir", "plan_dest", "expected_plan"):
            # A blank one must not be taken for none: the account would be another, or not the reviewed one.
            if option in given and not str(given[option] or "").strip():
                raise invalid(
                    f"{option} is empty. If it comes from a variable, that one is empty. Nothing was written."
                )
        path, plan_dest = given.pop("account_dir", None), given.pop("plan_dest", None)
        if plan_dest is not None:
            self._plan_dest = real_place(plan_dest)
            if problem := file_problem(self._plan_dest, "plan", "plan_dest"):
                raise invalid(problem)
        try:
            if "expected_plan" in given:
                given["expected_plan"] = expected_checksum(str(given["expected_plan"]))
            if path is not None:
                include = given.get("include")
                kinds = KINDS if include is None else check_type_list(include)
                given |= self._described(path, kinds, variables)
        except (PlanError, UnusableAccountError) as error:
            raise invalid(str(error)) from None
        return given

    def _described(self, path: str, include: t.Collection[str], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        if both := [kind for kind in KINDS if self._task.args.get(kind)]:
            raise invalid(f"Give either account_dir or {both[0]}. Nothing was written.")
        reader = AccountReader(variables, self._templar.template, self._loader.get_text_file_contents, display.warning)
        return reader.read(path, include)
