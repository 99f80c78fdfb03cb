# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_account_dir
short_description: Read an account from a directory
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns what a directory describes of an account. The playbook C(cloud_elements.platform.export) writes such
    directories.
  - The directory is checked first, as P(cloud_elements.platform.cloud_elements_account_problems#lookup) does. If
    anything is wrong, the lookup fails and names all problems, with file and line. No message shows a value.
  - C(fleet.yml) and C(formula_instances.yml) hold a list each, under the only key C(fleet_instances) or
    C(formula_instances). C(common_resources/) and C(formulas/) have a file for each resource, with any name. Files
    may also end in C(.yaml) or C(.json). A file or folder that does not exist describes nothing.
  - The files are YAML data, and no templates. A text that is exactly C({{ NAME }}) stands for the variable C(NAME). Any
    other text with C({{), C({%) or C({#) is an error, unless it is tagged C(!unsafe), which keeps the text as it is.
  - A variable is looked up in C(secrets.yml) of the directory, which may be encrypted with ansible-vault, and if it is
    not there or empty, among the variables of the host. A value may also be encrypted by itself, with C(!vault). If
    C(secrets.yml) holds values and is not encrypted, there is a warning.
  - Values must have the types of the options. A name that is a number is an error, unless it is in quotes.
options:
  _terms:
    description: The directories. A relative path starts in the current directory.
    type: list
    elements: str
    required: true
  include:
    description: The kinds to read. Files of the others are not opened.
    type: list
    elements: str
    choices: [instances, common_resources, formulas, formula_instances]
    default: [instances, common_resources, formulas, formula_instances]
  secrets:
    description:
      - Whether the values of secrets are wanted.
      - With V(false), C(secrets.yml) is not opened. In formulas and formula instances, V(********) stands in the place
        of what only C(secrets.yml) knows, which keeps what is there. Of an instance, V(null) stands in the place of a
        variable or an encrypted value in C(secret_configuration), C(provider_data) and C(api_key), and what only
        C(secrets.yml) knows is left out of C(configuration). A variable elsewhere must be one of the host.
      - That result is for comparisons and removals. Modules refuse to create anything from it that lacks a secret.
    type: bool
    default: true
notes:
  - The result holds the secrets. Use it in the arguments of modules, and do not print it.
  - The collection has JSON schemas for the files, in C(playbooks/files/schemas/), with which editors complete and
    check. For the YAML language server, set C(yaml.customTags) to C(["!unsafe scalar", "!vault scalar"]).
seealso:
  - plugin: cloud_elements.platform.cloud_elements_account_problems
    plugin_type: lookup
  - plugin: cloud_elements.platform.cloud_elements_fleet_for
    plugin_type: filter
  - module: cloud_elements.platform.cloud_elements_instances
  - module: cloud_elements.platform.cloud_elements_common_resource
  - module: cloud_elements.platform.cloud_elements_formula
  - module: cloud_elements.platform.cloud_elements_formula_instance
"""

EXAMPLES = r"""
- name: Provision the instances of an account
  cloud_elements.platform.cloud_elements_instances:
    instances: "{{ account.instances }}"
  vars:
    account: "{{ lookup('cloud_elements.platform.cloud_elements_account_dir', 'accounts/prod') }}"

- name: See what would change, without the secrets
  cloud_elements.platform.cloud_elements_instances:
    instances: "{{ account.instances | cloud_elements.platform.cloud_elements_fleet_for('compare') }}"
  check_mode: true
  vars:
    account: >-
      {{ lookup('cloud_elements.platform.cloud_elements_account_dir', 'accounts/prod', include=['instances'],
      secrets=false) }}
"""

RETURN = r"""
_raw:
  description: What each directory describes. A kind that is not read is empty.
  type: list
  elements: dict
  contains:
    instances:
      description: The items of O(cloud_elements.platform.cloud_elements_instances#module:instances).
      type: list
      elements: dict
      returned: always
    common_resources:
      description: Options of M(cloud_elements.platform.cloud_elements_common_resource), for each common resource.
      type: list
      elements: dict
      returned: always
    formulas:
      description: Options of M(cloud_elements.platform.cloud_elements_formula), for each formula.
      type: list
      elements: dict
      returned: always
    formula_instances:
      description: Options of M(cloud_elements.platform.cloud_elements_formula_instance), for each formula instance.
      type: list
      elements: dict
      returned: always
"""

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_reader import (
    AccountReader,
    UnusableAccountError,
)

display = Display()


class LookupModule(LookupBase):
    """Reads accounts from directories."""

    def run(
        self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any
    ) -> list[dict[str, t.Any]]:
        """Return what each directory named in the terms describes."""
        unknown = kwargs.keys() - {"include", "secrets"}
        if unknown:
            raise AnsibleError(f"The lookup has no option {', '.join(sorted(unknown))}.")
        self.set_options(var_options=variables, direct=kwargs)
        include, secrets = self.get_option("include"), self.get_option("secrets")
        templar: t.Any = self._templar  # Both are set whenever a lookup runs.
        loader: t.Any = self._loader
        reader = AccountReader(variables or {}, templar.template, loader.get_text_file_contents, display.warning)
        try:
            return [reader.read(path, include, secrets=secrets) for path in terms]
        except UnusableAccountError as error:
            raise AnsibleError(str(error)) from None
