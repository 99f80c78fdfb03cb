# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""The tables of options, as values that merge. Nothing here knows AnsibleModule."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .._api.connection import DEFAULT_BASE_URL
from .._secrets.disclosure import may_be_shown


@dataclass(frozen=True)
class Options:
    """A table of options in the form of Ansible's argument spec, with the rules that Ansible itself can check."""

    spec: Mapping[str, Mapping[str, t.Any]]
    required_one_of: tuple[tuple[str, ...], ...] = ()
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    """The environment variable that stands in for an option, by option."""

    @property
    def secret(self) -> tuple[str, ...]:
        """The options whose values must not be shown."""
        return tuple(name for name, entry in self.spec.items() if entry.get("no_log"))

    def __add__(self, other: Options) -> Options:
        """Return both tables as one."""
        return Options(
            spec={**self.spec, **other.spec},
            required_one_of=self.required_one_of + other.required_one_of,
            mutually_exclusive=self.mutually_exclusive + other.mutually_exclusive,
            fallbacks={**self.fallbacks, **other.fallbacks},
        )


def secrets_in(params: Mapping[str, t.Any], options: Options) -> Iterator[t.Any]:
    """Yield the values of a task's options that no message may show, but for those of nested options."""
    for name in options.secret:
        if "options" in options.spec[name]:
            continue
        if name == "configuration":
            plain_keys = params.get("plain_keys") or ()
            yield from (
                value
                for key, value in (params.get(name) or {}).items()
                if not isinstance(value, bool) and not may_be_shown(key, value, plain_keys, given=True)
            )
        else:
            yield params.get(name)


def may_be_secret(params: Mapping[str, t.Any], options: Options) -> Iterator[t.Any]:
    """Yield all values that may be secret in options that were refused, whatever their types: those of secret options,
    also in the items of a list, and those of options that there are none of, as their names may be misspelled."""
    for name, value in params.items():
        entry = options.spec.get(name, {"no_log": True})
        if "options" in entry:
            for item in value if isinstance(value, list) else [value]:
                nested = isinstance(item, Mapping)
                yield from may_be_secret(item, Options(entry["options"])) if nested else (item,)
        elif entry.get("no_log"):
            yield value


CONNECTION = Options(
    spec={
        "user_secret": {"type": "str", "no_log": True},
        "organization_secret": {"type": "str", "no_log": True},
        "base_url": {"type": "str", "default": DEFAULT_BASE_URL},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 60.0},
        "retries": {"type": "int", "default": 5},
        "deadline": {"type": "float", "default": 600.0},
    },
    fallbacks={
        "user_secret": "CLOUD_ELEMENTS_USER_SECRET",
        "organization_secret": "CLOUD_ELEMENTS_ORGANIZATION_SECRET",
        "base_url": "CLOUD_ELEMENTS_BASE_URL",
        "validate_certs": "CLOUD_ELEMENTS_VALIDATE_CERTS",
        "ca_path": "CLOUD_ELEMENTS_CA_PATH",
        "timeout": "CLOUD_ELEMENTS_TIMEOUT",
        "retries": "CLOUD_ELEMENTS_RETRIES",
        "deadline": "CLOUD_ELEMENTS_DEADLINE",
    },
)

CONNECTION_SECRETS = ("user_secret", "organization_secret")

# configuration is no_log too, for the system log: a key in it may turn out to be a secret.
INSTANCE = Options(
    spec={
        "id": {"type": "int"},
        "name": {"type": "str"},
        "element_key": {"type": "str", "no_log": False},
        "api_key": {"type": "str", "no_log": True},
        "tags": {"type": "list", "elements": "str"},
        "configuration": {"type": "dict", "no_log": True},
        "secret_configuration": {"type": "dict", "no_log": True},
        "plain_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "provider_data": {"type": "dict", "no_log": True},
        "external_authentication": {"type": "str", "choices": ["initial"]},
        "reauthenticate": {"type": "bool", "default": False},
        "enabled": {"type": "bool"},
        "update_secrets": {
            "type": "str",
            "choices": ["on_create", "on_change", "always"],
            "no_log": False,
        },
        "verify": {"type": "bool", "default": False},
        "verify_wait": {"type": "bool", "default": False},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    required_one_of=(("name", "id"),),
)


FLEET = Options(
    spec={
        # no_log as a whole, for the system log: what is nested in it would be looked for in all that is logged.
        "instances": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "no_log": True,
            "options": {name: dict(entry) for name, entry in INSTANCE.spec.items()},
            "required_one_of": list(INSTANCE.required_one_of),
        },
        "plain_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "concurrency": {"type": "int", "default": 8},
        "prune": {"type": "bool", "default": False},
        "prune_tags": {"type": "list", "elements": "str"},
        "prune_limit": {"type": "int", "default": 10},
        "deadline": {"type": "float"},
    },
)

INSTANCE_FILTER = Options(
    spec={
        "id": {"type": "int"},
        "name": {"type": "str"},
        "element_key": {"type": "str", "no_log": False},
        "tags": {"type": "list", "elements": "str"},
        "include_token": {"type": "bool", "default": False, "no_log": False},
        "plain_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
    },
)

FLEET_FILTER = Options(
    spec={name: INSTANCE_FILTER.spec[name] for name in ("name", "element_key", "tags", "plain_keys")}
)

ELEMENT_FILTER = Options(spec={"element_key": {"type": "str", "no_log": False}})

# The API key is the client id that the provider shows to everybody: masked, it would break the URL that holds it.
OAUTH = Options(
    spec={
        "element_key": {"type": "str", "required": True, "no_log": False},
        "oauth_api_key": {"type": "str", "required": True, "no_log": False},
        "oauth_api_secret": {"type": "str", "required": True, "no_log": True},
        "callback_url": {"type": "str", "required": True},
        "scope": {"type": "str"},
        "state": {"type": "str"},
        "site_address": {"type": "str"},
    },
)
