#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_instance_info
short_description: List element instances on the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Lists the element instances of an account that pass all filters. Without a filter, it lists all instances.
  - An empty list is not an error.
options:
  id:
    description: List only the instance with this id.
    type: int
  name:
    description: List only instances with exactly this name.
    type: str
  element_key:
    description: List only instances of the element with this key, for example V(stripe).
    type: str
  tags:
    description: List only instances that have all of these tags.
    type: list
    elements: str
  include_token:
    description: Whether to return the element tokens. If V(true), use C(no_log) on the task.
    type: bool
    default: false
  plain_keys:
    description:
      - Configuration keys that hold no secret, although the rule would mask them, for example C(username). Their values
        are shown.
      - For the rule, see the R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
  - module: cloud_elements.platform.cloud_elements_fleet_info
  - plugin: cloud_elements.platform.cloud_elements_token
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: List all instances of the element stripe that are tagged prod
  cloud_elements.platform.cloud_elements_instance_info:
    element_key: stripe
    tags: [prod]
  register: found

- name: Get the token of an instance
  cloud_elements.platform.cloud_elements_instance_info:
    element_key: stripe
    name: payments
    include_token: true
  register: payments
  no_log: true
"""

RETURN = r"""
instances:
  description: The instances, sorted by id.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: int
      returned: always
      sample: 39540
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
    tags:
      description: The tags, sorted.
      type: list
      elements: str
      returned: always
      sample: [payments, prod]
    configuration:
      description:
        - The configuration. Each value is text or V(null), or V(********) if it may be a secret. For the rule, see the
          R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets).
      type: dict
      returned: always
      sample:
        event.notification.enabled: "false"
        password: "********"
    enabled:
      description: Whether the instance is enabled.
      type: bool
      returned: always
      sample: true
    valid:
      description: Whether the platform considers the instance valid. V(null) if the platform does not say.
      type: bool
      returned: always
      sample: true
    created_date:
      description: The creation time, in ISO 8601 format, in UTC. V(null) if the platform does not say.
      type: str
      returned: always
      sample: "2017-08-07T18:46:38Z"
    external_authentication:
      description:
        - V(initial) if the instance was created with tokens from elsewhere. V(null) if the platform does not say.
      type: str
      returned: always
      sample: none
    token:
      description: The element token.
      type: str
      returned: O(include_token=true)
      sample: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    INSTANCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import list_instances


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + INSTANCE_FILTER, list_instances)


if __name__ == "__main__":
    main()
