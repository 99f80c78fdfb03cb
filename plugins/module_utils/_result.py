# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What a task returns, as far as it is about instances: projected, redacted, and always the same keys. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping

from ._models import Instance
from ._options import Options
from ._secrets import MASK, Redactor


def project(
    instance: Instance, declared: Iterable[str] = (), secrets: Mapping[str, t.Any] | None = None
) -> dict[str, t.Any]:
    """Return an instance as results show it, without its token.

    In: the instance; the configuration keys that the user declared to be no secrets; and the secrets that were given.
    """
    secrets = secrets or {}
    shown = Redactor(secrets.values()).configuration(instance.configuration or {}, declared, secrets)
    return {
        "id": instance.id,
        "name": instance.name,
        "element_key": instance.element_key,
        "tags": sorted(instance.tags),
        "configuration": shown,
        "enabled": instance.enabled,
        "valid": instance.valid,
        "created_date": instance.created_date,
        "external_authentication": instance.external_authentication,
    }


def invocation(params: Mapping[str, t.Any], options: Options, given: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the options of a task as they may be shown at C(-vvv): of a secret mapping the keys, of a list how
    many, of a text nothing. An option that there is none of may be a secret one whose name is misspelled.

    In: the options as they are used, and as they were given: a mapping may have been a text, with a secret as its key.
    """
    # A password in it is refused, but would be shown with the refusal.
    if "@" in str(params["base_url"]):
        params = {**params, "base_url": MASK}
    hidden = {*options.secret, *params.keys() - options.spec.keys()}
    return {
        "module_args": {
            name: _masked(given.get(name, value)) if name in hidden else value for name, value in params.items()
        }
    }


def _masked(value: t.Any) -> t.Any:
    if value is None:
        return None
    if isinstance(value, list):
        return f"{len(value)} items"
    return dict.fromkeys(value, MASK) if isinstance(value, Mapping) else MASK
