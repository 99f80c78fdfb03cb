# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import itertools

from ansible_collections.cloud_elements.platform.plugins.module_utils._account.references import (
    references_of,
    refuse_removed,
    skip_unresolved,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._account.stages import refuse_cycles, stages_of
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import (
    CloudElementsError,
    ErrorKind,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._reconcile.phases import (
    Entry,
    Failed,
    Parsed,
    Planned,
    failed,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.desired import DesiredFormula
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.plan import (
    Create,
    Delete,
    State,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.plan import (
    Observed as ObservedFormula,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.template import (
    Template,
    normalise,
)
from hypothesis import given
from hypothesis import strategies as st

NAMES = "abcdef"
# Which formulas each formula calls.
calls = st.fixed_dictionaries({name: st.sets(st.sampled_from(NAMES)) for name in NAMES})
# The calls of each formula go to later names alone, so there is no circle.
acyclic = calls.map(lambda graph: {name: {other for other in called if other > name} for name, called in graph.items()})
existing = st.sets(st.sampled_from(NAMES))


def template(called):
    steps = [{"name": other, "type": "formula", "properties": {"formulaName": other}} for other in sorted(called)]
    return normalise({"steps": steps})


def wanted(graph):
    """The parsed items of formulas that are to be there."""
    return {
        ("formulas", position): Parsed(Entry(name, {"name": name}), DesiredFormula(name, template=template(called)))
        for position, (name, called) in enumerate(graph.items())
    }


def planned(graph, there=frozenset()):
    """The planned items of formulas, some of which exist."""
    items = {}
    for slot, item in wanted(graph).items():
        name = item.desired.name
        observed = ObservedFormula(State(ord(name), name, True, Template()) if name in there else None)
        items[slot] = Planned(item.entry, item.desired, observed, (Create(name, Template(), None),), observed)
    return items


def removal(graph):
    """The planned items of formulas that are all to go, and know who calls them."""
    items = {}
    for position, name in enumerate(graph):
        callers = tuple(other for other, called in graph.items() if name in called and other != name)
        observed = ObservedFormula(State(ord(name), name, True, Template()), leaving_callers=callers)
        desired = DesiredFormula(name, present=False)
        entry = Entry(name, {"name": name, "state": "absent"})
        items["formulas", position] = Planned(entry, desired, observed, (Delete(name),), None)
    return items


def order(items):
    """The number of the stage of each formula, by name. Each formula is in exactly one."""
    stages = stages_of(items)
    flat = list(itertools.chain.from_iterable(stages))
    assert sorted(flat) == sorted(items)
    return {items[slot].entry.label: number for number, stage in enumerate(stages) for slot in stage}


@given(acyclic, existing)
def test_a_formula_is_created_after_the_new_ones_that_it_calls(graph, there):
    items = planned(graph, there)
    assert refuse_cycles(items) == items
    place = order(items)
    assert all(place[name] > place[other] for name, called in graph.items() for other in called if other not in there)


@given(calls, existing)
def test_a_circle_is_refused_if_none_of_it_exists(graph, there):
    new = {name: {other for other in called if other not in there} for name, called in graph.items()}

    def reached(name):
        found, ahead = set(), {name}
        while ahead:
            ahead = {other for each in ahead for other in new[each]} - found
            found |= ahead
        return found

    circular = {name for name in NAMES if name not in there and name in reached(name)}
    items = refuse_cycles(planned(graph, there))
    refused = {item.entry.label for item in items.values() if isinstance(item, Failed)}
    assert bool(refused) == bool(circular) and refused <= circular
    assert set(order(items)) == set(NAMES)


@given(acyclic)
def test_a_formula_is_removed_after_those_that_call_it(graph):
    place = order(removal(graph))
    assert all(place[name] < place[other] for name, called in graph.items() for other in called)


@given(calls)
def test_formulas_that_call_each_other_go_in_any_case(graph):
    assert set(order(removal(graph))) == set(NAMES)


@given(acyclic, st.sets(st.sampled_from(NAMES)), st.permutations(range(len(NAMES))))
def test_exactly_what_needs_something_that_failed_is_skipped(graph, broken, shuffled):
    items = planned(graph)
    references = references_of(wanted(graph))
    error = CloudElementsError(ErrorKind.REFUSED, "No.")
    items = {slot: failed(item, error) if item.entry.label in broken else item for slot, item in items.items()}
    result = skip_unresolved(items, [("formulas", position) for position in shuffled], references)

    def needs(name):
        return any(other in broken or needs(other) for other in graph[name])

    skipped = {
        item.entry.label
        for item in result.values()
        if isinstance(item, Failed) and item.error.kind is ErrorKind.SKIPPED
    }
    assert skipped == {name for name in NAMES if name not in broken and needs(name)}


@given(acyclic, st.sets(st.sampled_from(NAMES)))
def test_what_stays_as_it_is_is_not_skipped(graph, broken):
    items = {
        slot: failed(item, CloudElementsError(ErrorKind.REFUSED, "No."))
        if item.entry.label in broken
        else dataclasses.replace(item, steps=())
        for slot, item in planned(graph).items()
    }
    assert skip_unresolved(items, items, references_of(wanted(graph))) == items


@given(acyclic, st.sets(st.sampled_from(NAMES)))
def test_what_refers_to_a_formula_that_goes_is_refused(graph, going):
    items = wanted(graph)
    for slot, item in items.items():
        if item.entry.label in going:
            entry = Entry(item.entry.label, {**item.entry.options, "state": "absent"})
            items[slot] = Parsed(entry, DesiredFormula(item.desired.name, present=False))
    result = refuse_removed(items)
    refused = {item.entry.label for item in result.values() if isinstance(item, Failed)}
    assert refused == {name for name in NAMES if name not in going and graph[name] & going}
