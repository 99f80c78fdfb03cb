# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.desired import DesiredInstance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.options import parse
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX, Seal
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from hypothesis import given
from hypothesis import strategies as st

NOTHING = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}
CANARY = "canary-value"


def wish(**options):
    return parse({**NOTHING, "name": "payments", "element_key": "stripe", **options}, "organization", b"salt")


def desired(**options) -> DesiredInstance:
    result: DesiredInstance
    result, warnings = wish(**options)
    assert warnings == ()
    return result


def refusal(**options) -> str:
    with pytest.raises(CloudElementsError) as caught:
        wish(**options)
    assert caught.value.kind is ErrorKind.INVALID_OPTIONS
    return caught.value.message


def test_options_left_out_leave_everything_alone():
    assert desired() == DesiredInstance(name="payments", element_key="stripe")


def test_options_given_are_taken_as_they_stand():
    assert desired(
        id=7,
        tags=["b", "a", "b"],
        configuration={"on": True, "count": 5, "nothing": None, "empty": ""},
        secret_configuration={"password": "p"},
        api_key="k",
        provider_data={"code": "c"},
        external_authentication="initial",
        state="absent",
    ) == DesiredInstance(
        name="payments",
        element_key="stripe",
        id=7,
        tags=frozenset({"a", "b"}),
        configuration={"on": True, "count": 5, "nothing": None, "empty": ""},
        secrets={"password": "p", "api.key": "k"},
        provider_data={"code": "c"},
        external_authentication="initial",
        present=False,
    )


@pytest.mark.parametrize(("given_tags", "tags"), [(None, None), ([], frozenset()), ([""], frozenset()), (["a"], {"a"})])
def test_tags_are_left_alone_or_emptied_or_set(given_tags, tags):
    assert desired(tags=given_tags).tags == tags


@pytest.mark.parametrize(
    "tags", [["a", ""], ["", ""], [" "], ["a "], [" a"], ["<b>a</b>"], ["a<"], ["a\nb"], ["a\x00"], ["\u200b"]]
)
def test_tags_that_would_not_stay_as_given_are_refused(tags):
    assert refusal(tags=tags).startswith("tags")


@pytest.mark.parametrize("empty", [{}, None])
def test_an_empty_configuration_leaves_configuration_alone(empty):
    assert desired(configuration=empty, secret_configuration=empty) == desired()


@pytest.mark.parametrize("option", ["name", "element_key"])
@pytest.mark.parametrize("value", ["", " ", "\n", "\u00a0"])
def test_an_empty_name_or_element_key_is_refused_and_never_nothing_given(option, value):
    assert refusal(**{option: value, "id": 7}).startswith(f"{option} is empty")


@pytest.mark.parametrize("name", [" a", "a ", "a\n", "\ta", "\u00a0a"])
def test_white_space_around_a_name_is_refused(name):
    assert refusal(name=name).startswith("name")


@pytest.mark.parametrize("name", ["<b>a</b>", "a < b", "<", "a\nb", "a\x00b", "a\u202eb"])
def test_a_name_that_the_platform_would_change_or_nobody_could_see_is_refused(name):
    assert refusal(name=name).startswith("name")


@given(st.text(min_size=1))
def test_a_name_is_kept_to_the_letter_or_refused(name):
    try:
        assert desired(name=name).name == name
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        assert "<" in name or name != name.strip() or not name.isprintable()


@pytest.mark.parametrize("key", ["a/b", "../instances", ".", "..", " stripe", "stripe ", "str\nipe", "str\x00ipe"])
def test_what_can_not_be_an_element_key_is_refused(key):
    assert refusal(element_key=key).startswith("element_key")


@pytest.mark.parametrize("number", [0, -1])
def test_an_id_that_is_not_positive_is_refused(number):
    assert refusal(id=number).startswith("id is")


def test_absence_by_name_needs_the_element():
    assert "element_key" in refusal(element_key=None, state="absent")
    assert not desired(element_key=None, id=7, state="absent").present


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": ""},
        {"api_key": " \n"},
        {"secret_configuration": {"password": ""}},
        {"secret_configuration": {"password": "  "}},
        {"secret_configuration": {"password": None}},
        {"secret_configuration": {"password": []}},
        {"secret_configuration": {"password": {}}},
        {"configuration": {"password": ""}},
        {"configuration": {"password": " "}},
        {"configuration": {"password": None}},
    ],
)
def test_an_empty_secret_is_refused_as_an_unset_variable_must_not_wipe_anything(options):
    assert "is empty" in refusal(**options)


@pytest.mark.parametrize("value", [0, False, 5, "x", ["a"], {"a": 1}])
def test_a_secret_of_any_type_is_kept_as_it_is(value):
    assert json.dumps(desired(secret_configuration={"pin": value}).secrets) == json.dumps({"pin": value})


def test_only_on_change_makes_fingerprints():
    assert desired(update_secrets="on_change").seal == Seal("organization", b"salt")
    assert desired(update_secrets="always").seal is None
    assert desired(update_secrets="on_create").seal is None


def test_the_tag_of_a_fingerprint_is_no_tag_of_the_user():
    assert refusal(tags=[f"{PREFIX}x"]).startswith("tags")


def test_to_authenticate_again_needs_something_to_do_it_with():
    assert "provider_data" in refusal(reauthenticate=True)
    assert desired(reauthenticate=True, provider_data={"code": "c"}).reauthenticate


@pytest.mark.parametrize("url", ["example.com/x", "ftp://example.com", "http://", "https://a b", "https://[", 5, ["x"]])
def test_events_can_only_be_sent_to_a_url(url):
    assert "callback.url" in refusal(configuration={"event.notification.callback.url": url})


@pytest.mark.parametrize("url", ["https://example.com/x", "http://example.com", "", None])
def test_a_callback_url_is_taken_or_removed(url):
    configuration = {"event.notification.callback.url": url}
    assert desired(configuration=configuration).configuration == configuration


def test_empty_provider_data_is_refused():
    assert refusal(provider_data={}).startswith("provider_data")


@pytest.mark.parametrize("option", ["configuration", "secret_configuration", "provider_data"])
@pytest.mark.parametrize("value", [MASK, {"a": MASK}, {"a": {"b": [1, MASK]}}, [MASK], [[MASK]]])
def test_a_mask_is_never_taken_for_a_value(option, value):
    message = refusal(**{option: {"site": value}})
    assert "mask" in message
    assert message.startswith(f"{option}, key 'site',")


def test_a_mask_is_never_taken_for_an_api_key():
    assert "mask" in refusal(api_key=MASK)


@pytest.mark.parametrize("option", ["configuration", "secret_configuration", "provider_data"])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_does_not_have_are_refused(option, number):
    assert "number" in refusal(**{option: {"a": number}})
    assert "number" in refusal(**{option: {"a": {"b": [number]}}})


@pytest.mark.parametrize(
    "options",
    [
        {"api_key": CANARY, "secret_configuration": {"api.key": CANARY}},
        {"api_key": CANARY, "configuration": {"api.key": CANARY}},
        {"configuration": {"password": CANARY}, "secret_configuration": {"password": CANARY}},
        {"configuration": {"site": CANARY}, "secret_configuration": {"site": CANARY}},
    ],
)
def test_a_key_that_is_given_twice_is_refused_without_showing_its_value(options):
    message = refusal(**options)
    assert CANARY not in message
    assert any(key in message for key in ("api.key", "password", "site"))


def test_a_key_in_configuration_that_looks_like_a_secret_is_treated_as_one_with_a_warning():
    made, warnings = wish(configuration={"password": CANARY, "clientSecret": CANARY, "site": "x"})
    assert made.configuration == {"site": "x"}
    assert made.secrets == {"password": CANARY, "clientSecret": CANARY}
    (warning,) = warnings
    assert "clientSecret, password" in warning
    assert CANARY not in warning


def test_a_switch_that_is_named_like_a_secret_is_none():
    assert desired(configuration={"use.password": True}).configuration == {"use.password": True}
