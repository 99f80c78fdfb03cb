# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import (
    Instance,
    OddRow,
    ShapeError,
    instance_from,
    instances_from,
    nothing_about,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.values import as_text
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.comparison import (
    is_verifiable,
    same_value,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import (
    DesiredInstance,
    InstanceFilter,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import Seal
from hypothesis import assume, given
from hypothesis import strategies as st

FULL = {
    "id": 39540,
    "name": "payments",
    "token": "3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=",
    "element": {"id": 42, "key": "stripe", "name": "Stripe"},
    "elementId": 42,
    "tags": ["prod", "payments"],
    "provisionInteractions": [],
    "valid": True,
    "disabled": False,
    "configuration": {"base.url": "https://api.stripe.com/v1", "event.notification.enabled": "false", "x": None},
    "externalAuthentication": "none",
    "user": {"id": 1},
    "createdDate": "2017-08-07T18:46:38Z",
}
SMALLEST = {"id": 1, "name": "a"}

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


def test_a_full_answer_is_read():
    assert instance_from(FULL) == Instance(
        id=39540,
        name="payments",
        element_key="stripe",
        token="3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=",
        tags=frozenset({"prod", "payments"}),
        configuration=FULL["configuration"],
        enabled=True,
        valid=True,
        created_date="2017-08-07T18:46:38Z",
        external_authentication="none",
    )


def test_id_and_name_suffice_and_the_rest_is_not_known():
    instance = instance_from(SMALLEST)
    assert instance == Instance(id=1, name="a", element_key=None)
    assert not instance.is_complete


@pytest.mark.parametrize("missing", ["configuration", "token", "element"])
def test_an_instance_without_what_a_read_by_id_tells_is_not_complete(missing):
    assert instance_from(FULL).is_complete
    assert not instance_from({key: value for key, value in FULL.items() if key != missing}).is_complete


def test_an_empty_configuration_counts_as_not_included():
    assert not instance_from({**FULL, "configuration": {}}).is_complete


@pytest.mark.parametrize(
    ("given_tags", "tags"),
    [
        (None, set()),
        ([], set()),
        (["a", "b", "a"], {"a", "b"}),
        ([{"id": 12, "name": "my_first_tag"}], {"my_first_tag"}),
        ([{"id": 12, "name": "a"}, "b"], {"a", "b"}),
    ],
)
def test_tags_may_be_texts_or_objects_or_missing(given_tags, tags):
    assert instance_from({**FULL, "tags": given_tags}).tags == tags


def test_a_fingerprint_among_the_tags_is_kept_apart_from_them():
    mark = Seal("organization", b"0123456789ab").fingerprint({"password": "p"})
    instance = instance_from({**FULL, "tags": ["prod", mark]})
    assert (instance.tags, instance.fingerprints) == ({"prod"}, {mark})


@given(st.integers(1, 2**63 - 1))
def test_an_id_may_be_a_number_or_its_digits(number):
    assert instance_from({**FULL, "id": number}).id == number
    assert instance_from({**FULL, "id": str(number)}).id == number


@pytest.mark.parametrize(
    ("flags", "enabled", "valid"),
    [
        ({}, True, None),
        ({"disabled": True, "valid": False}, False, False),
        ({"disabled": None, "valid": "true"}, True, None),
        ({"disabled": "true"}, False, None),
        ({"disabled": "True"}, False, None),
        ({"disabled": "false"}, True, None),
        ({"disabled": 1}, True, None),
    ],
)
def test_flags_count_only_where_they_are_what_is_documented_and_disabled_as_text_too(flags, enabled, valid):
    instance = instance_from({**SMALLEST, **flags})
    assert (instance.enabled, instance.valid) == (enabled, valid)


@pytest.mark.parametrize("token", [None, "", 5, {}])
def test_what_is_no_token_is_none(token):
    assert instance_from({**FULL, "token": token}).token is None


STRIPE = Instance(7, "payments", "stripe", tags=frozenset({"a", "b"}))


@pytest.mark.parametrize(
    "question",
    [
        InstanceFilter(),
        InstanceFilter(id=7),
        InstanceFilter(name="payments"),
        InstanceFilter(element_key="stripe"),
        InstanceFilter(tags=frozenset({"a"})),
        InstanceFilter(tags=frozenset({"a", "b"})),
        InstanceFilter(7, "payments", "stripe", frozenset({"b"})),
    ],
)
def test_a_question_means_what_fits_all_that_it_says(question):
    assert question.matches(STRIPE)


@pytest.mark.parametrize(
    "other", [{"id": 8}, {"name": "Payments"}, {"element_key": "sfdc"}, {"tags": frozenset({"a", "c"})}]
)
def test_one_thing_that_does_not_fit_is_enough(other):
    assert not InstanceFilter(**other).matches(STRIPE)
    everything = {"id": 7, "name": "payments", "element_key": "stripe", "tags": frozenset({"a"})}
    assert not InstanceFilter(**{**everything, **other}).matches(STRIPE)


CANARY = "canary-content"


NO_OBJECT = "the instance is not an object"
NO_ID = "the instance's id is not a positive number"
NO_NAME = "the instance's name is not a text"
NO_CONFIGURATION = "the instance's configuration is not an object"
NO_TAGS = "the instance's tags are not a list"
NO_TAG = "one of the instance's tags is not a text"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (None, NO_OBJECT),
        (CANARY, NO_OBJECT),
        ([CANARY], NO_OBJECT),
        (5, NO_OBJECT),
        ({}, NO_ID),
        ({"name": CANARY}, NO_ID),
        ({"id": None, "name": CANARY}, NO_ID),
        ({"id": CANARY, "name": "a"}, NO_ID),
        ({"id": True, "name": CANARY}, NO_ID),
        ({"id": 0, "name": CANARY}, NO_ID),
        ({"id": -4, "name": CANARY}, NO_ID),
        ({"id": 1.0, "name": CANARY}, NO_ID),
        ({"id": "", "name": CANARY}, NO_ID),
        ({"id": "-1", "name": CANARY}, NO_ID),
        ({"id": "0", "name": CANARY}, NO_ID),
        ({"id": "٣", "name": CANARY}, NO_ID),
        ({"id": "1" * 20, "name": CANARY}, NO_ID),
        ({"id": "9" * 5000, "name": CANARY}, NO_ID),
        ({"id": 1}, NO_NAME),
        ({"id": 1, "name": None}, NO_NAME),
        ({"id": 1, "name": [CANARY]}, NO_NAME),
        ({"id": 1, "name": "a", "configuration": CANARY}, NO_CONFIGURATION),
        ({"id": 1, "name": "a", "configuration": [CANARY]}, NO_CONFIGURATION),
        ({"id": 1, "name": "a", "tags": CANARY}, NO_TAGS),
        ({"id": 1, "name": "a", "tags": {CANARY: 1}}, NO_TAGS),
        ({"id": 1, "name": "a", "tags": [{"id": CANARY}]}, NO_TAG),
        ({"id": 1, "name": "a", "tags": [[CANARY]]}, NO_TAG),
        ({"id": 1, "name": "a", "tags": [None]}, NO_TAG),
    ],
)
def test_another_shape_is_an_error_that_tells_the_place_and_nothing_of_the_content(body, place):
    with pytest.raises(ShapeError) as caught:
        instance_from(body)
    assert str(caught.value) == place


@given(st.dictionaries(st.sampled_from(sorted(FULL)), scalars | st.lists(scalars, max_size=2)) | json_values)
def test_no_json_at_all_breaks_the_reading(body):
    try:
        instance = instance_from(body)
    except ShapeError:
        return
    assert instance.id > 0
    assert isinstance(instance.name, str)


@pytest.mark.parametrize("body", [None, {}, "[]", {"instances": [FULL]}])
def test_a_listing_that_is_no_list_is_another_shape(body):
    with pytest.raises(ShapeError, match=r"^the answer is not a list$"):
        instances_from(body)


def test_one_row_of_another_shape_spoils_the_listing():
    assert len(instances_from([FULL, SMALLEST])) == 2
    with pytest.raises(ShapeError):
        instances_from([FULL, {"name": "a"}])


def test_secrets_and_content_are_in_no_representation():
    shown = repr(instance_from({**FULL, "configuration": {"a": CANARY}, "token": CANARY}))
    shown += repr(DesiredInstance("a", "b", secrets={"password": CANARY}, provider_data={"code": CANARY}))
    assert CANARY not in shown


@pytest.mark.parametrize(
    ("wish", "renames"),
    [
        (DesiredInstance("new", "stripe", id=7), True),
        (DesiredInstance("payments", "stripe", id=7), False),
        (DesiredInstance(None, "stripe", id=7), False),
        (DesiredInstance("new", "stripe", id=7, present=False), False),
        (DesiredInstance(None, "stripe", id=7, present=False), False),
    ],
)
def test_an_instance_is_renamed_by_a_wish_that_gives_another_name_and_keeps_it(wish, renames):
    assert wish.renames(STRIPE) is renames


@given(json_values)
def test_what_was_sent_equals_what_the_platform_stores_of_it(value):
    assert same_value(value, as_text(value))


@given(json_values)
def test_the_platform_stores_text_or_null(value):
    stored = as_text(value)
    assert stored is None or isinstance(stored, str)
    assert as_text(stored) == stored


def test_the_platform_stores_booleans_in_lower_case_and_an_object_alike_whatever_the_order_of_its_keys():
    assert (as_text(True), as_text(False)) == ("true", "false")
    assert as_text({"b": 1, "a": [True, None]}) == as_text({"a": [True, None], "b": 1}) == '{"a":[true,null],"b":1}'


@given(st.dictionaries(st.text(max_size=4), scalars | st.lists(scalars, max_size=2), min_size=2, max_size=4))
def test_the_order_of_keys_does_not_count_and_neither_does_the_spacing(value):
    turned = dict(reversed(list(value.items())))
    assert same_value(value, json.dumps(turned, indent=2))


SPELLINGS = {True: [True, "true", "True", "TRUE"], False: [False, "false", "False", "FALSE"]}


@pytest.mark.parametrize("value", SPELLINGS)
def test_booleans_are_the_same_whatever_their_case(value):
    for desired, observed in itertools.product(SPELLINGS[value], SPELLINGS[value]):
        assert same_value(desired, observed), (desired, observed)
    for desired, observed in itertools.product(SPELLINGS[value], SPELLINGS[not value]):
        assert not same_value(desired, observed), (desired, observed)


@pytest.mark.parametrize(
    ("desired", "observed"),
    [(5, "5"), (5, "5.0"), (5.0, "5"), (0.1, "0.10"), (1e22, "1E+22"), (-3, "-3"), (5, 5), (0, "0")],
)
def test_numbers_are_compared_by_value(desired, observed):
    assert same_value(desired, observed)


@given(st.lists(json_values, max_size=3) | st.dictionaries(st.text(max_size=4), json_values, max_size=3))
def test_json_that_is_given_as_text_is_compared_by_its_structure(value):
    assert same_value(json.dumps(value, indent=1), as_text(value))
    assert same_value(as_text(value), json.dumps(value, indent=1))
    assert same_value(json.dumps(value, indent=1), value)


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=3), st.text(max_size=3), st.integers())
def test_json_that_is_given_as_text_differs_where_its_structure_does(value, key, number):
    other = {**value, key: number}
    assert same_value(json.dumps(value), json.dumps(other, indent=1)) == (value == other)


@pytest.mark.parametrize("desired", [None, ""])
@pytest.mark.parametrize("observed", [None, ""])
def test_null_and_empty_are_the_same(desired, observed):
    assert same_value(desired, observed)


@pytest.mark.parametrize(
    ("desired", "observed"),
    [
        (0, ""),
        (0, None),
        (False, None),
        (False, ""),
        ("", "0"),
        (None, "false"),
        (True, "1"),
        (1, "true"),
        (True, "yes"),
        ("5", "5.0"),
        ("a", "A"),
        ("a", "a "),
        (5, "5 pieces"),
        (5, "nan"),
        (1000, "1_000"),
        (12, "١٢"),
        ({}, "[]"),
        ([], "{}"),
        ({"a": 1}, '{"a":1,"b":2}'),
        ({"a": 1, "b": 2}, '{"a":1}'),
        ({"a": {"b": 1}}, '{"a":{"b":2}}'),
        ([1, 2], "[2,1]"),
        ([1], "[1,2]"),
        ({"a": 1}, "no json"),
        ({"a": 1}, "{"),
        ([1], "1"),
        ("********", "secret"),
        (None, "********"),
        ("", "********"),
        ('{"a": 1}', '{"a":2}'),
        ("[1]", "1"),
        ("[1, 2]", "[2,1]"),
        ("{", "[1]"),
        ('"a"', "a"),
        ("1.0", "1"),
    ],
)
def test_values_that_differ_differ(desired, observed):
    assert not same_value(desired, observed)


@given(st.integers(), st.integers())
def test_two_whole_numbers_are_the_same_only_if_they_are(left, right):
    assert same_value(left, str(right)) == (left == right)


@given(st.integers(2**53, 2**63), st.integers(1, 3))
def test_ids_that_are_too_long_for_a_float_are_told_apart(number, step):
    assert not same_value(number, str(number + step))
    assert not same_value({"id": number}, json.dumps({"id": number + step}))


@given(st.text(max_size=8), st.text(max_size=8))
def test_two_texts_are_the_same_only_if_they_are(left, right):
    assume({left.lower(), right.lower()}.isdisjoint({"true", "false"}))
    assume(left.strip()[:1] not in ("{", "["))
    assert same_value(left, right) == (left == right)


@given(
    st.dictionaries(st.text(max_size=3), scalars, max_size=3), st.dictionaries(st.text(max_size=3), scalars, max_size=3)
)
def test_two_objects_are_the_same_only_if_their_keys_are_and_all_values(left, right):
    expected = set(left) == set(right) and all(same_value(left[key], right[key]) for key in left)
    assert same_value(left, json.dumps(right)) == expected


@given(json_values, st.floats(allow_nan=True, allow_infinity=True) | json_values)
def test_no_comparison_breaks(desired, observed):
    assert isinstance(same_value(desired, observed), bool)


def test_an_answer_nested_beyond_measure_differs_and_breaks_nothing():
    assert not same_value({"a": 1}, "[" * 100_000)


def test_a_number_beyond_every_float_is_compared_without_breaking():
    assert same_value(10**400, str(10**400))
    assert not same_value(10**400, "1")
    assert not same_value(10**400, "1e999")


@pytest.mark.parametrize(
    ("desired", "configuration", "verifiable"),
    [
        ("a", {"key": "b"}, True),
        ("a", {"key": None}, True),
        ("a", {"key": ""}, True),
        ("a", {"key": "********"}, False),
        ("", {"key": "********"}, True),
        (None, {"key": "********"}, True),
        ("a", {}, False),
        (False, {}, False),
        (0, {}, False),
        ("", {}, True),
        (None, {}, True),
    ],
)
def test_a_value_can_be_verified_unless_it_is_masked_or_does_not_come_back(desired, configuration, verifiable):
    assert is_verifiable(desired, configuration, "key") is verifiable


def test_a_row_that_cannot_be_read_keeps_what_tells_which_one_it_is():
    row = {"id": "7", "name": "a", "element": {"key": "stripe"}, "configuration": []}
    assert instances_from([row]) == (OddRow(7, NO_CONFIGURATION, "a", "stripe"),)
    assert instances_from([{**row, "name": 5, "element": "stripe"}]) == (OddRow(7, NO_CONFIGURATION, None, None),)


@pytest.mark.parametrize(
    ("row", "why"),
    [("a", "the instance is not an object"), ({"name": "a"}, "the instance's id is not a positive number")],
)
def test_a_row_that_nothing_identifies_spoils_the_listing(row, why):
    with pytest.raises(ShapeError) as caught:
        instances_from([row])
    assert str(caught.value) == why


def test_structured_configuration_is_text_and_everything_else_is_as_it_is():
    given = {"list": [1, {"b": 2}], "object": {}, "number": 5, "flag": True, "nothing": None, "text": "[x]"}
    stored = instance_from({"id": 7, "name": "a", "configuration": given}).configuration
    assert stored == {**given, "list": '[1,{"b":2}]', "object": "{}"}
    assert stored["flag"] is True


@pytest.mark.parametrize("body", [None, {}, {"id": 7}, {"id": "7"}, {"name": "x"}])
def test_an_answer_that_tells_nothing_is_about_what_was_asked_for(body):
    assert nothing_about(7, "formula")(body) is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "the answer is not an object"),
        ("x", "the answer is not an object"),
        ({"id": 8}, "the answer is about another formula"),
        ({"id": "8"}, "the answer is about another formula"),
    ],
)
def test_an_answer_about_something_else_is_refused(body, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        nothing_about(7, "formula")(body)
