# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A few cells of the fault matrix through the real command line and in real time.

With FAULTS=all, there is one for each of the main faults.
"""

from __future__ import annotations

import json
import os
import random
import time

import pytest
from ansible_collections.cloud_elements.platform.tests.faults.cases import CASES
from ansible_collections.cloud_elements.platform.tests.faults.kinds import TIMEOUT
from ansible_collections.cloud_elements.platform.tests.faults.matrix import cells, record
from ansible_collections.cloud_elements.platform.tests.faults.promises import run_at
from ansible_collections.cloud_elements.platform.tests.faults.site import CLEAN, Ended, Site
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import with_ids

SECONDS = 4.0
"""Seconds that a request may take here."""

FAULTS = (
    ("reset", "after"),
    ("hangs", "after"),
    ("reset", "before"),
    ("truncated", "after"),
    ("garbage", "before"),
    ("an HTML page with 502", "after"),
    ("500", "before"),
    ("503 with Retry-After in seconds", "after"),
    ("429", "before"),
    ("an empty 200", "after"),
    ("JSON of another shape", "before"),
    ("a redirect", "before"),
)
CHOSEN = FAULTS if os.environ.get("FAULTS") == "all" else FAULTS[:2]


def drawn():
    """Return a cell for each of the faults, the same each time. Every third strikes a fleet."""
    chance = random.Random("cloud_elements.platform")
    fleets = [case for case in CASES if case.name in ("a fleet of 20", "a fleet that prunes")]
    singles = [
        case
        for case in CASES
        if case.module == "instance"
        and not case.before
        and record(case).ended.kind == CLEAN
        and record(case).repeats < 1
    ]
    found = {
        which: [cell for cell in cells(which) if cell.position.effect != "read" or cell.kind.name == "a redirect"]
        for which in (tuple(fleets), tuple(singles))
    }
    for number, fault in enumerate(CHOSEN):
        everything = found[tuple(singles if number % 3 else fleets)]
        yield chance.choice([cell for cell in everything if (cell.kind.name, cell.when) == fault])


class Terminal(Site):
    """A site where the first run is one of ansible-playbook, and those that look what came of it run the engine."""

    def __init__(self, case, clock, ansible):
        super().__init__(case, clock)
        self._ansible = ansible
        self._ran = False

    def run(self, options):
        if self._ran:
            return super().run(options)
        self._ran = True
        module = {f"cloud_elements.platform.cloud_elements_{self.case.module}": self._given(options)}
        file = self._ansible.home / "result.json"
        tasks = [
            {**module, "register": "result", "ignore_errors": True},
            {"keep": {"content": "{{ result | to_json }}", "dest": str(file)}},
        ]
        started = time.monotonic()
        done = self._ansible.playbook(
            [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], "--diff", **self.emulator.environment
        )
        self.clock.waits.append(time.monotonic() - started)
        assert done.rc == 0, done.output
        result = json.loads(file.read_text())
        returned = {key: result[key] for key in record(self.case).ended.result if key in result}
        output = done.output
        for row in self.emulator.instances:  # A token is a result, shown like any other.
            output = output.replace(json.dumps(row["token"]), "")
        if result.get("failed"):
            kind, message = result["error"]["kind"], result["msg"]
        else:
            kind, message = CLEAN, ""
        return Ended(kind, returned, f"{message} {output}", result.get("warnings", []), self.emulator.requests)

    def _given(self, options):
        return {**with_ids(options, self.ids), "timeout": SECONDS}


@pytest.mark.parametrize("cell", list(drawn()), ids=lambda cell: cell.label)
def test_one_instance_and_its_token_or_a_clear_message(cell, ansible):
    verdict = run_at(
        cell,
        "http://127.0.0.1:9/elements/api-v2",
        TIMEOUT / SECONDS,
        lambda case, clock: Terminal(case, clock, ansible),
    )
    assert verdict.kind in {CLEAN, *cell.kind.errors, "unknown_outcome"}
