# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request of every scenario, struck by every kind of fault: a part of it, or all with FAULTS=all."""

from __future__ import annotations

import os
import select
import socket

import pytest
from ansible_collections.cloud_elements.platform.tests.faults.matrix import cells, sample
from ansible_collections.cloud_elements.platform.tests.faults.promises import run

SIZE = 240
"""Cells of the part that is run with the unit tests."""

EVERYTHING = list(cells())
CHOSEN = EVERYTHING if os.environ.get("FAULTS") == "all" else sample(EVERYTHING, SIZE)


@pytest.fixture(scope="module")
def elsewhere():
    """The URL of another host, where nobody may ever call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://localhost:{listener.getsockname()[1]}/elements/api-v2/instances"
        assert select.select([listener], [], [], 0)[0] == [], "a redirect was followed"


@pytest.mark.parametrize("cell", CHOSEN, ids=lambda cell: cell.label)
def test_one_instance_and_its_token_or_a_clear_message(cell, elsewhere, record_property):
    verdict = run(cell, elsewhere)
    record_property("end", verdict.kind)
