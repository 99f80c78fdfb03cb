# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about common resources: object definitions and their transformations.

Both engines answer the calls by name and level, so almost only these are used. No call here writes more than one level
or more than one name. An answer that is about another common resource is refused as misplaced.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import quote
from .caller import Caller, segment
from .common_resource_models import (
    ACCOUNT,
    INSTANCE,
    ORGANIZATION,
    Definition,
    Mapped,
    Place,
    Transformation,
    definition_from,
    definitions_from,
    exported_keys_from,
    formulas_using,
    mapped_from,
    names_at,
    transformation_from,
    version_from,
)
from .http_messages import Request
from .models import MisplacedError, ShapeError
from .retry_policy import Effect

_R = t.TypeVar("_R")


class CommonResourceCalls:
    """Reads and writes common resources."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def version(self) -> str | None:
        """Return the engine of the organization, or None if the user may not know it."""
        request = Request("GET", "/organizations/me")
        return self._unless_refused("Reading the organization", request, version_from)

    def list(self, place: Place) -> dict[str, Definition | None]:
        """Return all definitions of a place by name. At level instance, those of the levels above are among them.

        None stands for one that has to be read by its name.
        """

        def parse(body: t.Any) -> dict[str, Definition | None]:
            return definitions_from(body, place)

        request = Request("GET", f"{_definitions(place)}/objects/definitions")
        what = f"Listing the common resources of level {place.level}"
        return self._caller.call(what, Effect.READ, request, parse, missing={})

    def names_of_instance(self, instance_id: int) -> tuple[frozenset[str], frozenset[str]]:
        """Return the names that may have a definition at an element instance, and those that may have a mapping.

        Each has to be read by its name. If the platform does not list the mappings, each name may have one.
        """
        place = Place(INSTANCE, instance_id)

        def defined(body: t.Any) -> tuple[frozenset[str], frozenset[str]]:
            return names_at(body, definition_from, place), frozenset(body)

        def mapped(body: t.Any) -> frozenset[str]:
            return names_at(body, transformation_from, place)

        none: frozenset[str] = frozenset()
        request = Request("GET", f"{_definitions(place)}/objects/definitions")
        what = f"Listing the common resources of the instance with id {instance_id}"
        own, visible = self._caller.call(what, Effect.READ, request, defined, missing=(none, none))
        request = Request("GET", f"{_definitions(place)}/transformations")
        what = f"Listing the mappings of the instance with id {instance_id}"
        listed = self._unless_refused(what, request, mapped, missing=none)
        return own, visible if listed is None else listed

    def get(self, name: str, place: Place) -> Definition | None:
        """Return the definition with a name at a place, or None if there is none."""
        request = Request("GET", _definition(name, place))
        what = f"Reading the common resource {quote(name)}"
        return self._caller.call(what, Effect.READ, request, _read(definition_from, name, place), missing=None)

    def create(self, name: str, place: Place, body: Mapping[str, t.Any]) -> Definition:
        """Create a definition. If there is one of the name at this place, the platform refuses it with 409."""
        request = Request("POST", _definition(name, place), body=body)
        what = f"Creating the common resource {quote(name)}"
        return self._caller.call(what, Effect.CREATE, request, _written(definition_from, name, place), whole=True)

    def replace(self, name: str, place: Place, body: Mapping[str, t.Any]) -> Definition:
        """Replace the fields of a definition at a place."""
        request = Request("PUT", _definition(name, place), body=body)
        what = f"Changing the common resource {quote(name)}"
        return self._caller.call(what, Effect.CHANGE, request, _written(definition_from, name, place), whole=True)

    def delete(self, name: str, place: Place) -> None:
        """Delete a definition at a place. One that is not there counts as deleted."""
        request = Request("DELETE", _definition(name, place), answers=False)
        what = f"Deleting the common resource {quote(name)}"
        self._caller.call(what, Effect.CHANGE, request, _nothing(name), missing=None, whole=True)

    def get_transformation(self, name: str, element_key: str, place: Place) -> Transformation | None:
        """Return the transformation of a common resource to an element at a place, or None if there is none."""
        request = Request("GET", _transformation(name, element_key, place))
        what = f"Reading {_mapping(name, element_key)}"
        return self._caller.call(what, Effect.READ, request, _read(transformation_from, name, place), missing=None)

    def create_transformation(
        self, name: str, element_key: str, place: Place, body: Mapping[str, t.Any]
    ) -> Transformation:
        """Create a transformation. Its definition has to be there."""
        request = Request("POST", _transformation(name, element_key, place), body=body)
        what = f"Creating {_mapping(name, element_key)}"
        return self._caller.call(what, Effect.CREATE, request, _written(transformation_from, name, place), whole=True)

    def replace_transformation(
        self, name: str, element_key: str, place: Place, body: Mapping[str, t.Any]
    ) -> Transformation:
        """Replace a transformation."""
        request = Request("PUT", _transformation(name, element_key, place), body=body)
        what = f"Changing {_mapping(name, element_key)}"
        return self._caller.call(what, Effect.CHANGE, request, _written(transformation_from, name, place), whole=True)

    def delete_transformation(self, name: str, element_key: str, place: Place) -> None:
        """Delete a transformation. One that is not there counts as deleted."""
        request = Request("DELETE", _transformation(name, element_key, place), answers=False)
        what = f"Deleting {_mapping(name, element_key)}"
        self._caller.call(what, Effect.CHANGE, request, _nothing(name), missing=None, whole=True)

    def mapped(self, name: str) -> tuple[Mapped, ...] | None:
        """Return where a common resource is mapped, at all levels. None if the platform does not answer that.

        Organizations on v2 may refuse it (issue 21 of the vendor's command line tool).
        """
        request = Request("GET", f"/organizations/objects/{segment(name)}/transformations")
        return self._unless_refused(f"Listing where the common resource {quote(name)} is mapped", request, mapped_from)

    def exported_keys(self, name: str) -> tuple[str, ...] | None:
        """Return the elements that the organization or the own account map a common resource to.

        None if the platform does not answer that: v1 has no export, and others may lack it.
        """

        def parse(body: t.Any) -> tuple[str, ...]:
            if isinstance(body, Mapping) and body.get("vdrName", name) != name:
                raise _misplaced(body["vdrName"])
            return exported_keys_from(body)

        request = Request("GET", f"/vdrs/{segment(name)}/export")
        return self._unless_refused(f"Exporting the common resource {quote(name)}", request, parse)

    def usages(self, name: str) -> tuple[str, ...] | None:
        """Return the names of the formulas that use a common resource. None if the platform does not answer that."""
        request = Request("GET", f"/common-resources/{segment(name)}/usages")
        what = f"Reading what uses the common resource {quote(name)}"
        return self._unless_refused(what, request, formulas_using)

    def _unless_refused(
        self, what: str, request: Request, parse: Callable[[t.Any], _R], missing: t.Any = ...
    ) -> _R | None:
        """Return what a read tells, or None if it tells nothing of use: not every platform has these calls.

        Args:
            what: What is tried, as the beginning of a sentence.
            request: The request.
            parse: Parses the body of the response.
            missing: What a 404 tells, if it tells something of use.
        """
        try:
            return self._caller.call(what, Effect.READ, request, parse, missing=missing)
        except CloudElementsError as error:
            if error.status in (400, 403, 404, 405, 501) or error.kind is ErrorKind.INVALID_RESPONSE:
                return None
            raise


def _definitions(place: Place) -> str:
    if place.level == ORGANIZATION:
        return "/organizations"
    if place.level == ACCOUNT and place.own:
        return "/accounts"
    return f"/{place.level}s/{_owner(place)}"


def _owner(place: Place) -> int:
    if place.id is None:
        raise AssertionError("What has a level needs an owner.")
    return place.id


def _definition(name: str, place: Place) -> str:
    return f"{_definitions(place)}/objects/{segment(name)}/definitions"


def _transformation(name: str, element_key: str, place: Place) -> str:
    if place.level == INSTANCE:
        return f"/instances/{_owner(place)}/transformations/{segment(name)}"
    prefix = "/organizations" if place.level == ORGANIZATION else f"/accounts/{_owner(place)}"
    return f"{prefix}/elements/{segment(element_key)}/transformations/{segment(name)}"


def _mapping(name: str, element_key: str) -> str:
    return f"the mapping of the common resource {quote(name)} to element {quote(element_key)}"


class _Named(t.Protocol):
    @property
    def name(self) -> str: ...


_N = t.TypeVar("_N", bound=_Named)


def _read(parse: Callable[[t.Any, Place, str], _N | None], name: str, place: Place) -> Callable[[t.Any], _N | None]:
    """Return the parser for an answer about a name at a place, which refuses an answer about another name."""

    def parsed(body: t.Any) -> _N | None:
        found = parse(body, place, name)
        if found is not None and found.name != name:
            raise _misplaced(found.name)
        return found

    return parsed


def _written(parse: Callable[[t.Any, Place, str], _N | None], name: str, place: Place) -> Callable[[t.Any], _N]:
    """Return the parser for the answer to a write. One that is about another level alone is refused."""
    read = _read(parse, name, place)

    def parsed(body: t.Any) -> _N:
        found = read(body)
        if found is None:
            raise MisplacedError(f"the answer is about another level than {place.level}")
        return found

    return parsed


def _nothing(name: str) -> Callable[[t.Any], None]:
    def parse(body: t.Any) -> None:
        if body is not None and not isinstance(body, Mapping):
            raise ShapeError("the answer is not an object")
        if body and body.get("objectName") not in (None, name):
            raise _misplaced(body["objectName"])

    return parse


def _misplaced(name: t.Any) -> MisplacedError:
    return MisplacedError(f"the answer is about another common resource: {quote(str(name))}")
