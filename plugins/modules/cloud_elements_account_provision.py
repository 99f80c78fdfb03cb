#!/usr/bin/python
# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_elements_account_provision
short_description: Provision an account on the Cloud Elements platform from a directory
version_added: 1.0.0
author:
  - The cloud_elements.platform contributors (@cloud-elements)
description:
  - Runs M(cloud_elements.platform.cloud_elements_account) with what a directory describes, and writes the plan to a
    file. The role P(cloud_elements.platform.account#role) uses it, because one task costs less than several, for each
    account of a run.
  - Takes all options of M(cloud_elements.platform.cloud_elements_account), and those below.
  - Hands base URL, summary and checksum to schedulers like M(ansible.builtin.set_stats), under the key
    C(cloud_elements_accounts) and the name of the host.
options:
  account_dir:
    description:
      - The directory of the account, on the controller, as P(cloud_elements.platform.cloud_elements_account_dir#lookup)
        reads it. A relative path starts in the current directory.
      - Mutually exclusive with the lists of resources.
    type: path
  plan_dest:
    description:
      - The file to write the plan to, on the controller, in check mode too. Markdown if it ends with C(.md), otherwise
        JSON, as P(cloud_elements.platform.cloud_elements_plan#filter) makes them.
      - An earlier plan is overwritten, and nothing else.
    type: path
  expected_plan:
    description:
      - The plan that was reviewed, as a file that O(plan_dest) wrote, or as its checksum. It must not be empty.
      - If the plan is another one now, the task fails with V(plan_changed) before it writes anything.
    type: str
extends_documentation_fragment:
  - cloud_elements.platform.attributes
  - cloud_elements.platform.connection
attributes:
  action:
    description: Reads and writes the files on the controller. The module runs on the host of the task.
    support: full
seealso:
  - module: cloud_elements.platform.cloud_elements_account
"""

EXAMPLES = r"""
- name: Plan an account
  cloud_elements.platform.cloud_elements_account_provision:
    account_dir: accounts/prod
    plan_dest: plan.json
  check_mode: true
  no_log: true # The result holds the element tokens.

- name: Apply exactly that plan
  cloud_elements.platform.cloud_elements_account_provision:
    account_dir: accounts/prod
    expected_plan: plan.json
  no_log: true
"""

RETURN = r"""
shown:
  description:
    - What became of the account, in lines for people. In check mode and in diff mode, the lines of the plan, otherwise
      the instances that were pruned. The last line is the summary.
    - All other return values are those of M(cloud_elements.platform.cloud_elements_account).
  returned: success, and if single resources failed
  type: list
  elements: str
  sample: ["At https://api.cloud-elements.com/elements/api-v2: 1 instance: 1 unchanged"]
"""
