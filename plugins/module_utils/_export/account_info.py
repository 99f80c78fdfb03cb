# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the module that exports an account does, from options to result. `observation` asks the platform."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._api.run import Run
from .._resources.instance.options import filter_from
from .._resources.kinds import COMMON_RESOURCES, FORMULA_INSTANCES, FORMULAS, INSTANCES, KINDS
from .._secrets.redaction import Redactor
from .common_resources import describe_common_resource
from .described import Described, Hidden, Note, Part, ResourceIdentity, Twins, masked, without_known_secrets
from .formula_instances import describe_formula_instances
from .formulas import describe_formulas
from .instances import Export, ExportedInstance, export_from
from .observation import AccountObserver


def describe_account(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return what an account has as options that make the same elsewhere.

    Args:
        params: The options of the module.
        run: The run.

    Raises:
        CloudElementsError: A listing failed. `invalid_response` if the platform does not tell all of one.
    """
    observer = AccountObserver(filter_from(params), run)
    redactor = Redactor(run.known_secrets)
    plain_keys = params["plain_keys"]
    parts: dict[str, Part] = {}
    if INSTANCES in params["include"]:
        chosen = observer.chosen_instances
        export = export_from(chosen, observer.elements(chosen), run.known_secrets, plain_keys)
        parts[INSTANCES] = _instances(export)
    if COMMON_RESOURCES in params["include"]:
        parts[COMMON_RESOURCES] = _common_resources(observer, redactor)
    if FORMULAS in params["include"]:
        parts[FORMULAS] = describe_formulas(observer.formula_states(), redactor)
    if FORMULA_INSTANCES in params["include"]:
        parts[FORMULA_INSTANCES] = describe_formula_instances(
            observer.formula_instances(),
            {formula.id: formula for formula in observer.own_formulas()},
            observer.instances_by_id(),
            run.known_secrets,
            plain_keys,
        )
    return {
        "changed": False,
        **account_result({kind: without_known_secrets(part, redactor) for kind, part in parts.items()}),
    }


def account_result(parts: Mapping[str, Part]) -> dict[str, t.Any]:
    """Return the return values for exported resources by kind. A kind that is not among them is empty."""
    return {
        **{kind: [masked(item) for item in parts.get(kind, Part()).items] for kind in KINDS},
        "secrets": [
            _secret(item.identity, hidden, (kind, position))
            for kind, part in parts.items()
            for position, item in enumerate(part.items)
            for hidden in item.hidden
        ],
        "notes": [
            {**_told(note.identity), "note": note.text}
            for part in parts.values()
            for note in (
                *(Note(item.identity, text) for item in part.items for text in item.notes),
                *part.notes,
            )
        ],
        "duplicates": [
            {**_told(same.identity), "ids": list(same.ids)} for part in parts.values() for same in part.twins
        ],
    }


def _told(identity: ResourceIdentity) -> dict[str, t.Any]:
    return {
        "kind": identity.kind,
        "name": identity.name,
        "element_key": identity.element_key,
        "formula": identity.formula,
    }


def _secret(identity: ResourceIdentity, hidden: Hidden, place: tuple[str, int]) -> dict[str, t.Any]:
    return {
        "variable": hidden.variable,
        **_told(identity),
        "key": hidden.key,
        "purpose": hidden.purpose,
        "path": [*place, *hidden.path],
    }


def _instances(export: Export) -> Part:
    return Part(
        tuple(_instance(item, {secret.variable: secret.purpose for secret in export.secrets}) for item in export.items),
        twins=tuple(
            Twins(ResourceIdentity(INSTANCES, same.name, same.element_key), same.ids) for same in export.duplicates
        ),
    )


def _instance(item: ExportedInstance, purposes: Mapping[str, str]) -> Described:
    hidden = (
        Hidden(("secret_configuration", key), variable, key, purposes[variable])
        for key, variable in item.options.get("secret_configuration", {}).items()
    )
    return Described(ResourceIdentity(INSTANCES, item.name, item.element_key), item.options, tuple(hidden), item.notes)


def _common_resources(observer: AccountObserver, redactor: Redactor) -> Part:
    """Return the common resources of all levels, in the order of their names."""
    described: list[Described] = []
    notes: list[Note] = []
    for found in observer.common_resources():
        if isinstance(found, Note):
            notes.append(found)
        else:
            described.append(describe_common_resource(found.asked, found.observed, redactor, found.unread))
    return Part(tuple(sorted(described, key=_by_name)), tuple(notes))


def _by_name(item: Described) -> tuple[str, ...]:
    instance = item.options.get("instance") or {}
    return (item.identity.name, item.identity.element_key or "", instance.get("name") or "", item.options["level"])
