# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the names of the kinds of resources that an account has."""

from __future__ import annotations

INSTANCES, COMMON_RESOURCES, FORMULAS, FORMULA_INSTANCES = KINDS = (
    "instances",
    "common_resources",
    "formulas",
    "formula_instances",
)
"""The kinds, as options, files and results name them."""

CALLED = {
    INSTANCES: "instance",
    COMMON_RESOURCES: "common resource",
    FORMULAS: "formula",
    FORMULA_INSTANCES: "formula instance",
}
"""What one resource of a kind is called."""
