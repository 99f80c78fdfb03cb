# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one common resource: from what is desired and what is observed to the steps between them. Pure.

The definition comes before its mappings, and goes after them (vendor acceptance suite, transformations.js). Each step
writes one of them as a whole. A rename is never guessed: another name is another common resource.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..._api.common_resource_models import V1, Definition, Field, Place, Transformation
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._core.text import enumerated, quote
from .comparison import (
    definition_differences,
    in_words,
    transformation_differences,
    wanted_definition,
    wanted_transformation,
)
from .desired import DesiredCommonResource, DesiredMapping, describe


@dataclass(frozen=True)
class Observed:
    """What the platform has of all that a common resource is about.

    Attributes:
        place: Where it is. None if its element instance does not exist, and so nothing of it does.
        definition: The definition at this level. None if there is none.
        mappings: The transformations at this level, by element key: those that matter, or all of them.
        inherited: Whether a level above has a definition, if there is none at this one.
        version: The engine, if it matters.
        all_known: Whether the mappings are all that there are.
        formulas: The formulas that use it, if it is to go.
        element_key: The element of the instance, at level instance.
        instance: The name of the instance, at level instance.
    """

    place: Place | None
    definition: Definition | None = None
    mappings: Mapping[str, Transformation] = field(default_factory=dict)
    inherited: bool = False
    version: str | None = None
    all_known: bool = False
    formulas: tuple[str, ...] = ()
    element_key: str | None = None
    instance: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether this level has anything of the common resource."""
        return self.definition is not None or bool(self.mappings)

    def defined(self, definition: Definition | None) -> Observed:
        """Return the same with another definition."""
        return dataclasses.replace(self, definition=definition)

    def mapped(self, element_key: str, transformation: Transformation | None) -> Observed:
        """Return the same with another transformation for an element."""
        rest = {key: each for key, each in self.mappings.items() if key != element_key}
        return dataclasses.replace(
            self, mappings=rest if transformation is None else {**rest, element_key: transformation}
        )


def known(observed: Observed | None) -> Observed:
    """Return what is observed. Of a common resource, something always is, even if it is not there."""
    if observed is None:
        raise AssertionError("Every common resource is observed.")
    return observed


@dataclass(frozen=True)
class WriteDefinition:
    """Create the definition, or replace its fields.

    Attributes:
        definition: The whole definition.
        changed: What differs, in words. Empty for a create.
    """

    definition: Definition
    changed: tuple[str, ...] = ()

    target = None

    @property
    def creates(self) -> bool:
        """Whether there is none so far."""
        return not self.changed

    @property
    def verb(self) -> str:
        """What the step does, for machines."""
        return "create" if self.creates else "change"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"create {describe(self.definition.name)}" if self.creates else f"change {in_words(self.changed)}"

    def body(self, keeps_words: bool = True) -> dict[str, t.Any]:
        """Return exactly what is sent. An engine that keeps no words is not sent any."""
        given = self.definition
        words = {"description": given.description} if keeps_words and given.description is not None else {}
        return {"fields": [_field_body(each, keeps_words) for each in given.fields], **words}

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards. ASSUMED: a field without a type is text."""
        before = known(observed)
        version = before.definition.version if before.definition else before.version
        keeps = version != V1
        fields = tuple(
            Field(each.path, each.type or "string", (each.display_name or "") if keeps else "")
            for each in self.definition.fields
        )
        description = self.definition.description if keeps else None
        definition = dataclasses.replace(self.definition, fields=fields, description=description, version=version)
        return before.defined(definition)

    def lacks(self, observed: Observed) -> tuple[str, ...]:
        """Return in words what is not as this makes it."""
        there = observed.definition
        return ("everything",) if there is None else definition_differences(self.definition, there)


def _field_body(given: Field, keeps_words: bool) -> dict[str, t.Any]:
    kind = {} if given.type is None else {"type": given.type}
    shown = {"displayName": given.display_name} if keeps_words and given.display_name is not None else {}
    return {"path": given.path, **kind, **shown}


@dataclass(frozen=True)
class DeleteDefinition:
    """Delete the definition at this level."""

    name: str

    verb = "remove"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete {describe(self.name)}"

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards."""
        return known(observed).defined(None)

    def lacks(self, observed: Observed) -> tuple[str, ...]:
        """Return in words what is not as this makes it."""
        return ("the deletion",) if observed.definition is not None else ()


@dataclass(frozen=True)
class WriteMapping:
    """Create the mapping to an element, or replace it.

    Attributes:
        element_key: The key of the element.
        transformation: The whole transformation.
        changed: What differs, in words. Empty for a create.
    """

    element_key: str
    transformation: Transformation
    changed: tuple[str, ...] = ()

    verb = "change"

    @property
    def target(self) -> str:
        """What tells the writes of one plan apart: the element, or None for the definition."""
        return self.element_key

    @property
    def creates(self) -> bool:
        """Whether there is none so far."""
        return not self.changed

    @property
    def action(self) -> str:
        """The step in words."""
        if self.creates:
            return f"create mapping to element {quote(self.element_key)}"
        return f"change {in_words(self.changed)} of mapping to element {quote(self.element_key)}"

    def body(self) -> dict[str, t.Any]:
        """Return exactly what is sent."""
        given, script = self.transformation, {}
        if given.script is not None:
            script = {
                "script": {
                    "body": given.script.body,
                    "mimeType": given.script.mime_type,
                    "filterEmptyResponse": given.script.filter_empty_response,
                }
            }
        return {
            "vendorName": given.vendor_name,
            "fields": [_mapped_body(each) for each in given.fields],
            "configuration": [dict(each) for each in given.configuration],
            "isLegacy": given.is_legacy,
            **script,
        }

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards. A field without a type has that of the definition."""
        before = known(observed)
        types = {each.path: each.type for each in before.definition.fields} if before.definition else {}
        fields = tuple(
            dataclasses.replace(
                each, type=each.type or types.get(each.path) or "string", configuration=each.configuration or ()
            )
            for each in self.transformation.fields
        )
        return before.mapped(self.element_key, dataclasses.replace(self.transformation, fields=fields))

    def lacks(self, observed: Observed) -> tuple[str, ...]:
        """Return in words what is not as this makes it."""
        there = observed.mappings.get(self.element_key)
        return ("everything",) if there is None else transformation_differences(self.transformation, there)


def _mapped_body(given: t.Any) -> dict[str, t.Any]:
    told = {
        "type": given.type,
        "vendorPath": given.vendor_path,
        "vendorType": given.vendor_type,
        "configuration": [dict(each) for each in given.configuration] if given.configuration else None,
    }
    return {"path": given.path, **{key: value for key, value in told.items() if value is not None}}


@dataclass(frozen=True)
class DeleteMapping:
    """Delete the mapping to an element at this level."""

    element_key: str
    verb: str = "change"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete mapping to element {quote(self.element_key)}"

    def predict(self, observed: Observed | None) -> Observed:
        """Return what will be there afterwards."""
        return known(observed).mapped(self.element_key, None)

    def lacks(self, observed: Observed) -> tuple[str, ...]:
        """Return in words what is not as this makes it."""
        return ("the deletion",) if self.element_key in observed.mappings else ()


CommonResourceStep: t.TypeAlias = "WriteDefinition | DeleteDefinition | WriteMapping | DeleteMapping"


def plan(desired: DesiredCommonResource, observed: Observed) -> tuple[CommonResourceStep, ...]:
    """Return the steps from what is observed to what is desired, none if it is so already.

    Raises:
        CloudElementsError: `not_found` or `invalid_options` if no steps could lead there. `in_use` if formulas use what
            is to go. `forbidden` if what is to go cannot be known.
    """
    if (not desired.present or desired.purge) and not observed.all_known:
        _refuse_unknown(desired)
    if not desired.present:
        return tuple(_removal(desired, observed))
    return (*_definition(desired, observed), *_mappings(desired, observed))


def _definition(desired: DesiredCommonResource, observed: Observed) -> Iterator[CommonResourceStep]:
    there = observed.definition
    if there is None and desired.fields is None:
        if observed.inherited and desired.description is None:
            return
        raise CloudElementsError(
            ErrorKind.NOT_FOUND, f"The {desired} does not exist, and without fields it cannot be created."
        )
    if desired.fields == () and there is not None and there.fields:
        raise invalid(
            f"The {desired} would lose all fields, as fields is empty. If it comes from a variable, that one is empty. "
            "To remove the common resource, use state=absent."
        )
    wanted = wanted_definition(desired, there)
    if there is None:
        yield WriteDefinition(wanted)
        return
    changed = definition_differences(wanted, there)
    if changed:
        yield WriteDefinition(wanted, changed)


def _mappings(desired: DesiredCommonResource, observed: Observed) -> Iterator[CommonResourceStep]:
    for given in desired.mappings:
        there = observed.mappings.get(given.element_key)
        if given.present:
            yield from _mapping(desired, given, there)
        elif there is not None:
            yield DeleteMapping(given.element_key)
    if desired.purge:
        listed = {given.element_key for given in desired.mappings}
        yield from map(DeleteMapping, sorted(observed.mappings.keys() - listed))


def _mapping(
    desired: DesiredCommonResource, given: DesiredMapping, there: Transformation | None
) -> Iterator[CommonResourceStep]:
    wanted = wanted_transformation(desired.name, given, there)
    if there is None:
        if not wanted.vendor_name:
            raise invalid(
                f"The {desired} is not mapped to element {quote(given.element_key)} yet, so the mapping needs "
                "vendor_name."
            )
        yield WriteMapping(given.element_key, wanted)
        return
    if wanted.is_legacy and not there.is_legacy:
        raise invalid(
            f"The mapping of the {desired} to element {quote(given.element_key)} cannot have is_legacy true: it runs "
            "on the new script engine, and the platform does not go back. Remove it first, or leave is_legacy out."
        )
    changed = transformation_differences(wanted, there)
    if changed:
        yield WriteMapping(given.element_key, wanted, changed)


def _removal(desired: DesiredCommonResource, observed: Observed) -> Iterator[CommonResourceStep]:
    if observed.definition is not None and observed.formulas:
        raise CloudElementsError(
            ErrorKind.IN_USE,
            f"The {desired} was not removed: these formulas use it: {enumerated(map(quote, observed.formulas))}. "
            "Change or remove them first.",
        )
    for key in sorted(observed.mappings):
        yield DeleteMapping(key, "remove")
    if observed.definition is not None:
        yield DeleteDefinition(desired.name)


def _refuse_unknown(desired: DesiredCommonResource) -> t.NoReturn:
    option = "purge_transformations" if desired.present else "state=absent"
    raise CloudElementsError(
        ErrorKind.FORBIDDEN,
        f"The {desired} was not changed: the platform does not tell what another account maps it to, so it cannot be "
        f"known what {option} would remove. Run with the secrets of that account, and without account_id.",
    )
