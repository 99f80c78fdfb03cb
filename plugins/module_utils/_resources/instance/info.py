# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module that lists instances, from options to result, and find tokens for the lookup."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping

from ..._api.client import Client
from ..._api.models import Instance
from ..._api.run import Run
from ..._core.errors import CloudElementsError, ErrorKind, invalid
from .desired import DesiredInstance, InstanceFilter
from .lookup import complete, find, search_text
from .options import filter_from
from .result import project_foreign

_MOST_TAGS = 10
"""Tags that the server is asked to filter by. More would only make the URL too long for it."""


def list_instances(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return the instances that an account has, as far as they pass the options' filters."""
    desired = filter_from(params)
    instances = sorted(_matching(desired, run.client), key=lambda instance: instance.id or 0)
    rows = project_foreign(instances, run.known_secrets, params["plain_keys"])
    if params["include_token"]:
        for row, instance in zip(rows, instances, strict=True):
            row["token"] = instance.token
    return {"changed": False, "instances": rows}


def _matching(desired: InstanceFilter, client: Client) -> Iterator[Instance]:
    """Yield the whole instances that pass a filter. The server filters first, as far as it surely means the same."""
    if desired.id is not None:
        found = client.instances.get(desired.id)
        return completed(desired, (found,) if found else (), client)
    return completed(desired, search(desired, client), client)


def search(desired: InstanceFilter, client: Client) -> tuple[Instance, ...]:
    """Return what the server finds for a filter, which may be more than passes.

    Raises:
        CloudElementsError: `invalid_response` if the server counts more than it lists. What is shown or
            removed because of
            it would not be all.
    """
    text = search_text(desired.name, desired.element_key)
    plain = tuple(tag for tag in sorted(desired.tags) if search_text(tag) == tag)[:_MOST_TAGS]
    listing = client.instances.list(search_text=text, tags=plain)
    if not listing.complete:  # Something changed in between, or the count does not heed the search.
        listing = client.instances.list()
    if not listing.complete:
        raise CloudElementsError(
            ErrorKind.INVALID_RESPONSE,
            "The platform counts more instances than it lists, so some would be missing. Run again.",
        )
    return listing.instances


def completed(desired: InstanceFilter, candidates: Iterable[Instance], client: Client) -> Iterator[Instance]:
    """Yield the instances that pass a filter, with all that the platform tells of them."""
    for candidate in candidates:
        if desired.matches(candidate):
            whole = complete(candidate, client)
            if whole is not None:
                yield whole


def find_token(name: t.Any, element_key: str | None, run: Run) -> str:
    """Return the token of the one instance with a name, within an element if one is given.

    Raises:
        CloudElementsError: `invalid_options` if this cannot be a name, `not_found`, or `ambiguous`.
    """
    if not isinstance(name, str):
        raise invalid(f"A name is a text, not of type {type(name).__name__}.")
    asked = filter_from({"name": name, "element_key": element_key})
    desired = DesiredInstance(name=asked.name, element_key=asked.element_key)
    instance = find(desired, run.client)
    if instance is None or instance.token is None:
        raise CloudElementsError(ErrorKind.NOT_FOUND, f"The {desired} does not exist, or has no token.")
    return instance.token
