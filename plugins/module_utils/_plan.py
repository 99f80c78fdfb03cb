# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""From what is wanted and what is there to what has to be done. Pure: nothing is read, nothing is written.

A plan is a few steps, and each step can tell what it will look like afterwards. So check mode runs the same plan over
predictions that a real run sends to the platform.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ._errors import CloudElementsError, Kind, invalid
from ._models import Instance, Wanted, as_text, is_verifiable, same_value
from ._secrets import Redactor


@dataclass(frozen=True)
class Create:
    """Make the instance. C(body) is exactly what is sent."""

    body: Mapping[str, t.Any] = field(repr=False)

    @property
    def action(self) -> str:
        """The step in words."""
        return f"create instance {self.body['name']!r} of element {self.body['element']['key']!r}"

    def predict(self) -> Instance:
        """Return the instance as the platform will make it, as far as that is known.

        Tags left out or empty become the name (vendor acceptance suite, elements/instances.js); every value becomes
        text; a new instance is enabled. Server defaults, the id and the token are only known afterwards.
        """
        return Instance(
            id=None,
            name=self.body["name"],
            element_key=self.body["element"]["key"],
            tags=frozenset(self.body.get("tags") or [self.body["name"]]),
            configuration=_as_stored(self.body.get("configuration", {})),
            external_authentication=self.body.get("externalAuthentication"),
        )


@dataclass(frozen=True)
class Change:
    """Change what is there. C(body) is exactly what is sent, and holds only what differs."""

    body: Mapping[str, t.Any] = field(repr=False)

    @property
    def action(self) -> str:
        """The step in words. Configuration keys are named, values never."""
        parts = []
        if "name" in self.body:
            parts.append(f"rename to {self.body['name']!r}")
        if "tags" in self.body:
            parts.append(f"set tags to {', '.join(self.body['tags']) or 'none'}")
        if "configuration" in self.body:
            parts.append(f"change configuration {', '.join(sorted(self.body['configuration']))}")
        return " and ".join(parts)

    def predict(self, instance: Instance) -> Instance:
        """Return the instance as it will be afterwards."""
        configuration = {**(instance.configuration or {}), **_as_stored(self.body.get("configuration", {}))}
        return dataclasses.replace(
            instance,
            name=self.body.get("name", instance.name),
            tags=frozenset(self.body.get("tags", instance.tags)),
            configuration=configuration,
        )

    def is_done(self, instance: Instance) -> bool:
        """Return whether an instance is as this change makes it, as far as the platform tells.

        A value that can not be verified counts as not done: it may be sent again without harm.
        """
        configuration = instance.configuration or {}
        return (
            self.body.get("name", instance.name) == instance.name
            and frozenset(self.body.get("tags", instance.tags)) == instance.tags
            and all(
                is_verifiable(value, configuration, key) and same_value(value, configuration.get(key))
                for key, value in self.body.get("configuration", {}).items()
            )
        )


@dataclass(frozen=True)
class Delete:
    """Remove the instance."""

    name: str
    element_key: str | None

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete instance {self.name!r} of element {self.element_key!r}"


Step = Create | Change | Delete


def plan(wanted: Wanted, observed: Instance | None) -> tuple[Step, ...]:
    """Return the steps that lead from what is there to what is wanted. None at all where it is so already.

    In: the wish, and the whole instance (with configuration) or None where there is none.
    Raises C(not_found) or C(invalid_options) where no steps could lead there.
    """
    if not wanted.present:
        return () if observed is None else (Delete(observed.name, observed.element_key),)
    if observed is None:
        return (_create(wanted),)
    if wanted.element_key is not None and observed.element_key != wanted.element_key:
        raise invalid(
            f"{wanted.label} is of element {observed.element_key!r}. The element of an instance can not be changed: "
            "leave element_key out, or make another instance."
        )
    body = _difference(wanted, observed)
    return (Change(body),) if body else ()


def _create(wanted: Wanted) -> Create:
    """Return the step that makes an instance, with the body as documented (vendor documentation, POST /instances)."""
    if wanted.id is not None:
        raise CloudElementsError(
            Kind.NOT_FOUND,
            f"{wanted.label} does not exist, and the platform chooses the id of a new one. "
            "To create it, leave id out; to make sure that it is gone, use state=absent.",
        )
    if wanted.element_key is None:
        raise invalid(f"{wanted.label} does not exist, and without element_key it can not be created.")
    body: dict[str, t.Any] = {"element": {"key": wanted.element_key}}
    configuration = {**wanted.configuration, **wanted.secrets}
    if configuration:
        body["configuration"] = configuration
    if wanted.tags is not None:
        body["tags"] = sorted(wanted.tags)
    body["name"] = wanted.name
    if wanted.provider_data is not None:
        body["providerData"] = dict(wanted.provider_data)
    if wanted.external_authentication is not None:
        body["externalAuthentication"] = wanted.external_authentication
    return Create(body)


def _difference(wanted: Wanted, observed: Instance) -> dict[str, t.Any]:
    """Return what has to be sent to make an instance as wanted: only what the user gave, and of that what differs."""
    body: dict[str, t.Any] = {}
    if wanted.name is not None and wanted.name != observed.name:
        body["name"] = wanted.name
    if wanted.tags is not None and wanted.tags != observed.tags:
        body["tags"] = sorted(wanted.tags)
    configuration = observed.configuration or {}
    changed = {
        key: value
        for key, value in wanted.configuration.items()
        if is_verifiable(value, configuration, key) and not same_value(value, configuration.get(key))
    }
    if changed:
        body["configuration"] = changed
    return body


def _as_stored(configuration: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {key: as_text(value) for key, value in configuration.items()}


def diff(wanted: Wanted, before: Instance | None, after: Instance | None) -> dict[str, dict[str, t.Any]]:
    """Return the difference that a run makes, for C(--diff): what the user manages, before and after.

    In: the wish, and the instance before and as predicted for afterwards. Both modes use the prediction, so they show
    the same. Secrets are masked; a key that will be sent although its value can not be seen says so.
    """
    return {"before": _view(wanted, before), "after": _view(wanted, after)}


def _view(wanted: Wanted, instance: Instance | None) -> dict[str, t.Any]:
    """Return what a diff shows of an instance: its name, element and tags, and the configuration that the user gave."""
    if instance is None:
        return {}
    keys = {*wanted.configuration, *wanted.secrets}
    configuration = {key: value for key, value in (instance.configuration or {}).items() if key in keys}
    redactor = Redactor(wanted.secrets.values())
    return {
        "name": instance.name,
        "element_key": instance.element_key,
        "tags": sorted(instance.tags),
        "configuration": redactor.configuration(configuration, wanted.configuration),
    }
