#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_fleet_info
short_description: Describe the instances of an account of the Cloud Elements platform as a fleet
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the element instances of an account as options of M(cloud_elements.platform.cloud_elements_instances), and
    as the text of a file of variables. Applied to another account, they create the same instances. Applied to this
    account, they change nothing.
  - Returns only configuration that differs from the defaults of the element, and nothing that the platform creates by
    itself.
  - Returns no secret. A value is readable if M(cloud_elements.platform.cloud_elements_instance_info) shows it, by the
    rule in the R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets). In place of any other
    value, the module returns the name of a variable.
  - The playbook C(cloud_elements.platform.export) writes the result to files.
options:
  name:
    description: Describe only instances with exactly this name.
    type: str
  element_key:
    description: Describe only instances of the element with this key, for example V(stripe).
    type: str
  tags:
    description: Describe only instances that have all of these tags.
    type: list
    elements: str
  plain_keys:
    description:
      - Configuration keys that hold no secret, although the rule would mask them, for example C(username). Their values
        are readable.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_instances
  - module: cloud_elements.platform.cloud_elements_instance_info
  - module: cloud_elements.platform.cloud_elements_fleet_file
  - ref: Moving to another account <ansible_collections.cloud_elements.platform.docsite.moving>
    description: Move the instances of one account to another.
"""

EXAMPLES = r"""
- name: Describe all instances that are tagged prod
  cloud_elements.platform.cloud_elements_fleet_info:
    tags: [prod]
  register: described

- name: Show the secrets that another account would need
  ansible.builtin.debug:
    msg: "{{ described.secrets | map(attribute='variable') }}"

- name: Write them to a file of variables
  ansible.builtin.copy:
    content: "{{ described.fleet_file }}"
    dest: "{{ lookup('ansible.builtin.env', 'HOME') }}/fleet.yml"
    mode: "0644"
"""

RETURN = r"""
instances:
  description:
    - The instances, sorted by element key and name. Each has the options of
      O(cloud_elements.platform.cloud_elements_instances#module:instances), except that C(secret_configuration) holds
      names of variables in place of values. Options that are not needed are omitted.
  returned: success
  type: list
  elements: dict
  sample:
    - name: tickets
      element_key: servicenow
      tags: [prod]
      enabled: true
      configuration:
        pagination.max: "200"
      secret_configuration:
        password: secret_servicenow_tickets_password
        servicenow.subdomain: secret_servicenow_tickets_servicenow_subdomain
        username: secret_servicenow_tickets_username
secrets:
  description: The values that are not returned because they are or may be secrets, in the order of the instances.
  returned: success
  type: list
  elements: dict
  contains:
    variable:
      description:
        - The name of a variable. It consists of the element key, the name of the instance and the configuration key. So
          it stays the same whatever else is exported. If another secret could have the same name, it ends with a hash.
      type: str
      returned: always
      sample: secret_servicenow_tickets_password
    name:
      description: The name of the instance.
      type: str
      returned: always
      sample: tickets
    element_key:
      description: The key of the element.
      type: str
      returned: always
      sample: servicenow
    key:
      description: The configuration key.
      type: str
      returned: always
      sample: password
    purpose:
      description: The purpose of the value, in words.
      type: str
      returned: always
      sample: Password (password) of tickets, element servicenow
duplicates:
  description: Names that several instances of one element have. They cannot be provisioned by name alone.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: payments
    element_key:
      description: The key of the element.
      type: str
      returned: always
      sample: stripe
    ids:
      description: The ids of the instances.
      type: list
      elements: int
      returned: always
      sample: [39540, 39541]
notes:
  description: What you must know or decide before you can create single instances elsewhere.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the instance.
      type: str
      returned: always
      sample: crm
    element_key:
      description: The key of the element.
      type: str
      returned: always
      sample: sfdc
    note:
      description: The note, for people.
      type: str
      returned: always
      sample: "OAuth: to be made without a browser, it needs what the provider issued to this application."
fleet_file:
  description:
    - The text of a file of variables with C(fleet_instances), for the playbook C(cloud_elements.platform.provision) and
      the role P(cloud_elements.platform.fleet#role). The same instances give the same text, byte for byte.
  returned: success
  type: str
  sample: "fleet_instances: []"
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.fleet_info import describe_fleet
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET_FILTER,
)


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + FLEET_FILTER, describe_fleet)


if __name__ == "__main__":
    main()
