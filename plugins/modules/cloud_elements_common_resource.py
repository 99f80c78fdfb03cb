#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_common_resource
short_description: Manage one common resource on the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Creates, changes and removes one common resource, which is an object definition with its transformations, on the
    Cloud Elements platform, also known as SAP Open Connectors. The platform also calls it a common object or a VDR.
  - Looks for an existing one by its exact name within the level before it creates one. If nothing
    differs, nothing is written.
  - Works on both engines, which the platform calls C(vdrVersion) V(v1) and V(v2).
  - What was written is read back. If the platform kept only a part of it, the task fails with V(partly_ignored).
  - Does not rename. Another name means another common resource, and another path means another field.
options:
  name:
    description:
      - The name. It identifies the common resource within the level.
      - Must not contain C(<), because the platform strips HTML. Must not begin or end with white space. No part of it
        between slashes may be empty, C(.) or C(..).
    type: str
    required: true
  level:
    description:
      - The level that the common resource belongs to. Only what belongs to this level is compared and written.
      - SAP Open Connectors has no other level than V(account).
    type: str
    choices: [organization, account, instance]
    default: account
  account_id:
    description:
      - The id of the account, at O(level=account). By default, the account of O(user_secret).
      - Required for transformations if the platform does not tell the id of that account, or lists several accounts and
        does not tell which one a common resource belongs to.
      - For another account, the user must have the right to write there. The newer engine of the platform does not list
        the mappings of other accounts.
    type: int
  instance:
    description: The element instance. Required at O(level=instance), and must not be set otherwise.
    type: dict
    suboptions:
      element_key:
        description: The key of its element. Required if O(instance.id) is not set.
        type: str
      name:
        description: Its name. Required if O(instance.id) is not set.
        type: str
      id:
        description: Its id, instead of the other two.
        type: int
  description:
    description:
      - What the common resource is for. By default, it is left alone.
      - The older engine does not keep it. There, it is ignored.
    type: str
  fields:
    description:
      - All fields of this level, as a set. Others of this level are removed. By default, they are left alone. An empty
        list is refused if there are fields.
      - Required to create a common resource, unless a level above defines it and the task only maps it.
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
          - By default, an existing one is left alone, and the platform chooses that of a new field.
        type: str
      display_name:
        description:
          - The name for people. By default, it is left alone.
          - The older engine does not keep it. There, it is ignored.
        type: str
  transformations:
    description:
      - The mappings to elements at this level. Mappings to other elements are left alone, unless
        O(purge_transformations) is set.
      - At O(level=instance), only a mapping to the element of the instance is possible.
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
            description: The type. By default, an existing one is left alone, and a new one is that of the definition.
            type: str
          vendor_type:
            description: The type of the field of the element. By default, it is left alone.
            type: str
          configuration:
            description:
              - What else is done to the field. Each entry has a C(type) and may have C(properties).
              - By default, it is left alone.
            type: list
            elements: dict
      configuration:
        description:
          - What else is done to objects, as a set. Each entry has a C(type), such as V(passThrough) or V(inherit), and
            may have C(properties). By default, it is left alone.
          - Like scripts, it is shown in results and differences. Do not write secrets into it.
        type: list
        elements: dict
      script:
        description:
          - The script, as a text, or as a mapping with C(body), C(mime_type) and C(filter_empty_response).
          - By default, it is left alone. An empty text removes it.
          - Scripts are shown in results and differences. Do not write secrets into them.
        type: raw
      is_legacy:
        description:
          - Whether the script runs on the old engine for scripts. The platform does not go back from V(false) to
            V(true).
          - By default, an existing mapping is left alone, and a new one is V(false).
        type: bool
      state:
        description: V(absent) makes sure that this level has no mapping to the element.
        type: str
        choices: [present, absent]
        default: present
  purge_transformations:
    description:
      - Also remove the mappings of this level to elements that are not in O(transformations), which must be set then.
      - Refused if the platform does not tell which ones there are, as with O(account_id) of another account.
    type: bool
    default: false
  state:
    description:
      - V(present) makes sure that the common resource exists as described.
      - V(absent) makes sure that this level has neither its mappings nor its definition. Other levels are left alone.
        A common resource that formulas use is not removed.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_common_resource_info
  - module: cloud_elements.platform.cloud_elements_formula
"""

EXAMPLES = r"""
- name: Provide contacts with a mapping to Stripe. A script in a file is given by the lookup ansible.builtin.file
  cloud_elements.platform.cloud_elements_common_resource:
    name: contacts
    fields:
      - {path: email, type: string}
      - {path: name, type: string}
    transformations:
      - element_key: stripe
        vendor_name: customers
        fields:
          - {path: email, vendor_path: email}
          - {path: name, vendor_path: description}
        script: |
          transformedObject.name = transformedObject.name || transformedObject.email;
          done(transformedObject);

- name: Map contacts to one more element
  cloud_elements.platform.cloud_elements_common_resource:
    name: contacts
    transformations:
      - element_key: sfdc
        vendor_name: Contact
        fields:
          - {path: email, vendor_path: Email}

- name: Remove all mappings except the one to Stripe
  cloud_elements.platform.cloud_elements_common_resource:
    name: contacts
    transformations:
      - element_key: stripe
    purge_transformations: true

- name: Remove contacts
  cloud_elements.platform.cloud_elements_common_resource:
    name: contacts
    state: absent
"""

RETURN = r"""
common_resource:
  description:
    - The common resource after the task, as options of this module, in a form that any account takes. V(null) if
      this level has neither a definition nor a mapping.
    - C(transformations) has the mappings that the task names. With O(purge_transformations), it has all of them.
  returned: success
  type: dict
  sample:
    name: contacts
    level: account
    fields: [{path: email, type: string}]
    transformations: []
actions:
  description:
    - What was done, or would be done in check mode, in words and in order. Empty if nothing had to be done.
    - After a failure, what was done before it.
  returned: always, unless an option is invalid
  type: list
  elements: str
  sample: ["create common resource 'contacts'"]
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
  description: The common resource before and after, with fields by path, mappings by element, and scripts line by line.
  returned: success
  type: dict
  contains:
    before:
      description: The common resource before the task. Empty if it did not exist.
      type: dict
      returned: always
    after:
      description: The common resource after the task. Empty if it was removed.
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
        - With V(in_use), formulas use the common resource that is to be removed, or another level maps it.
        - With V(partly_ignored), the platform answered with success and kept only a part of what was written.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.argument_spec import (
    COMMON_RESOURCE,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.ensure import (
    ensure_common_resource,
)


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + COMMON_RESOURCE, ensure_common_resource, writes=True)


if __name__ == "__main__":
    main()
