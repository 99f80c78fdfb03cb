# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shape the return values about common resources."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._api.common_resource_models import INSTANCE, MappedField, Transformation
from ..._reconcile.phases import Applied, Planned
from ..._secrets.redaction import Redactor
from ..shown_texts import masked_texts
from .desired import DesiredCommonResource
from .plan import Observed, known


def result_of(item: Applied[DesiredCommonResource, Observed], redactor: Redactor) -> dict[str, t.Any]:
    """Return the result of the task for one common resource.

    Args:
        item: The common resource after the task.
        redactor: Knows the secrets of the connection.
    """
    desired = item.planned.desired
    after = portable(desired, known(item.observed), redactor)
    return {
        "changed": bool(item.steps),
        "actions": [step.action for step in item.steps],
        "common_resource": after or None,
        "diff": diff(item.planned, redactor),
    }


def diff(planned: Planned[DesiredCommonResource, Observed], redactor: Redactor) -> dict[str, t.Any]:
    """Return a common resource before and after what is planned, as a diff shows it.

    Args:
        planned: The plan for it.
        redactor: Knows the secrets of the connection.
    """
    return {
        "before": _view(portable(planned.desired, known(planned.observed), redactor)),
        "after": _view(portable(planned.desired, known(planned.predicted), redactor)),
    }


def portable(desired: DesiredCommonResource, observed: Observed, redactor: Redactor) -> dict[str, t.Any]:
    """Return a common resource as options of the module, in any account. Empty if there is none.

    Args:
        desired: What names it.
        observed: What is there.
        redactor: Knows the secrets that must not be shown.
    """
    if not observed.is_there:
        return {}
    shown: dict[str, t.Any] = {"name": desired.name, "level": desired.level.name}
    if desired.level.name == INSTANCE:
        shown["instance"] = {"element_key": observed.element_key, "name": observed.instance}
    there = observed.definition
    if there is not None:
        if there.description:
            shown["description"] = there.description
        words = [{"display_name": each.display_name} if each.display_name else {} for each in there.fields]
        shown["fields"] = [
            {"path": each.path, "type": each.type, **word} for each, word in zip(there.fields, words, strict=True)
        ]
    shown["transformations"] = [
        _transformation(key, each) for key, each in sorted(observed.mappings.items(), key=lambda pair: pair[0])
    ]
    return t.cast("dict[str, t.Any]", masked_texts(shown, redactor))


def _transformation(element_key: str, there: Transformation) -> dict[str, t.Any]:
    script = there.script
    return {
        "element_key": element_key,
        "vendor_name": there.vendor_name,
        "fields": [_mapped(each) for each in there.fields],
        "configuration": [dict(each) for each in there.configuration],
        "script": ""
        if script is None
        else {
            "body": script.body,
            "mime_type": script.mime_type,
            "filter_empty_response": script.filter_empty_response,
        },
        "is_legacy": there.is_legacy,
    }


def _mapped(there: MappedField) -> dict[str, t.Any]:
    told = {
        "path": there.path,
        "vendor_path": there.vendor_path,
        "type": there.type,
        "vendor_type": there.vendor_type,
        "configuration": [dict(each) for each in there.configuration or ()] or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _view(shown: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what a diff shows: fields by path, mappings by element, and scripts line by line."""
    if not shown:
        return {}
    fields = {"fields": {each["path"]: each for each in shown["fields"]}} if "fields" in shown else {}
    return {
        **{key: value for key, value in shown.items() if key not in ("fields", "transformations")},
        **fields,
        "transformations": {each["element_key"]: _by_lines(each) for each in shown["transformations"]},
    }


def _by_lines(mapping: Mapping[str, t.Any]) -> dict[str, t.Any]:
    script = mapping["script"]
    lines = {**script, "body": script["body"].split("\n")} if script else script
    return {**mapping, "script": lines}
