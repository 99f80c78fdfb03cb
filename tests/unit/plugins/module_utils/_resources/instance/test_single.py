# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance import executor
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.resource import (
    InstanceResource,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    HTML,
    LOST,
    NOT_SENT,
    OVERDUE,
    Stage,
    Turn,
    answered,
    asked_for_users,
    deleted,
    foreign,
    light,
    limited,
    listed,
    patched,
    pause,
    posted,
    read,
    refused,
    row,
    surveyed,
)

NOTHING = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}
KEYS = {"changed", "actions", "id", "token", "instance", "diff"}


def run(stage: Stage, *, check_mode: bool = False, **options):
    """Return what a task with these options returns, and what it did in words."""
    staged = stage.run
    staged.check_mode = check_mode
    params = {**NOTHING, "name": "payments", "element_key": "stripe", **options}
    result = ensure_instance(params, staged)
    assert set(result) == KEYS
    return result, result["actions"]


def catalog(*entries: dict[str, t.Any], answer=None) -> Turn:
    body = {"key": "stripe", "configuration": list(entries)}
    return Turn(Request("GET", "/elements/stripe"), answer or answered(body))


def own(*rows) -> Turn:
    return listed(*rows, hydrate=False)


KEYS_REQUEST = Request("GET", "/elements/keys", query=(("pageSize", "200"),))


def keys(*known: str) -> Turn:
    return Turn(KEYS_REQUEST, answered(list(known)))


NEEDED = {"key": "site", "required": True, "type": "TEXTFIELD_128"}
CREATED = "create instance 'payments' of element 'stripe'"


def test_a_new_instance_takes_two_looks_a_post_and_a_listing():
    with Stage(listed(), surveyed(), posted(row(7)), own(light(7))) as stage:
        result, actions = run(stage)
    assert (result["changed"], result["id"], result["token"]) == (True, 7, "token-of-7")
    assert actions == [CREATED]
    assert stage.warnings == []


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("stored", ["Payments", "<i>payments</i>", " payments"])
def test_an_earlier_create_under_a_changed_name_is_named_and_nothing_is_sent(stored, check_mode):
    with Stage(listed(), surveyed(row(7, name=stored))) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=check_mode)
    assert caught.value.kind is ErrorKind.NAME_CHANGED
    assert "id 7" in caught.value.message


def test_what_may_have_been_cut_off_is_in_the_way_only_if_it_could_not_be_removed_again():
    cut = row(7, name="pay", tags=["ours"])
    with Stage(listed(), surveyed({**cut, "createdDate": None})) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=True, tags=["ours"])
    assert caught.value.kind is ErrorKind.NAME_CHANGED and "id 7" in caught.value.message
    with Stage(listed(), surveyed(cut), catalog()) as stage:
        assert run(stage, check_mode=True, tags=["ours"])[0]["changed"]


@pytest.mark.parametrize("odd", [{"tags": [None]}, {"configuration": []}, {"tags": ["a", 5], "element": None}])
def test_a_row_that_cannot_be_read_is_not_made_again(odd):
    with Stage(listed(row(7, **odd))) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage)
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE and "id 7" in caught.value.message


def test_an_element_key_that_is_spelled_otherwise_is_refused_with_the_right_one():
    answer = answered({"key": "Stripe", "configuration": []})
    with Stage(listed(), surveyed(), catalog(answer=answer)) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=True)
    assert caught.value.kind is ErrorKind.NOT_FOUND and "'Stripe'" in caught.value.message


def test_what_was_created_under_another_name_and_stays_was_created():
    changed = row(7, name="PAYMENTS", createdDate=None)
    with (
        Stage(listed(), surveyed(), posted(changed), read(changed)) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage)
    assert caught.value.kind is ErrorKind.NAME_CHANGED
    assert caught.value.result["actions"] == [CREATED]


@pytest.mark.parametrize("more", [{"tags": ["theirs"]}, {"configuration": {"site": "theirs"}}, {"element_key": "sfdc"}])
def test_what_has_another_content_is_no_earlier_create(more):
    with Stage(listed(), surveyed(row(7, name="Payments", **more)), catalog()) as stage:
        run(stage, check_mode=True, configuration={"site": "ours"})


def test_an_earlier_create_that_is_listed_without_its_configuration_is_read():
    with Stage(
        listed(), surveyed(light(7, name="Payments")), read(row(7, name="theirs", tags=["x"])), catalog()
    ) as stage:
        run(stage, check_mode=True)


def test_what_only_the_listing_of_the_element_finds_is_not_created_again():
    with Stage(listed(), surveyed(row(7))) as stage:
        assert run(stage)[0]["id"] == 7


def test_an_instance_whose_element_is_never_told_is_in_doubt():
    unknown = row(7, element=None)
    with Stage(listed(unknown), read(unknown)) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage)
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE
    assert "id 7" in caught.value.message


def test_an_instance_whose_element_is_told_by_its_id_only_counts_for_that_element():
    with Stage(listed(row(7, element=None)), read(row(7))) as stage:
        assert run(stage)[0]["id"] == 7
    foreign_one = row(7, element=None)
    theirs = read(row(7, element_key="sfdc"))
    with Stage(listed(foreign_one), theirs, surveyed(foreign_one), theirs, catalog()) as stage:
        assert run(stage, check_mode=True)[0]["changed"]


def test_an_instance_that_only_its_row_calls_so_is_not_the_wanted_one():
    stale = [listed(light(7)), read(row(7, name="old"))]
    waits = [turn for seconds in (1, 2, 4, 8, 15) for turn in (pause(seconds), *stale)]
    with Stage(*stale, *waits) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, tags=["ours"])
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE and "'old' with that id" in caught.value.message


def test_the_second_run_takes_one_request_and_changes_nothing():
    with Stage(listed(row(7))) as stage:
        result, actions = run(stage)
    assert (result["changed"], result["id"], result["token"]) == (False, 7, "token-of-7")
    assert actions == []
    assert result["diff"]["before"] == result["diff"]["after"]


def test_check_mode_predicts_a_create_without_a_write():
    with Stage(listed(), surveyed(), catalog()) as stage:
        result, actions = run(stage, check_mode=True)
    assert (result["changed"], result["id"], result["token"]) == (True, None, None)
    assert result["instance"]["name"] == "payments"
    assert actions == [CREATED]


def test_check_mode_predicts_a_change_without_a_write():
    with Stage(listed(row(7))) as stage:
        result, actions = run(stage, check_mode=True, tags=["a"])
    assert (result["changed"], result["id"], result["token"]) == (True, 7, "token-of-7")
    assert result["instance"]["tags"] == ["a"]
    assert actions == ["set tags to a"]


def test_check_mode_predicts_a_removal_without_a_write():
    with Stage(listed(row(7)), asked_for_users(answered([]))) as stage:
        result, actions = run(stage, check_mode=True, state="absent")
    assert (result["changed"], result["id"], result["token"], result["instance"]) == (True, 7, None, None)
    assert actions == ["delete instance 'payments' of element 'stripe'"]


def test_check_mode_says_what_the_platform_would_not_remove_because_it_is_used():
    users = answered([{"id": 12, "name": "nightly sync"}])
    with Stage(listed(row(7)), asked_for_users(users)) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=True, state="absent")
    assert caught.value.kind is ErrorKind.IN_USE
    assert "'payments'" in caught.value.message
    assert "'nightly sync' (id 12)" in caught.value.message
    assert caught.value.result["actions"] == []


def test_check_mode_says_where_it_can_not_tell_what_is_used():
    with Stage(listed(row(7)), asked_for_users(refused(403))) as stage:
        result, _actions = run(stage, check_mode=True, state="absent")
    assert result["changed"]
    (report,) = stage.warnings
    assert "HTTP 403" in report
    assert "not known whether formulas use what would be removed" in report


def test_both_modes_show_the_same_difference():
    changed = {"tags": ["a"]}
    with Stage(listed(row(7))) as stage:
        predicted, _actions = run(stage, check_mode=True, **changed)
    with Stage(listed(row(7)), patched({"tags": ["a"]}, row(7, tags=["a"]))) as stage:
        real, _actions = run(stage, **changed)
    assert predicted["diff"] == real["diff"]
    assert predicted["instance"] == real["instance"]


def test_a_removal_returns_the_id_of_what_was_removed():
    with Stage(listed(row(7)), read(row(7)), deleted(7)) as stage:
        result, _actions = run(stage, state="absent")
    assert (result["changed"], result["id"], result["token"], result["instance"]) == (True, 7, None, None)
    assert result["diff"]["after"] == {}


def test_what_is_absent_already_changes_nothing():
    with Stage(listed(), catalog()) as stage:
        result, _actions = run(stage, state="absent")
    assert (result["changed"], result["id"]) == (False, None)


@pytest.mark.parametrize(("check_mode", "refusal"), [(True, []), (False, [posted(refused(400, "Missing site"))])])
def test_configuration_that_an_element_needs_and_that_is_not_given_is_named(check_mode, refusal):
    with Stage(listed(), surveyed(), *refusal, catalog(NEEDED)) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=check_mode)
    assert caught.value.kind is ErrorKind.REFUSED
    assert "needs configuration that is not given: site." in caught.value.message
    assert ("The platform says: Missing site." in caught.value.message) is not check_mode


@pytest.mark.parametrize(("check_mode", "refusal"), [(True, []), (False, [posted(refused(404, "No element"))])])
def test_an_element_that_does_not_exist_is_said_with_the_nearest_one(check_mode, refusal):
    script = (listed(), surveyed(), *refusal, catalog(answer=refused(404)), keys("zendesk", "stripee"))
    with Stage(*script) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=check_mode)
    assert caught.value.kind is ErrorKind.NOT_FOUND
    assert "no element with the key 'stripe'. Did you mean 'stripee'? Check" in caught.value.message


@pytest.mark.parametrize("answer", [refused(403), answered({}, 404), answered([7])])
def test_an_element_that_does_not_exist_is_the_same_error_if_the_keys_cannot_be_listed(answer):
    script = (listed(), surveyed(), catalog(answer=refused(404)), Turn(KEYS_REQUEST, answer))
    with Stage(*script, retries=0) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=True)
    assert "no element with the key 'stripe'. Check" in caught.value.message


STORED = row(7, configuration={"event.notification.enabled": "false", "site": "x"})


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_key_that_neither_the_instance_nor_the_element_has_is_unknown(check_mode):
    with Stage(listed(STORED), catalog(NEEDED)) as stage:
        assert not run(stage, check_mode=check_mode, configuration={"sitee": "y"})[0]["changed"]
    assert stage.warnings == [
        "The element 'stripe' does not have these configuration keys: sitee (did you mean site?). If they are right, "
        "run once with update_secrets=always."
    ]


def test_a_key_that_only_the_instance_does_not_have_is_not_compared():
    with Stage(listed(row(7)), catalog(NEEDED)) as stage:
        run(stage, configuration={"site": "y"})
    assert len(stage.warnings) == 1 and "does not tell what it has for site" in stage.warnings[0]


def test_an_unknown_key_of_an_instance_is_not_said_if_the_catalog_cannot_be_read():
    with Stage(listed(STORED), catalog(answer=refused(403))) as stage:
        run(stage, configuration={"sitee": "y"})
    assert len(stage.warnings) == 1 and "does not tell what it has for sitee" in stage.warnings[0]


def test_the_catalog_is_not_asked_about_what_is_there_or_may_be_there():
    with Stage(listed(STORED)) as stage:
        run(stage, configuration={"site": "x", "event.objects": "a", "gone": None}, update_secrets="on_create")


@pytest.mark.parametrize("name", ["id", "state"])
def test_a_null_id_is_an_error_in_a_real_run_and_not_known_in_check_mode(name):
    options = {"name": None, "element_key": None, **({"state": "absent"} if name == "state" else {})}
    with Stage() as stage, pytest.raises(CloudElementsError, match="id is null or empty") as caught:
        run(stage, **options)
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS
    with Stage() as stage:
        result, actions = run(stage, check_mode=True, **options)
    assert result == {
        "changed": False,
        "actions": [],
        "id": None,
        "token": None,
        "instance": None,
        "diff": {"before": {}, "after": {}},
    }
    assert actions == [] and "Check mode cannot know the id" in stage.warnings[0]


@pytest.mark.parametrize(("update_secrets", "said"), [(None, True), ("on_create", False)])
def test_secrets_that_were_not_compared_are_mentioned_unless_the_user_chose_that(update_secrets, said):
    with Stage(listed(row(7))) as stage:
        assert not run(stage, api_key="canary", update_secrets=update_secrets)[0]["changed"]
    assert [("Secrets were given for instances that exist" in report) for report in stage.warnings] == [True] * said
    with Stage(listed(row(7))) as stage:
        run(stage, update_secrets=update_secrets)
    assert stage.warnings == []


def test_a_removal_shows_what_is_removed():
    stored = row(7, configuration={"event.notification.enabled": "false", "password": "canary"}, tags=["a"])
    with Stage(listed(stored), asked_for_users(answered([]))) as stage:
        result, _actions = run(stage, check_mode=True, state="absent")
    assert result["diff"]["before"] == {
        "name": "payments",
        "element_key": "stripe",
        "tags": ["a"],
        "enabled": True,
        "configuration": {"event.notification.enabled": "false", "password": "********"},
    }
    assert result["diff"]["after"] == {}


def test_where_the_catalog_may_not_be_read_check_mode_leaves_it_to_the_platform():
    with Stage(listed(), surveyed(), catalog(answer=refused(403))) as stage:
        assert run(stage, check_mode=True)[0]["changed"]
    assert stage.warnings == []


@pytest.mark.parametrize("answer", [HTML, refused(500), LOST, refused(403), refused(401), NOT_SENT])
def test_a_refusal_is_said_as_it_is_where_the_catalog_cannot_explain_it(answer):
    script = (listed(), surveyed(), posted(refused(400, "Missing site")), catalog(answer=answer))
    with Stage(*script, retries=0) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage)
    assert caught.value.kind is ErrorKind.REFUSED
    assert "Missing site" in caught.value.message


def test_a_refusal_that_is_not_about_the_element_takes_no_catalog():
    with Stage(listed(), surveyed(), posted(refused(401))) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage)
    assert caught.value.kind is ErrorKind.UNAUTHORIZED


@pytest.mark.parametrize(
    "answer", [HTML, refused(500), LOST, OVERDUE, limited(), refused(400), answered([]), foreign(404)]
)
def test_where_the_catalog_can_not_be_read_it_is_warned_of_and_the_platform_decides(answer):
    with Stage(listed(), surveyed(), catalog(answer=answer), retries=0, secrets=["canary"]) as stage:
        assert run(stage, check_mode=True)[0]["changed"]
    (warning,) = stage.warnings
    assert "element 'stripe'" in warning
    assert "left for the platform to decide" in warning


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(401), ErrorKind.UNAUTHORIZED),
        (Response(Outcome.TLS), ErrorKind.TLS),
        (Response(Outcome.REDIRECT, 302), ErrorKind.REDIRECT),
        (NOT_SENT, ErrorKind.UNREACHABLE),
    ],
)
def test_what_would_stop_the_create_too_stops_at_the_catalog(answer, kind):
    with (
        Stage(listed(), surveyed(), catalog(answer=answer), retries=0) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage, check_mode=True)
    assert caught.value.kind is kind


def test_a_deadline_stops_at_the_catalog():
    late = dataclasses.replace(listed(), lasting=600)
    with Stage(late, deadline=600) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage)
    assert caught.value.kind is ErrorKind.DEADLINE


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_rename_to_a_name_that_is_taken_is_refused_in_both_modes(check_mode):
    with (
        Stage(read(row(7, name="old")), own(light(7, name="old"), light(9))) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage, check_mode=check_mode, id=7)
    assert caught.value.kind is ErrorKind.AMBIGUOUS


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("options", [{"element_key": "sfdc", "name": None}, {"element_key": None, "name": "other"}])
def test_a_removal_by_id_that_contradicts_what_is_there_is_refused_in_both_modes(check_mode, options):
    with Stage(read(row(7))) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, check_mode=check_mode, id=7, state="absent", **options)
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS


def test_what_does_not_settle_is_warned_of_by_key():
    sent = patched({"configuration": {"site": "canary-value"}}, row(7, configuration={"site": "old"}))
    with Stage(listed(row(7, configuration={"site": "old"})), sent, sent) as stage:
        run(stage, configuration={"site": "canary-value"})
    (warning,) = stage.warnings
    assert "site" in warning
    assert "canary" not in warning


def test_no_secret_is_in_any_part_of_the_result():
    canaries = {"secret_configuration": {"password": "canary-password"}, "api_key": "canary-api-key"}
    body = {
        "element": {"key": "stripe"},
        "configuration": {"password": "canary-password", "api.key": "canary-api-key"},
        "name": "payments",
    }
    stored = row(
        7,
        configuration={
            "password": "canary-password",
            "api.key": MASK,
            "oauth.user.token": "canary-from-the-server",
            "base.url": "https://example.com/?key=canary-api-key",
        },
    )
    with Stage(
        listed(),
        surveyed(),
        posted(LOST, body),
        pause(0.5),
        surveyed(stored),
        secrets=["canary-password", "canary-api-key"],
    ) as stage:
        result, actions = run(stage, **canaries)
    assert "canary" not in json.dumps([result, actions, stage.warnings])
    assert set(result["instance"]["configuration"].values()) == {MASK}


def test_verification_comes_last_and_what_it_refuses_is_removed():
    ping = Turn(Request("GET", "/ping", token="token-of-7"), answered({"providerMessage": "Bad key"}, 401))
    with (
        Stage(listed(), surveyed(), posted(row(7)), own(light(7)), ping, read(row(7)), deleted(7)) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage, verify=True)
    assert caught.value.kind is ErrorKind.CREDENTIALS_REFUSED
    assert caught.value.result["actions"] == [CREATED, "delete instance 'payments' of element 'stripe'"]


def test_check_mode_verifies_what_is_there_and_would_not_change():
    ping = Turn(Request("GET", "/ping", token="token-of-7"), answered({}))
    with Stage(listed(light(7)), read(row(7)), ping) as stage:
        run(stage, check_mode=True, verify=True)


def test_check_mode_does_not_verify_what_would_change():
    with Stage(listed(row(7))) as stage:
        run(stage, check_mode=True, verify=True, tags=["a"])


def test_an_option_of_no_use_is_an_error_before_any_request():
    with Stage() as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, name=" ")
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS


def test_a_key_that_looks_like_a_secret_is_warned_of_and_hidden():
    stored = row(7, configuration={"password": "canary"})
    with Stage(listed(stored)) as stage:
        result, _actions = run(stage, configuration={"password": "canary"})
    assert any("look like secrets" in warning for warning in stage.warnings)
    assert "canary" not in json.dumps([result, stage.warnings])


def test_what_was_created_under_another_element_key_is_kept_and_not_looked_for_under_the_wrong_one():
    with (
        Stage(listed(), surveyed(), posted(row(7, element_key="Stripe"))) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage)
    assert caught.value.kind is ErrorKind.NAME_CHANGED
    assert caught.value.result["actions"] == [CREATED]


def test_the_catalog_is_asked_before_a_code_is_spent():
    needed = catalog(NEEDED)
    with Stage(listed(), surveyed(), needed) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage, provider_data={"code": "c"}, configuration={})
    assert caught.value.kind is ErrorKind.REFUSED and "site" in caught.value.message


@pytest.mark.parametrize("name", ["refuse_other_name", "notes"])
def test_a_mistake_after_a_create_does_not_hide_that_it_was_created(name, monkeypatch):
    def mistake(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(executor if name == "refuse_other_name" else InstanceResource, name, mistake)
    with (
        Stage(listed(), surveyed(), posted(row(7)), own(light(7))) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage)
    assert caught.value.kind is ErrorKind.INTERNAL
    assert caught.value.result == {"changed": True, "actions": [CREATED]}


def test_a_mistake_in_a_later_phase_does_not_hide_what_was_done(monkeypatch):
    def mistake(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(InstanceResource, "settle", mistake)
    with Stage(listed(), surveyed(), posted(row(7))) as stage, pytest.raises(CloudElementsError) as caught:
        run(stage)
    assert caught.value.result["actions"] == [CREATED]


def test_two_instances_of_one_name_are_told_after_a_later_step_failed():
    theirs = row(3)
    with (
        Stage(
            listed(),
            surveyed(),
            posted(row(7, createdDate=None)),
            Turn(Request("DELETE", "/instances/7/enabled"), refused(400, "Not now")),
            own(light(3), light(7)),
            read(theirs),
            read(row(7, createdDate=None)),
        ) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        run(stage, enabled=False)
    assert caught.value.kind is ErrorKind.REFUSED
    assert "Not now" in caught.value.message and "with the ids 3 and 7" in caught.value.message
