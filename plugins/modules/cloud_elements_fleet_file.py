#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_fleet_file
short_description: Write the instances of a Cloud Elements account to a fleet file
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Writes what M(cloud_elements.platform.cloud_elements_fleet_info) returned to a file of variables. From it, the
    playbook C(cloud_elements.platform.provision) makes the same instances again, in this account or in another one.
  - In place of each secret, the file has a variable. The file of secrets is a form to fill in and to encrypt with
    ansible-vault. It is never changed once it is there. What it lacks goes to a file beside it, for C(secrets.yml) to
    C(secrets.missing.yml), which is not changed either if somebody filled in a value. Only the names of the variables
    are read.
  - All files are planned before the first is written. A fleet file that is there and that no export wrote is never
    overwritten. Then the task fails, and nothing is written.
options:
  path:
    description:
      - The fleet file. Its directory must exist. A relative path starts in the current directory.
      - An earlier export is overwritten, and kept beside it under a name that ends with the time and C(~), as
        M(ansible.builtin.copy) names its backups.
    type: path
    required: true
  secrets_path:
    description: The file of secrets. Its directory must exist. It may be encrypted with ansible-vault.
    type: path
    required: true
  fleet:
    description: The result of M(cloud_elements.platform.cloud_elements_fleet_info).
    type: dict
    required: true
  partial:
    description:
      - Whether the fleet is a part of an account, such as the instances of one element.
      - With V(false), an empty fleet does not replace one with instances, since it is probably that of another account.
    type: bool
    default: false
attributes:
  action:
    description: Runs on the controller, and not on the host of the task.
    support: full
  check_mode:
    description: Can run in C(check_mode) and predict the result without writing a file.
    support: full
  diff_mode:
    description: In diff mode, returns the fleet file as it was and as it is.
    support: full
    details:
      - The files of secrets are not shown. A fleet file that may hold secrets, since somebody filled them in, is only
        shown as it becomes.
notes:
  - The connection options of the other modules have no meaning here, so the module is not in the action group of the
    collection.
seealso:
  - module: cloud_elements.platform.cloud_elements_fleet_info
  - module: cloud_elements.platform.cloud_elements_account_dir
"""

EXAMPLES = r"""
- name: Describe the instances
  cloud_elements.platform.cloud_elements_fleet_info:
  register: described

- name: Write them to a fleet file, with a form for their secrets
  cloud_elements.platform.cloud_elements_fleet_file:
    path: fleet.yml
    secrets_path: secrets.yml
    fleet: "{{ described }}"
"""

RETURN = r"""
path:
  description: The real path of the fleet file.
  returned: success
  type: str
  sample: /home/jo/fleet.yml
lacking:
  description: The variables that the file of secrets lacks.
  returned: success
  type: list
  elements: str
  sample: [secret_stripe_payments_password]
outcome:
  description: Where the secrets are, or are to be filled in, in words.
  returned: success
  type: str
  sample: to be filled in in /home/jo/secrets.yml
"""
