# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet whose run is interrupted at any point: the same run again makes it whole, nothing twice and nothing lost.

With FAULTS=all there are more points, and a third run has to change nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import time

import pytest
import yaml

SIZE = 20
REQUESTS = SIZE + 4
"""Requests of a whole run: the listings, the element, and one for each instance, of which some need two."""

ALL = os.environ.get("FAULTS") == "all"
POINTS = 16 if ALL else 1
HOWS = ("interrupted", "killed with all it started", "killed alone")


def points():
    """Return after how many requests a run ends, and how: the same each time, spread over the whole run."""
    chance = random.Random("cloud_elements.platform")
    for how in HOWS:
        # What goes on without its parent races with the next run: a few are enough to see that nothing comes of it.
        count = POINTS if how != HOWS[-1] else max(POINTS // 4, 1)
        step = REQUESTS / count
        for number in range(count):
            yield how, 1 + int(step * number + chance.random() * step)


def fleet():
    """Return the instances that are wanted: most have to be made, and one each changed, disabled and removed."""
    made = [
        {"name": f"payments {number:02}", "element_key": "stripe", "api_key": f"made-up-{number}", "tags": ["fleet"]}
        for number in range(SIZE - 2)
    ]
    off = {"name": "off", "element_key": "stripe", "enabled": False}
    return [*made, off, {"name": "gone", "element_key": "stripe", "state": "absent"}]


@pytest.fixture
def others(emulator):
    """What is there before: some of the fleet, and others' instances, which are returned."""
    for name in ("payments 03", "off", "gone"):
        emulator.create(element_key="stripe", name=name, tags=["old"])
    emulator.create(element_key="sftp", name="payments 05", tags=["fleet"])
    emulator.create(element_key="stripe", name="payments", tags=["fleet"])
    return {row["id"]: row["token"] for row in emulator.instances[3:]}


@pytest.fixture
def playbook(ansible):
    """The file of a playbook that makes the fleet, and writes its result to a file."""
    tasks = [
        {
            "cloud_elements.platform.cloud_elements_instances": {"instances": fleet(), "concurrency": 4},
            "register": "result",
            "no_log": True,
        },
        {
            "keep": {
                "content": "{{ {'tokens': result.tokens, 'changed': result is changed} | to_json }}",
                "dest": "result.json",
            }
        },
    ]
    path = ansible.home / "playbook.yml"
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    return str(path)


def started_by(parent: int) -> set[int]:
    """Return the processes that a process started, and those that these started."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended in the meantime.
    found = {parent}
    while more := {child for child, its in parents.items() if its in found} - found:
        found |= more
    return found - {parent}


def end(process: subprocess.Popen[bytes], how: str) -> set[int]:
    """End a run, and return the processes that go on without it."""
    if how == "interrupted":
        os.killpg(process.pid, signal.SIGINT)  # As a terminal does it: all that belong to it are told.
        process.wait(60)
        return set()
    process.send_signal(signal.SIGSTOP)  # It starts nothing more while one looks.
    children: set[int] = set()
    while more := started_by(process.pid) - children:
        children |= more
        if how == "killed with all it started":
            send(signal.SIGSTOP, more)
    if how == "killed with all it started":
        send(signal.SIGKILL, children)
    process.kill()
    process.wait(60)
    return children if how == "killed alone" else set()


def send(number: signal.Signals, processes: set[int]) -> None:
    """Send a signal to processes, as far as they are still there."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)


def run_until(ansible, emulator, playbook, requests, how):
    """Run the playbook until the emulator saw so many requests, and return what goes on without it."""
    process = subprocess.Popen(
        ["ansible-playbook", playbook],
        cwd=ansible.home,
        env=ansible.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while len(emulator.requests) < requests:
        assert process.poll() is None, "it ended by itself"
        time.sleep(0.002)
    return end(process, how)


def wait_for(processes):
    """Wait until processes that are not ours any more have ended."""
    deadline = time.monotonic() + 120
    while any(os.path.exists(f"/proc/{number}") for number in processes):
        assert time.monotonic() < deadline, "they do not end"
        time.sleep(0.05)


@pytest.mark.parametrize(("how", "requests"), list(points()))
def test_the_same_run_again_makes_the_fleet_whole(ansible, emulator, others, playbook, how, requests):
    emulator.switches.latency = 0.02
    emulator.switches.create_seconds = 0.1
    left = run_until(ansible, emulator, playbook, requests, how)
    again = ansible.command("ansible-playbook", playbook)
    assert again.rc == 0, again.output
    wait_for(left)
    result = json.loads((ansible.home / "result.json").read_text())
    stored = [row for row in emulator.instances if row["id"] not in others]
    wanted = sorted(item["name"] for item in fleet() if item.get("state") != "absent")
    assert sorted(row["name"] for row in stored) == wanted
    assert result["tokens"] == {"stripe": {row["name"]: row["token"] for row in stored}}
    assert {row["id"]: row["token"] for row in emulator.instances if row["id"] in others} == others
    assert [row["name"] for row in stored if row["disabled"]] == ["off"]
    if ALL:
        emulator.clear()
        assert ansible.command("ansible-playbook", playbook).rc == 0
        assert {seen.method for seen in emulator.requests} == {"GET"}
