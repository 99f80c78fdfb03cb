# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that a user sees while a module runs."""

from __future__ import annotations

import json
import os
import stat
import threading

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.progress import Progress
from ansible_collections.cloud_elements.platform.plugins.plugin_utils import _progress
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._progress import (
    Follower,
    ProgressText,
    duration,
)


def report(total, done, **counts):
    return json.dumps({"total": total, "done": done, "created": 0, "changed": 0, "removed": 0, "failed": 0, **counts})


def shown(*reports):
    """Return the lines for reports, each with the second in which it is read."""
    text = ProgressText("prod")
    return [(at, line) for at, read in reports if (line := text.line(read, at)) is not None]


def test_a_line_names_the_host_the_counts_that_are_not_zero_and_the_time_that_is_left():
    lines = shown((5, report(100, 0)), (25, report(100, 20, created=15, changed=2, removed=2, failed=1)))
    text = "[prod] 20 of 100 done, 15 created, 2 changed, 2 removed, 1 failed, about 80 seconds left"
    assert lines == [(25, text)]


def test_of_several_reports_the_last_counts():
    lines = shown((0, report(20, 0)), (10, f"{report(20, 1)}\n{report(20, 10, created=10)}\n"))
    assert lines == [(10, "[prod] 10 of 20 done, 10 created, about 10 seconds left")]


@pytest.mark.parametrize(
    ("total", "times"),
    [
        (9, []),  # Too few.
        (10, [10, 20, 30, 40, 50]),  # Every ten seconds.
        (40, [10, 20, 30, 40, 50]),  # Exactly five percent in two seconds.
        (400, [20, 40]),  # Every five percent.
        (2000, []),  # Not yet five percent.
    ],
)
def test_a_line_comes_after_ten_seconds_and_five_percent_whichever_is_later(total, times):
    reports = [(second, report(total, second)) for second in range(51)]
    assert [at for at, _line in shown(*reports)] == times


def test_without_a_new_report_or_anything_done_there_is_no_line():
    assert shown((0, report(10, 0)), (20, ""), (40, report(10, 0))) == []


def test_a_short_run_shows_nothing():
    assert shown((0, report(50, 0)), (9, report(50, 50, created=50))) == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 seconds"), (119, "119 seconds"), (120, "2 minutes"), (3600, "60 minutes")]
)
def test_a_time_is_said_in_seconds_or_minutes(seconds, words):
    assert duration(seconds) == words


def test_the_file_is_private_is_followed_and_is_gone_afterwards(monkeypatch, tmp_path):
    monkeypatch.setattr(_progress, "_POLL_SECONDS", 0.001)
    monkeypatch.setattr(_progress, "LEAST_SECONDS", 0)
    lines, ended = [], threading.Event()

    def show(line):
        lines.append(line)
        if line.startswith("[prod] 10 of 10 done, 10 created"):
            ended.set()

    with Follower(str(tmp_path), "prod", show) as follower:
        assert stat.S_IMODE(os.stat(follower.path).st_mode) == 0o600
        progress = Progress(follower.path, 10)
        for _dummy in range(10):
            progress.advance("create")
        progress.close()
        assert ended.wait(10)
    assert list(tmp_path.iterdir()) == []
    assert len(lines) <= 10


def test_half_a_report_is_read_when_it_is_whole(monkeypatch, tmp_path):
    monkeypatch.setattr(_progress, "_POLL_SECONDS", 0.001)
    read = []

    def keep(_self, reports, _now):
        read.append(reports)
        return reports.strip() or None

    monkeypatch.setattr(ProgressText, "line", keep)
    shown_once = threading.Event()
    with Follower(str(tmp_path), "prod", lambda _line: shown_once.set()) as follower:
        with open(follower.path, "a", encoding="utf-8") as file:
            file.write('{"total":')
            file.flush()
            while len(read) < 3:
                pass
            file.write(" 1}\n")
        assert shown_once.wait(10)
    assert "".join(read) == '{"total": 1}\n' and '{"total": 1}\n' in read


def test_the_file_is_removed_if_the_run_fails(tmp_path):
    with pytest.raises(KeyboardInterrupt), Follower(str(tmp_path), "prod", print):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
