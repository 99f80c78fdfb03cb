#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_instances
short_description: Manage many element instances on the Cloud Elements platform in one task
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Manages many element instances, by the same rules as M(cloud_elements.platform.cloud_elements_instance) manages one.
    It reads one listing for all, makes a complete plan before the first write, and writes concurrently.
  - An instance that fails does not stop the others. The task fails after them, and says which failed.
  - With C(--check --diff), the output reads like a plan. It has one line for each instance that would not stay as it
    is, and a summary. The return value RV(plan) is the same.
  - If the module runs on the controller and writes for more than ten seconds, lines show its progress, with counts and
    no names.
  - To keep a fleet in a file, provision it and prune it, see the
    R(guide on fleets,ansible_collections.cloud_elements.platform.docsite.fleets).
options:
  instances:
    description:
      - The instances. M(cloud_elements.platform.cloud_elements_instance) describes the options of each in full.
      - Two items must not mean the same instance. If they do, the task fails before it writes anything.
    type: list
    elements: dict
    required: true
  plain_keys:
    description:
      - Configuration keys of all instances that hold no secret, although their names or values look like it, for
        example C(sort.key). See O(cloud_elements.platform.cloud_elements_instance#module:plain_keys).
    type: list
    elements: str
    default: []
  prune:
    description:
      - Whether to remove instances that are not in O(instances) and carry all of O(prune_tags).
      - Nothing is pruned if an instance failed, if O(instances) is empty, or if the platform counts more instances than
        it lists.
    type: bool
    default: false
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
  - cloud_elements.platform.fleet
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
  - module: cloud_elements.platform.cloud_elements_fleet_info
  - module: cloud_elements.platform.cloud_elements_instance_info
  - ref: cloud_elements.platform.fleet role <ansible_collections.cloud_elements.platform.fleet_role>
    description: Provision a fleet and show progress.
  - ref: Fleets <ansible_collections.cloud_elements.platform.docsite.fleets>
    description: Plan, provision, prune, report on and remove a fleet.
"""

EXAMPLES = r"""
- name: Provision a fleet and prune what was taken out of it
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
  description: The result for each instance, in the order given.
  returned: success, and if single instances failed
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: payments
    element_key:
      description: The key of the element. V(null) if it is not set and not known.
      type: str
      returned: always
      sample: stripe
    id:
      description: The id. V(null) if there is none, and in check mode if the instance would be created.
      type: int
      returned: always
      sample: 39540
    token:
      description: The element token. V(null) if it is not known, or if the instance failed or was removed.
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
        - The reason for the failure. V(null) if the instance did not fail. It has the keys of the return value
          RV(error), and C(message) for people.
      type: dict
      returned: always
      sample: null
tokens:
  description: The element tokens, by element key and name.
  returned: success, and if single instances failed
  type: dict
  sample:
    stripe:
      payments: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
pruned:
  description: The instances that were pruned, or would be in check mode.
  returned: success, and if single instances failed
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
  description: The number of instances by result.
  returned: success, and if single instances failed
  type: dict
  contains:
    total:
      description: All instances of the list.
      type: int
      returned: always
      sample: 3
    created:
      description: Instances that were created.
      type: int
      returned: always
      sample: 1
    changed:
      description: Instances that existed and were changed.
      type: int
      returned: always
      sample: 0
    removed:
      description: Instances that were removed because of their C(state).
      type: int
      returned: always
      sample: 0
    unchanged:
      description: Instances that were already as desired.
      type: int
      returned: always
      sample: 2
    failed:
      description: Instances that failed.
      type: int
      returned: always
      sample: 0
    pruned:
      description: Instances that were not in the list and were removed.
      type: int
      returned: always
      sample: 0
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
    GET: 3
    POST: 1
plan:
  description:
    - What has to be done, for people to read. It is the same in check mode and in a real run. It holds no secret and no
      token.
    - In diff mode, Ansible shows it after the differences. If the task fails in diff mode, C(msg) ends with it.
  returned: success, and if single instances failed
  type: dict
  contains:
    base_url:
      description: The platform that the plan is for, as in the return value RV(base_url).
      type: str
      returned: always
      sample: https://api.cloud-elements.com/elements/api-v2
    account_id:
      description:
        - The id of the account that the plan is for. V(null) if the platform does not tell it, and if neither check
          mode nor O(expected_plan) asks for the checksum.
      type: int
      returned: always
      sample: 5312
    checksum:
      description:
        - The SHA-256 checksum of the platform, the account and the changes, as 64 hexadecimal digits. It is for
          O(expected_plan). V(null) if neither check mode nor O(expected_plan) asks for it.
      type: str
      returned: always
      sample: 0c5ba9e52f1f3f5bd84fd0d9ea1cbd4f1c7d0bb5d4c23d0ab1a0c1b8f1f2a3b4
    lines:
      description:
        - One line for each instance that does not stay as it is, in the order given, and for each that is pruned. A
          line begins with C(create), C(change), C(rename), C(enable), C(disable), C(remove), C(prune) or C(failed).
      type: list
      elements: str
      returned: always
      sample: ["create  instance 'payments' of element 'stripe'"]
    counts:
      description: The number of instances for each of these words, for C(unchanged), and for C(skipped), always 0.
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
        skipped: 0
        unchanged: 2
    summary:
      description: The counts as a sentence.
      type: str
      returned: always
      sample: "3 instances: 1 to create, 2 unchanged"
    changes:
      description:
        - What is planned for each instance that does not stay as it is, for programs. Instances that failed before they
          were planned are not among them.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: Always V(instances).
          type: str
          returned: always
          sample: instances
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
        level:
          description: Always V(null).
          type: str
          returned: always
          sample: null
        instance:
          description: Always V(null).
          type: str
          returned: always
          sample: null
        formula:
          description: Always V(null).
          type: str
          returned: always
          sample: null
        id:
          description: The id. V(null) if it is still to be created.
          type: int
          returned: always
          sample: 7
        action:
          description: What becomes of it, one of the first seven words of RV(plan.lines).
          type: str
          returned: always
          sample: change
        actions:
          description: What is to be done, in words and in order.
          type: list
          elements: str
          returned: always
          sample: ["change configuration 'username'"]
        changes:
          description:
            - What differs, if the instance is there before and after. Each item has C(path), a list of keys, and the
              values C(before) and C(after), which are V(null) if there is none. Secrets are masked.
          type: list
          elements: dict
          returned: always
          sample:
            - path: [configuration, username]
              before: integration
              after: provisioning
diff:
  description:
    - The differences that Ansible shows with C(--diff), one for each instance that changes, and the plan as the last
      item. Secrets are masked.
  returned: in diff mode
  type: list
  elements: dict
  contains:
    before_header:
      description: The instance, in words.
      type: str
      returned: for instances
      sample: instance 'payments' of element 'stripe' with id 39540
    after_header:
      description: The instance, in words.
      type: str
      returned: for instances
      sample: instance 'payments' of element 'stripe' with id 39540
    before:
      description: The instance before the task. Empty if it did not exist.
      type: dict
      returned: for instances
    after:
      description: The instance after the task. Empty if it does not exist then.
      type: dict
      returned: for instances
    prepared:
      description: The lines of the plan, the platform that the plan is for, and the summary.
      type: str
      returned: for the plan
      sample: |
        create  instance 'payments' of element 'stripe'
        At https://api.cloud-elements.com/elements/api-v2: 3 instances: 1 to create, 2 unchanged
error:
  description:
    - The reason for the failure, for programs. If single instances failed, the reason of the first of them. The message
      in C(msg) is for people.
    - If Ansible itself refuses an option, for example a misspelled one, there is only the message.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error, one of V(invalid_options), V(unsupported_python), V(missing_library), V(unreachable),
          V(tls), V(redirect), V(timeout), V(connection_lost), V(invalid_response), V(unauthorized), V(forbidden),
          V(not_found), V(refused), V(in_use), V(rate_limited), V(server_error), V(ambiguous), V(name_changed),
          V(partly_ignored), V(credentials_refused), V(plan_changed), V(unknown_outcome), V(deadline), V(internal).
        - The R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting) explains
          each.
        - With V(unknown_outcome), it is not known whether a write took effect. Run the task again.
        - With V(in_use), the instance cannot be removed because something uses it.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import FLEET
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + FLEET, ensure_fleet)


if __name__ == "__main__":
    main()
