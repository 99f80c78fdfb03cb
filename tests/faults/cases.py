# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done while faults strike: the scenarios of one instance, fleets, and the questions that only read."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable, Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.elements import (
    ELEMENT_FILTER,
    list_elements,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import (
    FLEET,
    INSTANCE,
    INSTANCE_FILTER,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.fleet import ensure_fleet
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.info import (
    find_token,
    list_instances,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.oauth import OAUTH, oauth_info
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.argument_spec import Options
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import (
    CRM,
    CRM_THERE,
    ROTATED,
    SCENARIOS,
    STRIPE_THERE,
    TICKETS,
    TICKETS_THERE,
    Scenario,
)

Engine = Callable[[Mapping[str, t.Any], Run], dict[str, t.Any]]


def _token(params: Mapping[str, t.Any], task: Run) -> dict[str, t.Any]:
    """Do what the lookup does for one term."""
    return {"changed": False, "token": find_token(params["name"], params["element_key"], task)}


MODULES: dict[str, tuple[Options, Engine]] = {
    "instance": (CONNECTION + INSTANCE, ensure_instance),
    "instances": (CONNECTION + FLEET, ensure_fleet),
    "instance_info": (CONNECTION + INSTANCE_FILTER, list_instances),
    "element_info": (CONNECTION + ELEMENT_FILTER, list_elements),
    "oauth_info": (CONNECTION + OAUTH, oauth_info),
    "token": (CONNECTION + INSTANCE_FILTER, _token),
}


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """One run of a module that faults strike, and the runs that come before it without any.

    C(scenario) says what is there and how the emulator behaves. C(lag) are the seconds, by the clock of the matrix,
    until a new instance shows in listings.
    """

    name: str
    scenario: Scenario
    options: dict[str, t.Any]
    before: tuple[dict[str, t.Any], ...] = ()
    module: str = "instance"
    lag: float = 0.0

    def later(self, run: int) -> dict[str, t.Any]:
        """Return the options of a run after that one: the same, with a new code where one is always sent."""
        if not self.options.get("reauthenticate"):
            return self.options
        return {**self.options, "provider_data": {"code": f"code-of-the-later-run-{run}"}}


def _of(scenario: Scenario) -> t.Iterator[Case]:
    """Yield a case for each run of a scenario that does not just repeat the one before."""
    for number, options in enumerate(scenario.runs):
        if options not in scenario.runs[:number]:
            name = scenario.name if number == 0 else f"{scenario.name}, run {number + 1}"
            yield Case(name, scenario, options, scenario.runs[:number])


def _fleet(
    name: str, instances: list[dict[str, t.Any]], there: tuple[dict[str, t.Any], ...] = (), **more: t.Any
) -> Case:
    options = {"instances": instances, **more}
    return Case(name, Scenario(name, (options,), there), options, module="instances")


def _reads(name: str, module: str, options: dict[str, t.Any], there: tuple[dict[str, t.Any], ...] = ()) -> Case:
    return Case(name, Scenario(name, (options,), there), options, module=module)


def stripes(count: int, **more: t.Any) -> list[dict[str, t.Any]]:
    """Return a fleet of instances that differ in their names only."""
    given = {"element_key": "stripe", "tags": ["fleet"], **more}
    return [{**given, "name": f"payments {n:02}", "api_key": f"made-up-key-of-{n:02}-0123"} for n in range(count)]


OAUTH_QUESTION = {
    "element_key": "sfdc",
    "oauth_api_key": "client-id",
    "oauth_api_secret": "client-secret-0123456789",
    "callback_url": "https://www.example.com/callback",
}
CODED = {**CRM, "provider_data": {"code": "code-of-the-fleet-0123"}}
OTHERS = (STRIPE_THERE, TICKETS_THERE, CRM_THERE)
FLEET_THERE = {"element_key": "stripe", "tags": ["fleet", "x"]}

CASES: tuple[Case, ...] = (
    *(case for scenario in SCENARIOS for case in _of(scenario)),
    _fleet("a fleet of 20", stripes(20)),
    _fleet("a fleet that is there", stripes(20), tuple({**FLEET_THERE, "name": f"payments {n:02}"} for n in range(20))),
    _fleet(
        "a fleet of every kind of change",
        [
            {**ROTATED, "update_secrets": "on_change"},
            CODED,
            {**TICKETS, "name": "requests", "verify": True},
            {"name": "off", "element_key": "stripe", "enabled": False},
            {"name": "gone", "element_key": "stripe", "state": "absent"},
            {"name": "same", "element_key": "stripe"},
        ],
        (
            TICKETS_THERE,
            *({"name": name, "element_key": "stripe", "tags": [name]} for name in ("off", "gone", "same")),
        ),
        # One after the other, so that the same request is the same instance's each time.
        concurrency=1,
    ),
    _fleet(
        "a fleet that prunes",
        stripes(3),
        tuple({**FLEET_THERE, "name": name} for name in ("payments 00", "old", "older")),
        prune=True,
        prune_tags=["fleet", "x"],
    ),
    _reads("ask for all instances", "instance_info", {}, OTHERS),
    _reads("ask for instances by name", "instance_info", {"name": "tickets", "element_key": "servicenow"}, OTHERS),
    _reads("ask for an instance by id", "instance_info", {"id": 1, "include_token": True}, OTHERS),
    _reads("ask for instances by tags", "instance_info", {"tags": ["a", "b"]}, OTHERS),
    _reads("ask for an element", "element_info", {"element_key": "sfdc"}),
    _reads("ask for an OAuth URL", "oauth_info", OAUTH_QUESTION),
    _reads("ask for an OAuth 1 URL", "oauth_info", {**OAUTH_QUESTION, "element_key": "desk"}),
    _reads("look up a token", "token", {"name": "tickets", "element_key": "servicenow"}, OTHERS),
)

LAGGING = tuple(
    dataclasses.replace(case, name=f"{case.name}, and listings lag", lag=1.5)
    for case in CASES
    if case.name in ("create and again", "create with a code", "create disabled", "a fleet of 20")
)

# Without an id or an element key, the name alone says which one is meant: then nothing else may have it.
NAME_ALONE = frozenset(
    case.name for case in CASES if case.options.get("name") and not {"id", "element_key"} & case.options.keys()
)
