#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_instances
short_description: Manage many element instances on the Cloud Elements platform in one task
version_added: 0.1.0
author:
  - The cloud_elements.platform contributors (!UNKNOWN)
description:
  - Does for many element instances what M(cloud_elements.platform.cloud_elements_instance) does for one, with the same
    rules for each, but with one listing for all, a complete plan before the first write, and concurrent writes.
  - An instance that fails does not keep the others from being done. The task fails after them, and says which failed.
  - With C(--check --diff) it reads like a plan, a line for each instance that would not stay as it is and a summary.
    The return value RV(plan) is the same.
  - If it runs on the controller and writes for more than ten seconds, lines show how far it is, with counts and no
    names.
  - How a fleet is kept in a file, provisioned and pruned is told in the
    R(guide on fleets,ansible_collections.cloud_elements.platform.docsite.fleets).
options:
  instances:
    description:
      - The instances. The options of each are those of M(cloud_elements.platform.cloud_elements_instance), where they
        are described in full.
      - Two that mean the same instance are an error, before anything is written.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name. With the element key it identifies the instance. Needed unless the id is given.
        type: str
      element_key:
        description: The key of the element. Needed to create an instance.
        type: str
      id:
        description: The id of an existing instance, which alone decides then. It may be null in check mode.
        type: int
      api_key:
        description: The API key of the provider, never shown.
        type: str
      tags:
        description: The whole set of tags. An empty list removes all; left out, they are left alone.
        type: list
        elements: str
      configuration:
        description: Configuration that is not secret, by the element's keys. Only what differs is sent.
        type: dict
      secret_configuration:
        description: Configuration that is secret, by the element's keys, never shown.
        type: dict
      plain_keys:
        description: Configuration keys of this instance that are not secret, beside those of the task.
        type: list
        elements: str
        default: []
      provider_data:
        description: What the provider handed over for this one creation, such as an OAuth code.
        type: dict
      reauthenticate:
        description: Whether an existing instance is authenticated again with the provider data.
        type: bool
        default: false
      external_authentication:
        description: With V(initial), an OAuth element is authenticated with tokens that were obtained elsewhere.
        type: str
        choices: [initial]
      enabled:
        description: Whether the instance is enabled. Left out, it is left alone.
        type: bool
      update_secrets:
        description: When secrets are sent to an existing instance. If it is not given, never, with a warning for all.
        type: str
        choices: [on_create, on_change, always]
      verify:
        description: Whether to ask the platform if the connection works.
        type: bool
        default: false
      verify_wait:
        description: Whether to go on asking until the deadline while the platform or the provider has trouble.
        type: bool
        default: false
      state:
        description: Whether the instance is to exist.
        type: str
        choices: [present, absent]
        default: present
  plain_keys:
    description:
      - Configuration keys of all instances that are not secret, although their names or their values look like it, for
        example C(sort.key). See O(cloud_elements.platform.cloud_elements_instance#module:plain_keys).
    type: list
    elements: str
    default: []
  concurrency:
    description:
      - How many requests are on their way at the same time, and so how many connections are kept open. From 1 to 64.
      - A wait that the platform asks one of them for, because of a rate limit, holds all.
    type: int
    default: 8
  prune:
    description:
      - Whether to remove instances that are not in O(instances), if they carry all of O(prune_tags).
      - Nothing is pruned where an instance failed, where O(instances) is empty, or where the platform counts more
        instances than it lists.
    type: bool
    default: false
  prune_tags:
    description: The tags that make an instance ours to remove, if it carries all of them. Needed with O(prune=true).
    type: list
    elements: str
  prune_limit:
    description: How many instances may be pruned at most. If it were more, the task fails before anything is written.
    type: int
    default: 10
  deadline:
    description:
      - Seconds that the whole task may take, with all retries and waits. If not given, it may take as long as it needs,
        but where the platform asks for a wait of more than an hour, it gives up.
      - If not given, the variable C(cloud_elements_deadline) is used, then the environment variable
        E(CLOUD_ELEMENTS_DEADLINE).
    type: float
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
"""

EXAMPLES = r"""
- name: Provision a fleet, and remove what is tagged as ours and not in it any more
  cloud_elements.platform.cloud_elements_instances:
    instances:
      - name: payments
        element_key: stripe
        api_key: "{{ stripe_api_key }}"
        tags: [ansible, prod]
      - name: tickets
        element_key: servicenow
        configuration:
          username: integration
          servicenow.subdomain: example
        secret_configuration:
          password: "{{ servicenow_password }}"
        tags: [ansible, prod]
    prune: true
    prune_tags: [ansible, prod]
  register: fleet
  no_log: true # The result holds the element tokens.

- name: Call the provider of one of them
  ansible.builtin.uri:
    url: "{{ cloud_elements_base_url }}/hubs/payment/customers"
    headers:
      Authorization: "User {{ user_secret }}, Element {{ fleet.tokens.stripe.payments }}"
  vars:
    user_secret: "{{ lookup('ansible.builtin.env', 'CLOUD_ELEMENTS_USER_SECRET') }}"
  no_log: true

- name: Disable all of them at once
  cloud_elements.platform.cloud_elements_instances:
    instances:
      - {name: payments, element_key: stripe, enabled: false}
      - {name: tickets, element_key: servicenow, enabled: false}
  no_log: true
"""

RETURN = r"""
instances:
  description: What became of each instance, in the order given. Returned after a failure too, if it came to a plan.
  returned: success, and failure of single instances
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: payments
    element_key:
      description: The key of the element. V(null) where it was not given and is not known.
      type: str
      returned: always
      sample: stripe
    id:
      description: The id. V(null) where there is none, and in check mode where the instance would be created.
      type: int
      returned: always
      sample: 39540
    token:
      description: The element token. V(null) where it is not known, or the instance failed or is gone.
      type: str
      returned: always
      sample: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
    action:
      description:
        - What became of it, or would become of it in check mode, in one word.
        - V(change) is any change that is not only V(rename), V(enable) or V(disable). An instance that is created and
          then disabled is V(create).
        - It is V(unchanged) too if its id is not known in check mode.
      type: str
      choices: [create, change, rename, enable, disable, remove, failed, unchanged]
      returned: always
      sample: create
    changed:
      description: Whether something was changed, or would be in check mode.
      type: bool
      returned: always
      sample: true
    actions:
      description: What was done, or would be done in check mode, in words and in order.
      type: list
      elements: str
      returned: always
      sample: ["create instance 'payments' of element 'stripe'"]
    error:
      description:
        - Why it failed. V(null) where it did not. The keys are C(message) for people, and those of the return value
          RV(error).
      type: dict
      returned: always
      sample: null
tokens:
  description: The element tokens, by element key and name.
  returned: success, and failure of single instances
  type: dict
  sample:
    stripe:
      payments: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
pruned:
  description: What was pruned, or would be in check mode.
  returned: success, and failure of single instances
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: int
      returned: always
      sample: 39541
    name:
      description: The name.
      type: str
      returned: always
      sample: old
    element_key:
      description: The key of the element.
      type: str
      returned: always
      sample: stripe
summary:
  description: How many instances there are in all, and what became of them.
  returned: success, and failure of single instances
  type: dict
  contains:
    total:
      description: The instances that were given.
      type: int
      returned: always
      sample: 3
    created:
      description: Those that were created.
      type: int
      returned: always
      sample: 1
    changed:
      description: Those that existed and were changed.
      type: int
      returned: always
      sample: 0
    removed:
      description: Those that were removed because of their state.
      type: int
      returned: always
      sample: 0
    unchanged:
      description: Those that were as wanted.
      type: int
      returned: always
      sample: 2
    failed:
      description: Those that failed.
      type: int
      returned: always
      sample: 0
    pruned:
      description: Instances that were not given, and were removed.
      type: int
      returned: always
      sample: 0
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
    GET: 3
    POST: 1
plan:
  description:
    - What has to be done, for people to read. It is the same in check mode and in a real run. It holds no secret and no
      token.
    - In diff mode Ansible shows it after the differences. If the task fails in diff mode, it ends C(msg).
  returned: success, and failure of single instances
  type: dict
  contains:
    base_url:
      description: The platform that the plan is for, as the return value RV(base_url).
      type: str
      returned: always
      sample: https://api.cloud-elements.com/elements/api-v2
    lines:
      description:
        - A line for each instance that does not stay as it is, in the order given, and for each that is pruned. It
          begins with C(create), C(change), C(rename), C(enable), C(disable), C(remove), C(prune) or C(failed).
      type: list
      elements: str
      returned: always
      sample: ["create  'payments' of element 'stripe'"]
    counts:
      description: How many instances each of these words is for, and C(unchanged).
      type: dict
      returned: always
      sample:
        create: 1
        change: 0
        rename: 0
        enable: 0
        disable: 0
        remove: 0
        prune: 0
        failed: 0
        unchanged: 2
    summary:
      description: The counts as a sentence.
      type: str
      returned: always
      sample: "3 instances: 1 to create, 2 unchanged"
diff:
  description:
    - The differences as Ansible shows them with C(--diff), one for each instance that changes, and the plan as the last
      item. Secrets are masked.
  returned: in diff mode
  type: list
  elements: dict
  contains:
    before_header:
      description: Which instance it is.
      type: str
      returned: for instances
      sample: "'payments' of element 'stripe' (id 39540)"
    after_header:
      description: Which instance it is.
      type: str
      returned: for instances
      sample: "'payments' of element 'stripe' (id 39540)"
    before:
      description: The instance before the task. Empty where it did not exist.
      type: dict
      returned: for instances
    after:
      description: The instance after the task. Empty where it does not exist then.
      type: dict
      returned: for instances
    prepared:
      description: The lines of the plan, the platform that it is for, and the summary.
      type: str
      returned: for the plan
      sample: |
        create  'payments' of element 'stripe'
        At https://api.cloud-elements.com/elements/api-v2: 3 instances: 1 to create, 2 unchanged
error:
  description:
    - Why the task failed, for machines. Where single instances failed, why the first of them did. The message in C(msg)
      is for people.
    - Where Ansible itself refuses an option, for example a misspelled one, there is only the message.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What went wrong, one of V(invalid_options), V(unsupported_python), V(missing_library), V(unreachable), V(tls),
          V(redirect), V(timeout), V(connection_lost), V(invalid_response), V(unauthorized), V(forbidden), V(not_found),
          V(refused), V(in_use), V(rate_limited), V(server_error), V(ambiguous), V(name_changed),
          V(credentials_refused), V(unknown_outcome), V(deadline), V(internal).
        - Each is explained in the
          R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting).
        - With V(unknown_outcome), it could not be found out whether a write took effect. Run the task again.
        - V(in_use) is an instance that can not be removed because something uses it.
      type: str
      returned: always
      sample: unauthorized
    status:
      description: The HTTP status of the last answer. V(null) where none came.
      type: int
      returned: always
      sample: 401
    request_id:
      description: The platform's id of the request, for its support. V(null) where it gave none.
      type: str
      returned: always
      sample: 58b46b1be4b0e5a9b7d19c49
    provider_message:
      description: What the provider behind the element said, secrets masked. V(null) where it said nothing.
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

from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.argument_spec import CONNECTION, FLEET
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + FLEET, ensure_fleet)


if __name__ == "__main__":
    main()
