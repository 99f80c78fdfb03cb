# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Plan what becomes of a fleet file and of its secrets, and write them. All files are read before the first is written.

The action plugin `cloud_elements_fleet_file` calls this.
"""

from __future__ import annotations

import os.path
import shutil
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from ._account_dir_files import PRIVATE, Change, Directory, WriteError
from ._account_layout import MARKER
from ._secrets_files import plan_files
from ._secrets_form import missing_path, outcome

_EMPTY = "\nfleet_instances: []\n"


@dataclass(frozen=True)
class FleetFilePlan:
    """What becomes of the files.

    Attributes:
        path: The fleet file.
        secrets_path: The file of secrets.
        fleet: The change of the fleet file. None if it stays as it is.
        secrets: The changes of the files of secrets, which no diff shows.
        lacking: The variables that the file of secrets lacks.
        outcome: Where the secrets are, or are to be filled in, in words.
    """

    path: str
    secrets_path: str
    fleet: Change | None
    secrets: tuple[Change, ...]
    lacking: tuple[str, ...]
    outcome: str

    @property
    def changed(self) -> bool:
        """Whether a file is written or removed."""
        return self.fleet is not None or bool(self.secrets)


def plan_fleet_file(
    path: str, secrets_path: str, fleet: Mapping[str, t.Any], loader: t.Any, *, partial: bool = False
) -> FleetFilePlan:
    """Return what becomes of a fleet file and of its secrets.

    Args:
        path: The absolute path of the fleet file, which need not be there.
        secrets_path: The absolute path of the file of secrets, which need not be there.
        fleet: What the module `cloud_elements_fleet_info` returned.
        loader: Ansible's loader, which decrypts the file of secrets.
        partial: Whether the fleet is a part of the account, so that it may well be empty.

    Raises:
        FormError: A file of secrets cannot be read, or must not be changed.
        WriteError: A file cannot be there, or must not be overwritten.
    """
    if path in (secrets_path, missing_path(secrets_path)):
        raise WriteError(f"{path} is where secrets go, so the fleet cannot be there. Give two different files.")
    folder, name = _place(path)
    before, after = folder.read(name), str(fleet["fleet_file"])
    if before is not None and MARKER not in before:  # One that was written by hand may hold more than a fleet.
        raise WriteError(
            f"{path} is there and no export wrote it, so it is not overwritten. Give another place for the fleet."
        )
    if before is not None and not before.endswith(_EMPTY) and not fleet["instances"] and not partial:
        raise WriteError(
            f"The account has no instances, but {path} has, so it is not overwritten. Is the connection that of "
            "another account, such as by its base_url (CLOUD_ELEMENTS_BASE_URL or cloud_elements_base_url)? If the "
            "fleet is meant to be empty, remove the file first."
        )
    secrets, lacking, words = _secrets(secrets_path, fleet, loader)
    change = None if before == after else Change(name, before, after)
    return FleetFilePlan(path, secrets_path, change, secrets, lacking, words)


def apply(plan: FleetFilePlan, kept: str) -> None:
    """Write the files of a plan, those of secrets first. An earlier fleet file is kept.

    Args:
        plan: The plan.
        kept: Where an earlier fleet file is kept.

    Raises:
        WriteError: One of them cannot be written. The message says that those before it are.
    """
    _place(plan.secrets_path)[0].apply(plan.secrets)
    if plan.fleet is None:
        return
    try:
        if plan.fleet.before is not None:
            shutil.copy2(plan.path, kept)
        _place(plan.path)[0].apply([plan.fleet])
    except (OSError, WriteError) as error:
        before = "The files of secrets were written before. " if plan.secrets else ""
        raise WriteError(f"{before}{plan.path} was not written: {error}") from None


def _secrets(path: str, fleet: Mapping[str, t.Any], loader: t.Any) -> tuple[tuple[Change, ...], tuple[str, ...], str]:
    folder, name = _place(path)
    beside = missing_path(name)
    kept, before = folder.read(name), folder.read(beside)
    planned = plan_files(path, fleet["secrets"], loader)
    changes = [] if planned.form is None else [Change(name, kept, planned.form, PRIVATE)]
    if planned.remove_missing or planned.missing not in (None, before):
        changes.append(Change(beside, before, planned.missing, PRIVATE))
    return tuple(changes), planned.lacking, outcome(planned, path)


def _place(path: str) -> tuple[Directory, str]:
    """Return the directory of a file, and its name there."""
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        raise WriteError(f"{path} has to be in a directory that exists.")
    return Directory(folder), name
