# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this document fragment is private to the collection.

from __future__ import annotations


class ModuleDocFragment:
    """Document the connection to the platform, for all modules and the lookup."""

    DOCUMENTATION = r"""
notes:
  - Each option of the connection comes from the first source that sets it. The sources are the option of the task, then
    C(module_defaults) for modules only, then the variable C(cloud_elements_OPTION) of the host that the task is for,
    such as C(cloud_elements_user_secret), then the environment variable C(CLOUD_ELEMENTS_OPTION), such as
    E(CLOUD_ELEMENTS_USER_SECRET), of the host where the module runs, or of the controller for a lookup.
  - Variables of every kind count, including host variables and extra variables. With C(delegate_to), they are those of
    the host that the task is for.
  - A blank option or variable is an error. A blank environment variable counts as not set.
seealso:
  - ref: Secrets <ansible_collections.cloud_elements.platform.docsite.secrets>
    description: Where secrets come from, how to rotate them, and what is shown.
  - ref: Troubleshooting <ansible_collections.cloud_elements.platform.docsite.troubleshooting>
    description: Every kind of error, and what to do.
options:
  user_secret:
    description:
      - The User secret of the account that owns the instances, from the console of the platform. Required.
      - It gives access only to the instances of this user. With the secret of another user, the same task would not
        find them and would create them again.
      - If not set, the variable C(cloud_elements_user_secret) is used, then the environment variable
        E(CLOUD_ELEMENTS_USER_SECRET).
    type: str
  organization_secret:
    description:
      - The Organization secret of the account that owns the instances, from the console of the platform. Required.
      - If not set, the variable C(cloud_elements_organization_secret) is used, then the environment variable
        E(CLOUD_ELEMENTS_ORGANIZATION_SECRET).
    type: str
  base_url:
    description:
      - The URL of the platform's API in your region, C(https://HOST/elements/api-v2). A host alone is completed.
      - For SAP Open Connectors, C(api.openconnectors.REGION.ext.hana.ondemand.com), for example with the region V(us2)
        or V(eu10). The secrets of one region are not valid in another.
      - Must not be plain HTTP, except to the host where the module runs, because others could read the secrets.
      - If not set, the variable C(cloud_elements_base_url) is used, then the environment variable
        E(CLOUD_ELEMENTS_BASE_URL).
    type: str
    default: https://api.cloud-elements.com/elements/api-v2
  validate_certs:
    description:
      - Whether the certificate of the server must verify. Leave it on, because every request contains secrets. Use
        O(ca_path) for a certificate authority of your own.
      - If not set, the variable C(cloud_elements_validate_certs) is used, then the environment variable
        E(CLOUD_ELEMENTS_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory with the certificates of the authorities to trust instead of the default ones, in PEM
        format.
      - A directory must be prepared with C(openssl rehash).
      - If not set, the variable C(cloud_elements_ca_path) is used, then the environment variable
        E(CLOUD_ELEMENTS_CA_PATH).
    type: path
  timeout:
    description:
      - The maximum duration of one request in seconds, from the name lookup to the last byte of the answer.
      - With some elements, the platform takes 9 to 26 seconds to create an instance. If a create times out, the
        instance may still exist, so the task looks for it for up to 30 more seconds.
      - If not set, the variable C(cloud_elements_timeout) is used, then the environment variable
        E(CLOUD_ELEMENTS_TIMEOUT).
    type: float
    default: 60.0
  retries:
    description:
      - The maximum number of times that a request is sent again, where that is safe. The waits in between grow from
        half a second to 30 seconds, with a random part, unless the platform asks for a longer wait.
      - A create whose answer is lost is sent once more at most, and only after two listings, some seconds apart, show
        that it had no effect. If the platform asks for a wait with C(Retry-After), one listing after it is enough, and
        the option is the limit.
      - If not set, the variable C(cloud_elements_retries) is used, then the environment variable
        E(CLOUD_ELEMENTS_RETRIES).
    type: int
    default: 5
"""

    # For everything but fleets, which have no default deadline.
    DEADLINE = r"""
options:
  deadline:
    description:
      - The maximum duration of the whole task or lookup in seconds, with all retries and waits.
      - If not set, the variable C(cloud_elements_deadline) is used, then the environment variable
        E(CLOUD_ELEMENTS_DEADLINE).
    type: float
    default: 600.0
"""

    # For the lookup: the other sources of the options, as Ansible documents them. The lookup itself reads them.
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
