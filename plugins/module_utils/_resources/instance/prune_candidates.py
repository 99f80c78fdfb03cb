# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the instances to prune: those that carry the tags and that no item names."""

from __future__ import annotations

from collections.abc import Sequence

from ..._api.client import Client
from ..._api.models import Instance
from ..._reconcile.engine import plan_one
from ..._reconcile.phases import Applied, Entry, Failed, Item, Parsed, Planned
from ..._reconcile.prune import Candidates, PruneRule, refuse_too_many
from .catalog_check import PlannedInstance
from .desired import DesiredInstance
from .observation import ListingObserver
from .resource import InstanceResource


def prune_candidates(
    resource: InstanceResource, rule: PruneRule | None, items: Sequence[Item], observer: ListingObserver
) -> Candidates:
    """Return what is to be pruned after the items were done.

    Args:
        resource: Plans the removals.
        rule: What may be pruned. None if nothing may.
        items: The items of the plan, also those that failed: what they name is not pruned.
        observer: Has the listing.

    Raises:
        CloudElementsError: `invalid_options` if there are more than the rule allows.
    """
    if rule is None:
        return Candidates()
    unnamed = _unnamed(items, [row for row in observer.listing.instances if rule.tags <= row.tags])
    planned = tuple(_planned(resource, instance) for instance in unnamed)
    refuse_too_many(planned, rule)

    def is_still_ours(candidate: PlannedInstance, client: Client) -> bool:
        current = client.instances.get(candidate.desired.id or 0)
        return current is not None and rule.tags <= current.tags and current.name == candidate.desired.name

    return Candidates(True, planned, observer.listing.complete, is_still_ours)


def _planned(resource: InstanceResource, instance: Instance) -> PlannedInstance:
    desired = DesiredInstance(instance.name, instance.element_key, id=instance.id, present=False)
    entry = Entry(f"pruning {instance.name}", {"name": instance.name, "id": instance.id})
    return plan_one(resource, Parsed(entry, desired), instance)


def _unnamed(items: Sequence[Item], instances: Sequence[Instance]) -> list[Instance]:
    options = [item.entry.options for item in items]
    named = {(each.get("element_key"), each.get("name")) for each in options if each.get("id") is None}
    names = {name for _element_key, name in named}
    ids = {each.get("id") for each in options}
    for item in items:
        planned = item if isinstance(item, Planned) else item.planned if isinstance(item, (Applied, Failed)) else None
        if planned is not None and planned.observed is not None:
            ids.add(planned.observed.id)
    return [
        instance
        for instance in instances
        if instance.id not in ids
        and not {(instance.element_key, instance.name), (None, instance.name)} & named
        and not (instance.element_key is None and instance.name in names)
    ]
