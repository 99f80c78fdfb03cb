#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_formula
short_description: Manage one formula on the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Creates, changes and removes one formula, which is the template of a workflow, on the Cloud Elements platform, also
    known as SAP Open Connectors.
  - Looks for an existing formula by its exact name before it creates one. So there is exactly one, however often the
    task runs, and however many runs start at once.
  - A definition is compared in a normal form, so an export of the console, of the vendor's command line tool, or of
    M(cloud_elements.platform.cloud_elements_formula_info) can be given as it is. If nothing
    differs, nothing is written.
  - Only formulas of your own account are found by name. Only administrators can find out which account is their own.
    For other users, the only formula with a name is taken for theirs, and two with one name are an error. If several
    accounts are listed, the default one is taken for yours. A warning says so before a formula is changed or removed
    on such grounds. O(id) is certain.
options:
  definition:
    description:
      - The formula as a JSON object, for example V({{ lookup('ansible.builtin.file', 'sync.json'\) | from_json }}).
      - Ids, dates, owners and the other keys that the platform makes are ignored. The order of steps does not count.
      - A key that resembles one of a definition, such as C(onSucess), is refused. Other unknown keys are sent,
        but for those of variables, triggers and steps, which are warned of.
      - C(configuration), C(triggers) and C(steps) are the whole formula. Other keys that are left out keep the value
        that is there.
      - A step that calls another formula names it in its property C(formulaName). A number in C(formulaId) is resolved
        through C(subFormulas) of the definition, and refused if that does not have it.
      - A literal id of an element instance in a trigger or step is refused, because no other account has it.
      - Properties that look like credentials are sent, but not shown, with a warning.
      - A property of a trigger or step that is V(********), the mask that results show, keeps the value that is there.
        If there is none, the task fails. In check mode it is only a warning. Must not contain another mask.
      - Required to create a formula.
    type: dict
  name:
    description:
      - The name of the formula. It takes precedence over the name in O(definition).
      - Required if neither O(id) nor O(definition) is set.
      - Must not contain C(<), because the platform strips HTML. Must not begin or end with white space.
      - With O(id), the task renames the formula to this name. With O(id) and O(state=absent), the name must be that of
        the formula.
    type: str
  id:
    description:
      - The id of an existing formula. If set, it alone identifies the formula.
      - Without O(definition), the task renames, activates or deactivates the formula.
    type: int
  active:
    description:
      - Whether the formula runs. It takes precedence over C(active) in O(definition).
      - By default, an existing formula is left alone, and a new one is active, which is the platform's default.
      - A formula is deactivated before it is changed, and activated after it was changed.
    type: bool
  state:
    description:
      - V(present) makes sure that the formula exists as described.
      - V(absent) makes sure that it does not exist. A formula that has instances, or that another formula calls, is
        not removed.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_formula_info
  - module: cloud_elements.platform.cloud_elements_formula_instance
  - module: cloud_elements.platform.cloud_elements_common_resource
"""

EXAMPLES = r"""
- name: Provide a formula. A file that was exported is given by the lookup ansible.builtin.file and the filter from_json
  cloud_elements.platform.cloud_elements_formula:
    definition:
      name: sync contacts
      configuration:
        - {key: crm, name: CRM, type: elementInstance, required: true}
      triggers:
        - {type: manual, onSuccess: [read contacts]}
      steps:
        - name: read contacts
          type: elementRequest
          properties: {elementInstanceId: "${config.crm}", method: GET, api: /contacts}

- name: Pause a formula
  cloud_elements.platform.cloud_elements_formula:
    name: sync contacts
    active: false

- name: Remove a formula
  cloud_elements.platform.cloud_elements_formula:
    name: sync contacts
    state: absent
"""

RETURN = r"""
id:
  description: The id of the formula, also after it was removed. V(null) if it is not there, or in check mode.
  returned: success
  type: int
  sample: 815
formula:
  description:
    - The formula after the task, in a form that O(definition) takes in any account. V(null) if it is not there.
    - Properties that look like credentials are masked.
  returned: success
  type: dict
  sample:
    name: sync contacts
    active: true
    configuration: []
    triggers: []
    steps: []
actions:
  description:
    - What was done, or would be done in check mode, in words and in order. Empty if nothing had to be done.
    - After a failure, what was done before it.
  returned: always, unless an option is invalid
  type: list
  elements: str
  sample: ["create formula 'sync contacts'"]
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
  description:
    - The formula before and after, with parts by their names, and scripts line by line. Credentials are masked.
  returned: success
  type: dict
  contains:
    before:
      description: The formula before the task. Empty if it did not exist.
      type: dict
      returned: always
    after:
      description: The formula after the task. Empty if it was removed.
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
        - With V(in_use), formula instances keep the formula from being removed, or from losing a variable.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.argument_spec import FORMULA
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.ensure import ensure_formula


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + FORMULA, ensure_formula, writes=True)


if __name__ == "__main__":
    main()
