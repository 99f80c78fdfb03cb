# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A target whose Python is too old, such as the default of RHEL 9. Not every machine has one, so this one lies."""

from __future__ import annotations

import sys

LIE = """
import collections, sys
Version = collections.namedtuple("Version", "major minor micro releaselevel serial")
sys.version_info = Version(3, 9, 18, "final", 0)
"""


def test_a_module_says_that_its_python_is_too_old(ansible, emulator):
    (ansible.home / "sitecustomize.py").write_text(LIE)
    old = ansible.home / "python3.9"
    old.write_text(f'#!/bin/sh\nPYTHONPATH={ansible.home} exec {sys.executable} "$@"\n')
    old.chmod(0o755)
    run = ansible.adhoc("name=payments", "-e", f"ansible_python_interpreter={old}")
    assert run.rc != 0 and '"kind": "unsupported_python"' in run.output, run.output
    assert "is Python 3.9.18. Set ansible_python_interpreter" in run.output
    assert emulator.requests == []
