# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloud_elements_token
short_description: Look up the token of an element instance by its name
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the element token of each named instance. It is an error if no instance or several instances match a name.
  - The lookup only reads. It runs on the controller, so the environment variables are those of the controller.
options:
  _terms:
    description: The exact names of the instances.
    type: list
    elements: str
    required: true
  element_key:
    description:
      - The key of the element of the instances, for example V(stripe).
      - Required if instances of several elements have the name.
    type: str
extends_documentation_fragment:
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
  - cloud_elements.platform.connection.plugins
requirements:
  - The Python library C(requests), in the Python environment of ansible-core on the controller.
notes:
  - C(module_defaults) and its action groups do not reach lookups.
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
  - module: cloud_elements.platform.cloud_elements_instance_info
"""

EXAMPLES = r"""
- name: Call the provider through the platform
  ansible.builtin.uri:
    url: "{{ cloud_elements_base_url }}/hubs/payment/customers"
    headers:
      Authorization: "User {{ user_secret }}, Element {{ token }}"
  vars:
    token: "{{ lookup('cloud_elements.platform.cloud_elements_token', 'payments', element_key='stripe') }}"
    user_secret: "{{ lookup('ansible.builtin.env', 'CLOUD_ELEMENTS_USER_SECRET') }}"
  no_log: true
"""

RETURN = r"""
_raw:
  description: The tokens, in the order of the names.
  type: list
  elements: str
"""

import os
import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.template import Templar
from ansible.utils.display import Display
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import (
    CONNECTION,
    from_environment,
    read,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.transport import REQUESTS_IMPORT_ERROR
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import (
    CloudElementsError,
    error_of,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import find_token
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.argument_spec import secrets_in
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._variables import from_variables

display = Display()


class LookupModule(LookupBase):
    """Looks up tokens by the names of instances."""

    def run(self, terms: list[t.Any], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        """Return the token of each instance named in the terms."""
        if REQUESTS_IMPORT_ERROR is not None:
            raise AnsibleError("The Python library requests is not installed beside ansible-core on the controller.")
        unknown = kwargs.keys() - CONNECTION.spec.keys() - {"element_key"}
        if unknown:
            raise AnsibleError(f"The lookup has no option {', '.join(sorted(unknown))}.")
        try:
            options = _options(kwargs, variables or {}, t.cast("Templar", self._templar))
            run = Run(options, secrets_in(options, CONNECTION), check_mode=True)
            try:
                return [find_token(term, options["element_key"], run) for term in terms]
            finally:
                run.close()
                for warning in run.warnings:
                    display.warning(warning)
        except CloudElementsError as error:
            raise AnsibleError(error.message) from None
        except Exception as error:
            raise AnsibleError(error_of(error).message) from None


def _options(given: Mapping[str, t.Any], variables: Mapping[str, t.Any], templar: Templar) -> dict[str, t.Any]:
    """Return the options of the lookup from where modules take theirs, without `module_defaults`."""
    found = {**from_variables(given, variables, templar), **given}
    options = {"element_key": read(given["element_key"], "str", "element_key") if "element_key" in given else None}
    for name, entry in CONNECTION.spec.items():
        if name in found:
            options[name] = read(found[name], entry["type"], name)
        else:
            value = from_environment(name, os.environ)
            options[name] = entry.get("default") if value is None else value
    return options
