# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare a plan with the catalog of elements, which is read once for each element.

Check mode foresees by it what the platform would refuse. A real run reads it only after the platform refused a create,
to explain why, before it spends a code, and for what the platform itself would not tell: that an absent instance is of
an element that does not exist, and configuration keys that the element of an existing instance does not have.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..._api.catalog import Element
from ..._api.client import Client
from ..._api.models import Instance
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import did_you_mean, enumerated, quote
from ..._reconcile.phases import Entry, Failed, Item, Planned, failed
from ..._reconcile.workers import Workers
from .desired import DesiredInstance
from .plan import Create, hidden
from .requirements import may_be_untold, name_unknown, needs, suspicions, unknown_keys

_STOPS_WRITES = (
    ErrorKind.UNAUTHORIZED,
    ErrorKind.DEADLINE,
    ErrorKind.TLS,
    ErrorKind.REDIRECT,
    ErrorKind.UNREACHABLE,
)

PlannedInstance: t.TypeAlias = "Planned[DesiredInstance, Instance]"


@dataclasses.dataclass(frozen=True)
class _Question:
    """An element key to ask the catalog for, on behalf of an item."""

    entry: Entry
    element_key: str
    warnings: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Catalog:
    """What the catalog says.

    Attributes:
        elements: The elements that were asked for, by key. None if there is no such element. The error if it could not
            be read.
        keys: The keys of all elements, if one that was asked for does not exist and they can be read.
    """

    elements: Mapping[str, Element | CloudElementsError | None]
    keys: tuple[str, ...] = ()

    def no_such_element(self, desired: DesiredInstance) -> str | None:
        """Return a sentence if no element has the key as it is spelled, or None."""
        element = self.elements.get(desired.element_key or "")
        if isinstance(element, CloudElementsError):
            return None
        # No later run would find an instance of an element that is spelled otherwise.
        if element is not None and element.key == desired.element_key:
            return None
        known = self.keys if element is None else (element.key,)
        return (
            f"The platform has no element with the key {quote(desired.element_key)}."
            f"{did_you_mean(desired.element_key or '', known)} Check element_key and base_url. "
            "The module cloud_elements_element_info lists the elements that there are."
        )


def check_catalog(items: Sequence[Item], workers: Workers) -> list[Item]:
    """Return the items of a plan, those that cannot succeed by the catalog as failed, others with warnings."""
    check_mode = workers.run.check_mode
    asked = {
        position: key
        for position, item in enumerate(items)
        if isinstance(item, Planned) and (key := _asked_element(item, check_mode)) is not None
    }
    catalog = read_catalog({key: items[position].entry for position, key in reversed(asked.items())}, workers)
    told: set[str | None] = set()
    checked: list[Item] = []
    for position, item in enumerate(items):
        if not isinstance(item, Planned):
            checked.append(item)
            continue
        key = asked.get(position)
        element = catalog.elements[key] if key is not None else None
        if key is not None and key not in told and isinstance(element, CloudElementsError):
            item = _warned(item, [unread(element)] if element.kind is not ErrorKind.FORBIDDEN else [])
        told.add(key)
        if item.observed is not None:
            checked.append(_warned(item, _about_hidden(item, element if isinstance(element, Element) else None)))
        elif key is None:
            checked.append(item)
        else:
            checked.append(_checked(item, element, catalog))
    return checked


def explain_refusals(items: Sequence[Item], workers: Workers) -> list[Item]:
    """Return the items, the errors of refused creates with what the catalog says about them."""
    refused = {
        position: (item, item.planned.desired)
        for position, item in enumerate(items)
        if isinstance(item, Failed) and item.planned is not None and _is_refused_create(item)
    }
    if not refused:
        return list(items)
    catalog = read_catalog({desired.element_key: item.entry for item, desired in refused.values()}, workers)
    explained = list(items)
    for position, (item, desired) in refused.items():
        explained[position] = _explained(item, desired, catalog)
    return explained


def read_catalog(keys: Mapping[str, Entry], workers: Workers) -> Catalog:
    """Read the elements with these keys, each on behalf of an item."""

    def ask(question: _Question, client: Client) -> Element | None:
        element = client.elements.get(question.element_key)
        for warning in client.warnings:
            workers.run.warn(warning)
        return element

    results = workers.map(_Question, ask, [_Question(entry, key) for key, entry in keys.items()])
    elements = {
        key: result.error if isinstance(result, Failed) else result for key, result in zip(keys, results, strict=True)
    }
    absent = any(element is None for element in elements.values())
    return Catalog(elements, element_keys(workers.run.client) if absent else ())


def element_keys(client: Client) -> tuple[str, ...]:
    """Return the keys of all elements, for a suggestion, or none if they cannot be read."""
    try:
        return client.elements.list_keys()
    except CloudElementsError:
        return ()


def report_unread(error: CloudElementsError, client: Client) -> None:
    """Report that the catalog could not be read, unless the user may not read it.

    Raises:
        CloudElementsError: The error, if it would stop a write too.
    """
    if error.kind in _STOPS_WRITES:
        raise error
    if error.kind is not ErrorKind.FORBIDDEN:
        client.warn(unread(error))


def unread(error: CloudElementsError) -> str:
    """Return the warning that the catalog could not be read."""
    return f"{error.facts} What the element needs is left for the platform to decide."


def _asked_element(planned: PlannedInstance, check_mode: bool) -> str | None:
    """Return the key of the element to ask the catalog for, or None."""
    desired, observed = planned.desired, planned.observed
    if observed is not None:
        return observed.element_key if _strange_keys(planned) else None
    # Nothing was found by a name, so the key may be wrong. A code is spent by a create that the platform refuses.
    asks_first = check_mode or not desired.present or desired.provider_data is not None
    return desired.element_key if desired.id is None and asks_first else None


def _strange_keys(planned: PlannedInstance) -> frozenset[str]:
    """Return the configuration keys that the user gave, the instance does not have, and some elements may not have."""
    if planned.observed is None or not planned.desired.present:
        return frozenset()
    stored = planned.observed.configuration or {}
    keys = hidden(planned.desired, planned.observed)
    return frozenset(key for key in keys if key not in stored and not may_be_untold(key))


def _checked(planned: PlannedInstance, element: Element | CloudElementsError | None, catalog: Catalog) -> Item:
    """Return an item whose instance is not there, checked by what the catalog says about its element."""
    desired = planned.desired
    if isinstance(element, CloudElementsError):
        return failed(planned, element) if element.kind in _STOPS_WRITES else planned
    wrong_key = catalog.no_such_element(desired)
    if wrong_key is not None:
        message = f"The {desired} does not exist. {wrong_key}"
        return failed(planned, CloudElementsError(ErrorKind.NOT_FOUND, message, status=404, attempts=1))
    if not desired.present or element is None:
        return planned
    lacking = needs(desired, element)
    if lacking is not None:
        message = f"The {desired} cannot be created. {lacking} Nothing was written."
        return failed(planned, CloudElementsError(ErrorKind.REFUSED, message))
    return _warned(planned, suspicions(desired, element))


def _about_hidden(planned: PlannedInstance, element: Element | None) -> Iterator[str]:
    """Yield warnings about configuration that cannot be compared."""
    desired, observed = planned.desired, planned.observed
    if observed is None or not desired.present:
        return
    keys = frozenset(hidden(desired, observed))
    sent = desired.update_secrets != "on_create"
    unknown = unknown_keys(_strange_keys(planned), element) if element is not None else frozenset()
    if element is not None and unknown:
        then = "They are sent all the same." if sent else "If they are right, run once with update_secrets=always."
        yield f"{name_unknown(unknown, element)} {then}"
    if keys - unknown and not sent:
        yield (
            f"The {desired} exists, and the platform does not tell what it has for "
            f"{enumerated(sorted(keys - unknown))}. So that was not sent. If it has changed, run once with "
            "update_secrets=always."
        )


def _warned(planned: PlannedInstance, warnings: Iterable[str]) -> PlannedInstance:
    return dataclasses.replace(planned, warnings=(*planned.warnings, *warnings))


def _is_refused_create(item: Failed[DesiredInstance, Instance]) -> bool:
    steps = item.planned.steps if item.planned is not None else ()
    creates = bool(steps) and isinstance(steps[0], Create)
    return creates and not item.steps and item.error.kind in (ErrorKind.REFUSED, ErrorKind.NOT_FOUND)


def _explained(item: Failed[DesiredInstance, Instance], desired: DesiredInstance, catalog: Catalog) -> Item:
    element = catalog.elements.get(desired.element_key or "")
    wrong_key = catalog.no_such_element(desired)
    kind = item.error.kind if wrong_key is None else ErrorKind.NOT_FOUND
    if wrong_key is not None:
        reasons = [wrong_key]
    elif isinstance(element, Element):
        reasons = [*filter(None, [needs(desired, element)]), *suspicions(desired, element)]
    elif isinstance(element, CloudElementsError) and element.kind is not ErrorKind.FORBIDDEN:
        reasons = [f"The catalog could not be read to explain it. {element.facts}"]
    else:
        reasons = []
    return dataclasses.replace(item, error=item.error.but(" ".join([item.error.message, *reasons]), kind))
