# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the options of the modules about formulas."""

from __future__ import annotations

from ..._secrets.argument_spec import Options

FORMULA = Options(
    spec={
        "id": {"type": "int"},
        "name": {"type": "str"},
        # no_log for the system log: properties of steps may hold credentials.
        "definition": {"type": "dict", "no_log": True},
        "active": {"type": "bool"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    required_one_of=(("name", "id", "definition"),),
)

FORMULA_FILTER = Options(spec={"id": {"type": "int"}, "name": {"type": "str"}})
