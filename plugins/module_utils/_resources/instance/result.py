# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Project instances to what results show: redacted, and always with the same keys. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Collection, Iterable, Sequence

from ..._api.models import Instance
from ..._secrets.redaction import MASK, Redactor
from .desired import DesiredInstance


def project(instance: Instance, desired: DesiredInstance) -> dict[str, t.Any]:
    """Return an instance as the result of a task that manages it shows it, without its token."""
    redactor = Redactor(desired.secrets.values(), desired.plain_keys)
    (shown,) = redactor.configurations(
        [instance.configuration or {}], desired.configuration, desired.secrets, also=[instance.token]
    )
    return _projected(instance, shown, redactor.holding(_labels(instance)))


def project_foreign(
    instances: Sequence[Instance], known: Iterable[str], plain_keys: Iterable[str]
) -> list[dict[str, t.Any]]:
    """Return instances as results show them if nobody but the platform told us of them, without their tokens."""
    shown = foreign_configurations(instances, known, plain_keys)
    hidden = Redactor(known).holding(label for instance in instances for label in _labels(instance))
    return [_projected(instance, row, hidden) for instance, row in zip(instances, shown, strict=True)]


def foreign_configurations(
    instances: Sequence[Instance], known: Iterable[str], plain_keys: Iterable[str]
) -> list[dict[str, t.Any]]:
    """Return the configurations of instances as they may be shown if nobody but the platform told us of them.

    Args:
        instances: The whole instances. No value may hold a secret of any of them.
        known: Secrets that no value may hold either.
        plain_keys: The keys that the user exempts from the rule.
    """
    return Redactor(known, plain_keys).configurations(
        [instance.configuration or {} for instance in instances], also=[instance.token for instance in instances]
    )


def _labels(instance: Instance) -> list[str]:
    """Return the texts of an instance, beside its name and configuration, that the platform is free to choose."""
    return [*instance.tags, instance.created_date or ""]


def _projected(instance: Instance, shown: dict[str, t.Any], hidden: Collection[str]) -> dict[str, t.Any]:
    """Return an instance with its configuration as shown, and a mask for each label that is hidden."""
    return {
        "id": instance.id,
        "name": instance.name,
        "element_key": instance.element_key,
        "tags": sorted(MASK if tag in hidden else tag for tag in instance.tags),
        "configuration": shown,
        "enabled": instance.enabled,
        "valid": instance.valid,
        "created_date": MASK if instance.created_date in hidden else instance.created_date,
        "external_authentication": instance.external_authentication,
    }
