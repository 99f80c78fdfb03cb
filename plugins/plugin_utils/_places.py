# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Resolve the places that a user names, and refuse those of a run that are one, before any host writes there.

The filter `cloud_elements_places_problem` compares them. Whatever reads or writes at a place resolves it here, or by
Ansible's type `path`, which means the same. Pure but for the environment and for links.
"""

from __future__ import annotations

import os.path
import pathlib
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ._secrets_form import missing_path

_NAMED = 10
"""The hosts that a message names at most."""


@dataclass(frozen=True)
class _Use:
    """A place with what leads there: the variable, and its host if it is of one."""

    path: str
    variable: str
    host: str | None

    def __str__(self) -> str:
        return self.variable if self.host is None else f"{self.variable} of {self.host}"


def expanded(given: str) -> str:
    """Return a path with the variables of the environment and the home resolved in it, as the type `path` does."""
    return os.path.expanduser(os.path.expandvars(given))


def real_place(given: str) -> str:
    """Return the absolute path that a user means, with all links resolved."""
    return os.path.realpath(expanded(given))


def places_problem(hosts: Mapping[str, Mapping[str, t.Any]], shared: Mapping[str, t.Any]) -> str:
    """Say why the hosts of one run cannot have the places that they name, or nothing if they can.

    Args:
        hosts: The places of each host, by the variable that names each. A place may be blank.
        shared: The places that the run writes to once, in the same form.
    """
    uses: dict[str, _Use] = {}
    for use in _uses(hosts, shared):
        other = uses.setdefault(use.path, use)
        if other is not use:
            return _refusal(hosts, f"{other} and {use} lead to the same place, {use.path}.")
    for use in uses.values():
        for parent in pathlib.PurePath(use.path).parents:
            owner = uses.get(str(parent))
            if owner is not None and owner.variable == "account_dir" and owner.host != use.host:
                return _refusal(hosts, f"{use}, which is {use.path}, lies within {owner}.")
    return ""


def _refusal(hosts: Mapping[str, t.Any], why: str) -> str:
    return f"{_several(list(hosts))}{why} Nothing was written. Give each a place of its own."


def _uses(hosts: Mapping[str, Mapping[str, t.Any]], shared: Mapping[str, t.Any]) -> Iterator[_Use]:
    """Yield each place that is given, and those that follow from it."""
    for host, places in [*hosts.items(), (None, shared)]:
        for variable, given in places.items():
            if given:
                path = real_place(str(given))
                yield _Use(path, variable, host)
                if variable.endswith("secrets_dest"):
                    yield _Use(missing_path(path), f"{os.path.basename(missing_path(path))} beside {variable}", host)


def _several(hosts: Sequence[str]) -> str:
    if len(hosts) < 2:
        return ""
    more = f" and {len(hosts) - _NAMED} more" if len(hosts) > _NAMED else ""
    return f"cloud_elements_hosts matches {len(hosts)} hosts: {', '.join(hosts[:_NAMED])}{more}. "
