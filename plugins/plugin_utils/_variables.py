# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the connection from Ansible variables, for the action plugin and the lookup. Runs on the controller only."""

from __future__ import annotations

import typing as t
from collections.abc import Container, Mapping

from ansible.errors import AnsibleError, AnsibleValueOmittedError
from ansible.template import Templar
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import (
    CONNECTION,
    read,
    variable_for,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import invalid


def from_variables(given: Container[str], variables: Mapping[str, t.Any], templar: Templar) -> dict[str, t.Any]:
    """Return the connection options that a task does not give but variables do, with templates in them resolved.

    Args:
        given: The names of the options that the task gives.
        variables: The variables of the host that the task is for, whatever host it is delegated to.
        templar: What resolves templates with these variables.

    Raises:
        CloudElementsError: `invalid_options` if a variable is blank, of another type, or cannot be resolved. The
            message names the variable, and never its value.
    """
    found = {}
    for option, entry in CONNECTION.spec.items():
        name = variable_for(option)
        if option in given or name not in variables:
            continue
        try:
            value = templar.template(variables[name])
        except AnsibleValueOmittedError:
            continue
        except AnsibleError as error:
            # Not `from error`: Ansible would show the lines of the file around the variable, which may hold secrets.
            raise invalid(f"The variable {name} cannot be resolved: {error.message}") from None
        read(value, entry["type"], f"The variable {name}")
        # As it was found, since a path means one on the host where the module runs.
        found[option] = value
    return found
