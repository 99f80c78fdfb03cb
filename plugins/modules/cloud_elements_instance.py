#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_instance
short_description: Manage one element instance on the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Creates, changes and removes one element instance, which is a connection to a SaaS provider, on the Cloud Elements
    platform, also known as SAP Open Connectors. Returns the element token that calls to the instance need.
  - Looks for an existing instance by its exact name within the element before it creates one. So there is exactly one
    instance, however often the task runs, and however many runs start at once.
  - Leaves alone on the platform what the task does not set.
options:
  name:
    description:
      - The name of the instance. Together with O(element_key), it identifies the instance. The comparison is exact and
        case-sensitive.
      - Required if O(id) is not set.
      - Must not contain C(<), because the platform strips HTML. Must not begin or end with white space.
      - The platform does not keep names unique. If several instances of the element have the name, the task fails and
        lists their ids.
      - With O(id), the task renames the instance to this name, and fails if another instance of the element has it.
        With O(id) and O(state=absent), the name must be that of the instance.
    type: str
  element_key:
    description:
      - The key of the element, for example V(stripe) or V(sfdc). It cannot be changed later.
      - Required to create an instance, and with O(state=absent) if O(id) is not set.
    type: str
  id:
    description:
      - The id of an existing instance. If set, it alone identifies the instance. An id never changes.
      - V(null) or an empty value is an error if O(name) is not set. In check mode it is only a warning, and the task
        predicts nothing, because a task that would create the instance cannot return its id.
    type: int
  api_key:
    description:
      - The API key of the provider. Short for O(secret_configuration) with the key C(api.key).
      - Never shown. O(update_secrets) decides when it is sent to an existing instance.
    type: str
  tags:
    description:
      - The complete set of tags of the instance. The order does not matter.
      - An empty list removes all tags.
      - By default, the tags of an existing instance are left alone. A new instance gets its name as its only tag, which
        is the platform's default.
    type: list
    elements: str
  configuration:
    description:
      - Configuration that is not secret, by the element's own keys, for example C(site) or
        C(event.notification.enabled). Use the JSON type that the element expects. The platform stores values as text,
        and the task compares them as text.
      - Only the keys that you set are compared, and only those that differ are sent. Keys that the platform does not
        return cannot be compared; O(update_secrets) decides when they are sent.
      - V(null) or an empty text removes a value.
      - A key that names a secret, such as C(password) or C(api.key), is treated as if it were in
        O(secret_configuration), with a warning. O(plain_keys) exempts a key.
      - A value that looks like a secret, such as a URL with a password, is compared and sent like any other, but not
        shown. For the rule, see the
        R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets).
      - Must not contain a mask, such as V(********) or V([REDACTED]). If the platform returns one, the value cannot be
        compared.
      - Every element takes C(event.notification.enabled), C(event.vendor.type), C(event.notification.type),
        C(event.notification.callback.url) and C(filter.response.nulls).
    type: dict
  secret_configuration:
    description:
      - Configuration that is secret, by the element's own keys, for example C(password) or C(oauth.api.secret).
      - Never shown. O(update_secrets) decides when it is sent to an existing instance, because the platform does not
        return what it stores.
      - A value must not be empty and must not be a mask. A value of one line must not begin or end with white space.
    type: dict
  plain_keys:
    description:
      - Configuration keys that hold no secret, although their names or values look like it, for example C(sort.key).
        Their values are shown, even if only the platform reported them.
      - A mask, and a value that contains a secret of the task, are not shown under these keys either.
    type: list
    elements: str
    default: []
  provider_data:
    description:
      - The data that the provider handed over for this one authentication, for example C(code) for OAuth 2, or
        C(oauth_token), C(oauth_verifier) and C(secret) for OAuth 1.
      - It is sent only if the instance is created or O(reauthenticate=true), and never twice, because a code is valid
        once. Otherwise it is ignored.
      - To get a code, see the
        R(guide on OAuth elements,ansible_collections.cloud_elements.platform.docsite.oauth).
    type: dict
  reauthenticate:
    description:
      - Whether to authenticate an existing instance again with O(provider_data), for example after access was revoked.
        The id stays. Read the token again from the result.
      - Set it for one run, with a new code. Every run with V(true) authenticates again, because nothing shows that an
        earlier run did.
      - Other changes of the task come first, so that the code is exchanged with the current client secret. If the
        answer is lost, the code is not sent again, and the task fails with V(unknown_outcome).
      - It is ignored if the instance is created.
    type: bool
    default: false
  external_authentication:
    description:
      - With V(initial), an OAuth element authenticates with tokens that were obtained elsewhere and are in
        O(secret_configuration), for example C(oauth.user.refresh_token). No user needs to visit a web page.
      - It is sent only when the instance is created.
    type: str
    choices: [initial]
  enabled:
    description:
      - Whether the instance is enabled. A disabled instance keeps its configuration, but calls to it are refused.
      - By default, an existing instance is left alone, and a new instance is enabled.
    type: bool
  update_secrets:
    description:
      - When to send secrets, and configuration that the platform does not return, to an existing instance. A new
        instance always gets them.
      - With V(on_create), never. A secret that changed in the task is not noticed.
      - With V(on_change), if the secrets differ from those that the task sent last. A fingerprint of them is kept in a
        tag of the instance that begins with C(ansible-secrets). If there is no fingerprint yet, the secrets are sent
        once. The tag is not part of O(tags), the diff or the results, but the console of the platform shows it. It is a
        keyed and salted hash. Without the organization secret, nobody can test a guess on it.
      - With V(always), in each run. The task then always reports a change.
      - By default, as with V(on_create). If the task sets secrets of an existing instance, a warning says that they
        were neither compared nor sent. Set V(on_create) to silence it.
      - The R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets) compares the three.
    type: str
    choices: [on_create, on_change, always]
  verify:
    description:
      - Whether to ask the platform if the connection works, with a ping that reaches the provider. Otherwise nobody
        checks the credentials when an instance is created.
      - If the provider itself refuses the credentials, the task fails. It removes an instance that this very run
        created, unless it was created with O(provider_data). Nothing is removed for any other reason.
      - If the answer says that C(valid) is false, or on any other error, the task fails and removes nothing.
      - If the element has no ping, or the instance is disabled, the ping is skipped with a warning.
      - In check mode, the ping is sent only if nothing would change.
    type: bool
    default: false
  verify_wait:
    description:
      - With O(verify=true), whether to keep asking until the O(deadline) while the platform or the provider has
        problems. Refused credentials end the wait at once.
    type: bool
    default: false
  state:
    description:
      - With V(present), the instance exists and is as described.
      - With V(absent), it does not exist. Its token is then invalid for good.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_instances
  - module: cloud_elements.platform.cloud_elements_instance_info
  - module: cloud_elements.platform.cloud_elements_element_info
  - module: cloud_elements.platform.cloud_elements_oauth_info
  - plugin: cloud_elements.platform.cloud_elements_token
    plugin_type: lookup
  - ref: cloud_elements.platform.instance role <ansible_collections.cloud_elements.platform.instance_role>
    description: Provision one instance and hand its token to an application.
  - ref: First steps <ansible_collections.cloud_elements.platform.docsite.first_steps>
    description: From installation to a first call through the platform.
"""

EXAMPLES = r"""
- name: Provision Stripe, once
  cloud_elements.platform.cloud_elements_instance:
    name: payments
    element_key: stripe
    api_key: "{{ stripe_api_key }}"
    tags: [prod, payments]
  register: payments
  no_log: true # The result holds the element token.

- name: Provision an element with a user and a password, and send its events to a URL
  cloud_elements.platform.cloud_elements_instance:
    name: tickets
    element_key: servicenow
    configuration:
      username: integration
      servicenow.subdomain: example
      filter.response.nulls: false
      event.notification.enabled: true
      event.vendor.type: polling
      event.notification.type: webhook
      event.notification.callback.url: https://events.example.com/tickets
    secret_configuration:
      password: "{{ servicenow_password }}"
  register: tickets
  no_log: true

- name: Provision an OAuth element without a browser, with a refresh token
  cloud_elements.platform.cloud_elements_instance:
    name: crm
    element_key: sfdc
    external_authentication: initial
    configuration:
      oauth.callback.url: https://www.example.com/callback
    secret_configuration:
      oauth.api.key: "{{ sfdc_client_id }}"
      oauth.api.secret: "{{ sfdc_client_secret }}"
      oauth.user.refresh_token: "{{ sfdc_refresh_token }}"
  no_log: true

- name: Send the secrets if they changed, and verify them
  cloud_elements.platform.cloud_elements_instance:
    name: tickets
    element_key: servicenow
    secret_configuration:
      password: "{{ servicenow_password }}"
    update_secrets: on_change
    verify: true
  no_log: true

- name: Disable an instance
  cloud_elements.platform.cloud_elements_instance:
    name: tickets
    element_key: servicenow
    enabled: false
  no_log: true

- name: Rename an instance
  cloud_elements.platform.cloud_elements_instance:
    id: "{{ tickets.id }}"
    name: helpdesk
  no_log: true

- name: Remove all tags of an instance
  cloud_elements.platform.cloud_elements_instance:
    name: payments
    element_key: stripe
    tags: []
  no_log: true

- name: Remove an instance
  cloud_elements.platform.cloud_elements_instance:
    name: payments
    element_key: stripe
    state: absent
"""

RETURN = r"""
id:
  description:
    - The id of the instance, or of the instance that was removed.
    - V(null) if there is none, and in check mode if the instance would be created.
  returned: success
  type: int
  sample: 39540
token:
  description:
    - The element token, which calls to the instance need. With it and the User secret, anybody can use the connection.
      Use C(no_log) on the task.
    - V(null) with O(state=absent), and in check mode if the instance would be created.
  returned: success
  type: str
  sample: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
instance:
  description:
    - The instance after the task, or as it would be in check mode. V(null) with O(state=absent).
  returned: success
  type: dict
  contains:
    id:
      description: The id. V(null) in check mode if the instance would be created.
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
        - In check mode, an instance that would be created has only the keys that the task sets.
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
actions:
  description:
    - What was done, or would be done in check mode, in words and in order. Empty if nothing had to be done.
    - After a failure, what was done before it.
  returned: always, unless an option is invalid
  type: list
  elements: str
  sample: ["create instance 'payments' of element 'stripe'"]
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
    - The name, the element, the tags, whether the instance is enabled, and the configuration that the task sets, before
      and after the task. For an instance that is removed, the whole configuration.
    - Secrets are masked. A secret that is sent although its stored value is not known is V(******** (sent anew\)).
  returned: success
  type: dict
  contains:
    before:
      description: The instance before the task. Empty if it did not exist.
      type: dict
      returned: always
    after:
      description: The instance after the task. Empty if it was removed.
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + INSTANCE, ensure_instance, writes=True)


if __name__ == "__main__":
    main()
