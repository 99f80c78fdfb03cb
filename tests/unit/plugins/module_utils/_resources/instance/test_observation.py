# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure rooms of a fleet, and its threads. What a fleet does is in modules/test_instances.py."""

from __future__ import annotations

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.instances import Listing
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.models import Instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import Entry, Parsed
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.observation import (
    Index,
    refuse_shared,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import desired
from hypothesis import given
from hypothesis import strategies as st

names = st.sampled_from("abc")
keys = st.sampled_from(["stripe", "sfdc"])
tags = st.frozensets(st.sampled_from(["ours", "prod", "x"]))
instances = st.builds(Instance, id=st.integers(1, 9), name=names, element_key=keys | st.none(), tags=tags)
listings = st.lists(instances, max_size=7, unique_by=lambda instance: instance.id).map(
    lambda rows: Listing(tuple(rows), True)
)
identities = st.one_of(
    st.fixed_dictionaries({"id": st.integers(1, 9), "name": st.none() | names}),
    st.fixed_dictionaries({"id": st.none(), "name": names, "element_key": st.none() | keys}),
)


fleets = st.lists(identities, max_size=5)


def parsed(fleet):
    """Return the items of a fleet, each with its position as the label."""
    return [
        Parsed(Entry(str(at), options), desired(options.get("name"), options.get("element_key"), id=options.get("id")))
        for at, options in enumerate(fleet)
    ]


def means(options, instance):
    if options.get("id") is not None:
        return options["id"] == instance.id
    return options["name"] == instance.name and options["element_key"] in (None, instance.element_key)


def may_mean(options, instance):
    """Return whether an instance whose element is not told may be the one that is meant."""
    return options.get("id") is None and options["name"] == instance.name and instance.element_key is None


@given(fleets, listings)
def test_each_item_finds_exactly_what_it_may_mean_the_oldest_first(fleet, listing):
    index = Index(listing.instances)
    for item in parsed(fleet):
        options = item.entry.options
        expected = [match for match in listing.instances if means(options, match)] or [
            match for match in listing.instances if may_mean(options, match)
        ]
        assert list(index.matches(item.desired)) == sorted(expected, key=lambda match: match.id)


@given(fleets, listings)
def test_no_two_items_end_with_one_instance(fleet, listing):
    items, index = parsed(fleet), Index(listing.instances)
    found = [index.matches(item.desired) for item in items]
    single = [matches[0].id for matches in found if len(matches) == 1]
    try:
        refuse_shared(items, index)
    except CloudElementsError as error:
        assert error.kind is ErrorKind.INVALID_OPTIONS
        assert len(set(single)) < len(single)
    else:
        assert len(set(single)) == len(single)
