# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_account_for
short_description: Reduce an account to what a purpose needs
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns the options of M(cloud_elements.platform.cloud_elements_account) by kind for a purpose that needs no secret.
  - The playbooks C(report) and C(deprovision) of the collection use it.
positional: purpose
options:
  _input:
    description:
      - What P(cloud_elements.platform.cloud_elements_account_dir#lookup) returns of a directory with C(secrets=false).
    type: dict
    required: true
  purpose:
    description:
      - What the account is for.
      - With V(compare), a word stands for each secret of an instance. The result is for check mode only.
      - With V(remove), only what identifies each resource is read, and each is to be absent.
    type: str
    choices: [compare, remove]
    required: true
  planned:
    description:
      - What the module returned in check mode for this account with V(remove). Only what would be removed is returned
        then.
    type: dict
seealso:
  - plugin: cloud_elements.platform.cloud_elements_account_dir
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: See what would be removed
  cloud_elements.platform.cloud_elements_account:
    instances: "{{ going.instances }}"
    formulas: "{{ going.formulas }}"
  check_mode: true
  vars:
    described:
      instances: [{name: payments, element_key: stripe}]
      common_resources: []
      formulas: [{name: sync}]
      formula_instances: []
    going: "{{ described | cloud_elements.platform.cloud_elements_account_for('remove') }}"
"""

RETURN = r"""
_value:
  description: The options of each resource, by kind.
  type: dict
"""

import typing as t
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleFilterError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_reductions import (
    Account,
    compared,
    removed,
)


def account_for(account: Account, purpose: str, planned: Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    """Return the options of each resource that a purpose needs, by kind."""
    if purpose == "compare":
        return compared(account)
    if purpose == "remove":
        return removed(account, planned)
    raise AnsibleFilterError("The purpose must be compare or remove.")


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_account_for": account_for}
