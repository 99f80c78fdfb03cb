# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks overwrite what they wrote, and nothing else."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_plan import MARKER, as_json
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._written_files import file_problem, write_file

PLAN = as_json(dict.fromkeys(("base_url", "account_id", "checksum", "summary", "counts", "lines", "changes")))
PAGE = '<!DOCTYPE html>\n<meta charset="utf-8">\n<meta name="generator" content="cloud_elements.platform 0.1.0">'
JSON = '{\n  "generator": "cloud_elements.platform",\n  "schema_version": 1,\n  "%s": null}'


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("plan", PLAN),
        ("plan", f"{MARKER}\n## Plan"),
        ("plan", " \n"),
        ("report", PAGE),
        ("report_data", JSON % "status"),
        ("report_summary", JSON % "accounts"),
    ],
)
def test_an_earlier_file_of_the_kind_is_overwritten(tmp_path, kind, text):
    path = tmp_path / "file"
    assert file_problem(str(path), kind, "dest") == ""
    path.write_text(text)
    path.chmod(0o640)
    assert file_problem(str(path), kind, "dest") == ""
    write_file(str(path), "new")
    assert path.read_text() == "new" and path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("kind", "text", "called"),
    [
        ("plan", JSON % "status", "a plan"),
        ("report", "<!DOCTYPE html><p>", "a report"),
        ("report_data", JSON % "accounts", "the data of a report"),
        ("report_summary", PLAN, "the summary of reports"),
        ("report_summary", "\0binary", "the summary of reports"),
    ],
)
def test_another_file_is_not(tmp_path, kind, text, called):
    path = tmp_path / "file"
    path.write_text(text)
    assert file_problem(str(path), kind, "some_dest") == (
        f"{path} is there and is not {called}, so it is not overwritten. Nothing was written. Give another file with "
        "some_dest."
    )


@pytest.mark.parametrize("name", ["folder", "nowhere/file"])
def test_a_place_where_no_file_can_be_is_refused(tmp_path, name):
    (tmp_path / "folder").mkdir()
    problem = file_problem(str(tmp_path / name), "plan", "dest")
    assert "has to be a file, or not there yet" in problem and "Nothing was written." in problem


def test_what_is_the_same_is_not_written_again(tmp_path):
    path = tmp_path / "file"
    write_file(str(path), "text")
    before = path.stat().st_ino
    write_file(str(path), "text")
    assert path.stat().st_ino == before
