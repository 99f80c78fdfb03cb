# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of variables: speaking, valid, unique, and never another secret's."""

from __future__ import annotations

import keyword

from ansible_collections.cloud_elements.platform.plugins.module_utils._naming import variable_names
from hypothesis import given
from hypothesis import strategies as st

# Few letters, so that many collide.
PARTS = st.text(alphabet="aA1 _.-é日{", max_size=4)
IDENTITIES = st.lists(st.tuples(PARTS, PARTS, PARTS), unique=True, max_size=30)


def name(*identity):
    return variable_names([identity])[identity]


def test_a_name_speaks():
    assert name("stripe", "payments", "api.key") == "secret_stripe_payments_api_key"
    assert name("zuorav2", "Billing EU", "clientSecret") == "secret_zuorav2_billing_eu_client_secret"
    assert name("stripe", "Zürich", "api.key") == "secret_stripe_zurich_api_key"


def test_what_has_nothing_to_speak_of_has_a_name_all_the_same():
    first, second = name("stripe", "日本", "api.key"), name("stripe", "東京", "api.key")
    assert first != second and first.startswith("secret_stripe_") and first.isascii()


def test_two_of_one_name_both_get_another_so_neither_can_be_taken_for_the_other():
    names = variable_names([("stripe", "a b", "key"), ("stripe", "a_b", "key"), ("stripe", "c", "key")])
    assert "secret_stripe_a_b_key" not in names.values()
    assert all(value.startswith("secret_stripe_a_b_key_") for (_e, n, _k), value in names.items() if n != "c")
    assert names["stripe", "c", "key"] == "secret_stripe_c_key"


def test_what_is_called_like_the_way_out_of_a_collision_is_no_trap():
    both = [("stripe", "a b", "key"), ("stripe", "a_b", "key")]
    taken = variable_names(both)[both[0]].removeprefix("secret_stripe_")
    names = variable_names([*both, ("stripe", taken[:3], taken[4:])])
    assert len(set(names.values())) == 3


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


@given(IDENTITIES, IDENTITIES)
def test_a_name_is_never_handed_on_to_another_secret(before, after):
    old, new = variable_names(before), variable_names(after)
    holders = {value: identity for identity, value in old.items()}
    assert all(holders.get(value, identity) == identity or identity not in old for identity, value in new.items())
