# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for one formula, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._api.run import Run
from ..._reconcile.phases import Entry, Item, Unknown
from ..._reconcile.single import reconcile_one
from ..._secrets.redaction import Redactor
from ..instance.options import UNKNOWN_ID
from .parsing import item_from
from .resource import FormulaResource
from .result import result_of


def ensure_formula(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Make one formula as desired and return the result of the task.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: The formula failed. A `PartialError` tells what was done before that.
    """
    result = reconcile_one(FormulaResource(), _item(params, run.check_mode), run)
    if isinstance(result, Unknown):
        nothing: dict[str, t.Any] = {"id": None, "formula": None, "diff": {"before": {}, "after": {}}}
        return {"changed": False, "actions": [], **nothing}
    return result_of(result, Redactor(run.known_secrets))


def _item(params: Mapping[str, t.Any], check_mode: bool) -> Item:
    if check_mode and all(params[option] is None for option in ("id", "name", "definition")):
        return Unknown(Entry("", params), (UNKNOWN_ID,))
    return item_from(params)
