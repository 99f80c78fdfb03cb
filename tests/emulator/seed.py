# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts formulas and common resources straight into an account, without HTTP and without faults.

Answers are those of the API. Tests call it; what it refuses is an ApiError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .access import Caller
from .call import Call
from .common_resources import definitions, transformations
from .formulas import instances, render, templates

if TYPE_CHECKING:
    from .account import Account

# What can be put there; each is a method of Seed.
KINDS = ("subaccount", "formula", "formula_instance", "definition", "transformation")


class Seed:
    """What there is in one account before a test begins."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def subaccount(self, name: str) -> int:
        """Make another account of the organization known, and return its id."""
        return self._account.store.add_subaccount(name)

    def formula(self, definition: dict[str, Any], account_id: int | None = None) -> dict[str, Any]:
        """Create a formula template, in another account if an id is given."""
        store, switches = self._account.store, self._account.switches
        with store.lock:
            kept = templates.build(store, switches, definition, account_id or store.owner.account_id)
            return render.template(kept, store.formulas, switches)

    def formula_instance(self, formula_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """Create a formula instance."""
        return self._answer(instances.create, "/formulas/{id}/instances", {"id": str(formula_id)}, body)

    def definition(
        self,
        name: str,
        fields: list[dict[str, Any]],
        level: str = "account",
        owner_id: int | None = None,
        description: str | None = None,
    ) -> dict[str, Any]:
        """Create the definition of a common resource at one level; `owner_id` is an account or an instance."""
        body = {"fields": fields, "description": description}
        path, parameters = _path(level, owner_id)
        return self._answer(definitions.create, path, {**parameters, "objectName": name}, body)

    def transformation(
        self, name: str, element_key: str, body: dict[str, Any], level: str = "account", owner_id: int | None = None
    ) -> dict[str, Any]:
        """Create a transformation at one level; for level instance the element is that of the instance."""
        path, parameters = _path(level, owner_id)
        if level != "instance":
            parameters["keyOrId"] = element_key
        return self._answer(transformations.create, path, {**parameters, "objectName": name}, body)

    def hold(self, instance_id: int, name: str = "formula") -> dict[str, Any]:
        """Make a formula instance that uses an element instance, so that its DELETE answers 409."""
        store = self._account.store
        with store.lock:
            owner = store.owner
            kept = store.formulas.hold(owner.account_id, owner.user["id"], int(instance_id), name)
            return render.instance(kept, self._account.switches)

    def _answer(self, handler: Any, path: str, parameters: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        account = self._account
        call = Call("POST", path, parameters, {}, body, Caller(), account.store, account.switches)
        with account.store.lock:
            return dict(handler(call).body)


def _path(level: str, owner_id: int | None) -> tuple[str, dict[str, str]]:
    if level not in ("organization", "account", "instance"):
        raise ValueError(f"level is organization, account or instance, not {level}")
    parameters = {} if owner_id is None else {"id": str(owner_id)}
    return f"/{level}s", parameters
