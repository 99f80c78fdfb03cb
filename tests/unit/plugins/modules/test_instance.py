# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module for one instance, from a task to the requests that it makes."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import ERRORS
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import PAYMENTS as STRIPE

KEYS = {"id", "token", "instance", "actions", "api_calls", "diff", "changed"}


def calls(emulator):
    """Return the requests that were made, in short."""
    return [(seen.method, seen.path) for seen in emulator.requests]


def test_the_first_run_creates_with_the_documented_body_and_the_second_changes_nothing(ansible, emulator):
    first, second = ansible.tasks(STRIPE, STRIPE)
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
    desired = {
        "name": "types",
        "element_key": "stripe",
        "configuration": configuration,
        "secret_configuration": {"password": "not-a-real-password"},
    }
    first, second = ansible.tasks(desired, desired)
    (post,) = [seen for seen in emulator.requests if seen.method == "POST"]
    assert post.body["configuration"] == {**configuration, "password": "not-a-real-password"}
    assert "tags" not in post.body
    assert first["changed"] and not second["changed"]


def test_check_mode_writes_nothing_and_returns_the_same_keys(ansible, emulator):
    predicted = ansible.run(STRIPE, check=True)
    assert emulator.instances == []
    real = ansible.run(STRIPE)
    again = ansible.run(STRIPE, check=True)
    assert predicted.keys() >= KEYS
    assert predicted.keys() == real.keys() == again.keys()
    assert predicted["id"] is None and predicted["token"] is None
    assert predicted["changed"] and real["changed"]
    assert predicted["actions"] == real["actions"]
    assert predicted["diff"] == real["diff"]
    assert not again["changed"] and again["token"] == real["token"]


def test_tags_left_out_stay_and_an_empty_list_clears_them(ansible, emulator):
    named = {"name": "payments", "element_key": "stripe"}
    ansible.task(**STRIPE)
    emulator.clear()
    given = [{}, {"tags": ["b", "a", "a"]}, {"tags": ["c"]}, {"tags": []}, {"tags": []}, {"tags": ""}]
    results = ansible.tasks(*({**named, **tags} for tags in given))
    left_out, reordered, changed, cleared, still_clear, from_a_shell = results
    assert [result["changed"] for result in (left_out, reordered)] == [False, False]
    assert changed["changed"] and changed["instance"]["tags"] == ["c"]
    assert cleared["changed"] and cleared["instance"]["tags"] == []
    assert not still_clear["changed"] and not from_a_shell["changed"]
    patches = [seen.body for seen in emulator.requests if seen.method == "PATCH"]
    assert patches == [{"tags": ["c"]}, {"tags": []}]


def test_no_tags_at_creation_are_no_tags_in_the_end(ansible, emulator):
    desired = {**STRIPE, "tags": []}
    first, second = ansible.tasks(desired, desired)
    assert first["instance"]["tags"] == []
    assert emulator.instances[0]["tags"] == []
    assert not second["changed"]


def test_absent_removes_exactly_the_one(ansible, emulator):
    for element, name in (("stripe", "x"), ("stripe", "x2"), ("stripe", "X"), ("closeio", "x")):
        emulator.create(element_key=element, name=name)
    gone = {"name": "x", "element_key": "stripe", "state": "absent"}
    predicted = ansible.run(gone, check=True)
    assert predicted["changed"] and len(emulator.instances) == 4
    first, second = ansible.tasks(gone, gone)
    assert first["changed"] and not second["changed"]
    assert first["instance"] is None and first["token"] is None
    left = {(instance["element"]["key"], instance["name"]) for instance in emulator.instances}
    assert left == {("stripe", "x2"), ("stripe", "X"), ("closeio", "x")}


def test_names_that_only_resemble_the_wanted_one_are_other_instances(ansible, emulator):
    for element, name in (("closeio", "payments"), ("stripe", "Payments"), ("stripe", "payments 2")):
        emulator.create(element_key=element, name=name)
    assert ansible.task(**STRIPE)["changed"]
    assert len(emulator.instances) == 4


def test_an_instance_on_a_later_page_is_found(ansible, emulator):
    for number in range(450):
        emulator.create(element_key="stripe", name=f"payments {number}")
    emulator.create(element_key="stripe", name="payments", tags=["a", "b"])
    result = ansible.task(**STRIPE)
    assert not result["changed"]
    assert result["api_calls"] == {"GET": 3}


def test_two_of_the_same_name_are_an_error_that_names_both(ansible, emulator):
    ids = [emulator.create(element_key="stripe", name="payments")["id"] for _number in range(2)]
    result = ansible.task(**STRIPE)
    assert result["failed"] and result["error"]["kind"] == "ambiguous"
    assert all(str(number) in result["msg"] for number in ids)
    assert len(emulator.instances) == 2


@pytest.mark.parametrize("secret", ["22", "true", "1", "s"])
def test_short_secrets_leave_the_result_whole(ansible, emulator, secret):
    for number in range(30):
        emulator.create(element_key="closeio", name=f"filler {number}")
    result = ansible.task(name="name 22 true 1 s", element_key="stripe", api_key=secret, tags=["22", "true", "1", "s"])
    stored = emulator.instances[-1]
    assert (result["id"], result["token"]) == (stored["id"], stored["token"])
    assert result["instance"]["name"] == "name 22 true 1 s"
    assert result["instance"]["tags"] == ["1", "22", "s", "true"]


def test_every_error_says_what_and_leaves_nothing_behind(ansible, emulator):
    results = ansible.tasks(*(arguments for arguments, _kind, _words in ERRORS.values()))
    assert "Traceback" not in ansible.output
    for (case, (_arguments, kind, words)), result in zip(ERRORS.items(), results, strict=True):
        assert result.get("failed"), case
        assert result["error"]["kind"] == kind, (case, result["msg"])
        assert all(word in result["msg"] for word in words), (case, result["msg"])
    assert emulator.instances == []


def test_a_missing_privilege_is_an_error(ansible, emulator):
    emulator.switches.privileges = ()
    result = ansible.task(**STRIPE)
    assert result["error"]["kind"] == "forbidden" and result["error"]["status"] == 403
    assert emulator.instances == []
