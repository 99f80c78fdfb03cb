# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this document fragment is private to the collection.

from __future__ import annotations


class ModuleDocFragment:
    """Document what all modules support and require."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the result without changing the platform.
    support: full
  diff_mode:
    description: In diff mode, returns details on what changed, or would change in C(check_mode).
    support: full
  action_group:
    description: Use C(group/cloud_elements.platform.all) in C(module_defaults) to set options for all modules.
    support: full
    membership:
      - cloud_elements.platform.all
requirements:
  - Python 3.10 or newer, on the host where the module runs.
  - The Python library C(requests), on the host where the module runs.
notes:
  - The module manages the platform, not the host that it runs on. In a play for many hosts, run it once, for example
    with C(delegate_to=localhost) and C(run_once=true).
"""

    # For modules that only read.
    INFO = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the result without changing the platform.
    support: full
    details:
      - The module only reads, so check mode makes no difference.
  diff_mode:
    description: In diff mode, returns details on what changed, or would change in C(check_mode).
    support: N/A
    details:
      - The module changes nothing.
"""
