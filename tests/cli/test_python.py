# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A target whose Python is too old, such as the default of RHEL 9. Not every machine has one, so this one lies."""

from __future__ import annotations

import sys

from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT

MODULES = sorted(
    path.stem.removeprefix("cloud_elements_")
    for path in (ROOT / "plugins" / "modules").glob("*.py")
    if path.stem
    not in ("cloud_elements_account_dir", "cloud_elements_account_provision")  # It runs on the controller alone.
)
LIE = """
import collections, sys
Version = collections.namedtuple("Version", "major minor micro releaselevel serial")
sys.version_info = Version(3, 9, 18, "final", 0)
"""


def test_every_module_says_that_its_python_is_too_old(ansible, emulator):
    (ansible.home / "sitecustomize.py").write_text(LIE)
    old = ansible.home / "python3.9"
    old.write_text(f'#!/bin/sh\nPYTHONPATH={ansible.home} exec {sys.executable} "$@"\n')
    old.chmod(0o755)
    tasks = [
        {f"cloud_elements.platform.cloud_elements_{module}": {}, "register": f"result_{module}", "ignore_errors": True}
        for module in MODULES
    ]
    check = [
        {"ansible.builtin.assert": {"that": f"result_{module}.error.kind == 'unsupported_python'"}}
        for module in MODULES
    ]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [*tasks, *check]}
    run = ansible.playbook([play], "-e", f"ansible_python_interpreter={old}")
    assert run.rc == 0, run.output
    assert run.output.count("is Python 3.9.18. Set ansible_python_interpreter") >= len(MODULES)
    assert emulator.requests == []
