# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import re

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import AlreadySent
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import DesiredInstance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.plan import plan
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX, Seal, split
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired
from hypothesis import given
from hypothesis import strategies as st

salts = st.binary(min_size=12, max_size=12)
secrets = st.dictionaries(st.text(max_size=5), st.text(max_size=10) | st.none(), max_size=4)
SEAL = Seal("organization-canary", b"0123456789ab")


@given(st.text(), salts, salts, secrets)
def test_a_fingerprint_fits_the_secrets_it_was_made_of_whatever_the_salt(key, first, second, values):
    assert Seal(key, second).fits(Seal(key, first).fingerprint(values), values)


@given(salts, secrets, secrets)
def test_a_fingerprint_fits_no_other_secrets(salt, left, right):
    seal = Seal("organization", salt)
    assert seal.fits(seal.fingerprint(left), right) == (left == right)


@given(st.text(), st.text(), salts, secrets)
def test_a_fingerprint_fits_only_with_the_key_of_the_organization(left, right, salt, values):
    assert Seal(right, salt).fits(Seal(left, salt).fingerprint(values), values) == (left.encode() == right.encode())


@given(secrets)
def test_the_order_of_keys_does_not_matter(values):
    assert SEAL.fingerprint(values) == SEAL.fingerprint(dict(reversed(list(values.items()))))


@given(salts, secrets)
def test_a_fingerprint_is_a_tag_of_its_own_that_shows_128_bits_and_no_secret(salt, values):
    tag = Seal("organization-canary", salt).fingerprint(values)
    assert re.fullmatch(r"ansible-secrets:1:[\w-]{16}:[\w-]{22}", tag, re.ASCII)
    assert split([tag, "prod"]) == ({"prod"}, {tag})


@given(salts, salts, secrets)
def test_two_salts_make_two_fingerprints_of_the_same_secrets(first, second, values):
    assert (Seal("k", first).fingerprint(values) == Seal("k", second).fingerprint(values)) == (first == second)


@given(st.text().map(PREFIX.__add__) | st.text(":-_=abAB1é", max_size=40).map(PREFIX.__add__) | st.text())
def test_a_tag_that_somebody_else_wrote_fits_nothing_and_breaks_nothing(tag):
    assert not SEAL.fits(tag, {"password": "p"})


def test_the_representation_does_not_show_the_key():
    assert "canary" not in repr(SEAL)


def there(*fingerprints: str, **more) -> Instance:
    settings = {"tags": frozenset({"payments"}), "configuration": {"password": "********"}, **more}
    return Instance(7, "payments", "stripe", "token", fingerprints=frozenset(fingerprints), **settings)


def rotating(password="new", **more) -> DesiredInstance:
    return desired(secrets={"password": password}, update_secrets="on_change", seal=SEAL, **more)


FITTING = SEAL.fingerprint({"password": "new"})


def test_a_create_carries_the_fingerprint_beside_the_platforms_own_default():
    (step,) = plan(rotating(), None)
    assert step.body["tags"] == sorted([FITTING, "payments"])
    assert plan(rotating(), step.predict(None), already_sent=AlreadySent.ALL) == ()


def test_a_create_carries_the_fingerprint_beside_the_tags_that_the_user_gave():
    (step,) = plan(rotating(tags=frozenset({"b"})), None)
    assert step.body["tags"] == sorted([FITTING, "b"])


def test_a_create_without_secrets_carries_no_fingerprint():
    (step,) = plan(desired(update_secrets="on_change", seal=SEAL), None)
    assert "tags" not in step.body


@pytest.mark.parametrize("seal", [SEAL, Seal(SEAL.key, b"another salt")], ids=["this salt", "the salt of another run"])
def test_secrets_that_fit_are_not_sent(seal):
    assert plan(rotating(), there(seal.fingerprint({"password": "new"}))) == ()


@pytest.mark.parametrize("password", ["new", "old"])
def test_secrets_that_are_only_sent_on_create_leave_the_fingerprint_as_it_is(password):
    wish = desired(secrets={"password": "new"}, update_secrets="on_create")
    assert plan(wish, there(SEAL.fingerprint({"password": password}))) == ()


@pytest.mark.parametrize("password", ["old", "New", "new "])
def test_a_rotated_secret_is_sent_with_its_new_fingerprint_and_then_never_again(password):
    old = there(SEAL.fingerprint({"password": password}))
    (step,) = plan(rotating(), old)
    assert step.body == {"tags": sorted([FITTING, "payments"]), "configuration": {"password": "new"}}
    assert step.action == "send secrets password"
    assert plan(rotating(), step.predict(old)) == ()


@pytest.mark.parametrize("tags", [(), (f"{PREFIX}garbage",), (FITTING, SEAL.fingerprint({"password": "old"}))])
def test_without_exactly_one_fingerprint_that_fits_secrets_are_sent_once(tags):
    (step,) = plan(rotating(), there(*tags))
    assert step.body["configuration"] == {"password": "new"}
    assert plan(rotating(), step.predict(there(*tags))) == ()


def test_a_change_of_tags_keeps_the_fingerprint():
    (step,) = plan(rotating(tags=frozenset({"b"})), there(FITTING))
    assert step.body == {"tags": sorted([FITTING, "b"])}


def test_a_change_of_tags_keeps_the_fingerprint_of_an_instance_whose_secrets_are_not_followed():
    (step,) = plan(desired(tags=frozenset()), there(FITTING))
    assert step.body == {"tags": [FITTING]}
    assert step.action == "set tags to none"


def test_rotated_secrets_go_together_with_the_configuration_that_differs():
    old = there(SEAL.fingerprint({"password": "old"}), configuration={"password": "********", "site": "x"})
    (step,) = plan(rotating(configuration={"site": "y"}), old)
    assert step.body["configuration"] == {"password": "new", "site": "y"}
    assert step.action == "change configuration site and send secrets password"


def test_a_secret_that_is_an_object_has_one_fingerprint_whatever_the_order_of_its_keys():
    (create,) = plan(rotating({"id": 1, "key": "k"}), None)
    assert plan(rotating({"key": "k", "id": 1}), create.predict(None)) == ()


def test_a_rotation_with_other_tags_names_both():
    (step,) = plan(rotating(tags=frozenset({"b"})), there(SEAL.fingerprint({"password": "old"})))
    assert step.body == {"tags": sorted([FITTING, "b"]), "configuration": {"password": "new"}}
    assert step.action == "set tags to b and send secrets password"
    assert step.retags


def test_if_the_platform_drops_the_tag_secrets_are_sent_once_a_run_and_the_tag_again():
    (first,) = plan(rotating(), there())
    assert first.body["configuration"] == {"password": "new"}
    (second,) = plan(rotating(), there(), already_sent=AlreadySent.ALL)
    assert second.body == {"tags": sorted([FITTING, "payments"])}
    assert second.action == "set the tag with the fingerprint of the secrets"
    assert not second.secret


def test_an_adopted_instance_gets_the_secrets_unless_it_has_their_fingerprint():
    (step,) = plan(rotating(), there(), already_sent=AlreadySent.CODE)
    assert step.body["configuration"] == {"password": "new"}
    assert plan(rotating(), there(FITTING), already_sent=AlreadySent.CODE) == ()


@pytest.mark.parametrize("tag", [FITTING, SEAL.fingerprint({"password": "old"})])
def test_secrets_that_are_always_sent_leave_no_fingerprint(tag):
    wish = desired(secrets={"password": "new"}, update_secrets="always")
    (step,) = plan(wish, there(tag))
    assert step.body == {"tags": ["payments"], "configuration": {"password": "new"}}
    assert step.action == "send secrets password"
    assert plan(wish, step.predict(there(tag)), already_sent=AlreadySent.ALL) == ()


@pytest.mark.parametrize("configuration", [{}, {"password": "********"}, {"password": "********", "gone": "kept"}])
def test_the_fingerprint_is_of_the_secrets_alone_whatever_the_platform_keeps_of_the_configuration(configuration):
    wish = rotating(configuration={"gone": "y"})
    (create,) = plan(wish, None)
    stored = dataclasses.replace(create.predict(None), configuration=configuration)
    left = plan(wish, stored, already_sent=AlreadySent.NOTHING)
    assert all(not step.secret and "tags" not in step.body for step in left)


def test_a_fingerprint_does_not_count_as_a_difference_in_tags():
    assert plan(desired(tags=frozenset({"payments"})), there(FITTING)) == ()


@pytest.mark.parametrize("policy", ["on_create", "on_change", "always"])
def test_what_was_sent_in_this_run_is_not_sent_again(policy):
    seal = SEAL if policy == "on_change" else None
    wish = desired(secrets={"password": "new"}, update_secrets=policy, seal=seal)
    (create,) = plan(wish, None)
    assert plan(wish, create.predict(None), already_sent=AlreadySent.ALL) == ()


def test_configuration_that_is_masked_or_not_returned_is_sent_with_the_secrets():
    wish = desired(configuration={"password": "x", "gone": "y", "site": "z"}, update_secrets="always")
    (step,) = plan(wish, there(configuration={"password": "********", "site": "z"}))
    assert step.body == {"configuration": {"password": "x", "gone": "y"}}
