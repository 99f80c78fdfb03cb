# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the options of the modules about common resources."""

from __future__ import annotations

import typing as t

from ..._api.common_resource_models import ACCOUNT, LEVELS
from ..._secrets.argument_spec import Options

_ENTRIES: dict[str, t.Any] = {"type": "list", "elements": "dict"}

_PLACE: dict[str, dict[str, t.Any]] = {
    "level": {"type": "str", "choices": list(LEVELS), "default": ACCOUNT},
    "account_id": {"type": "int"},
    "instance": {
        "type": "dict",
        "options": {"element_key": {"type": "str", "no_log": False}, "name": {"type": "str"}, "id": {"type": "int"}},
    },
}

COMMON_RESOURCE = Options(
    spec={
        "name": {"type": "str", "required": True},
        **_PLACE,
        "description": {"type": "str"},
        "fields": {
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {"type": "str", "required": True},
                "type": {"type": "str"},
                "display_name": {"type": "str"},
            },
        },
        "transformations": {
            "type": "list",
            "elements": "dict",
            # no_log for the system log: scripts may hold credentials.
            "no_log": True,
            "options": {
                "element_key": {"type": "str", "required": True, "no_log": False},
                "vendor_name": {"type": "str"},
                "fields": {
                    "type": "list",
                    "elements": "dict",
                    "options": {
                        "path": {"type": "str", "required": True},
                        "vendor_path": {"type": "str"},
                        "type": {"type": "str"},
                        "vendor_type": {"type": "str"},
                        "configuration": _ENTRIES,
                    },
                },
                "configuration": _ENTRIES,
                "script": {"type": "raw"},
                "is_legacy": {"type": "bool"},
                "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            },
        },
        "purge_transformations": {"type": "bool", "default": False},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }
)

COMMON_RESOURCE_FILTER = Options(spec={"name": {"type": "str"}, **_PLACE})
