# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Refuse places of a run that are one, before any host writes there. Pure but for resolving links.

The filter `cloud_elements_places_problem` calls this.
"""

from __future__ import annotations

import os.path
import typing as t
from collections.abc import Iterator, Mapping, Sequence

_NAMED = 10
"""The hosts that a message names at most."""


def places_problem(hosts: Mapping[str, Mapping[str, t.Any]], shared: Mapping[str, t.Any]) -> str:
    """Say why the hosts of one run cannot have the places that they name, or nothing if they can.

    Args:
        hosts: The places of each host, by the variable that names each. A place may be blank.
        shared: The places that the run writes to once, in the same form.
    """
    users: dict[str, str] = {}
    for given, user in _used(hosts, shared):
        place = os.path.realpath(os.path.expanduser(str(given)))
        other = users.setdefault(place, user)
        if other != user:
            return (
                f"{_several(list(hosts))}{other} and {user} lead to the same place, {place}. Nothing was written. "
                "Give each a place of its own."
            )
    return ""


def _used(hosts: Mapping[str, Mapping[str, t.Any]], shared: Mapping[str, t.Any]) -> Iterator[tuple[t.Any, str]]:
    """Yield each place that is given, with its user in words."""
    for host, places in hosts.items():
        yield from ((given, f"{name} of {host}") for name, given in places.items() if given)
    yield from ((given, name) for name, given in shared.items() if given)


def _several(hosts: Sequence[str]) -> str:
    if len(hosts) < 2:
        return ""
    more = f" and {len(hosts) - _NAMED} more" if len(hosts) > _NAMED else ""
    return f"cloud_elements_hosts matches {len(hosts)} hosts: {', '.join(hosts[:_NAMED])}{more}. "
