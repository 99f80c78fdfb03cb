# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many instances in one task."""

from __future__ import annotations

import collections
import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance import (
    resource as resource_module,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.creation import (
    InstanceCreation,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.executor import (
    InstanceExecutor,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.resource import (
    InstanceResource,
)
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
    desired = [*stripes(20), TICKETS]
    predicted = fleet(ansible, desired, check=True)
    assert emulator.instances == []
    emulator.clear()
    first = fleet(ansible, desired)
    # One listing before, one look for others after.
    assert methods(emulator) == {"GET": 2, "POST": 21}
    assert emulator.connections <= 8 + 2
    emulator.clear()
    second = fleet(ansible, desired)
    assert methods(emulator) == {"GET": 1}
    assert first["summary"] == predicted["summary"] == {
        "total": 21, "created": 21, "changed": 0, "removed": 0, "unchanged": 0, "failed": 0, "pruned": 0,
    }  # fmt: skip
    assert predicted["diff"] == first["diff"] and predicted.keys() == first.keys()
    assert first["changed"] and not second["changed"] and second["summary"]["unchanged"] == 21
    stored = {instance["name"]: instance for instance in emulator.instances}
    for given, row in zip(desired, first["instances"], strict=True):
        assert (row["name"], row["id"]) == (given["name"], stored[given["name"]]["id"])
        assert row["token"] == stored[given["name"]]["token"] == first["tokens"][given["element_key"]][given["name"]]
    assert "canary" not in ansible.output and "first-password" not in ansible.output


def test_every_kind_of_change_at_once(ansible, emulator):
    emulator.create(**TICKETS_THERE)
    off = emulator.create(element_key="stripe", name="off")["id"]
    emulator.create(element_key="stripe", name="gone")
    emulator.create(element_key="stripe", name="same")
    wanted = [
        TICKETS,
        {"id": off, "name": "renamed", "enabled": False},
        {"name": "gone", "element_key": "stripe", "state": "absent"},
        {"name": "same", "element_key": "stripe"},
        {"name": "never there", "element_key": "stripe", "state": "absent"},
        *stripes(1),
    ]
    predicted = fleet(ansible, wanted, check=True)
    result = fleet(ansible, wanted)
    assert not result.get("failed"), result
    assert [row["action"] for row in predicted["instances"]] == [row["action"] for row in result["instances"]]
    assert [row["action"] for row in result["instances"]] == [
        *("change", "change", "remove", "unchanged", "unchanged", "create")
    ]
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
    desired = stripes(4)
    desired[1]["element_key"] = "stripee"
    desired[2]["name"] = "<b>"
    result = fleet(ansible, desired)
    assert result["failed"] and result["changed"]
    assert "instances[1] (payments 1)" in result["msg"] and "instances[2] (<b>)" in result["msg"]
    assert [row["error"] and row["error"]["kind"] for row in result["instances"]] == [
        None,
        "not_found",
        "invalid_options",
        None,
    ]
    assert [row["action"] for row in result["instances"]] == ["create", "failed", "failed", "create"]
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
    ids = [emulator.create(element_key="stripe", name="payments 0")["id"] for _number in range(2)]
    result = fleet(ansible, stripes(2))
    assert result["instances"][0]["error"]["kind"] == "ambiguous"
    assert all(str(number) in result["msg"] for number in ids)
    assert result["instances"][1]["id"] is not None


def test_rows_without_configuration_are_read_by_id(ansible, emulator):
    for number in range(5):
        emulator.create(**{**TICKETS_THERE, "name": f"tickets {number}"})
    desired = [{**TICKETS, "name": f"tickets {number}", "configuration": {"username": "old"}} for number in range(5)]
    rows = [{key: value for key, value in row.items() if key != "configuration"} for row in emulator.instances]
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=rows))
    result = fleet(ansible, desired)
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


def test_what_went_wrong_on_the_way_is_told_of_what_is_pruned_too(ansible, emulator):
    prunable(emulator)
    emulator.inject(Fault("reset", method="DELETE"))
    result = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet", "x"])
    assert [gone["name"] for gone in result["pruned"]] == ["old"]
    (warning,) = [text for text in result["warnings"] if "old" in text]
    assert "Sending it again" in warning


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


def test_a_plan_that_is_refused_still_shows_the_warnings_of_its_items(ansible, emulator):
    prunable(emulator)
    absent = {"name": "payments 0", "element_key": "stripe", "state": "absent"}
    tickets = {**TICKETS, "secret_configuration": None}
    tickets["configuration"] = {**TICKETS["configuration"], "password": "canary-misplaced-password"}
    result = fleet(ansible, [absent, tickets], prune=True, prune_tags=["fleet"], prune_limit=1)
    assert "prune_limit" in result["msg"]
    assert any("instances[1] (tickets)" in warning and "look like secrets" in warning for warning in result["warnings"])


def test_a_mistake_while_pruning_does_not_hide_what_was_done(ansible, emulator, monkeypatch):
    prunable(emulator)

    def mistake(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(InstanceExecutor, "_delete", mistake)
    desired = stripes(1, tags=["fleet", "new"])
    result = fleet(ansible, desired, prune=True, prune_tags=["fleet"])
    assert result["error"]["kind"] == "internal" and result["changed"] and result["pruned"] == []
    baseline = InstanceResource.baseline
    monkeypatch.setattr(InstanceResource, "baseline", lambda *of: baseline(*of) if of[1] else mistake())
    result = fleet(ansible, desired, prune=True, prune_tags=["fleet"])
    assert result["error"]["kind"] == "internal"
    assert [row["name"] for row in result["instances"]] == ["payments 0"]


def test_what_is_gone_or_was_taken_away_since_the_listing_is_not_pruned(ansible, emulator):
    prunable(emulator)
    listing = emulator.instances
    ansible.tasks(
        {"name": "old", "element_key": "stripe", "state": "absent"},
        {"name": "older", "element_key": "stripe", "tags": ["theirs"]},
    )
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=listing))
    result = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet"])
    assert not result.get("failed") and result["pruned"] == [] and not result["changed"]
    assert sorted(row["name"] for row in emulator.instances) == ["older", "payments 0", "theirs"]


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


def named(name, **more):
    return {"name": name, "element_key": "stripe", **more}


def counted(total):
    """Return what makes every listing count more than it gives."""
    headers = {"Elements-Total-Count": str(total)}
    return Fault("latency", seconds=0, method="GET", path="^/instances$", times=None, headers=headers)


@pytest.mark.parametrize("check", [True, False])
def test_a_name_that_is_taken_is_not_given_and_all_others_are_done(ansible, emulator, check):
    first = emulator.create(element_key="stripe", name="first")["id"]
    taken = emulator.create(element_key="stripe", name="taken")["id"]
    emulator.create(element_key="closeio", name="free")
    result = fleet(ansible, [{"id": first, "name": "taken"}, *stripes(1)], check=check)
    assert result["instances"][0]["error"]["kind"] == "ambiguous" and str(taken) in result["msg"]
    assert result["instances"][1]["changed"]
    assert fleet(ansible, [{"id": first, "name": "free"}], check=check)["changed"]
    assert "taken" in [row["name"] for row in emulator.instances if row["id"] == taken]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "second", [{"id": 1, "name": "desired"}, {"name": "desired", "element_key": "stripe", "api_key": "made-up"}]
)
def test_two_items_never_end_with_one_name(ansible, emulator, second, check):
    ids = [emulator.create(element_key="stripe", name=name)["id"] for name in ("first", "second")]
    second = {**second, "id": ids[1]} if "id" in second else second
    result = fleet(ansible, [{"id": ids[0], "name": "desired"}, second], check=check)
    assert result.get("failed")
    assert [row["name"] for row in emulator.instances].count("desired") <= 1


@pytest.mark.parametrize("check", [True, False])
def test_a_listing_with_gaps_leaves_alone_what_is_not_in_it(ansible, emulator, check):
    there = emulator.create(element_key="stripe", name="payments 0", tags=["old"])["id"]
    emulator.inject(counted(9))
    absent = named("nobody", state="absent")
    by_id = {"id": there, "enabled": False}
    result = fleet(ansible, [*stripes(2), absent], check=check)
    assert [row["error"] and row["error"]["kind"] for row in result["instances"]] == [
        None,
        "invalid_response",
        "invalid_response",
    ]
    assert result["instances"][0]["changed"]
    assert "counts more instances than it lists" in result["msg"]
    assert [row["name"] for row in emulator.instances] == ["payments 0"]
    assert not fleet(ansible, [by_id], check=check).get("failed")


def test_a_listing_with_gaps_does_not_tell_that_a_name_is_free(ansible, emulator):
    there = emulator.create(element_key="stripe", name="first")["id"]
    emulator.inject(counted(9))
    result = fleet(ansible, [{"id": there, "name": "second"}])
    assert result.get("failed") and result["instances"][0]["error"]["kind"] == "invalid_response"
    assert emulator.instances[0]["name"] == "first"


def test_an_instance_that_is_not_listed_is_read_by_its_id(ansible, emulator):
    there = emulator.create(element_key="stripe", name="first")["id"]
    emulator.inject(Fault("body", method="GET", path="^/instances$", body=[]))
    result = fleet(ansible, [{"id": there, "tags": ["x"]}, {"id": 4711, "state": "absent"}])
    assert not result.get("failed"), result
    assert result["instances"][0]["actions"] == ["set tags to x"] and result["summary"]["unchanged"] == 1


def test_an_item_that_fails_in_the_middle_keeps_what_was_done(ansible, emulator):
    there = emulator.create(element_key="stripe", name="first")["id"]
    emulator.inject(Fault("status", method="DELETE", path="/enabled$", status=403, times=None))
    result = fleet(ansible, [{"id": there, "name": "renamed", "enabled": False}, named("new", api_key="k")])
    row, other = result["instances"]
    assert row["actions"] == ["rename to 'renamed'"] and row["changed"] and row["token"] is None
    assert row["error"]["kind"] == "forbidden" and result["changed"]
    assert other["error"] is None and other["token"]
    assert result["summary"]["failed"] == 1 and result["summary"]["created"] == 1


def test_a_create_that_fails_in_the_middle_keeps_what_was_done(ansible, emulator):
    emulator.inject(Fault("status", method="DELETE", path="/enabled$", status=403, times=None))
    result = fleet(ansible, [named("new", api_key="k", enabled=False)])
    (row,) = result["instances"]
    assert row["actions"] == ["create instance 'new' of element 'stripe'"] and row["changed"]
    assert row["error"]["kind"] == "forbidden" and result["changed"]
    assert len(emulator.instances) == 1


def test_what_verification_removed_again_was_made_and_removed(ansible, emulator):
    emulator.switches.provider_status = 401
    (row,) = fleet(ansible, stripes(1, verify=True))["instances"]
    assert row["actions"] == [
        "create instance 'payments 0' of element 'stripe'",
        "delete instance 'payments 0' of element 'stripe'",
    ]


def test_a_deadline_ends_a_fleet_and_what_was_done_is_told(ansible, emulator):
    emulator.inject(Fault("latency", seconds=1.5, when="after", method="POST", times=None))
    result = fleet(ansible, stripes(6), deadline=2, concurrency=1, retries=0)
    assert result["failed"] and result["changed"]
    kinds = [row["error"] and row["error"]["kind"] for row in result["instances"]]
    assert "deadline" in kinds and set(kinds) <= {None, "deadline", "unknown_outcome"}
    done = [row for row in result["instances"] if row["actions"]]
    assert done and len(emulator.instances) < 6


def test_a_deadline_before_any_write_is_an_error_of_the_task(ansible, emulator):
    emulator.inject(Fault("latency", seconds=1, method="GET", path="^/instances$", times=None))
    result = fleet(ansible, stripes(2), deadline=0.5, retries=0)
    assert result["error"]["kind"] in ("timeout", "deadline") and not result["changed"]
    assert emulator.instances == []


@pytest.mark.parametrize("concurrency", [0, 65, -1])
def test_a_concurrency_of_no_use_is_refused(ansible, emulator, concurrency):
    result = fleet(ansible, stripes(1), concurrency=concurrency)
    assert result["error"]["kind"] == "invalid_options" and "concurrency" in result["msg"]
    assert emulator.requests == []


@pytest.mark.parametrize("status", [403, 500])
def test_a_catalog_that_can_not_be_read_leaves_it_to_the_platform(ansible, emulator, status):
    emulator.inject(Fault("status", method="GET", path="^/elements/", status=status, times=None))
    result = fleet(ansible, stripes(3), retries=0)
    assert not result.get("failed"), result
    assert len(emulator.instances) == 3


def test_a_catalog_that_refuses_the_secrets_stops_what_needs_it(ansible, emulator):
    emulator.create(element_key="stripe", name="there")
    emulator.inject(Fault("status", method="GET", path="^/elements/", status=401, times=None))
    result = fleet(ansible, [*stripes(2), named("there", tags=["x"])], check=True)
    kinds = [row["error"] and row["error"]["kind"] for row in result["instances"]]
    assert kinds == ["unauthorized", "unauthorized", None]
    assert len(emulator.instances) == 1


def test_a_code_is_never_sent_again_where_another_run_was_first(ansible, emulator):
    given = {
        "name": "crm",
        "element_key": "sfdc",
        "configuration": {"oauth.callback.url": "https://www.example.com/callback"},
        "secret_configuration": {"oauth.api.key": "client", "oauth.api.secret": "client-secret"},
    }
    emulator.create(element_key="sfdc", name="crm", configuration=given["secret_configuration"])
    emulator.inject(Fault("status", method="GET", path="^/instances$", status=404, message="No instances found"))
    fleet(ansible, [{**given, "provider_data": {"code": "single-use-code"}, "reauthenticate": True}])
    coded = [seen.method for seen in emulator.requests if "providerData" in (seen.body or {})]
    assert coded == ["POST"]


@pytest.mark.parametrize("case", ["a bad item", "a listing with gaps"])
def test_check_mode_prunes_as_little_as_a_real_run(ansible, emulator, case):
    prunable(emulator)
    bad = [named("x", tags=["<"])] if case == "a bad item" else []
    if not bad:
        emulator.inject(counted(9))
    more = {"prune": True, "prune_tags": ["fleet"]}
    predicted = fleet(ansible, [*stripes(1), *bad], check=True, **more)
    result = fleet(ansible, [*stripes(1), *bad], **more)
    assert result["failed"] and predicted["failed"] and len(emulator.instances) == 4
    assert predicted.get("pruned", []) == result.get("pruned", []) == []


def test_what_was_done_is_told_where_nothing_could_be_pruned(ansible, emulator):
    prunable(emulator)
    emulator.inject(counted(9))
    result = fleet(ansible, stripes(1, tags=["fleet", "new"]), prune=True, prune_tags=["fleet"])
    assert result["failed"] and "nothing was pruned" in result["msg"]
    assert result["changed"] and result["instances"][0]["actions"] == ["set tags to fleet, new"]
    assert result["instances"][0]["token"] == emulator.instances[0]["token"]


def test_what_could_not_be_pruned_is_an_error_that_tells_what_was(ansible, emulator):
    prunable(emulator)
    held = [row["id"] for row in emulator.instances if row["name"] == "old"]
    emulator.hold(held[0], "nightly sync")
    result = fleet(ansible, stripes(1), prune=True, prune_tags=["fleet"])
    assert result["error"]["kind"] == "in_use" and "not all could be pruned" in result["msg"]
    assert [gone["name"] for gone in result["pruned"]] == ["older"] and result["changed"]
    assert result["plan"]["counts"]["prune"] == result["plan"]["counts"]["failed"] == 1


def test_what_the_user_should_know_of_an_item_is_warned_of_with_the_item(ansible, emulator):
    desired = stripes(2)
    desired[1] = {**TICKETS, "secret_configuration": None}
    desired[1]["configuration"] = {**TICKETS["configuration"], "password": "canary-misplaced-password"}
    emulator.inject(Fault("reset", when="after", method="POST"))
    result = fleet(ansible, desired)
    assert not result.get("failed"), result
    assert any("instances[1] (tickets)" in warning and "look like secrets" in warning for warning in result["warnings"])
    assert any("there all the same" in warning for warning in result["warnings"])
    assert "canary" not in ansible.output


def absent(*names):
    return [named(name, state="absent") for name in names]


def test_check_mode_says_what_would_not_be_removed_because_formulas_use_it(ansible, emulator):
    prunable(emulator)
    ids = {row["name"]: row["id"] for row in emulator.instances}
    emulator.hold(ids["old"], "nightly sync")
    more = {"prune": True, "prune_tags": ["other"]}
    predicted = fleet(ansible, absent("old", "older"), check=True, **more)
    assert [row["error"] and row["error"]["kind"] for row in predicted["instances"]] == ["in_use", None]
    assert predicted["instances"][0]["actions"] == [] and predicted["pruned"] == []
    assert len(emulator.instances) == 4
    result = fleet(ansible, absent("old", "older"), **more)
    assert predicted["summary"] == result["summary"] and predicted["plan"]["counts"] == result["plan"]["counts"]
    for told in (predicted, result):
        used, removed = told["plan"]["lines"]
        assert (
            used.startswith(f"failed  instance 'old' of element 'stripe' with id {ids['old']}: ")
            and "nightly sync" in used
        )
        assert removed == f"remove  instance 'older' of element 'stripe' with id {ids['older']}"


def test_check_mode_prunes_nothing_that_formulas_use(ansible, emulator):
    prunable(emulator)
    (held,) = [row["id"] for row in emulator.instances if row["name"] == "old"]
    emulator.hold(held, "nightly sync")
    results = [fleet(ansible, stripes(1), prune=True, prune_tags=["fleet"], check=check) for check in (True, False)]
    for result in results:
        assert result["error"]["kind"] == "in_use" and f"with id {held} stays" in result["msg"]
        assert "'nightly sync'" in result["msg"] or "nightly sync (" in result["msg"]
    predicted, done = results
    assert predicted["pruned"] == done["pruned"] and predicted["summary"] == done["summary"]


@pytest.mark.parametrize("status", [403, 404])
def test_check_mode_says_once_that_it_can_not_tell_what_formulas_use(ansible, emulator, status):
    prunable(emulator)
    emulator.inject(Fault("status", method="GET", path="^/formulas/", status=status, body={"message": 1}, times=None))
    result = fleet(ansible, absent("old", "older"), check=True)
    assert not result.get("failed") and result["summary"]["removed"] == 2
    (warning,) = result["warnings"]
    assert f"HTTP {status}" in warning and "not known whether formulas use" in warning


def test_the_plan_is_the_same_in_both_modes_and_shown_below_the_differences(ansible, emulator):
    prunable(emulator)
    desired = [*stripes(2, tags=["fleet", "eu"]), *absent("theirs"), named("never there", state="absent")]
    ids = {row["name"]: row["id"] for row in emulator.instances}
    plan = [
        f"change  instance 'payments 0' of element 'stripe' with id {ids['payments 0']}: set tags to eu, fleet",
        "create  instance 'payments 1' of element 'stripe'",
        f"remove  instance 'theirs' of element 'stripe' with id {ids['theirs']}",
        f"prune   instance 'old' of element 'stripe' with id {ids['old']}",
        f"prune   instance 'older' of element 'stripe' with id {ids['older']}",
    ]
    summary = "6 instances: 1 to create, 1 to change, 1 to remove, 2 to prune, 1 unchanged"
    for check in (True, False):
        result = fleet(ansible, desired, prune=True, prune_tags=["fleet"], check=check)
        assert result["plan"]["lines"] == plan and result["plan"]["summary"] == summary
        *differences, last = result["diff"]
        assert last == {"prepared": "\n".join([*plan, f"At {emulator.url}: {summary}", ""])}
        assert result["plan"]["base_url"] == emulator.url
        assert [shown["before_header"] in line for shown, line in zip(differences, plan, strict=True)] == [True] * 5
        assert [(bool(shown["before"]), bool(shown["after"])) for shown in differences] == [
            (True, True), (False, True), (True, False), (True, False), (True, False),
        ]  # fmt: skip
    assert "canary" not in ansible.output


def test_where_a_task_fails_in_diff_mode_the_plan_ends_its_message(ansible, emulator):
    result = fleet(ansible, [*stripes(1), named("x", tags=["<"])], check=True)
    assert result["failed"]
    # Not with "all others were done", and not with the failure a second time.
    outcome, reason, created, summary = result["msg"].splitlines()
    assert outcome == "1 of 2 instances would fail." and reason.startswith("instances[1] (x): tags holds '<'")
    assert created == "create  instance 'payments 0' of element 'stripe'"
    assert result["plan"]["lines"][1].startswith("failed  instance 'x' of element 'stripe': ")
    assert result["plan"]["summary"] == "2 instances: 1 to create, 1 failed"
    assert summary == f"At {emulator.url}: {result['plan']['summary']}"


def test_what_failed_in_the_middle_says_in_the_plan_what_was_done(ansible, emulator):
    there = emulator.create(element_key="stripe", name="first")["id"]
    emulator.inject(Fault("status", method="DELETE", path="/enabled$", status=403, times=None))
    result = fleet(ansible, [{"id": there, "name": "renamed", "enabled": False}])
    (line,) = result["plan"]["lines"]
    assert line.startswith(f"failed  instance 'first' of element 'stripe' with id {there}: ")
    assert line.endswith("Done before that: rename to 'renamed'.")


def test_an_unexpected_error_in_one_item_is_that_item_s_and_everything_else_is_returned(ansible, emulator, monkeypatch):
    send = InstanceCreation.send

    def crash(self, client):
        if self.body["name"] == "payments 1":
            raise ZeroDivisionError("canary-of-the-crash")
        return send(self, client)

    monkeypatch.setattr(InstanceCreation, "send", crash)
    result = fleet(ansible, stripes(4))
    assert result["failed"] and result["changed"]
    assert [row["error"] and row["error"]["kind"] for row in result["instances"]] == [None, "internal", None, None]
    assert sorted(result["tokens"]["stripe"]) == ["payments 0", "payments 2", "payments 3"]
    assert len(emulator.instances) == 3
    assert "canary-of-the-crash" not in ansible.output


def test_if_the_names_cannot_be_checked_afterwards_each_that_was_given_one_says_so(ansible, emulator):
    there = emulator.create(element_key="stripe", name="old")
    emulator.create(element_key="stripe", name="kept", tags=["fleet"])
    wanted = [*stripes(1), {"id": there["id"], "name": "new"}, {"name": "kept", "element_key": "stripe"}]
    emulator.inject(Fault("status", method="GET", path="^/instances$", skip=1, times=None, status=403))
    result = fleet(ansible, wanted)
    assert result["failed"] and result["changed"] and result["error"]["kind"] == "forbidden"
    created, renamed, kept = result["instances"]
    ids = {row["name"]: row["id"] for row in emulator.instances}
    assert f"was created with id {ids['payments 0']}. Run again to be sure." in created["error"]["message"]
    assert f"instance with id {ids['new']} was renamed. Run again to be sure." in renamed["error"]["message"]
    assert kept["error"] is None and kept["action"] == "unchanged"
    assert methods(emulator) == {"GET": 2, "POST": 1, "PATCH": 1}


def test_an_unexpected_error_after_the_writes_loses_nothing_that_was_done(ansible, emulator, monkeypatch):
    def crash(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(resource_module, "by_name", crash)
    result = fleet(ansible, stripes(2))
    assert result["failed"] and result["changed"] and result["error"]["kind"] == "internal"
    assert sorted(result["tokens"]["stripe"]) == ["payments 0", "payments 1"]


def test_an_interim_answer_shifts_no_answer_and_removes_nothing(ansible, emulator):
    # One connection for all: the final answer to the first create would be read as that to the second.
    emulator.inject(Fault("interim", when="after", method="POST", seconds=0.1, times=3))
    result = fleet(ansible, stripes(12), concurrency=1)
    assert not result.get("failed"), result["msg"]
    assert [row["name"] for row in result["instances"]] == [f"payments {number}" for number in range(12)]
    assert {(row["id"], row["name"]) for row in result["instances"]} == {
        (row["id"], row["name"]) for row in emulator.instances
    }
    assert not any(seen.method == "DELETE" for seen in emulator.requests)


def test_an_id_that_is_not_known_yet_is_no_failure_in_check_mode(ansible, emulator):
    desired = [*stripes(1), {"id": None, "tags": ["x"]}, {"id": "", "state": "absent"}]
    predicted = fleet(ansible, desired, check=True)
    assert not predicted.get("failed"), predicted
    assert predicted["summary"] == {**dict.fromkeys(predicted["summary"], 0), "total": 3, "created": 1, "unchanged": 2}
    row = predicted["instances"][1]
    assert row == {**dict.fromkeys(row), "action": "unchanged", "changed": False, "actions": []}
    warned = [warning for warning in predicted["warnings"] if "Check mode cannot know the id" in warning]
    assert [warning.partition(":")[0] for warning in warned] == ["instances[1] (id None)", "instances[2] (id None)"]
    done = fleet(ansible, desired)
    assert done["summary"]["failed"] == 2 and done["msg"].count("id is null or empty") == 2
    assert done["error"]["kind"] == "invalid_options" and done["summary"]["created"] == 1


def test_unknown_keys_of_a_fleet_cost_one_look_at_the_catalog(ansible, emulator):
    for name in ("a", "b"):
        emulator.create(element_key="stripe", name=name)
    desired = [{"name": name, "element_key": "stripe", "configuration": {"base.urll": "x"}} for name in ("a", "b")]
    emulator.clear()
    result = fleet(ansible, desired)
    assert not result["changed"] and methods(emulator) == {"GET": 2}
    assert [warning.partition(":")[0] for warning in result["warnings"]] == ["instances[0] (a)", "instances[1] (b)"]
    assert all("base.urll (did you mean base.url?)" in warning for warning in result["warnings"]), result["warnings"]
    made = fleet(ansible, [{**desired[0], "name": "c", "api_key": "canary"}], check=True)
    assert any("base.urll (did you mean base.url?)" in warning for warning in made["warnings"])


def test_unknown_elements_of_a_fleet_are_suggested_with_one_listing_of_the_keys(ansible, emulator):
    desired = [{"name": "a", "element_key": key, "api_key": "canary"} for key in ("stripee", "Closeio")]
    result = fleet(ansible, desired)
    assert "Did you mean 'stripe'?" in result["msg"] and "Did you mean 'closeio'?" in result["msg"]
    assert [seen.path for seen in emulator.requests].count("/elements/keys") == 1


def test_given_secrets_that_were_not_compared_are_mentioned_once_for_all(ansible, emulator):
    fleet(ansible, stripes(3))
    emulator.clear()
    again = fleet(ansible, stripes(3, api_key="canary-rotated"))
    assert not again["changed"] and methods(emulator) == {"GET": 1}
    (warning,) = again["warnings"]
    assert warning.startswith("Secrets were given for instances that exist.") and "update_secrets=always" in warning
    assert fleet(ansible, stripes(3, update_secrets="on_create"))["warnings"] == []


@pytest.mark.parametrize(
    ("item", "question"),
    [
        ({"state": "presnt"}, "instances[0]: state: did you mean 'present'?"),
        ({"update_secrets": "on_chage"}, "instances[0]: update_secrets: did you mean 'on_change'?"),
        ({"external_authentication": "Initial"}, "instances[0]: external_authentication: did you mean 'initial'?"),
    ],
)
def test_a_misspelled_choice_is_answered_with_the_nearest(ansible, emulator, item, question):
    result = fleet(ansible, [{"name": "a", "element_key": "stripe", **item}])
    assert result["msg"].endswith(question) and result["error"]["kind"] == "invalid_options", result["msg"]


def test_what_is_pruned_shows_what_it_was(ansible, emulator):
    emulator.create(element_key="stripe", name="a", tags=["fleet"])
    secret = {"password": "canary-password", "username": "u", "servicenow.subdomain": "s"}
    emulator.create(element_key="servicenow", name="old", tags=["fleet"], configuration=secret)
    result = fleet(ansible, [named("a")], prune=True, prune_tags=["fleet"], check=True)
    before = result["diff"][0]["before"]
    assert before["configuration"]["password"] == "********" and "servicenow.subdomain" in before["configuration"]
    assert (before["name"], before["tags"]) == ("old", ["fleet"])


def test_the_counts_of_a_run_are_reported_without_names_and_secrets(ansible, emulator, tmp_path, monkeypatch):
    path = tmp_path / "progress"
    path.touch()
    monkeypatch.setenv("CLOUD_ELEMENTS_PROGRESS_FILE", str(path))
    for name in ("old", "gone", "payments 3"):
        emulator.create(element_key="stripe", name=name, tags=["fleet"])
    held = emulator.create(element_key="stripe", name="held", tags=["fleet"])["id"]
    emulator.hold(held, "nightly sync")
    wanted = [*stripes(4, update_secrets="on_create"), {"name": "gone", "element_key": "stripe", "state": "absent"}]
    prune = {"prune": True, "prune_tags": ["fleet"]}
    fleet(ansible, wanted, check=True, **prune)
    assert [json.loads(line)["done"] for line in path.read_text().splitlines()] == [0], "it writes nothing"
    path.write_text("")
    assert fleet(ansible, wanted, **prune)["failed"], "the held one stays"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["done"] for line in lines] == [0, 1, 2, 3, 4, 5, 6]
    assert lines[-1] == {"total": 6, "done": 6, "created": 3, "changed": 0, "removed": 2, "failed": 1}


def test_a_plan_that_was_reviewed_is_applied_and_another_one_is_refused(ansible, emulator):
    wanted = stripes(2)
    plans = [fleet(ansible, wanted, check=True)["plan"] for _run in range(2)]
    assert plans[0] == plans[1]
    expected = plans[0]["checksum"]
    refused = fleet(ansible, wanted[:1], expected_plan=expected)
    assert refused["error"]["kind"] == "plan_changed" and "Nothing was written" in refused["msg"]
    assert {seen.method for seen in emulator.requests} == {"GET"}
    done = fleet(ansible, wanted, expected_plan=expected)
    assert done["plan"]["checksum"] == expected and done["summary"]["created"] == 2
    assert [change["name"] for change in done["plan"]["changes"]] == ["payments 0", "payments 1"]
    unchecked = fleet(ansible, wanted)["plan"]
    assert unchecked["checksum"] is None and unchecked["changes"] == []
    (change,) = fleet(ansible, stripes(1, tags=["new"]), check=True)["plan"]["changes"]
    assert change["action"] == "change"
    assert change["changes"] == [{"path": ["tags"], "before": ["fleet"], "after": ["new"]}]


def test_fingerprints_do_not_change_the_checksum(ansible, emulator):
    wanted = stripes(1, update_secrets="on_change")
    plans = [fleet(ansible, wanted, check=True)["plan"] for _run in range(2)]
    assert plans[0]["checksum"] == plans[1]["checksum"]
