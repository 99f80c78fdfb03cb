# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""At the end of a run: how many cells of the matrix there were, and what came of them."""

from __future__ import annotations

import typing as t
from collections import Counter

if t.TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the size and the result of the matrix, wherever its cells ran."""
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, ())]
    ran = [report for report in reports if "test_matrix.py" in report.nodeid and report.when == "call"]
    if not ran:
        return
    ends = Counter(value for report in ran for name, value in report.user_properties if name == "end")
    broken = sum(report.failed for report in ran)
    succeeded = ends.pop("done", 0)
    kinds = ", ".join(f"{count} {kind}" for kind, count in ends.most_common())
    terminalreporter.write_sep("-", "fault matrix")
    terminalreporter.write_line(
        f"{len(ran)} cells. In {succeeded} the task succeeded, in {sum(ends.values())} it failed clearly ({kinds}). "
        f"In {len(ran) - broken} of them the following runs converged and all else held, in {broken} something did not."
    )
