# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit: a bare threaded client that only sends the creates, as fast as the same number of connections can."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import requests

URL = os.environ["CLOUD_ELEMENTS_BASE_URL"] + "/instances"
AUTHORIZATION = (
    f"User {os.environ['CLOUD_ELEMENTS_USER_SECRET']}, Organization {os.environ['CLOUD_ELEMENTS_ORGANIZATION_SECRET']}"
)
local = threading.local()


def create(number: int) -> None:
    """Create one instance over this thread's connection."""
    if not hasattr(local, "session"):
        local.session = requests.Session()
        local.session.headers["Authorization"] = AUTHORIZATION
    body = {"element": {"key": "stripe"}, "configuration": {"api.key": f"key-{number}"}, "name": f"payments {number}"}
    answer = local.session.post(URL, json=body, timeout=60)
    answer.raise_for_status()
    answer.json()


def main() -> None:
    """Create as many instances as the first argument says, over as many connections as the second does."""
    count, concurrency = map(int, sys.argv[1:])
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(create, range(count)))


if __name__ == "__main__":
    main()
