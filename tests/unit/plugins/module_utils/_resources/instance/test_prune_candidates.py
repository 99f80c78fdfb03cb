# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.instances import Listing
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.engine import plan_one
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import Entry, Failed, Parsed
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.prune import PruneRule
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.observation import (
    ListingObserver,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.prune_candidates import (
    prune_candidates,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.resource import (
    InstanceResource,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils._resources.instance import (
    test_observation,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired
from hypothesis import given
from hypothesis import strategies as st

RESOURCE = InstanceResource(lambda _parsed, _client: ListingObserver(Listing((), True), ()))


def found(items, listing: Listing, rule: PruneRule):
    """Return the ids of what would be pruned."""
    candidates = prune_candidates(RESOURCE, rule, items, ListingObserver(listing, ()))
    return [planned.desired.id for planned in candidates.planned]


def unusable(options):
    return Failed(Entry("", options), CloudElementsError(ErrorKind.INVALID_OPTIONS, "No."))


@given(
    test_observation.fleets,
    test_observation.listings,
    st.frozensets(st.sampled_from(["ours", "prod"]), min_size=1),
    st.integers(0, 7),
)
def test_what_is_pruned_has_all_tags_and_nobody_named_it_not_even_wrongly(fleet, listing, tags, limit):
    means, may_mean = test_observation.means, test_observation.may_mean
    expected = [
        instance.id
        for instance in listing.instances
        if tags <= instance.tags
        and not any(means(options, instance) or may_mean(options, instance) for options in fleet)
    ]
    try:
        ids = found([unusable(options) for options in fleet], listing, PruneRule(tags, limit))
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        assert "prune_limit" in error.message
        assert len(expected) > limit
    else:
        assert ids == expected
        assert len(ids) <= limit


def test_what_an_item_found_is_not_pruned_whatever_it_is_called():
    there = Instance(7, "other", "stripe", "token", frozenset({"ours"}))
    entry = Entry("", {"id": None, "name": "payments", "element_key": "stripe"})
    planned = plan_one(RESOURCE, Parsed(entry, desired(None, None, id=7)), there)
    rule = PruneRule(frozenset({"ours"}), 9)
    assert found([planned], Listing((there,), True), rule) == []
    assert found([], Listing((there,), True), rule) == [7]


def test_without_a_rule_nothing_is_pruned():
    there = Instance(7, "other", "stripe", "token", frozenset({"ours"}))
    candidates = prune_candidates(RESOURCE, None, [], ListingObserver(Listing((there,), True), ()))
    assert (candidates.asked, candidates.planned) == (False, ())
