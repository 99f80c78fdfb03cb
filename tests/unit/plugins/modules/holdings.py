# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account that holds much: instances of every element, with names and values that a file may choke on."""

from __future__ import annotations

import itertools
import re
import typing as t
from collections.abc import Iterator

from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.emulator.catalog import Catalog, Element, Entry

CANARY = "canary-0a1b2c3d4e5f"
"""The beginning of every secret that is stored. In nothing that is written or printed may it be found."""

# What YAML, Jinja or Ansible takes for something else, of what a task may set as a name or a tag.
HOSTILE = (
    *("yes", "No", "on", "null", "~", "True", "=", "1.0", "0x10", "1e3", "1_000", "0755", "-1", ".inf", "2020-01-01"),
    *("12:30:45", "2020-01-01 12:30:45 Z", "a: b", "a #b", "#b", "- a", "? a", "& a", "*a", "!a", "!unsafe a", "%a"),
    *("@a", "`a`", "| a", "[a", "{a: b}", "a, b", "'a'", '"a"', "\\", "\\n", "{{ 7*7 }}", "{% if %}", "{# a #}", "}}"),
    *("{{ lookup('pipe', 'false') }}", "$ANSIBLE_VAULT;1.1;AES256", "omit", "ünïcödé", "日本", "🙂", "é", "é", "a  b"),
    *("#jinja2: a:b", "--- a", "...", "a'b\"c", "__omit_place_holder__a", "{'a': 1}", "['a']", "(1, 2)"),
)
# What only values may hold.
VALUES = (
    *HOSTILE,
    " leading",
    "trailing ",
    "two\nlines\n",
    "\ttab",
    "\r\n",
    "\x7f\x85\u2028\ufeff",
    "",
    "0",
    '{"a": 1}',
)

# By the vendor's documentation, independently of what the collection thinks of them.
_SECRET = re.compile(
    r"passw|secret|token|private\.key|public_key|consumer_key|access_key|api.?key$|session.?(id|key)|signature\.key"
    r"|^apikey\.user\.key|client.?id$|oauth\.basic\.header",
    re.IGNORECASE,
)
_KEY_AS_USER_NAME = ("stripe", "closeio", "freshdeskv2", "bamboohr", "mixpanel", "chargebee", "chargify", "helpscout")
_SERVER_MADE = re.compile(
    r"authentication\.time|expires_in|oauth\.user\..*|event\.notification\.(subscription\.id|instance\.finder)"
    r"|.*hooks?\..*id|session\.?id|requestToken|since_token",
    re.IGNORECASE,
)
PLAIN = ("servicenow.subdomain", "company.name", "db.name", "event.objects", "oauth.scope", "site")
"""Keys with values of all kinds. No export may call them secrets: those may not end in white space."""
EVENTS: dict[str, str] = {
    "event.notification.enabled": "true",
    "event.vendor.type": "polling",
    "event.notification.callback.url": "https://events.example.com/platform",
    "event.poller.refresh_interval": "30",
    "event.poller.configuration": '{"accounts": {"url": "/hubs/crm/accounts?where=x>=\'${date}\'", "idField": "id"}}',
    "event.notification.signature.key": f"{CANARY}-signature",
    "event.metadata": f'{{"polling": {{"password": "{CANARY}-nested"}}}}',
}


def is_secret(element_key: str, key: str) -> bool:
    """Return whether what an element has under a key is a secret, or not known to be none."""
    return bool(_SECRET.search(key)) or (key == "username" and element_key in _KEY_AS_USER_NAME)


def is_server_made(key: str) -> bool:
    """Return whether the platform or the provider makes what is under a key, and makes it anew."""
    return _SERVER_MADE.fullmatch(key) is not None


def fill(emulator: Emulator, size: int) -> None:
    """Put instances of every element into an account, disabled, tagged and named in all ways that a task can set."""
    names = itertools.cycle(HOSTILE)
    elements = itertools.cycle(Catalog())
    for number, element, name in zip(range(size), elements, names, strict=False):
        emulator.create(
            element.key,
            f"{name} {number}" if number % 2 else f"{number} {name}" if number >= len(HOSTILE) else name,
            dict(_configuration(element, number)),
            [[], None, ["prod"], list(HOSTILE[number % 50 : number % 50 + 3])][number % 4],
            disabled=number % 5 == 0,
            external_authentication="initial" if element.oauth and number % 3 == 0 else "none",
        )


def _configuration(element: Element, number: int) -> Iterator[tuple[str, t.Any]]:
    for key, entry in element.entries.items():
        value = _value(element, entry, number)
        if value is not None:
            yield key, value
    if element.oauth:
        yield "oauth.user.token", f"{CANARY}-token-{number}"
        if element.oauth == 1:
            yield "oauth.user.token.secret", f"{CANARY}-token-secret-{number}"
        elif number % 3:
            yield "oauth.user.refresh_token", f"{CANARY}-refresh-token-{number}"
    if number % 7 == 0:
        yield from EVENTS.items()
    if number % 11 == 0:
        yield "base.url", f"https://user:{CANARY}@www.example.com"
    if number % 13 == 0:
        yield "of.the.users.own", f"{CANARY}-that-nobody-knows-the-kind-of"


def _value(element: Element, entry: Entry, number: int) -> str | None:
    """Return what an instance has under a key. None where the element's default stays."""
    key = entry.key
    if is_server_made(key) and not entry.required:
        return None if key.startswith("oauth.user.") else f"{CANARY}-made-{number}"
    if key.startswith("event."):
        return None
    if is_secret(element.key, key):
        # Now and then, the platform does not tell what it has.
        return None if number % 9 == 0 else f"{CANARY}-{key}-{number}"
    if entry.type == "BOOLEAN":
        return ("true", "false", None)[number % 3]
    if key == "username":
        return f"user {number}"
    if key in PLAIN:
        return VALUES[number % len(VALUES)] or ("needed" if entry.required else "")
    if not entry.required and number % 4:
        return None
    return f"https://www.example.com/{number}" if key.lower().endswith("url") else f"value {number}"
