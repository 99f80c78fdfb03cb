# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""Which instance is meant. Names are not unique on the platform, so the answer may also be: more than one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ._client import Client
from ._errors import CloudElementsError, Kind
from ._models import Instance, Wanted
from ._pace import Pace
from ._words import quote

RELIST_AFTER = (1.0, 2.0, 4.0)
"""Seconds between looks at more than one match: another run may just be removing its own."""

READ_AGAIN_AFTER = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between looks at one that is listed and not found by its id: the one or the other lags, or it is going."""

# What every server reads as it stands: no quote, wildcard or separator that could be taken for something else.
_PLAIN_RUN = re.compile(r"[A-Za-z0-9]+(?:[ ._-][A-Za-z0-9]+)*")
_SHORTEST_SEARCH = 3
_LONGEST_SEARCH = 64


def find(wanted: Wanted, client: Client, pace: Pace) -> Instance | None:
    """Return the whole instance that is meant, or None where there is none.

    In: the wish, of which id, name and element key count. The id decides alone; without it, the exact name within the
    element. Raises C(ambiguous) where more than one matches and stays, and C(invalid_response) where one is listed and
    stays listed, but is not found by its id: a read may lag behind, and what is listed must not be made again.
    """
    if wanted.id is not None:
        instance = client.get_instance(wanted.id)
        if instance is not None and wanted.renames(instance):
            refuse_taken(wanted, instance, look(wanted, client, hydrate=False))
        return instance
    waits = iter(READ_AGAIN_AFTER)
    while (match := only(wanted, client, pace)) is not None:
        whole = complete(match, client)
        if whole is not None:
            return whole
        wait = next(waits, None)
        if wait is None:
            raise CloudElementsError(
                Kind.INVALID_RESPONSE,
                f"{wanted.label} is listed with id {match.id}, but the platform finds none with that id. Nothing was "
                "changed. Run again.",
            )
        pace.wait(wait, f"{wanted.label} is listed, but not found by its id.")
    return None


def only(wanted: Wanted, client: Client, pace: Pace) -> Instance | None:
    """Return the one instance with this name as it is listed, or None. Raises C(ambiguous) for more that stay."""
    matches = look(wanted, client)
    for wait in RELIST_AFTER:
        if len(matches) < 2:
            break
        pace.wait(wait, f"{wanted.label} is there more than once.")
        matches = look(wanted, client)
    if len(matches) > 1:
        raise ambiguous(wanted, matches)
    return matches[0] if matches else None


def look(wanted: Wanted, client: Client, *, hydrate: bool = True) -> tuple[Instance, ...]:
    """Return all instances with exactly this name, within the element if one is given, the oldest first.

    Raises C(invalid_response) where there is none in what is listed, but the platform counts more than it lists: that
    is never taken for there being none.
    """
    text = search_text(wanted.name, wanted.element_key)
    listing = client.list_instances(search_text=text, hydrate=hydrate)
    if not listing.complete:  # Something changed in between, or the count does not heed the search.
        listing = client.list_instances(hydrate=hydrate)
    matches = select(wanted, listing.instances)
    if not matches and not listing.complete:
        raise CloudElementsError(
            Kind.INVALID_RESPONSE,
            f"{wanted.label} is not in the listing, but the platform counts more instances than it lists. Run again.",
        )
    return matches


def select(wanted: Wanted, instances: Iterable[Instance]) -> tuple[Instance, ...]:
    """Return the instances that bear the wanted name, the lowest id first. Case, spaces and length all count."""
    matches = (
        instance
        for instance in instances
        if instance.name == wanted.name and wanted.element_key in (None, instance.element_key)
    )
    return tuple(sorted(matches, key=lambda instance: instance.id or 0))


def search_text(*texts: str | None) -> str | None:
    """Return a text that the server's search certainly finds the instance by, or None where it has to list all.

    The server looks for a substring in the name and in the element key (vendor acceptance suite,
    elements/instances.js). So any part of either does, and the one taken has no character that could be read otherwise.
    In: the name and the element key, the one that finds fewer first.
    """
    for text in texts:
        runs = _PLAIN_RUN.findall(text or "")
        longest = max(runs, key=len, default="")[:_LONGEST_SEARCH].rstrip(" ._-")
        if len(longest) >= _SHORTEST_SEARCH:
            return longest
    return None


def complete(instance: Instance, client: Client) -> Instance | None:
    """Return the instance with all that the platform tells: rows of a listing may lack the configuration."""
    if instance.is_complete or instance.id is None:
        return instance
    return client.get_instance(instance.id)


def refuse_taken(wanted: Wanted, instance: Instance, matches: Iterable[Instance]) -> None:
    """Raise C(ambiguous) where another instance of the element has the name that one is to be given. Pure."""
    taken = [match for match in matches if match.id != instance.id and match.element_key == instance.element_key]
    if taken:
        raise CloudElementsError(
            Kind.AMBIGUOUS,
            f"The instance with id {instance.id} can not be renamed to {quote(wanted.name)}: the instance with id "
            f"{taken[0].id} of the same element has that name, and no one could tell them apart by it any more.",
        )


def ambiguous(wanted: Wanted, matches: Iterable[Instance]) -> CloudElementsError:
    """Return the error for more than one match, which names them all and the option that decides."""
    named = ", ".join(f"{instance.id} (element {quote(instance.element_key)})" for instance in matches)
    return CloudElementsError(
        Kind.AMBIGUOUS,
        f"{wanted.label} is there more than once, with the ids {named}. None of them was changed or "
        "removed. Say which one is meant with id, or remove the others with state=absent and their id.",
    )
