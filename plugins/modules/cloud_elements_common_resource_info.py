#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_common_resource_info
short_description: List common resources of the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the common resources of one level with their mappings, in a form that
    M(cloud_elements.platform.cloud_elements_common_resource) takes in any account.
  - Changes nothing.
options:
  name:
    description: Only the common resource with exactly this name.
    type: str
  level:
    description:
      - The level that the common resource belongs to. Only what belongs to this level is compared and written.
      - SAP Open Connectors has no other level than V(account).
    type: str
    choices: [organization, account, instance]
    default: account
  account_id:
    description:
      - The id of the account, at O(level=account). By default, the account of O(user_secret).
      - Required for transformations if the platform does not tell the id of that account.
      - For another account, the user must have the right to write there. The newer engine of the platform does not list
        the mappings of other accounts.
    type: int
  instance:
    description: The element instance. Required at O(level=instance), and must not be set otherwise.
    type: dict
    suboptions:
      element_key:
        description: The key of its element. Required if O(instance.id) is not set.
        type: str
      name:
        description: Its name. Required if O(instance.id) is not set.
        type: str
      id:
        description: Its id, instead of the other two.
        type: int
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_common_resource
"""

EXAMPLES = r"""
- name: List the common resources of the account
  cloud_elements.platform.cloud_elements_common_resource_info:
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.common_resources | map(attribute='name') }}"
"""

RETURN = r"""
common_resources:
  description:
    - The common resources of the level, sorted by name, each as options of
      M(cloud_elements.platform.cloud_elements_common_resource). Parts of scripts that are secrets of the connection are
      masked.
    - One that only a level above defines is among them if this level maps it. It has no C(fields) then.
  returned: success
  type: list
  elements: dict
  sample:
    - name: contacts
      level: account
      fields: [{path: email, type: string}]
      transformations: []
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
        - With V(in_use), formulas use the common resource that is to be removed, or another level maps it.
        - With V(partly_ignored), the platform answered with success and kept only a part of what was written.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.argument_spec import (
    COMMON_RESOURCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.info import (
    list_common_resources,
)


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + COMMON_RESOURCE_FILTER, list_common_resources)


if __name__ == "__main__":
    main()
