# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the kinds of resources that an account has, and what tells resources apart. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Names:
    """What results call a resource. What its kind does not have is None.

    Attributes:
        kind: The kind, as options name it.
        name: The name.
        element_key: The key of the element of the instance, also of a common resource.
        level: The level of a common resource.
        instance: The name of the instance of a common resource.
        formula: The formula of a formula instance.
    """

    kind: str
    name: str | None
    element_key: str | None = None
    level: str | None = None
    instance: str | None = None
    formula: str | None = None

    def as_result(self) -> dict[str, t.Any]:
        """Return the public form."""
        return dict(vars(self))
