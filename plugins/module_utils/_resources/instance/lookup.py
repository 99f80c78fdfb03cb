# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the instance that is meant. Names are not unique on the platform, so there may be more than one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..._api.client import Client
from ..._api.instances import Listing
from ..._api.models import Instance
from ..._api.names import Identity, folded
from ..._core.errors import CloudElementsError, ErrorKind
from ..._core.text import enumerated, quote
from ..._reconcile import races
from ..._reconcile.races import RELIST_AFTER
from .desired import DesiredInstance, describe
from .ownership import Survey, has_content
from .plan import creation

READ_AGAIN_AFTER = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between looks at one that is listed and not found by its id: the one or the other lags, or it is going."""

# What every server reads as it stands: no quote, wildcard or separator that could be taken for something else.
_PLAIN_RUN = re.compile(r"[A-Za-z0-9]+(?:[ ._-][A-Za-z0-9]+)*")
_SHORTEST_SEARCH = 3
_LONGEST_SEARCH = 64


@dataclass(frozen=True)
class Sight:
    """What a look for a name found: the instances that bear it, the oldest first, in all that was listed."""

    matches: tuple[Instance, ...]
    listed: tuple[Instance, ...]


def find(desired: DesiredInstance, client: Client) -> Instance | None:
    """Return the whole instance that is meant, or None if there is none.

    The id decides alone. Without it, the exact name within the element does.

    Raises:
        CloudElementsError: `ambiguous` if more than one matches and stays. `invalid_response` if one is listed and
            stays listed, but is not found by its id, or its element is not told: what is listed must not be made again.
    """
    if desired.id is not None:
        instance = client.instances.get(desired.id)
        if instance is not None and desired.renames(instance):
            refuse_taken(desired, instance, look(desired, client, hydrate=False).matches)
        return instance
    return _find_by_name(desired, client, by_element=False)[0]


def find_or_survey(desired: DesiredInstance, client: Client) -> Instance | None:
    """Do what `find` does, and refuse a create if an earlier one is there under a name that the platform changed.

    Before a create, all instances of the element are listed. What was there before is never taken for what this run
    created.

    Raises:
        CloudElementsError: What `find` raises, and `name_changed` if an earlier create is there under another name.
    """
    if desired.id is not None or desired.element_key is None or desired.name is None or not desired.present:
        return find(desired, client)
    instance, listed = _find_by_name(desired, client, by_element=False)
    if instance is None and search_text(desired.name) is not None:  # Only what may have the name was listed.
        instance, listed = _find_by_name(desired, client, by_element=True)
    if instance is None:
        refuse_earlier(desired, Survey(listed), frozenset([(desired.element_key, desired.name)]), client)
    return instance


def refuse_earlier(desired: DesiredInstance, survey: Survey, names: Collection[Identity], client: Client) -> None:
    """Raise `name_changed` if an earlier create of an instance is there under a name that the platform changed.

    Args:
        desired: The instance that is to be created.
        survey: A complete listing of its element.
        names: The names that this run wants to be there, which are no changed ones.
        client: Reads the instances that come into question.
    """
    found = []
    for candidate in survey.respelled(desired.element_key, desired.name or "", names):
        whole = complete(candidate, client)
        if whole is None or not has_content(creation(desired), whole, desired.secrets):
            continue
        # What was only cut off may be another one. It matters if another create could not be removed again.
        if folded(whole.name) == folded(desired.name or "") or whole.created_date is None:
            found.append(f"{quote(whole.name)} with id {whole.id}")
    if found:
        raise CloudElementsError(
            ErrorKind.NAME_CHANGED,
            f"The {desired} seems to be there already under another name, which the platform may have made of this "
            f"one. The tags and the configuration are the same: {enumerated(found)}. Nothing was created. Use that "
            "name, or rename the instance by its id. If it is another one, give this one other tags.",
        )


def _find_by_name(
    desired: DesiredInstance, client: Client, *, by_element: bool
) -> tuple[Instance | None, tuple[Instance, ...]]:
    """Return the whole instance of a name, or None, and what was listed to find it."""
    waits = iter(READ_AGAIN_AFTER)
    while True:
        match, listed = only(desired, client, by_element=by_element)
        if match is None:
            return None, listed
        whole = complete(match, client)
        if whole is not None and whole.name == desired.name:
            return (whole if is_of_element(desired, whole) else None), listed
        wait = next(waits, None)
        if wait is None:
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"The {desired} is listed with id {match.id}, but the platform finds "
                + (f"{quote(whole.name)} with that id." if whole else "none with that id.")
                + " Nothing was changed. Run again.",
            )
        client.budget.wait(wait, f"The {desired} is listed, but not found by its id.")


def is_of_element(desired: DesiredInstance, whole: Instance) -> bool:
    """Tell whether an instance of the desired name is of the desired element.

    Raises:
        CloudElementsError: `invalid_response` if the platform does not tell its element.
    """
    if desired.element_key in (None, whole.element_key):
        return True
    if whole.element_key is not None:
        return False
    raise CloudElementsError(
        ErrorKind.INVALID_RESPONSE,
        f"The {desired} may be there with id {whole.id}: the platform does not tell the element of that one. Nothing "
        "was changed. Look at it, and give its id if it is the one that is meant, or rename it if it is not.",
    )


def only(
    desired: DesiredInstance, client: Client, *, by_element: bool = False
) -> tuple[Instance | None, tuple[Instance, ...]]:
    """Return the one instance with this name as it is listed, or None, and all that was listed.

    Raises:
        CloudElementsError: `ambiguous` if there is more than one, and that stays so.
    """
    sight = look(desired, client, by_element=by_element)
    for wait in RELIST_AFTER:
        if len(sight.matches) < 2:
            break
        client.budget.wait(wait, f"The {desired} is there more than once.")
        sight = look(desired, client, by_element=by_element)
    if len(sight.matches) > 1:
        raise ambiguous(desired, sight.matches)
    return (sight.matches[0] if sight.matches else None), sight.listed


def look(desired: DesiredInstance, client: Client, *, hydrate: bool = True, by_element: bool = False) -> Sight:
    """Return all instances with exactly this name, within the element if one is given.

    Args:
        desired: The name and the element key to look for.
        client: Lists the instances.
        hydrate: Whether the rows should have the configuration.
        by_element: Whether to list all instances of the element, and not only those whose name may be the one.

    Raises:
        CloudElementsError: `invalid_response` if there is none in what is listed, but the platform counts more than it
            lists: that is never taken for there being none.
    """
    text = search_text(desired.element_key) if by_element else search_text(desired.name, desired.element_key)
    listing = client.instances.list(search_text=text, hydrate=hydrate)
    if not listing.complete:  # Something changed in between, or the count does not heed the search.
        listing = client.instances.list(hydrate=hydrate)
    refuse_odd(desired, listing)
    matches = select(desired, listing.instances)
    if not matches and not listing.complete:
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            f"The {desired} is not in the listing, but the platform counts more instances than it lists. Run again.",
        )
    return Sight(matches, listing.instances)


def refuse_odd(desired: DesiredInstance, listing: Listing) -> None:
    """Raise `invalid_response` if a row that cannot be read may be the desired instance: it must not be made again."""
    for row in listing.odd:
        if row.name == desired.name and (row.element_key is None or desired.element_key in (None, row.element_key)):
            raise CloudElementsError(
                ErrorKind.INVALID_RESPONSE,
                f"The {desired} is listed with id {row.id}, but cannot be read: {row.why}. Nothing was changed.",
            )


def select(desired: DesiredInstance, instances: Iterable[Instance]) -> tuple[Instance, ...]:
    """Return the instances that bear the desired name, the lowest id first. Case, spaces and length all count.

    If none is of the desired element, return those whose element the platform does not tell.
    """
    named = [instance for instance in instances if instance.name == desired.name]
    certain = [instance for instance in named if desired.element_key in (None, instance.element_key)]
    matches = certain or [instance for instance in named if instance.element_key is None]
    return tuple(sorted(matches, key=lambda instance: instance.id or 0))


def search_text(*texts: str | None) -> str | None:
    """Return a text that the server's search certainly finds the instance by, or None if the server must list all.

    The server looks for a substring in the name and in the element key (vendor acceptance suite,
    elements/instances.js). So any part of either will do. The chosen part has no character that could mean more.

    Args:
        texts: The name and the element key, the one that finds fewer first.
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
    return client.instances.get(instance.id)


def refuse_taken(desired: DesiredInstance, instance: Instance, matches: Iterable[Instance]) -> None:
    """Raise `ambiguous` if another instance of the element has the name that one is to be given. Pure."""
    taken = [match for match in matches if match.id != instance.id and match.element_key == instance.element_key]
    if taken:
        raise CloudElementsError(
            ErrorKind.AMBIGUOUS,
            f"The {describe(None, None, instance.id)} cannot be renamed to {quote(desired.name)}: the instance with id "
            f"{taken[0].id} of the same element has that name, and nobody could tell them apart by it any more.",
        )


def ambiguous(desired: DesiredInstance, matches: Iterable[Instance]) -> CloudElementsError:
    """Return the error for more than one match, which names them all with their elements."""
    return races.ambiguous(str(desired), matches, lambda match: f"{match.id} (element {quote(match.element_key)})")
