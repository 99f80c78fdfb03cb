# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_secrets_form
short_description: Compare a file of secrets with what an export needs
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the texts of the files that the playbook C(cloud_elements.platform.export) must write, so that a user can
    fill in all secrets of an export. The lookup writes nothing. It reads the names of the variables, and no value.
  - A file of secrets that exists is never changed. Variables that it lacks go to a file beside it, for C(secrets.yml)
    to C(secrets.missing.yml). That file is not changed either if it contains a value.
options:
  _terms:
    description: The paths of files of secrets. A file need not exist, and may be encrypted with ansible-vault.
    type: list
    elements: str
    required: true
  secrets:
    description: The return value C(secrets) of M(cloud_elements.platform.cloud_elements_fleet_info).
    type: list
    elements: dict
    default: []
seealso:
  - module: cloud_elements.platform.cloud_elements_fleet_info
  - ref: Moving to another account <ansible_collections.cloud_elements.platform.docsite.moving>
    description: How the playbook C(cloud_elements.platform.export) uses the files.
"""

EXAMPLES = r"""
- name: Describe the account as a fleet, without its secrets
  cloud_elements.platform.cloud_elements_fleet_info:
  register: fleet

- name: Show the secrets that a file lacks
  ansible.builtin.debug:
    msg: "{{ form.lacking }}"
  vars:
    form: "{{ lookup('cloud_elements.platform.cloud_elements_secrets_form', 'secrets.yml', secrets=fleet.secrets) }}"
"""

RETURN = r"""
_raw:
  description: What to do with the files, for each path.
  type: list
  elements: dict
  contains:
    problem:
      description: The reason why the files cannot be compared or must not be changed. V(null) if there is none.
      type: str
      returned: always
    form:
      description: The text of the new file of secrets. V(null) if the file exists.
      type: str
      returned: always
    outcome:
      description: Where the secrets are, or are to be filled in, in words.
      type: str
      returned: always
    lacking:
      description: The variables that an existing file of secrets lacks.
      type: list
      elements: str
      returned: always
    missing_path:
      description: The path of the file beside it.
      type: str
      returned: always
    missing:
      description: The text of the file beside it. V(null) if that file is not needed or stays as it is.
      type: str
      returned: always
    remove_missing:
      description: Whether to remove the file beside it, because it is no longer needed.
      type: bool
      returned: always
"""

import os.path
import typing as t

from ansible.plugins.lookup import LookupBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_files import plan_files
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import (
    NOTHING,
    FormError,
    missing_path,
    outcome,
)


class LookupModule(LookupBase):
    """Compares files of secrets with what an export needs."""

    def run(
        self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any
    ) -> list[dict[str, t.Any]]:
        """Return what becomes of each file of secrets named in the terms."""
        self.set_options(var_options=variables, direct=kwargs)
        secrets = self.get_option("secrets")
        return [self._plan(os.path.expanduser(path), secrets) for path in terms]

    def _plan(self, path: str, secrets: list[dict[str, str]]) -> dict[str, t.Any]:
        problem, planned = None, NOTHING
        try:
            planned = plan_files(path, secrets, self._loader)
        except FormError as error:
            problem = str(error)
        return {
            "problem": problem,
            "form": planned.form,
            "outcome": outcome(planned, path),
            "lacking": list(planned.lacking),
            "missing_path": missing_path(path),
            "missing": planned.missing,
            "remove_missing": planned.remove_missing,
        }
