# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for one common resource, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._api.run import Run
from ..._reconcile.phases import Entry, Parsed, Unknown
from ..._reconcile.single import reconcile_one
from ..._secrets.redaction import Redactor
from .options import parse
from .resource import CommonResourceKind
from .result import result_of


def ensure_common_resource(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Make one common resource as desired and return the result of the task.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: The common resource failed. A `PartialError` tells what was done before that.
    """
    result = reconcile_one(CommonResourceKind(), Parsed(Entry("", params), parse(params)), run)
    if isinstance(result, Unknown):
        raise AssertionError("A common resource is known by its name.")
    return result_of(result, Redactor(run.known_secrets))
