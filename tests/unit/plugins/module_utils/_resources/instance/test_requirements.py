# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.catalog import (
    CatalogEntry,
    Element,
    element_from,
    elements_from,
    oauth_token_from,
    oauth_url_from,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import ShapeError
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.requirements import (
    missing_configuration,
    needs,
    suspicions,
    unknown_keys,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired


def element(*entries: dict[str, t.Any]):
    return element_from({"key": "stripe", "configuration": list(entries)})


def needed(key: str, **more) -> dict[str, t.Any]:
    return {"key": key, "required": True, **more}


def test_an_element_is_read_with_either_naming_of_its_fields():
    exported = {"key": "site", "name": "Site", "type": "TEXTFIELD_128", "required": True, "defaultValue": "eu"}
    swagger = {
        "key": "site",
        "name": "Site",
        "configDataType": "TEXTFIELD_128",
        "mandatory": True,
        "defaultValue": "eu",
    }
    expected = CatalogEntry("site", "Site", "TEXTFIELD_128", "eu", required=True, secret=False, internal=False)
    assert element(exported).entries == element(swagger).entries == (expected,)


@pytest.mark.parametrize(
    ("body", "authentication"),
    [
        ({"authentication": {"type": "oauth2"}}, "oauth2"),
        ({"authenticationType": "basic"}, "basic"),
        ({"authentication": "oauth2"}, None),
        ({}, None),
    ],
)
def test_how_an_element_authenticates_is_told_in_two_ways(body, authentication):
    assert element_from({"key": "stripe", **body}).authentication == authentication


def test_an_element_without_configuration_is_told_apart_from_one_that_needs_none():
    assert element_from({"key": "stripe"}).entries is None
    assert element().entries == ()


@pytest.mark.parametrize("entry", [{"key": "pin", "type": "PASSWORD"}, {"key": "api.key", "type": "TEXTFIELD_128"}])
def test_the_default_of_a_secret_is_not_shown(entry):
    (read,) = element({**entry, "defaultValue": "canary"}).entries
    assert read.secret
    assert read.default == MASK


@pytest.mark.parametrize(
    ("value", "default"),
    [
        (False, "false"),
        (True, "true"),
        (0, "0"),
        (1.5, "1.5"),
        ("eu", "eu"),
        ([1, "a"], '[1,"a"]'),
        ({"a": None}, '{"a":null}'),
        (None, None),
        ("", None),
    ],
)
def test_a_default_may_be_of_any_type_and_makes_the_entry_dispensable(value, default):
    whole = element(needed("site", defaultValue=value))
    assert whole.entries[0].default == default
    assert missing_configuration(desired(), whole) == (("site",) if default is None else ())


@pytest.mark.parametrize("value", [0, False, 4711, ["canary"], {"a": "canary"}])
def test_the_default_of_a_secret_is_not_shown_whatever_its_type(value):
    assert element({"key": "pin", "type": "PASSWORD", "defaultValue": value}).entries[0].default == MASK


@pytest.mark.parametrize(
    "body",
    [
        *(None, [], {}, {"key": 5}, {"key": ""}, {"key": "."}, {"key": ".."}),
        *({"key": "a", "configuration": [5]}, {"key": "a", "configuration": [{}]}),
    ],
)
def test_another_shape_is_an_error(body):
    with pytest.raises(ShapeError):
        element_from(body)
    with pytest.raises(ShapeError):
        elements_from([body])
    with pytest.raises(ShapeError):
        elements_from({"elements": []})


@pytest.mark.parametrize("body", [None, [], {}, {"oauthUrl": ""}, {"oauthUrl": 5}])
def test_an_answer_without_the_oauth_url_is_another_shape(body):
    with pytest.raises(ShapeError, match="no oauthUrl"):
        oauth_url_from(body)


@pytest.mark.parametrize("body", [None, [], {}, {"token": "t"}, {"secret": "canary"}, {"token": "t", "secret": 5}])
def test_an_answer_without_a_request_token_and_its_secret_is_another_shape(body):
    with pytest.raises(ShapeError, match="no token and secret"):
        oauth_token_from(body)


def test_a_key_that_may_stand_for_what_is_missing_is_left_to_the_platform_with_a_warning():
    whole = element(needed("site"))
    (suspicion,) = suspicions(desired(configuration={"subdomain": "x", "event.poller.urls": "y"}), whole)
    assert suspicion == (
        "The element 'stripe' does not have these configuration keys: subdomain. It needs site. "
        "The platform decides whether it takes what was given."
    )


def test_a_key_that_the_element_does_not_have_is_named_with_the_nearest_that_it_has():
    whole = element(needed("site"), {"key": "pagination.max"}, {"key": "base.url"})
    given = {"site": "x", "pagination.maxx": "1", "Base.Url": "y", "zzz": "z"}
    (suspicion,) = suspicions(desired(configuration=given), whole)
    assert suspicion == (
        "The element 'stripe' does not have these configuration keys: Base.Url (did you mean base.url?), "
        "pagination.maxx (did you mean pagination.max?), zzz. The platform decides whether it takes what was given."
    )


@pytest.mark.parametrize("key", ["api.key", "event.objects", "filter.response.nulls", "oauth.user.refresh_token"])
def test_a_key_that_instances_of_every_element_may_have_is_not_unknown(key):
    assert unknown_keys([key], element(needed("site"))) == frozenset()


def test_a_key_that_only_begins_like_those_of_every_element_is_unknown():
    (warning,) = suspicions(desired(configuration={"event.poller.refresh_intervall": "20"}), element())
    assert "did you mean event.poller.refresh_interval?" in warning


def test_no_key_is_unknown_if_the_catalog_does_not_tell_any():
    assert unknown_keys(["zzz"], Element("stripe", None, None, None, None)) == frozenset()


@pytest.mark.parametrize("configuration", [{"site": "x"}, {"site": "x", "event.objects": "y"}, {}])
def test_what_is_complete_or_certainly_missing_is_not_suspicious(configuration):
    assert list(suspicions(desired(configuration=configuration), element(needed("site")))) == []


@pytest.mark.parametrize(
    ("entries", "wish", "missing"),
    [
        ([needed("site")], desired(), ("site",)),
        ([needed("b"), needed("a")], desired(), ("b", "a")),
        ([needed("site")], desired(configuration={"site": "x"}), ()),
        ([needed("pin")], desired(secrets={"pin": "x"}), ()),
        ([needed("site")], desired(configuration={"site": ""}), ("site",)),
        ([needed("site")], desired(configuration={"site": None}), ("site",)),
        ([needed("site", defaultValue="x")], desired(), ()),
        ([{"key": "site", "required": False}], desired(), ()),
        ([needed("site", internal=True)], desired(), ()),
        ([needed("site", hideFromConsole=True)], desired(), ()),
        ([needed("site", active=False)], desired(), ()),
        ([needed("oauth.user.token")], desired(), ()),
        ([needed("authentication.type"), needed("site")], desired(), ()),
        ([needed("site")], desired(configuration={"unknown": "x"}), ()),
        ([needed("site")], desired(configuration={"event.notification.enabled": True}), ("site",)),
        ([needed("site")], desired(configuration={"filter.response.nulls": True}), ("site",)),
        ([needed("username"), needed("password")], desired(secrets={"api.key": "x"}), ()),
        ([needed("oauth.callback.url")], desired(external_authentication="initial"), ()),
        ([needed("oauth.callback.url")], desired(), ("oauth.callback.url",)),
    ],
)
def test_only_what_an_element_certainly_needs_is_missing(entries, wish, missing):
    assert missing_configuration(wish, element(*entries)) == missing


def test_what_is_missing_is_named_with_the_option_for_secrets():
    sentence = needs(desired(), element(needed("site"), needed("pin", type="PASSWORD")))
    assert "site, pin (in secret_configuration)" in sentence


def test_nothing_missing_is_no_error():
    assert needs(desired(configuration={"site": "x"}), element(needed("site"))) is None


def test_keys_that_the_catalog_made_up_play_no_tricks_in_messages():
    keys = ["\x1b[31mred", "a\nb", "x" * 100_000, *(f"key {number}" for number in range(1000))]
    whole = element(*map(needed, keys))
    sentence = needs(desired(), whole)
    (suspicion,) = suspicions(desired(configuration={"other": "x"}), whole)
    for message in (sentence, suspicion):
        assert message.isprintable()
        assert len(message) < 3000
