# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_file_problem
short_description: Say why a playbook cannot write a file
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns why a file cannot be written. A file that is there must be empty or of the same kind, as an earlier run
    wrote it. The playbooks of the collection overwrite nothing else.
options:
  _terms:
    description: The paths of the files. A relative path starts in the current directory.
    type: list
    elements: str
    required: true
  kind:
    description: What is to be written.
    type: str
    choices: [plan, report, report_data, report_summary]
    required: true
  variable:
    description: The variable that names the file, for the message.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Refuse to overwrite a file that is not a report
  ansible.builtin.assert:
    that: not problem
    fail_msg: "{{ problem }}"
  vars:
    problem: >-
      {{ lookup('cloud_elements.platform.cloud_elements_file_problem', 'report.html', kind='report',
      variable='report_dest') }}
"""

RETURN = r"""
_raw:
  description: For each file, the reason, or an empty text if it can be written.
  type: list
  elements: str
"""

import typing as t

from ansible.plugins.lookup import LookupBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import real_place
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._written_files import file_problem


class LookupModule(LookupBase):
    """Looks at files that are to be written."""

    def run(self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        """Return why each file cannot be written."""
        self.set_options(var_options=variables, direct=kwargs)
        kind, variable = self.get_option("kind"), self.get_option("variable")
        return [
            file_problem(real_place(path), kind, variable)
            if path.strip()
            else f"{variable} is empty. If it comes from a variable, that one is empty. Nothing was written."
            for path in terms
        ]
