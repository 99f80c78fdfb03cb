# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What a task returns, as far as it is about instances: projected, redacted, and always the same keys. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ._arguments import Options
from ._models import Instance, Wanted
from ._secrets import MASK, Redactor


def project(instance: Instance | None, wanted: Wanted) -> dict[str, t.Any] | None:
    """Return an instance as the return value C(instance) shows it, without its token, or None where there is none."""
    if instance is None:
        return None
    redactor = Redactor(wanted.secrets.values())
    return {
        "id": instance.id,
        "name": instance.name,
        "element_key": instance.element_key,
        "tags": sorted(instance.tags),
        "configuration": redactor.configuration(instance.configuration or {}, wanted.configuration),
        "enabled": instance.enabled,
        "valid": instance.valid,
        "created_date": instance.created_date,
        "external_authentication": instance.external_authentication,
    }


def invocation(params: Mapping[str, t.Any], options: Options) -> dict[str, t.Any]:
    """Return the options of a task as they may be shown at C(-vvv): of a secret mapping the keys, of a text nothing."""
    return {
        "module_args": {name: _masked(value) if name in options.secret else value for name, value in params.items()}
    }


def _masked(value: t.Any) -> t.Any:
    if value is None:
        return None
    return dict.fromkeys(value, MASK) if isinstance(value, Mapping) else MASK
