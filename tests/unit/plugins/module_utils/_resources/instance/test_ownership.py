# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.names import folded, may_be_stored_as
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.server_clock import epoch
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.ownership import (
    Survey,
    has_content,
)
from hypothesis import given
from hypothesis import strategies as st

BODY = {"element": {"key": "stripe"}, "name": "Köln", "tags": ["a", "b"], "configuration": {"site": 5, "password": "x"}}
MADE = Instance(
    7,
    "Köln",
    "stripe",
    tags=frozenset({"a", "b"}),
    configuration={"site": "5", "password": "********", "base.url": "https://example.com"},
    created_date="2026-01-01T00:00:10Z",
)


def stripe(number: int, name: str, **more) -> Instance:
    return Instance(number, name, "stripe", **more)


def ids(instances) -> list[int | None]:
    return [instance.id for instance in instances]


names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&"), min_size=1).map(str.strip)


@given(names.filter(bool), st.sampled_from(["NFC", "NFD"]))
def test_what_only_changes_the_spelling_is_the_same_name(name, form):
    spelled = unicodedata.normalize(form, name)
    assert folded(spelled) == folded(name)
    assert folded(f"<b>{name}</b>") == folded(name)
    assert folded(folded(name)) == folded(name)


@pytest.mark.parametrize(
    ("desired", "stored"),
    [
        ("Test", "TEST"),
        ("Straße", "STRASSE"),
        ("a  b", "a b"),
        ("R&D", "R&amp;D"),
        ("payments", "pay"),
        ("payments", "payments (1)"),
        ("Ko\u0308ln", "Köln"),
    ],
)
def test_a_platform_may_have_made_one_name_of_the_other(desired, stored):
    assert may_be_stored_as(desired, stored)


@pytest.mark.parametrize(("desired", "stored"), [("payments", "blog"), ("payments", ""), ("payments", "my payments")])
def test_a_platform_has_not_made_one_name_of_the_other(desired, stored):
    assert not may_be_stored_as(desired, stored)


def test_what_was_sent_and_what_is_there_have_the_same_content():
    assert has_content(BODY, MADE)
    assert has_content({**BODY, "tags": ["A", "b"]}, MADE)
    assert has_content(BODY, stripe(7, "x", tags=frozenset("ab"), configuration=None))


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "element": {"key": "sfdc"}},
        {**BODY, "tags": ["a"]},
        {**BODY, "tags": ["a", "b", "c"]},
        {**BODY, "configuration": {"site": 6}},
        {"element": {"key": "stripe"}, "name": "Köln"},
    ],
)
def test_another_element_tag_or_value_is_another_content(body):
    assert not has_content(body, MADE)


def test_keys_that_are_not_to_be_compared_are_not():
    assert has_content({**BODY, "configuration": {"site": 6}}, MADE, unseen=["site"])


@pytest.mark.parametrize("tags", [{"köln"}, {"KÖLN"}, set()])
def test_tags_that_were_not_given_are_the_name_or_none(tags):
    body = {"element": {"key": "stripe"}, "name": "Köln"}
    assert has_content(body, stripe(7, "KÖLN", tags=frozenset(tags)))
    assert not has_content(body, stripe(7, "KÖLN", tags=frozenset({*tags, "theirs"})))


def test_what_is_called_the_same_but_for_its_spelling_is_found_the_oldest_first():
    survey = Survey([stripe(9, "KÖLN"), stripe(5, "Ko\u0308ln"), stripe(1, "Bonn"), Instance(2, "KÖLN", "sfdc")])
    assert ids(survey.respelled("stripe", "Köln", [])) == [5, 9]
    assert ids(survey.respelled("stripe", "Köln", [("stripe", "KÖLN")])) == [5]
    assert ids(survey.respelled("stripe", "Mainz", [])) == []


def test_what_is_the_beginning_of_a_name_may_be_what_was_cut_off():
    survey = Survey([stripe(3, "Köln-office"), stripe(4, "Ko\u0308"), stripe(5, "Kö x"), Instance(6, "Kö", "sfdc")])
    assert ids(survey.respelled("stripe", "KÖLN-OFFICE of the East", [])) == [3, 4]


def test_an_element_key_that_is_spelled_otherwise_is_the_same_element():
    assert ids(Survey([stripe(3, "Köln")]).respelled("Stripe", "Köln", [("Stripe", "Köln")])) == [3]


def test_nothing_is_found_where_nothing_is():
    assert Survey([]).respelled("stripe", "Köln", []) == ()


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("1970-01-01T00:00:07Z", 7),
        ("1970-01-01T00:00:07.999Z", 7),
        ("1970-01-01T01:00:07+01:00", 7),
        ("1970-01-01T01:00:07+0100", 7),
        ("1970-01-01T00:00:07", None),
        ("1970-13-01T00:00:07Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_only_with_its_offset(date, seconds):
    assert epoch(date) == seconds
