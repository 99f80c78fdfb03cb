# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a fleet, and reduce it to what a purpose needs, before a module gets it.

The role `fleet` and the playbooks call this through filters. A fleet of Ansible is lazy: reading an option resolves the
templates in it, and raises `UndefinedError` if a variable is not given. So nothing here reads more than it needs.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from jinja2 import UndefinedError

SECRET_VARIABLE = "secret_"
"""What the names of the variables begin with that an export makes for secrets."""

_NOT_COMPARED = "not-compared"
_NEVER_COMPARED = frozenset({"update_secrets", "reauthenticate", "verify", "verify_wait"})

Instances = Sequence[Mapping[str, t.Any]]


def shape_problem(instances: t.Any) -> str:
    """Say why a value is not a fleet, or nothing if it is one."""
    if _is_list(instances) and all(isinstance(item, Mapping) for item in instances):
        return ""
    return "fleet_instances must be a list, and each of its items must be the options of an instance."


def removal_problem(instances: t.Any) -> str:
    """Say why it is not clear which instances to remove, or nothing if it is."""
    if not shape_problem(instances) and instances:
        nameless = [item for item in instances if item.get("id") is None and item.get("name") is None]
        if not nameless:
            return ""
    return "fleet_instances must be a list of instances, at least one, and each of them needs a name or an id."


def provisioning_problem(instances: t.Any, variables: Callable[[], Mapping[str, t.Any]]) -> str:
    """Say why nothing can be provisioned, or nothing if it can as far as the controller knows.

    Args:
        instances: The fleet.
        variables: Returns the variables of secrets that can be resolved. It is called if a secret is missing.
    """
    return shape_problem(instances) or _unfilled(instances, variables) or _twice(instances)


def for_comparison(instances: Instances) -> list[dict[str, t.Any]]:
    """Return a fleet that can be compared with an account although its secrets are not at hand.

    An option that holds a secret is never read, and gets a word in its place. With a word, a new instance is not
    refused for want of a secret. With `update_secrets=on_create`, no secret is sent to one that is there.
    """
    return [
        {option: _compared(item, option) for option in item if option not in _NEVER_COMPARED}
        | {"update_secrets": "on_create"}
        for item in instances
    ]


def for_removal(instances: Instances) -> list[dict[str, t.Any]]:
    """Return a fleet with what identifies its instances, and to be absent, whatever its state is."""
    return [
        {name: item.get(name) for name in ("id", "name", "element_key")} | {"state": "absent"} for item in instances
    ]


def _is_list(value: t.Any) -> t.TypeGuard[Sequence[t.Any]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _compared(item: Mapping[str, t.Any], option: str) -> t.Any:
    if option == "api_key":
        return _NOT_COMPARED
    if option in ("secret_configuration", "provider_data"):
        try:
            given = item[option]
        except UndefinedError:
            given = None
        return dict.fromkeys(given if isinstance(given, Mapping) else ["not-given"], _NOT_COMPARED)
    return item[option]


def _unfilled(instances: Instances, variables: Callable[[], Mapping[str, t.Any]]) -> str:
    lines = []
    undefined = False
    for item in instances:
        for key, reason in _missing_secrets(item):
            lines.append(f"- {key} of {_label(item)}{f': {reason}' if reason else ''}")
            undefined = undefined or reason is not None
    if not lines:
        return ""
    given = variables()
    empty = [name for name, value in given.items() if value in ("", None)]
    used = [value for item in instances for value in _values(item)] if undefined else []
    unused = [name for name, value in given.items() if name not in empty and value not in used] if undefined else []
    if empty:
        lines.append(f"The variables that are empty: {', '.join(empty)}.")
    if undefined:
        lines.append(
            "Is the file of secrets given, with -e @secrets.yml, or is the name of a variable misspelled there?"
        )
    if unused:
        lines.append(f"The variables that are given and that no instance uses: {', '.join(unused)}.")
    return "\n".join(["These secrets are empty or not defined. Nothing was written.", *lines])


def _missing_secrets(item: Mapping[str, t.Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the keys of secrets that are empty, and of those that cannot be resolved, with the reason."""
    if "secret_configuration" not in item:
        return
    try:
        secrets = item["secret_configuration"]
    except UndefinedError as error:
        yield "secret_configuration", _reason(error)
        return
    for key in secrets if isinstance(secrets, Mapping) else ():
        try:
            value = secrets[key]
        except UndefinedError as error:
            yield key, _reason(error)
            continue
        if value is None or value in ({}, []) or (isinstance(value, str) and not value.strip()):
            yield key, None


def _reason(error: UndefinedError) -> str:
    """Return which variable is not defined. Any other problem of a template is raised again for Ansible to show."""
    if error.__cause__ is not None:
        raise error
    return str(error)


def _values(item: Mapping[str, t.Any]) -> Iterator[t.Any]:
    """Yield the values of the options of an instance and of their keys, as far as they can be resolved."""
    for key in item:
        try:
            value = item[key]
        except UndefinedError:
            continue
        if isinstance(value, Mapping):
            yield from _values(value)
        else:
            yield value


def _twice(instances: Instances) -> str:
    labels = Counter(_label(item) for item in instances if item.get("id") is None)
    lines = [f"- {label}: {count} times" for label, count in labels.items() if count > 1]
    if not lines:
        return ""
    return "\n".join(
        [
            "More than one item of fleet_instances has the same name within an element, so what it should be is not "
            "clear. Nothing was written. Remove or rename all but one. If the instances exist, give the id of each.",
            *lines,
        ]
    )


def _label(item: Mapping[str, t.Any]) -> str:
    name = item.get("name") or f"the instance with id {item.get('id', '')}"
    return f"{name}, element {item.get('element_key') or 'not given'}"
