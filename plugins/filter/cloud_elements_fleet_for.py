# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_fleet_for
short_description: Reduce a fleet of instances to what a purpose needs
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns the option O(cloud_elements.platform.cloud_elements_instances#module:instances) for a purpose that needs no
    secret. Secrets are not read, so the variables that hold them need not be given.
  - The playbooks C(report) and C(deprovision) of the collection use it.
positional: purpose
options:
  _input:
    description: The fleet, as in the variable C(fleet_instances) of the role P(cloud_elements.platform.fleet#role).
    type: list
    elements: dict
    required: true
  purpose:
    description:
      - What the fleet is for.
      - With V(compare), a word stands for each secret. The result is for check mode only.
      - With V(remove), only the name, the element key and the id of each instance are read, and each is to be absent.
    type: str
    choices: [compare, remove]
    required: true
seealso:
  - plugin: cloud_elements.platform.cloud_elements_fleet_problem
    plugin_type: filter
"""

EXAMPLES = r"""
- name: See what a fleet would change, without its secrets
  cloud_elements.platform.cloud_elements_instances:
    instances: "{{ fleet_instances | cloud_elements.platform.cloud_elements_fleet_for('compare') }}"
  check_mode: true
  vars:
    fleet_instances:
      - {name: payments, element_key: stripe, api_key: "{{ not_given }}"}
"""

RETURN = r"""
_value:
  description: The options of each instance.
  type: list
  elements: dict
"""

import typing as t
from collections.abc import Callable

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._fleet import for_comparison, for_removal

_REDUCTIONS = {"compare": for_comparison, "remove": for_removal}


def fleet_for(instances: t.Any, purpose: str) -> list[dict[str, t.Any]]:
    """Return the options of each instance that a purpose needs."""
    if purpose not in _REDUCTIONS:
        raise ValueError("The purpose must be compare or remove.")
    return _REDUCTIONS[purpose](instances)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_fleet_for": fleet_for}
