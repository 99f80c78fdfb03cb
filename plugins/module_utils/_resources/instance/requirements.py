# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the configuration of an instance with what its element needs, by the catalog. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..._api.catalog import CatalogEntry, Element
from ..._core.text import enumerated, nearest, plain, quote
from .desired import DesiredInstance

# Stripe's documented create request gives an API key, where the element has a user name and a password (vendor
# documentation, Create a Stripe instance). Other elements that take the two for a key work the same.
_STANDS_FOR = {"api.key": frozenset({"username", "password"})}


_COMMON = frozenset(
    [
        *("event.notification.enabled", "event.notification.type", "event.notification.callback.url"),
        *("event.notification.signature.key", "event.notification.basic.username", "event.notification.basic.password"),
        *("event.notification.instance.finder", "event.notification.subscription.id"),
        *("event.vendor.type", "event.poller.refresh_interval", "event.poller.configuration", "event.poller.urls"),
        *("event.objects", "event.metadata", "event.helper.key", "filter.response.nulls"),
    ]
)
"""The keys that all elements take, in the catalog or not (vendor documentation, common instance configuration)."""


def missing_configuration(desired: DesiredInstance, element: Element) -> tuple[str, ...]:
    """Return the configuration keys that an element certainly needs for a new instance and that were not given.

    Certainly: where the platform may know better than the catalog, nothing is missing. That is so for elements with a
    choice of authentications, each with its own needs, and where a key was given that the catalog does not have,
    which may stand for one that it has.
    """
    known = {entry.key for entry in element.entries or ()}
    if has_a_choice(element) or _unexpected(_given(desired), known):
        return ()
    return tuple(entry.key for entry in _open(desired, element, _given(desired)))


def unanswered(desired: DesiredInstance, element: Element) -> tuple[CatalogEntry, ...]:
    """Return the entries of an element that a new instance needs, by all that the catalog tells, and that were not
    given. Where the element has a choice of authentications, it may need less."""
    return tuple(_open(desired, element, _given(desired)))


def has_a_choice(element: Element) -> bool:
    """Return whether an element can authenticate in more than one way, each with its own needs."""
    return any(entry.key == "authentication.type" for entry in element.entries or ())


def _given(desired: DesiredInstance) -> set[str]:
    """Return the keys that were given a value, and those that they stand for."""
    given = {key for key, value in {**desired.configuration, **desired.secrets}.items() if value not in (None, "")}
    return given | {key for alias in given for key in _STANDS_FOR.get(alias, ())}


def _open(desired: DesiredInstance, element: Element, given: set[str]) -> Iterator[CatalogEntry]:
    """Yield the entries that are required, have no default and are not among the keys."""
    for entry in element.entries or ():
        if entry.required and not entry.default and _is_asked(entry, desired, given):
            yield entry


def suspicions(desired: DesiredInstance, element: Element) -> Iterator[str]:
    """Yield what is likely to make the platform refuse a new instance, though it is not certain."""
    given = set(desired.configuration) | set(desired.secrets)
    unknown = unknown_keys(given, element)
    missing = [entry.key for entry in _open(desired, element, _given(desired))]
    if unknown:
        needs = f" It needs {enumerated(missing)}." if missing else ""
        yield f"{name_unknown(unknown, element)}{needs} The platform decides whether it takes what was given."
    authenticated = desired.provider_data is not None or desired.external_authentication is not None
    if element.authentication in ("oauth1", "oauth2") and not authenticated:
        yield (
            f"The element {quote(element.key)} authenticates with OAuth. Without provider_data with a code, or "
            "external_authentication=initial with a token in secret_configuration, the platform may refuse it."
        )


def unknown_keys(given: Iterable[str], element: Element) -> frozenset[str]:
    """Return the configuration keys that an element does not have, if the catalog tells which ones it has."""
    if element.entries is None:
        return frozenset()
    known = {entry.key for entry in element.entries}
    return frozenset(key for key in _unexpected(set(given), known) if not may_be_untold(key))


def may_be_untold(key: str) -> bool:
    """Return whether instances of an element may take a key that its entry in the catalog does not have."""
    return key in _STANDS_FOR or key in _COMMON or key.startswith("oauth.user.")


def name_unknown(unknown: Iterable[str], element: Element) -> str:
    """Return a sentence that names configuration keys which an element does not have, each with the nearest it has."""
    known = [*(entry.key for entry in element.entries or ()), *_COMMON]
    guesses = [(plain(key), nearest(key, known)) for key in sorted(unknown)]
    named = enumerated(key if near is None else f"{key} (did you mean {near}?)" for key, near in guesses)
    return f"The element {quote(element.key)} does not have these configuration keys: {named}."


def _unexpected(given: set[str], known: set[str]) -> set[str]:
    """Return the keys that the catalog does not have, but for those that are common to all elements."""
    return given - known - _STANDS_FOR.keys() - _COMMON


def _is_asked(entry: CatalogEntry, desired: DesiredInstance, given: set[str]) -> bool:
    """Return whether an entry that is required has to be given by the user, and is not."""
    if entry.key in given or entry.internal or entry.key.startswith("oauth.user."):
        return False
    return not (desired.external_authentication and entry.key == "oauth.callback.url")


def needs(desired: DesiredInstance, element: Element) -> str | None:
    """Return a sentence with the configuration that an element certainly needs and that was not given, or None."""
    missing = missing_configuration(desired, element)
    if not missing:
        return None
    secret = {entry.key for entry in element.entries or () if entry.secret}
    named = enumerated(f"{plain(key)} (in secret_configuration)" if key in secret else key for key in missing)
    instead = " An API key in place of both is given with api_key." if set(missing) == {"username", "password"} else ""
    return f"The element needs configuration that is not given: {named}.{instead}"
