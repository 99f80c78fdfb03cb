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
import enum
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..._api.models import Instance, Wanted, as_text, is_verifiable, same_value
from ..._core.errors import CloudElementsError, Kind, invalid
from ..._core.text import enumerated, quote
from ..._secrets.fingerprint import split
from ..._secrets.redaction import MASK, Redactor


@dataclass(frozen=True)
class Create:
    """Make the instance. C(body) is exactly what is sent."""

    body: Mapping[str, t.Any] = field(repr=False)

    @property
    def action(self) -> str:
        """The step in words."""
        return f"create instance {quote(self.body['name'])} of element {quote(self.body['element']['key'])}"

    def predict(self, instance: Instance | None) -> Instance:
        """Return the instance as the platform will make it, as far as that is known.

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
    """Change what is there. C(body) is exactly what is sent, and holds only what differs.

    C(secret) are the configuration keys in it whose stored value can not be seen. C(retags) is false where the tags in
    it are the same but for the fingerprint.
    """

    body: Mapping[str, t.Any] = field(repr=False)
    secret: frozenset[str] = frozenset()
    retags: bool = False

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
        return " and ".join(parts) or "set the tag with the fingerprint of the secrets"

    @property
    def renames(self) -> bool:
        """Whether this gives another name."""
        return "name" in self.body

    @property
    def renames_only(self) -> bool:
        """Whether this gives another name and nothing else."""
        return self.body.keys() == {"name"}

    def predict(self, instance: Instance | None) -> Instance | None:
        """Return the instance as it will be afterwards."""
        if instance is None:
            return None
        tags, fingerprints = split(self.body.get("tags", instance.tags | instance.fingerprints))
        return dataclasses.replace(
            instance,
            name=self.body.get("name", instance.name),
            tags=tags,
            fingerprints=fingerprints,
            configuration={**(instance.configuration or {}), **_as_stored(self.body.get("configuration", {}))},
        )

    def is_done(self, instance: Instance) -> bool:
        """Return whether an instance is as this change makes it, as far as the platform tells.

        A value that can not be verified counts as not done: it may be sent again without harm.
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
    """Hand the provider's new data over. C(body) is exactly what is sent, and what is in it may be spent by that."""

    body: Mapping[str, t.Any] = field(repr=False)

    action = "authenticate again with provider_data"

    def predict(self, instance: Instance | None) -> Instance | None:
        """Return the instance as it will be afterwards: the id stays, and nothing that can be seen changes."""
        return instance


@dataclass(frozen=True)
class SetEnabled:
    """Enable or disable the instance."""

    enabled: bool

    @property
    def action(self) -> str:
        """The step in words."""
        return "enable" if self.enabled else "disable"

    def predict(self, instance: Instance | None) -> Instance | None:
        """Return the instance as it will be afterwards."""
        return None if instance is None else dataclasses.replace(instance, enabled=self.enabled)


@dataclass(frozen=True)
class Delete:
    """Remove the instance."""

    name: str
    element_key: str | None

    @property
    def action(self) -> str:
        """The step in words."""
        return f"delete instance {quote(self.name)} of element {quote(self.element_key)}"

    def predict(self, instance: Instance | None) -> None:
        """Return the instance as it will be afterwards: there is none."""


class Sent(enum.Enum):
    """What a run has sent so far that can not be seen to have arrived."""

    NOTHING = "nothing"
    """Neither secrets nor provider data."""
    CODE = "code"
    """A create whose instance turned out to be another run's, or may be: the code is spent, the secrets may differ."""
    ALL = "all"
    """Secrets and provider data."""


Step: t.TypeAlias = "Create | Change | Reauthenticate | SetEnabled | Delete"


def plan(wanted: Wanted, observed: Instance | None, *, sent: Sent = Sent.NOTHING) -> tuple[Step, ...]:
    """Return the steps that lead from what is there to what is wanted. None at all where it is so already.

    In: the wish; the whole instance (with configuration) or None where there is none; and what this run has already
    sent that can not be seen to have arrived.
    Raises C(not_found) or C(invalid_options) where no steps could lead there.
    """
    if observed is None:
        return (_create(wanted),) if wanted.present else ()
    if wanted.element_key is not None and observed.element_key != wanted.element_key:
        raise invalid(
            f"{wanted.label} is of element {quote(observed.element_key)}. The element of an instance can not be "
            "changed: leave element_key out, or make another instance."
        )
    if wanted.present:
        return tuple(_changes(wanted, observed, sent))
    if wanted.name is not None and wanted.name != observed.name:
        raise invalid(
            f"{wanted.label} is called {quote(observed.name)}. To remove it, leave name out or give that one."
        )
    return (Delete(observed.name, observed.element_key),)


def _create(wanted: Wanted) -> Create:
    """Return the step that makes an instance."""
    if wanted.id is not None:
        raise CloudElementsError(
            Kind.NOT_FOUND,
            f"{wanted.label} does not exist, and the platform chooses the id of a new one. "
            "To create it, leave id out; to make sure that it is gone, use state=absent.",
        )
    if wanted.element_key is None or wanted.name is None:
        raise invalid(f"{wanted.label} does not exist, and without element_key it can not be created.")
    return Create(creation(wanted))


def creation(wanted: Wanted) -> dict[str, t.Any]:
    """Return the body of the request that creates an instance (vendor documentation, POST /instances)."""
    name = wanted.name or ""
    body: dict[str, t.Any] = {"element": {"key": wanted.element_key}}
    configuration = {**wanted.configuration, **wanted.secrets}
    if configuration:
        body["configuration"] = configuration
    tags = wanted.tags
    if wanted.seal is not None and wanted.secrets:
        # The platform's default for no tags is the name, and would be lost.
        tags = frozenset([name] if tags is None else tags) | {wanted.seal.fingerprint(_as_stored(wanted.secrets))}
    if tags is not None:
        body["tags"] = sorted(tags)
    body["name"] = name
    if wanted.provider_data is not None:
        body["providerData"] = dict(wanted.provider_data)
    if wanted.external_authentication is not None:
        body["externalAuthentication"] = wanted.external_authentication
    return body


def _changes(wanted: Wanted, observed: Instance, sent: Sent) -> t.Iterator[Step]:
    """Yield the steps that change an instance that is there."""
    body = _difference(wanted, observed)
    fingerprints = _fingerprints(wanted, observed)
    unseen: dict[str, t.Any] = {}
    if sent is not Sent.ALL and (wanted.update_secrets == "always" or fingerprints != observed.fingerprints):
        unseen = {**hidden(wanted, observed), **wanted.secrets}
        if unseen:
            body["configuration"] = {**body.get("configuration", {}), **unseen}
    own = observed.tags if wanted.tags is None else wanted.tags
    if own != observed.tags or fingerprints != observed.fingerprints:
        body["tags"] = sorted(own | fingerprints)
    if body:
        yield Change(body, frozenset(unseen), retags=own != observed.tags)
    if wanted.reauthenticate and sent is Sent.NOTHING:
        # After the change: the code is exchanged with the client secret that is stored then.
        name = observed.name if wanted.name is None else wanted.name
        yield Reauthenticate({"name": name, "providerData": dict(wanted.provider_data or {})})
    if wanted.enabled is not None and wanted.enabled != observed.enabled:
        yield SetEnabled(wanted.enabled)


def hidden(wanted: Wanted, observed: Instance) -> dict[str, t.Any]:
    """Return the configuration that is no secret, and whose stored value is masked or never returned all the same."""
    configuration = observed.configuration or {}
    return {key: value for key, value in wanted.configuration.items() if not is_verifiable(value, configuration, key)}


def _fingerprints(wanted: Wanted, observed: Instance) -> frozenset[str]:
    """Return the fingerprints that the instance is to have: what it has, unless that does not fit the secrets."""
    if not wanted.secrets or wanted.update_secrets == "on_create":
        return observed.fingerprints
    if wanted.seal is None:
        return frozenset()  # They are sent each time; a fingerprint of earlier ones would be taken for theirs one day.
    secrets = _as_stored(wanted.secrets)
    if len(observed.fingerprints) == 1 and all(wanted.seal.fits(tag, secrets) for tag in observed.fingerprints):
        return observed.fingerprints
    return frozenset([wanted.seal.fingerprint(secrets)])


def _difference(wanted: Wanted, observed: Instance) -> dict[str, t.Any]:
    """Return the name and the configuration to send: only what the user gave, and of that what is seen to differ."""
    body: dict[str, t.Any] = {}
    if wanted.name is not None and wanted.name != observed.name:
        body["name"] = wanted.name
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


def diff(
    wanted: Wanted, before: Instance | None, after: Instance | None, steps: Iterable[Step]
) -> dict[str, dict[str, t.Any]]:
    """Return the difference that a run makes, for C(--diff): what the user manages, before and after.

    In: the wish, the instance before and as predicted for afterwards, and the predicted steps. Both modes use the
    prediction, so they show the same. Secrets are masked; one that is sent although its value can not be seen says so.
    """
    sent = frozenset(key for step in steps if isinstance(step, Change) for key in step.secret)
    return {"before": _view(wanted, before, removed=after is None), "after": _view(wanted, after, sent)}


def _view(
    wanted: Wanted, instance: Instance | None, sent: frozenset[str] = frozenset(), *, removed: bool = False
) -> dict[str, t.Any]:
    """Return what a diff shows of an instance: what every instance has, and the configuration that the user gave.

    Of one that is removed, it shows all of the configuration.
    """
    if instance is None:
        return {}
    keys = {*wanted.configuration, *wanted.secrets}
    configuration = {key: value for key, value in (instance.configuration or {}).items() if removed or key in keys}
    redactor = Redactor(wanted.secrets.values(), wanted.plain_keys)
    shown = redactor.configurations([configuration], wanted.configuration, wanted.secrets, [instance.token])[0]
    hidden = redactor.holding(instance.tags)
    return {
        "name": instance.name,
        "element_key": instance.element_key,
        "tags": sorted(MASK if tag in hidden else tag for tag in instance.tags),
        "enabled": instance.enabled,
        "configuration": {**shown, **dict.fromkeys(sent, f"{MASK} (sent anew)")},
    }
