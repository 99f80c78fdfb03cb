# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sum up what all pytest runs below tests/output reported."""

from __future__ import annotations

import pathlib
import xml.etree.ElementTree as ET

totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
for report in pathlib.Path("tests/output").rglob("*.xml"):
    for suite in ET.parse(report).iter("testsuite"):
        # Coverage reports lie there too, and what ansible-test counts in integration tests are tasks.
        if suite.get("name") == "pytest":
            for key in totals:
                totals[key] += int(suite.get(key, 0))
failed = totals["failures"] + totals["errors"]
print(f"{totals['tests'] - failed - totals['skipped']} passed, {failed} failed")
