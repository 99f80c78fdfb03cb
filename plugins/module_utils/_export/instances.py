# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what an account has to the options that make the same elsewhere, without a secret in them. Pure."""

from __future__ import annotations

import re
import typing as t
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .._api.catalog import CatalogEntry, Element
from .._api.models import Instance
from .._api.values import as_text
from .._core.errors import CloudElementsError
from .._resources.comparison import same_value
from .._resources.instance.argument_spec import INSTANCE
from .._resources.instance.desired import DesiredInstance
from .._resources.instance.options import parse
from .._resources.instance.requirements import has_a_choice, unanswered
from .._resources.instance.result import foreign_configurations
from .._secrets.disclosure import may_be_shown, names_secret
from .._secrets.masks import holds_mask
from .._secrets.redaction import MASK
from .variable_names import variable_names

_OAUTH_TOKENS = {
    "oauth.user.refresh_token": "the provider's refresh token for this application",
    "oauth.user.token": "the provider's access token for this application",
    "oauth.user.token.secret": "the secret of the provider's access token",
}
# What the platform or the provider makes, and makes anew.
_SERVER_MADE = re.compile(
    r"authentication\.time|expires(_in)?|oauth\.user\..+|event\.notification\.(subscription\.id|instance\.finder)"
    r"|event\.helper\.key|(.+\.)?session\.?id|(.+\.)?requesttoken|(.+\.)?since_token|(.+\.)?(web)?hooks?\.(.+\.)?id",
    re.IGNORECASE,
)
_NOT_GIVEN = {option: entry.get("default") for option, entry in INSTANCE.spec.items()}


@dataclass(frozen=True)
class Secret:
    """A secret that is not exported: the variable in its place, and what it is for."""

    variable: str
    name: str
    element_key: str
    key: str
    purpose: str


@dataclass(frozen=True)
class ExportedInstance:
    """An exported instance.

    Attributes:
        options: The options of a task. In place of each secret is the name of a variable.
        notes: What the user who applies it must know.
    """

    options: Mapping[str, t.Any]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the instance."""
        return t.cast("str", self.options["name"])

    @property
    def element_key(self) -> str:
        """The key of its element."""
        return t.cast("str", self.options["element_key"])


@dataclass(frozen=True)
class Duplicates:
    """Instances of one name within an element. Names alone do not tell them apart."""

    name: str
    element_key: str
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Export:
    """What an account has, in the order of elements and names."""

    items: tuple[ExportedInstance, ...]
    secrets: tuple[Secret, ...]
    duplicates: tuple[Duplicates, ...]


@dataclass
class _Draft:
    """An instance on its way to an item: what may be written of its configuration, and the keys of its secrets."""

    instance: Instance
    element_key: str
    shown: dict[str, t.Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """What each secret is called by people, by its configuration key."""
    authenticated: bool = False
    """Whether the provider's tokens are among the secrets."""
    twins: tuple[int, ...] = ()
    """The ids of the other instances of the name."""

    @property
    def identities(self) -> dict[str, tuple[str, ...]]:
        """What the variables are named after, by configuration key. An id only where the name does not suffice."""
        own = (f"id {self.instance.id}",) if self.twins else ()
        return {key: (self.element_key, self.instance.name, *own, key) for key in sorted(self.secrets)}


def is_server_made(key: str) -> bool:
    """Return whether a configuration key is not the user's, but made by the platform or the provider."""
    return _SERVER_MADE.fullmatch(key) is not None


def export_from(
    instances: Iterable[Instance],
    elements: Mapping[str, Element | None],
    known: Iterable[str] = (),
    plain_keys: Collection[str] = (),
) -> Export:
    """Return what makes the same instances elsewhere, with a variable in place of each value that may not be shown.

    Args:
        instances: The whole instances, each with its element key.
        elements: The elements of the catalog by key, None if the catalog does not tell.
        known: Secrets that no value may hold, as it may not hold those of any of the instances.
        plain_keys: The keys that the user exempts from the rule about what may be shown.
    """
    instances = tuple(instances)
    shown = foreign_configurations(instances, known, plain_keys)
    drafts = sorted(
        (
            _draft(instance, elements.get(instance.element_key or ""), row)
            for instance, row in zip(instances, shown, strict=True)
        ),
        key=lambda draft: (draft.element_key, draft.instance.name, draft.instance.id or 0),
    )
    duplicates = tuple(_find_duplicates(drafts))
    names = variable_names([identity for draft in drafts for identity in draft.identities.values()])
    return Export(
        items=tuple(_item(draft, names, elements.get(draft.element_key)) for draft in drafts),
        secrets=tuple(
            Secret(names[identity], draft.instance.name, draft.element_key, key, _purpose(draft, key))
            for draft in drafts
            for key, identity in draft.identities.items()
        ),
        duplicates=duplicates,
    )


def _draft(instance: Instance, element: Element | None, row: Mapping[str, t.Any]) -> _Draft:
    """Return the draft of an instance whose configuration may be shown as in `row`."""
    draft = _Draft(instance, instance.element_key or "")
    entries = {entry.key: entry for entry in (element.entries if element else None) or ()}
    for key, value in (instance.configuration or {}).items():
        entry = entries.get(key)
        default = entry.default if entry else None
        is_secret = names_secret(key) or bool(entry and entry.secret)
        if (is_server_made(key) and not (entry and entry.required)) or (is_secret and value in (None, "")):
            continue
        if not is_secret and (same_value(default, value) or (default and holds_mask(value))):
            continue
        if key not in row:
            continue  # It holds a secret.
        if row[key] == MASK:
            draft.secrets[key] = _entry_name(entry)
        else:
            draft.shown[key] = as_text(value)
    tokens = oauth_tokens(instance, element)
    draft.authenticated = bool(tokens)
    draft.secrets.update((key, _OAUTH_TOKENS[key]) for key in tokens)
    if element is not None:
        draft.secrets.update((entry.key, _entry_name(entry)) for entry in _untold(draft, element))
    return draft


def _entry_name(entry: CatalogEntry | None) -> str:
    return (entry.name if entry else None) or ""


def _purpose(draft: _Draft, key: str) -> str:
    """Return what a secret is for, in words on one line."""
    called, name = draft.secrets[key], draft.instance.name
    what = f"{called} ({key})" if called else key
    of = f"{name} with the former id {draft.instance.id}" if draft.twins else name
    return printable(f"{what} of {of}, element {draft.element_key}")


def printable(text: str) -> str:
    """Return a text on one line, what cannot be seen escaped as YAML does it within double quotes."""
    return "".join(character if character.isprintable() else _escaped(ord(character)) for character in text)


def _escaped(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _untold(draft: _Draft, element: Element) -> tuple[CatalogEntry, ...]:
    """Return what the element needs and the platform does not tell: Stripe's `api.key` does not come back."""
    desired = DesiredInstance(
        draft.instance.name,
        draft.element_key,
        configuration=draft.shown,
        secrets=draft.secrets,
        external_authentication="initial" if draft.authenticated else None,
    )
    return unanswered(desired, element)


def oauth_tokens(instance: Instance, element: Element | None) -> tuple[str, ...]:
    """Return the keys of the provider's tokens that make an instance of an OAuth element without a browser.

    A refresh token is enough, where there is one: the platform gets an access token with it. Empty where the instance
    does not authenticate with OAuth, or with a password by it.
    """
    configuration = instance.configuration or {}
    held = {key for key in _OAUTH_TOKENS if configuration.get(key)}
    chosen = configuration.get("authentication.type")
    flavour = chosen or (element.authentication if element else None) or ("oauth" if held else "")
    flavour = str(flavour).lower()
    if instance.external_authentication != "initial" and flavour not in ("oauth", "oauth1", "oauth2"):
        return ()
    if flavour == "oauth1" or "oauth.user.token.secret" in held:
        return ("oauth.user.token", "oauth.user.token.secret")
    if "oauth.user.refresh_token" not in held and "oauth.user.token" in held:
        return ("oauth.user.token",)
    return ("oauth.user.refresh_token",)


def _find_duplicates(drafts: Iterable[_Draft]) -> Iterator[Duplicates]:
    """Yield what bears one name, and let each know of the others."""
    same: dict[tuple[str, str], list[_Draft]] = defaultdict(list)
    for draft in drafts:
        same[draft.element_key, draft.instance.name].append(draft)
    for (element_key, name), group in same.items():
        if len(group) > 1:
            ids = tuple(draft.instance.id or 0 for draft in group)
            for draft in group:
                draft.twins = tuple(other for other in ids if other != draft.instance.id)
            yield Duplicates(name, element_key, ids)


def _item(draft: _Draft, names: Mapping[tuple[str, ...], str], element: Element | None) -> ExportedInstance:
    instance = draft.instance
    options: dict[str, t.Any] = {
        "name": instance.name,
        "element_key": draft.element_key,
        "tags": sorted(instance.tags),
        # Said of every instance: otherwise one that somebody disables later would be as described.
        "enabled": instance.enabled,
    }
    if draft.authenticated:
        options["external_authentication"] = "initial"
    if instance.fingerprints and draft.secrets:
        options["update_secrets"] = "on_change"
    if draft.shown:
        options["configuration"] = dict(sorted(draft.shown.items()))
    # Without these, a task would take them for secrets, or mask them.
    plain_keys = [key for key, value in sorted(draft.shown.items()) if not may_be_shown(key, value, (), given=True)]
    if plain_keys:
        options["plain_keys"] = plain_keys
    if draft.secrets:
        options["secret_configuration"] = {key: names[identity] for key, identity in draft.identities.items()}
    return ExportedInstance(options, tuple(_notes(draft, options, element)))


def _notes(draft: _Draft, options: Mapping[str, t.Any], element: Element | None) -> Iterator[str]:
    """Yield what whoever applies an item has to know of it."""
    instance = draft.instance
    if draft.twins:
        others = ", ".join(map(str, draft.twins))
        yield (
            f"TO DECIDE: more than one instance of the element has this name. This one has the id {instance.id}, the "
            f"others have {others}. Remove or rename all but one: until then the fleet is refused."
        )
    yield from (f"TO CHANGE: no task can set this. {refusal}" for refusal in _refusals(options))
    if draft.authenticated:
        yield (
            "OAuth: to be made without a browser, it needs what the provider issued to this application. Or give "
            "provider_data with a new code in place of external_authentication and the tokens."
        )
    if element is not None and has_a_choice(element) and draft.secrets:
        yield (
            "The element has more than one way to authenticate, and nothing tells which secrets this instance needs. "
            "Remove those that it does not."
        )
    if element is None or element.entries is None:
        yield "The catalog tells nothing of this element: it may need secrets that are not listed here."


def _refusals(options: Mapping[str, t.Any]) -> tuple[str, ...]:
    """Return all that a task would refuse of options, in words. The names of variables stand in for the secrets."""
    refused: dict[str, None] = {}
    for part in _parts(options):
        try:
            parse({**_NOT_GIVEN, "plain_keys": options.get("plain_keys", ()), **part}, "", b"")
        except CloudElementsError as error:
            refused[error.message] = None
    return tuple(refused)


def _parts(options: Mapping[str, t.Any]) -> Iterator[Mapping[str, t.Any]]:
    """Yield each option and each key of one by itself, since a task names only the first that it refuses; then all."""
    for option, value in options.items():
        if isinstance(value, Mapping):
            yield from ({option: {key: each}} for key, each in value.items())
        else:
            yield {option: value}
    yield options
