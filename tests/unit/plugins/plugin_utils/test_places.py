# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hosts of one run never write to one place."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import places_problem


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"a": {}}, ""),
        ({"a": {"dir": "x"}, "b": {"dir": "y"}}, ""),
        ({"a": {"dir": "x"}, "b": {}}, "Each needs dir of its own, and b has none."),
        ({"a": {"dir": "x"}, "b": {"dir": ""}}, "Each needs dir of its own, and b has none."),
        ({"a": {"dir": "x"}, "b": {"dir": "y/../x"}}, "a and b have the same dir, "),
        ({"a": {"dir": "x", "plan": "p"}, "b": {"dir": "y"}}, ""),
        ({"a": {"dir": "x", "plan": "p"}, "b": {"dir": "y", "plan": "./p"}}, "a and b have the same plan, "),
    ],
)
def test_hosts_of_one_run_have_places_of_their_own(variables, problem):
    found = places_problem(variables, list(variables), ["dir"], ["plan"])
    assert problem in found and bool(found) == bool(problem)
    assert not found or (
        found.startswith("cloud_elements_hosts matches 2 hosts: a, b.") and "Nothing was written" in found
    )


def test_a_link_leads_to_the_same_place(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    variables = {name: {"dir": str(tmp_path / name)} for name in ("real", "link")}
    assert "have the same dir" in places_problem(variables, ["real", "link"], ["dir"], [])
