# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_report_summary
short_description: Say how all accounts of a run are
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns what the playbook C(cloud_elements.platform.report) writes to C(report_summary_dest). It holds no secret and
    no token.
positional: dest
options:
  _input:
    description:
      - For each host, V(none), or what became of it, with C(drift), as
        P(cloud_elements.platform.cloud_elements_account_drift#filter) returns it, the path of its C(page), and the
        C(error) that ended it. Each of them may be V(none).
    type: dict
    required: true
  dest:
    description: The file that the summary is for. The paths of pages are relative to its directory.
    type: path
    required: true
seealso:
  - plugin: cloud_elements.platform.cloud_elements_account_drift
    plugin_type: filter
  - plugin: cloud_elements.platform.cloud_elements_report_index
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the accounts that need attention
  ansible.builtin.debug:
    msg: "{{ summary.accounts | dict2items | rejectattr('value.status', 'equalto', 'in_sync') | map(attribute='key') }}"
  vars:
    summary: "{{ outcomes | cloud_elements.platform.cloud_elements_report_summary('reports/summary.json') }}"
    outcomes:
      prod: {drift: null, page: null, error: The connection was refused.}
"""

RETURN = r"""
_value:
  description: How the accounts are.
  type: dict
  contains:
    generator:
      description: What made it, C(cloud_elements.platform).
      type: str
    schema_version:
      description: The version of this shape, V(1).
      type: int
    accounts:
      description:
        - By host, the C(status), which is V(in_sync), V(drift) or V(error), the C(base_url), the C(summary) with the
          counts by kind, C(report), the path of the page, and C(error), the reason. The latter four may be unknown.
      type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.cloud_elements.platform.plugins.plugin_utils._report_summary import summary_of


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_report_summary": summary_of}
