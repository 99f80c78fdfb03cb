# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import instance_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.create_once import Created
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import InterruptedStepError
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.creation import (
    InstanceCreation,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.ownership import Baseline
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.verification import verify
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    BODY,
    LOST,
    NOT_SENT,
    OVERDUE,
    Stage,
    answered,
    deleted,
    desired,
    pause,
    read,
    refused,
    row,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    pinged as ping,
)

WITH_CODE = desired(provider_data={"code": "c"})


def provider_refuses(status: int = 401):
    return answered({"message": "Request failed", "providerMessage": "Bad key"}, status)


def check(stage: Stage, wish=None, *, wait=False, made=True, **there) -> None:
    instance = instance_from(row(7, **there))
    wish = dataclasses.replace(wish or desired(), verify_wait=wait)
    creation = InstanceCreation(wish, BODY, Baseline())
    came_to = Created(instance, creation, lost=False, own=True, sent_at=0.0) if made else None
    try:
        verify(wish, instance, came_to, stage.client)
    except InterruptedStepError as removed:
        stage.client.warn("removed")
        raise removed.error from None


def failure(*script, **settings) -> CloudElementsError:
    call = {key: settings.pop(key) for key in ("wish", "wait", "made") if key in settings}
    with Stage(*script, **settings) as stage, pytest.raises(CloudElementsError) as caught:
        check(stage, **call)
    return caught.value


def test_a_connection_that_works_takes_one_ping_with_its_own_token():
    with Stage(ping()) as stage:
        check(stage)
    assert stage.warnings == []


@pytest.mark.parametrize("status", [401, 403])
def test_what_this_run_made_is_removed_where_the_provider_refuses_the_credentials(status):
    error = failure(ping(provider_refuses(status)), read(row(7)), deleted(7))
    assert error.kind is ErrorKind.CREDENTIALS_REFUSED
    assert error.provider_message == "Bad key"
    assert "id 7" in error.message
    assert "removed" in error.message


@pytest.mark.parametrize("settings", [{"made": False}, {"wish": WITH_CODE}])
def test_what_was_adopted_or_took_a_code_is_left_where_the_provider_refuses_the_credentials(settings):
    error = failure(ping(provider_refuses()), **settings)
    assert error.kind is ErrorKind.CREDENTIALS_REFUSED
    assert "left" in error.message


@pytest.mark.parametrize("answer", [refused(401), refused(403)])
def test_a_refusal_of_the_platform_itself_removes_nothing(answer):
    error = failure(ping(answer))
    assert error.kind in (ErrorKind.UNAUTHORIZED, ErrorKind.FORBIDDEN)
    assert "id 7" in error.message


@pytest.mark.parametrize("answer", [refused(500), refused(503), refused(408), LOST, OVERDUE, NOT_SENT, refused(429)])
def test_trouble_on_the_way_removes_nothing(answer):
    error = failure(ping(answer), retries=0)
    assert error.kind is not ErrorKind.CREDENTIALS_REFUSED
    assert "id 7" in error.message


UNSUPPORTED = "The ping API is not currently supported for this element"
NO_PING = [refused(404), refused(405), refused(501), refused(400, UNSUPPORTED), refused(500, UNSUPPORTED)]


@pytest.mark.parametrize("wait", [False, True])
@pytest.mark.parametrize("answer", NO_PING, ids=["404", "405", "501", "400", "500"])
def test_an_element_without_ping_is_reported_at_once_and_no_error(answer, wait):
    with Stage(ping(answer), retries=0) as stage:
        check(stage, wait=wait)
    assert len(stage.warnings) == 1
    assert "no ping" in stage.warnings[0]


@pytest.mark.parametrize("status", [400, 402, 409, 422])
def test_another_refusal_is_no_sign_of_a_missing_ping(status):
    error = failure(ping(refused(status, "The configuration is not right")))
    assert error.kind is ErrorKind.REFUSED
    assert "id 7" in error.message


@pytest.mark.parametrize("status", [400, 404, 405, 500, 501])
def test_what_the_provider_says_is_no_sign_of_a_missing_ping(status):
    said = answered({"message": UNSUPPORTED, "providerMessage": UNSUPPORTED, "requestId": "r"}, status)
    assert "id 7" in failure(ping(said), retries=0).message


@pytest.mark.parametrize("made", [True, False])
def test_an_answer_that_is_not_valid_is_an_error_and_removes_nothing(made):
    error = failure(ping(answered({"valid": False})), made=made)
    assert error.kind is ErrorKind.CREDENTIALS_REFUSED
    assert "id 7" in error.message
    assert "left as it is" in error.message


@pytest.mark.parametrize("body", [None, {}, [], "pong", {"valid": True}, {"valid": None}, {"valid": "false"}])
def test_any_other_answer_that_succeeds_means_that_it_works(body):
    with Stage(ping(answered(body))) as stage:
        check(stage)
    assert stage.warnings == []


def test_an_instance_without_a_token_is_not_pinged():
    with Stage() as stage:
        check(stage, token=None)
    assert stage.warnings == []


def test_who_made_it_is_told_that_it_was_removed_but_only_after_that():
    with Stage(ping(provider_refuses()), read(row(7)), deleted(7)) as stage, pytest.raises(CloudElementsError):
        check(stage)
    assert stage.warnings == ["removed"]
    with (
        Stage(ping(provider_refuses()), read(row(7)), deleted(7, refused(403))) as stage,
        pytest.raises(CloudElementsError),
    ):
        check(stage)
    assert stage.warnings == []


def test_a_disabled_instance_is_not_pinged():
    with Stage() as stage:
        check(stage, disabled=True)
    assert len(stage.warnings) == 1


def test_waiting_pings_until_it_works():
    with Stage(ping(refused(500)), pause(1), ping(refused(502)), pause(2), ping(), retries=0) as stage:
        check(stage, wait=True)


def test_waiting_ends_at_once_where_the_credentials_are_refused():
    error = failure(
        ping(refused(500)), pause(1), ping(provider_refuses()), read(row(7)), deleted(7), wait=True, retries=0
    )
    assert error.kind is ErrorKind.CREDENTIALS_REFUSED


def test_waiting_ends_before_the_deadline():
    error = failure(ping(LOST), pause(1), ping(LOST), pause(2), ping(LOST), wait=True, retries=0, deadline=6)
    assert error.kind is ErrorKind.CONNECTION_LOST


def test_waiting_goes_on_at_the_longest_interval():
    waits = (1, 2, 4, 8, 15, 15, 15)
    script = [part for seconds in waits for part in (ping(LOST), pause(seconds))]
    with Stage(*script, ping(), retries=0) as stage:
        check(stage, wait=True)


def test_what_can_not_be_removed_is_an_error_with_its_id():
    error = failure(ping(provider_refuses()), read(row(7)), deleted(7, refused(403)))
    assert "id 7" in error.message
    assert "by hand" in error.message
