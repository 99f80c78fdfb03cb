# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import instance_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.create_once import create_once
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.races import settle_race
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import InterruptedStepError
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.creation import (
    InstanceCreation,
    refuse_other_name,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.ownership import Baseline
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    BEFORE,
    BODY,
    LOST,
    NOT_SENT,
    OVERDUE,
    Stage,
    deleted,
    desired,
    light,
    limited,
    list_fails,
    listed,
    pause,
    posted,
    read,
    read_missing,
    refused,
    row,
    surveyed,
    unavailable,
)

BASELINE = Baseline(frozenset([1, 2]), frozenset([("stripe", "payments"), ("stripe", "payments 2")]))
WITH_CODE = {**BODY, "providerData": {"code": "canary-code"}}


def create(stage: Stage, body=None, baseline=BASELINE):
    """Return the id of the instance that the create ends with, and whether it is this run's own."""
    created = create_once(InstanceCreation(desired(), body or BODY, baseline), stage.client)
    try:
        refuse_other_name(desired(), created, stage.client)
    except InterruptedStepError as stays:
        stage.client.warn("stays")
        raise stays.error from None
    created = settle_race(created, stage.client)
    return created.resource.id, created.own


def create_knowing(stage: Stage):
    """Create as a run does that has read the instances of the baseline."""
    stage.client.instances._seen.update((number, instance_from(row(number))) for number in BASELINE.ids)
    return create(stage)


def failure(*script, body=None, baseline=BASELINE, **settings) -> CloudElementsError:
    with Stage(*script, **settings) as stage, pytest.raises(CloudElementsError) as caught:
        create(stage, body, baseline)
    return caught.value


LOOKS_AFTER_TIMEOUT = (
    surveyed(), pause(1), surveyed(), pause(2), surveyed(), pause(4), surveyed(), pause(8), surveyed(), pause(15),
    surveyed(),
)  # fmt: skip


def own(*rows):
    """Return the turn of the listing that follows a create, which needs no configuration."""
    return listed(*rows, hydrate=False)


def test_a_lost_create_that_is_listed_but_can_not_be_read_yet_is_never_sent_again():
    with Stage(posted(LOST), pause(0.5), surveyed(light(7)), read_missing(7)) as stage:
        assert create(stage) == (7, False)


def test_a_create_is_one_post_and_one_listing():
    with Stage(posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)
    assert stage.client.calls == {"POST": 1, "GET": 1}
    assert stage.warnings == []


def test_an_own_instance_that_is_not_listed_at_once_is_waited_for():
    with Stage(posted(row(7)), own(), pause(0.5), own(), pause(1), own(light(7))) as stage:
        assert create(stage) == (7, True)
    assert stage.warnings == []


def test_an_own_instance_that_never_shows_is_kept_with_a_warning():
    with Stage(
        posted(row(7)),
        own(),
        pause(0.5),
        own(),
        pause(1),
        own(),
        pause(2),
        own(),
        pause(4),
        own(),
        pause(8),
        own(),
        pause(15),
        own(),
    ) as stage:
        assert create(stage) == (7, True)
    (warning,) = stage.warnings
    assert "id 7" in warning
    assert "payments" in warning


def test_of_two_runs_at_once_the_one_with_the_lower_id_keeps_its_own():
    with Stage(posted(row(7)), own(light(9), light(7))) as stage:
        assert create(stage) == (7, True)


def test_of_two_runs_at_once_the_one_with_the_higher_id_removes_its_own_and_takes_the_other():
    with Stage(posted(row(9)), own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9)) as stage:
        assert create(stage) == (7, False)
    (warning,) = stage.warnings
    assert "id 7" in warning
    assert "id 9" in warning


def test_a_listing_without_the_own_instance_does_not_decide_a_race():
    with Stage(
        posted(row(9)), own(light(7)), pause(0.5), own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9)
    ) as stage:
        assert create(stage) == (7, False)


def test_an_instance_of_another_element_or_name_is_no_race():
    others = light(5, element_key="sfdc"), light(6, name="payments-2")
    with Stage(posted(row(7)), own(*others, light(7))) as stage:
        assert create(stage) == (7, True)


def test_when_the_other_instance_goes_away_again_the_own_stays():
    with Stage(posted(row(9)), own(light(7), light(9)), read_missing(7), pause(0.5), own(light(9))) as stage:
        assert create(stage) == (9, True)


def test_an_own_instance_whose_removal_is_lost_is_removed_again():
    with Stage(
        posted(row(9)),
        own(light(7), light(9)),
        read(row(7)),
        read(row(9)),
        deleted(9, LOST),
        pause(0.5),
        deleted(9, refused(404)),
    ) as stage:
        assert create(stage) == (7, False)


def test_an_own_instance_that_can_not_be_removed_is_an_error_with_its_id():
    error = failure(posted(row(9)), own(light(7), light(9)), read(row(7)), read(row(9)), deleted(9, refused(403)))
    assert error.kind is ErrorKind.FORBIDDEN
    assert "id 9" in error.message
    assert "by hand" in error.message


def test_an_own_instance_that_can_not_be_removed_in_time_is_an_error_with_its_id():
    error = failure(
        posted(row(9)),
        own(light(7), light(9)),
        read(row(7)),
        read(row(9)),
        deleted(9, unavailable(700), lasting=600),
        deadline=600,
    )
    assert "id 9" in error.message


@pytest.mark.parametrize("lost", [LOST, refused(500), refused(502), refused(503)])
def test_a_lost_create_that_is_found_is_adopted(lost):
    with Stage(posted(lost), pause(0.5), surveyed(row(7))) as stage:
        assert create(stage) == (7, False)
    (warning,) = stage.warnings
    assert "id 7" in warning
    assert stage.client.calls["POST"] == 1


def test_a_lost_create_that_shows_in_the_second_listing_only_is_adopted():
    with Stage(posted(LOST), pause(0.5), surveyed(), pause(2), surveyed(row(7))) as stage:
        assert create(stage) == (7, False)


def test_what_is_adopted_is_read_in_whole():
    with Stage(posted(LOST), pause(0.5), surveyed(light(7)), read(row(7))) as stage:
        assert create(stage) == (7, False)


def test_a_lost_create_is_sent_once_more_only_after_two_empty_listings_apart():
    with Stage(posted(LOST), pause(0.5), surveyed(), pause(2), surveyed(), posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)
    assert len(stage.warnings) == 1


def test_a_create_that_is_lost_twice_is_not_sent_a_third_time():
    error = failure(
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
    )
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME
    assert "the instance 'payments' of element 'stripe'" in error.message


def test_a_create_that_is_lost_twice_and_then_found_is_adopted():
    with Stage(
        posted(LOST), pause(0.5), surveyed(), pause(2), surveyed(), posted(LOST), pause(0.5), surveyed(row(7))
    ) as stage:
        assert create(stage) == (7, False)


def test_a_lost_create_is_sent_once_more_however_few_resends_there_are():
    error = failure(
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        retries=20,
    )
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME


def test_a_create_that_timed_out_and_shows_later_is_adopted():
    with Stage(
        posted(OVERDUE, lasting=60), surveyed(), pause(1), surveyed(), pause(2), surveyed(), pause(4), surveyed(row(7))
    ) as stage:
        assert create(stage) == (7, False)


def test_a_create_that_timed_out_is_looked_for_over_30_seconds_and_never_sent_again():
    error = failure(
        posted(OVERDUE, lasting=60),
        surveyed(),
        pause(1),
        surveyed(),
        pause(2),
        surveyed(),
        pause(4),
        surveyed(),
        pause(8),
        surveyed(),
        pause(15),
        surveyed(),
    )
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME


def test_a_create_that_is_lost_and_then_times_out_is_not_sent_a_third_time():
    error = failure(
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        posted(OVERDUE),
        surveyed(),
        pause(1),
        surveyed(),
        pause(2),
        surveyed(),
        pause(4),
        surveyed(),
        pause(8),
        surveyed(),
        pause(15),
        surveyed(),
    )
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME


@pytest.mark.parametrize("status", [408, 504])
def test_a_create_that_somebody_on_the_way_gave_up_is_looked_for_over_30_seconds(status):
    looks = LOOKS_AFTER_TIMEOUT[:-1]
    with Stage(posted(refused(status)), *looks, surveyed(row(7))) as stage:
        assert create(stage) == (7, False)


@pytest.mark.parametrize("status", [408, 504])
def test_a_create_that_somebody_on_the_way_gave_up_is_sent_once_more_after_30_seconds(status):
    with Stage(posted(refused(status)), *LOOKS_AFTER_TIMEOUT, posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)
    error = failure(posted(refused(status)), *LOOKS_AFTER_TIMEOUT, posted(refused(status)), *LOOKS_AFTER_TIMEOUT)
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME
    assert "may still appear" in error.message


def test_a_create_with_a_code_that_is_limited_is_not_sent_again_and_says_why():
    error = failure(posted(limited(1), WITH_CODE), body=WITH_CODE)
    assert error.kind is ErrorKind.RATE_LIMITED
    assert "spent" in error.message


def test_503_with_retry_after_is_waited_for_and_looked_at_before_it_is_sent_again():
    with Stage(posted(unavailable(9)), pause(9), surveyed(), posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)


def test_503_with_retry_after_whose_instance_is_there_is_adopted():
    with Stage(posted(unavailable(9)), pause(9), surveyed(row(7))) as stage:
        assert create(stage) == (7, False)


def test_503_with_retry_after_is_tried_as_often_as_there_are_resends():
    error = failure(
        posted(unavailable(9)),
        pause(9),
        surveyed(),
        posted(unavailable(9)),
        pause(9),
        surveyed(),
        posted(unavailable(9)),
        pause(9),
        surveyed(),
        retries=2,
    )
    assert error.kind is ErrorKind.SERVER_ERROR
    assert error.status == 503


@pytest.mark.parametrize(("answer", "wait"), [(NOT_SENT, 0.5), (limited(4), 4)])
def test_a_create_that_was_not_taken_is_sent_again_without_looking(answer, wait):
    with Stage(posted(answer), pause(wait), posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_create_that_is_refused_is_an_error_at_once(status):
    assert failure(posted(refused(status))).status == status


@pytest.mark.parametrize(
    "after",
    [
        (posted(LOST, WITH_CODE), pause(0.5), surveyed(), pause(2), surveyed()),
        (posted(refused(500), WITH_CODE), pause(0.5), surveyed(), pause(2), surveyed()),
        (posted(unavailable(9), WITH_CODE), pause(9), surveyed()),
        (posted(OVERDUE, WITH_CODE), *LOOKS_AFTER_TIMEOUT),
        (posted(refused(504), WITH_CODE), *LOOKS_AFTER_TIMEOUT),
    ],
    ids=["lost", "500", "503 with Retry-After", "timeout", "504"],
)
def test_a_create_with_a_code_is_never_sent_twice_and_the_message_says_why(after):
    error = failure(*after, body=WITH_CODE)
    assert "provider_data" in error.message
    assert "spent" in error.message
    assert "canary-code" not in error.message


def test_a_lost_create_with_a_code_that_is_found_is_adopted():
    with Stage(posted(LOST, WITH_CODE), pause(0.5), surveyed(row(7))) as stage:
        assert create(stage, WITH_CODE) == (7, False)


def test_a_create_with_a_code_that_never_left_is_sent():
    with Stage(posted(NOT_SENT, WITH_CODE), pause(0.5), posted(row(7), WITH_CODE), own(light(7))) as stage:
        assert create(stage, WITH_CODE) == (7, True)


def test_a_lost_create_of_which_two_are_found_is_ambiguous_and_nothing_is_removed():
    both = surveyed(row(7), row(9))
    error = failure(posted(LOST), pause(0.5), both, pause(1), both, pause(2), both, pause(4), both)
    assert error.kind is ErrorKind.AMBIGUOUS
    assert "7" in error.message
    assert "9" in error.message


def test_a_create_sent_again_that_is_there_twice_is_ambiguous_and_nothing_is_removed():
    both = own(light(7), light(9))
    error = failure(
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        posted(row(9)),
        own(light(7), light(9)),
        both,
        pause(1),
        both,
        pause(2),
        both,
        pause(4),
        both,
    )
    assert error.kind is ErrorKind.AMBIGUOUS
    assert "created with id 9" in error.message


def test_a_create_sent_again_that_is_there_twice_until_another_run_removes_its_own_is_ours():
    with Stage(
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        posted(row(9)),
        own(light(7), light(9)),
        own(light(7), light(9)),
        pause(1),
        own(light(9)),
    ) as stage:
        assert create(stage) == (9, True)


def test_a_create_sent_again_whose_second_instance_goes_away_ends_with_the_one_that_stays():
    with Stage(
        posted(LOST),
        pause(0.5),
        surveyed(),
        pause(2),
        surveyed(),
        posted(row(9)),
        own(light(7), light(9)),
        own(light(7), light(9)),
        pause(1),
        own(light(7)),
    ) as stage:
        assert create(stage) == (7, False)


@pytest.mark.parametrize(
    "script",
    [
        (posted(row(7)), listed(light(6, name="other"), hydrate=False, total="9"),
         listed(light(6, name="other"), hydrate=False, search=None, total="9")),
        (posted(LOST), pause(0.5), listed(row(6, name="other"), search="stripe", total="9"),
         listed(row(6, name="other"), search=None, total="9")),
    ],
    ids=["made", "lost"],
)  # fmt: skip
def test_an_error_after_the_create_does_not_say_that_nothing_was_written(script):
    error = failure(*script)
    assert "Nothing was written" not in error.message


def test_a_lost_create_that_can_not_be_looked_for_has_an_unknown_outcome():
    error = failure(posted(LOST), pause(0.5), list_fails(refused(403), search="stripe"))
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME
    assert "the connection broke" in error.message


def test_a_lost_create_without_time_to_look_has_an_unknown_outcome():
    error = failure(posted(LOST, lasting=600), deadline=600)
    assert error.kind is ErrorKind.UNKNOWN_OUTCOME


CHANGED = row(7, name="PAYMENTS")


def exact(*rows):
    """Return the turn of the listing that shows whether the name that was sent is there too."""
    return listed(*rows, search="stripe", hydrate=False)


def test_an_instance_stored_under_another_name_is_removed_again_if_this_run_certainly_made_it():
    error = failure(posted(CHANGED), read(CHANGED), exact(light(7, name="PAYMENTS")), deleted(7), surveyed())
    assert error.kind is ErrorKind.NAME_CHANGED
    assert "'PAYMENTS'" in error.message
    assert "'payments'" in error.message
    assert "removed again" in error.message


def test_an_instance_stored_under_another_name_that_cannot_be_removed_is_an_error_with_its_id():
    error = failure(posted(CHANGED), read(CHANGED), exact(), deleted(7, refused(409, "In use")))
    assert error.kind is ErrorKind.IN_USE
    assert "id 7" in error.message


DOUBTFUL = [
    (row(2, name="PAYMENTS"), {}, "it was there before"),
    (row(7, name="PAYMENTS", createdDate=BEFORE), {}, "created before"),
    (row(7, name="PAYMENTS", createdDate=None), {}, "does not tell when"),
    (row(7, name="PAYMENTS", createdDate="yesterday"), {}, "does not tell when"),
    (row(7, name="PAYMENTS", tags=["theirs"]), {}, "not what was sent"),
    (CHANGED, {"dated": False}, "its own time"),
]


@pytest.mark.parametrize(("answer", "settings", "reason"), DOUBTFUL)
def test_what_this_run_may_not_have_made_is_never_removed(answer, settings, reason):
    error = failure(posted(answer), read(answer), **settings)
    assert error.kind is ErrorKind.NAME_CHANGED
    assert f"with id {answer['id']}" in error.message
    assert reason in error.message


@pytest.mark.parametrize(("answer", "settings", "reason"), DOUBTFUL[1:])
def test_a_run_that_lost_a_race_removes_nothing_that_it_may_not_have_made(answer, settings, reason):
    mine = {**answer, "id": 9, "name": "payments"}
    error = failure(posted(mine), own(light(7), light(9)), read(row(7)), read(mine), **settings)
    assert error.kind is ErrorKind.AMBIGUOUS
    assert "7 and 9" in error.message
    assert reason in error.message


def test_an_answer_under_a_changed_name_is_another_run_s_if_the_own_instance_is_there():
    error = failure(posted(row(7, name="payments-eu")), read(row(7, name="payments-eu")), exact(light(8)))
    assert error.kind is ErrorKind.NAME_CHANGED and "the name that was sent is there too" in error.message


def test_the_time_of_a_create_is_that_of_the_request_that_was_answered():
    theirs = row(7, name="PAYMENTS", createdDate="2026-01-01T00:00:05Z")
    error = failure(posted(limited(10)), pause(10), posted(theirs), read(theirs))
    assert "created before this run asked" in error.message


def test_an_older_instance_that_only_its_row_calls_so_does_not_win_a_race():
    stale = read(row(5, name="blog"))
    with Stage(posted(row(9)), own(light(5), light(9)), stale) as stage:
        assert create(stage) == (9, True)


def test_what_somebody_changed_since_is_not_removed():
    error = failure(posted(CHANGED), read({**CHANGED, "tags": ["theirs"]}))
    assert "not what was sent" in error.message
    error = failure(posted(CHANGED), read({**CHANGED, "name": "theirs"}))
    assert "renamed in the meantime" in error.message


@pytest.mark.parametrize(
    "answer",
    [
        row(7, element_key="sfdc"),
        row(7, name="something else"),
        row(7, name="payments 2"),
        row(2, name="payments 2"),
    ],
    ids=["another element", "another name", "what this run wants too", "an old id"],
)
def test_an_answer_that_is_about_another_instance_is_no_answer_and_nothing_is_sent_again(answer):
    there = surveyed(answer)
    with (
        Stage(posted(answer), pause(0.5), there, pause(2), there) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        create_knowing(stage)
    assert caught.value.kind is ErrorKind.UNKNOWN_OUTCOME
    assert f"id {answer['id']}" in caught.value.message
    assert stage.closed == 1


def test_an_answer_that_was_given_before_is_no_answer_and_nothing_is_sent_again():
    with (
        Stage(posted(row(2)), pause(0.5), surveyed(), pause(2), surveyed()) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        create_knowing(stage)
    assert caught.value.kind is ErrorKind.UNKNOWN_OUTCOME


def test_an_answer_that_is_about_another_instance_does_not_hide_the_own_one():
    with Stage(posted(row(8, name="else")), pause(0.5), surveyed(row(8, name="else"), row(9))) as stage:
        assert create(stage) == (9, False)


@pytest.mark.parametrize("stored", ["Payments", "PAYMENTS", "pay", "<b>payments</b>", "payments (1)"])
def test_a_lost_create_that_shows_under_a_changed_name_is_not_sent_again(stored):
    error = failure(posted(LOST), pause(0.5), surveyed(row(1, name=stored), row(7, name=stored)))
    assert error.kind is ErrorKind.NAME_CHANGED
    assert "with id 7" in error.message
    assert "id 1" not in error.message


@pytest.mark.parametrize(
    "other", [row(7, name="payments 2"), row(7, name="blog"), row(7, name="Payments", tags=["theirs"])]
)
def test_what_is_new_but_not_a_lost_create_does_not_keep_it_from_being_sent_again(other):
    there = surveyed(other)
    with Stage(posted(LOST), pause(0.5), there, pause(2), there, posted(row(9)), own(light(9))) as stage:
        assert create(stage) == (9, True)


def test_what_a_lost_create_left_under_a_changed_name_is_named_once_it_shows():
    error = failure(
        *(posted(LOST), pause(0.5), surveyed(), pause(2), surveyed()),
        *(posted(row(9, name="PAYMENTS")), read(row(9, name="PAYMENTS")), exact(), deleted(9)),
        surveyed(row(7, name="PAYMENTS")),
    )
    assert error.kind is ErrorKind.NAME_CHANGED
    assert "may have left: 7" in error.message


def test_an_error_after_the_create_tells_the_id_that_was_made():
    error = failure(posted(row(7)), list_fails(refused(403), hydrate=False))
    assert error.kind is ErrorKind.FORBIDDEN
    assert "id 7" in error.message


def test_a_deadline_after_the_create_tells_the_id_that_was_made():
    error = failure(posted(row(7), lasting=599.8), own(), deadline=600)
    assert error.kind is ErrorKind.DEADLINE
    assert "id 7" in error.message


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_create_with_a_code_that_is_refused_says_that_the_code_may_be_spent(status):
    error = failure(posted(refused(status), WITH_CODE), body=WITH_CODE)
    assert "The code in provider_data may be spent" in error.message


def test_an_instance_of_another_element_key_is_never_removed():
    error = failure(posted(row(7, element_key="Stripe")))
    assert error.kind is ErrorKind.NAME_CHANGED
    assert "element 'Stripe', with id 7" in error.message and "It was not removed" in error.message
