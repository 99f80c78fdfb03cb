# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From instances and elements to an export, and from that to a file that reads back as exactly the same."""

from __future__ import annotations

import dataclasses
import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.catalog import CatalogEntry, Element
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.fleet_file import fleet_file, literal
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.instances import (
    export_from,
    is_server_made,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.options import parse
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.plan import SetEnabled, plan
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.result import project_foreign
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import HARMLESS_KEYS
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK
from hypothesis import given
from hypothesis import strategies as st

NOTHING = {name: entry.get("default") for name, entry in INSTANCE.spec.items()}


def entry(key, *, required=False, default=None, kind="TEXTFIELD_128", secret=False, name=None):
    return CatalogEntry(key, name, kind, default, required, secret, internal=False)


def element(*entries, key="servicenow", authentication="basic"):
    return Element(key, key, None, authentication, entries)


SERVICENOW = element(
    entry("username", required=True),
    entry("password", required=True, kind="PASSWORD", secret=True, name="Password"),
    entry("servicenow.subdomain", required=True),
    entry("base.url", default="https://servicenow.example.com"),
    entry("pagination.max", default="100"),
)
OAUTH = (entry("oauth.api.key", required=True), entry("oauth.api.secret", required=True), entry("oauth.callback.url"))
SFDC = element(*OAUTH, key="sfdc", authentication="oauth2")
TWITTER = element(*OAUTH, key="twitter", authentication="oauth1")
ELEMENTS = {"servicenow": SERVICENOW, "sfdc": SFDC, "twitter": TWITTER}


def instance(configuration=None, *, name="tickets", element_key="servicenow", id=7, **fields):
    return Instance(id, name, element_key, "token", configuration=configuration or {}, **fields)


def export(*instances, elements=None, plain_keys=()):
    return export_from(instances, ELEMENTS if elements is None else elements, ["known-user-secret"], plain_keys)


def options(configuration=None, elements=None, plain_keys=(), **fields):
    (item,) = export(instance(configuration, **fields), elements=elements, plain_keys=plain_keys).items
    return item.options


STORED = {"username": "integration", "password": "********", "servicenow.subdomain": "example"}
PLAIN = ("username", "servicenow.subdomain")


def test_an_instance_becomes_what_a_task_gives():
    given = {**STORED, "base.url": "https://servicenow.example.com", "pagination.max": None, "bulk.relations": None}
    assert options(given, tags=frozenset({"b", "a"})) == {
        "name": "tickets",
        "element_key": "servicenow",
        "tags": ["a", "b"],
        "enabled": True,
        "configuration": {"pagination.max": None},
        "secret_configuration": {
            "password": "secret_servicenow_tickets_password",
            "servicenow.subdomain": "secret_servicenow_tickets_servicenow_subdomain",
            "username": "secret_servicenow_tickets_username",
        },
    }


def test_plain_keys_are_written_readable():
    made = options(STORED, plain_keys=PLAIN)
    assert made["configuration"] == {"servicenow.subdomain": "example", "username": "integration"}
    assert made["secret_configuration"] == {"password": "secret_servicenow_tickets_password"}
    assert "plain_keys" not in made, "a task shows what it gives"


def test_a_plain_key_that_names_a_secret_is_one_of_the_task_too():
    (item,) = export(instance({"sort.key": "name ", "x": "https://h/a?b"}), plain_keys=["sort.key", "x"]).items
    assert item.options["configuration"] == {"sort.key": "name ", "x": "https://h/a?b"}
    assert item.options["plain_keys"] == ["sort.key", "x"]
    assert not changes(item) and filled(item).configuration == item.options["configuration"]


def test_a_mask_under_a_plain_key_is_not_written():
    made = options({"site": "ab****yz"}, plain_keys=["site"])
    assert "configuration" not in made and "site" in made["secret_configuration"]


def test_only_what_is_not_so_by_itself_is_said():
    assert not {"update_secrets", "external_authentication"} & options(STORED).keys()
    assert options(STORED, enabled=False)["enabled"] is False
    assert options(STORED, tags=frozenset())["tags"] == []


@pytest.mark.parametrize("enabled", [True, False])
def test_what_somebody_switches_by_hand_is_drift(enabled):
    was = instance(STORED, enabled=enabled)
    (item,) = export(was).items
    assert plan(filled(item), was) == ()
    assert plan(filled(item), dataclasses.replace(was, enabled=not enabled)) == (SetEnabled(enabled),)


def test_a_fingerprint_becomes_the_option_that_made_it():
    (item,) = export(instance(STORED, fingerprints=frozenset({f"{PREFIX}a:b"}))).items
    assert item.options["update_secrets"] == "on_change" and PREFIX not in str(item)


def test_a_secret_says_what_it_is_for():
    (secret,) = export(instance(STORED), plain_keys=PLAIN).secrets
    assert (secret.variable, secret.key) == ("secret_servicenow_tickets_password", "password")
    assert secret.purpose == "Password (password) of tickets, element servicenow"


def test_what_is_needed_and_never_told_is_a_secret_to_be_given():
    assert options({})["secret_configuration"].keys() == {"username", "password", "servicenow.subdomain"}
    stripe = element(entry("api.key", required=True), key="stripe")
    assert options({}, {"servicenow": stripe})["secret_configuration"].keys() == {"api.key"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("username", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"),
        ("base.url", "https://user:canary@www.example.com"),
        ("event.notification.callback.url", "https://www.example.com/?token=canary"),
        ("event.poller.configuration", '{"a": {"apiKey": "canary"}}'),
        ("event.notification.callback.url", "https://www.example.com/hooks/canary"),
        ("of.their.own", "canary"),
        ("clientId", "canary"),
        ("username", "known-user-secret"),
        ("username", "*****"),
    ],
)
def test_a_value_that_may_be_a_secret_is_not_written(key, value):
    made = export(instance({**STORED, key: value}))
    assert key in made.items[0].options["secret_configuration"] and value not in str(made) + fleet_file(made)


SECRETS = [
    {"password": "hunter2-pass"},
    {"oauth.user.token": "hunter2-pass"},
    {"sessionId": "hunter2-pass"},
    {"of.their.own": "hunter2-pass"},
    {"api.key": {"a": ["hunter2-pass"]}},
]


@pytest.mark.parametrize("configuration", SECRETS)
@pytest.mark.parametrize("url", ["https://host/hunter2-pass/v1", "https://host/HUNTER2%2Dpass", "aHVudGVyMi1wYXNz"])
def test_a_secret_of_one_key_stands_under_no_other_of_any_instance(configuration, url):
    other = instance({**STORED, **configuration}, name="other")
    for made in (
        export(instance({**STORED, "base.url": url}), other),
        export(instance({**configuration, "site": url}), plain_keys=["site"]),
    ):
        assert url not in str(made) + fleet_file(made)


def test_a_key_that_holds_a_secret_is_not_written():
    made = export(instance({**STORED, "x-known-user-secret": "x"}))
    assert "known-user-secret" not in str(made) + fleet_file(made)


def test_a_token_of_an_element_stands_nowhere():
    told = instance({**STORED, "base.url": "https://x-of-a-token-x"})
    other = dataclasses.replace(instance(STORED, name="other"), token="of-a-token")
    assert "of-a-token" in str(export(told)) and "of-a-token" not in str(export(told, other))


def test_what_may_be_no_secret_hides_nothing_else():
    stored = {**STORED, "base.url": "https://na1.salesforce.com", "password": "short"}
    own = {"converged_app": "salesforce", "of.their.own": "", "x": "true", "y": "a.b", "use.password": "true"}
    shown = options({**stored, **own, "pagination.type": "a.b short true"})["configuration"]
    assert (shown["base.url"], shown["pagination.type"]) == ("https://na1.salesforce.com", "a.b short true")


def test_a_value_that_is_nested_too_deeply_is_a_secret():
    assert "metadata" in options({**STORED, "metadata": "[" * 500 + "]" * 500})["secret_configuration"]


def test_a_masked_value_that_has_a_default_is_left_to_it():
    assert "base.url" not in str(options({**STORED, "base.url": "********"}))


def test_what_equals_the_default_of_the_element_is_left_out_whatever_its_key():
    own = {"servicenow": element(entry("of.their.own", default="example.com"))}
    made = options({"of.their.own": "example.com", "base.url": "https://h"}, own)
    assert made["configuration"] == {"base.url": "https://h"} and "secret_configuration" not in made


@pytest.mark.parametrize("value", ["true", "false", True])
def test_a_switch_whose_key_names_a_secret_is_taken_for_one(value):
    assert "use.password" in options({**STORED, "use.password": value})["secret_configuration"]
    made = options({**STORED, "use.password": value}, plain_keys=["use.password"])
    assert made["configuration"]["use.password"] == str(value).lower()


@pytest.mark.parametrize(
    "key",
    [
        *(
            "authentication.time",
            "expires_in",
            "oauth.user.token",
            "oauth.user.refresh_time",
            "sessionId",
            "session.id",
        ),
        *("event.notification.subscription.id", "autopilot.hook.contactadded.id", "helpscout.webhook.id"),
    ],
)
def test_what_the_platform_makes_is_not_exported(key):
    assert is_server_made(key)
    assert key not in str(options({**STORED, key: "made-by-the-platform"}))


@pytest.mark.parametrize("key", ["username", "oauth.api.key", "event.notification.callback.url", "webhook.url"])
def test_what_users_give_is_not_taken_for_it(key):
    assert not is_server_made(key)


@pytest.mark.parametrize(
    ("element_key", "stored", "fields", "tokens"),
    [
        ("sfdc", {}, {}, ["refresh_token"]),
        ("sfdc", {"oauth.user.token": "t", "oauth.user.refresh_token": "r"}, {}, ["refresh_token"]),
        ("sfdc", {"oauth.user.token": "t"}, {}, ["token"]),
        ("twitter", {}, {}, ["token", "token.secret"]),
        ("twitter", {"oauth.user.token": "t"}, {}, ["token", "token.secret"]),
        ("sfdc", {"authentication.type": "oauth1"}, {}, ["token", "token.secret"]),
        ("sfdc", {"authentication.type": "apikey"}, {}, []),
        ("sfdc", {"authentication.type": "oauth2Password"}, {}, []),
        ("servicenow", {}, {}, []),
        ("servicenow", {}, {"external_authentication": "initial"}, ["refresh_token"]),
        ("unknown", {"oauth.user.refresh_token": "r"}, {}, ["refresh_token"]),
        ("unknown", {}, {}, []),
    ],
)
def test_an_oauth_instance_is_made_without_a_browser(element_key, stored, fields, tokens):
    made = options(stored, element_key=element_key, **fields)
    keys = [f"oauth.user.{token}" for token in tokens]
    assert [key for key in made.get("secret_configuration", ()) if key.startswith("oauth.user.")] == keys
    assert made.get("external_authentication") == ("initial" if tokens else None)
    assert not any(key.startswith("oauth.user.") for key in made.get("configuration", ()))


def notes(*instances, elements=None):
    return [note for item in export(*instances, elements=elements).items for note in item.notes]


def test_what_has_to_be_decided_is_said():
    assert notes(instance(STORED)) == []
    assert "browser" in notes(instance({}, element_key="sfdc"))[0]
    assert "'<'" in notes(instance(STORED, name="a<b"))[0]
    assert "white space" in notes(instance(STORED, name=" a"))[0]
    assert "tags" in notes(instance(STORED, tags=frozenset({"a\nb"})))[0]
    assert "catalog" in notes(instance(STORED, element_key="gone"), elements={"gone": None})[0]
    choice = element(*OAUTH, entry("authentication.type"), key="hubspot")
    assert "more than one way" in notes(instance({}, element_key="hubspot"), elements={"hubspot": choice})[0]


def changes(item):
    return [note for note in item.notes if note.startswith("TO CHANGE: no task can set this. ")]


def test_all_that_a_task_refuses_is_said():
    assert notes(instance({**STORED, "event.notification.callback.url": "https://www.example.com/events"})) == []
    (url,) = notes(instance({**STORED, "event.notification.callback.url": "false"}))
    assert url.startswith("TO CHANGE") and "'event.notification.callback.url', is not a URL" in url
    several = {**STORED, "event.notification.callback.url": "false", "username": "half \ud800"}
    (item,) = export(instance(several, name="a<b", tags=frozenset({"c<d"})), plain_keys=PLAIN).items
    assert len(changes(item)) == len(item.notes) == 4


def test_instances_of_one_name_are_told_apart_until_somebody_decides():
    made = export(
        instance(STORED, id=8), instance(STORED, id=7), instance(STORED, id=9, name="other"), plain_keys=PLAIN
    )
    (same,) = made.duplicates
    assert (same.name, same.element_key, same.ids) == ("tickets", "servicenow", (7, 8))
    assert [bool(item.notes) for item in made.items] == [False, True, True]
    text = fleet_file(made)
    assert "the id 7," in text and "the id 8," in text and text.count("TO DECIDE") == 2
    assert [secret.variable for secret in made.secrets] == [
        "secret_servicenow_other_password",
        "secret_servicenow_tickets_id_7_password",
        "secret_servicenow_tickets_id_8_password",
    ]
    assert "former id 8" in made.secrets[2].purpose


class Loader(yaml.SafeLoader):
    """Reads what Ansible marks as not to be templated."""


Loader.add_constructor("!unsafe", lambda _loader, node: Unsafe(node.value))


class Unsafe(str):
    """A text that Ansible does not template."""


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "yes",
        "1.0",
        "null",
        "2020-01-01",
        " a",
        "a\nb",
        "{{ a }}",
        "{% a %}",
        "{# a #}",
        ": ",
        "#",
        "!unsafe a",
        "#jinja2: a",
    ]
)
LINES = TEXTS.filter(lambda text: text.strip() and text == text.strip() and text.isprintable() and "<" not in text)
KEYS = st.sampled_from(["username", "password", "site", "base.url", "x", "oauth.user.token", "pagination.max"]) | TEXTS
INSTANCES = st.lists(
    st.builds(
        Instance,
        id=st.integers(1),
        name=LINES,
        element_key=st.sampled_from([*ELEMENTS, "unknown", "null"]),
        token=st.just("token"),
        # What begins like a fingerprint is kept apart from the tags, wherever it comes from.
        tags=st.frozensets(LINES.filter(lambda text: not text.startswith(PREFIX)), max_size=3),
        fingerprints=st.sampled_from([frozenset(), frozenset({f"{PREFIX}a:b"})]),
        configuration=st.dictionaries(KEYS, st.none() | TEXTS | st.sampled_from(["********", "true"]), max_size=5),
        enabled=st.booleans(),
        external_authentication=st.sampled_from([None, "none", "initial"]),
    ),
    unique_by=lambda found: (found.element_key, found.name),
    max_size=5,
)


def test_a_key_that_is_longer_than_yaml_takes_by_itself_reads_back():
    shown, secret = "a" * 2000 + ".name", "a" * 2000 + ".password"
    made = export(instance({**STORED, shown: "b", secret: "c"}, name="t" * 2000), plain_keys=[shown])
    (row,) = yaml.load(fleet_file(made), Loader)["fleet_instances"]
    assert row["configuration"][shown] == "b" and secret in row["secret_configuration"]
    assert yaml.safe_load("".join(f'{each.variable}: ""\n' for each in made.secrets)).keys() == {
        each.variable for each in made.secrets
    }


@given(TEXTS)
def test_every_text_reads_back_as_it_was(text):
    read = yaml.load(f"- {literal(text)}\n", Loader)
    assert read == [text] and isinstance(read[0], str)
    assert isinstance(read[0], Unsafe) == bool(re.search(r"\{[{%#]|^#jinja2:", text))


@given(INSTANCES)
def test_the_file_reads_back_as_the_export(instances):
    made = export(*instances)
    read = yaml.load(fleet_file(made), Loader)["fleet_instances"]
    for item in read:
        for key, reference in item.get("secret_configuration", {}).items():
            assert not isinstance(reference, Unsafe)
            item["secret_configuration"][key] = re.fullmatch(r"\{\{ (\w+) \}\}", reference)[1]
    assert read == [item.options for item in made.items]


def filled(item):
    """Return the wish for an exported instance whose secrets were filled in."""
    secrets = {key: f"filled-in-{variable}" for key, variable in item.options.get("secret_configuration", {}).items()}
    wish, warnings = parse({**NOTHING, **item.options, "secret_configuration": secrets}, "organization", b"salt")
    assert warnings == (), "nothing that a task takes for a secret is among the rest"
    assert set(wish.configuration) == set(item.options.get("configuration", {}))
    return wish


@given(
    st.builds(
        Instance,
        id=st.integers(1),
        name=TEXTS,
        element_key=st.sampled_from(["servicenow", "unknown", "a/b"]),
        token=st.just("token"),
        tags=st.frozensets(TEXTS.filter(lambda text: not text.startswith(PREFIX)), max_size=2),
        configuration=st.dictionaries(
            KEYS | st.just("event.notification.callback.url"), TEXTS | st.just("https://www.example.com"), max_size=3
        ),
    )
)
def test_an_item_that_says_nothing_of_a_change_can_be_applied(found):
    (item,) = export(found).items
    if changes(item):
        with pytest.raises(CloudElementsError):
            filled(item)
    else:
        filled(item)


@given(INSTANCES)
def test_the_account_that_was_exported_is_as_described(instances):
    by_identity = {(found.element_key, found.name): found for found in instances}
    for item in export(*instances).items:
        desired = dataclasses.replace(filled(item), update_secrets="on_create")
        assert plan(desired, by_identity[item.element_key, item.name]) == ()


@given(INSTANCES)
def test_an_empty_account_becomes_the_same(instances):
    made = export(*instances)
    others = []
    for item in made.items:
        (create,) = plan(filled(item), None)
        predicted = create.predict(None)
        defaults = {entry.key: entry.default for entry in (ELEMENTS.get(item.element_key) or element()).entries}
        masked = dict.fromkeys(item.options.get("secret_configuration", {}), "********")
        others.append(
            dataclasses.replace(
                predicted,
                tags=frozenset(item.options["tags"]),  # Where there are none, they are taken away after the create.
                enabled=item.options["enabled"],
                configuration={**defaults, **(predicted.configuration or {}), **masked},
            )
        )
    again = export(*others)
    assert again == made and fleet_file(again) == fleet_file(made)


@given(INSTANCES)
def test_no_secret_is_in_an_export(instances):
    hidden = [
        dataclasses.replace(found, configuration={**(found.configuration or {}), "api.key": "canary", "y": "canary"})
        for found in instances
    ]
    made = export(*hidden)
    assert "canary" not in str(made) + fleet_file(made)


ANY_KEY = KEYS | st.sampled_from([*sorted(HARMLESS_KEYS), "sort.key", "a.url", "oauth.x.url"])
URL = st.builds(
    "".join, st.lists(st.sampled_from(["https://", "h.com", "/", "a", "1", "?", "#", "@", "v1"]), max_size=6)
)
ANY_VALUE = TEXTS | URL | st.sampled_from(["hunter2", "xhunter2x", "Password=x", '{"a": {"token": "b"}}', "[REDACTED]"])


@given(st.lists(st.dictionaries(ANY_KEY, ANY_VALUE, max_size=4), max_size=3), st.lists(ANY_KEY, max_size=2))
def test_what_an_export_writes_readable_the_other_results_show_and_what_it_does_not_they_mask(
    configurations, plain_keys
):
    instances = [instance(given, name=str(number), id=number) for number, given in enumerate(configurations, 1)]
    rows = project_foreign(instances, ["known-user-secret"], plain_keys)
    made = {item.name: item.options for item in export(*instances, elements={}, plain_keys=plain_keys).items}
    for found, row in zip(instances, rows, strict=True):
        for key, value in found.configuration.items():
            if not value or is_server_made(key):
                continue
            readable = made[found.name].get("configuration", {}).get(key)
            assert row["configuration"][key] == (MASK if readable is None else readable)
            assert (readable is None) == (key in made[found.name].get("secret_configuration", {}))
