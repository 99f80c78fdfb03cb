# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.server_clock import ServerClock


def test_the_server_s_time_goes_on_after_its_last_answer():
    now = [100.0]
    clock = ServerClock(lambda: now[0])
    clock.note("Thu, 01 Jan 1970 00:00:07 GMT")
    assert clock.now() == 7
    now[0] = 102.5
    assert clock.now() == 9.5
    clock.note("Thu, 01 Jan 1970 00:00:08 GMT")
    assert clock.now() == 9.5, "an older date is that of an older answer"
    clock.note("Thu, 01 Jan 1970 00:00:30 GMT")
    assert clock.now() == 30


@pytest.mark.parametrize("date", [None, "", "soon", "Thu, 99 Jan 1970 00:00:07 GMT"])
def test_what_is_not_a_date_tells_no_time(date):
    clock = ServerClock(lambda: 0.0)
    clock.note(date)
    assert clock.now() is None
    clock.note("Thu, 01 Jan 1970 00:00:07 GMT")
    clock.note(date)
    assert clock.now() == 7
