# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of a case on the engine, in this process, against an emulator of its own, and what the world is afterwards."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing as t
from collections import Counter
from collections.abc import Iterator

from ansible_collections.cloud_elements.platform.plugins.module_utils._api.run import Run
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import (
    CloudElementsError,
    PartialError,
)
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import names_secret
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.faults.cases import MODULES, NAME_ALONE, Case
from ansible_collections.cloud_elements.platform.tests.faults.clock import Clock
from ansible_collections.cloud_elements.platform.tests.faults.kinds import TIMEOUT
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.scenarios import prepare, with_ids

CLEAN = "done"
"""How a run ended that did not fail."""

World = dict[int, dict[str, t.Any]]
"""All instances by their ids, with what identifies and makes them."""


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a run ended: C(done), or the kind of its error; what it returned and said; and what it sent."""

    kind: str
    result: dict[str, t.Any]
    message: str
    warnings: tuple[str, ...]
    requests: list[t.Any]

    @property
    def said(self) -> str:
        """All that a user would see, but for the tokens."""
        return json.dumps([self.message, self.warnings, _without_tokens(self.result)], default=str)


class Site:
    """An emulator in the state in which a case begins, with instances of others beside those of the case."""

    def __init__(self, case: Case, clock: Clock) -> None:
        self.case = case
        self.clock = clock
        self.emulator = Emulator(strict=True)

    def __enter__(self) -> Site:
        self.emulator.start()
        self.ids = prepare(self.emulator, self.case.scenario)
        self.others = self._add_others()
        with self.clock.runs():
            for options in self.case.before:
                self.run(options)
        self.emulator.switches.listing_lag = self.case.lag / self.clock.speed
        return self

    def __exit__(self, *_details: object) -> None:
        self.emulator.stop()

    def _add_others(self) -> World:
        """Add what a careless look could take for an instance of ours, and return it."""
        names = [name for name, _element_key in wanted_keys(self.case) if name] or ["payments"]
        before = set(self.world())
        for name in dict.fromkeys(names[:3]):
            self.emulator.create(element_key="stripe", name=f"{name} 2", tags=["fleet", "a"])
            self.emulator.create(element_key="servicenow", name=name.upper(), tags=["fleet"])
            if self.case.name not in NAME_ALONE:
                self.emulator.create(element_key="sftp", name=name, tags=["b", "x"])
        return {number: row for number, row in self.world().items() if number not in before}

    def world(self) -> World:
        """Return all instances as they are now."""
        return {int(row["id"]): _seen(row) for row in self.emulator.instances}

    def run(self, options: dict[str, t.Any]) -> Ended:
        """Run the case's module with options, to its end."""
        spec, engine = MODULES[self.case.module]
        given = self._complete(with_ids(options, self.ids))
        params = {
            **{name: copy.deepcopy(entry.get("default")) for name, entry in spec.spec.items()},
            "base_url": self.emulator.url,
            "user_secret": self.emulator.user_secret,
            "organization_secret": self.emulator.organization_secret,
            "timeout": TIMEOUT,
            "deadline": 6000.0,
            **given,
        }
        self.emulator.clear()
        kind, message, result = CLEAN, "", {}
        task = Run(params, list(secrets_of(given)) if self.case.module == "instance" else [], check_mode=False)
        try:
            result = engine(params, task)
        except PartialError as error:
            kind, message, result = error.kind.value, error.message, error.result
        except CloudElementsError as error:
            kind, message = error.kind.value, f"{error.message} {error.provider_message}"
        finally:
            task.close()
        return Ended(kind, result, message, task.warnings, self.emulator.requests)

    def _complete(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return options as a module gets them: with null for what is left out of an item of a list."""
        if "instances" not in options:
            return options
        nothing = {name: entry.get("default") for name, entry in MODULES["instance"][0].spec.items()}
        return {**options, "instances": [{**nothing, **item} for item in options["instances"]]}

    def secrets(self, *options: dict[str, t.Any]) -> set[str]:
        """Return all that no message may show."""
        stored = (row for row in self.emulator.instances)
        kept = {value for row in stored for key, value in row["configuration"].items() if value and names_secret(key)}
        tokens = {row["token"] for row in self.emulator.instances}
        given = {secret for each in (*options, *self.case.before) for secret in secrets_of(each)}
        return {self.emulator.user_secret, self.emulator.organization_secret, *kept, *tokens, *given} - {"", None}


def secrets_of(options: dict[str, t.Any]) -> Iterator[str]:
    """Yield the secrets in the options of one instance, of a fleet, or of a question."""
    for item in options.get("instances") or [options]:
        for name in ("secret_configuration", "provider_data"):
            yield from (item.get(name) or {}).values()
        yield from (value for key, value in (item.get("configuration") or {}).items() if names_secret(key))
        yield from (item[name] for name in ("api_key", "oauth_api_secret") if item.get(name))


def wanted_keys(case: Case) -> list[tuple[str | None, str | None]]:
    """Return name and element key of each instance that a case is about."""
    items = case.options.get("instances") or [case.options]
    return [(item.get("name"), item.get("element_key")) for item in items]


def counted(world: World) -> Counter[tuple[str, str]]:
    """Return how many instances there are of each name, within each element."""
    return Counter((row["name"], row["element"]) for row in world.values())


def _seen(row: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return what counts of an instance. A fingerprint is salted, and a refresh token is soon replaced by another."""
    tags = [tag["name"] if isinstance(tag, dict) else tag for tag in row["tags"]]
    return {
        "name": row["name"],
        "element": row["element"]["key"],
        "tags": sorted("(fingerprint)" if tag.startswith("ansible-secrets:") else tag for tag in tags),
        "configuration": {
            key: value for key, value in row["configuration"].items() if not key.startswith("oauth.user.")
        },
        "disabled": row["disabled"],
        "authentication": row.get("externalAuthentication"),
        "token": row["token"],
    }


def _without_tokens(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: _without_tokens(it) for key, it in value.items() if key not in ("token", "tokens")}
    return [_without_tokens(it) for it in value] if isinstance(value, list) else value
