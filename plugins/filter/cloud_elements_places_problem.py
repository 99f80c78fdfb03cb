# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_places_problem
short_description: Say why several hosts cannot write to the places that they name
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - The playbooks of the collection use this before a host writes anything. Two hosts of one run must not have one
    directory or one file.
positional: hosts
options:
  _input:
    description: The variables of the hosts, C(hostvars).
    type: dict
    required: true
  hosts:
    description: The names of the hosts of the run.
    type: list
    elements: str
    required: true
  required:
    description: The names of variables with a path that each host must have if there are several hosts.
    type: list
    elements: str
    default: []
  optional:
    description: The names of variables with a path that a host may have.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Refuse shared places
  ansible.builtin.assert:
    that: not problem
    fail_msg: "{{ problem }}"
  vars:
    problem: >-
      {{ hostvars | cloud_elements.platform.cloud_elements_places_problem(
      ansible_play_hosts_all, required=['account_dir']) }}
"""

RETURN = r"""
_value:
  description: Why they cannot, or an empty text if they can.
  type: str
"""

import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import places_problem


def problem(
    variables: Mapping[str, Mapping[str, t.Any]],
    hosts: Sequence[str],
    *,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> str:
    """Return why hosts cannot write to the places that they name, or an empty text."""
    return places_problem(variables, hosts, required, optional)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_places_problem": problem}
