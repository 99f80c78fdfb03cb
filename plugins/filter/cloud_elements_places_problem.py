# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_places_problem
short_description: Say why hosts of one run cannot write to the places that they name
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - The playbooks of the collection use this before a host writes anything. Two accounts of one run must not have one
    directory or one file, and no two variables may lead to the same file.
  - Symbolic links and C(..) are resolved. A relative path starts in the current directory.
positional: shared
options:
  _input:
    description: The paths of each host, by the names of the variables that name them. A path may be blank.
    type: dict
    required: true
  shared:
    description: The paths that the run writes to once, in the same form.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Set the places
  ansible.builtin.set_fact:
    places: {account_dir: "accounts/{{ inventory_hostname }}"}

- name: Refuse shared places
  ansible.builtin.assert:
    that: not problem
    fail_msg: "{{ problem }}"
  run_once: true
  vars:
    all: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'places'))) }}"
    problem: "{{ all | cloud_elements.platform.cloud_elements_places_problem }}"
"""

RETURN = r"""
_value:
  description: Why they cannot, or an empty text if they can.
  type: str
"""

import typing as t
from collections.abc import Callable, Mapping

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import places_problem


def problem(hosts: Mapping[str, Mapping[str, t.Any]], shared: Mapping[str, t.Any] | None = None) -> str:
    """Return why hosts cannot write to the places that they name, or an empty text."""
    return places_problem(hosts, shared or {})


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_places_problem": problem}
