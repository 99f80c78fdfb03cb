# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for one instance, as far as Ansible itself is between a task and the module.

What the module does is tested beside it: tests/unit/plugins/modules/test_instance.py.
"""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import ERRORS

CONFIGURATION = {
    "username": "integration",
    "event.notification.enabled": True,
    "event.poller.refresh_interval": 15,
    "event.poller.configuration": {"accounts": {"url": "/hubs/x", "number": 1, "on": False}},
}
# The password is one that other values hold by chance.
TYPES = {
    "name": "name 22 true",
    "element_key": "stripe",
    "configuration": CONFIGURATION,
    "secret_configuration": {"password": "22"},
    "tags": ["22", "true"],
}


def test_values_keep_their_json_types_on_the_way_to_the_platform_and_back(ansible, emulator):
    first, second = ansible.tasks(TYPES, TYPES, options=("--diff",)).results
    (post,) = [seen for seen in emulator.requests if seen.method == "POST"]
    assert post.body == {
        "element": {"key": "stripe"},
        "configuration": {**CONFIGURATION, "password": "22"},
        "tags": ["22", "true"],
        "name": "name 22 true",
    }
    assert first["changed"] and not second["changed"]
    (stored,) = emulator.instances
    for result in (first, second):
        assert (result["id"], result["token"]) == (stored["id"], stored["token"])
        assert (result["instance"]["name"], result["instance"]["tags"]) == ("name 22 true", ["22", "true"])
    assert first["api_calls"] == {"GET": 3, "POST": 1} and second["api_calls"] == {"GET": 1}


def test_check_mode_writes_nothing_and_errors_say_what_and_leave_nothing_behind(ansible, emulator):
    # One that the options show, one that the catalog shows, and one that the platform tells.
    errors = [ERRORS[case] for case in ("an empty password", "unknown element", "wrong secrets")]
    given = [arguments for arguments, _kind, _words in errors]
    run = ansible.tasks(TYPES, *given, options=("--check", "--diff", "-vvv"))
    predicted, *failed = run.results
    assert predicted["changed"] and predicted["id"] is None and predicted["token"] is None
    assert predicted["actions"] == ["create instance 'name 22 true' of element 'stripe'"]
    for (_arguments, kind, words), result in zip(errors, failed, strict=True):
        assert result["failed"] and result["error"]["kind"] == kind, result["msg"]
        assert all(word in result["msg"] for word in words), result["msg"]
    assert "Traceback" not in run.output
    assert {seen.method for seen in emulator.requests} == {"GET"}


def test_without_requests_the_message_says_what_to_install(ansible):
    folder = ansible.home / "without"
    folder.mkdir()
    (folder / "requests.py").write_text("raise ImportError('No module named requests')\n")
    run = ansible.adhoc("name=payments", PYTHONPATH=str(folder))
    assert run.rc != 0 and "requests" in run.output and "Python library" in run.output, run.output
    assert '"kind": "missing_library"' in run.output
