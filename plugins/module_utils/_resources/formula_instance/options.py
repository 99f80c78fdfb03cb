# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the options of one formula instance, and check the rules between them. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ..._core.errors import invalid
from ..._core.text import enumerated, quote
from ..._secrets.disclosure import names_secret
from ..._secrets.redaction import MASK
from ..instance.options import element_key_from
from ..option_values import id_from, name_from, refuse_unsendable, secret_value
from .desired import DesiredFormulaInstance, InstanceReference


def parse(params: Mapping[str, t.Any]) -> tuple[DesiredFormulaInstance, tuple[str, ...]]:
    """Return the desired formula instance for options, and what the user should be warned of.

    Raises:
        CloudElementsError: `invalid_options`. The message names the option, and never a value that may be secret.
    """
    configuration, secrets, warnings = _configuration(params)
    settings = params["settings"] or {}
    for key, value in settings.items():
        refuse_unsendable(value, f"settings, key {quote(key)},")
    desired = DesiredFormulaInstance(
        name=name_from(params["name"]),
        formula=name_from(params["formula"], "formula"),
        formula_id=id_from(params["formula_id"], "formula_id"),
        id=id_from(params["id"]),
        configuration=configuration,
        secrets=secrets,
        settings=settings,
        active=params["active"],
        update_secrets=params["update_secrets"] or "on_create",
        update_secrets_given=params["update_secrets"] is not None,
        plain_keys=frozenset(params["plain_keys"]),
        present=params["state"] == "present",
    )
    if desired.id is None and (desired.name is None or (desired.formula is None and desired.formula_id is None)):
        raise invalid(
            "id is null or empty, and name or the formula is not given, so no formula instance is meant. If id comes "
            "from a variable, such as the result of another task, that one has no id."
        )
    return desired, warnings


def _configuration(params: Mapping[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, t.Any], tuple[str, ...]]:
    """Return the configuration that is compared, the secrets, and warnings."""
    shown: dict[str, t.Any] = {}
    secrets: dict[str, t.Any] = {}
    suspects: list[str] = []
    for key, value in (params["configuration"] or {}).items():
        where = f"configuration, key {quote(key)},"
        if value == MASK:
            secrets[key] = value
            continue
        reference = _reference(value, where)
        if reference is not None:
            shown[key] = reference
            continue
        refuse_unsendable(value, where)
        if names_secret(key) and key not in params["plain_keys"] and not isinstance(value, bool):
            suspects.append(key)
            secrets[key] = secret_value(value, where)
        else:
            shown[key] = value
    for key, value in (params["secret_configuration"] or {}).items():
        if key in shown or key in secrets:
            raise invalid(f"The configuration key {quote(key)} is given more than once. Give it once, as a secret.")
        where = f"secret_configuration, key {quote(key)},"
        secrets[key] = value if value == MASK else secret_value(value, where)
    if not suspects:
        return shown, secrets, ()
    warning = (
        f"These keys in configuration look like secrets and are treated as such: {enumerated(sorted(suspects))}. "
        "Give them in secret_configuration, or in plain_keys if they are not secret."
    )
    return shown, secrets, (warning,)


def _reference(value: t.Any, where: str) -> InstanceReference | None:
    """Return the element instance that a value names, or None if it names none."""
    if not isinstance(value, Mapping) or not {"element_key", "name"} & value.keys():
        return None
    texts = [value.get(key) for key in ("element_key", "name")]
    if value.keys() != {"element_key", "name"} or not all(isinstance(text, str) for text in texts):
        raise invalid(
            f"{where} names an element instance, so it needs element_key and name, both texts, and nothing else."
        )
    element_key, name = element_key_from(value["element_key"]), name_from(value["name"], f"{where} name")
    if element_key is None or name is None:
        raise AssertionError("Neither is null.")
    return InstanceReference(element_key, name)
