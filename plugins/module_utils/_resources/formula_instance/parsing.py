# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of one formula instance to an item for the engine."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._api.run import Secrecy
from ..._reconcile.phases import Entry, Parsed
from ..._secrets.argument_spec import secrets_in
from .argument_spec import FORMULA_INSTANCE
from .desired import DesiredFormulaInstance
from .options import parse


def entry_from(params: Mapping[str, t.Any], label: str = "") -> Entry:
    """Return the options of a formula instance with what messages may show of it."""
    secrecy = Secrecy(
        tuple(secrets_in(params, FORMULA_INSTANCE)),
        frozenset(params["configuration"] or ()),
        frozenset(params["plain_keys"]),
    )
    return Entry(label, params, secrecy)


def item_from(params: Mapping[str, t.Any], label: str = "") -> Parsed[DesiredFormulaInstance]:
    """Return the item for the options of a formula instance.

    Args:
        params: The options.
        label: Where they stand, for messages. Empty if the task is about one formula instance alone.

    Raises:
        CloudElementsError: `invalid_options` if they cannot be used.
    """
    desired, warnings = parse(params)
    return Parsed(entry_from(params, label), desired, warnings)
