# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_secrets_form
short_description: Compare a file of secrets with what an export needs
version_added: 0.1.0
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

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._secrets_form import (
    NOTHING,
    ChangeError,
    FormError,
    missing_path,
    outcome,
    plan,
    variables_in,
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
        beside = missing_path(path)
        problem, planned = None, NOTHING
        try:
            kept, missing = self._read(path), self._read(beside)
            planned = plan(secrets, kept, missing)
        except FormError as error:
            problem = str(error)
        except ChangeError as error:
            problem = f"{beside} has to be changed, but {error}. Move what it has to {path}, and remove it."
        return {
            "problem": problem,
            "form": planned.form,
            "outcome": outcome(planned, path),
            "lacking": list(planned.lacking),
            "missing_path": beside,
            "missing": planned.missing,
            "remove_missing": planned.remove_missing,
        }

    def _read(self, path: str) -> str | None:
        """Return the text of a file of variables, decrypted if it is encrypted, or None if there is none.

        Raises:
            FormError: It cannot be read, with the path in the message.
        """
        if not os.path.exists(path):
            return None
        loader: t.Any = self._loader  # It is set whenever a lookup runs.
        try:
            text = str(loader.get_text_file_contents(path))
        except AnsibleError:
            raise FormError(
                f"{path} cannot be read or decrypted, so it is not known which secrets it has. If ansible-vault has "
                "encrypted it, give its password, for example with --ask-vault-pass."
            ) from None
        try:
            variables_in(text)
        except FormError as error:
            raise FormError(f"{path} is not a file of secrets: {error}. Give another one.") from None
        return text
