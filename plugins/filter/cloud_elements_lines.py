# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_lines
short_description: Say in your own words what becomes of the instances of a fleet
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns lines like those of the return value RV(cloud_elements.platform.cloud_elements_instances#module:plan.lines),
    with other words for the actions, and only for some of them. They hold no secret and no token.
positional: words
options:
  _input:
    description: The return value RV(cloud_elements.platform.cloud_elements_instances#module:instances).
    type: list
    elements: dict
    required: true
  words:
    description:
      - The word that the lines begin with, for each C(action) of an instance. What has another action gets no line.
    type: dict
    required: true
seealso:
  - module: cloud_elements.platform.cloud_elements_instances
"""

EXAMPLES = r"""
- name: Say what would be removed
  ansible.builtin.debug:
    msg: "{{ rows | cloud_elements.platform.cloud_elements_lines({'remove': 'goes', 'failed': 'stays'}) }}"
  vars:
    rows:
      - {name: payments, element_key: stripe, id: 39540, action: remove, error: null}
      - {name: tickets, element_key: servicenow, id: 39541, action: unchanged, error: null}
"""

RETURN = r"""
_value:
  description: The lines, in the order of the instances.
  type: list
  elements: str
"""

import typing as t
from collections.abc import Callable

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._lines import lines


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_lines": lines}
