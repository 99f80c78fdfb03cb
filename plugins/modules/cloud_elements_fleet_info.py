#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_fleet_info
short_description: Describe what an account of the Cloud Elements platform holds, as a fleet
version_added: 0.1.0
author:
  - The cloud_elements.platform contributors (!UNKNOWN)
description:
  - Returns the element instances of an account as options of M(cloud_elements.platform.cloud_elements_instances), and
    as the text of a file of variables. They make the same in another account, and find it unchanged in this one.
  - Of the configuration, what differs from the defaults of the element is returned. What the platform makes by itself
    is not.
  - No secret is returned. A value is readable if M(cloud_elements.platform.cloud_elements_instance_info) shows it, by
    the rule in the R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets). In place of each
    other value is the name of a variable.
  - The playbook C(cloud_elements.platform.export) writes the files.
options:
  name:
    description: Only instances with exactly this name.
    type: str
  element_key:
    description: Only instances of the element with this key, for example V(stripe).
    type: str
  tags:
    description: Only instances that have all of these tags.
    type: list
    elements: str
  plain_keys:
    description:
      - Configuration keys that are not secret, although their names or their values look like it, or nothing tells that
        they are harmless, for example C(username). Their values are readable.
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
  - ref: Moving to another account <ansible_collections.cloud_elements.platform.docsite.moving>
    description: How to move the instances of one account to another.
"""

EXAMPLES = r"""
- name: Describe all instances that are tagged prod
  cloud_elements.platform.cloud_elements_fleet_info:
    tags: [prod]
  register: described

- name: Show which secrets it takes to make them in another account
  ansible.builtin.debug:
    msg: "{{ described.secrets | map(attribute='variable') }}"

- name: Keep them as a file of variables
  ansible.builtin.copy:
    content: "{{ described.fleet_file }}"
    dest: "{{ lookup('ansible.builtin.env', 'HOME') }}/fleet.yml"
    mode: "0644"
"""

RETURN = r"""
instances:
  description:
    - The instances, in the order of their element keys and names. Each has the options of
      O(cloud_elements.platform.cloud_elements_instances#module:instances), but names of variables in place of the
      values in C(secret_configuration). Options that are not needed are left out.
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
  description: The values that are not returned, as they are or may be secrets, in the order of the instances.
  returned: success
  type: list
  elements: dict
  contains:
    variable:
      description:
        - The name of a variable. It is made of the element key, the name of the instance and the configuration key, and
          so the same each time, whatever else is exported. Where another secret could have the same name, it ends with
          a hash.
      type: str
      returned: always
      sample: secret_servicenow_tickets_password
    name:
      description: The name of the instance.
      type: str
      returned: always
      sample: tickets
    element_key:
      description: The key of its element.
      type: str
      returned: always
      sample: servicenow
    key:
      description: The configuration key.
      type: str
      returned: always
      sample: password
    purpose:
      description: What it is for, in words.
      type: str
      returned: always
      sample: Password (password) of tickets, element servicenow
duplicates:
  description: Names that more than one instance of an element has. By the name alone, they can not be provisioned.
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
  description: What has to be known, or decided, before single instances can be made elsewhere.
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
      description: The key of its element.
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
      the role P(cloud_elements.platform.fleet#role). It is the same, byte for byte, for the same instances.
  returned: success
  type: str
  sample: "fleet_instances: []"
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
      description: What went wrong, in one word.
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
