#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_element_info
short_description: List the elements of the Cloud Elements platform and their configuration
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Lists the elements of the catalog, and the configuration that an instance of each element takes.
options:
  element_key:
    description:
      - List only the element with this key, for example V(stripe). If there is no such element, the list is empty.
      - By default, the module lists all elements.
    type: str
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
  - module: cloud_elements.platform.cloud_elements_instances
"""

EXAMPLES = r"""
- name: Get the configuration that an instance of servicenow takes
  cloud_elements.platform.cloud_elements_element_info:
    element_key: servicenow
  register: servicenow

- name: Show the required keys
  ansible.builtin.debug:
    msg: "{{ servicenow.elements[0].configuration | selectattr('required') | map(attribute='key') }}"
"""

RETURN = r"""
elements:
  description: The elements, in the order of the catalog.
  returned: success
  type: list
  elements: dict
  contains:
    key:
      description: The element key.
      type: str
      returned: always
      sample: servicenow
    name:
      description: The name of the element, for people. V(null) if the platform does not say.
      type: str
      returned: always
      sample: ServiceNow
    hub:
      description: The hub that the element belongs to. V(null) if the platform does not say.
      type: str
      returned: always
      sample: helpdesk
    authentication:
      description: The way in which instances of the element authenticate. V(null) if the platform does not say.
      type: str
      returned: always
      sample: basic
    configuration:
      description: The configuration that an instance takes. Empty if the platform does not say.
      type: list
      elements: dict
      returned: always
      contains:
        key:
          description: The configuration key.
          type: str
          returned: always
          sample: servicenow.subdomain
        name:
          description: The name of the entry, for people. V(null) if the platform does not say.
          type: str
          returned: always
          sample: The ServiceNow Subdomain
        required:
          description: Whether a value is required, unless there is a default.
          type: bool
          returned: always
          sample: true
        secret:
          description:
            - Whether the value is secret, and so belongs in
              O(cloud_elements.platform.cloud_elements_instance#module:secret_configuration).
          type: bool
          returned: always
          sample: false
        default:
          description: The default value. V(null) if there is none. Masked if it is secret.
          type: str
          returned: always
          sample: "15"
        type:
          description:
            - The platform's name of the type, such as V(TEXTFIELD_128), V(PASSWORD) or V(BOOLEAN). V(null) if the
              platform does not say.
          type: str
          returned: always
          sample: TEXTFIELD_32
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
    GET: 1
error:
  description:
    - The reason for the failure, for programs. The message in C(msg) is for people.
    - The return value of M(cloud_elements.platform.cloud_elements_instance) describes it in full.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error, as one word.
        - The R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting) explains
          each.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.elements import (
    ELEMENT_FILTER,
    list_elements,
)


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + ELEMENT_FILTER, list_elements)


if __name__ == "__main__":
    main()
