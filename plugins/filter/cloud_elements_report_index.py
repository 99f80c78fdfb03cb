# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_report_index
short_description: Count what the page shows that lists the accounts of a run
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns the rows and figures that the playbook C(cloud_elements.platform.report) draws in C(report_index_dest).
options:
  _input:
    description: What P(cloud_elements.platform.cloud_elements_report_summary#filter) returned for the file of the page.
    type: dict
    required: true
seealso:
  - plugin: cloud_elements.platform.cloud_elements_report_summary
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say how many accounts there are
  ansible.builtin.debug:
    msg: "{{ (summary | cloud_elements.platform.cloud_elements_report_index).figures.accounts }}"
  vars:
    summary: "{{ outcomes | cloud_elements.platform.cloud_elements_report_summary('index.html') }}"
    outcomes:
      prod: {drift: null, page: null, error: The connection was refused.}
"""

RETURN = r"""
_value:
  description: What the page shows.
  type: dict
  contains:
    figures:
      description: How many C(accounts) there are, and how many of them have each status.
      type: dict
    rows:
      description: The accounts, those with errors first and those as described last.
      type: list
      elements: dict
    script_hash:
      description: The SHA-256 hash of the script of the page in base64, by which the page allows it.
      type: str
    version:
      description: The version of the collection.
      type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._report_summary import index_of


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_report_index": index_of}
