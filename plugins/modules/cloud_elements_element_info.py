#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_element_info
short_description: List the elements of the Cloud Elements platform and what they need
version_added: 0.1.0
author:
  - The cloud_elements.platform contributors (!UNKNOWN)
description:
  - Lists the elements of the catalogue, all or one, and for each the configuration that an instance of it takes.
options:
  element_key:
    description: Only the element with this key, for example V(stripe). If there is none, the list is empty.
    type: str
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
"""

EXAMPLES = r"""
- name: Ask what an instance of servicenow needs
  cloud_elements.platform.cloud_elements_element_info:
    element_key: servicenow
  register: servicenow

- name: Show what has to be given
  ansible.builtin.debug:
    msg: "{{ servicenow.elements[0].configuration | selectattr('required') | map(attribute='key') }}"
"""

RETURN = r"""
elements:
  description: The elements, in the order of the catalogue.
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
      description: The name of the element, for people. V(null) where the platform does not tell.
      type: str
      returned: always
      sample: ServiceNow
    hub:
      description: The hub that the element belongs to. V(null) where the platform does not tell.
      type: str
      returned: always
      sample: helpdesk
    authentication:
      description: How instances of the element authenticate. V(null) where the platform does not tell.
      type: str
      returned: always
      sample: basic
    configuration:
      description: The configuration that an instance takes. Empty where the platform does not tell.
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
          description: The name of the entry, for people. V(null) where the platform does not tell.
          type: str
          returned: always
          sample: The ServiceNow Subdomain
        required:
          description: Whether it has to be given if it has no default.
          type: bool
          returned: always
          sample: true
        secret:
          description:
            - Whether its values are secret, and so belong in
              O(cloud_elements.platform.cloud_elements_instance#module:secret_configuration).
          type: bool
          returned: always
          sample: false
        default:
          description: What it is if it is not given. V(null) where it has none. Masked where it is secret.
          type: str
          returned: always
          sample: "15"
        type:
          description:
            - The type, by the platform's name, such as V(TEXTFIELD_128), V(PASSWORD) or V(BOOLEAN). V(null) where the
              platform does not tell.
          type: str
          returned: always
          sample: TEXTFIELD_32
base_url:
  description: The platform that was asked, as a complete URL. It holds no secret.
  returned: always, but for options that can not be used
  type: str
  sample: https://api.cloud-elements.com/elements/api-v2
api_calls:
  description: How many requests were sent to the platform, by HTTP method.
  returned: always, but for options that can not be used
  type: dict
  sample:
    GET: 1
error:
  description: Why the task failed, for machines, as in M(cloud_elements.platform.cloud_elements_instance).
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What went wrong, in one word.
        - Each is explained in the
          R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting).
      type: str
      returned: always
      sample: unauthorized
    status:
      description: The HTTP status of the last answer. V(null) where none came.
      type: int
      returned: always
      sample: 401
    request_id:
      description: The id of the request at the platform. V(null) where it gave none.
      type: str
      returned: always
      sample: 58b46b1be4b0e5a9b7d19c49
    provider_message:
      description: What the provider said, secrets masked. V(null) where it said nothing.
      type: str
      returned: always
      sample: Invalid API key provided
    attempts:
      description: How many times the request was sent.
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
