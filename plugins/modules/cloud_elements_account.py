#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_account
short_description: Manage all resources of an account on the Cloud Elements platform in one task
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Manages element instances, common resources, formulas and formula instances, by the same rules as the modules for
    one resource of each kind.
  - Plans everything before the first write. Resources may refer to others of the same task by name, also to those that
    are still to be created.
  - Writes common resources first, then instances, common resources of instances, formulas, each after those that it
    calls, and formula instances. Removals come after that, in reverse. Resources of one kind are written concurrently.
  - A resource that fails does not stop what does not refer to it. What refers to it is V(skipped). The task fails at
    the end, and names all of them. Run it again to continue.
  - With C(--check --diff), the output reads like a plan. The return value RV(plan) is the same. Its checksum pins what
    was reviewed, as O(expected_plan) of a later run.
  - Only the resources that the options name are written. A resource that is left out stays as it is, unless O(prune) is
    set, which is about element instances alone.
  - If the module runs on the controller and writes for more than ten seconds, lines show its progress, with counts and
    no names.
options:
  instances:
    description:
      - The element instances, each with the options of M(cloud_elements.platform.cloud_elements_instance), which
        describes them in full.
    type: list
    elements: dict
    default: []
  common_resources:
    description:
      - The common resources, each with the options of M(cloud_elements.platform.cloud_elements_common_resource), which
        describes them in full.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name. It identifies the common resource within the level.
        type: str
        required: true
      level:
        description:
          - The level that the common resource belongs to. Only what belongs to this level is compared and written.
        type: str
        choices: [organization, account, instance]
        default: account
      account_id:
        description: The id of the account, at C(level=account). By default, the account of C(user_secret).
        type: int
      instance:
        description: The element instance, which may be one of O(instances). Required at level V(instance).
        type: dict
        suboptions:
          element_key:
            description: The key of its element. Required if C(id) is not set.
            type: str
          name:
            description: Its name. Required if C(id) is not set.
            type: str
          id:
            description: Its id, instead of the other two.
            type: int
      description:
        description: What the common resource is for. By default, it is left alone.
        type: str
      fields:
        description:
          - All fields of this level, as a set. Others of this level are removed. By default, they are left alone.
        type: list
        elements: dict
        suboptions:
          path:
            description: The path of the field, such as C(address.city) or C(emails[*].email).
            type: str
            required: true
          type:
            description:
              - The type, such as V(string), V(number), V(boolean), V(date), or the name of another common resource.
            type: str
          display_name:
            description: The name for people. By default, it is left alone.
            type: str
      transformations:
        description:
          - The mappings to elements at this level. Mappings to other elements are left alone, unless
            C(purge_transformations) is set.
        type: list
        elements: dict
        suboptions:
          element_key:
            description: The key of the element. Ids are refused, because they differ between environments.
            type: str
            required: true
          vendor_name:
            description: The name of the object of the element. Required to create a mapping.
            type: str
          fields:
            description: All mapped fields of this level, as a set. By default, they are left alone.
            type: list
            elements: dict
            suboptions:
              path:
                description: The path of a field of the common resource.
                type: str
                required: true
              vendor_path:
                description: The path of the field of the element.
                type: str
              type:
                description:
                  - The type. By default, an existing one is left alone, and a new one is that of the definition.
                type: str
              vendor_type:
                description: The type of the field of the element. By default, it is left alone.
                type: str
              configuration:
                description: What else is done to the field. Each entry has a C(type) and may have C(properties).
                type: list
                elements: dict
          configuration:
            description:
              - What else is done to objects, as a set. Each entry has a C(type), such as V(passThrough) or V(inherit),
                and may have C(properties). By default, it is left alone.
            type: list
            elements: dict
          script:
            description:
              - The script, as a text, or as a mapping with C(body), C(mime_type) and C(filter_empty_response).
            type: raw
          is_legacy:
            description:
              - Whether the script runs on the old engine for scripts. The platform does not go back from V(false) to
                V(true).
            type: bool
          state:
            description:
              - V(absent) makes sure that this level has no mapping to the element.
            type: str
            choices: [present, absent]
            default: present
      purge_transformations:
        description: Also remove the mappings of this level to elements that are not in C(transformations).
        type: bool
        default: false
      state:
        description: Whether this level has the common resource.
        type: str
        choices: [present, absent]
        default: present
  formulas:
    description:
      - The formulas, each with the options of M(cloud_elements.platform.cloud_elements_formula), which describes them
        in full, but for C(id).
    type: list
    elements: dict
    default: []
    suboptions:
      definition:
        description:
          - The formula as a JSON object. Required to create a formula. Steps name the formulas that they call.
        type: dict
      name:
        description: The name. It takes precedence over the name in C(definition).
        type: str
      active:
        description: Whether the formula runs. It takes precedence over C(active) in C(definition).
        type: bool
      state:
        description: Whether the formula exists.
        type: str
        choices: [present, absent]
        default: present
  formula_instances:
    description:
      - The formula instances, each with the options of M(cloud_elements.platform.cloud_elements_formula_instance),
        which describes them in full, but for ids.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name. Together with the formula, it identifies the formula instance.
        type: str
        required: true
      formula:
        description: The name of the formula, which may be one of O(formulas).
        type: str
        required: true
      configuration:
        description:
          - Values of the variables of the formula, by their keys. A variable that is an element instance takes a
            dictionary of C(element_key) and C(name), and the instance may be one of O(instances).
        type: dict
      secret_configuration:
        description: Values of variables that are secret, by their keys. Never shown.
        type: dict
      plain_keys:
        description: Keys of C(configuration) and C(settings) that hold no secret, in addition to O(plain_keys).
        type: list
        elements: str
        default: []
      update_secrets:
        description: When to send values whose stored ones the platform masks. By default V(on_create).
        type: str
        choices: [on_create, always]
      settings:
        description:
          - Settings of the formula instance, by their keys, such as C(notification.email), C(notification.webhook.url),
            C(api), or C(formula.instance.time.to.live) in seconds.
        type: dict
      active:
        description: Whether the formula instance runs.
        type: bool
      state:
        description: Whether the formula instance exists.
        type: str
        choices: [present, absent]
        default: present
  include:
    description: The kinds to work on. Items of other kinds are ignored.
    type: list
    elements: str
    choices: [instances, common_resources, formulas, formula_instances]
    default: [instances, common_resources, formulas, formula_instances]
  plain_keys:
    description:
      - Configuration keys of all instances and formula instances that hold no secret, although their names or values
        look like it. See O(cloud_elements.platform.cloud_elements_instance#module:plain_keys).
    type: list
    elements: str
    default: []
  prune:
    description:
      - Whether to remove element instances that are not in O(instances) and carry all of O(prune_tags). They are
        removed last.
      - Nothing is pruned if a resource failed, if O(instances) is empty, or if the platform counts more instances than
        it lists. No other kind is ever pruned.
    type: bool
    default: false
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
  - cloud_elements.platform.fleet
seealso:
  - module: cloud_elements.platform.cloud_elements_account_info
  - plugin: cloud_elements.platform.cloud_elements_account_dir
    plugin_type: lookup
  - module: cloud_elements.platform.cloud_elements_instances
  - module: cloud_elements.platform.cloud_elements_common_resource
  - module: cloud_elements.platform.cloud_elements_formula
  - module: cloud_elements.platform.cloud_elements_formula_instance
"""

EXAMPLES = r"""
- name: Provision an instance, a formula, and an instance of the formula
  cloud_elements.platform.cloud_elements_account:
    instances:
      - name: payments
        element_key: stripe
        api_key: "{{ stripe_api_key }}"
        tags: [ansible, prod]
    formulas:
      - definition:
          name: sync
          configuration:
            - {key: source, name: Source, type: elementInstance, required: true}
          triggers:
            - {type: manual, onSuccess: [read]}
          steps:
            - name: read
              type: elementRequest
              properties: {elementInstanceId: "${config.source}", api: /customers, method: GET}
    formula_instances:
      - name: nightly
        formula: sync
        configuration:
          source: {element_key: stripe, name: payments}
  register: account
  no_log: true # The result holds the element tokens.

- name: Plan an account from its directory
  cloud_elements.platform.cloud_elements_account: &wanted
    instances: "{{ described.instances }}"
    common_resources: "{{ described.common_resources }}"
    formulas: "{{ described.formulas }}"
    formula_instances: "{{ described.formula_instances }}"
  vars: &described
    described: "{{ lookup('cloud_elements.platform.cloud_elements_account_dir', 'accounts/prod') }}"
  check_mode: true
  register: reviewed
  no_log: true

- name: Apply exactly that plan
  cloud_elements.platform.cloud_elements_account:
    <<: *wanted
    expected_plan: "{{ reviewed.plan.checksum }}"
  vars: *described
  no_log: true
"""

RETURN = r"""
instances:
  description: The result for each element instance, in the order given.
  returned: success, and if single resources failed
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
    token:
      description: The element token. V(null) if it is not known, or if the instance failed or was removed.
      type: str
      returned: always
      sample: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
    id:
      description: "The id. V(null) if there is none, and in check mode if the element instance would be created."
      type: int
      returned: always
      sample: 39540
    action: &action
      description:
        - What became of it, or would become of it in check mode, in one word.
        - V(skipped) means that it was left alone, because something that it refers to failed.
      type: str
      choices: [create, change, rename, enable, disable, remove, failed, skipped, unchanged]
      returned: always
      sample: create
    changed: &changed
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
    error: &error
      description:
        - The reason for the failure. V(null) if it did not fail. It has the keys of the return value RV(error), and
          C(message) for people.
      type: dict
      returned: always
      sample: null
common_resources:
  description: The result for each common resource, in the order given.
  returned: success, and if single resources failed
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: contacts
    level:
      description: The level.
      type: str
      returned: always
      sample: account
    element_key:
      description: The key of the element of the instance.
      type: str
      returned: at level V(instance), if the options name the instance by it
      sample: stripe
    instance:
      description: The name of the instance.
      type: str
      returned: at level V(instance), if the options name the instance by it
      sample: payments
    id:
      description: "Always V(null): a common resource is known by its name."
      type: int
      returned: always
      sample: null
    action: *action
    changed: *changed
    actions:
      description: What was done, or would be done in check mode, in words and in order.
      type: list
      elements: str
      returned: always
      sample: ["create common resource 'contacts'"]
    error: *error
formulas:
  description: The result for each formula, in the order given.
  returned: success, and if single resources failed
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: sync
    id:
      description: "The id. V(null) if there is none, and in check mode if the formula would be created."
      type: int
      returned: always
      sample: 39540
    action: *action
    changed: *changed
    actions:
      description: What was done, or would be done in check mode, in words and in order.
      type: list
      elements: str
      returned: always
      sample: ["create formula 'sync'"]
    error: *error
formula_instances:
  description: The result for each formula instance, in the order given.
  returned: success, and if single resources failed
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: nightly
    formula:
      description: The name of the formula.
      type: str
      returned: always
      sample: sync
    id:
      description: "The id. V(null) if there is none, and in check mode if the formula instance would be created."
      type: int
      returned: always
      sample: 39540
    action: *action
    changed: *changed
    actions:
      description: What was done, or would be done in check mode, in words and in order.
      type: list
      elements: str
      returned: always
      sample: ["create formula instance 'nightly' of formula 'sync'"]
    error: *error
tokens:
  description: The element tokens, by element key and name.
  returned: success, and if single resources failed
  type: dict
  sample:
    stripe:
      payments: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
pruned:
  description: The element instances that were pruned, or would be in check mode, each with C(id), C(name) and
    C(element_key).
  returned: success, and if single resources failed
  type: list
  elements: dict
  sample: []
summary:
  description: The number of resources by kind and result.
  returned: success, and if single resources failed
  type: dict
  contains:
    instances:
      description: The element instances. C(pruned) counts those that no item names.
      type: dict
      returned: always
      sample: {total: 2, created: 1, changed: 0, removed: 0, unchanged: 1, failed: 0, skipped: 0, pruned: 0}
    common_resources:
      description: The common resources.
      type: dict
      returned: always
      sample: {total: 2, created: 1, changed: 0, removed: 0, unchanged: 1, failed: 0, skipped: 0, pruned: 0}
    formulas:
      description: The formulas.
      type: dict
      returned: always
      sample: {total: 2, created: 1, changed: 0, removed: 0, unchanged: 1, failed: 0, skipped: 0, pruned: 0}
    formula_instances:
      description: The formula instances.
      type: dict
      returned: always
      sample: {total: 2, created: 1, changed: 0, removed: 0, unchanged: 1, failed: 0, skipped: 0, pruned: 0}
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
    GET: 9
    POST: 3
plan:
  description:
    - What has to be done. It is the same in check mode and in a real run. It holds no secret and no token.
    - In diff mode, Ansible shows the lines and the summary after the differences. If the task fails in diff mode,
      C(msg) ends with them.
  returned: success, and if single resources failed
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
        - One line for each resource that does not stay as it is, by kind and in the order given, and for each that is
          pruned. A line begins with C(create), C(change), C(rename), C(enable), C(disable), C(remove), C(prune),
          C(failed) or C(skipped).
      type: list
      elements: str
      returned: always
      sample: ["create  instance 'payments' of element 'stripe'"]
    summary:
      description: The counts as a sentence.
      type: str
      returned: always
      sample: "1 instance: 1 to create; 1 formula: 1 unchanged"
    counts:
      description: The number of resources by kind for each of these words, and for C(unchanged).
      type: dict
      returned: always
    changes:
      description:
        - What is planned for each resource that does not stay as it is, for programs. Resources that failed before they
          were planned, or were skipped, are not among them.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: The kind, one of the choices of O(include).
          type: str
          returned: always
          sample: formulas
        name:
          description: The name.
          type: str
          returned: always
          sample: sync
        element_key:
          description: The key of the element of the instance, also of a common resource. Otherwise V(null).
          type: str
          returned: always
          sample: null
        level:
          description: The level of a common resource. Otherwise V(null).
          type: str
          returned: always
          sample: null
        instance:
          description: The name of the instance of a common resource. Otherwise V(null).
          type: str
          returned: always
          sample: null
        formula:
          description: The formula of a formula instance. Otherwise V(null).
          type: str
          returned: always
          sample: null
        id:
          description: The id. V(null) if it is still to be created, and for common resources.
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
          sample: ["change step 'read'"]
        changes:
          description:
            - What differs, if the resource is there before and after. Each item has C(path), a list of keys, and the
              values C(before) and C(after), which are V(null) if there is none. Secrets are masked. A text of several
              lines is a list of lines.
          type: list
          elements: dict
          returned: always
          sample:
            - path: [steps, read, properties, api]
              before: /customers
              after: /orders
diff:
  description:
    - The differences that Ansible shows with C(--diff), one for each resource that changes, and the plan as the last
      item. Secrets are masked.
  returned: in diff mode
  type: list
  elements: dict
  contains:
    before_header:
      description: The resource, in words.
      type: str
      returned: for resources
      sample: formula 'sync'
    after_header:
      description: The resource, in words.
      type: str
      returned: for resources
      sample: formula 'sync'
    before:
      description: The resource before the task. Empty if it did not exist.
      type: dict
      returned: for resources
    after:
      description: The resource after the task. Empty if it does not exist then.
      type: dict
      returned: for resources
    prepared:
      description: The lines of the plan, the platform that the plan is for, and the summary.
      type: str
      returned: for the plan
      sample: |
        create  instance 'payments' of element 'stripe'
        At https://api.cloud-elements.com/elements/api-v2: 1 instance: 1 to create
error:
  description:
    - The reason for the failure, for programs. If single resources failed, the reason of the first of them. The message
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
          V(partly_ignored), V(credentials_refused), V(plan_changed), V(skipped), V(unknown_outcome), V(deadline),
          V(internal).
        - The R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting) explains
          each.
        - With V(unknown_outcome), it is not known whether a write took effect. Run the task again.
        - With V(in_use), a resource cannot be removed because something uses it.
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

from ansible_collections.cloud_elements.platform.plugins.module_utils._account.account import ensure_account
from ansible_collections.cloud_elements.platform.plugins.module_utils._account.argument_spec import ACCOUNT
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + ACCOUNT, ensure_account)


if __name__ == "__main__":
    main()
