#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_instance
short_description: Manage one element instance on the Cloud Elements platform
version_added: 0.1.0
author:
  - The cloud_elements.platform contributors (!UNKNOWN)
description:
  - Creates, changes and removes one element instance (a connection to a SaaS provider) on the Cloud Elements platform,
    today mostly known as SAP Open Connectors, and returns the element token that calls to it need.
  - Before anything is created, an existing instance is looked for by its exact name within the element. So there is
    exactly one instance, however often the task runs, and however many runs start at once.
  - An option that is left out is left alone on the platform.
options:
  name:
    description:
      - The name of the instance. With O(element_key) it identifies the instance, compared exactly, with its case.
      - The platform does not keep names unique. Where two instances of the element have the name, the task fails and
        lists their ids.
      - With O(id), the name that the instance is to have. If another instance of the element has it, the task fails.
        With O(state=absent), it has to be the name that the instance has.
      - It can not hold C(<), as the platform strips HTML, nor begin or end with white space.
      - Needed unless O(id) is given.
    type: str
  element_key:
    description:
      - The key of the element, for example V(stripe) or V(sfdc). It can not be changed later.
      - Needed to create an instance, and with O(state=absent) unless O(id) is given.
    type: str
  id:
    description:
      - The id of an existing instance. It alone decides then which instance is meant. An id never changes.
      - If it is V(null) or empty and O(name) is not given, that is an error. In check mode it is a warning, and nothing
        is predicted, as the task that would create the instance cannot return its id.
    type: int
  api_key:
    description:
      - The API key of the provider, short for O(secret_configuration) with the key C(api.key).
      - It is never shown. O(update_secrets) says when it is sent.
    type: str
  tags:
    description:
      - The whole set of tags of the instance. Order does not count.
      - An empty list removes all tags. Left out, tags stay as they are; a new instance then has its name as its
        only tag, which is the platform's default.
    type: list
    elements: str
  configuration:
    description:
      - Configuration of the instance that is not secret, by the element's own keys, for example C(site) or
        C(event.notification.enabled). Values have the JSON type that the element expects; the platform stores them as
        text, and they are compared accordingly.
      - Only keys that are given are compared, and only those that differ are sent. Keys that the platform does not
        return can not be compared; O(update_secrets) says when they are sent.
      - V(null) or an empty text removes a value.
      - A key that names a secret, such as C(password) or C(api.key), is treated as one, with a warning. It is not
        shown, must not be empty, and O(update_secrets) says when it is sent. O(plain_keys) exempts a key from that.
      - A value that looks like a secret, such as an URL with a password in it, is compared and sent like any other, but
        not shown. The rule is in the
        R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets).
      - A mask, such as V(********) or V([REDACTED]), is refused. If the platform returns one, the value cannot be
        compared.
      - Every element takes C(event.notification.enabled), C(event.vendor.type), C(event.notification.type),
        C(event.notification.callback.url) and C(filter.response.nulls).
    type: dict
  secret_configuration:
    description:
      - Configuration of the instance that is secret, for example C(password) or C(oauth.api.secret). No value of it is
        ever shown. No value may be empty, be a mask, or have one line with white space at its ends.
      - The platform does not tell what it stored. O(update_secrets) says when it is sent.
    type: dict
  plain_keys:
    description:
      - Configuration keys that are not secret, although their names or their values look like it, for example
        C(sort.key). Their values are shown, also if only the platform told them.
      - A mask and a value that holds a secret of the task are not shown under these keys either.
    type: list
    elements: str
    default: []
  provider_data:
    description:
      - What the provider handed over for this one creation, for example C(code) for OAuth 2, or C(oauth_token),
        C(oauth_verifier) and C(secret) for OAuth 1.
      - A code can be used once. So it is sent only when the instance is created or O(reauthenticate=true), never twice,
        and ignored otherwise.
      - Where it comes from is told in the
        R(guide on OAuth elements,ansible_collections.cloud_elements.platform.docsite.oauth).
    type: dict
  reauthenticate:
    description:
      - Whether an existing instance is authenticated again with O(provider_data), for example after access was
        revoked. The id stays the same; read the token again from the result.
      - It is done in each run that says so, as nothing tells that it was done before. Set it for one run, with a new
        code. Other changes of the task are made before it, so that the code is exchanged with the client secret that is
        valid then. If its answer is lost, it is not sent again, and the task fails with V(unknown_outcome).
      - It is ignored where the instance is created.
    type: bool
    default: false
  external_authentication:
    description:
      - With V(initial), an OAuth element is authenticated with tokens that were obtained elsewhere and are given in
        O(secret_configuration), for example C(oauth.user.refresh_token). Nobody has to visit a web page then.
      - It is sent only when the instance is created.
    type: str
    choices: [initial]
  enabled:
    description:
      - Whether the instance is enabled. A disabled one keeps its configuration, but calls to it are refused.
      - Left out, it is left alone; a new instance is enabled.
    type: bool
  update_secrets:
    description:
      - When secrets, and configuration that the platform does not return, are sent to an existing instance. To a new
        one they are always sent.
      - With V(on_create), never. A secret that was changed in the task is not noticed.
      - If it is not given, as with V(on_create). If the task gives secrets of an instance that exists, a warning says
        that they were neither compared nor sent. Giving V(on_create) silences it.
      - With V(on_change), when the secrets are others than the task sent last. So that this is known, a fingerprint of
        them is kept in a tag of the instance that begins with C(ansible-secrets). It does not show in O(tags), in the
        diff or in results, but does in the console of the platform. It is a keyed hash with a salt, and without the
        organization secret no guess can be tested on it. Where there is none yet, they are sent once.
      - With V(always), in each run. The task then always reports a change.
      - What each of them promises, and does not notice, is told in the
        R(guide on secrets,ansible_collections.cloud_elements.platform.docsite.secrets).
    type: str
    choices: [on_create, on_change, always]
  verify:
    description:
      - Whether to ask the platform if the connection works, with a ping that goes to the provider. Otherwise nobody
        checks the credentials when an instance is created.
      - If the provider itself refuses the credentials, the task fails, and an instance that this very run created is
        removed again, unless it was created with O(provider_data). Nothing is ever removed for another reason.
      - Not every element has a ping. A warning says so. An answer that says C(valid) is false fails the task, but
        removes nothing, and so does any other error.
      - A disabled instance is not asked, as its calls are refused; a warning says so.
      - In check mode, it is done only where nothing would be changed.
    type: bool
    default: false
  verify_wait:
    description:
      - With O(verify=true), whether to go on asking until the O(deadline) while the platform or the provider has
        trouble. Refused credentials end the wait at once.
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
"""

EXAMPLES = r"""
- name: Provision Stripe once, however often this runs
  cloud_elements.platform.cloud_elements_instance:
    name: payments
    element_key: stripe
    api_key: "{{ stripe_api_key }}"
    tags: [prod, payments]
  register: payments
  no_log: true # The result holds the element token.

- name: Provision an element with a user and a password, and send its events to an URL
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

- name: Send changed secrets, but only then, and check that they work
  cloud_elements.platform.cloud_elements_instance:
    name: tickets
    element_key: servicenow
    secret_configuration:
      password: "{{ servicenow_password }}"
    update_secrets: on_change
    verify: true
  no_log: true

- name: Disable an instance and leave the rest alone
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

- name: Remove all tags of an instance and leave the rest alone
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
    - The id of the instance, or of the one that was removed.
    - V(null) where there is none, and in check mode where it would be created.
  returned: success
  type: int
  sample: 39540
token:
  description:
    - The element token, which calls to the instance need. Whoever has it and the User secret can use the connection,
      so use C(no_log) on the task.
    - V(null) with O(state=absent), and in check mode where the instance would be created.
  returned: success
  type: str
  sample: 3u7gYFqXbOXGiKOQC6shDKgEsr29NJT1mNdFbQYrbGA=
instance:
  description:
    - The instance as it is afterwards, or would be in check mode. V(null) with O(state=absent).
  returned: success
  type: dict
  contains:
    id:
      description: The id. V(null) in check mode where the instance would be created.
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
        - In check mode, of an instance that would be created, only the keys that were given.
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
actions:
  description:
    - What was done, or would be done in check mode, in words and in order. Empty where nothing had to be done.
    - After a failure, what was done before it.
  returned: always, but for options that can not be used
  type: list
  elements: str
  sample: ["create instance 'payments' of element 'stripe'"]
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
    GET: 2
    POST: 1
diff:
  description:
    - The name, the element, the tags, whether it is enabled, and the configuration that the task gives, before and
      after. Of an instance that is removed, all of the configuration.
    - Secrets are masked; one that is sent although its stored value can not be seen is V(******** (sent anew\)).
  returned: success
  type: dict
  contains:
    before:
      description: Before the task. Empty where there was no instance.
      type: dict
      returned: always
    after:
      description: After the task. Empty where the instance was removed.
      type: dict
      returned: always
error:
  description:
    - Why the task failed, for machines. The message in C(msg) is for people.
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

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + INSTANCE, ensure_instance, writes=True)


if __name__ == "__main__":
    main()
