# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request of every case, and every fault that can strike it."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import random
import re
import typing as t
from collections import Counter
from collections.abc import Iterable, Iterator

from ansible_collections.cloud_elements.platform.tests.faults.cases import CASES, LAGGING, Case
from ansible_collections.cloud_elements.platform.tests.faults.clock import Clock
from ansible_collections.cloud_elements.platform.tests.faults.kinds import KINDS, Kind
from ansible_collections.cloud_elements.platform.tests.faults.site import Ended, Site, World

SPEED = 200.0
"""How many times as fast as the real time the time of the matrix is."""

SLOWER = 5
"""How many times as slow a run is where a machine that stalls must not look like a timeout."""

SEED = "cloud_elements.platform"


@dataclasses.dataclass(frozen=True)
class Position:
    """One request of a case: the how many-th of all, and the how many-th with its method and path.

    C(effect) is what it does: read, change, create, or spend where a code is in it.
    """

    method: str
    path: str
    turn: int
    index: int
    effect: str

    @property
    def label(self) -> str:
        """The request in words."""
        return f"{self.method} {self.path.strip('^$').replace('[0-9]+', 'ID')} {self.turn + 1}"


@dataclasses.dataclass(frozen=True)
class Record:
    """What a case does without any fault: its requests, how it ends, and the world before, after it and after another.

    C(repeats) is whether the same run once more changes something again.
    """

    positions: tuple[Position, ...]
    ended: Ended
    before: World
    after: World
    later: World
    repeats: bool


@dataclasses.dataclass(frozen=True)
class Cell:
    """One fault that strikes one request of a case, before or after the request had its effect."""

    case: Case
    position: Position
    kind: Kind
    when: str

    @property
    def label(self) -> str:
        """The cell in words."""
        when = "" if self.position.effect == "read" or self.when == "late" else f" {self.when}"
        return f"{self.case.name} | {self.position.label} | {self.kind.name}{when}"


@functools.cache
def record(case: Case) -> Record:
    """Run a case twice without any fault and return what it does. That listings lag is left out: it changes no end."""
    clock = Clock(SPEED / SLOWER, case.name)
    with Site(dataclasses.replace(case, lag=0.0), clock) as site, clock.runs():
        before = site.world()
        ended = site.run(case.options)
        after = site.world()
        again = site.run(case.later(1))
        # Of a fleet, it may differ which comes first.
        positions = sorted(_positions(ended), key=lambda position: (position.method, position.path, position.turn))
        return Record(tuple(positions), ended, before, after, site.world(), bool(again.result.get("changed")))


def _positions(ended: Ended) -> Iterator[Position]:
    turns: Counter[tuple[str, str]] = Counter()
    for index, seen in enumerate(ended.requests):
        path = "^" + re.sub("[0-9]+", "[0-9]+", seen.path) + "$"
        turn = turns[seen.method, path]
        turns[seen.method, path] += 1
        yield Position(seen.method, path, turn, index, _effect(seen))


def _effect(seen: t.Any) -> str:
    if seen.method == "GET" or "/oauth/" in seen.path:
        return "read"
    if "providerData" in (seen.body or {}):
        return "spend"
    return "create" if seen.method == "POST" else "change"


def cells(cases: Iterable[Case] = (*CASES, *LAGGING)) -> Iterator[Cell]:
    """Yield the whole matrix. Before or after its effect, and too late, only makes a difference for a write."""
    for case in cases:
        for position, kind in itertools.product(record(case).positions, KINDS):
            if position.effect == "read":
                yield Cell(case, position, kind, "before")
            elif not case.lag or position.effect in ("create", "spend"):
                for when in kind.whens:
                    yield Cell(case, position, kind, when)


def sample(everything: list[Cell], size: int) -> list[Cell]:
    """Return a part of the matrix, the same each time, in which each case, request and fault appears at least once."""
    shuffled = list(everything)
    random.Random(SEED).shuffle(shuffled)
    drawn: dict[str, Cell] = {}
    seen: set[t.Any] = set()
    for cell in shuffled:
        traits = {
            ("case", cell.case.name),
            ("request", cell.position.method, cell.position.path),
            ("fault", cell.kind.name, cell.when, cell.position.effect),
        }
        if not traits <= seen:
            seen |= traits
            drawn[cell.label] = cell
    for cell in shuffled:
        if len(drawn) >= size:
            break
        drawn.setdefault(cell.label, cell)
    return [cell for cell in everything if cell.label in drawn]
