# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the options of the module about a whole account."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._resources.common_resource.argument_spec import COMMON_RESOURCE
from .._resources.formula.argument_spec import FORMULA
from .._resources.formula_instance.argument_spec import FORMULA_INSTANCE
from .._resources.instance.argument_spec import FLEET, INSTANCE
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES, KINDS
from .._secrets.argument_spec import Options

_IDS = ("id", "formula_id")
"""What only one account knows. An account as code names formulas and their instances."""

_PORTABLE_FORMULA = Options(
    spec={name: entry for name, entry in FORMULA.spec.items() if name not in _IDS},
    required_one_of=(("name", "definition"),),
)

_PORTABLE_FORMULA_INSTANCE = Options(
    spec={
        **{name: entry for name, entry in FORMULA_INSTANCE.spec.items() if name not in _IDS},
        "name": {"type": "str", "required": True},
        "formula": {"type": "str", "required": True},
    }
)

OPTIONS_OF: Mapping[str, Options] = {
    INSTANCES: INSTANCE,
    COMMON_RESOURCES: COMMON_RESOURCE,
    FORMULAS: _PORTABLE_FORMULA,
    FORMULA_INSTANCES: _PORTABLE_FORMULA_INSTANCE,
}
"""The options of one resource of each kind, in an account as code."""


def _list_of(options: Options) -> dict[str, t.Any]:
    return {
        "type": "list",
        "elements": "dict",
        "default": [],
        # no_log for the whole option: otherwise Ansible masks each nested value wherever it occurs in the system log.
        "no_log": True,
        "options": {name: dict(entry) for name, entry in options.spec.items()},
        "required_one_of": list(options.required_one_of),
        "mutually_exclusive": list(options.mutually_exclusive),
    }


ACCOUNT = Options(
    spec={
        **{kind: _list_of(options) for kind, options in OPTIONS_OF.items()},
        "include": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
        **{name: entry for name, entry in FLEET.spec.items() if name != INSTANCES},
    },
)
