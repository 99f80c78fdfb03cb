# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the commands of a release, and stop at the first that fails."""

from __future__ import annotations

import os
import pathlib
import shlex
import subprocess
from collections.abc import Mapping


class RefusedError(Exception):
    """The release cannot be made like this. The message says why, and what to do."""


def run(*command: str, cwd: pathlib.Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command and return what it printed. By default, its environment is that of this process.

    Raises:
        RefusedError: If the command fails. The message has all that it printed.
    """
    environment = {**(environment or os.environ), "ANSIBLE_NOCOLOR": "true"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise RefusedError(f"{shlex.join(command)} failed:\n{done.stdout}")
    return done.stdout
