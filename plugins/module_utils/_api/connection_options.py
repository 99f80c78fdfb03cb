# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the connection options from variables and the environment, and check their values.

`_module` and the plugins on the controller call these functions, so that modules and the lookup read options in the
same way. The precedence between the options of a task and `module_defaults` is not decided here: Ansible merges them
before.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.module_utils.common.validation import (
    check_type_bool,
    check_type_float,
    check_type_int,
    check_type_path,
    check_type_str,
)

from .._core.errors import CloudElementsError, invalid
from .._secrets.argument_spec import Options
from .connection import DEFAULT_BASE_URL

CONNECTION = Options(
    spec={
        "user_secret": {"type": "str", "no_log": True},
        "organization_secret": {"type": "str", "no_log": True},
        "base_url": {"type": "str", "default": DEFAULT_BASE_URL},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 60.0},
        "retries": {"type": "int", "default": 5},
        "deadline": {"type": "float", "default": 600.0},
    },
    fallbacks={
        "user_secret": "CLOUD_ELEMENTS_USER_SECRET",
        "organization_secret": "CLOUD_ELEMENTS_ORGANIZATION_SECRET",
        "base_url": "CLOUD_ELEMENTS_BASE_URL",
        "validate_certs": "CLOUD_ELEMENTS_VALIDATE_CERTS",
        "ca_path": "CLOUD_ELEMENTS_CA_PATH",
        "timeout": "CLOUD_ELEMENTS_TIMEOUT",
        "retries": "CLOUD_ELEMENTS_RETRIES",
        "deadline": "CLOUD_ELEMENTS_DEADLINE",
    },
)

CONNECTION_SECRETS = ("user_secret", "organization_secret")

_TYPES: dict[str, tuple[t.Callable[[t.Any], t.Any], str]] = {
    "bool": (check_type_bool, "a boolean, such as true or false"),
    "float": (check_type_float, "a number"),
    "int": (check_type_int, "a whole number"),
    "path": (check_type_path, "a path"),
    "str": (check_type_str, "a text"),
}


def variable_for(option: str) -> str:
    """Return the name of the Ansible variable for a connection option."""
    return f"cloud_elements_{option}"


def read(value: t.Any, desired: str, origin: str) -> t.Any:
    """Convert a value to the type of its option.

    Args:
        value: The value from any source.
        desired: Ansible's name of the type.
        origin: The source of the value, as the subject of a sentence. Messages name the source and never the value.

    Raises:
        CloudElementsError: `invalid_options` if the value is blank or of another type.
    """
    if is_blank(value):
        raise invalid(f"{origin} is empty. Set it, or remove it.")
    convert, meaning = _TYPES[desired]
    try:
        if isinstance(value, (Mapping, list, tuple)):
            raise TypeError
        return convert(value)
    except (TypeError, ValueError, OverflowError):
        raise invalid(f"{origin} is not {meaning}.") from None


def is_blank(value: t.Any) -> bool:
    """Return whether a value is null, empty, or only white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def from_environment(option: str, environment: Mapping[str, str]) -> t.Any:
    """Return the value of a connection option in the environment, or None.

    A blank variable counts as not set, because schedulers inject blank variables.

    Raises:
        CloudElementsError: `invalid_options` if the value is of another type than the option.
    """
    name = CONNECTION.fallbacks[option]
    value = environment.get(name)
    return None if is_blank(value) else read(value, CONNECTION.spec[option]["type"], f"The environment variable {name}")


def refuse_unusable(given: Mapping[str, t.Any], environment: Mapping[str, str]) -> None:
    """Raise an error if a connection option is blank, or comes only from an invalid environment variable.

    Raises:
        CloudElementsError: `invalid_options`, with the name of the option or variable.
    """
    for option in CONNECTION.fallbacks:
        if option not in given:
            from_environment(option, environment)
        elif is_blank(given[option]):
            raise invalid(f"{option} is empty. If it comes from a variable, that one is empty.")


def usable_environment(environment: Mapping[str, str]) -> dict[str, t.Any]:
    """Return the connection options that the environment sets, without values of a wrong type."""
    usable = {}
    for option in CONNECTION.fallbacks:
        try:
            usable[option] = from_environment(option, environment)
        except CloudElementsError:
            continue  # `refuse_unusable` raises it if the task does not set the option.
    return {option: value for option, value in usable.items() if value is not None}
