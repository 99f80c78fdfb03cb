# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_account_drift
short_description: Say how far an account is from its directory
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns what the playbook C(cloud_elements.platform.report) writes as JSON, from what the lookup and the modules
    returned. It holds no secret and no token.
positional: compared, found
options:
  _input:
    description: What P(cloud_elements.platform.cloud_elements_account_dir#lookup) returned. V(none) if it failed.
    type: dict
    required: true
  compared:
    description: What M(cloud_elements.platform.cloud_elements_account) returned for it in check mode.
    type: dict
    required: true
  found:
    description: What M(cloud_elements.platform.cloud_elements_account_info) returned.
    type: dict
    required: true
  include:
    description: The kinds that are compared.
    type: list
    elements: str
    choices: [instances, common_resources, formulas, formula_instances]
    default: [instances, common_resources, formulas, formula_instances]
seealso:
  - plugin: cloud_elements.platform.cloud_elements_account_for
    plugin_type: filter
"""

EXAMPLES = r"""
- name: See what would change
  cloud_elements.platform.cloud_elements_account:
    instances: "{{ wanted.instances }}"
  vars: &described
    described: "{{ lookup('cloud_elements.platform.cloud_elements_account_dir', 'accounts/prod', secrets=false) }}"
    wanted: "{{ described | cloud_elements.platform.cloud_elements_account_for('compare') }}"
  check_mode: true
  register: compared
  no_log: true # The result holds the element tokens.

- name: See what is there
  cloud_elements.platform.cloud_elements_account_info:
    include: [instances]
  register: found

- name: Say whether the account is as described
  ansible.builtin.debug:
    msg: "{{ drift.status }}"
  vars:
    <<: *described
    drift: "{{ described | cloud_elements.platform.cloud_elements_account_drift(compared, found, include=kinds) }}"
    kinds: [instances]
"""

RETURN = r"""
_value:
  description: How far the account is from its directory.
  type: dict
  contains:
    generator:
      description: What made it, C(cloud_elements.platform).
      type: str
    schema_version:
      description: The version of this shape, V(1).
      type: int
    base_url:
      description: The complete URL of the platform. V(null) if it is not known.
      type: str
    status:
      description:
        - V(in_sync) if the account is as described and has nothing else of the included kinds.
        - V(drift) if it differs.
        - V(error) if it could not be compared, or a resource could not.
      type: str
    summary:
      description:
        - By kind, the number of resources that are C(described), and how many of these are C(in_sync), C(drifted) and
          C(failed), that is, could not be compared. C(not_described) counts what the account has beside these.
      type: dict
    drift:
      description:
        - Each resource that is not as described, with C(kind), C(name), C(element_key), C(level), C(instance),
          C(formula), C(action), C(actions), C(changes) and C(error), as in
          RV(cloud_elements.platform.cloud_elements_account#module:plan.changes). What the directory does not describe
          has the action V(not_described).
      type: list
      elements: dict
    errors:
      description: Why the account or single resources could not be compared.
      type: list
      elements: str
"""

import typing as t
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_drift import Row, drift_of


def drift(
    described: Mapping[str, Sequence[Row]] | None, compared: Row, found: Row, *, include: Sequence[str] = KINDS
) -> dict[str, t.Any]:
    """Return how far an account is from its directory."""
    return drift_of(described, compared, found, include)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_account_drift": drift}
