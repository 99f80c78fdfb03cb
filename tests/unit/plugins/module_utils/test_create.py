# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._create import Creator
from ansible_collections.cloud_elements.platform.plugins.module_utils._errors import CloudElementsError, Kind
from ansible_collections.cloud_elements.platform.plugins.module_utils._race import settle_race
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    BODY,
    LOST,
    NOT_SENT,
    OVERDUE,
    Stage,
    deleted,
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
    unavailable,
    wanted,
)

WITH_CODE = {**BODY, "providerData": {"code": "canary-code"}}


def create(stage: Stage, body=None):
    """Return the id of the instance that the create ends with, and whether it is this run's own."""
    about = (wanted(), stage.client, stage.pace, stage.reports.append)
    made = settle_race(Creator(*about).create(body or BODY), *about)
    return made.instance.id, made.own


def failure(*script, body=None, **settings) -> CloudElementsError:
    with Stage(*script, **settings) as stage, pytest.raises(CloudElementsError) as caught:
        create(stage, body)
    return caught.value


LOOKS_AFTER_TIMEOUT = (
    listed(), pause(1), listed(), pause(2), listed(), pause(4), listed(), pause(8), listed(), pause(15), listed(),
)  # fmt: skip


def own(*rows):
    """Return the turn of the listing that follows a create, which needs no configuration."""
    return listed(*rows, hydrate=False)


def test_a_lost_create_that_is_listed_but_can_not_be_read_yet_is_never_sent_again():
    with Stage(posted(LOST), pause(0.5), listed(light(7)), read_missing(7)) as stage:
        assert create(stage) == (7, False)


def test_a_create_is_one_post_and_one_listing():
    with Stage(posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)
    assert stage.client.calls == {"POST": 1, "GET": 1}
    assert stage.reports == []


def test_an_own_instance_that_is_not_listed_at_once_is_waited_for():
    with Stage(posted(row(7)), own(), pause(0.5), own(), pause(1), own(light(7))) as stage:
        assert create(stage) == (7, True)
    assert stage.reports == []


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
    (warning,) = stage.reports
    assert "id 7" in warning
    assert "payments" in warning


def test_of_two_runs_at_once_the_one_with_the_lower_id_keeps_its_own():
    with Stage(posted(row(7)), own(light(9), light(7))) as stage:
        assert create(stage) == (7, True)


def test_of_two_runs_at_once_the_one_with_the_higher_id_removes_its_own_and_takes_the_other():
    with Stage(posted(row(9)), own(light(7), light(9)), read(row(7)), deleted(9)) as stage:
        assert create(stage) == (7, False)
    (warning,) = stage.reports
    assert "id 7" in warning
    assert "id 9" in warning


def test_a_listing_without_the_own_instance_does_not_decide_a_race():
    with Stage(posted(row(9)), own(light(7)), pause(0.5), own(light(7), light(9)), read(row(7)), deleted(9)) as stage:
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
        posted(row(9)), own(light(7), light(9)), read(row(7)), deleted(9, LOST), pause(0.5), deleted(9, refused(404))
    ) as stage:
        assert create(stage) == (7, False)


def test_an_own_instance_that_can_not_be_removed_is_an_error_with_its_id():
    error = failure(posted(row(9)), own(light(7), light(9)), read(row(7)), deleted(9, refused(403)))
    assert error.kind is Kind.FORBIDDEN
    assert "id 9" in error.message
    assert "by hand" in error.message


def test_an_own_instance_that_can_not_be_removed_in_time_is_an_error_with_its_id():
    error = failure(
        posted(row(9)), own(light(7), light(9)), read(row(7)), deleted(9, unavailable(700), lasting=600), deadline=600
    )
    assert "id 9" in error.message


@pytest.mark.parametrize("lost", [LOST, refused(500), refused(502), refused(503)])
def test_a_lost_create_that_is_found_is_adopted(lost):
    with Stage(posted(lost), pause(0.5), listed(row(7))) as stage:
        assert create(stage) == (7, False)
    (warning,) = stage.reports
    assert "id 7" in warning
    assert stage.client.calls["POST"] == 1


def test_a_lost_create_that_shows_in_the_second_listing_only_is_adopted():
    with Stage(posted(LOST), pause(0.5), listed(), pause(2), listed(row(7))) as stage:
        assert create(stage) == (7, False)


def test_what_is_adopted_is_read_in_whole():
    with Stage(posted(LOST), pause(0.5), listed(light(7)), read(row(7))) as stage:
        assert create(stage) == (7, False)


def test_a_lost_create_is_sent_once_more_only_after_two_empty_listings_apart():
    with Stage(posted(LOST), pause(0.5), listed(), pause(2), listed(), posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)
    assert len(stage.reports) == 1


def test_a_create_that_is_lost_twice_is_not_sent_a_third_time():
    error = failure(
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
    )
    assert error.kind is Kind.UNKNOWN_OUTCOME
    assert "the instance 'payments' of element 'stripe'" in error.message


def test_a_create_that_is_lost_twice_and_then_found_is_adopted():
    with Stage(
        posted(LOST), pause(0.5), listed(), pause(2), listed(), posted(LOST), pause(0.5), listed(row(7))
    ) as stage:
        assert create(stage) == (7, False)


def test_a_lost_create_is_sent_once_more_however_few_resends_there_are():
    error = failure(
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
        retries=20,
    )
    assert error.kind is Kind.UNKNOWN_OUTCOME


def test_a_create_that_timed_out_and_shows_later_is_adopted():
    with Stage(
        posted(OVERDUE, lasting=60), listed(), pause(1), listed(), pause(2), listed(), pause(4), listed(row(7))
    ) as stage:
        assert create(stage) == (7, False)


def test_a_create_that_timed_out_is_looked_for_over_30_seconds_and_never_sent_again():
    error = failure(
        posted(OVERDUE, lasting=60),
        listed(),
        pause(1),
        listed(),
        pause(2),
        listed(),
        pause(4),
        listed(),
        pause(8),
        listed(),
        pause(15),
        listed(),
    )
    assert error.kind is Kind.UNKNOWN_OUTCOME


def test_a_create_that_is_lost_and_then_times_out_is_not_sent_a_third_time():
    error = failure(
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
        posted(OVERDUE),
        listed(),
        pause(1),
        listed(),
        pause(2),
        listed(),
        pause(4),
        listed(),
        pause(8),
        listed(),
        pause(15),
        listed(),
    )
    assert error.kind is Kind.UNKNOWN_OUTCOME


@pytest.mark.parametrize("status", [408, 504])
def test_a_create_that_somebody_on_the_way_gave_up_is_looked_for_over_30_seconds(status):
    looks = LOOKS_AFTER_TIMEOUT[:-1]
    with Stage(posted(refused(status)), *looks, listed(row(7))) as stage:
        assert create(stage) == (7, False)


@pytest.mark.parametrize("status", [408, 504])
def test_a_create_that_somebody_on_the_way_gave_up_is_sent_once_more_after_30_seconds(status):
    with Stage(posted(refused(status)), *LOOKS_AFTER_TIMEOUT, posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)
    error = failure(posted(refused(status)), *LOOKS_AFTER_TIMEOUT, posted(refused(status)), *LOOKS_AFTER_TIMEOUT)
    assert error.kind is Kind.UNKNOWN_OUTCOME
    assert "may still appear" in error.message


def test_a_create_with_a_code_that_is_limited_is_not_sent_again_and_says_why():
    error = failure(posted(limited(1), WITH_CODE), body=WITH_CODE)
    assert error.kind is Kind.RATE_LIMITED
    assert "spent" in error.message


def test_503_with_retry_after_is_waited_for_and_looked_at_before_it_is_sent_again():
    with Stage(posted(unavailable(9)), pause(9), listed(), posted(row(7)), own(light(7))) as stage:
        assert create(stage) == (7, True)


def test_503_with_retry_after_whose_instance_is_there_is_adopted():
    with Stage(posted(unavailable(9)), pause(9), listed(row(7))) as stage:
        assert create(stage) == (7, False)


def test_503_with_retry_after_is_tried_as_often_as_there_are_resends():
    error = failure(
        posted(unavailable(9)),
        pause(9),
        listed(),
        posted(unavailable(9)),
        pause(9),
        listed(),
        posted(unavailable(9)),
        pause(9),
        listed(),
        retries=2,
    )
    assert error.kind is Kind.SERVER_ERROR
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
        (posted(LOST, WITH_CODE), pause(0.5), listed(), pause(2), listed()),
        (posted(refused(500), WITH_CODE), pause(0.5), listed(), pause(2), listed()),
        (posted(unavailable(9), WITH_CODE), pause(9), listed()),
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
    with Stage(posted(LOST, WITH_CODE), pause(0.5), listed(row(7))) as stage:
        assert create(stage, WITH_CODE) == (7, False)


def test_a_create_with_a_code_that_never_left_is_sent():
    with Stage(posted(NOT_SENT, WITH_CODE), pause(0.5), posted(row(7), WITH_CODE), own(light(7))) as stage:
        assert create(stage, WITH_CODE) == (7, True)


def test_a_lost_create_of_which_two_are_found_is_ambiguous_and_nothing_is_removed():
    both = listed(row(7), row(9))
    error = failure(posted(LOST), pause(0.5), both, pause(1), both, pause(2), both, pause(4), both)
    assert error.kind is Kind.AMBIGUOUS
    assert "7" in error.message
    assert "9" in error.message


def test_a_create_sent_again_that_is_there_twice_is_ambiguous_and_nothing_is_removed():
    both = listed(row(7), row(9))
    error = failure(
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
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
    assert error.kind is Kind.AMBIGUOUS
    assert "created with id 9" in error.message


def test_a_create_sent_again_that_is_there_twice_until_another_run_removes_its_own_is_ours():
    with Stage(
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
        posted(row(9)),
        own(light(7), light(9)),
        listed(row(7), row(9)),
        pause(1),
        listed(row(9)),
    ) as stage:
        assert create(stage) == (9, True)


def test_a_create_sent_again_whose_second_instance_goes_away_ends_with_the_one_that_stays():
    with Stage(
        posted(LOST),
        pause(0.5),
        listed(),
        pause(2),
        listed(),
        posted(row(9)),
        own(light(7), light(9)),
        listed(row(7), row(9)),
        pause(1),
        listed(row(7)),
    ) as stage:
        assert create(stage) == (7, False)


@pytest.mark.parametrize(
    "script",
    [
        (posted(row(7)), listed(light(6, name="other"), hydrate=False, total="9"),
         listed(light(6, name="other"), hydrate=False, search=None, total="9")),
        (posted(LOST), pause(0.5), listed(row(6, name="other"), total="9"),
         listed(row(6, name="other"), search=None, total="9")),
    ],
    ids=["made", "lost"],
)  # fmt: skip
def test_an_error_after_the_create_does_not_say_that_nothing_was_written(script):
    error = failure(*script)
    assert "Nothing was written" not in error.message


def test_a_lost_create_that_can_not_be_looked_for_has_an_unknown_outcome():
    error = failure(posted(LOST), pause(0.5), list_fails(refused(403)))
    assert error.kind is Kind.UNKNOWN_OUTCOME
    assert "the connection broke" in error.message


def test_a_lost_create_without_time_to_look_has_an_unknown_outcome():
    error = failure(posted(LOST, lasting=600), deadline=600)
    assert error.kind is Kind.UNKNOWN_OUTCOME


def test_an_instance_stored_under_another_name_is_taken_back_and_refused():
    error = failure(posted(row(7, name="pay ments")), deleted(7))
    assert error.kind is Kind.NAME_CHANGED
    assert "'pay ments'" in error.message
    assert "'payments'" in error.message


def test_an_instance_stored_as_another_element_is_taken_back_and_refused():
    assert failure(posted(row(7, element_key="sfdc")), deleted(7)).kind is Kind.NAME_CHANGED


def test_an_instance_stored_under_another_name_that_can_not_be_taken_back_is_an_error_with_its_id():
    error = failure(posted(row(7, name="pay ments")), deleted(7, refused(409, "In use")))
    assert error.kind is Kind.IN_USE
    assert "id 7" in error.message


def test_an_error_after_the_create_tells_the_id_that_was_made():
    error = failure(posted(row(7)), list_fails(refused(403), hydrate=False))
    assert error.kind is Kind.FORBIDDEN
    assert "id 7" in error.message


def test_a_deadline_after_the_create_tells_the_id_that_was_made():
    error = failure(posted(row(7), lasting=599.8), own(), deadline=600)
    assert error.kind is Kind.DEADLINE
    assert "id 7" in error.message
