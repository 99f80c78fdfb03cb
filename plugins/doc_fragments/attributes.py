# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this document fragment is private to the collection.

from __future__ import annotations


class ModuleDocFragment:
    """What all modules support, and need."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status and a prediction without changing the platform.
    support: full
  diff_mode:
    description: Returns details on what has changed, or would change in C(check_mode), when in diff mode.
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
  - The module needs the network and its secrets, not the host that it runs on. Run it on one host, for example with
    C(delegate_to=localhost) and C(run_once=true), not on each of many.
"""

    # For modules that only read.
    INFO = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status and a prediction without changing the platform.
    support: full
    details:
      - It only reads, in check mode too.
  diff_mode:
    description: Returns details on what has changed, or would change in C(check_mode), when in diff mode.
    support: N/A
    details:
      - It changes nothing.
"""
