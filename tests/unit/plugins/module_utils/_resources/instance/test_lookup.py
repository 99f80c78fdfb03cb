# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.lookup import (
    find,
    look,
    refuse_taken,
    search_text,
    select,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    Stage,
    desired,
    light,
    listed,
    pause,
    read,
    read_missing,
    row,
)
from hypothesis import given
from hypothesis import strategies as st

names = st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9 ._%&'\"*-]{0,90}", fullmatch=True)


@given(names, st.none() | names)
def test_the_search_text_is_a_part_of_the_name_or_the_element_key_without_any_special_character(name, key):
    text = search_text(name, key)
    if text is None:
        return
    assert text in name or text in (key or "")
    assert re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9])?", text)
    assert 3 <= len(text) <= 64


@pytest.mark.parametrize(
    ("name", "key", "text"),
    [
        ("payments", "stripe", "payments"),
        ("payments eu-1", "stripe", "payments eu-1"),
        ("50% of 'payments'", "stripe", "payments"),
        ("Zahlungen für Köln", "stripe", "Zahlungen f"),
        ("ab", "stripe", "stripe"),
        ("ab", "c", None),
        ("ab", None, None),
        ("ПЛАТЕЖИ", "stripe", "stripe"),
        ("x" * 100, "stripe", "x" * 64),
        ("x" * 63 + " y", "stripe", "x" * 63),
    ],
)
def test_the_longest_plain_part_is_searched_for(name, key, text):
    assert search_text(name, key) == text


def test_what_can_not_be_searched_for_is_listed_in_whole():
    with Stage(listed(row(7, name="ab"), search=None)) as stage:
        assert find(desired("ab", None), stage.client).id == 7


def test_nothing_found_is_none_after_one_request():
    with Stage(listed()) as stage:
        assert find(desired(), stage.client) is None


@pytest.mark.parametrize("other", ["Payments", "payments ", " payments", "payments-2", "payment", "my payments"])
def test_a_name_that_is_only_similar_does_not_match(other):
    with Stage(listed(row(7, name=other))) as stage:
        assert find(desired(), stage.client) is None


def test_an_instance_of_another_element_does_not_match():
    with Stage(listed(row(6, element_key="sfdc"), row(7))) as stage:
        assert find(desired(), stage.client).id == 7


def test_without_an_element_key_any_element_matches():
    with Stage(listed(row(6, element_key="sfdc"))) as stage:
        assert find(desired(element_key=None), stage.client).id == 6


@pytest.mark.parametrize("more", [{"name": None}, {"name": "other"}, {"present": False}])
def test_an_id_decides_alone(more):
    with Stage(read(row(7, name="other", element_key="sfdc"))) as stage:
        assert find(desired(**{"id": 7, **more}), stage.client).name == "other"


def test_a_name_that_nobody_else_has_may_be_given():
    others = light(8, element_key="sfdc"), light(9, name="Payments"), light(10, name="payments 2")
    with Stage(read(row(7, name="old")), listed(*others, hydrate=False)) as stage:
        assert find(desired(element_key=None, id=7), stage.client).name == "old"


@pytest.mark.parametrize("element_key", [None, "stripe"])
def test_a_name_that_another_instance_of_the_element_has_can_not_be_given(element_key):
    with (
        Stage(read(row(7, name="old")), listed(light(7, name="old"), light(9), hydrate=False)) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        find(desired(element_key=element_key, id=7), stage.client)
    assert caught.value.kind is ErrorKind.AMBIGUOUS
    assert all(word in caught.value.message for word in ("id 7", "id 9", "'payments'", "renamed"))


def test_whether_a_name_is_taken_is_not_told_by_a_listing_with_gaps():
    with (
        Stage(
            read(row(7, name="old")),
            listed(light(7, name="old"), hydrate=False, total="3"),
            listed(light(7, name="old"), search=None, hydrate=False, total="3"),
        ) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        find(desired(id=7), stage.client)
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE


stored = st.builds(
    Instance, st.integers(1, 9), st.sampled_from(["payments", "old"]), st.sampled_from(["stripe", "sfdc", None])
)


@given(stored, st.lists(stored, max_size=4, unique_by=lambda instance: instance.id))
def test_a_name_is_taken_only_by_another_instance_of_the_same_element(instance, others):
    wish = desired(element_key=None, id=instance.id)
    matches = select(wish, others)
    assert {match.id for match in matches} == {other.id for other in others if other.name == "payments"}
    taken = any(
        other.id != instance.id and other.name == "payments" and other.element_key == instance.element_key
        for other in others
    )
    try:
        refuse_taken(wish, instance, matches)
    except CloudElementsError as error:
        assert taken
        assert error.kind is ErrorKind.AMBIGUOUS
    else:
        assert not taken


def test_a_listing_with_gaps_is_asked_for_again_without_the_search():
    with Stage(listed(row(1, name="payments 2"), total="9"), listed(row(7), search=None, total="1")) as stage:
        assert [match.id for match in look(desired(), stage.client).matches] == [7]
    with Stage(listed(row(1, name="payments 2"), total="9"), listed(row(1), row(2), search=None, total="2")) as stage:
        assert [match.id for match in look(desired(), stage.client).matches] == [1, 2]


def test_a_listing_that_keeps_its_gaps_is_used_where_the_instance_is_in_it():
    with Stage(listed(row(7), total="9"), listed(row(7), search=None, total="9")) as stage:
        assert [match.id for match in look(desired(), stage.client).matches] == [7]


def test_no_match_in_a_listing_that_keeps_its_gaps_is_an_error_and_never_nothing():
    other = row(1, name="payments 2")
    with (
        Stage(listed(other, total="9"), listed(other, search=None, total="9")) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        look(desired(), stage.client)
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE
    assert "'payments'" in caught.value.message


def test_an_id_that_does_not_exist_is_none():
    with Stage(read_missing(7)) as stage:
        assert find(desired(id=7), stage.client) is None


def test_a_row_without_configuration_is_read_by_its_id():
    with Stage(listed(light(7)), read(row(7, configuration={"a": "b"}))) as stage:
        assert find(desired(), stage.client).configuration == {"a": "b"}


def test_a_row_that_is_gone_when_it_is_read_is_none_once_it_is_no_longer_listed():
    with Stage(listed(light(7)), read_missing(7), pause(1), listed()) as stage:
        assert find(desired(), stage.client) is None


def test_a_row_that_can_not_be_read_yet_is_not_taken_for_gone():
    with Stage(
        listed(light(7)), read_missing(7), pause(1), listed(light(7)), read_missing(7), pause(2), listed(light(7)),
        read(row(7)),
    ) as stage:  # fmt: skip
        assert find(desired(), stage.client).id == 7


def test_a_row_that_stays_listed_and_can_not_be_read_is_an_error():
    looks = [turn for wait in (1, 2, 4, 8, 15) for turn in (pause(wait), listed(light(7)), read_missing(7))]
    with Stage(listed(light(7)), read_missing(7), *looks) as stage, pytest.raises(CloudElementsError) as caught:
        find(desired(), stage.client)
    assert caught.value.kind is ErrorKind.INVALID_RESPONSE
    assert "'payments'" in caught.value.message and "id 7" in caught.value.message


def test_a_match_on_the_second_page_is_found():
    with Stage(listed(row(1, name="payments-old"), next_token="t1"), listed(row(7), page="t1")) as stage:
        assert find(desired(), stage.client).id == 7


def test_two_matches_that_stay_are_an_error_that_names_them_and_what_decides():
    both = listed(row(9), row(7))
    with (
        Stage(both, pause(1), both, pause(2), both, pause(4), both) as stage,
        pytest.raises(CloudElementsError) as caught,
    ):
        find(desired(), stage.client)
    assert caught.value.kind is ErrorKind.AMBIGUOUS
    assert re.search(r"\b7\b.*\b9\b", caught.value.message)
    assert re.search(r"\bid\b", caught.value.message)
    assert "'payments'" in caught.value.message


@pytest.mark.parametrize("pauses", [(1,), (1, 2), (1, 2, 4)])
def test_two_matches_of_which_one_goes_away_are_one(pauses):
    both = listed(row(7), row(9))
    script = [both]
    for seconds in pauses:
        script += [pause(seconds), both]
    script[-1] = listed(row(9))
    with Stage(*script) as stage:
        assert find(desired(), stage.client).id == 9


def test_two_matches_that_both_go_away_are_none():
    with Stage(listed(row(7), row(9)), pause(1), listed()) as stage:
        assert find(desired(), stage.client) is None


def test_matches_come_oldest_first():
    with Stage(listed(row(9), row(10), row(7), hydrate=False)) as stage:
        assert [match.id for match in look(desired(), stage.client, hydrate=False).matches] == [7, 9, 10]
