# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of one formula, and check the rules between them. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence

from ..._core.errors import invalid
from ..._core.text import enumerated
from ..._secrets.masks import holds_mask_in_code
from ..._secrets.redaction import MASK
from ..._secrets.step_properties import CODE, is_credential
from ..option_values import id_from, name_from, refuse_unsendable, refuse_unstorable
from .desired import DesiredFormula
from .template import Template, ignored_keys, normalise, refuse_ids, refuse_misspelled, unknown_links


def parse(params: Mapping[str, t.Any]) -> tuple[DesiredFormula, tuple[str, ...]]:
    """Return the desired formula for options, and what the user should be warned of.

    Raises:
        CloudElementsError: `invalid_options`. The message names the option or the part of the definition.
    """
    definition = params["definition"]
    present = params["state"] == "present"
    template = None
    warnings: tuple[str, ...] = ()
    name, active = params["name"], params["active"]
    if definition is not None:
        refuse_unsendable(_without_code(definition), "definition")
        refuse_unstorable(definition, "definition")
        template = normalise(definition)
        refuse_misspelled(definition)
        _refuse_masked_code(template)
        refuse_ids(template)
        name = definition.get("name") if name is None else name
        active = definition.get("active") if active is None else active
        warnings = _warnings(template, sorted(set(ignored_keys(definition))))
    if name is not None and not isinstance(name, str):
        raise invalid("The name of the definition is not a text.")
    if active is not None and not isinstance(active, bool):
        raise invalid("active of the definition is neither true nor false.")
    desired = DesiredFormula(name_from(name), id_from(params["id"]), template, active, present)
    if desired.name is None and desired.id is None:
        raise invalid(
            "Neither name, nor the name of the definition, nor id is given, so no formula is meant. If id comes from a "
            "variable, such as the result of another task, that one has no id."
        )
    return desired, warnings


def _without_code(definition: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a definition without the code of its triggers and steps, in which asterisks are no mask, and without the
    properties that are to keep their values."""
    kept = dict(definition)
    for kind in ("triggers", "steps"):
        if isinstance(kept.get(kind), list):
            kept[kind] = [_part_without_code(part) for part in kept[kind]]
    return kept


def _part_without_code(part: t.Any) -> t.Any:
    properties = part.get("properties") if isinstance(part, Mapping) else None
    if not isinstance(properties, Mapping):
        return part
    kept = {
        key: value
        for key, value in properties.items()
        if value != MASK and (key not in CODE or not isinstance(value, str))
    }
    return {**part, "properties": kept}


def _refuse_masked_code(template: Template) -> None:
    for part, given in template.parts():
        for key in CODE:
            code = given["properties"].get(key, "")
            if code != MASK and holds_mask_in_code(code):
                raise invalid(
                    f"definition, {key} of {part}, holds a mask, which is shown in place of a secret. Give the secret "
                    "itself."
                )


def _warnings(template: Template, ignored: Sequence[str]) -> tuple[str, ...]:
    found, lost = list(credentials(template)), list(unknown_links(template))
    warnings = []
    if found:
        warnings.append(
            f"These properties of the definition look like credentials: {enumerated(found)}. Everybody who may see the "
            "formula can read them. Use a variable of the formula, which each formula instance gives its value."
        )
    if lost:
        warnings.append(
            f"The definition has no steps of these names: {enumerated(lost)}. The platform takes the formula, and "
            "refuses to create an instance of it."
        )
    if ignored:
        warnings.append(
            f"These keys of the definition are not sent, as the platform has none of them: {enumerated(ignored)}."
        )
    return tuple(warnings)


def credentials(template: Template) -> Iterator[str]:
    """Yield the properties of triggers and steps that look like credentials, in words."""
    for part, given in template.parts():
        for key, value in given["properties"].items():
            if value != MASK and is_credential(key, value):
                yield f"{key} of {part}"
