# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of one formula to an item for the engine."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from ..._api.run import Secrecy
from ..._reconcile.phases import Entry, Parsed
from ..._secrets.redaction import MASK
from ..._secrets.step_properties import is_credential
from .desired import DesiredFormula
from .options import parse
from .template import Template


def item_from(params: Mapping[str, t.Any], label: str = "") -> Parsed[DesiredFormula]:
    """Return the item for the options of a formula.

    Args:
        params: The options.
        label: Where they stand, for messages. Empty if the task is about one formula alone.

    Raises:
        CloudElementsError: `invalid_options` if they cannot be used.
    """
    desired, warnings = parse(params)
    secrets = tuple(_secrets(desired.template)) if desired.template is not None else ()
    return Parsed(Entry(label, params, Secrecy(secrets)), desired, warnings)


def _secrets(template: Template) -> Iterator[str]:
    for _part, given in template.parts():
        properties = given["properties"].items()
        yield from (value for key, value in properties if value != MASK and is_credential(key, value))
