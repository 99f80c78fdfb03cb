# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.cloud_elements.platform.tests.contract.support import Client
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(strict=True) as running:
        yield running


@pytest.fixture
def api(emulator: Emulator) -> Client:
    return Client(emulator)


@pytest.fixture
def lenient(emulator: Emulator) -> Client:
    """The same server, not strict."""
    emulator.strict = False
    return Client(emulator)
