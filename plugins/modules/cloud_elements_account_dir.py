#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_account_dir
short_description: Write an account of the Cloud Elements platform to a directory
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Writes what M(cloud_elements.platform.cloud_elements_account_info) returned to the directory of an account. From it,
    the playbook C(cloud_elements.platform.provision) makes the same resources again, in this account or in another one.
  - C(fleet.yml) and C(formula_instances.yml) hold the instances and the formula instances. C(common_resources/) and
    C(formulas/) have a file for each resource. The same account gives the same files, byte for byte.
  - The files are data. A text that Ansible would take for a template is tagged C(!unsafe). A text that is exactly
    C({{ NAME }}) and has no tag stands for the variable C(NAME) of C(secrets.yml).
  - C(secrets.yml) is a form to fill in and to encrypt with ansible-vault. It is never changed once it is there. What it
    lacks goes to C(secrets.missing.yml). Only the names of the variables are read.
  - C(README.md) says how to apply the directory, and what could not be carried over. If somebody else wrote it, it is
    left alone.
  - All files are planned before the first is written. A file that is there and whose head does not say that an export
    wrote it is never overwritten. Then the task fails, and nothing is written.
options:
  path:
    description:
      - The directory. It is created if it does not exist. A relative path starts in the current directory.
      - No file outside of it is written, not by a symbolic link either.
    type: path
    required: true
  account:
    description: The result of M(cloud_elements.platform.cloud_elements_account_info).
    type: dict
    required: true
  include:
    description:
      - The kinds of resources to write. Files of the others stay as they are. Must be the same as for
        M(cloud_elements.platform.cloud_elements_account_info), since a kind that was not described is empty.
      - C(README.md) is only written if all kinds are.
    type: list
    elements: str
    choices: [instances, common_resources, formulas, formula_instances]
    default: [instances, common_resources, formulas, formula_instances]
  prune_files:
    description:
      - Whether to remove files in C(common_resources/) and C(formulas/) of resources that the account does not have any
        more. Only files that an export wrote are removed.
      - With V(false), these files are only named, in RV(stale). They would create the resources again.
    type: bool
    default: false
  partial:
    description:
      - Whether the account is described in part, such as with the instances of one element.
      - With V(true), a list that describes more or other resources is not overwritten, and O(prune_files) is refused.
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
    description: In diff mode, returns the files as they were and as they are.
    support: full
    details:
      - The files of secrets are not shown. A file that may hold secrets, since somebody filled them in, is only shown
        as it becomes.
notes:
  - The connection options of the other modules have no meaning here, so the module is not in the action group of the
    collection.
seealso:
  - module: cloud_elements.platform.cloud_elements_account_info
  - ref: Moving to another account <ansible_collections.cloud_elements.platform.docsite.moving>
    description: Move an account, or a part of it.
"""

EXAMPLES = r"""
- name: Describe the account
  cloud_elements.platform.cloud_elements_account_info:
  register: described

- name: Write it to a directory
  cloud_elements.platform.cloud_elements_account_dir:
    path: accounts/prod
    account: "{{ described }}"
  register: directory

- name: Show the files of resources that are gone
  ansible.builtin.debug:
    msg: "{{ directory.stale }}"
"""

RETURN = r"""
path:
  description: The absolute path of the directory.
  returned: success
  type: str
  sample: /home/jo/accounts/prod
written:
  description: The files that were written, by their paths within the directory.
  returned: success
  type: list
  elements: str
  sample: [fleet.yml, formulas/sync contacts.yml]
removed:
  description: The files that were removed, by their paths within the directory.
  returned: success
  type: list
  elements: str
  sample: []
stale:
  description: The files of resources that the account does not have any more, by their paths within the directory.
  returned: success
  type: list
  elements: str
  sample: [formulas/old.yml]
lacking:
  description: The variables that C(secrets.yml) lacks.
  returned: success
  type: list
  elements: str
  sample: [secret_stripe_payments_password]
outcome:
  description: Where the secrets are, or are to be filled in, in words.
  returned: success
  type: str
  sample: to be filled in in /home/jo/accounts/prod/secrets.yml
"""
