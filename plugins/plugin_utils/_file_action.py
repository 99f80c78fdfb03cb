# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Plan files on the controller, and write them unless in check mode, for all action plugins that do so.

`cloud_elements_account_dir`, `cloud_elements_fleet_file` and `cloud_elements_project` bring what they plan.
"""

from __future__ import annotations

import abc
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ._account_dir_diff import diff_of
from ._account_dir_files import Change, Directory, WriteError
from ._account_dir_tree import AccountError
from ._secrets_form import FormError


@dataclass(frozen=True)
class FilePlan:
    """What a task is going to write.

    Attributes:
        directory: Where the files are that a diff shows.
        shown: The changes that a diff shows.
        apply: Writes all files. It raises `WriteError` if one of them cannot be written.
        result: What the task returns.
    """

    directory: Directory
    shown: t.Sequence[Change]
    apply: Callable[[], None]
    result: Mapping[str, t.Any]


class FileAction(ActionBase, abc.ABC):
    """Runs on the controller, whatever the connection of the host."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    OPTIONS: t.ClassVar[dict[str, dict[str, t.Any]]]
    """The options of the task, as in an argument specification."""

    @abc.abstractmethod
    def plan(self, options: Mapping[str, t.Any]) -> FilePlan:
        """Read what is there, and return what is going to be written.

        Args:
            options: The options of the task.

        Raises:
            AccountError: What is to be written is not what a module returned.
            FormError: A file of secrets cannot be read, or must not be changed.
            WriteError: A file must not be overwritten, or cannot be there.
        """

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Plan all files, then write them, unless in check mode."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _checked, options = self.validate_argument_spec(argument_spec=self.OPTIONS)  # type: ignore[no-untyped-call]
        try:
            plan = self.plan(options)
        except (AccountError, FormError, WriteError) as error:
            raise AnsibleActionFail(f"{error} Nothing was written.") from None
        if not self._task.check_mode:
            try:
                plan.apply()
            except WriteError as error:
                raise AnsibleActionFail(str(error)) from None
        result.update(plan.result)
        if self._task.diff:
            result["diff"] = diff_of(plan.directory, plan.shown)
        return result
