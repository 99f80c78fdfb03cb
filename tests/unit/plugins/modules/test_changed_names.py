# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A platform that stores other names than it is given, or takes names for the same, and loses answers on top of it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.tests.emulator import Fault
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.engines import ensure, ensure_all
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.wire import Wire
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["Payments", "Ko\u0308ln", "PAYMENTS-of-the-Ko\u0308ln-office-" + "x" * 40]


def add_others(wire: Wire, names: list[str]) -> dict[int, dict[str, t.Any]]:
    """Put instances of others into the account, and return them."""
    for name in names:
        wire.emulator.create(name=name, tags=["theirs"])
    wire.clear()
    return stored(wire)


def stored(wire: Wire) -> dict[int, dict[str, t.Any]]:
    return {row["id"]: row for row in wire.emulator.instances}


def lose(wire: Wire, numbers: set[int]) -> None:
    """Lose the answers with these numbers. A request that one fault takes is not counted by the next."""
    for taken, number in enumerate(sorted(numbers)):
        wire.emulator.inject(Fault("reset", when="after", skip=number - taken))


def run(wish: dict[str, t.Any], *, fleet: bool) -> None:
    whole = {"element_key": "stripe", "api_key": "made-up-0123456789", "tags": ["ours"], **wish}
    _result = ensure_all([whole]) if fleet else ensure(whole)


lost_numbers = st.sets(st.integers(0, 12), max_size=4)


@settings(max_examples=80)
@given(
    st.sampled_from(["composed", "lower", "cut", "suffixed"]),
    st.sampled_from(NAMES),
    st.booleans(),
    lost_numbers,
    st.integers(1, 4),
)
def test_whatever_a_platform_makes_of_a_name_at_most_one_is_left_and_it_is_named(wire, change, name, fleet, lost, runs):
    wire.reset()
    others = add_others(wire, ["blog", "shop"])
    wire.emulator.switches.name_stored = change
    lose(wire, lost)
    for _run in range(runs):
        error = None
        try:
            run({"name": name}, fleet=fleet)
        except CloudElementsError as failure:
            error = failure
        made = {number: row for number, row in stored(wire).items() if "ours" in row["tags"]}
        assert {number: row for number, row in stored(wire).items() if number not in made} == others
        assert len(made) <= 1
        for number, row in made.items():
            assert row["name"] == name or (error is not None and str(number) in error.message), error
        wire.emulator.heal()


@settings(max_examples=60)
@given(st.booleans(), st.booleans(), st.sampled_from(["Payments", "PAYMENTS"]), lost_numbers)
def test_what_a_platform_takes_for_the_same_name_is_never_removed(wire, fleet, verify, name, lost):
    wire.reset()
    others = add_others(wire, ["payments", "blog"])
    wire.emulator.switches.name_taken = "existing"
    lose(wire, lost)
    with pytest.raises(CloudElementsError) as caught:
        run({"name": name, "verify": verify}, fleet=fleet)
    assert caught.value.kind in (ErrorKind.NAME_CHANGED, ErrorKind.UNKNOWN_OUTCOME)
    assert stored(wire) == others
    assert not any(seen.method == "DELETE" for seen in wire.emulator.requests)
