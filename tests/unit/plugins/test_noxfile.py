# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of development sessions as a script."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

from ansible_collections.cloud_elements.platform.plugins.module_utils import _module

ROOT = pathlib.Path(_module.__file__).resolve().parents[2]
STUB = """
import os, sys
from unittest.mock import MagicMock
sys.modules[__name__] = MagicMock(main=lambda: print(os.getcwd()))
"""


def test_the_sessions_start_in_their_own_folder_from_wherever_they_are_called(tmp_path):
    for name in ("nox", "antsibull_nox"):
        (tmp_path / f"{name}.py").write_text(STUB, encoding="utf-8")
    script = os.path.relpath(ROOT / "noxfile.py", tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, script, "-l"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, str(ROOT)), run.stderr
