#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_account_info
short_description: Describe an account of the Cloud Elements platform, without its secrets
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the element instances, common resources, formulas and formula instances of an account as options of their
    modules. Applied to another account, they create the same. Applied to this account, they change nothing.
  - Returns no ids of the platform. Element instances are referred to by element key and name, formulas by name.
  - Returns no secret. In place of a value that is or may be a secret, by the rule in the
    R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets), the module returns V(********).
    RV(secrets) says where these masks are, and names a variable for each. A formula and a formula instance that are
    given a mask keep the value that is there; an instance refuses it. What cannot be masked is omitted, and RV(notes)
    says so.
  - Lists each kind once. Mappings of common resources and elements of the catalog take one request each, and what
    single instances have of common resources takes at least two requests for each instance, eight at the same time.
  - The playbook C(cloud_elements.platform.export) writes the result to a directory.
options:
  include:
    description: The kinds of resources to describe. The others are returned as empty lists.
    type: list
    elements: str
    choices: [instances, common_resources, formulas, formula_instances]
    default: [instances, common_resources, formulas, formula_instances]
  name:
    description:
      - Describe only instances with exactly this name.
      - This and the other filters of instances also limit the common resources of level V(instance) to these instances.
        They have no effect on other resources.
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
      - Configuration keys of instances and of formula instances that hold no secret, although the rule would mask them,
        for example C(username). Their values are readable.
    type: list
    elements: str
    default: []
  deadline:
    description:
      - The maximum duration of the whole task in seconds, with all retries and waits.
      - By default, there is no limit, but the task fails if the platform asks for a wait of more than an hour.
      - If not set, the variable C(cloud_elements_deadline) is used, then the environment variable
        E(CLOUD_ELEMENTS_DEADLINE).
    type: float
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
notes:
  - Formulas of other accounts are not described, and neither are instances of these. If the platform does not tell
    which account is your own, all formulas that you see are described.
  - The level V(organization) of common resources is described if the user may list it.
  - The module fails if the platform does not list all resources of a kind, since those that are missing would seem to
    be gone.
seealso:
  - module: cloud_elements.platform.cloud_elements_account_dir
  - module: cloud_elements.platform.cloud_elements_fleet_info
  - module: cloud_elements.platform.cloud_elements_common_resource_info
  - module: cloud_elements.platform.cloud_elements_formula_info
"""

EXAMPLES = r"""
- name: Describe the account
  cloud_elements.platform.cloud_elements_account_info:
  register: described

- name: Show what could not be carried over
  ansible.builtin.debug:
    msg: "{{ described.notes | map(attribute='note') }}"

- name: Describe the formulas alone
  cloud_elements.platform.cloud_elements_account_info:
    include: [formulas, formula_instances]
"""

RETURN = r"""
instances:
  description:
    - The instances, sorted by element key and name. Each has the options of
      O(cloud_elements.platform.cloud_elements_instances#module:instances), with V(********) in the place of secrets.
      Options that are not needed are omitted.
  returned: success
  type: list
  elements: dict
  sample:
    - name: payments
      element_key: stripe
      tags: [prod]
      enabled: true
      secret_configuration:
        password: "********"
        username: "********"
common_resources:
  description:
    - The common resources, sorted by name. Each has the options of
      M(cloud_elements.platform.cloud_elements_common_resource).
  returned: success
  type: list
  elements: dict
  sample:
    - name: contacts
      level: account
      fields:
        - path: email
          type: string
      transformations: []
formulas:
  description:
    - The formulas, sorted by name. Each has the option C(definition) of
      M(cloud_elements.platform.cloud_elements_formula), which holds C(name) and C(active) too. Properties that look
      like credentials hold names of variables.
  returned: success
  type: list
  elements: dict
  sample:
    - definition:
        name: sync contacts
        active: true
        configuration: []
        triggers: []
        steps: []
formula_instances:
  description:
    - The formula instances, sorted by the names of their formulas and their own. Each has the options of
      M(cloud_elements.platform.cloud_elements_formula_instance), with V(********) in the place of secrets. Options that
      are not needed are omitted.
  returned: success
  type: list
  elements: dict
  sample:
    - formula: sync contacts
      name: nightly
      active: true
      configuration:
        crm:
          element_key: sfdc
          name: crm
secrets:
  description: The values that are not returned because they are or may be secrets, in the order of the resources.
  returned: success
  type: list
  elements: dict
  contains:
    variable:
      description:
        - The name of a variable. It depends only on the names of the resource and the key of the value. So it stays the
          same whatever else is exported.
      type: str
      returned: always
      sample: secret_stripe_payments_password
    kind: &kind
      description: The kind of the resource, as in O(include).
      type: str
      returned: always
      sample: instances
    name: &name
      description: The name of the resource.
      type: str
      returned: always
      sample: payments
    element_key: &element
      description:
        - The element of an instance, or of the instance that a common resource belongs to. V(null) for any other
          resource.
      type: str
      returned: always
      sample: stripe
    formula: &formula
      description: The formula of a formula instance. V(null) for any other resource.
      type: str
      returned: always
      sample: sync contacts
    key:
      description: The configuration key, or the property of a step.
      type: str
      returned: always
      sample: password
    purpose:
      description: The purpose of the value, in words on one line.
      type: str
      returned: always
      sample: Password (password) of payments, element stripe
    path:
      description: The place of the variable in the result, as a list of keys and positions.
      type: list
      elements: raw
      returned: always
      sample: [instances, 0, secret_configuration, password]
notes:
  description:
    - What you must know or decide before you can create single resources elsewhere, and what is omitted.
  returned: success
  type: list
  elements: dict
  contains:
    kind: *kind
    name: *name
    element_key: *element
    formula: *formula
    note:
      description: The note, for people. It starts with C(TO CHANGE) or C(TO DECIDE) if there is something to do.
      type: str
      returned: always
      sample: "OAuth: to be made without a browser, it needs what the provider issued to this application."
duplicates:
  description: Names that several resources of a kind have. They cannot be provisioned by name alone.
  returned: success
  type: list
  elements: dict
  contains:
    kind: *kind
    name: *name
    element_key: *element
    formula: *formula
    ids:
      description: The ids of the resources.
      type: list
      elements: int
      returned: always
      sample: [39540, 39541]
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.account_info import describe_account
from ansible_collections.cloud_elements.platform.plugins.module_utils._export.argument_spec import ACCOUNT_FILTER
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + ACCOUNT_FILTER, describe_account)


if __name__ == "__main__":
    main()
