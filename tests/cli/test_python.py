# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A target whose Python is too old, such as the default of RHEL 9, as far as one is installed here."""

from __future__ import annotations

import glob
import os
import shutil

import pytest

FOLDERS = [*glob.glob(os.path.expanduser("~/.pyenv/versions/3.9.*/bin")), "/usr/local/bin", "/usr/bin"]
PYTHON = shutil.which("python3.9", path=os.pathsep.join(FOLDERS))
MODULES = ["element_info", "fleet_info", "instance", "instance_info", "instances", "oauth_info"]


@pytest.mark.skipif(PYTHON is None, reason="no Python 3.9 is installed")
def test_every_module_says_that_its_python_is_too_old(ansible, emulator):
    tasks = [
        {f"cloud_elements.platform.cloud_elements_{module}": {}, "register": f"result_{module}", "ignore_errors": True}
        for module in MODULES
    ]
    check = [
        {"ansible.builtin.assert": {"that": f"result_{module}.error.kind == 'unsupported_python'"}}
        for module in MODULES
    ]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [*tasks, *check]}
    run = ansible.playbook([play], "-e", f"ansible_python_interpreter={PYTHON}")
    assert run.rc == 0, run.output
    assert run.output.count(f"need Python 3.10 or newer, and {PYTHON} is Python 3.9.") >= len(MODULES)
    assert emulator.requests == []
