# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import (
    counted,
    did_you_mean,
    enumerated,
    listed,
    nearest,
    plain,
    quote,
)
from hypothesis import given
from hypothesis import strategies as st

anything = (
    st.text() | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp"])) | st.text(min_size=190, max_size=900)
)


@given(anything)
def test_foreign_text_is_put_on_one_line_of_bounded_length_without_control_characters(text):
    for shown in (plain(text), quote(text)):
        assert shown.isprintable()
        assert len(shown) <= 10 * 203


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters=" '\\"), max_size=200))
def test_a_plain_name_is_shown_as_it_stands(text):
    assert plain(text) == text
    assert quote(text) == f"'{text}'"


def test_none_is_shown_without_quotes():
    assert quote(None) == "None"


@pytest.mark.parametrize(("length", "cut"), [(200, False), (201, True), (900, True), (10_000_000, True)])
def test_a_long_name_is_cut(length, cut):
    assert plain("x" * length) == ("x" * 200 + "…" if cut else "x" * length)
    assert quote("x" * length) == ("'" + "x" * 200 + "…'" if cut else f"'{'x' * length}'")


def test_a_long_list_of_names_is_cut():
    assert enumerated([]) == ""
    assert enumerated(["a", "b\n\x1b[31mc"]) == "a, b [31mc"
    assert enumerated(map(str, range(10_000))).endswith("48, 49, and 9950 more")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("stripee", "stripe"),
        ("Stripe", "stripe"),
        ("STRIP", "stripe"),
        ("zendesk", None),
        ("", None),
        ("s" * 999, None),
    ],
)
def test_the_nearest_word_is_suggested_if_it_is_similar(word, near):
    assert nearest(word, ["stripe", "closeio", "s" * 998]) == near
    assert did_you_mean(word, ["stripe", "closeio"]) == ("" if near is None else " Did you mean 'stripe'?")


def test_nothing_is_suggested_if_no_words_are_known():
    assert nearest("stripe", []) is None


def test_one_is_singular():
    assert [counted(number, "instance") for number in (0, 1, 2)] == ["0 instances", "1 instance", "2 instances"]


def test_a_message_names_a_few_and_counts_the_rest():
    assert listed(map(str, range(3))) == "0, 1, 2"
    assert listed(map(str, range(12))).endswith("8, 9, and 2 more")
    assert listed([]) == ""
