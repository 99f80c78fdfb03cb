#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_instance_info
short_description: List element instances on the Cloud Elements platform
version_added: 0.1.0
author:
  - The cloud_elements.platform contributors (!UNKNOWN)
description:
  - Lists the element instances of an account, all or those that pass every filter that is given. None is no error.
options:
  id:
    description: Only the instance with this id.
    type: int
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
  include_token:
    description: Whether the result includes the element tokens. Use C(no_log) on the task then.
    type: bool
    default: false
  plain_keys:
    description:
      - Configuration keys that are not secret, although their names or their values look like it, or nothing tells that
        they are harmless, for example C(username). Their values are shown.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
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
  description: The instances, the lowest id first.
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
        - The configuration, every key with its value as text or V(null), or with V(********) in place of a value that
          may be a secret. The rule is in the
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
      description: Whether the platform holds the instance to be valid. V(null) where it does not tell.
      type: bool
      returned: always
      sample: true
    created_date:
      description: When the instance was created, in ISO 8601 format, in UTC. V(null) where the platform does not tell.
      type: str
      returned: always
      sample: "2017-08-07T18:46:38Z"
    external_authentication:
      description: V(initial) where the instance was created with tokens from elsewhere. V(null) where not told.
      type: str
      returned: always
      sample: none
    token:
      description: The element token.
      type: str
      returned: O(include_token=true)
      sample: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    INSTANCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import list_instances


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + INSTANCE_FILTER, list_instances)


if __name__ == "__main__":
    main()
