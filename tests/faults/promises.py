# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is promised, whatever goes wrong, checked for one fault in one request."""

from __future__ import annotations

import dataclasses
import json
import time
import typing as t
from collections import Counter
from collections.abc import Callable

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import ErrorKind
from ansible_collections.cloud_elements.platform.tests.emulator import Fault
from ansible_collections.cloud_elements.platform.tests.faults.cases import Case
from ansible_collections.cloud_elements.platform.tests.faults.clock import Clock
from ansible_collections.cloud_elements.platform.tests.faults.kinds import ALWAYS, ONCE, OUTAGE
from ansible_collections.cloud_elements.platform.tests.faults.matrix import SLOWER, SPEED, Cell, Record, record
from ansible_collections.cloud_elements.platform.tests.faults.site import (
    CLEAN,
    Ended,
    Site,
    World,
    counted,
    secrets_of,
    wanted_keys,
)

DOCUMENTED = {kind.value for kind in ErrorKind} - {ErrorKind.INTERNAL.value}


@dataclasses.dataclass(frozen=True)
class Verdict:
    """How the run that the fault struck ended, and whether the following ones converged."""

    kind: str
    stalled: bool


def run(cell: Cell, elsewhere: str) -> Verdict:
    """Run a cell and check all that is promised. In: the cell, and a URL of another host. Raises AssertionError."""
    for slower in (1, SLOWER, SLOWER**2):
        verdict = run_at(cell, elsewhere, SPEED / slower)
        if not verdict.stalled:
            return verdict
    raise AssertionError("The machine is too slow to tell anything.")


def run_at(cell: Cell, elsewhere: str, speed: float, make: Callable[[Case, Clock], Site] = Site) -> Verdict:
    """Run a cell at a speed, and check all unless the machine stalled. In: also what makes the site that it runs on."""
    expected = record(cell.case)
    clock = Clock(speed, cell.label)
    with make(cell.case, clock) as site, clock.runs():
        before = site.world()
        clock.waits.clear()
        secrets = site.secrets(cell.case.options)
        site.emulator.inject(_fault(cell, site, elsewhere, speed))
        struck = site.run(cell.case.options)
        struck = dataclasses.replace(struck, requests=_come_to_rest(site))
        unanswered = sum(_is_never_answered(seen) for seen in struck.requests)
        if clock.cut > unanswered:
            return Verdict(struck.kind, stalled=True)
        waits = list(clock.waits)
        after = site.world()
        site.emulator.heal()
        time.sleep(cell.case.lag / speed)  # Nobody is so quick.
        later = site.run(cell.case.later(1))
        healed = site.world()
        again = site.run(cell.case.later(2))
        last = site.world()
        assert site.emulator.violations == []
        if clock.cut > unanswered:
            return Verdict(struck.kind, stalled=True)
    assert any(seen.fault for seen in struck.requests), "the fault did not strike"
    _check_message(cell, struck, secrets)
    _check_end(cell, expected, struck, waits)
    _check_requests(cell, struck)
    for world in (after, healed, last):
        _check_world(cell.case, site.others, before, expected, world)
    if struck.kind == CLEAN:
        _check_result(cell, struck, after, expected)
    assert later.kind == expected.ended.kind, f"the following run: {later.message}"
    _check_converged(healed, expected)
    if later.kind == CLEAN:
        assert again.kind == CLEAN, again.message
        assert bool(again.result.get("changed")) == expected.repeats, again.result
        assert expected.repeats or {seen.method for seen in again.requests if "/oauth/" not in seen.path} == {"GET"}
        _check_converged(last, expected)
    return Verdict(struck.kind, stalled=False)


def _fault(cell: Cell, site: Site, elsewhere: str, speed: float) -> Fault:
    """Return the fault of a cell. It shows every secret that the requests of the run can have."""
    known = {site.emulator.user_secret, site.emulator.organization_secret}
    if cell.case.module == "instance":
        known.update(secrets_of(cell.case.options))
    message = f"It went wrong for {' and '.join(sorted(known))}"
    shape: t.Any = {"not": "a list"} if cell.position.path == "^/instances$" else ["not", "an", "object"]
    fault = cell.kind.fault(message, shape, speed)
    fault.when = "after" if cell.when == "after" else "before"
    fault.location = f"{elsewhere}?secret={site.emulator.user_secret}"
    if cell.kind.reach == OUTAGE:
        fault.skip, fault.times = cell.position.index, None
    else:
        fault.method, fault.path, fault.skip = cell.position.method, cell.position.path, cell.position.turn
        fault.times = None if cell.kind.reach == ALWAYS else 1
    return fault


def _is_never_answered(seen: t.Any) -> bool:
    return seen.fault is not None and seen.fault.split()[0] in ("hang", "drip", "latency")


def _come_to_rest(site: Site) -> list[t.Any]:
    """Return the requests so far, once each has had the effect that it has."""
    for _turn in range(1000):
        if all(seen.status is not None or seen.fault is not None for seen in site.emulator.requests):
            break
        time.sleep(0.005)
    return site.emulator.requests


def _check_message(cell: Cell, ended: Ended, secrets: set[str]) -> None:
    """Check what a user sees: no secret, no traceback, and in a failure what it is about."""
    said = ended.said
    assert [secret for secret in secrets if secret in said or json.dumps(secret)[1:-1] in said] == [], said
    assert "Traceback" not in said and "mistake in the collection" not in said, said
    if ended.kind == CLEAN:
        return
    assert ended.kind in DOCUMENTED, ended.kind
    subjects = [str(name or key) for name, key in wanted_keys(cell.case)]
    subjects += [str(key) for _name, key in wanted_keys(cell.case) if key]
    subjects += ["the instances", "instance with id", "the instance", "the OAuth URL"]
    assert any(subject in ended.message for subject in subjects), ended.message


def _check_end(cell: Cell, expected: Record, struck: Ended, waits: list[float]) -> None:
    """Check that the run ended as the table of outcomes says, and waited as long as it was asked to."""
    assert struck.kind in _ends(cell, expected.ended.kind), f"{struck.kind}: {struck.message} {struck.warnings}"
    spends = cell.position.effect == "spend"
    given_up_at_once = spends and (cell.kind.outcome == "limited" or cell.position.method == "PATCH")
    if cell.kind.asked and not given_up_at_once:
        assert max(waits, default=0) >= cell.kind.asked, waits
    found_done = cell.position.effect == "change" and cell.when != "before"
    if cell.kind.reach == ONCE and struck.kind == CLEAN and not found_done and not _is_lie(cell):
        said = set(struck.warnings) - set(expected.ended.warnings)
        assert said, "the user is not told that it was sent again, or could not be read"


def _ends(cell: Cell, clean: str) -> set[str]:
    """Return how the run may end. `clean` is how it ends without any fault."""
    effect, outcome = cell.position.effect, cell.kind.outcome
    if outcome == "redirect":  # The catalog only explains, if the run does not begin with it.
        return {"redirect", *({clean} if cell.position.path.startswith("^/elements/") else ())}
    if effect == "read" and outcome == "misshapen":
        return {clean, "invalid_response"}
    if cell.kind.reach != ONCE:
        return {clean, "unknown_outcome", *cell.kind.errors}
    if effect == "spend" and outcome == "limited":
        return {"rate_limited"}
    if effect == "spend" and (cell.when == "before" or cell.position.method == "PATCH"):
        return {"unknown_outcome"}
    if effect == "create" and outcome == "timeout" and (cell.when == "before" or clean != CLEAN):
        return {"unknown_outcome"}
    return {clean}


def _is_lie(cell: Cell) -> bool:
    """Return whether the fault is an answer that the platform gives too where all is well."""
    if cell.position.path == "^/ping$":
        return cell.kind.name in ("an empty 200", "JSON of another shape")
    return cell.kind.name == "an empty 200" and cell.position.method in ("DELETE", "PUT")


def _check_requests(cell: Cell, struck: Ended) -> None:
    """Check that no code is sent twice, and nothing is created again after a timeout."""
    bodies = [seen.body for seen in struck.requests if seen.method in ("POST", "PATCH") and seen.body]
    codes = Counter(json.dumps(body["providerData"]) for body in bodies if "providerData" in body)
    assert max(codes.values(), default=0) <= 1, codes
    creates = Counter(
        (seen.body["name"], seen.body["element"]["key"])
        for seen in struck.requests
        if seen.method == "POST" and seen.path == "/instances"
    )
    for seen in struck.requests:
        if seen.method != "POST" or seen.path != "/instances" or not _is_never_answered(seen):
            continue
        assert creates[seen.body["name"], seen.body["element"]["key"]] == 1, "created again after a timeout"
    if cell.kind.outcome in ("unclear", "misshapen"):
        assert max(creates.values(), default=0) <= 2, creates


def _check_world(case: Case, others: World, before: World, expected: Record, world: World) -> None:
    """Check that nothing is there twice, and that nothing is gone or touched that had to stay as it was."""
    assert {number: world.get(number) for number in others} == others
    most = counted(before) | counted(expected.after) | counted(expected.later)
    assert counted(world) <= most, counted(world) - most
    for number, row in before.items():
        if number in expected.after and number in expected.later:
            assert number in world, f"id {number} is gone"
            assert world[number]["token"] == row["token"]
            assert world[number]["element"] == row["element"]


def _check_result(cell: Cell, struck: Ended, world: World, expected: Record) -> None:
    """Check that a run that did not fail left all as desired, and returned the right ids and tokens."""
    if _is_lie(cell):
        return
    _check_converged(world, expected, expected.after)
    stored = {(number, row["token"]) for number, row in world.items()}
    rows = struck.result["instances"] if cell.case.module == "instances" else [struck.result]
    for row in rows:
        if row.get("id") is not None and row.get("token") is not None:
            assert (row["id"], row["token"]) in stored
    if cell.case.module == "token":
        assert struck.result["token"] in {token for _number, token in stored}
    clean = expected.ended.result
    assert struck.result.keys() == clean.keys()
    assert _told(struck.result) == _told(clean)


def _told(result: dict[str, t.Any]) -> t.Any:
    """Return what a result says that is the same in every run: names, and whether there are an id and a token."""
    rows = result.get("instances") or [result.get("instance") or {}]
    told = [(row.get("name"), row.get("element_key")) for row in rows]
    given = [(row.get("id") is None, row.get("token") is None) for row in (*rows, result)]
    return told, given, sorted(gone["name"] for gone in result.get("pruned", ())), result.get("elements")


def _check_converged(world: World, expected: Record, there: World | None = None) -> None:
    """Check that the world is as it is without any fault, but for the ids and tokens of what is new."""
    assert _values(world) == _values(expected.later if there is None else there)


def _values(world: World) -> list[str]:
    return sorted(json.dumps({**row, "token": None}, sort_keys=True) for row in world.values())
