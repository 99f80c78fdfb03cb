# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the options of the module that exports an account."""

from __future__ import annotations

from .._resources.instance.argument_spec import FLEET_FILTER
from .._resources.kinds import KINDS
from .._secrets.argument_spec import Options

ACCOUNT_FILTER = Options(
    spec={
        "include": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
        **FLEET_FILTER.spec,
        "deadline": {"type": "float"},
    }
)
