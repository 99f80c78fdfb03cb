# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the options of the modules about element instances."""

from __future__ import annotations

from ..._secrets.argument_spec import Options

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
        # no_log for the whole option: otherwise Ansible masks each nested value wherever it occurs in the system log.
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
        "expected_plan": {"type": "str"},
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
