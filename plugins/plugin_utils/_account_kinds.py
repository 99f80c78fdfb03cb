# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Own the table of the kinds of resources in an account, with what each module knows of its options. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.cloud_elements.platform.plugins.module_utils._account.argument_spec import OPTIONS_OF
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.common_resource.options import (
    parse as parse_common_resource,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.options import (
    parse as parse_formula,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula_instance.options import (
    parse as parse_formula_instance,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.options import names_instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.options import (
    parse as parse_instance,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import (
    COMMON_RESOURCES,
    FORMULA_INSTANCES,
    FORMULAS,
    INSTANCES,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.argument_spec import Options

from ._account_nodes import Encrypted, Variable

Data: t.TypeAlias = Mapping[str, t.Any]


@dataclass(frozen=True)
class Kind:
    """A kind of resource.

    Attributes:
        options: The table of its options.
        parse: Raises if options cannot be used, and returns warnings.
        identity: Returns what no other document of the kind may have too, as it would mean the same resource.
    """

    options: Options
    parse: Callable[[Data], Sequence[str]]
    identity: Callable[[Data], tuple[Hashable, ...]]

    @property
    def table(self) -> dict[str, t.Any]:
        """The table of options as an entry of one that is above it."""
        return {
            "options": self.options.spec,
            "required_one_of": self.options.required_one_of,
            "mutually_exclusive": self.options.mutually_exclusive,
        }


def _refuse_instance(params: Data) -> Sequence[str]:
    names_instance(params, check_mode=False)
    return parse_instance(params, "", b"")[1]


def _refuse_common_resource(params: Data) -> Sequence[str]:
    parse_common_resource(params)
    return ()


def _by_id_or(data: Data, *names: t.Any) -> tuple[Hashable, ...]:
    return ("id", data["id"]) if data.get("id") is not None else names


def formula_name(data: Data) -> Hashable:
    """Return the name of a formula, which its definition may hold, or what stands for it."""
    definition = data.get("definition")
    own = definition.get("name") if isinstance(definition, Mapping) else definition
    return name_of(own if data.get("name") is None else data["name"])


def name_of(value: t.Any) -> Hashable:
    """Return a name, or what stands for one. What has a form of its own may hold anything else in the place of one."""
    return value if isinstance(value, (str, Variable, Encrypted)) else None


def _common_resource_identity(data: Data) -> tuple[Hashable, ...]:
    instance = data.get("instance")
    owner = tuple(sorted(instance.items())) if isinstance(instance, Mapping) else instance
    return data["name"], data.get("level") or "account", data.get("account_id"), owner


KINDS_BY_NAME: Mapping[str, Kind] = {
    INSTANCES: Kind(
        OPTIONS_OF[INSTANCES],
        _refuse_instance,
        lambda data: _by_id_or(data, data.get("element_key"), data.get("name")),
    ),
    COMMON_RESOURCES: Kind(
        OPTIONS_OF[COMMON_RESOURCES],
        _refuse_common_resource,
        _common_resource_identity,
    ),
    FORMULAS: Kind(
        OPTIONS_OF[FORMULAS],
        lambda params: parse_formula({**params, "id": None})[1],
        lambda data: (formula_name(data),),
    ),
    FORMULA_INSTANCES: Kind(
        OPTIONS_OF[FORMULA_INSTANCES],
        lambda params: parse_formula_instance({**params, "id": None, "formula_id": None})[1],
        lambda data: (data.get("formula"), data.get("name")),
    ),
}
