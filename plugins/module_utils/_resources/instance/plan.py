# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one instance: from what is desired and what is observed to the steps between them. Pure.

Each step can tell what it will look like afterwards. So check mode runs the same plan over predictions that a real run
sends to the platform.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..._api.models import Instance
from ..._api.values import as_text
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from ..._core.text import enumerated, quote
from ..._reconcile.steps import AlreadySent
from ..._secrets.fingerprint import split
from ..._secrets.redaction import MASK, Redactor
from ..comparison import is_verifiable, same_value
from .desired import DesiredInstance, describe


@dataclass(frozen=True)
class Create:
    """Create the instance. `body` is exactly what is sent."""

    body: Mapping[str, t.Any] = field(repr=False)

    verb = "create"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"create {describe(self.body['name'], self.body['element']['key'])}"

    def predict(self, observed: Instance | None) -> Instance:
        """Return the instance as the platform will create it, as far as that is known.

        Tags left out or empty become the name (vendor acceptance suite, elements/instances.js); every value becomes
        text; a new instance is enabled. Server defaults, the id and the token are only known afterwards.
        """
        tags, fingerprints = split(self.body.get("tags") or [self.body["name"]])
        return Instance(
            id=None,
            name=self.body["name"],
            element_key=self.body["element"]["key"],
            tags=tags,
            fingerprints=fingerprints,
            configuration=_as_stored(self.body.get("configuration", {})),
            external_authentication=self.body.get("externalAuthentication"),
        )


@dataclass(frozen=True)
class Change:
    """Change the instance.

    Attributes:
        body: Exactly what is sent. It holds only what differs: `name`, `tags`, `configuration`.
        secret: The configuration keys in it whose stored value cannot be seen.
        retags: Whether the tags in it differ in more than the fingerprint.
    """

    body: Mapping[str, t.Any] = field(repr=False)
    secret: frozenset[str] = frozenset()
    retags: bool = False

    def __post_init__(self) -> None:
        if not self.body.keys() <= {"name", "tags", "configuration"}:
            raise AssertionError("A change holds what it says, predicts and verifies, and nothing else.")

    @property
    def verb(self) -> str:
        """What the step does, for machines."""
        return "rename" if self.body.keys() == {"name"} else "change"

    @property
    def action(self) -> str:
        """The step in words. Configuration keys are named, values never."""
        keys = self.body.get("configuration", {}).keys()
        parts = []
        if "name" in self.body:
            parts.append(f"rename to {quote(self.body['name'])}")
        if self.retags:
            own, _fingerprints = split(self.body["tags"])
            parts.append(f"set tags to {enumerated(sorted(own)) or 'none'}")
        if keys - self.secret:
            parts.append(f"change configuration {enumerated(sorted(keys - self.secret))}")
        if self.secret:
            parts.append(f"send secrets {enumerated(sorted(self.secret))}")
        if not parts:  # Only the tag that this collection adds differs.
            parts.append("set the tag with the fingerprint of the secrets")
        return " and ".join(parts)

    @property
    def renames(self) -> bool:
        """Whether this gives another name."""
        return "name" in self.body

    def predict(self, observed: Instance | None) -> Instance | None:
        """Return the instance as it will be afterwards."""
        if observed is None:
            return None
        tags, fingerprints = split(self.body.get("tags", observed.tags | observed.fingerprints))
        return dataclasses.replace(
            observed,
            name=self.body.get("name", observed.name),
            tags=tags,
            fingerprints=fingerprints,
            configuration={**(observed.configuration or {}), **_as_stored(self.body.get("configuration", {}))},
        )

    def is_done(self, instance: Instance) -> bool:
        """Tell whether an instance is as this change makes it, as far as the platform tells.

        A value that cannot be verified counts as not done: it may be sent again without harm.
        """
        configuration = instance.configuration or {}
        tags = instance.tags | instance.fingerprints
        return (
            not self.secret
            and self.body.get("name", instance.name) == instance.name
            and frozenset(self.body.get("tags", tags)) == tags
            and all(
                same_value(value, configuration.get(key)) for key, value in self.body.get("configuration", {}).items()
            )
        )


@dataclass(frozen=True)
class Reauthenticate:
    """Hand the provider's new data over. `body` is exactly what is sent. What is in it may be spent by that."""

    body: Mapping[str, t.Any] = field(repr=False)

    verb = "change"
    action = "authenticate again with provider_data"

    def predict(self, observed: Instance | None) -> Instance | None:
        """Return the instance as it will be afterwards: the id stays, and nothing that can be seen changes."""
        return observed


@dataclass(frozen=True)
class SetEnabled:
    """Enable or disable the instance."""

    enabled: bool

    @property
    def verb(self) -> str:
        """What the step does, for machines."""
        return "enable" if self.enabled else "disable"

    @property
    def action(self) -> str:
        """The step in words."""
        return self.verb

    def predict(self, observed: Instance | None) -> Instance | None:
        """Return the instance as it will be afterwards."""
        return None if observed is None else dataclasses.replace(observed, enabled=self.enabled)


@dataclass(frozen=True)
class Delete:
    """Delete the instance."""

    name: str
    element_key: str | None

    verb = "remove"

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete {describe(self.name, self.element_key)}"

    def predict(self, observed: Instance | None) -> None:
        """Return the instance as it will be afterwards: there is none."""


InstanceStep: t.TypeAlias = "Create | Change | Reauthenticate | SetEnabled | Delete"


def plan(
    desired: DesiredInstance, observed: Instance | None, *, already_sent: AlreadySent = AlreadySent.NOTHING
) -> tuple[InstanceStep, ...]:
    """Return the steps from what is observed to what is desired, none if it is so already.

    Args:
        desired: The instance as the user wants it.
        observed: The whole instance, with its configuration. None if there is none.
        already_sent: What this run has sent that cannot be seen to have arrived.

    Raises:
        CloudElementsError: `not_found` or `invalid_options` if no steps could lead there.
    """
    if observed is None:
        return (_create(desired),) if desired.present else ()
    if desired.element_key is not None and observed.element_key != desired.element_key:
        raise invalid(
            f"The {desired} is of element {quote(observed.element_key)}. The element of an instance cannot be "
            "changed: leave element_key out, or create another instance."
        )
    if desired.present:
        return tuple(_changes(desired, observed, already_sent))
    if desired.name is not None and desired.name != observed.name:
        raise invalid(f"The {desired} is called {quote(observed.name)}. To remove it, leave name out or give that one.")
    return (Delete(observed.name, observed.element_key),)


def _create(desired: DesiredInstance) -> Create:
    """Return the step that creates an instance."""
    if desired.id is not None:
        raise CloudElementsError(
            ErrorKind.NOT_FOUND,
            f"The {desired} does not exist, and the platform chooses the id of a new one. "
            "To create it, leave id out; to make sure that it is gone, use state=absent.",
        )
    if desired.element_key is None or desired.name is None:
        raise invalid(f"The {desired} does not exist, and without element_key it cannot be created.")
    return Create(creation(desired))


def creation(desired: DesiredInstance) -> dict[str, t.Any]:
    """Return the body of the request that creates an instance (vendor documentation, POST /instances)."""
    name = desired.name or ""
    body: dict[str, t.Any] = {"element": {"key": desired.element_key}}
    configuration = {**desired.configuration, **desired.secrets}
    if configuration:
        body["configuration"] = configuration
    tags = desired.tags
    if desired.seal is not None and desired.secrets:
        # The platform's default for no tags is the name, and would be lost.
        tags = frozenset([name] if tags is None else tags) | {desired.seal.fingerprint(_as_stored(desired.secrets))}
    if tags is not None:
        body["tags"] = sorted(tags)
    body["name"] = name
    if desired.provider_data is not None:
        body["providerData"] = dict(desired.provider_data)
    if desired.external_authentication is not None:
        body["externalAuthentication"] = desired.external_authentication
    return body


def _changes(desired: DesiredInstance, observed: Instance, already_sent: AlreadySent) -> t.Iterator[InstanceStep]:
    """Yield the steps that change an instance that is there."""
    body = _difference(desired, observed)
    fingerprints = _fingerprints(desired, observed)
    unseen: dict[str, t.Any] = {}
    if already_sent is not AlreadySent.ALL and (
        desired.update_secrets == "always" or fingerprints != observed.fingerprints
    ):
        unseen = {**hidden(desired, observed), **desired.secrets}
        if unseen:
            body["configuration"] = {**body.get("configuration", {}), **unseen}
    own = observed.tags if desired.tags is None else desired.tags
    if own != observed.tags or fingerprints != observed.fingerprints:
        body["tags"] = sorted(own | fingerprints)
    if body:
        yield Change(body, frozenset(unseen), retags=own != observed.tags)
    if desired.reauthenticate and already_sent is AlreadySent.NOTHING:
        # After the change: the code is exchanged with the client secret that is stored then.
        name = observed.name if desired.name is None else desired.name
        yield Reauthenticate({"name": name, "providerData": dict(desired.provider_data or {})})
    if desired.enabled is not None and desired.enabled != observed.enabled:
        yield SetEnabled(desired.enabled)


def hidden(desired: DesiredInstance, observed: Instance) -> dict[str, t.Any]:
    """Return the configuration that is not a secret, but whose stored value is masked or never returned."""
    configuration = observed.configuration or {}
    return {key: value for key, value in desired.configuration.items() if not is_verifiable(value, configuration, key)}


def _fingerprints(desired: DesiredInstance, observed: Instance) -> frozenset[str]:
    """Return the fingerprints that the instance is to have: what it has, unless that does not fit the secrets."""
    if not desired.secrets or desired.update_secrets == "on_create":
        return observed.fingerprints
    if desired.seal is None:
        return frozenset()  # They are sent each time; a fingerprint of earlier ones would be taken for theirs one day.
    secrets = _as_stored(desired.secrets)
    if len(observed.fingerprints) == 1 and all(desired.seal.fits(tag, secrets) for tag in observed.fingerprints):
        return observed.fingerprints
    return frozenset([desired.seal.fingerprint(secrets)])


def _difference(desired: DesiredInstance, observed: Instance) -> dict[str, t.Any]:
    """Return the name and the configuration to send: only what the user gave, and of that what is seen to differ."""
    body: dict[str, t.Any] = {}
    if desired.name is not None and desired.name != observed.name:
        body["name"] = desired.name
    configuration = observed.configuration or {}
    changed = {
        key: value
        for key, value in desired.configuration.items()
        if is_verifiable(value, configuration, key) and not same_value(value, configuration.get(key))
    }
    if changed:
        body["configuration"] = changed
    return body


def _as_stored(configuration: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {key: as_text(value) for key, value in configuration.items()}


def diff(
    desired: DesiredInstance, before: Instance | None, after: Instance | None, steps: Iterable[t.Any]
) -> dict[str, dict[str, t.Any]]:
    """Return the difference that a run makes, for `--diff`: what the user manages, before and after.

    Both modes use the prediction, so they show the same. Secrets are masked. One that is sent although its stored value
    cannot be seen says so.

    Args:
        desired: The instance as the user wants it.
        before: The instance as it was. None if there was none.
        after: The instance as predicted. None if there will be none.
        steps: The planned steps.
    """
    sent = frozenset(key for step in steps if isinstance(step, Change) for key in step.secret)
    return {"before": _view(desired, before, removed=after is None), "after": _view(desired, after, sent)}


def _view(
    desired: DesiredInstance, instance: Instance | None, sent: frozenset[str] = frozenset(), *, removed: bool = False
) -> dict[str, t.Any]:
    """Return what a diff shows of an instance: what every instance has, and the configuration that the user gave.

    Of one that is removed, it shows all of the configuration.
    """
    if instance is None:
        return {}
    keys = {*desired.configuration, *desired.secrets}
    configuration = {key: value for key, value in (instance.configuration or {}).items() if removed or key in keys}
    redactor = Redactor(desired.secrets.values(), desired.plain_keys)
    shown = redactor.configurations([configuration], desired.configuration, desired.secrets, [instance.token])[0]
    hidden = redactor.holding(instance.tags)
    return {
        "name": instance.name,
        "element_key": instance.element_key,
        "tags": sorted(MASK if tag in hidden else tag for tag in instance.tags),
        "enabled": instance.enabled,
        "configuration": {**shown, **dict.fromkeys(sent, f"{MASK} (sent anew)")},
    }
