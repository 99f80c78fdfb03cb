# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directories of accounts, as the playbook export writes them: each is exported once, and then copied."""

from __future__ import annotations

import functools
import json
import pathlib
import tempfile
import typing as t
from collections.abc import Callable, Mapping

from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

Fill = Callable[[Emulator], None]


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
        given: dict[str, t.Any] = {"account_dir": "account", "plain_keys": list(plain_keys)}
        run = Ansible(pathlib.Path(home), emulator.environment).playbook(
            "cloud_elements.platform.export", "-e", json.dumps(given)
        )
        assert run.rc == 0, run.output
        root = pathlib.Path(home) / "account"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
