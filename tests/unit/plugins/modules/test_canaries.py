# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is shown: all that users do, and all that can fail, with secrets that are found again in any spelling.

Searched is all that a module prints, at the highest verbosity and with a difference, and what it sends to the journal
and to syslog. The platform repeats every secret that it was given or keeps, in every spelling.
"""

from __future__ import annotations

import json
import random
import time

import pytest
from ansible.module_utils import basic
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import retry_budget as retry_budget_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.elements import ELEMENT_FILTER
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET,
    FLEET_FILTER,
    INSTANCE,
    INSTANCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.oauth import OAUTH
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import names_secret
from ansible_collections.cloud_elements.platform.tests.canaries import Planter, Search, canary, header_canary
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import (
    CRM,
    CRM_THERE,
    ERRORS,
    SCENARIOS,
    STRIPE,
    STRIPE_THERE,
    TICKETS,
    TICKETS_THERE,
)

SEED = 20261122
TOKENS = ("token", "tokens")


@pytest.fixture
def emulator(monkeypatch):
    """An emulator that repeats secrets wherever it can, to a user whose own are canaries."""
    with Emulator(user_secret=header_canary("user"), organization_secret=header_canary("organization")) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        running.switches.echo_secrets = True
        running.switches.provider_data_echoed = True
        yield running


class Clock:
    """A clock that waits by looking ahead."""

    def __init__(self):
        self.ahead = 0.0

    def monotonic(self):
        return time.monotonic() + self.ahead

    def sleep(self, seconds):
        self.ahead += seconds


@pytest.fixture
def log(monkeypatch):
    """What modules log. The journal refuses it after it was noted, so that it goes to syslog as well."""
    logged = []

    class Journal:
        @staticmethod
        def send(**fields):
            logged.append(json.dumps(fields, ensure_ascii=False, default=str))
            raise OSError

    monkeypatch.setattr(basic, "has_journal", True)
    monkeypatch.setattr(basic, "journal", Journal, raising=False)
    monkeypatch.setattr(basic.syslog, "syslog", lambda _priority, message: logged.append(message))
    clock = Clock()
    monkeypatch.setattr(
        retry_budget_module.RetryBudget.__init__,
        "__kwdefaults__",
        {**retry_budget_module.RetryBudget.__init__.__kwdefaults__, "clock": clock.monotonic, "sleep": clock.sleep},
    )
    return logged


@pytest.fixture(scope="module")
def total():
    """All that was searched, printed in the end (C(pytest -s))."""
    total = Search()
    yield total
    print(f"\n{total.runs} runs of modules, {total}")


@pytest.fixture
def run(ansible, emulator, log, total):
    """Return what runs a module, and fails where what it printed or logged holds a secret, or a token out of place."""
    search = Search({"user_secret": emulator.user_secret, "organization_secret": emulator.organization_secret})

    def run(arguments, planter, *, module="instance", check=False, logged=True, tokens=()):
        search.know(**planter.planted)
        log.clear()
        ansible.output = ""
        result = ansible.run(arguments, module=module, check=check, verbosity=4)
        assert "module_args" in result["invocation"]
        search.look("output", ansible.output)
        search.look("result", json.dumps(result, ensure_ascii=False))
        for line in log:
            search.look("log", line)
        assert len(log) == (2 if logged else 0)
        given = Search({f"token of {row['id']}": row["token"] for row in emulator.instances})
        given.know(**{str(number): token for number, token in enumerate(tokens)})
        given.look("result but for tokens", json.dumps(without_tokens(result), ensure_ascii=False))
        assert search.found + given.found == [], result
        assert result.get("error", {}).get("kind") != "internal", result
        search.runs += 1
        return result

    yield run
    assert search.places["output"]
    total.add(search)


def without_tokens(result):
    """Return a result without the tokens where a task asks for them."""
    rest = {name: value for name, value in result.items() if name not in TOKENS}
    if isinstance(rest.get("instances"), list):
        rest["instances"] = [
            {name: value for name, value in row.items() if name != "token"} for row in rest["instances"]
        ]
    return rest


def prepare(emulator, planter, there, switches=None):
    """Put into the emulator what a scenario finds there, with canaries, and return what was put."""
    for name, value in (switches or {}).items():
        emulator.switches.set(name, value)
    return [emulator.create(**planter.options(fields)) for fields in there]


def with_ids(options, there):
    """Replace the placeholder id 1 by the real one."""
    return {**options, "id": int(there[0]["id"])} if options.get("id") == 1 else options


@pytest.mark.parametrize("mask", ["facts", "none"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_scenario_shows_a_secret(run, emulator, scenario, mask):
    planter = Planter()
    there = prepare(emulator, planter, scenario.there, {"mask": mask, **scenario.switches})
    for options in scenario.runs:
        given = planter.options(with_ids(options, there))
        run(given, planter, check=True)
        run(given, planter)


@pytest.mark.parametrize("case", ERRORS)
def test_no_error_shows_a_secret(run, emulator, case):
    planter = Planter()
    options, kind, _words = ERRORS[case]
    given = planter.options(options)
    if given.get("user_secret"):
        given["user_secret"] = planter.planted["wrong"] = header_canary("wrong")
    result = run(given, planter)
    assert result["error"]["kind"] == kind


# What is run while something fails: the options, and what is there.
CASES = {
    "create": (TICKETS, ()),
    "create with a key": (STRIPE, ()),
    "create with a code": ({**CRM, "provider_data": {"code": "code-0123456789"}}, ()),
    "create and verify": ({**TICKETS, "verify": True}, ()),
    "change": ({**TICKETS, "tags": ["x"], "update_secrets": "always", "enabled": False}, (TICKETS_THERE,)),
    "authenticate again": ({**CRM, "provider_data": {"code": "other-code-0123"}, "reauthenticate": True}, (CRM_THERE,)),
    "verify": ({"id": 1, "verify": True}, (TICKETS_THERE,)),
    "remove": (
        {"id": 1, "state": "absent"},
        (STRIPE_THERE | {"configuration": {"username": "a", "password": "b-0123"}},),
    ),
}
FAULTS = (
    *(Fault("status", status=status) for status in (400, 401, 403, 404, 408, 409, 429, 500, 503)),
    *(Fault("status", when="after", status=status) for status in (400, 401, 500, 502)),
    *(Fault("html", status=status) for status in (200, 404, 502)),
    *(
        Fault(kind, when=when)
        for kind in ("reset", "garbage", "empty", "redirect", "truncate")
        for when in ("before", "after")
    ),
    Fault("body", body=["not", "an", "instance"]),
    Fault("flood", size=200_000),
)
DRAWN = random.Random(SEED).sample(
    [
        (case, number, method, times)
        for case in CASES
        for number in range(len(FAULTS))
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE")
        for times in (1, None)
        if method == "GET" or (method == "POST") == case.startswith("create")
    ],
    120,
)


@pytest.mark.parametrize("mask", ["facts", "none"])
@pytest.mark.parametrize("part", range(12))
def test_no_fault_shows_a_secret(run, emulator, part, mask):
    for case, number, method, times in DRAWN[part::12]:
        emulator.reset()
        planter = Planter()
        options, before = CASES[case]
        there = prepare(emulator, planter, before, {"mask": mask})
        fault = FAULTS[number]
        emulator.inject(Fault(**{**vars(fault), "method": method, "times": times}))
        given = planter.options(with_ids(options, there))
        run({**given, "retries": 1, "timeout": 5}, planter)


FLEET_OF_ALL = (
    STRIPE,
    {**TICKETS, "tags": ["x"]},
    {**CRM, "provider_data": {"code": "code-0123456789"}},
    {"name": "misplaced", "element_key": "servicenow", "configuration": {"password": "misplaced-password"}},
    {**TICKETS, "name": "refused", "secret_configuration": {"password": ""}, "api_key": "key-0123456789"},
    {**TICKETS, "name": "verified", "verify": True, "update_secrets": "on_change"},
)


@pytest.mark.parametrize("mask", ["facts", "none"])
@pytest.mark.parametrize("there", [(), (STRIPE_THERE, TICKETS_THERE, CRM_THERE)], ids=["new", "there"])
def test_no_fleet_shows_a_secret(run, emulator, mask, there):
    planter = Planter()
    prepare(emulator, planter, there, {"mask": mask})
    emulator.create(
        "stripe", "old", planter.options({"configuration": {"password": "of-the-old-one"}})["configuration"], ["x"]
    )
    given = {**planter.options({"instances": FLEET_OF_ALL}), "prune": True, "prune_tags": ["x"]}
    results = [run(given, planter, module="instances", check=check) for check in (True, False, False)]
    assert {result["error"]["kind"] for result in results} == {"refused"}
    whole = {
        **given,
        "instances": [item for item in given["instances"] if item["name"] not in ("refused", "misplaced")],
    }
    assert run(whole, planter, module="instances")["summary"]["failed"] == 0


DRAWN_FOR_FLEETS = random.Random(SEED).sample(
    [
        (number, method, skip)
        for number in range(len(FAULTS))
        for method in ("GET", "POST", "PATCH")
        for skip in (0, 1, 2)
    ],
    24,
)


@pytest.mark.parametrize("part", range(4))
def test_no_fault_of_a_fleet_shows_a_secret(run, emulator, part):
    for number, method, skip in DRAWN_FOR_FLEETS[part::4]:
        emulator.reset()
        planter = Planter()
        prepare(emulator, planter, (TICKETS_THERE,), {"mask": "none"})
        emulator.inject(Fault(**{**vars(FAULTS[number]), "method": method, "skip": skip, "times": 3}))
        given = planter.options({"instances": FLEET_OF_ALL})
        run({**given, "retries": 1, "timeout": 5}, planter, module="instances")


OAUTH_GIVEN = {
    "element_key": "sfdc",
    "oauth_api_key": "client-id",
    "oauth_api_secret": "client-secret",
    "callback_url": "https://www.example.com/callback",
}


@pytest.mark.parametrize("element_key", ["sfdc", "evernote", "stripe", "nothing"])
@pytest.mark.parametrize("post", ["allowed", "405"])
def test_no_oauth_url_shows_a_secret(run, emulator, element_key, post):
    planter = Planter()
    emulator.switches.oauth_url_post = post
    given = {**planter.options(OAUTH_GIVEN), "element_key": element_key}
    run(given, planter, module="oauth_info")
    for fault in (FAULTS[0], FAULTS[8], Fault("redirect"), Fault("html")):
        emulator.inject(Fault(**{**vars(fault), "path": "oauth", "times": None}))
        run({**given, "retries": 1}, planter, module="oauth_info")
        emulator.reset()


@pytest.mark.parametrize("mask", ["facts", "none", "all"])
def test_no_question_shows_a_secret(run, emulator, mask):
    planter = Planter()
    there = prepare(
        emulator, planter, (STRIPE_THERE, TICKETS_THERE, CRM_THERE), {"mask": mask, "hydrate_default": False}
    )
    for given in ({}, {"name": "tickets"}, {"id": there[1]["id"]}):
        result = run(given, planter, module="instance_info")
        assert result["instances"] and not any("token" in row for row in result["instances"])
        told = run({**given, "include_token": True}, planter, module="instance_info")
        assert {row["token"] for row in told["instances"]} <= {row["token"] for row in there}
        for fault in (FAULTS[8], Fault("html"), Fault("redirect")):
            emulator.clear()
            emulator.inject(Fault(**{**vars(fault), "path": "/instances", "times": 1}))
            run({**given, "retries": 1}, planter, module="instance_info")
    emulator.clear()
    assert run({}, planter, module="fleet_info")["instances"]
    for fault in (FAULTS[8], Fault("html"), Fault("redirect")):
        emulator.inject(Fault(**{**vars(fault), "times": 1}))
        run({"name": "tickets", "retries": 1}, planter, module="fleet_info")
        emulator.inject(Fault(**{**vars(fault), "path": "/formulas", "times": 1}))
        run({"retries": 1}, planter, module="account_info")
    assert run({}, planter, module="account_info")["secrets"]
    for given in ({}, {"element_key": "sfdc"}, {"element_key": "nothing"}):
        run(given, planter, module="element_info")


# What Ansible itself refuses, or takes for something else than was meant. C is a secret in each.
C = canary("refused")
EQUAL = "CanaryequalA+/~equalCanary=="
KNOWN = {"name": "x", "element_key": "stripe"}
REFUSED = {
    "an option that there is none of": ("instance", {**KNOWN, "api_kye": C}),
    "a mapping as one that there is none of": ("instance", {**KNOWN, "secrets": {"password": [C]}}),
    "a choice that there is none of": ("instance", {**KNOWN, "api_key": C, "state": "absnt"}),
    "a wrong type beside it": ("instance", {**KNOWN, "api_key": C, "id": "one"}),
    "what is required": ("instance", {"api_key": C}),
    "what is required to ask": ("oauth_info", {"oauth_api_secret": C}),
    "a text for a mapping": ("instance", {**KNOWN, "secret_configuration": C}),
    "a text for a mapping that can be taken apart": ("instance", {**KNOWN, "secret_configuration": EQUAL}),
    "a text for a mapping in a refused task": ("instance", {**KNOWN, "provider_data": EQUAL, "state": "absnt"}),
    "a secret in a text": ("instance", {**KNOWN, "configuration": f"password={EQUAL}", "state": "absnt"}),
    "JSON in a refused task": ("instance", {**KNOWN, "secret_configuration": json.dumps({"a": C}), "state": "absnt"}),
    "a list for a mapping": ("instance", {**KNOWN, "secret_configuration": [C]}),
    "a mapping for a text": ("instance", {**KNOWN, "api_key": {"a": C}, "state": "absnt"}),
    "a list for a secret of the connection": ("instance", {**KNOWN, "user_secret": [C], "state": "absnt"}),
    "both secrets": ("instance", {**KNOWN, "api_key": C, "secret_configuration": {"api.key": C}}),
    "a mask": ("instance", {**KNOWN, "api_key": C, "secret_configuration": {"a": "********"}}),
    "a user secret that is none": ("instance", {**KNOWN, "user_secret": C}),
    "a URL with a password": ("instance", {**KNOWN, "base_url": f"https://u:{EQUAL}@host"}),
    "a URL without a scheme": ("instance", {**KNOWN, "base_url": f"//u:{EQUAL}@host"}),
    "a text for a fleet": ("instances", {"instances": C}),
    "a text for a fleet that can be taken apart": ("instances", {"instances": EQUAL}),
    "a text for a fleet with a secret as a key": ("instances", {"instances": f"name=x {EQUAL}"}),
    "JSON for a fleet": ("instances", {"instances": json.dumps([{**KNOWN, "api_key": EQUAL}])}),
    "a mapping for a fleet": ("instances", {"instances": {"api_key": C}}),
    "texts in a fleet": ("instances", {"instances": [{**KNOWN, "api_key": C}, EQUAL]}),
    "lists in a fleet": ("instances", {"instances": [[C]]}),
    "numbers in a fleet": ("instances", {"instances": [4711, {**KNOWN, "api_key": C}]}),
    "nothing in a fleet": ("instances", {"instances": [None, {**KNOWN, "api_key": C}]}),
    "an option of a fleet that there is none of": ("instances", {"instances": [{**KNOWN, "api_kye": C}]}),
    "a choice in a fleet": ("instances", {"instances": [{**KNOWN, "api_key": C, "state": "absnt"}]}),
    "what is required in a fleet": ("instances", {"instances": [{"api_key": C}]}),
    "a text for a mapping in a fleet": ("instances", {"instances": [{**KNOWN, "secret_configuration": EQUAL}]}),
    "a text in a refused fleet": (
        "instances",
        {"instances": [{**KNOWN, "configuration": f"password={EQUAL}"}], "concurrency": "many"},
    ),
    "the same instance twice": ("instances", {"instances": [{**KNOWN, "api_key": C}] * 2}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_refusal_shows_a_secret(run, emulator, case):
    module, given = REFUSED[case]
    planter = Planter()
    planter.planted = {"refused": C, "equal": EQUAL}
    logs = case in OURS
    result = run(given, planter, module=module, logged=logs)
    assert result["failed"] and result["error"]["kind"] == "invalid_options"
    assert emulator.requests == []


# Here Ansible is content, and it is we who refuse.
OURS = {
    "a text for a mapping",
    "a text for a mapping that can be taken apart",
    "both secrets",
    "a mask",
    "a user secret that is none",
    "a URL with a password",
    "a URL without a scheme",
    "a text for a mapping in a fleet",
    "the same instance twice",
}


@pytest.mark.parametrize("secret", ["1", "22", "true", "a", "o", "en", "stripe", "name"])
@pytest.mark.parametrize("mask", ["facts", "none"])
def test_short_and_common_secrets_leave_everything_whole(ansible, emulator, secret, mask):
    emulator.switches.mask = mask
    for number in range(22):
        emulator.create(name=f"filler {number}")
    named = {"name": "name 22 true 1 a", "tags": ["1", "22", "a", "true"]}
    given = {**named, "element_key": "stripe", "api_key": secret, "secret_configuration": {"x.password": secret}}
    first = ansible.task(**given)
    fleet = ansible.run({"instances": [given]}, module="instances", verbosity=4)
    asked = ansible.run({"name": named["name"], "include_token": True}, module="instance_info", verbosity=4)
    stored = emulator.instances[-1]
    for row in (first, fleet["instances"][0], asked["instances"][0]):
        assert (row["id"], row["token"]) == (stored["id"], stored["token"])
    assert fleet["tokens"] == {"stripe": {named["name"]: stored["token"]}}
    for row in (first["instance"], asked["instances"][0]):
        assert (row["name"], row["tags"], row["element_key"]) == (named["name"], named["tags"], "stripe")
        assert {row["configuration"][key] for key in ("username", "password", "x.password")} == {"********"}
    assert first["actions"] == ["create instance 'name 22 true 1 a' of element 'stripe'"]


# What sounds like a secret and is not: the element's public name, a public id, choices, names of keys.
NO_SECRETS = {
    *("element_key", "external_authentication", "include_token", "oauth_api_key", "plain_keys", "update_secrets"),
    "validate_certs",
}


@pytest.mark.parametrize(
    "options",
    [CONNECTION, INSTANCE, FLEET, FLEET_FILTER, INSTANCE_FILTER, ELEMENT_FILTER, OAUTH],
    ids=lambda options: next(iter(options.spec)),
)
def test_every_secret_option_is_kept_out_of_the_log(options):
    nested = {name: entry for option in options.spec.values() for name, entry in option.get("options", {}).items()}
    for name, entry in {**options.spec, **nested}.items():
        secret = names_secret(name) or name in ("configuration", "provider_data", "secret_configuration", "instances")
        assert entry.get("no_log", False) is (secret and name not in NO_SECRETS), name
