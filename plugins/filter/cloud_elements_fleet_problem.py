# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_fleet_problem
short_description: Say why a fleet of instances cannot be used
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns a message for people if a fleet cannot be used for a purpose, else an empty text. It asks no platform.
  - The message names all secrets that are empty or whose variable is not defined, and all names that are given twice.
    It shows no value.
  - The role P(cloud_elements.platform.fleet#role) and the playbooks of the collection use it.
positional: purpose
options:
  _input:
    description: The fleet, as in the variable C(fleet_instances) of the role P(cloud_elements.platform.fleet#role).
    type: raw
    required: true
  purpose:
    description:
      - What the fleet is for.
      - With V(provision), secrets must have values, and names must be unique within an element. If a secret is missing,
        the message also names the variables that begin with C(secret_) and are empty, or that no instance uses.
      - With V(compare), only the form is checked.
      - With V(remove), there must be at least one instance, and each must have a name or an id.
    type: str
    choices: [provision, compare, remove]
    default: provision
seealso:
  - plugin: cloud_elements.platform.cloud_elements_fleet_for
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Validate fleet_instances
  ansible.builtin.assert:
    that: not problem
    fail_msg: "{{ problem }}"
  vars:
    fleet_instances:
      - {name: payments, element_key: stripe}
    problem: "{{ fleet_instances | cloud_elements.platform.cloud_elements_fleet_problem }}"
"""

RETURN = r"""
_value:
  description: The message. Empty if there is no problem.
  type: str
"""

import typing as t
from collections.abc import Callable

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet import (
    SECRET_VARIABLE,
    provisioning_problem,
    removal_problem,
    shape_problem,
)
from jinja2 import Undefined, UndefinedError, pass_context
from jinja2.runtime import Context


@pass_context
def fleet_problem(context: Context, instances: t.Any, purpose: str = "provision") -> str:
    """Say why a fleet cannot be used for a purpose, or nothing if it can."""
    if purpose == "provision":
        return provisioning_problem(instances, lambda: _secrets(context))
    if purpose == "compare":
        return shape_problem(instances)
    if purpose == "remove":
        return removal_problem(instances)
    raise ValueError("The purpose must be provision, compare or remove.")


def _secrets(context: Context) -> dict[str, t.Any]:
    """Return the variables of secrets that can be resolved, in the order of their names."""
    found = {}
    for name in sorted(name for name in context.get_all() if name.startswith(SECRET_VARIABLE)):
        try:
            value = context.resolve(name)
        except UndefinedError:
            continue
        if not isinstance(value, Undefined):
            found[name] = value
    return found


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_fleet_problem": fleet_problem}
