# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many instances in one task."""

from __future__ import annotations

import collections

import pytest
from ansible_collections.cloud_elements.platform.tests.emulator import Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import TICKETS, TICKETS_THERE

SECRET = "canary-secret-{}"


def stripes(count, **more):
    return [
        {
            "name": f"payments {number}",
            "element_key": "stripe",
            "api_key": SECRET.format(number),
            "tags": ["fleet"],
            **more,
        }
        for number in range(count)
    ]


def fleet(ansible, instances, *, check=False, **more):
    return ansible.run({"instances": instances, **more}, module="instances", check=check)


def methods(emulator):
    return collections.Counter(seen.method for seen in emulator.requests)


def test_a_fleet_is_made_once(ansible, emulator):
    wanted = [*stripes(20), TICKETS]
    predicted = fleet(ansible, wanted, check=True)
    assert emulator.instances == []
    emulator.clear()
    first = fleet(ansible, wanted)
    # One listing before, one look for others after, and each element once.
    assert methods(emulator) == {"GET": 4, "POST": 21}
    assert emulator.connections <= 8 + 2
    emulator.clear()
    second = fleet(ansible, wanted)
    assert methods(emulator) == {"GET": 1}
    assert first["summary"] == predicted["summary"] == {
        "total": 21, "created": 21, "changed": 0, "removed": 0, "unchanged": 0, "failed": 0, "pruned": 0,
    }  # fmt: skip
    assert predicted["diff"] == first["diff"] and predicted.keys() == first.keys()
    assert first["changed"] and not second["changed"] and second["summary"]["unchanged"] == 21
    stored = {instance["name"]: instance for instance in emulator.instances}
    for given, row in zip(wanted, first["instances"], strict=True):
        assert (row["name"], row["id"]) == (given["name"], stored[given["name"]]["id"])
        assert row["token"] == stored[given["name"]]["token"] == first["tokens"][given["element_key"]][given["name"]]
    assert "canary" not in ansible.output and "first-password" not in ansible.output


def test_every_kind_of_change_at_once(ansible, emulator):
    emulator.create(**TICKETS_THERE)
    off = emulator.create(element_key="stripe", name="off")["id"]
    emulator.create(element_key="stripe", name="gone")
    emulator.create(element_key="stripe", name="same")
    result = fleet(
        ansible,
        [
            TICKETS,
            {"id": off, "name": "renamed", "enabled": False},
            {"name": "gone", "element_key": "stripe", "state": "absent"},
            {"name": "same", "element_key": "stripe"},
            {"name": "never there", "element_key": "stripe", "state": "absent"},
            *stripes(1),
        ],
    )
    assert not result.get("failed"), result
    assert [row["actions"] for row in result["instances"]] == [
        ["change configuration username"],
        ["rename to 'renamed'", "disable"],
        ["delete instance 'gone' of element 'stripe'"],
        [],
        [],
        ["create instance 'payments 0' of element 'stripe'"],
    ]
    assert result["summary"] == {
        "total": 6, "created": 1, "changed": 2, "removed": 1, "unchanged": 2, "failed": 0, "pruned": 0,
    }  # fmt: skip


def test_one_bad_item_fails_the_task_after_all_others_were_done(ansible, emulator):
    wanted = stripes(4)
    wanted[1]["element_key"] = "stripee"
    wanted[2]["name"] = "<b>"
    result = fleet(ansible, wanted)
    assert result["failed"] and result["changed"]
    assert "instances[1] (payments 1)" in result["msg"] and "instances[2] (<b>)" in result["msg"]
    assert [row["error"] and row["error"]["kind"] for row in result["instances"]] == [
        None,
        "not_found",
        "invalid_options",
        None,
    ]
    assert len(emulator.instances) == 2 and result["summary"]["failed"] == 2


@pytest.mark.parametrize("second", [{"name": "payments 0", "element_key": "stripe"}, {"id": 1}])
def test_the_same_instance_twice_is_refused_before_any_write(ansible, emulator, second):
    there = emulator.create(element_key="stripe", name="payments 0")["id"]
    second = {**second, "id": there} if "id" in second else second
    result = fleet(ansible, [*stripes(2), second])
    assert result["error"]["kind"] == "invalid_options"
    assert "instances[0]" in result["msg"] and "instances[2]" in result["msg"]
    assert set(methods(emulator)) <= {"GET"}


def test_two_of_one_name_fail_that_item_only(ansible, emulator):
    ids = [emulator.create(element_key="stripe", name="payments 0")["id"] for _ in range(2)]
    result = fleet(ansible, stripes(2))
    assert result["instances"][0]["error"]["kind"] == "ambiguous"
    assert all(str(number) in result["msg"] for number in ids)
    assert result["instances"][1]["id"] is not None


def test_rows_without_configuration_are_read_by_id(ansible, emulator):
    for number in range(5):
        emulator.create(**{**TICKETS_THERE, "name": f"tickets {number}"})
    wanted = [{**TICKETS, "name": f"tickets {number}", "configuration": {"username": "old"}} for number in range(5)]
    rows = [{key: value for key, value in row.items() if key != "configuration"} for row in emulator.instances]
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=rows))
    result = fleet(ansible, wanted)
    assert not result["changed"] and result["api_calls"] == {"GET": 6}


def test_what_a_lost_answer_made_is_adopted(ansible, emulator):
    emulator.inject(Fault("reset", when="after", method="POST", times=5))
    result = fleet(ansible, stripes(12))
    assert not result.get("failed"), result["msg"]
    assert len(emulator.instances) == 12
    assert sorted(row["id"] for row in result["instances"]) == sorted(row["id"] for row in emulator.instances)


def test_another_run_s_instance_stays_if_it_is_older(ansible, emulator):
    # What a run at the same time does: its instance shows only after our first look, and has the lower id.
    listing = Fault("status", method="GET", path="^/instances$", status=404, message="No element instances found")
    older = emulator.create(element_key="stripe", name="payments 0", tags=["theirs"])
    emulator.inject(listing)
    result = fleet(ansible, stripes(3))
    assert not result.get("failed"), result["msg"]
    assert result["instances"][0]["id"] == older["id"]
    assert len(emulator.instances) == 3
    (theirs,) = [row for row in emulator.instances if row["id"] == older["id"]]
    assert theirs["tags"] == ["fleet"]


def test_a_rate_limit_holds_all(ansible, emulator):
    emulator.inject(Fault("status", method="POST", status=429, headers={"Retry-After": "1"}, times=3))
    result = fleet(ansible, stripes(10))
    assert not result.get("failed") and len(emulator.instances) == 10


def prunable(emulator):
    for name, tags in (("payments 0", ["fleet"]), ("old", ["fleet", "x"]), ("older", ["fleet"]), ("theirs", ["other"])):
        emulator.create(element_key="stripe", name=name, tags=tags)


def test_only_what_carries_all_tags_is_pruned(ansible, emulator):
    prunable(emulator)
    predicted = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet"], check=True)
    assert sorted(gone["name"] for gone in predicted["pruned"]) == ["old", "older"]
    assert len(emulator.instances) == 4
    both = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet", "x"])
    assert [gone["name"] for gone in both["pruned"]] == ["old"]
    result = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet"])
    assert [gone["name"] for gone in result["pruned"]] == ["older"] and result["changed"]
    assert sorted(row["name"] for row in emulator.instances) == ["payments 0", "theirs"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"prune_tags": ["fleet"], "prune_limit": 1}, "prune_limit"),
        ({}, "prune_tags"),
        ({"prune_tags": []}, "prune_tags"),
        ({"prune_tags": ["fleet"], "instances": []}, "empty"),
    ],
)
def test_prune_is_refused_before_any_write(ansible, emulator, options, word):
    prunable(emulator)
    result = fleet(ansible, **{"instances": stripes(3), "prune": True, **options})
    assert result["error"]["kind"] == "invalid_options" and word in result["msg"]
    assert set(methods(emulator)) <= {"GET"}


def test_nothing_is_pruned_where_an_item_failed(ansible, emulator):
    prunable(emulator)
    result = fleet(ansible, [*stripes(1), {"name": "x", "element_key": "stripee"}], prune=True, prune_tags=["fleet"])
    assert result["failed"] and result["pruned"] == [] and len(emulator.instances) == 4


def test_nothing_is_pruned_where_the_listing_was_not_complete(ansible, emulator):
    prunable(emulator)
    emulator.inject(
        Fault(
            "latency", seconds=0, method="GET", path="^/instances$", times=None, headers={"Elements-Total-Count": "9"}
        )
    )
    result = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet"])
    assert result["failed"] and "counts more" in result["msg"] and len(emulator.instances) == 4


def test_a_failing_page_is_an_error_before_any_write(ansible, emulator):
    for number in range(300):
        emulator.create(element_key="stripe", name=f"other {number}")
    emulator.inject(Fault("html", method="GET", path="^/instances$", skip=1, times=None))
    result = fleet(ansible, stripes(2), retries=1)
    assert result["error"]["kind"] == "server_error" and set(methods(emulator)) == {"GET"}


def test_verify_removes_only_what_this_run_made(ansible, emulator):
    emulator.create(element_key="stripe", name="payments 0", tags=["fleet"])
    emulator.switches.provider_status = 401
    result = fleet(ansible, stripes(3, verify=True))
    assert [row["error"]["kind"] for row in result["instances"]] == ["credentials_refused"] * 3
    assert [row["name"] for row in emulator.instances] == ["payments 0"]
