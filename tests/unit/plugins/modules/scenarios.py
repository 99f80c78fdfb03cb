# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users do with one instance, as data: what is there before, and the options of each run in order."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.cloud_elements.platform.tests.emulator import Emulator


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A name; the options of the runs in order; the instances that are there before; how the emulator behaves."""

    name: str
    runs: tuple[dict[str, t.Any], ...]
    there: tuple[dict[str, t.Any], ...] = ()
    switches: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


STRIPE = {"name": "payments", "element_key": "stripe", "api_key": "sk_test_made_up_0123456789"}
STRIPE_THERE = {"name": "payments", "element_key": "stripe", "tags": ["a", "b"]}
TICKETS: dict[str, t.Any] = {
    "name": "tickets",
    "element_key": "servicenow",
    "configuration": {"username": "integration", "servicenow.subdomain": "example"},
    "secret_configuration": {"password": "first-password-0123"},
}
TICKETS_THERE = {
    "name": "tickets",
    "element_key": "servicenow",
    "configuration": {"username": "old", "servicenow.subdomain": "example", "password": "stored-password-0123"},
    "tags": ["tickets"],
}
ROTATED = {**TICKETS, "secret_configuration": {"password": "second-password-0123"}}
CRM: dict[str, t.Any] = {
    "name": "crm",
    "element_key": "sfdc",
    "configuration": {"oauth.callback.url": "https://www.example.com/callback"},
    "secret_configuration": {"oauth.api.key": "client-0123456789", "oauth.api.secret": "secret-0123456789"},
}
CRM_THERE = {
    "name": "crm",
    "element_key": "sfdc",
    "configuration": {**CRM["configuration"], **CRM["secret_configuration"]},
}
EVENTS = {
    "event.notification.enabled": True,
    "event.vendor.type": "polling",
    "event.poller.refresh_interval": 30,
    "event.poller.configuration": {"accounts": {"url": "/hubs/x", "n": 1, "on": False, "none": None}},
    "event.notification.callback.url": "https://events.example.com/x",
    "filter.response.nulls": "false",
}


def named(given: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    """Return what only identifies an instance, and more."""
    return {"name": given["name"], "element_key": given["element_key"], **more}


def prepare(emulator: Emulator, scenario: Scenario) -> list[int]:
    """Bring the emulator into the scenario's state, and return the ids of what is there."""
    for name, value in scenario.switches.items():
        emulator.switches.set(name, value)
    return [emulator.create(**fields)["id"] for fields in scenario.there]


def with_ids(options: dict[str, t.Any], ids: list[int]) -> dict[str, t.Any]:
    """Replace the placeholder id 1 by the real one."""
    return {**options, "id": int(ids[0])} if options.get("id") == 1 else options


SCENARIOS = (
    Scenario("create and again", (STRIPE, STRIPE)),
    Scenario("create with tags", ({**STRIPE, "tags": ["b", "a", "b"]}, {**STRIPE, "tags": ["a", "b"]})),
    Scenario("create without tags", ({**STRIPE, "tags": []}, {**STRIPE, "tags": []})),
    Scenario("create disabled", ({**STRIPE, "enabled": False}, {**STRIPE, "enabled": False})),
    Scenario("create disabled without tags", ({**STRIPE, "enabled": False, "tags": []},)),
    Scenario("create with a user and a password", (TICKETS, TICKETS)),
    Scenario("create with events", ({**STRIPE, "configuration": EVENTS}, {**STRIPE, "configuration": EVENTS})),
    Scenario("create and verify", ({**TICKETS, "verify": True}, {**TICKETS, "verify": True})),
    Scenario("create with a fingerprint", ({**TICKETS, "update_secrets": "on_change"},) * 2),
    Scenario("create with a fingerprint and tags", ({**TICKETS, "update_secrets": "on_change", "tags": ["x"]},) * 2),
    Scenario("create with a fingerprint, no tags", ({**TICKETS, "update_secrets": "on_change", "tags": []},) * 2),
    Scenario("create with a code", ({**CRM, "provider_data": {"code": "code-0123456789"}},) * 2),
    Scenario(
        "create with a refresh token",
        (
            {
                **CRM,
                "external_authentication": "initial",
                "secret_configuration": {**CRM["secret_configuration"], "oauth.user.refresh_token": "refresh-012345"},
            },
        )
        * 2,
    ),
    Scenario(
        "a secret among the configuration",
        (
            {
                **named(TICKETS),
                "configuration": {"username": "u", "servicenow.subdomain": "s", "password": "misplaced-password"},
            },
        )
        * 2,
    ),
    Scenario("adopt by name", (STRIPE,), there=(STRIPE_THERE,)),
    Scenario("adopt by name alone", ({"name": "payments"},), there=(STRIPE_THERE,)),
    Scenario("adopt by id", ({"id": 1},), there=(STRIPE_THERE,)),
    Scenario("rename", ({"id": 1, "name": "new name"},) * 2, there=(STRIPE_THERE,)),
    Scenario(
        "rename to a name that is taken",
        ({"id": 1, "name": "taken"},),
        (STRIPE_THERE, {**STRIPE_THERE, "name": "taken"}),
    ),
    Scenario(
        "rename to a name that another element has",
        ({"id": 1, "name": "tickets"},) * 2,
        (STRIPE_THERE, TICKETS_THERE),
    ),
    Scenario("rename and tag", ({"id": 1, "name": "new name", "tags": ["c"]},), there=(STRIPE_THERE,)),
    Scenario("leave tags alone", (named(STRIPE_THERE),), there=(STRIPE_THERE,)),
    Scenario("same tags in another order", (named(STRIPE_THERE, tags=["b", "a"]),), there=(STRIPE_THERE,)),
    Scenario("other tags", (named(STRIPE_THERE, tags=["c"]),) * 2, there=(STRIPE_THERE,)),
    Scenario("no tags", (named(STRIPE_THERE, tags=[]),) * 2, there=(STRIPE_THERE,)),
    Scenario("change one key", (TICKETS, TICKETS), there=(TICKETS_THERE,)),
    Scenario("empty a key", (named(TICKETS, configuration={"username": ""}),) * 2, there=(TICKETS_THERE,)),
    Scenario("null a key", (named(TICKETS, configuration={"username": None}),) * 2, there=(TICKETS_THERE,)),
    Scenario("turn events on", (named(TICKETS, configuration=EVENTS),) * 2, there=(TICKETS_THERE,)),
    Scenario("an unknown key that is kept", (named(TICKETS, configuration={"mine": 1}),) * 2, there=(TICKETS_THERE,)),
    Scenario("secrets on creation only", (ROTATED,), there=({**TICKETS_THERE, **named(TICKETS)},)),
    Scenario("secrets always", ({**ROTATED, "update_secrets": "always"},) * 2, there=(TICKETS_THERE,)),
    Scenario("secrets on change", ({**ROTATED, "update_secrets": "on_change"},) * 2, there=(TICKETS_THERE,)),
    Scenario(
        "rotate a secret",
        ({**TICKETS, "update_secrets": "on_change"}, {**ROTATED, "update_secrets": "on_change"}),
    ),
    Scenario(
        "rotate a secret and change tags",
        ({**TICKETS, "update_secrets": "on_change"}, {**ROTATED, "update_secrets": "on_change", "tags": ["x"]}),
    ),
    Scenario(
        "rotate a secret of what is there and change tags",
        ({**ROTATED, "update_secrets": "on_change", "tags": ["x"]},) * 2,
        there=(TICKETS_THERE,),
    ),
    Scenario(
        "secrets on change with a key that is dropped",
        (
            {**TICKETS, "configuration": {**TICKETS["configuration"], "mine": "x"}, "update_secrets": "on_change"},
            {**TICKETS, "configuration": {**TICKETS["configuration"], "mine": "x"}, "update_secrets": "on_change"},
            {**ROTATED, "configuration": {**TICKETS["configuration"], "mine": "x"}, "update_secrets": "on_change"},
        ),
        switches={"unknown_configuration": "drop"},
    ),
    Scenario(
        "secrets always, with a fingerprint that gets stale",
        (
            {**TICKETS, "update_secrets": "on_change"},
            {**ROTATED, "update_secrets": "always"},
            {**TICKETS, "update_secrets": "on_change"},
        ),
    ),
    Scenario("disable", (named(STRIPE_THERE, enabled=False),) * 2, there=(STRIPE_THERE,)),
    Scenario("enable", (named(STRIPE_THERE, enabled=True),) * 2, there=({**STRIPE_THERE, "disabled": True},)),
    Scenario("disable and tag", (named(STRIPE_THERE, enabled=False, tags=["z"]),), there=(STRIPE_THERE,)),
    Scenario(
        "authenticate again",
        (
            {**CRM, "provider_data": {"code": "first-code-0123"}},
            {**CRM, "provider_data": {"code": "second-code-0123"}, "reauthenticate": True},
        ),
    ),
    Scenario(
        "authenticate again and rename by id",
        ({"id": 1, "name": "crm 2", "provider_data": {"code": "second-code-0123"}, "reauthenticate": True},),
        there=(CRM_THERE,),
    ),
    Scenario("verify what is there", (named(TICKETS, verify=True),), there=(TICKETS_THERE,)),
    Scenario("remove", (named(STRIPE_THERE, state="absent"),) * 2, there=(STRIPE_THERE,)),
    Scenario("remove by id", ({"id": 1, "state": "absent"},) * 2, there=(STRIPE_THERE,)),
    Scenario("remove by id, name and element", (named(STRIPE_THERE, id=1, state="absent"),) * 2, (STRIPE_THERE,)),
    Scenario(
        "remove by id with another element", ({"id": 1, "element_key": "sftp", "state": "absent"},), (STRIPE_THERE,)
    ),
    Scenario("remove by id with another name", ({"id": 1, "name": "other", "state": "absent"},), (STRIPE_THERE,)),
    Scenario("remove what is not there", (named(STRIPE_THERE, state="absent"),)),
    Scenario("two of one name", (STRIPE,), there=(STRIPE_THERE, STRIPE_THERE)),
    Scenario("an id that is not there", ({"id": 4711, "name": "x"},)),
    Scenario("another element", ({"id": 1, "element_key": "sftp"},), there=(STRIPE_THERE,)),
    Scenario("no element", ({"name": "x"},)),
    Scenario("an unknown element", ({"name": "x", "element_key": "stripee", "api_key": "made-up"},)),
    Scenario("missing configuration", (named(TICKETS),)),
    Scenario("tags as objects", (named(STRIPE_THERE, tags=["a", "b"]),), (STRIPE_THERE,), {"tags_form": "objects"}),
    Scenario("ids as texts", (named(STRIPE_THERE, tags=["c"]),), (STRIPE_THERE,), {"id_form": "string"}),
    Scenario("rows without configuration", (TICKETS, TICKETS), (TICKETS_THERE,), {"hydrate_default": False}),
    Scenario("nothing masked", (TICKETS, ROTATED), (TICKETS_THERE,), {"mask": "none"}),
    Scenario("everything masked", (TICKETS, TICKETS), (TICKETS_THERE,), {"mask": "all"}),
    Scenario("a catalog of the other naming", (TICKETS,), switches={"field_naming": "swagger"}),
    Scenario("a catalog that may not be read", (TICKETS,), switches={"catalog_auth": "forbidden"}),
    Scenario("pages that trail off", (STRIPE,), (STRIPE_THERE,), {"trailing_page": "empty_404"}),
)

PAYMENTS = {
    "name": "payments",
    "element_key": "stripe",
    "api_key": "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "tags": ["a", "b"],
}
# What fails: the options, the kind of the error, and words that its message has to have.
ERRORS: dict[str, tuple[dict[str, t.Any], str, list[str]]] = {
    "required configuration": (
        {"name": "x", "element_key": "servicenow", "configuration": {"username": "u"}},
        "refused",
        ["password", "servicenow.subdomain"],
    ),
    "unknown element": ({"name": "x", "element_key": "stripee", "api_key": "k"}, "not_found", ["stripee"]),
    "no element key": ({"name": "x", "api_key": "k"}, "invalid_options", ["element_key"]),
    "no OAuth code": (
        {
            "name": "x",
            "element_key": "sfdc",
            "configuration": {"oauth.callback.url": "https://www.example.com"},
            "secret_configuration": {"oauth.api.key": "client", "oauth.api.secret": "client-secret"},
        },
        "refused",
        ["You must provide an OAuth code"],
    ),
    "an empty secret": ({"name": "x", "element_key": "stripe", "api_key": ""}, "invalid_options", ["api_key"]),
    "an empty password": (
        {"name": "x", "element_key": "stripe", "secret_configuration": {"password": ""}},
        "invalid_options",
        ["password"],
    ),
    "an empty user secret": ({**PAYMENTS, "user_secret": ""}, "invalid_options", ["user_secret"]),
    "an empty name": ({**PAYMENTS, "name": ""}, "invalid_options", ["name"]),
    "HTML in the name": ({**PAYMENTS, "name": "<b>payments</b>"}, "invalid_options", ["name", "HTML"]),
    "HTML in the tags": ({**PAYMENTS, "tags": ["<i>a</i>"]}, "invalid_options", ["tags", "HTML"]),
    "an id that is not there": ({"id": 4711, "name": "x", "element_key": "stripe"}, "not_found", ["4711"]),
    "wrong secrets": ({**PAYMENTS, "user_secret": "wrong"}, "unauthorized", ["user_secret", "base_url"]),
    "nothing listens": (
        {**PAYMENTS, "base_url": "http://127.0.0.1:9/elements/api-v2", "retries": 0},
        "unreachable",
        ["127.0.0.1:9"],
    ),
    "plain HTTP": ({**PAYMENTS, "base_url": "http://platform.example.com"}, "invalid_options", ["https"]),
}
