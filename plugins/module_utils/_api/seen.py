# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own what a run has seen of the platform. Messages may repeat it, so all clients of a run share it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .formula_models import Formula, FormulaInstance
from .models import Instance


@dataclass(frozen=True)
class Seen:
    """The resources that a run has seen, by their ids.

    Attributes:
        instances: The element instances.
        formulas: The formulas.
        formula_instances: The formula instances.
    """

    instances: dict[int, Instance] = field(default_factory=dict)
    formulas: dict[int, Formula] = field(default_factory=dict)
    formula_instances: dict[int, FormulaInstance] = field(default_factory=dict)
