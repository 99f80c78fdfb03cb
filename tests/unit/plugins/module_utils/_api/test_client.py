# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import caller as caller_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.caller import UncertainError
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.client import Client
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request, Response
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import instance_from
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.retry_policy import Outcome
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import Redactor
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    BODY,
    CONNECTION,
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
    list_fails,
    list_request,
    listed,
    patched,
    pause,
    pinged,
    posted,
    read,
    read_fails,
    read_missing,
    refused,
    row,
    unavailable,
)
from hypothesis import given
from hypothesis import strategies as st

INSTANCE = instance_from(row())


def ids(listing) -> list[int]:
    return [instance.id for instance in listing.instances]


def failure(stage: Stage, call) -> CloudElementsError:
    with stage, pytest.raises(CloudElementsError) as caught:
        call(stage.client)
    return caught.value


def doubt(stage: Stage, call) -> UncertainError:
    with stage, pytest.raises(UncertainError) as caught:
        call(stage.client)
    return caught.value


def list_all(client):
    return client.instances.list()


def read_it(client):
    return client.instances.get(7)


def change(client):
    return client.instances.change(7, {})


def test_a_list_of_one_page_takes_one_request():
    with Stage(listed(row(1), row(2), search=None)) as stage:
        listing = stage.client.instances.list()
    assert ids(listing) == [1, 2]
    assert listing.complete
    assert stage.client.calls == {"GET": 1}
    assert stage.warnings == []


def test_filters_go_into_the_query():
    with Stage(listed(row(1), search="pay", tags=("a", "b c"), hydrate=False)) as stage:
        stage.client.instances.list(search_text="pay", tags=("a", "b c"), hydrate=False)


def test_filters_stay_on_every_page():
    with Stage(
        listed(row(1), search="pay", tags=("a",), next_token="t1"),
        listed(row(2), search="pay", tags=("a",), page="t1"),
    ) as stage:
        assert ids(stage.client.instances.list(search_text="pay", tags=("a",))) == [1, 2]


def test_pages_are_followed_by_their_tokens_until_none_comes():
    first = [row(number) for number in range(1, 201)]
    second = [row(number) for number in range(201, 401)]
    with Stage(
        listed(*first, search=None, next_token="t1", total="401"),
        listed(*second, search=None, page="t1", next_token="t2", total="401"),
        listed(row(401), search=None, page="t2", total="401"),
    ) as stage:
        listing = stage.client.instances.list()
    assert ids(listing) == list(range(1, 402))
    assert listing.complete


@pytest.mark.parametrize(
    ("message", "is_none"), [("No instances found", True), ("There is no such resource", False), ("Not found", False)]
)
def test_a_404_at_an_unusual_path_is_only_an_empty_list_where_the_platform_says_so(message, is_none):
    turn = list_fails(refused(404, message), search=None)
    elsewhere = replace(CONNECTION, base_url="https://platform.example.com/api")
    if is_none:
        with Stage(turn, connection=elsewhere) as stage:
            assert ids(stage.client.instances.list()) == []
    else:
        error = failure(Stage(turn, connection=elsewhere), list_all)
        assert error.kind is ErrorKind.INVALID_RESPONSE and "base_url" in error.message


def test_404_on_the_first_page_is_an_empty_list():
    with Stage(listed(search=None)) as stage:
        listing = stage.client.instances.list()
    assert ids(listing) == []
    assert listing.complete


@pytest.mark.parametrize("trailing", [refused(404, "No instances found"), answered([])])
def test_an_empty_page_behind_a_trailing_token_is_the_end(trailing):
    with Stage(listed(row(1), search=None, next_token="t1"), list_fails(trailing, search=None, page="t1")) as stage:
        assert ids(stage.client.instances.list()) == [1]


def test_an_empty_token_is_none():
    with Stage(listed(row(1), search=None, next_token="")) as stage:
        assert ids(stage.client.instances.list()) == [1]


@pytest.mark.parametrize(("total", "complete"), [(None, False), ("2", True), ("3", False)])
def test_a_token_that_comes_again_ends_the_list_but_only_the_count_says_that_it_is_all(total, complete):
    with Stage(
        listed(row(1), search=None, next_token="t1"),
        listed(row(2), search=None, page="t1", next_token="t1", total=total),
    ) as stage:
        listing = stage.client.instances.list()
    assert ids(listing) == [1, 2] and listing.complete is complete


def test_tokens_that_only_lead_to_known_rows_end_the_list():
    with Stage(
        listed(row(1), row(2), search=None, next_token="t1"),
        listed(row(1), row(2), search=None, page="t1", next_token="t2"),
        listed(row(2), row(1), search=None, page="t2", next_token="t3"),
        listed(row(1), search=None, page="t3", next_token="t4"),
    ) as stage:
        listing = stage.client.instances.list()
    assert ids(listing) == [1, 2] and not listing.complete


def test_a_row_on_two_pages_is_listed_once():
    with Stage(
        listed(row(1), row(2), search=None, next_token="t1"), listed(row(2), row(3), search=None, page="t1")
    ) as stage:
        assert ids(stage.client.instances.list()) == [1, 2, 3]


@pytest.mark.parametrize(
    ("total", "complete"),
    [("2", True), ("3", False), ("1", True), ("0", True), (None, True), ("many", True), ("-1", True)],
)
def test_a_listing_is_complete_unless_the_server_counts_more(total, complete):
    with Stage(listed(row(1), row(2), search=None, total=total)) as stage:
        assert stage.client.instances.list().complete is complete


@pytest.mark.parametrize(
    ("first", "last", "complete"), [("5", "2", False), ("2", "5", False), (None, "3", False), ("2", None, True)]
)
def test_the_largest_count_decides_as_rows_that_go_meanwhile_may_hide_one_that_was_skipped(first, last, complete):
    with Stage(
        listed(row(1), search=None, next_token="t1", total=first), listed(row(2), search=None, page="t1", total=last)
    ) as stage:
        assert stage.client.instances.list().complete is complete


@pytest.mark.parametrize("trailing", [refused(404, "No instances found"), answered([])])
def test_a_last_page_that_counts_nothing_does_not_make_the_count_before_forgotten(trailing):
    with Stage(
        listed(row(1), search=None, next_token="t1", total="5"), list_fails(trailing, search=None, page="t1")
    ) as stage:
        assert not stage.client.instances.list().complete


def test_a_page_that_fails_is_an_error_and_never_the_end_of_the_list():
    stage = Stage(listed(row(1), search=None, next_token="t1"), list_fails(refused(403), search=None, page="t1"))
    assert failure(stage, list_all).kind is ErrorKind.FORBIDDEN


def test_a_page_that_fails_for_a_moment_is_asked_for_again_with_its_own_token():
    with Stage(
        listed(row(1), search=None, next_token="t1"),
        list_fails(refused(500), search=None, page="t1"),
        pause(0.5),
        listed(row(2), search=None, page="t1"),
    ) as stage:
        assert ids(stage.client.instances.list()) == [1, 2]
    assert stage.client.calls == {"GET": 3}


def test_a_404_that_is_not_json_is_an_error_and_no_empty_list():
    error = failure(Stage(list_fails(HTML, search=None)), list_all)
    assert error.kind is ErrorKind.INVALID_RESPONSE
    assert error.status == 404


def test_a_404_without_any_body_is_an_error_and_no_empty_list():
    bodiless = Response(Outcome.REFUSED, 404)
    assert failure(Stage(list_fails(bodiless, search=None)), list_all).status == 404


NOT_THE_PLATFORMS = [
    foreign(404),
    answered({"requestId": "abc"}, 404),
    answered({"message": 5, "requestId": "abc"}, 404),
    answered({"error": "not found"}, 404),
    answered(["message"], 404),
    answered({}, 404, {"elements-request-id": "abc"}),
]


@pytest.mark.parametrize("answer", NOT_THE_PLATFORMS)
@pytest.mark.parametrize(
    ("turn", "call"),
    [
        (lambda answer: list_fails(answer, search=None), list_all),
        (read_fails, lambda client: client.instances.get(7)),
        (lambda answer: deleted(7, answer), lambda client: client.instances.delete(7)),
        (lambda answer: Turn(Request("GET", "/elements/stripe"), answer), lambda client: client.elements.get("stripe")),
        (
            asked_for_users,
            lambda client: client.formula_instances.using(7),
        ),
    ],
)
def test_a_404_without_the_platforms_error_object_stands_for_nothing(turn, call, answer):
    assert failure(Stage(turn(answer)), call).status == 404


def test_the_request_id_of_the_platforms_404_may_be_in_a_header():
    named = answered({"message": "No instances found"}, 404, {"elements-request-id": "abc"})
    with Stage(list_fails(named, search=None), read_fails(named), deleted(7, named)) as stage:
        assert ids(stage.client.instances.list()) == []
        assert stage.client.instances.get(7) is None
        stage.client.instances.delete(7)


@pytest.mark.parametrize("body", [{}, "text", [{"name": "no id"}], [None]])
def test_a_listing_of_another_shape_is_an_error_at_once(body):
    stage = Stage(list_fails(answered(body), search=None))
    error = failure(stage, list_all)
    assert error.kind is ErrorKind.INVALID_RESPONSE
    assert error.attempts == 1
    assert stage.closed == 1


ODD_ROWS = [
    {**row(8), "name": None},
    row(9, tags="x"),
    {**row(10), "name": 7},
    {**row(11), "id": "11", "configuration": []},
]


def test_an_odd_row_is_left_out_and_told_by_its_id():
    with Stage(listed(*ODD_ROWS[:1], row(7), *ODD_ROWS[1:], search=None, total="5")) as stage:
        listing = stage.client.instances.list()
    assert ids(listing) == [7]
    assert listing.complete
    assert len(stage.warnings) == 3
    assert "the instance's name is not a text" in stage.warnings[0]
    assert stage.warnings[0].endswith("left out: 8, 10.")


def test_a_row_without_an_element_is_one_of_an_unknown_element():
    with Stage(listed(row(7, element=None), row(8, element_key=None), search=None)) as stage:
        assert [instance.element_key for instance in stage.client.instances.list().instances] == [None, None]


def test_an_answer_about_another_instance_is_asked_for_again_over_a_new_connection():
    with Stage(read_fails(answered(row(8))), pause(0.5), read(row(7))) as stage:
        assert stage.client.instances.get(7).id == 7
    assert stage.closed == 1
    (report,) = stage.warnings
    assert "about another instance" in report


def test_an_answer_about_another_element_is_asked_for_again_over_a_new_connection():
    request = Request("GET", "/elements/stripe")
    with Stage(
        Turn(request, answered({"key": "sfdc"})), pause(0.5), Turn(request, answered({"key": "stripe"}))
    ) as stage:
        assert stage.client.elements.get("stripe").key == "stripe"
    assert stage.closed == 1


def test_a_change_of_the_name_that_answers_with_another_one_is_in_doubt():
    turn = patched({"name": "b"}, row(7, name="theirs"))
    uncertain = doubt(Stage(turn), lambda client: client.instances.change(7, {"name": "b"}))
    assert uncertain.outcome is Outcome.MISPLACED


def test_ids_in_texts_are_numbers_to_us():
    with Stage(listed(row("7"), search=None)) as stage:
        assert ids(stage.client.instances.list()) == [7]


def test_an_instance_is_read_by_its_id():
    with Stage(read(row(7))) as stage:
        assert stage.client.instances.get(7).name == "payments"


def test_an_instance_that_is_not_there_is_none():
    with Stage(read_missing(7)) as stage:
        assert stage.client.instances.get(7) is None


def test_an_answer_about_another_instance_is_another_shape_and_asked_for_again():
    with Stage(read_fails(answered(row(8))), pause(0.5), read(row(7))) as stage:
        assert stage.client.instances.get(7).id == 7
    error = failure(Stage(read_fails(answered(row(8))), retries=0), lambda client: client.instances.get(7))
    assert error.kind is ErrorKind.INVALID_RESPONSE
    assert "another instance" in error.message


def test_a_change_that_is_answered_about_another_instance_is_in_doubt():
    uncertain = doubt(
        Stage(patched({"name": "b"}, answered(row(8)))), lambda client: client.instances.change(7, {"name": "b"})
    )
    assert uncertain.error.kind is ErrorKind.INVALID_RESPONSE


SPENDING = {"name": "payments", "providerData": {"code": "c"}}
CODED = {**BODY, "providerData": {"code": "c"}}


@pytest.mark.parametrize(
    ("turn", "call"),
    [
        (lambda answer: posted(answer, CODED), lambda client: client.instances.create(CODED)),
        (lambda answer: patched(SPENDING, answer), lambda client: client.instances.change(7, SPENDING)),
    ],
)
def test_a_write_that_spends_a_code_is_sent_again_only_where_nothing_was_sent(turn, call):
    assert failure(Stage(turn(limited(1))), call).kind is ErrorKind.RATE_LIMITED
    for answer in (LOST, OVERDUE, refused(500), unavailable(3)):
        doubt(Stage(turn(answer)), call)
    with Stage(turn(NOT_SENT), pause(0.5), turn(answered(row(7)))) as stage:
        call(stage.client)


@pytest.mark.parametrize(
    ("body", "works"),
    [
        (None, True),
        ({}, True),
        ([], True),
        ({"valid": True}, True),
        ({"valid": "false"}, True),
        ({"valid": False}, False),
    ],
)
def test_a_ping_says_whether_the_connection_works(body, works):
    with Stage(pinged(answered(body))) as stage:
        assert stage.client.instances.ping(INSTANCE) is works


def test_a_404_of_a_proxy_does_not_mean_that_an_instance_is_gone():
    assert failure(Stage(read_fails(HTML)), lambda client: client.instances.get(7)).kind is ErrorKind.INVALID_RESPONSE


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400), ErrorKind.REFUSED),
        (refused(401), ErrorKind.UNAUTHORIZED),
        (refused(403), ErrorKind.FORBIDDEN),
        (Response(Outcome.TLS), ErrorKind.TLS),
        (Response(Outcome.REDIRECT, 302), ErrorKind.REDIRECT),
    ],
)
def test_what_will_not_change_is_not_sent_again(answer, kind):
    error = failure(Stage(read_fails(answer)), lambda client: client.instances.get(7))
    assert error.kind is kind
    assert error.attempts == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (NOT_SENT, ErrorKind.UNREACHABLE),
        (LOST, ErrorKind.CONNECTION_LOST),
        (OVERDUE, ErrorKind.TIMEOUT),
        (refused(500), ErrorKind.SERVER_ERROR),
        (refused(408), ErrorKind.SERVER_ERROR),
        (limited(), ErrorKind.RATE_LIMITED),
    ],
)
def test_a_read_is_sent_again_with_growing_waits_and_a_warning_each_until_no_resend_is_left(answer, kind):
    stage = Stage(
        read_fails(answer),
        pause(0.5),
        read_fails(answer),
        pause(1),
        read_fails(answer),
        pause(2),
        read_fails(answer),
        retries=3,
    )
    error = failure(stage, lambda client: client.instances.get(7))
    assert error.kind is kind
    assert error.attempts == 4
    assert "instance with id 7" in error.message
    assert "4 times" in error.message
    assert len(stage.warnings) == 3
    assert "0.5 seconds" in stage.warnings[0]
    assert stage.client.calls == {"GET": 4}


@pytest.mark.parametrize("answer", [limited(7), unavailable(7)])
def test_a_read_waits_as_long_as_the_server_asks(answer):
    with Stage(read_fails(answer), pause(7), read(row(7))) as stage:
        stage.client.instances.get(7)
    assert "7.0 seconds" in stage.warnings[0]


def test_a_server_that_asks_for_less_than_our_own_wait_does_not_hurry_us():
    with Stage(read_fails(limited(0)), pause(0.5), read(row(7))) as stage:
        stage.client.instances.get(7)


@pytest.mark.parametrize("answer", [NOT_SENT, limited()])
@pytest.mark.parametrize(
    ("turn", "call", "name"),
    [
        (posted, lambda client: client.instances.create(BODY), "payments"),
        (lambda answer: patched({"name": "b"}, answer), lambda client: client.instances.change(7, {"name": "b"}), "b"),
        (lambda answer: deleted(7, answer), lambda client: client.instances.delete(7), "b"),
    ],
)
def test_a_write_that_certainly_had_no_effect_is_sent_again(turn, call, name, answer):
    with Stage(turn(answer), pause(0.5), turn(answered(row(7, name=name)))) as stage:
        call(stage.client)
    assert len(stage.warnings) == 1


@pytest.mark.parametrize(
    ("answer", "wait"),
    [(LOST, 0.5), (OVERDUE, 0.5), (refused(500), 0.5), (refused(408), 0.5), (answered("?"), 0.5), (unavailable(9), 9)],
)
@pytest.mark.parametrize(
    ("turn", "call"),
    [
        (posted, lambda client: client.instances.create(BODY)),
        (lambda answer: patched({"name": "b"}, answer), lambda client: client.instances.change(7, {"name": "b"})),
    ],
)
def test_a_write_that_may_have_had_an_effect_is_not_sent_again_but_in_doubt(turn, call, answer, wait):
    uncertain = doubt(Stage(turn(answer)), call)
    assert uncertain.wait == wait
    assert uncertain.error.attempts == 1


@pytest.mark.parametrize("answer", [LOST, OVERDUE, refused(502), unavailable(3)])
def test_a_delete_without_an_answer_is_in_doubt(answer):
    assert doubt(Stage(deleted(7, answer)), lambda client: client.instances.delete(7)).outcome is answer.outcome


def test_a_request_that_the_deadline_cuts_short_is_told_as_the_end_of_the_task():
    cut = Turn(Request("GET", "/instances/7"), OVERDUE, lasting=30)
    error = failure(Stage(cut, deadline=30), lambda client: client.instances.get(7))
    assert error.kind is ErrorKind.DEADLINE
    assert "Reading the instance with id 7" in error.message and "30 seconds" in error.message
    uncertain = doubt(Stage(posted(OVERDUE, lasting=30), deadline=30), lambda client: client.instances.create(BODY))
    assert (uncertain.error.kind, uncertain.outcome) == (ErrorKind.DEADLINE, Outcome.TIMEOUT)


@pytest.mark.parametrize("body", [[], ["a"], "gone", 0, False])
def test_a_delete_that_is_answered_in_another_shape_is_in_doubt(body):
    turn = deleted(7, answered(body))
    assert doubt(Stage(turn), lambda client: client.instances.delete(7)).outcome is Outcome.MISSHAPEN


def test_a_delete_that_is_answered_about_another_instance_is_in_doubt():
    turn = deleted(7, answered({"id": 999, "name": "other"}))
    assert doubt(Stage(turn), lambda client: client.instances.delete(7)).outcome is Outcome.MISPLACED


def test_a_listing_without_configuration_does_not_make_a_task_forget_what_messages_may_repeat():
    stored = row(7, configuration={"password": "canary-stored-0123"})
    echo = refused(400, "bad: canary-stored-0123")
    with Stage(read(stored), listed(light(7), search=None, hydrate=False), patched({"name": "b"}, echo)) as stage:
        stage.client.instances.get(7)
        stage.client.instances.list(hydrate=False)
        with pytest.raises(CloudElementsError) as caught:
            stage.client.instances.change(7, {"name": "b"})
    assert "canary" not in caught.value.message


@pytest.mark.parametrize("body", [None, {}, {"id": 7}])
def test_a_delete_that_is_answered_is_done(body):
    with Stage(deleted(7, answered(body))) as stage:
        stage.client.instances.delete(7)


def test_a_delete_of_what_is_not_there_is_done():
    with Stage(deleted(7, refused(404))) as stage:
        stage.client.instances.delete(7)


def test_a_delete_that_a_proxy_answers_with_404_is_an_error():
    assert (
        failure(Stage(deleted(7, HTML)), lambda client: client.instances.delete(7)).kind is ErrorKind.INVALID_RESPONSE
    )


def test_a_delete_of_what_is_in_use_is_an_error_that_quotes_the_platform():
    stage = Stage(deleted(7, refused(409, "Used by formula instance 12")))
    error = failure(stage, lambda client: client.instances.delete(7))
    assert error.kind is ErrorKind.IN_USE
    assert "Used by formula instance 12" in error.message


@pytest.mark.parametrize(
    ("turn", "call"),
    [
        (posted(refused(404)), lambda client: client.instances.create(BODY)),
        (patched({"name": "b"}, refused(404)), lambda client: client.instances.change(7, {"name": "b"})),
    ],
)
def test_404_to_a_create_or_change_is_an_error(turn, call):
    assert failure(Stage(turn), call).kind is ErrorKind.NOT_FOUND


def test_calls_are_counted_by_method_resends_included():
    with Stage(
        read_fails(LOST),
        pause(0.5),
        read(row(7)),
        posted(row(8)),
        patched({"name": "b"}, row(7, name="b")),
        deleted(7),
        read(row(7)),
    ) as stage:
        stage.client.instances.get(7)
        stage.client.instances.create(BODY)
        stage.client.instances.change(7, {"name": "b"})
        stage.client.instances.delete(7)
        stage.client.instances.get(7)
    assert stage.client.calls == {"GET": 3, "POST": 1, "PATCH": 1, "DELETE": 1}


def test_a_request_gets_its_timeout_or_what_the_task_has_left():
    stage = Stage(read(row(7)), read(row(7)), deadline=100)
    with stage:
        stage.client.instances.get(7)
        stage.elapse(70)
        stage.client.instances.get(7)
    assert stage.allowed == [60, 30]


def test_without_a_deadline_every_request_gets_its_timeout():
    with Stage(read(row(7)), deadline=None) as stage:
        stage.client.instances.get(7)
    assert stage.allowed == [60]


def test_nothing_is_sent_when_the_time_of_the_task_is_over():
    stage = Stage(deadline=10)
    stage.elapse(10)
    error = failure(stage, lambda client: client.instances.get(7))
    assert error.kind is ErrorKind.DEADLINE
    assert "instance with id 7" in error.message
    assert stage.client.calls == {}


def test_a_wait_beyond_the_deadline_is_not_begun():
    error = failure(Stage(read_fails(limited(700))), lambda client: client.instances.get(7))
    assert error.kind is ErrorKind.RATE_LIMITED
    assert error.attempts == 1


def test_a_server_that_asks_for_a_pause_makes_every_other_request_wait_too():
    with Stage(posted(unavailable(9)), pause(9), read(row(7))) as stage:
        with pytest.raises(UncertainError):
            stage.client.instances.create(BODY)
        stage.client.instances.get(7)


def test_what_the_server_says_is_redacted():
    stage = Stage(posted(refused(400, "Key sk_live_canary is bad")), secrets=["sk_live_canary"])
    error = failure(stage, lambda client: client.instances.create(BODY))
    assert "sk_live_canary" not in error.message
    assert "Key ******** is bad" in error.message


def test_a_warning_is_redacted_too():
    with Stage(
        read_fails(refused(500, "Key sk_live_canary is bad")), pause(0.5), read(row(7)), secrets=["sk_live_canary"]
    ) as stage:
        stage.client.instances.get(7)
    assert "canary" not in "".join(stage.warnings)


@given(st.lists(st.integers(1, 30), max_size=30), st.integers(1, 5))
def test_however_rows_are_cut_into_pages_each_is_listed_once(numbers, size):
    numbers = sorted(set(numbers))
    pages = [numbers[start : start + size] for start in range(0, len(numbers), size)] or [[]]
    script = [
        listed(
            *map(row, page),
            search=None,
            page=f"t{number}" if number else None,
            next_token=f"t{number + 1}" if number + 1 < len(pages) else None,
        )
        for number, page in enumerate(pages)
    ]
    with Stage(*script) as stage:
        assert ids(stage.client.instances.list()) == numbers


def test_by_id_calls_and_listings_never_carry_an_element_token():
    with Stage(
        Turn(list_request(None), answered([row(7)])),
        Turn(Request("GET", "/instances/7", token=None), answered(row(7))),
        Turn(Request("DELETE", "/instances/7", token=None), answered(None)),
    ) as stage:
        stage.client.instances.list()
        stage.client.instances.get(7)
        stage.client.instances.delete(7)


@pytest.mark.parametrize("call", [list_all, lambda client: client.elements.list()], ids=["instances", "elements"])
@pytest.mark.parametrize("rows", ["the same", "other ones"])
@pytest.mark.parametrize("bound", [("MOST_ROWS", 19), ("MOST_BYTES", 1999)], ids=["rows", "bytes"])
def test_a_list_that_does_not_end_is_followed_no_further_than_it_is_worth(call, rows, bound, monkeypatch):
    monkeypatch.setattr(caller_module, *bound)

    class Endless:
        asked = 0

        def exchange(self, request, seconds):
            self.asked += 1
            number = self.asked if rows == "other ones" else 1
            body = [{**row(number), "key": f"element {number}"}]
            return answered(body, headers={"elements-next-page-token": f"t{self.asked}"}, size=100)

    endless = Endless()
    client = Client(CONNECTION, endless, Stage().budget, Redactor([]))
    if rows == "the same":
        call(client)
        assert endless.asked == 1 + caller_module.BARREN_PAGES
    else:
        with pytest.raises(CloudElementsError) as caught:
            call(client)
        assert caught.value.kind is ErrorKind.INVALID_RESPONSE
        assert "has not ended" in caught.value.message
        assert endless.asked == 20


@pytest.mark.parametrize("count", ["9" * 5000, "1e3", "٣", " 1", "+1", "", "0x1"])
def test_a_count_that_can_not_be_read_counts_for_nothing(count):
    with Stage(listed(row(1), search=None, total=count)) as stage:
        assert stage.client.instances.list().complete


@pytest.mark.parametrize("token", ["a\r\nX-Injected: 1", "a\nb", "a b", "a,b", "ä", "\ud800", "\x00", ""])
def test_a_token_that_would_break_the_header_is_not_sent(token):
    error = failure(Stage(), lambda client: client.instances.ping(replace(INSTANCE, token=token)))
    assert error.kind is ErrorKind.INVALID_RESPONSE
    assert error.message.isprintable()


SAID = refused(400, "The token token-of-7, its key canary-key-of-7, its site site-of-7 and 22")
TOLD = row(7, configuration={"api.key": "canary-key-of-7", "site": "site-of-7", "n": "22"})


@pytest.mark.parametrize(
    ("script", "calls"),
    [
        ((listed(TOLD, search=None), read_fails(SAID)), (list_all, read_it)),
        (
            (read(TOLD), deleted(7, SAID)),
            (lambda client: client.instances.get(7), lambda client: client.instances.delete(7)),
        ),
        ((posted(TOLD), patched({}, SAID)), (lambda client: client.instances.create(BODY), change)),
        ((patched({}, TOLD), pinged(SAID)), (change, lambda client: client.instances.ping(INSTANCE))),
    ],
    ids=["a listing", "a read", "a create", "a change"],
)
def test_what_was_told_of_an_instance_is_in_no_message_about_it(script, calls):
    def call_both(client):
        for call in calls:
            call(client)

    message = failure(Stage(*script), call_both).message
    assert "The token ********, its key ********, its site ******** and 22" in message


def test_what_was_told_of_another_instance_does_not_count():
    stage = Stage(listed(row(8), search=None), read_fails(refused(400, "See token-of-8")))

    def both(client):
        list_all(client)
        client.instances.get(7)

    assert "token-of-8" in failure(stage, both).message
