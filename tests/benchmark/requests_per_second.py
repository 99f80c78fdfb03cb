# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the emulator answers over one kept connection, so that it is never what a benchmark measures."""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.parse

COUNT = 500
URL = urllib.parse.urlsplit(os.environ["CLOUD_ELEMENTS_BASE_URL"])
HEADERS = {
    "Authorization": f"User {os.environ['CLOUD_ELEMENTS_USER_SECRET']}, "
    f"Organization {os.environ['CLOUD_ELEMENTS_ORGANIZATION_SECRET']}",
    "Content-Type": "application/json",
}


def send(connection: http.client.HTTPConnection, method: str, path: str, body: str | None) -> bytes:
    """Send a request and return the body of its answer."""
    connection.request(method, f"{URL.path}{path}", body, HEADERS)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: HTTP {answer.status}")
    return text


def main() -> None:
    """Print, by kind of request, how many were answered in a second."""
    connection = http.client.HTTPConnection(URL.hostname or "", URL.port, timeout=10)
    body = json.dumps({"element": {"key": "stripe"}, "name": "x", "configuration": {"api.key": "made-up"}})
    made = json.loads(send(connection, "POST", "/instances", body))
    kinds = {
        "POST one": ("POST", "/instances", body),
        "GET one": ("GET", f"/instances/{made['id']}", None),
        "GET a search": ("GET", "/instances?searchText=instance%209999", None),
    }
    for kind, (method, path, sent) in kinds.items():
        started = time.perf_counter()
        for _request in range(COUNT):
            send(connection, method, path, sent)
        print(f"| {kind} | {COUNT / (time.perf_counter() - started):,.0f} |")


if __name__ == "__main__":
    main()
