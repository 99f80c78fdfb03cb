#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_project
short_description: Write a new project for accounts of the Cloud Elements platform
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Writes the files with which a team starts to keep accounts as code. The playbook C(cloud_elements.platform.init)
    calls this module.
  - The files are an inventory with a host for each account, variables by environment, playbooks, requirements, and
    workflows for GitHub. The workflows comment the plan on a pull request, apply exactly this plan after the merge, and
    look for drift each night. C(README.md) leads to a first reviewed change.
  - None of the files holds a secret.
  - Nothing is overwritten. If the directory has anything but C(.git) in it, the task fails, and nothing is written.
options:
  path:
    description:
      - The directory. It is created if it does not exist. A relative path starts in the current directory.
    type: path
    required: true
attributes:
  action:
    description: Runs on the controller, and not on the host of the task.
    support: full
  check_mode:
    description: Can run in C(check_mode) and predict the result without writing a file.
    support: full
  diff_mode:
    description: In diff mode, returns the files.
    support: full
notes:
  - The connection options of the other modules have no meaning here, so the module is not in the action group of the
    collection.
seealso:
  - ref: Schedulers and many accounts <ansible_collections.cloud_elements.platform.docsite.schedulers>
    description: Run the playbooks for many accounts.
"""

EXAMPLES = r"""
- name: Start a project
  cloud_elements.platform.cloud_elements_project:
    path: integrations
"""

RETURN = r"""
path:
  description: The absolute path of the directory.
  returned: success
  type: str
  sample: /home/jo/integrations
written:
  description: The files that were written, by their paths within the directory.
  returned: success
  type: list
  elements: str
  sample: [README.md, inventory/hosts.yml]
"""
