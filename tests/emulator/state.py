# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulator keeps of one account: instances, formulas, common resources, spent OAuth codes.

Pure memory, no HTTP.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import itertools
import os
import threading
import time
from typing import Any

from .catalog import Catalog, Element
from .common_resources.state import CommonResources
from .formulas.state import Formulas

# Ids are unique on the whole platform, so each account of one emulator has a range of its own.
_RANGE = 1_000_000


def new_secret(size: int = 32) -> str:
    """Return random base64, as the platform's secrets and tokens look (DOC authentication)."""
    return base64.b64encode(os.urandom(size)).decode()


def timestamp(moment: datetime.datetime | None = None) -> str:
    """Return a moment, now if none is given, as the platform writes it."""
    return (moment or datetime.datetime.now(datetime.timezone.utc)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclasses.dataclass(frozen=True)
class Owner:
    """Who owns what an account holds: the ids and names that answers show."""

    name: str
    first_id: int
    account_id: int
    organization_id: int
    user: dict[str, Any]

    @classmethod
    def numbered(cls, number: int, name: str) -> Owner:
        """Make the owner of the account with this number and name; the first account is number 0."""
        user = {"id": 4711 + number, "emailAddress": f"{name}@example.com", "firstName": "Emma", "lastName": "Emulator"}
        return cls(name, number * _RANGE, 815 + number, 42 + number, user)


@dataclasses.dataclass(slots=True)
class Instance:
    """One element instance as the platform keeps it: values as text, nothing masked."""

    id: int
    name: str
    token: str
    element: Element
    tags: list[str]
    configuration: dict[str, str | None]
    user: dict[str, Any]
    external_authentication: str = "none"
    disabled: bool = False
    valid: bool = True
    trace_logging: bool = False
    created_date: str = ""
    created_at: float = 0.0
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)
    configuration_ids: dict[str, int] = dataclasses.field(default_factory=dict)
    resources: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Usage:
    """One call to an element."""

    id: int
    created: datetime.datetime
    element_key: str
    hub: str
    instance_id: int
    tags: tuple[str, ...]
    method: str
    path: str
    status: int


class Store:
    """Everything of one account that requests change. Take `lock` around more than one call."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.lock = threading.RLock()
        self._instance_ids = itertools.count(owner.first_id + 39540)
        self._configuration_ids = itertools.count(owner.first_id + 700001)
        self._usage_ids = itertools.count(owner.first_id + 1)
        self._subaccount_ids = itertools.count(owner.first_id + 5001)
        self.formulas = Formulas(timestamp, owner.first_id + 1201)
        self.common_resources = CommonResources(owner.first_id + 3001)
        self.reset()

    def reset(self) -> None:
        """Forget everything; numbers are not given out again."""
        with self.lock:
            self.catalog = Catalog()
            self.instances: dict[int, Instance] = {}
            self.tokens: dict[str, int] = {}
            self.formulas.clear()
            self.common_resources.clear()
            self.subaccounts: dict[int, str] = {}
            self.spent_codes: set[tuple[int, str]] = set()
            self.usage: dict[int, Usage] = {}

    # Instances

    def add(self, element: Element, name: str, tags: list[str], configuration: dict[str, str | None]) -> Instance:
        """Keep a new instance and return it with its id and token."""
        with self.lock:
            instance = Instance(
                id=next(self._instance_ids),
                name=name,
                token=new_secret(),
                element=element,
                tags=tags,
                configuration=configuration,
                user=self.owner.user,
                created_date=timestamp(),
                created_at=time.monotonic(),
            )
            self.instances[instance.id] = instance
            self.tokens[instance.token] = instance.id
            return instance

    def by_token(self, token: str) -> Instance | None:
        return self.instances.get(self.tokens.get(token, -1))

    def renew_token(self, instance: Instance) -> None:
        with self.lock:
            self.tokens.pop(instance.token, None)
            instance.token = new_secret()
            self.tokens[instance.token] = instance.id

    def remove(self, instance: Instance) -> None:
        with self.lock:
            self.instances.pop(instance.id, None)
            self.tokens.pop(instance.token, None)
            self.common_resources.forget(instance.id)

    def visible(self, lag: float) -> list[Instance]:
        """Return the instances that listings show by now, in the order of their ids."""
        return self.shown(list(self.instances.values()), lag)

    def shown(self, rows: list[Any], lag: float) -> list[Any]:
        """Return the rows that listings show by now; each says with `created_at` when it came."""
        if not lag:
            return rows
        newest = time.monotonic() - lag
        return [row for row in rows if row.created_at <= newest]

    def configuration_id(self, instance: Instance, key: str) -> int:
        """Return the number by which one configuration value of one instance is addressed."""
        with self.lock:
            if key not in instance.configuration_ids:
                instance.configuration_ids[key] = next(self._configuration_ids)
            return instance.configuration_ids[key]

    def used(self, instance: Instance, method: str, path: str, status: int) -> None:
        """Keep that the element of an instance was called."""
        with self.lock:
            number = next(self._usage_ids)
            element, tags = instance.element, tuple(instance.tags)
            now = datetime.datetime.now(datetime.timezone.utc)
            self.usage[number] = Usage(number, now, element.key, element.hub, instance.id, tags, method, path, status)

    # Other accounts of the organization

    def add_subaccount(self, name: str) -> int:
        """Make another account of the same organization known, and return its id."""
        with self.lock:
            number = next(self._subaccount_ids)
            self.subaccounts[number] = name
            return number
