#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_formula_info
short_description: List formulas of the Cloud Elements platform with their instances
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns formulas in a form that M(cloud_elements.platform.cloud_elements_formula) takes in any account, and their
    instances in the form that M(cloud_elements.platform.cloud_elements_formula_instance) takes.
  - Changes nothing.
options:
  name:
    description: Only formulas with exactly this name.
    type: str
  id:
    description: Only the formula with this id.
    type: int
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_formula
  - module: cloud_elements.platform.cloud_elements_formula_instance
"""

EXAMPLES = r"""
- name: List the formulas of the account
  cloud_elements.platform.cloud_elements_formula_info:
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.formulas | map(attribute='definition.name') }}"
"""

RETURN = r"""
formulas:
  description: The formulas, sorted by name, but each after those that it calls.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: int
      returned: always
      sample: 815
    account_id:
      description: The id of the account that it belongs to. V(null) if the platform does not tell.
      type: int
      returned: always
      sample: 2001
    definition:
      description:
        - The formula as C(definition) of M(cloud_elements.platform.cloud_elements_formula). Steps call others by
          name. Properties that look like credentials are masked.
      type: dict
      returned: always
      sample: {name: sync contacts, active: true, configuration: [], triggers: [], steps: []}
    instances:
      description:
        - Its instances, as options of M(cloud_elements.platform.cloud_elements_formula_instance), each with its C(id).
          Element instances are given by element key and name. Secrets are masked.
      type: list
      elements: dict
      returned: always
      sample: []
base_url:
  description: The complete URL of the platform. It holds no secret.
  returned: always, unless an option is invalid
  type: str
  sample: https://api.cloud-elements.com/elements/api-v2
api_calls:
  description: The number of requests that were sent to the platform, by HTTP method.
  returned: always, unless an option is invalid
  type: dict
  sample:
    GET: 2
    POST: 1
error:
  description:
    - The reason for the failure, for programs. The message in C(msg) is for people.
    - If Ansible itself refuses an option, for example a misspelled one, there is only the message.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error, one of V(invalid_options), V(unsupported_python), V(missing_library), V(unreachable),
          V(tls), V(redirect), V(timeout), V(connection_lost), V(invalid_response), V(unauthorized), V(forbidden),
          V(not_found), V(refused), V(in_use), V(rate_limited), V(server_error), V(ambiguous), V(name_changed),
          V(partly_ignored), V(credentials_refused), V(unknown_outcome), V(deadline), V(internal).
        - The R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting) explains
          each.
        - With V(unknown_outcome), it is not known whether a write took effect. Run the task again.
        - With V(in_use), formula instances keep the formula from being removed, or from losing a variable.
      type: str
      returned: always
      sample: unauthorized
    status:
      description: The HTTP status of the last answer. V(null) if there was no answer.
      type: int
      returned: always
      sample: 401
    request_id:
      description: The platform's id of the request, for its support. V(null) if the platform sent none.
      type: str
      returned: always
      sample: 58b46b1be4b0e5a9b7d19c49
    provider_message:
      description: The message of the provider behind the element, with secrets masked. V(null) if there was none.
      type: str
      returned: always
      sample: Invalid API key provided
    attempts:
      description: The number of times that the request was sent.
      type: int
      returned: always
      sample: 1
"""

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.python import require_python

require_python()

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.argument_spec import (
    FORMULA_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.info import list_formulas


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + FORMULA_FILTER, list_formulas)


if __name__ == "__main__":
    main()
