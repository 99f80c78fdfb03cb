# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare what is desired of a common resource with what is there, and merge both. Pure.

What the user leaves out is left alone: a change sends what is there. Order does not count. The platform may tell text
for a boolean, and other white space at the end of a script (vendor's exports).
"""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..._api.common_resource_models import MIME_TYPE, Definition, Field, MappedField, Script, Transformation
from ..._core.text import enumerated, quote
from ..comparison import same_value
from .desired import DesiredCommonResource, DesiredMapping

Entries: t.TypeAlias = "Sequence[Mapping[str, t.Any]]"


def wanted_definition(desired: DesiredCommonResource, there: Definition | None) -> Definition:
    """Return the whole definition that is desired, with what is left alone as it is there."""
    base = there or Definition(desired.name)
    known = {each.path: each for each in base.fields}
    fields = base.fields if desired.fields is None else tuple(_filled(each, known) for each in desired.fields)
    return replace(
        base,
        fields=tuple(sorted(fields, key=lambda each: each.path)),
        description=base.description if desired.description is None else desired.description,
    )


def _filled(wanted: Field, known: Mapping[str, Field]) -> Field:
    there = known.get(wanted.path, wanted)
    return Field(
        wanted.path,
        there.type if wanted.type is None else wanted.type,
        there.display_name if wanted.display_name is None else wanted.display_name,
    )


def definition_differences(wanted: Definition, there: Definition) -> tuple[str, ...]:
    """Return in words what of a definition is not as wanted. None in what is wanted stands for anything.

    Descriptions and display names only count on an engine that keeps them.
    """
    return tuple(_definition_differences(wanted, there))


def _definition_differences(wanted: Definition, there: Definition) -> Iterator[str]:
    left, right = ({each.path: each for each in one.fields} for one in (wanted, there))
    for path in sorted({*left, *right}):
        if path not in left or path not in right or not _same_field(left[path], right[path], there.keeps_words):
            yield f"field {quote(path)}"
    if there.keeps_words and wanted.description is not None and wanted.description != (there.description or ""):
        yield "description"


def _same_field(wanted: Field, there: Field, keeps_words: bool) -> bool:
    same_words = not keeps_words or wanted.display_name in (None, there.display_name or "")
    return wanted.type in (None, there.type) and same_words


def wanted_transformation(name: str, desired: DesiredMapping, there: Transformation | None) -> Transformation:
    """Return the whole transformation that is desired, with what is left alone as it is there.

    `vendor_name` is empty if it is neither given nor there.
    """
    base = there or Transformation(name, "")
    known = {each.identity: each for each in base.fields}
    paths = Counter(each.path for each in base.fields)
    known |= {(each.path, ""): each for each in base.fields if paths[each.path] == 1}
    fields = base.fields if desired.fields is None else tuple(_filled_mapped(each, known) for each in desired.fields)
    return replace(
        base,
        vendor_name=base.vendor_name if desired.vendor_name is None else desired.vendor_name,
        fields=tuple(sorted(fields, key=lambda each: each.identity)),
        configuration=base.configuration if desired.configuration is None else desired.configuration,
        script=_wanted_script(desired.script, base.script),
        is_legacy=base.is_legacy if desired.is_legacy is None else desired.is_legacy,
    )


def _filled_mapped(wanted: MappedField, known: Mapping[tuple[str, str], MappedField]) -> MappedField:
    there = known.get(wanted.identity) or known.get((wanted.path, ""), wanted)
    return MappedField(
        wanted.path,
        wanted.vendor_path,
        there.type if wanted.type is None else wanted.type,
        there.vendor_type if wanted.vendor_type is None else wanted.vendor_type,
        there.configuration if wanted.configuration is None else wanted.configuration,
    )


def _wanted_script(wanted: Script | None, there: Script | None) -> Script | None:
    if wanted is None:
        return there
    if not wanted.body:
        return None
    mime_type, filters = (MIME_TYPE, False) if there is None else (there.mime_type, there.filter_empty_response)
    return Script(
        wanted.body,
        mime_type if wanted.mime_type is None else wanted.mime_type,
        filters if wanted.filter_empty_response is None else wanted.filter_empty_response,
    )


def transformation_differences(wanted: Transformation, there: Transformation) -> tuple[str, ...]:
    """Return in words what of a transformation is not as wanted. None in what is wanted stands for anything."""
    return tuple(_transformation_differences(wanted, there))


def _transformation_differences(wanted: Transformation, there: Transformation) -> Iterator[str]:
    if wanted.vendor_name != there.vendor_name:
        yield f"vendor name to {quote(wanted.vendor_name)}"
    left, right = ({each.identity: each for each in one.fields} for one in (wanted, there))
    for identity in sorted({*left, *right}):
        if identity not in left or identity not in right or not _same_mapped(left[identity], right[identity]):
            yield f"field {quote(identity[0])}"
    if not same_entries(wanted.configuration, there.configuration):
        yield "configuration"
    if not same_script(wanted.script, there.script):
        yield "script"
    if wanted.is_legacy != there.is_legacy:
        yield "script engine"


def _same_mapped(wanted: MappedField, there: MappedField) -> bool:
    return (
        wanted.type in (None, there.type)
        and wanted.vendor_type in (None, there.vendor_type)
        and (wanted.configuration is None or same_entries(wanted.configuration, there.configuration or ()))
    )


def same_entries(wanted: Entries, there: Entries) -> bool:
    """Tell whether two configurations say the same, in whatever order."""
    rest = list(there)
    for entry in wanted:
        match = next((each for each in rest if same_value(entry, each)), None)
        if match is None:
            return False
        rest.remove(match)
    return not rest


def same_script(wanted: Script | None, there: Script | None) -> bool:
    """Tell whether two scripts are the same, apart from white space at the end and the kind of line breaks."""
    if wanted is None or there is None:
        return wanted is there
    return (
        _lines(wanted.body) == _lines(there.body)
        and wanted.mime_type == there.mime_type
        and wanted.filter_empty_response == there.filter_empty_response
    )


def _lines(body: str) -> str:
    return body.replace("\r\n", "\n").rstrip()


def in_words(differences: Sequence[str]) -> str:
    """Return differences in a row: each kind of thing once, with the names of its kind."""
    names = [each.removeprefix("field ") for each in differences if each.startswith("field ")]
    fields = [f"field{'s' if len(names) > 1 else ''} {enumerated(names)}"] if names else []
    return ", ".join([*fields, *(each for each in differences if not each.startswith("field "))])
