# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for one instance, from a task to the requests that it makes."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import ERRORS
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import PAYMENTS as STRIPE

KEYS = {"id", "token", "instance", "actions", "api_calls", "diff", "changed"}


def calls(emulator):
    """Return the requests that were made, in short."""
    return [(seen.method, seen.path) for seen in emulator.requests]


def test_the_first_run_creates_with_the_documented_body_and_the_second_changes_nothing(ansible, emulator):
    first, second = ansible.tasks(STRIPE, STRIPE).results
    assert first["changed"] and not second["changed"]
    assert first["actions"] == ["create instance 'payments' of element 'stripe'"]
    assert second["actions"] == []
    posts = [seen for seen in emulator.requests if seen.method == "POST"]
    assert [post.body for post in posts] == [
        {
            "element": {"key": "stripe"},
            "configuration": {"api.key": STRIPE["api_key"]},
            "tags": ["a", "b"],
            "name": "payments",
        }
    ]
    (stored,) = emulator.instances
    for result in (first, second):
        assert (result["id"], result["token"]) == (stored["id"], stored["token"])
        assert result["instance"]["tags"] == ["a", "b"]
    assert first["api_calls"] == {"GET": 3, "POST": 1}
    assert second["api_calls"] == {"GET": 1}
    look, survey, post, check, second_look = calls(emulator)
    assert look == survey == check == second_look == ("GET", "/instances")
    assert post == ("POST", "/instances")


def test_values_keep_their_json_types_on_the_way_to_the_platform(ansible, emulator):
    configuration = {
        "username": "integration",
        "event.notification.enabled": True,
        "event.poller.refresh_interval": 15,
        "event.poller.configuration": {"accounts": {"url": "/hubs/x", "number": 1, "on": False}},
    }
    wanted = {
        "name": "types",
        "element_key": "stripe",
        "configuration": configuration,
        "secret_configuration": {"password": "not-a-real-password"},
    }
    first, second = ansible.tasks(wanted, wanted).results
    (post,) = [seen for seen in emulator.requests if seen.method == "POST"]
    assert post.body["configuration"] == {**configuration, "password": "not-a-real-password"}
    assert "tags" not in post.body
    assert first["changed"] and not second["changed"]


def test_check_mode_writes_nothing_and_returns_the_same_keys(ansible, emulator):
    predicted = ansible.task(("--check", "--diff"), **STRIPE)
    assert emulator.instances == []
    real, again = ansible.tasks(STRIPE, STRIPE, options=("--diff",)).results
    assert predicted.keys() >= KEYS
    assert predicted.keys() == real.keys() == again.keys() - {"warnings"}
    assert predicted["id"] is None and predicted["token"] is None
    assert predicted["changed"] and real["changed"]
    assert predicted["actions"] == real["actions"]
    assert predicted["diff"] == real["diff"]
    assert not again["changed"] and again["token"] == real["token"]


def test_short_secrets_leave_the_result_whole(ansible, emulator):
    for number in range(30):
        emulator.create(element_key="closeio", name=f"filler {number}")
    result = ansible.task(name="name 22 true 1 s", element_key="stripe", api_key="22", tags=["22", "true", "1", "s"])
    stored = emulator.instances[-1]
    assert (result["id"], result["token"]) == (stored["id"], stored["token"])
    assert result["instance"]["name"] == "name 22 true 1 s"
    assert result["instance"]["tags"] == ["1", "22", "s", "true"]


# One that the options show, one that the catalog shows, and one that the platform tells.
SHOWN = ("an empty password", "unknown element", "wrong secrets")


def test_errors_say_what_and_leave_nothing_behind(ansible, emulator):
    errors = {case: ERRORS[case] for case in SHOWN}
    run = ansible.tasks(*(arguments for arguments, _kind, _words in errors.values()), options=("-vvv",))
    assert "Traceback" not in run.output
    for (case, (_arguments, kind, words)), result in zip(errors.items(), run.results, strict=True):
        assert result.get("failed"), case
        assert result["error"]["kind"] == kind, (case, result["msg"])
        assert all(word in result["msg"] for word in words), (case, result["msg"])
    assert emulator.instances == []


def test_without_requests_the_message_says_what_to_install(ansible):
    folder = ansible.home / "without"
    folder.mkdir()
    (folder / "requests.py").write_text("raise ImportError('No module named requests')\n")
    run = ansible.tasks(STRIPE, PYTHONPATH=str(folder))
    assert "requests" in run.results[0]["msg"] and "Python library" in run.results[0]["msg"]
    assert run.results[0]["error"]["kind"] == "missing_library"
