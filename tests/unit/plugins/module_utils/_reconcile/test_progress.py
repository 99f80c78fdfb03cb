# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counts that the engine reports, and the file that they go to."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.plan_summary import ACTIONS
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.progress import VARIABLE, Progress


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "progress"
    path.touch()
    return path


def test_every_action_is_counted_once_after_a_line_for_the_start(path):
    progress = Progress.from_environment({VARIABLE: str(path)}, len(ACTIONS))
    for action in ACTIONS:
        progress.advance(action)
    progress.close()
    start, *_between, end = lines(path)
    assert start == {"total": 10, "done": 0, "created": 0, "changed": 0, "removed": 0, "failed": 0}
    assert end == {"total": 10, "done": 10, "created": 1, "changed": 4, "removed": 2, "failed": 1}


def test_workers_share_the_counts(path):
    progress = Progress(str(path), 200)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(progress.advance, ["create"] * 200))
    progress.close()
    assert [line["created"] for line in lines(path)] == list(range(201))


def test_the_file_is_appended_to_and_never_created(path, tmp_path):
    path.write_text('{"total": 0}\n')
    Progress(str(path), 1).close()
    assert [line["total"] for line in lines(path)] == [0, 1]
    Progress(str(tmp_path / "absent"), 1).advance("create")
    assert not (tmp_path / "absent").exists()


def test_a_link_is_not_followed(path, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(path)
    Progress(str(link), 1).advance("create")
    assert path.read_text() == ""


def test_a_pipe_that_nobody_reads_does_not_block(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    Progress(str(pipe), 1).advance("create")


def test_a_file_that_cannot_be_written_ends_the_reports_silently(monkeypatch, path):
    progress = Progress(str(path), 2)
    written = path.read_text()

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", fail)
    progress.advance("create")
    monkeypatch.undo()
    progress.advance("create")
    progress.close()
    assert path.read_text() == written


def test_without_the_variable_nothing_is_reported():
    progress = Progress.from_environment({}, 1)
    progress.advance("create")
    progress.close()


def test_a_second_name_of_a_file_is_not_written_to(path, tmp_path):
    (tmp_path / "other").hardlink_to(path)
    Progress(str(path), 1).advance("create")
    assert path.read_text() == ""


@pytest.mark.parametrize("what", ["/dev/null", "directory", "pipe"])
def test_what_is_not_a_file_is_left_alone(what, tmp_path):
    path = tmp_path / what
    if what == "pipe":
        os.mkfifo(path)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    elif what == "directory":
        path.mkdir()
    progress = Progress(what if what.startswith("/") else str(path), 1)
    progress.advance("create")
    progress.close()
    if what == "pipe":
        assert os.read(reader, 10) == b""
        os.close(reader)


def test_a_file_that_cannot_be_closed_fails_no_run(path, monkeypatch):
    progress = Progress(str(path), 1)

    def close(_file):
        raise OSError("Input/output error")

    monkeypatch.setattr(os, "close", close)
    progress.close()
    progress.advance("create")
