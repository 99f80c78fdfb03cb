# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the options of the module about formula instances."""

from __future__ import annotations

from ..._secrets.argument_spec import Options

FORMULA_INSTANCE = Options(
    spec={
        "id": {"type": "int"},
        "name": {"type": "str"},
        "formula": {"type": "str"},
        "formula_id": {"type": "int"},
        # no_log too, for the system log: a key in it may turn out to be a secret.
        "configuration": {"type": "dict", "no_log": True},
        "secret_configuration": {"type": "dict", "no_log": True},
        "plain_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "update_secrets": {"type": "str", "choices": ["on_create", "always"], "no_log": False},
        "settings": {"type": "dict", "no_log": True},
        "active": {"type": "bool"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    required_one_of=(("name", "id"), ("formula", "formula_id", "id")),
    mutually_exclusive=(("formula", "formula_id"),),
)
