# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From common resources as observed to the options that make the same elsewhere. Pure.

What is left out of a common resource is left alone where it exists. So an option that holds a secret is left out, and a
note says so.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from .._core.text import quote
from .._resources.common_resource.argument_spec import COMMON_RESOURCE
from .._resources.common_resource.desired import DesiredCommonResource
from .._resources.common_resource.options import parse
from .._resources.common_resource.plan import Observed
from .._resources.common_resource.result import portable
from .._resources.kinds import COMMON_RESOURCES
from .._secrets.redaction import Redactor
from .described import Described, ResourceIdentity, in_order, refusal, texts_in

_NOT_GIVEN = {option: entry.get("default") for option, entry in COMMON_RESOURCE.spec.items()}
_NAMES = frozenset(["name", "level", "instance", "element_key"])
"""What identifies a common resource or a mapping, and is never left out."""


def describe_common_resource(
    asked: DesiredCommonResource, observed: Observed, redactor: Redactor, unread: str | None = None
) -> Described:
    """Return a common resource that is there as options.

    Args:
        asked: What names it.
        observed: What is there.
        redactor: Knows the secrets of the connection.
        unread: Why its mappings could not be read, if they could not.
    """
    shown = portable(asked, observed, Redactor(()))
    notes = []
    if not observed.all_known:
        del shown["transformations"]
        notes.append(
            "TO CHANGE: the mappings are left out, as the platform does not tell them"
            + (f": {unread}" if unread else ".")
            + " Where they exist, they are left alone."
        )
    options = {}
    for option, value in shown.items():
        if option == "transformations":
            options[option] = [_transformation(each, redactor, notes) for each in value]
        elif option in _NAMES or not _holds(value, redactor):
            options[option] = _fields(value) if option == "fields" else value
        else:
            notes.append(_left_out(option))
    identity = ResourceIdentity(COMMON_RESOURCES, asked.name, observed.element_key)
    refused = refusal(parse, {**_NOT_GIVEN, **options})
    return Described(identity, options, notes=(*notes, *refused))


def _transformation(given: Mapping[str, t.Any], redactor: Redactor, notes: list[str]) -> dict[str, t.Any]:
    kept = {}
    for option, value in given.items():
        if option not in _NAMES and _holds(value, redactor):
            notes.append(_left_out(f"{option} of the mapping to element {quote(given['element_key'])}"))
        elif option == "fields":
            kept[option] = _fields(value)
        else:
            kept[option] = [in_order(each) for each in value] if option == "configuration" else value
    return kept


def _left_out(what: str) -> str:
    return (
        f"TO CHANGE: {what} is left out, as it holds a secret of the connection. Where it exists, it is left alone. "
        "Remove the secret from it."
    )


def _holds(value: t.Any, redactor: Redactor) -> bool:
    return bool(redactor.holding(set(texts_in(value))))


def _fields(fields: Iterable[Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    return [{key: in_order(value) for key, value in each.items() if value is not None} for each in fields]
