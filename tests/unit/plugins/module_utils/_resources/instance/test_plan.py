# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.steps import AlreadySent
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import DesiredInstance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.plan import (
    Change,
    Delete,
    Reauthenticate,
    SetEnabled,
    diff,
    plan,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired
from hypothesis import given
from hypothesis import strategies as st

THERE = Instance(
    id=7,
    name="payments",
    element_key="stripe",
    token="token-canary",
    tags=frozenset({"a", "b"}),
    configuration={"site": "x", "on": "true", "password": MASK, "empty": None, "api.token": "stored-canary"},
)

json_scalars = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9) | st.text(max_size=5)
json_values = (
    json_scalars
    | st.lists(json_scalars, max_size=2)
    | st.dictionaries(st.sampled_from("ab"), json_scalars | st.lists(json_scalars, max_size=2), max_size=2)
)
keys = st.sampled_from(["site", "on", "password", "empty", "new", "base.url"])
configurations = st.dictionaries(keys, json_values, max_size=3)
observed = st.builds(
    Instance,
    id=st.just(7),
    name=st.sampled_from(["payments", "other"]),
    element_key=st.just("stripe"),
    tags=st.frozensets(st.sampled_from(["a", "b", "c"])),
    configuration=st.none()
    | st.dictionaries(keys, st.none() | st.sampled_from(["", "x", "true", "5", MASK]) | st.text(max_size=4)),
)
wishes = st.builds(
    DesiredInstance,
    name=st.none() | st.sampled_from(["payments", "other"]),
    element_key=st.none() | st.just("stripe"),
    id=st.none() | st.just(7),
    tags=st.none() | st.frozensets(st.sampled_from(["a", "b", "c"])),
    configuration=configurations,
    secrets=st.dictionaries(st.sampled_from(["api.key", "api.secret"]), st.text(min_size=1)),
)


def body_of(wish: DesiredInstance, there: Instance | None) -> dict[str, t.Any]:
    """Return what the only step of a plan sends, nothing if there is no step."""
    steps = plan(wish, there)
    assert len(steps) <= 1
    return dict(getattr(steps[0], "body", {})) if steps else {}


def refusal(wish: DesiredInstance, there: Instance | None) -> CloudElementsError:
    with pytest.raises(CloudElementsError) as caught:
        plan(wish, there)
    return caught.value


@given(wishes, observed)
def test_after_the_predicted_change_nothing_is_left_to_do(wish, there):
    for step in plan(wish, there):
        there = step.predict(there)
        assert step.is_done(there)
    assert plan(wish, there) == ()


@given(wishes, observed)
def test_only_what_the_user_gave_is_sent(wish, there):
    body = body_of(wish, there)
    assert set(body) <= {"name", "tags", "configuration"}
    assert "name" not in body or body["name"] == wish.name
    assert "tags" not in body or (wish.tags is not None and body["tags"] == sorted(wish.tags))
    for key, value in body.get("configuration", {}).items():
        assert json.dumps(value) == json.dumps(wish.configuration[key])


@given(wishes, observed)
def test_what_is_the_same_is_not_sent(wish, there):
    body = body_of(wish, there)
    assert body.get("name") != there.name
    assert "tags" not in body or frozenset(body["tags"]) != there.tags
    assert {} not in body.values()


@given(wishes, observed)
def test_no_change_sends_the_mask_or_touches_a_masked_key_but_to_empty_it(wish, there):
    body = body_of(wish, there)
    masked = {key for key, value in (there.configuration or {}).items() if value == MASK}
    sent = body.get("configuration", {})
    assert all(sent[key] in (None, "") for key in masked & set(sent))
    assert MASK not in json.dumps(body)


@given(wishes, observed)
def test_the_order_of_what_is_given_does_not_count(wish, there):
    turned = DesiredInstance(**{**vars(wish), "configuration": dict(reversed(list(wish.configuration.items())))})
    assert json.dumps(body_of(wish, there), sort_keys=True) == json.dumps(body_of(turned, there), sort_keys=True)


@given(observed)
def test_options_left_out_change_nothing(there):
    assert plan(desired(name=None, element_key=None, id=7), there) == ()


def test_tags_are_a_set():
    assert plan(desired(tags=frozenset({"b", "a"})), THERE) == ()
    assert body_of(desired(tags=frozenset({"b"})), THERE) == {"tags": ["b"]}
    assert body_of(desired(tags=frozenset()), THERE) == {"tags": []}


def test_an_instance_that_is_known_by_its_id_is_renamed():
    assert body_of(desired("new", None, id=7), THERE) == {"name": "new"}


@pytest.mark.parametrize(
    ("configuration", "sent"),
    [
        ({"site": "x"}, None),
        ({"site": "y"}, {"site": "y"}),
        ({"site": "x", "on": False}, {"on": False}),
        ({"on": True}, None),
        ({"site": None}, {"site": None}),
        ({"site": ""}, {"site": ""}),
        ({"empty": None}, None),
        ({"empty": "now"}, {"empty": "now"}),
        ({"absent": None}, None),
        ({"absent": "value"}, None),
        ({"password": "other"}, None),
        ({"password": None}, {"password": None}),
        ({"password": ""}, {"password": ""}),
    ],
)
def test_configuration_is_sent_only_where_it_verifiably_differs(configuration, sent):
    expected = {} if sent is None else {"configuration": sent}
    assert json.dumps(body_of(desired(configuration=configuration), THERE)) == json.dumps(expected)


def test_secrets_of_an_instance_that_exists_are_not_sent():
    assert plan(desired(secrets={"password": "new", "api.token": "new"}), THERE) == ()


def test_provider_data_and_external_authentication_are_not_sent_to_an_instance_that_exists():
    assert plan(desired(provider_data={"code": "c"}, external_authentication="initial"), THERE) == ()


def test_the_smallest_create():
    assert body_of(desired(), None) == {"element": {"key": "stripe"}, "name": "payments"}


def test_a_create_with_everything_is_exactly_as_documented():
    wish = desired(
        tags=frozenset({"b", "a"}),
        configuration={"on": True, "count": 5, "ratio": 0.5, "nothing": None, "list": [1, {"a": False}]},
        secrets={"password": "p"},
        provider_data={"code": "c"},
        external_authentication="initial",
    )
    assert json.dumps(body_of(wish, None), sort_keys=True) == json.dumps(
        {
            "element": {"key": "stripe"},
            "configuration": {
                "on": True,
                "count": 5,
                "ratio": 0.5,
                "nothing": None,
                "list": [1, {"a": False}],
                "password": "p",
            },
            "tags": ["a", "b"],
            "name": "payments",
            "providerData": {"code": "c"},
            "externalAuthentication": "initial",
        },
        sort_keys=True,
    )


@given(wishes.map(lambda wish: dataclasses.replace(wish, name="payments", element_key="stripe", id=None)))
def test_a_create_sends_all_that_the_user_gave_and_nothing_else(wish):
    body = body_of(wish, None)
    expected = {"element": {"key": "stripe"}, "name": wish.name}
    if wish.configuration or wish.secrets:
        expected["configuration"] = {**wish.configuration, **wish.secrets}
    if wish.tags is not None:
        expected["tags"] = sorted(wish.tags)
    assert json.dumps(body, sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_empty_tags_of_a_create_are_sent_and_predicted_as_the_platform_stores_them():
    (step,) = plan(desired(tags=frozenset()), None)
    assert step.body["tags"] == []
    assert step.predict(None).tags == {"payments"}
    assert plan(desired(tags=frozenset()), step.predict(None)) == (Change({"tags": []}, retags=True),)


def test_a_create_predicts_values_as_text_and_knows_neither_id_nor_token():
    wish = desired(configuration={"on": True, "n": 5, "o": {"b": 1}}, external_authentication="initial")
    (step,) = plan(wish, None)
    predicted = step.predict(None)
    assert predicted.configuration == {"on": "true", "n": "5", "o": '{"b":1}'}
    assert (predicted.id, predicted.token, predicted.enabled) == (None, None, True)
    assert predicted.external_authentication == "initial"


def test_another_element_for_an_id_is_refused():
    error = refusal(desired(None, "sfdc", id=7), THERE)
    assert error.kind is ErrorKind.INVALID_OPTIONS
    assert error.message == (
        "The instance of element 'sfdc' with id 7 is of element 'stripe'. "
        "The element of an instance cannot be changed: leave element_key out, or create another instance."
    )


def test_an_id_that_does_not_exist_is_not_found():
    error = refusal(desired(id=7), None)
    assert error.kind is ErrorKind.NOT_FOUND
    assert error.message == (
        "The instance 'payments' of element 'stripe' with id 7 does not exist, and the platform chooses the id of a "
        "new one. To create it, leave id out; to make sure that it is gone, use state=absent."
    )


def test_a_create_without_an_element_key_is_refused():
    error = refusal(desired(element_key=None), None)
    assert error.kind is ErrorKind.INVALID_OPTIONS
    assert "element_key" in error.message


@pytest.mark.parametrize(
    "wish", [desired(present=False), desired(id=7, present=False), desired(None, None, id=7, present=False)]
)
def test_what_is_to_be_absent_is_deleted_where_it_exists(wish):
    assert plan(wish, THERE) == (Delete("payments", "stripe"),)
    assert plan(wish, None) == ()


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        (desired(None, "sfdc", id=7, present=False), "'stripe'"),
        (desired("payments", "sfdc", id=7, present=False), "'stripe'"),
        (desired("other", None, id=7, present=False), "'payments'"),
        (desired("other", "stripe", id=7, present=False), "'payments'"),
        (desired("Payments", "stripe", id=7, present=False), "'payments'"),
    ],
)
def test_what_contradicts_the_id_is_not_deleted(wish, word):
    error = refusal(wish, THERE)
    assert error.kind is ErrorKind.INVALID_OPTIONS
    assert word in error.message
    assert plan(wish, None) == ()


AGAIN = desired("new", None, id=7, provider_data={"code": "canary"}, reauthenticate=True, enabled=False)


def test_an_instance_is_authenticated_again_after_the_change_and_before_it_is_disabled():
    change, again, disable = plan(AGAIN, THERE)
    assert change == Change({"name": "new"})
    assert again == Reauthenticate({"name": "new", "providerData": {"code": "canary"}})
    assert disable == SetEnabled(False)
    assert "canary" not in repr(again)


def test_an_instance_that_is_authenticated_again_keeps_its_name_where_none_is_given():
    (again,) = plan(desired(None, None, id=7, provider_data={"code": "canary"}, reauthenticate=True), THERE)
    assert again.body == {"name": "payments", "providerData": {"code": "canary"}}


@pytest.mark.parametrize("enabled", [True, False])
def test_an_instance_is_predicted_to_be_enabled_or_disabled_and_otherwise_the_same(enabled):
    there = dataclasses.replace(THERE, enabled=not enabled)
    (step,) = plan(desired(enabled=enabled), there)
    assert step.predict(there) == dataclasses.replace(THERE, enabled=enabled)


@pytest.mark.parametrize("sent", [AlreadySent.CODE, AlreadySent.ALL])
def test_a_code_that_was_sent_in_this_run_is_not_sent_again(sent):
    assert not any(isinstance(step, Reauthenticate) for step in plan(AGAIN, THERE, already_sent=sent))


def test_a_create_takes_the_code_itself():
    (create,) = plan(dataclasses.replace(AGAIN, id=None, element_key="stripe"), None)
    assert create.body["providerData"] == {"code": "canary"}


@given(wishes, observed, st.sampled_from(AlreadySent), st.sampled_from(["on_create", "always"]))
def test_secrets_are_sent_again_only_where_they_may_not_have_arrived(wish, there, sent, policy):
    steps = plan(dataclasses.replace(wish, update_secrets=policy), there, already_sent=sent)
    secret = frozenset(key for step in steps for key in step.secret)
    if policy == "on_create" or sent is AlreadySent.ALL:
        assert not secret
    else:
        assert secret >= set(wish.secrets)


def test_steps_say_in_words_what_they_do_and_never_a_value():
    wish = desired("new", None, id=7, tags=frozenset({"c"}), configuration={"site": "canary", "on": False})
    (change,) = plan(wish, THERE)
    assert change.action == "rename to 'new' and set tags to c and change configuration on, site"
    (create,) = plan(desired(secrets={"password": "canary"}), None)
    assert create.action == "create instance 'payments' of element 'stripe'"
    assert plan(desired(present=False), THERE)[0].action == "delete instance 'payments' of element 'stripe'"
    assert Change({"tags": []}, retags=True).action == "set tags to none"
    assert Change({"tags": []}).action == "set the tag with the fingerprint of the secrets"
    both = Change({"tags": ["a"], "configuration": {"p": "canary", "s": 1}}, frozenset({"p"}), retags=True)
    assert both.action == "set tags to a and change configuration s and send secrets p"
    assert "canary" not in repr((change, create))


@pytest.mark.parametrize(
    ("body", "done"),
    [
        ({"name": "payments"}, True),
        ({"name": "new"}, False),
        ({"tags": ["b", "a"]}, True),
        ({"tags": []}, False),
        ({"configuration": {"on": True}}, True),
        ({"configuration": {"on": False}}, False),
        ({"configuration": {"site": None}}, False),
        ({"configuration": {"absent": None}}, True),
        ({"configuration": {"absent": "x"}}, False),
        ({"configuration": {"password": "x"}}, False),
        ({"name": "payments", "tags": ["c"]}, False),
    ],
)
def test_a_change_is_done_only_if_the_platform_tells_so(body, done):
    assert Change(body).is_done(THERE) is done


def test_a_diff_shows_what_the_user_manages_with_secrets_masked():
    wish = desired(
        tags=frozenset({"c"}), configuration={"site": "y"}, secrets={"api.token": "given-canary", "password": "p"}
    )
    (step,) = plan(wish, THERE)
    shown = diff(wish, THERE, step.predict(THERE), [step])
    assert shown == {
        "before": {
            "name": "payments",
            "element_key": "stripe",
            "tags": ["a", "b"],
            "enabled": True,
            "configuration": {"api.token": MASK, "password": MASK, "site": "x"},
        },
        "after": {
            "name": "payments",
            "element_key": "stripe",
            "tags": ["c"],
            "enabled": True,
            "configuration": {"api.token": MASK, "password": MASK, "site": "y"},
        },
    }


def test_a_diff_says_which_secrets_are_sent_anew_although_their_value_can_not_be_seen():
    wish = desired(configuration={"site": "y"}, secrets={"password": "canary"}, update_secrets="always")
    (step,) = plan(wish, THERE)
    shown = diff(wish, THERE, step.predict(THERE), [step])
    assert shown["before"]["configuration"] == {"site": "x", "password": MASK}
    assert shown["after"]["configuration"] == {"site": "y", "password": f"{MASK} (sent anew)"}


def test_a_diff_of_a_create_or_delete_has_one_side():
    wish = desired(secrets={"password": "canary"})
    (create,) = plan(wish, None)
    assert diff(wish, None, create.predict(None), [create])["before"] == {}
    assert diff(wish, THERE, None, [])["after"] == {}
    assert "canary" not in json.dumps(diff(wish, None, create.predict(None), [create]))


@pytest.mark.parametrize("key", ["api.key", "base.url", "bulk.query.field", "event.objects", "authentication.type"])
def test_a_diff_never_shows_the_stored_value_of_what_was_given_as_a_secret(key):
    there = Instance(7, "payments", "stripe", configuration={key: "stored-canary"})
    assert "canary" not in json.dumps(diff(desired(secrets={key: "given-canary"}), there, there, []))


@given(wishes, observed)
def test_a_diff_has_no_key_that_the_user_did_not_give(wish, there):
    shown = diff(wish, there, there, [])
    assert shown["before"] == shown["after"]
    assert set(shown["before"]["configuration"]) <= {*wish.configuration, *wish.secrets}


def test_a_removal_shows_configuration_that_the_task_does_not_give():
    assert diff(desired(present=False), THERE, None, [])["before"]["configuration"].keys() == THERE.configuration.keys()
    assert diff(desired(), THERE, THERE, [])["before"]["configuration"] == {}


def test_a_diff_masks_what_holds_a_secret_and_nothing_that_is_exempt():
    configuration = {"site": "given-canary", "sort.key": "name"}
    there = dataclasses.replace(THERE, configuration=configuration, tags=frozenset({"a", "tag of given-canary"}))
    wish = desired(
        configuration=configuration, secrets={"password": "given-canary"}, plain_keys=frozenset({"sort.key"})
    )
    shown = diff(wish, there, there, [])["before"]
    assert shown["configuration"] == {"site": MASK, "sort.key": "name"}
    assert shown["tags"] == [MASK, "a"]


def test_a_diff_masks_the_token_wherever_it_is_repeated():
    there = dataclasses.replace(THERE, configuration={"pagination.type": "token-canary"})
    assert diff(desired(present=False), there, None, [])["before"]["configuration"] == {"pagination.type": MASK}
