# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this document fragment is private to the collection.

from __future__ import annotations


class ModuleDocFragment:
    """What all modules support."""

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
