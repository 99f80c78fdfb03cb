# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Read the plan that was reviewed from its file.

The lookup `cloud_elements_plan_checksum` and the action plugin `cloud_elements_account_provision` call this.
"""

from __future__ import annotations

import os.path
import pathlib
import re

from ._account_plan import PlanError, checksum_in
from ._places import expanded


def expected_checksum(plan: str) -> str:
    """Return the checksum that a text is, or that the plan in the file of this name has.

    Args:
        plan: A checksum, or the path of a plan. A relative path starts in the current directory.

    Raises:
        PlanError: It cannot be read, or is no plan.
    """
    if re.fullmatch("[0-9a-f]{64}", plan):
        return plan
    path = pathlib.Path(os.path.abspath(expanded(plan)))
    try:
        return checksum_in(path.read_text(encoding="utf-8"))
    except PlanError as error:
        raise PlanError(f"The plan in {path} cannot be used. {error}") from None
    except (OSError, UnicodeDecodeError):
        raise PlanError(f"The plan in {path} cannot be read. Give the file of a plan, or its checksum.") from None
