# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare configuration values as the user gives them with those that the platform tells. Pure."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from decimal import Decimal

from .._api.values import as_text
from .._core.strict_json import parse
from .._secrets.masks import holds_mask


def same_value(desired: t.Any, observed: t.Any) -> bool:
    """Tell whether a configuration value is what the user wants, apart from the platform's spelling.

    Null, empty and not there are the same. Booleans are compared whatever their case, numbers by value, objects and
    lists as JSON and in depth by the same rules.
    """
    if desired in (None, "") and observed in (None, ""):
        return True
    structure = _parsed(desired)
    if isinstance(structure, (Mapping, list)):
        return _same_structure(structure, _parsed(observed))
    left, right = as_text(desired), as_text(observed)
    if left == right:
        return True
    if left is None or right is None:
        return False
    if left.lower() in ("true", "false"):
        return left.lower() == right.lower()
    if isinstance(desired, (int, float)):
        return _same_number(desired, right)
    return False


def _parsed(value: t.Any) -> t.Any:
    """Return the JSON value in a text, or the value itself if it is not a JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return parse(value)
    except ValueError:
        return value


def _same_structure(desired: t.Any, observed: t.Any) -> bool:
    """Return whether two nested values are the same, their leaves compared like configuration values."""
    if isinstance(desired, Mapping):
        return (
            isinstance(observed, Mapping)
            and set(desired) == set(observed)
            and all(_same_structure(desired[key], observed[key]) for key in desired)
        )
    if isinstance(desired, list):
        return (
            isinstance(observed, list)
            and len(desired) == len(observed)
            and all(map(_same_structure, desired, observed))
        )
    return same_value(desired, observed)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def _same_number(desired: float, observed: str) -> bool:
    """Return whether a text is a number as JSON writes it, and exactly this one."""
    return _NUMBER.fullmatch(observed) is not None and Decimal(observed) == Decimal(str(desired))


def is_verifiable(desired: t.Any, configuration: Mapping[str, t.Any], key: str) -> bool:
    """Return whether the platform tells if a key has the desired value.

    It does not if it masks the value, or never returns the key: Stripe's `api.key` does not come back
    (vendor documentation, Create a Stripe instance). Whether it is empty is always told: by its absence, or by a mask.
    """
    if desired in (None, ""):
        return True
    return key in configuration and not holds_mask(configuration[key])
