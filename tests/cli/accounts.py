# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What accounts have, and their directories, as the playbook export writes them, without a process of Ansible."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import json
import pathlib
import tempfile
import typing as t
from collections.abc import Callable, Mapping
from unittest import mock

from ansible.module_utils import _internal
from ansible.module_utils._internal._json import _profiles
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.dataloader import DataLoader
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_files import Directory
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_plan import plan_directory
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_schemas import schemas
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet_file_plan import apply, plan_fleet_file
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

MODULES = "ansible_collections.cloud_elements.platform.plugins.modules"
Fill = Callable[[Emulator], None]


def describe(emulator: Emulator, module: str, **options: t.Any) -> dict[str, t.Any]:
    """Return what a module tells of an account, by the rest of its name: account_info or fleet_info."""
    secrets = {"user_secret": emulator.user_secret, "organization_secret": emulator.organization_secret}
    printed = io.StringIO()
    with (
        patch_module_args({**options, **secrets, "base_url": emulator.url}),
        # The module would take the process of the tests for a controller.
        mock.patch.object(_internal, "is_controller", False),
        mock.patch.object(_profiles, "_string_encoding_check_enabled", lambda: False),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        importlib.import_module(f"{MODULES}.cloud_elements_{module}").main()
    result: dict[str, t.Any] = json.loads(printed.getvalue())
    assert not result.get("failed"), result["msg"]
    return result


def write_fleet(folder: pathlib.Path, emulator: Emulator, plain_keys: tuple[str, ...] = ()) -> None:
    """Export the instances of an account to fleet.yml and secrets.yml in a folder where there is nothing yet."""
    fleet = describe(emulator, "fleet_info", plain_keys=list(plain_keys))
    plan = plan_fleet_file(f"{folder}/fleet.yml", f"{folder}/secrets.yml", fleet, DataLoader())
    apply(plan, kept="")


def write_account(folder: pathlib.Path, fill: Fill, plain_keys: tuple[str, ...] = ()) -> None:
    """Write the directory of an account, which holds nothing that differs from one emulator to the next.

    Args:
        folder: The directory.
        fill: Fills the account.
        plain_keys: The configuration keys that stay readable.
    """
    for name, text in _exported(fill, plain_keys).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    (folder / "secrets.yml").chmod(0o600)


@functools.cache
def _exported(fill: Fill, plain_keys: tuple[str, ...]) -> Mapping[str, bytes]:
    with Emulator(strict=True) as emulator, tempfile.TemporaryDirectory() as home:
        fill(emulator)
        account = describe(emulator, "account_info", plain_keys=list(plain_keys))
        directory = Directory(f"{home}/account")
        directory.apply(plan_directory(directory, account, DataLoader(), schemas=schemas()).changes)
        root = pathlib.Path(directory.path)
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
