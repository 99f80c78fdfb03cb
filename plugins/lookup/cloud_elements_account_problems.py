# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_account_problems
short_description: Check the directory of an account without a platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns all that is wrong with the files of an account, with file, line, and what to do. It asks no platform,
    decrypts nothing, and needs no password of ansible-vault. No message shows a value.
  - A C(secrets.yml) that is filled in and not encrypted is a warning.
  - The files must be YAML as P(cloud_elements.platform.cloud_elements_account_dir#lookup) reads it. The options must be
    those of the modules, with values of the right types. What the modules refuse is a problem here too, unless the
    value of a variable decides about it. Within C(definition) and C(script), a variable stands for a text.
  - No two documents may describe the same resource.
  - A reference to an instance or a formula that the directory does not describe is a warning, because the account may
    have it.
  - The playbook C(cloud_elements.platform.validate) prints the result.
options:
  _terms:
    description: The directories. A relative path starts in the current directory.
    type: list
    elements: str
    required: true
  include:
    description: The kinds to check. Files of the others are not opened.
    type: list
    elements: str
    choices: [instances, common_resources, formulas, formula_instances]
    default: [instances, common_resources, formulas, formula_instances]
seealso:
  - plugin: cloud_elements.platform.cloud_elements_account_dir
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Check an account
  ansible.builtin.assert:
    that: found.problems | length == 0
    fail_msg: "{{ found.problems | join('\n') }}"
  vars:
    found: "{{ lookup('cloud_elements.platform.cloud_elements_account_problems', 'accounts/prod') }}"
"""

RETURN = r"""
_raw:
  description: What is wrong with each directory.
  type: list
  elements: dict
  contains:
    problems:
      description: The problems, each as C(FILE:LINE:) with the key, what is wrong, and what to do.
      type: list
      elements: str
      returned: always
    warnings:
      description: What may be wrong, in the same form.
      type: list
      elements: str
      returned: always
"""

import typing as t
from collections.abc import Collection

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_checks import check
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_documents import read
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_files import Directory, UnreadableError
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_variables import read_secrets
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._places import expanded


class LookupModule(LookupBase):
    """Checks the directories of accounts."""

    def run(
        self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any
    ) -> list[dict[str, t.Any]]:
        """Return what is wrong with each directory named in the terms."""
        unknown = kwargs.keys() - {"include"}
        if unknown:
            raise AnsibleError(f"The lookup has no option {', '.join(sorted(unknown))}.")
        self.set_options(var_options=variables, direct=kwargs)
        include = self.get_option("include")
        return [_found(Directory(expanded(path)), include) for path in terms]


def _found(directory: Directory, include: Collection[str]) -> dict[str, list[str]]:
    account = check(*read(directory, include), include)
    problems, warnings = [*map(str, account.problems)], [*map(str, account.warnings)]
    try:
        # What is encrypted need not be read to see that it is.
        secrets = read_secrets(directory, lambda _path, _shown: "{}")
        if secrets.is_exposed:
            warnings.append(f"{secrets.name} holds secrets and is not encrypted: ansible-vault encrypt {secrets.name}")
    except UnreadableError as error:
        problems += map(str, error.problems)
    return {"problems": problems, "warnings": warnings}
