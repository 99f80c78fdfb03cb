# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this document fragment is private to the collection.

from __future__ import annotations


class ModuleDocFragment:
    """How to reach the platform, for all modules and the lookup."""

    DOCUMENTATION = r"""
notes:
  - Each option of the connection comes from the first of these that has it, with each option looked for by itself. The
    option of the task; for modules, C(module_defaults); the variable C(cloud_elements_OPTION), such as
    C(cloud_elements_user_secret), of the host that the task is for; the environment variable C(CLOUD_ELEMENTS_OPTION),
    such as E(CLOUD_ELEMENTS_USER_SECRET), of the host where the module runs, or of the controller for a lookup.
  - Variables of every kind count, among them host variables and extra variables. With C(delegate_to), they are those of
    the host that the task is for.
  - A blank option or variable is an error. A blank environment variable counts as not set.
options:
  user_secret:
    description:
      - The User secret of the account that the instances belong to, from the console of the platform.
      - It sees its own instances only. Another user's secret sees others, so the same task would create them anew.
      - If not given, the variable C(cloud_elements_user_secret) is used, then the environment variable
        E(CLOUD_ELEMENTS_USER_SECRET). Required in one of these ways.
    type: str
  organization_secret:
    description:
      - The Organization secret of the account that the instances belong to, from the console of the platform.
      - If not given, the variable C(cloud_elements_organization_secret) is used, then the environment variable
        E(CLOUD_ELEMENTS_ORGANIZATION_SECRET). Required in one of these ways.
    type: str
  base_url:
    description:
      - The URL of the platform's API in your region, C(https://HOST/elements/api-v2). A host alone is completed.
      - For SAP Open Connectors, C(api.openconnectors.REGION.ext.hana.ondemand.com), for example with V(us2) or V(eu10)
        as the region. The secrets of one region are not valid in another.
      - Plain HTTP is refused except to this very host, as the secrets could be read on the way.
      - If not given, the variable C(cloud_elements_base_url) is used, then the environment variable
        E(CLOUD_ELEMENTS_BASE_URL).
    type: str
    default: https://api.cloud-elements.com/elements/api-v2
  validate_certs:
    description:
      - Whether the server's certificate has to verify. Everything that is sent holds secrets, so leave it on, and use
        O(ca_path) for an authority of your own.
      - If not given, the variable C(cloud_elements_validate_certs) is used, then the environment variable
        E(CLOUD_ELEMENTS_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - File or directory with the certificates of the authorities to trust instead of the usual ones, in PEM format.
      - In a directory they are found by the names that C(openssl rehash) gives them.
      - If not given, the variable C(cloud_elements_ca_path) is used, then the environment variable
        E(CLOUD_ELEMENTS_CA_PATH).
    type: path
  timeout:
    description:
      - Seconds that one request may take, from looking up the name to the last byte of the answer.
      - To create an instance takes the platform 9 to 26 seconds with some elements. One that takes longer than this may
        have been made all the same, so it is looked for, for up to 30 seconds more.
      - If not given, the variable C(cloud_elements_timeout) is used, then the environment variable
        E(CLOUD_ELEMENTS_TIMEOUT).
    type: float
    default: 60.0
  retries:
    description:
      - How many times a request is sent again where that is safe. The waits between grow from half a second to 30
        seconds, with a random part, unless the platform asks for a longer one.
      - A request to create an instance is sent a second time only after two listings, some seconds apart, have shown
        that the first one had no effect.
      - If not given, the variable C(cloud_elements_retries) is used, then the environment variable
        E(CLOUD_ELEMENTS_RETRIES).
    type: int
    default: 5
"""

    # For all but fleets, which may take as long as they need.
    DEADLINE = r"""
options:
  deadline:
    description:
      - Seconds that the whole task may take, or the lookup, with all retries and waits.
      - If not given, the variable C(cloud_elements_deadline) is used, then the environment variable
        E(CLOUD_ELEMENTS_DEADLINE).
    type: float
    default: 600.0
"""

    # For the lookup: where else the same options come from, as Ansible documents it. The lookup itself reads them.
    PLUGINS = r"""
options:
  user_secret:
    env:
      - name: CLOUD_ELEMENTS_USER_SECRET
    vars:
      - name: cloud_elements_user_secret
  organization_secret:
    env:
      - name: CLOUD_ELEMENTS_ORGANIZATION_SECRET
    vars:
      - name: cloud_elements_organization_secret
  base_url:
    env:
      - name: CLOUD_ELEMENTS_BASE_URL
    vars:
      - name: cloud_elements_base_url
  validate_certs:
    env:
      - name: CLOUD_ELEMENTS_VALIDATE_CERTS
    vars:
      - name: cloud_elements_validate_certs
  ca_path:
    env:
      - name: CLOUD_ELEMENTS_CA_PATH
    vars:
      - name: cloud_elements_ca_path
  timeout:
    env:
      - name: CLOUD_ELEMENTS_TIMEOUT
    vars:
      - name: cloud_elements_timeout
  retries:
    env:
      - name: CLOUD_ELEMENTS_RETRIES
    vars:
      - name: cloud_elements_retries
  deadline:
    env:
      - name: CLOUD_ELEMENTS_DEADLINE
    vars:
      - name: cloud_elements_deadline
"""
