# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell the engine which names a run gave to instances, and who bears them in a listing."""

from __future__ import annotations

import dataclasses
import typing as t
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..._api.client import Client
from ..._api.models import Instance
from ..._api.names import Identity
from ..._reconcile.create_once import Created
from ..._reconcile.phases import Applied, Failed
from ..._reconcile.renames import Rename
from ..._reconcile.settlement import Named
from .desired import DesiredInstance
from .lookup import look
from .plan import Change

Result: t.TypeAlias = Applied[DesiredInstance, Instance] | Failed[DesiredInstance, Instance]


def named(item: Result) -> Named | None:
    """Return the name that this run gave to an instance, by a create or a rename, or None. Pure."""
    if item.planned is None:
        return None
    desired, before, created = item.planned.desired, item.planned.observed, item.receipt
    if isinstance(created, Created):
        stored = created.resource
        is_meant = stored.name == desired.name and stored.element_key in (None, desired.element_key)
        return created if created.own and is_meant else None
    if before is None or not any(isinstance(step, Change) and step.renames for step in item.steps):
        return None
    after = item.observed
    if after is None or after.name == before.name:  # The platform does not show the new name.
        after = dataclasses.replace(before, name=desired.name or before.name)
    return _rename(desired, after)


def by_name(client: Client) -> dict[Identity, list[Instance]]:
    """List all instances and return them by element and name, the oldest first."""
    listed: dict[Identity, list[Instance]] = defaultdict(list)
    for instance in sorted(client.instances.list(hydrate=False).instances, key=lambda instance: instance.id or 0):
        listed[instance.element_key, instance.name].append(instance)
    return listed


def _rename(desired: DesiredInstance, instance: Instance) -> Rename[Instance]:
    wanted = dataclasses.replace(desired, id=None, name=instance.name, element_key=instance.element_key)

    def matches(client: Client) -> tuple[Instance, ...]:
        return look(wanted, client, hydrate=False).matches

    def matches_in(listed: Mapping[Identity, Sequence[Instance]], _client: Client) -> Sequence[Instance]:
        return listed.get((instance.element_key, instance.name), ())

    return Rename(instance.id, instance.name, "instance", " of the same element", matches, matches_in)
