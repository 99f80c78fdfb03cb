#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_formula_instance
short_description: Manage one formula instance on the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Creates, changes and removes one formula instance, which runs a formula with its own values, on the Cloud Elements
    platform, also known as SAP Open Connectors.
  - Looks for an existing one by its exact name within the formula before it creates one. So there is exactly one,
    however often the task runs, and however many runs start at once.
  - Refers to element instances by element key and name, which are the same in every account.
  - A new formula instance is created inactive and activated last, so that nothing runs before it is complete.
options:
  name:
    description:
      - The name of the formula instance. Together with the formula, it identifies it. The comparison is exact and
        case-sensitive.
      - Required if O(id) is not set.
      - Must not contain C(<), because the platform strips HTML. Must not begin or end with white space.
      - With O(id), the task renames the formula instance to this name, and fails if another one of the formula has it.
        With O(id) and O(state=absent), the name must be that of the formula instance.
    type: str
  formula:
    description:
      - The name of the formula. It must exist, unless O(state=absent).
      - If several formulas have the name, the one of your own account is meant. If your own account has several, the
        task fails and lists their ids.
      - With O(state=absent), a formula of another account is never meant.
      - Required if neither O(formula_id) nor O(id) is set. Mutually exclusive with O(formula_id).
    type: str
  formula_id:
    description: The id of the formula. Ids differ from account to account, so O(formula) is better.
    type: int
  id:
    description:
      - The id of an existing formula instance. If set, it alone identifies it. An id never changes.
      - V(null) or an empty value is an error if O(name) is not set. In check mode it is only a warning, and the task
        predicts nothing.
    type: int
  configuration:
    description:
      - Values of the variables of the formula, by their keys. A variable that is an element instance takes a dictionary
        of C(element_key) and C(name), or an id.
      - The platform stores values as text, and the task compares them as text. A key that the formula does not have is
        an error.
      - Only the keys that you set are compared; others keep their values. V(null) removes a value.
      - A key that names a secret, such as C(password), is treated as if it were in O(secret_configuration), with a
        warning. O(plain_keys) exempts a key.
      - V(********), the mask that results show, keeps the value that is there. If there is none, the task fails. In
        check mode it is only a warning. Must not contain another mask.
    type: dict
  secret_configuration:
    description:
      - Values of variables that are secret, by their keys. Never shown.
      - They are compared with what the platform returns. If it returns a mask, O(update_secrets) decides.
      - A value must not be empty. V(********) keeps the value that is there, as in O(configuration). Another mask is
        refused.
    type: dict
  plain_keys:
    description:
      - Keys of O(configuration) and O(settings) that hold no secret, although their names or values look like it. Their
        values are shown.
    type: list
    elements: str
    default: []
  update_secrets:
    description:
      - What to do with values whose stored ones the platform masks.
      - V(on_create) sends them only when the formula instance is created, or when something else of it changes, because
        the platform replaces it as a whole.
      - V(always) sends them in every run, so every run is changed.
      - The default is V(on_create).
    type: str
    choices: [on_create, always]
  settings:
    description:
      - Settings of the formula instance, by their keys, such as C(notification.email), C(notification.webhook.url),
        C(api), or C(formula.instance.time.to.live) in seconds.
      - Only the keys that you set are compared; others keep their values. V(null) removes a setting.
    type: dict
  active:
    description:
      - Whether the formula instance runs.
      - By default, an existing one is left alone, and a new one is activated after it was created.
    type: bool
  state:
    description:
      - V(present) makes sure that the formula instance exists as described.
      - V(absent) makes sure that it does not exist. A formula that does not exist has no instances.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
  - module: cloud_elements.platform.cloud_elements_instances
"""

EXAMPLES = r"""
- name: Let the formula "sync contacts" run every night, with two element instances
  cloud_elements.platform.cloud_elements_formula_instance:
    formula: sync contacts
    name: nightly
    configuration:
      crm: {element_key: sfdc, name: crm}
      shop: {element_key: stripe, name: payments}
      cron: 0 0 2 * * ? *
    settings:
      notification.email: ops@example.com

- name: Pause it
  cloud_elements.platform.cloud_elements_formula_instance:
    formula: sync contacts
    name: nightly
    active: false

- name: Remove it
  cloud_elements.platform.cloud_elements_formula_instance:
    formula: sync contacts
    name: nightly
    state: absent
"""

RETURN = r"""
id:
  description: The id of the formula instance, also after it was removed. V(null) if it is not there, or in check mode.
  returned: success
  type: int
  sample: 4711
formula_instance:
  description: The formula instance after the task, with secrets masked. V(null) if it is not there.
  returned: success
  type: dict
  contains:
    id:
      description: The id. V(null) in check mode if it would be created.
      type: int
      returned: always
      sample: 4711
    name:
      description: The name.
      type: str
      returned: always
      sample: nightly
    formula:
      description: The name of the formula.
      type: str
      returned: always
      sample: sync contacts
    formula_id:
      description: The id of the formula.
      type: int
      returned: always
      sample: 815
    active:
      description: Whether it runs.
      type: bool
      returned: always
      sample: true
    configuration:
      description:
        - The values of the variables, with secrets masked. An element instance that the task names is shown by
          C(element_key) and C(name), any other by its id.
      type: dict
      returned: always
      sample:
        crm: {element_key: sfdc, name: crm}
    settings:
      description: The settings, with secrets masked.
      type: dict
      returned: always
      sample: {}
    created_date:
      description: When it was created, as the platform writes it. V(null) if that is not known.
      type: str
      returned: always
      sample: "2026-11-26T15:43:00Z"
actions:
  description:
    - What was done, or would be done in check mode, in words and in order. Empty if nothing had to be done.
    - After a failure, what was done before it.
  returned: always, unless an option is invalid
  type: list
  elements: str
  sample: ["create formula instance 'nightly' of formula 'sync contacts'", "activate"]
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
    GET: 2
    POST: 1
diff:
  description: The name, the configuration, the settings, and whether it is active, before and after, secrets masked.
  returned: success
  type: dict
  contains:
    before:
      description: The formula instance before the task. Empty if it did not exist.
      type: dict
      returned: always
    after:
      description: The formula instance after the task. Empty if it was removed.
      type: dict
      returned: always
error:
  description:
    - The reason for the failure, for programs. The message in C(msg) is for people.
    - If Ansible itself refuses an option, for example a misspelled one, there is only the message.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error, one of V(invalid_options), V(unsupported_python), V(missing_library), V(unreachable),
          V(tls), V(redirect), V(timeout), V(connection_lost), V(invalid_response), V(unauthorized), V(forbidden),
          V(not_found), V(refused), V(in_use), V(rate_limited), V(server_error), V(ambiguous), V(name_changed),
          V(partly_ignored), V(credentials_refused), V(unknown_outcome), V(deadline), V(internal).
        - The R(guide on troubleshooting,ansible_collections.cloud_elements.platform.docsite.troubleshooting) explains
          each.
        - With V(unknown_outcome), it is not known whether a write took effect. Run the task again.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.argument_spec import (
    FORMULA_INSTANCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.ensure import (
    ensure_formula_instance,
)


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + FORMULA_INSTANCE, ensure_formula_instance, writes=True)


if __name__ == "__main__":
    main()
