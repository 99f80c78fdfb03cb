# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_plan_checksum
short_description: Read the checksum of a plan that was reviewed
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the checksum of a plan, for O(cloud_elements.platform.cloud_elements_account#module:expected_plan).
options:
  _terms:
    description:
      - Checksums of 64 hexadecimal digits, which are returned as they are, or files with plans in JSON or Markdown, as
        the role P(cloud_elements.platform.account#role) writes them. A relative path starts in the current directory.
    type: list
    elements: str
    required: true
seealso:
  - plugin: cloud_elements.platform.cloud_elements_plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: See what would change
  cloud_elements.platform.cloud_elements_account: &wanted
    common_resources:
      - {name: contacts, fields: [{path: email}]}
  check_mode: true
  register: account

- name: Write the plan for a review
  ansible.builtin.copy:
    content: "{{ account.plan | cloud_elements.platform.cloud_elements_plan }}"
    dest: plan.json
    mode: "0644"

- name: Apply exactly the plan that was reviewed
  cloud_elements.platform.cloud_elements_account:
    <<: *wanted
    expected_plan: "{{ lookup('cloud_elements.platform.cloud_elements_plan_checksum', 'plan.json') }}"
"""

RETURN = r"""
_raw:
  description: The checksums.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_plan import PlanError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._plan_files import expected_checksum


class LookupModule(LookupBase):
    """Reads checksums of plans."""

    def run(self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        """Return the checksum that each term is, or that the plan in the file has."""
        if kwargs:
            raise AnsibleError(f"The lookup has no option {', '.join(sorted(kwargs))}.")
        try:
            return [expected_checksum(str(term)) for term in terms]
        except PlanError as error:
            raise AnsibleError(str(error)) from None
