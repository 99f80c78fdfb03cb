#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_oauth_info
short_description: Get the URL where a user grants access to an OAuth element
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Returns the URL of the provider where a user grants access. The provider then redirects the user's browser to the
    callback URL, with the code, or for OAuth 1 the verifier, that
    O(cloud_elements.platform.cloud_elements_instance#module:provider_data) takes.
  - For an element with OAuth 1, the module also fetches the request token that is needed.
  - The secret is sent in the body of a POST request. If the platform does not allow that, and to fetch an OAuth 1
    request token, the secret is sent in the query of a GET request, over TLS.
options:
  element_key:
    description: The key of the element, for example V(sfdc).
    type: str
    required: true
  oauth_api_key:
    description: The API key (client id) of your application at the provider. It is public and part of the URL.
    type: str
    required: true
  oauth_api_secret:
    description: The API secret (client secret) of your application at the provider.
    type: str
    required: true
  callback_url:
    description: The URL that the provider redirects the user's browser to, as registered with your application.
    type: str
    required: true
  scope:
    description: The permissions to request, separated as the provider requires.
    type: str
  state:
    description: A text that the provider returns with the code, so that you can match the code to this request.
    type: str
  site_address:
    description: Your part of the provider's address, for elements that need it, for example V(shopify).
    type: str
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.attributes.info
  - cloud_elements.platform.connection
  - cloud_elements.platform.connection.deadline
seealso:
  - module: cloud_elements.platform.cloud_elements_instance
  - ref: OAuth elements <ansible_collections.cloud_elements.platform.docsite.oauth>
    description: Provision an OAuth element with and without a browser.
"""

EXAMPLES = r"""
- name: Get the URL to grant access to Salesforce
  cloud_elements.platform.cloud_elements_oauth_info:
    element_key: sfdc
    oauth_api_key: "{{ sfdc_client_id }}"
    oauth_api_secret: "{{ sfdc_client_secret }}"
    callback_url: https://www.example.com/callback
    state: crm
  register: grant

- name: Show the URL
  ansible.builtin.debug:
    msg: "Visit {{ grant.oauth_url }}"
"""

RETURN = r"""
oauth_url:
  description: The URL where a user grants access.
  returned: success
  type: str
  sample: https://login.example.com/services/oauth2/authorize?response_type=code&client_id=3MVG9
request_token:
  description: The OAuth 1 request token. V(null) for OAuth 2.
  returned: success
  type: str
  sample: 7c58e9a1
request_secret:
  description:
    - The secret of the OAuth 1 request token. Pass it in
      O(cloud_elements.platform.cloud_elements_instance#module:provider_data) as C(secret). V(null) for OAuth 2.
    - Use C(no_log) on the task.
  returned: success
  type: str
  sample: 0b5c1f7d
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
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.oauth import OAUTH, oauth_info


def main() -> None:
    """Run the module."""
    run_module(CONNECTION + OAUTH, oauth_info)


if __name__ == "__main__":
    main()
