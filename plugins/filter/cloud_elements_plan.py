# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_plan
short_description: Write the plan of an account as JSON or as Markdown
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors
description:
  - Returns the text of a file with a plan, as the role P(cloud_elements.platform.account#role) writes it.
  - JSON has all of the plan, for programs. It has the keys C(generator), which is V(cloud_elements.platform),
    C(schema_version), which is V(1), and C(base_url), C(account_id), C(checksum), C(summary), C(counts), C(lines) and
    C(changes) of RV(cloud_elements.platform.cloud_elements_account#module:plan).
  - Markdown is for a comment on a pull request. It has at most 60,000 characters and says what it leaves out. Nothing
    in names and values can become markup.
  - The text holds no secret.
positional: form
options:
  _input:
    description:
      - The return value RV(cloud_elements.platform.cloud_elements_account#module:plan) or
        RV(cloud_elements.platform.cloud_elements_instances#module:plan).
    type: dict
    required: true
  form:
    description: The form of the text.
    type: str
    choices: [json, markdown]
    default: json
seealso:
  - module: cloud_elements.platform.cloud_elements_account
  - plugin: cloud_elements.platform.cloud_elements_plan_checksum
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: See what would change
  cloud_elements.platform.cloud_elements_account:
    common_resources:
      - {name: contacts, fields: [{path: email}]}
  check_mode: true
  register: account

- name: Show the plan as a comment would have it
  ansible.builtin.debug:
    msg: "{{ account.plan | cloud_elements.platform.cloud_elements_plan('markdown') }}"
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
"""

import typing as t
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleFilterError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_plan import as_json, as_markdown

_FORMS = {"json": as_json, "markdown": as_markdown}


def text_of(plan: Mapping[str, t.Any], form: str = "json") -> str:
    """Return the text of a file with a plan."""
    if form not in _FORMS:
        raise AnsibleFilterError(f"form must be one of {', '.join(_FORMS)}.")
    return _FORMS[form](plan)


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, Callable[..., t.Any]]:
        """Return the filter by its name."""
        return {"cloud_elements_plan": text_of}
