# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of variables: speaking, valid, unique, and never another secret's."""

from __future__ import annotations

import keyword
import re

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.variable_names import variable_names
from hypothesis import given
from hypothesis import strategies as st

# Few letters, so that many look alike.
PARTS = st.text(alphabet="aA1 _.-é日{", max_size=4)
WORDS = ["a", "b", "api", "key", "user", "token", "oauth", "refresh_token", "password", "id", "7", "0123456789abcdef"]


@st.composite
def spellings(draw, words):
    """Draw an identity that the words are left of: cut in three or four somewhere, joined and written somehow."""
    cuts = sorted(draw(st.lists(st.integers(0, len(words)), min_size=2, max_size=3)))
    parts = [words[start:end] for start, end in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    write = st.sampled_from([str, str, str, str.upper, str.title])
    return tuple(draw(write)(draw(st.sampled_from("  ..-_")).join(part)) for part in parts)


def alike(size):
    """Return a strategy for lists of identities that are hard to tell apart."""
    words = st.lists(st.sampled_from(WORDS), min_size=3, max_size=6)
    return words.flatmap(lambda same: st.lists(spellings(same), unique=True, max_size=size))


IDENTITIES = st.lists(st.tuples(PARTS, PARTS, PARTS), unique=True, max_size=30) | alike(30)


def name(*identity):
    return variable_names([identity])[identity]


@pytest.mark.parametrize(
    ("identity", "variable"),
    [
        (("stripe", "payments", "api.key"), "secret_stripe_payments_api_key"),
        (("stripe", "payments", "password"), "secret_stripe_payments_password"),
        (("stripe", "payments of eu 1", "password"), "secret_stripe_payments_of_eu_1_password"),
        (("sfdc", "crm", "oauth.user.refresh_token"), "secret_sfdc_crm_oauth_user_refresh_token"),
        (("shopify", "shop", "their.own.pin"), "secret_shopify_shop_their_own_pin"),
        (("stripe", "payments eu", "id 7", "api.key"), "secret_stripe_payments_eu_id_7_api_key"),
        (("stripe", "payments", "id 7", "pin"), "secret_stripe_payments_id_7_pin"),
    ],
)
def test_a_name_that_can_be_read_back_is_plain(identity, variable):
    assert name(*identity) == variable


@pytest.mark.parametrize(
    ("identity", "speaking"),
    [
        (("stripe", "Foo bar", "api.key"), "secret_stripe_foo_bar_api_key"),
        (("stripe", "foo-bar", "api.key"), "secret_stripe_foo_bar_api_key"),
        (("stripe", "foo_bar", "api.key"), "secret_stripe_foo_bar_api_key"),
        (("stripe", "payments", "api_key"), "secret_stripe_payments_api_key"),
        (("stripe", "payments api", "key"), "secret_stripe_payments_api_key"),
        (("sfdc", "crm oauth", "api.key"), "secret_sfdc_crm_oauth_api_key"),
        (("our_stripe", "payments", "api.key"), "secret_our_stripe_payments_api_key"),
        (("stripe", "payments id 7", "api.key"), "secret_stripe_payments_id_7_api_key"),
        (("zuorav2", "Billing EU", "clientSecret"), "secret_zuorav2_billing_eu_client_secret"),
        (("stripe", "Zürich", "api.key"), "secret_stripe_zurich_api_key"),
        (("stripe", "日本", "api.key"), "secret_stripe_api_key"),
        (("stripe", "東京", "api.key"), "secret_stripe_api_key"),
        (("stripe", "\U0001f600", "api.key"), "secret_stripe_api_key"),
        (("stripe", "\ud83d\ude00", "api.key"), "secret_stripe_api_key"),
    ],
)
def test_one_that_can_not_speaks_all_the_same_and_ends_with_a_hash(identity, speaking):
    assert re.fullmatch(f"{speaking}_[0-9a-f]{{16}}", name(*identity))


def test_what_is_spelled_alike_is_told_apart_though_exported_one_by_one():
    names = ["foo bar", "Foo bar", "FooBar", "foo-bar", "foo_bar", "foo  bar", "foo.bar", "föö bar", "foo bar!"]
    assert len({name("stripe", each, "api.key") for each in names}) == len(names)
    assert name("stripe", "\U0001f600", "key") != name("stripe", "\ud83d\ude00", "key"), "a character, and its halves"


def test_what_is_called_like_a_name_with_a_hash_is_no_trap():
    hashed = name("stripe", "A", "pin")
    trap = ("stripe", "a", hashed.removeprefix("secret_stripe_a_").replace("_", "."))
    assert name(*trap) != hashed


def test_names_stay_what_they_are():
    # Whoever has a file of secrets would have to fill it in again.
    assert name("stripe", "Foo bar", "api.key") == "secret_stripe_foo_bar_api_key_705091c8587d9ace"


@pytest.mark.parametrize("length", [182, 183, 1100])
def test_a_long_name_is_cut_and_no_two_become_one(length):
    plain, other = (name("stripe", ending.rjust(length, "a"), "pin") for ending in "ab")
    assert plain != other and max(len(plain), len(other)) <= 217
    assert (plain == f"secret_stripe_{'a' * length}_pin") == (length == 182)


@given(IDENTITIES)
def test_all_names_are_identifiers_and_none_is_there_twice(identities):
    names = variable_names(identities)
    assert names.keys() == set(identities) and len(set(names.values())) == len(identities)
    assert all(value.isidentifier() and value.isascii() and not keyword.iskeyword(value) for value in names.values())


@given(IDENTITIES, st.randoms())
def test_a_name_does_not_depend_on_the_order(identities, random):
    shuffled = list(identities)
    random.shuffle(shuffled)
    assert variable_names(shuffled) == variable_names(identities)


@given(IDENTITIES, st.data())
def test_a_name_is_never_handed_on_to_another_secret(identities, data):
    # What is exported first, and what then.
    cut = data.draw(st.integers(0, len(identities)))
    old, new = variable_names(identities[:cut]), variable_names(identities[cut:])
    holders = {value: identity for identity, value in old.items()}
    assert all(holders.get(value, identity) == identity for identity, value in new.items())


@given(IDENTITIES)
def test_a_name_does_not_depend_on_what_else_is_exported(identities):
    assert variable_names(identities) == {identity: name(*identity) for identity in identities}
