# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control calls over HTTP, and the same in the process."""

from __future__ import annotations

import pytest
import requests
from ansible_collections.cloud_elements.platform.tests.contract.support import STRIPE


@pytest.fixture
def control(emulator):
    session = requests.Session()
    session.trust_env = False

    def call(method, path, body=None, status=200):
        response = session.request(method, emulator.origin + "/emulator" + path, json=body, timeout=5)
        assert response.status_code == status, response.text
        return response.json()

    return call


def test_environment(emulator):
    assert emulator.environment == {
        "CLOUD_ELEMENTS_BASE_URL": emulator.url,
        "CLOUD_ELEMENTS_USER_SECRET": emulator.user_secret,
        "CLOUD_ELEMENTS_ORGANIZATION_SECRET": emulator.organization_secret,
    }
    assert emulator.url == f"http://127.0.0.1:{emulator.port}/elements/api-v2"


def test_requests_are_recorded(api, emulator, control):
    api.post("/instances?a=1&a=2&b=&c=%2541", {"name": "x"})
    seen = emulator.requests[0]
    assert (seen.method, seen.path, seen["status"], seen.fault) == ("POST", "/instances", 400, None)
    assert seen.query == {"a": ["1", "2"], "b": [""], "c": ["%41"]}
    assert seen.body == {"name": "x"}
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["authorization"] == api.header()
    (shown,) = control("GET", "/requests")
    assert shown["query"] == seen.query
    assert control("GET", "/violations") == emulator.violations
    assert control("DELETE", "/requests") == {}
    assert emulator.requests == emulator.violations == []


def test_connections_are_counted(api, emulator, control):
    for _dummy in range(3):
        api.get("/hubs")
    assert emulator.connections == 1
    assert control("GET", "/connections") == {"connections": 2}
    emulator.clear()
    assert emulator.connections == 0


def test_switches(emulator, control):
    assert control("GET", "/switches")["strict"] is True
    changed = control("PATCH", "/switches", {"mask": "all", "strict": False, "provider_status": {"1": 401}})
    assert (changed["mask"], changed["strict"]) == ("all", False)
    assert emulator.switches.mask == "all"
    assert emulator.strict is False
    assert "nope" in control("PATCH", "/switches", {"mask": "none", "nope": 1}, status=400)["message"]
    assert emulator.switches.mask == "all"
    control("PATCH", "/switches", [], status=400)


def test_faults(api, control):
    api.unchecked = True
    assert control("POST", "/faults", {"kind": "status", "times": None, "status": 503}) == {"waiting": 1}
    assert control("POST", "/faults", [{"kind": "empty"}, {"kind": "html"}]) == {"waiting": 3}
    assert api.get("/hubs").status_code == 503
    control("DELETE", "/faults")
    assert api.get("/hubs").status_code == 200
    control("POST", "/faults", {"kind": "nope"}, status=400)
    control("POST", "/faults", {"colour": "red"}, status=400)
    control("POST", "/faults", 7, status=400)


def test_instances_and_hold_and_reset(api, emulator, control):
    made = control(
        "POST", "/instances", {"element_key": "closeio", "name": "n", "configuration": STRIPE, "tags": ["t"]}
    )
    assert api.get(f"/instances/{made['id']}").json() == made
    assert len(control("POST", "/instances", [{"name": "a"}, {"name": "b", "disabled": True}])) == 2
    kept = control("GET", "/instances")
    assert kept == emulator.instances
    assert kept[0]["configuration"]["password"] == STRIPE["password"]
    assert kept[2]["disabled"] is True
    control("POST", "/hold", {"id": made["id"], "name": "nightly"})
    assert "nightly" in api.delete(f"/instances/{made['id']}").json()["message"]
    control("POST", "/instances", {"element_key": "nope"}, status=404)
    control("POST", "/instances", {"colour": "red"}, status=400)
    control("POST", "/hold", {}, status=400)
    control("POST", "/reset")
    assert emulator.instances == []
    assert emulator.requests == []
    control("GET", "/nothing", status=404)
    control("PUT", "/reset", status=405)


def test_create_in_the_process_answers_like_get(api, emulator):
    made = emulator.create("sfdc", "x", {"oauth.api.key": "k"}, ["t"], external_authentication="initial", valid=False)
    assert api.get(f"/instances/{made['id']}").json() == made
    assert made["externalAuthentication"] == "initial"
    assert made["valid"] is False
    assert emulator.create()["tags"] == ["stripe"]
    with pytest.raises(ValueError, match="colour"):
        emulator.create(colour="red")


def test_hold_in_the_process(api, emulator):
    number = emulator.create()["id"]
    emulator.hold(number, "sync")
    assert api.delete(f"/instances/{number}").status_code == 409
    (user,) = api.get(f"/formulas/instances?elementInstanceId={number}").json()
    assert user["name"] == "sync"
