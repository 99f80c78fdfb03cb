# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hosts of one run never write to one place."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import places_problem


@pytest.mark.parametrize(
    ("hosts", "shared", "problem"),
    [
        ({"a": {}}, {}, ""),
        ({"a": {"dir": "x"}, "b": {"dir": "y"}}, {"index": "z"}, ""),
        ({"a": {"dir": ""}, "b": {"dir": None}}, {"index": ""}, ""),
        ({"a": {"dir": "x"}, "b": {"dir": "y/../x"}}, {}, "dir of a and dir of b lead to the same place, "),
        ({"a": {"page": "x"}, "b": {"data": "./x"}}, {}, "page of a and data of b lead to the same place, "),
        ({"a": {"page": "x", "data": "x"}}, {}, "page of a and data of a lead to the same place, "),
        ({"a": {"page": "x"}, "b": {}}, {"index": "x"}, "page of a and index lead to the same place, "),
        ({"a": {"account_dir": "x"}, "b": {"account_dir": "x/y/z"}}, {}, "of b, which is "),
        ({"a": {"account_dir": "x"}, "b": {"page": "x/page.html"}}, {}, "lies within account_dir of a."),
        ({"a": {"account_dir": "x", "page": "x/page.html"}, "b": {"account_dir": "y"}}, {}, ""),
        (
            {"a": {"secrets_dest": "s.yml"}, "b": {"dest": "s.missing.yml"}},
            {},
            "s.missing.yml beside secrets_dest of a",
        ),
        ({"a": {"dir": "$PLACE/x"}, "b": {"dir": "there/x"}}, {}, "dir of a and dir of b lead to the same place, "),
        ({}, {"index": "x", "summary": "x"}, "index and summary lead to the same place, "),
    ],
)
def test_hosts_of_one_run_have_places_of_their_own(hosts, shared, problem, monkeypatch):
    monkeypatch.setenv("PLACE", "there")
    found = places_problem(hosts, shared)
    assert problem in found and bool(found) == bool(problem)
    assert not found or "Nothing was written" in found
    assert found.startswith("cloud_elements_hosts matches 2 hosts: a, b. ") == (bool(found) and len(hosts) == 2)


def test_a_message_names_some_of_many_hosts():
    found = places_problem({f"host{number}": {"dir": "x"} for number in range(12)}, {})
    assert found.startswith("cloud_elements_hosts matches 12 hosts: host0, host1, ") and "host9 and 2 more." in found


def test_a_link_leads_to_the_same_place(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    hosts = {name: {"dir": str(tmp_path / name)} for name in ("real", "link")}
    assert "lead to the same place" in places_problem(hosts, {})
