# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Refuse places of several hosts that are one, before any host writes there. Pure but for resolving links.

The filter `cloud_elements_places_problem` calls this.
"""

from __future__ import annotations

import os.path
import typing as t
from collections.abc import Iterable, Mapping, Sequence


def places_problem(
    variables: Mapping[str, Mapping[str, t.Any]], hosts: Sequence[str], required: Iterable[str], optional: Iterable[str]
) -> str:
    """Say why hosts of one run cannot have the places that they name, or nothing if they can.

    Args:
        variables: The variables of the hosts.
        hosts: The hosts of the run.
        required: The variables that each host must have if there are several.
        optional: The variables that hosts may have.
    """
    if len(hosts) < 2:
        return ""
    required = list(required)
    for name in [*required, *optional]:
        users: dict[str, str] = {}
        for host in hosts:
            given = variables[host].get(name)
            if given in (None, ""):
                if name in required:
                    return f"{_several(hosts)} Each needs {name} of its own, and {host} has none. {_NOTHING}"
                continue
            place = os.path.realpath(os.path.expanduser(str(given)))
            other = users.setdefault(place, host)
            if other != host:
                return f"{_several(hosts)} {other} and {host} have the same {name}, {place}. {_NOTHING}"
    return ""


_NOTHING = "Nothing was written. Set it for each host, or give the name of one host."


def _several(hosts: Sequence[str]) -> str:
    return f"cloud_elements_hosts matches {len(hosts)} hosts: {', '.join(hosts)}."
