# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of formulas: templates and instances. Pure memory, no HTTP."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterable
from typing import Any


@dataclasses.dataclass(slots=True)
class Template:
    """One formula. `fields` holds what PATCH can change; the three lists hold the parts as answers show them."""

    id: int
    account_id: int
    user_id: int
    fields: dict[str, Any]
    steps: list[dict[str, Any]]
    triggers: list[dict[str, Any]]
    configuration: list[dict[str, Any]]
    created_date: str
    updated_date: str
    created_at: float = dataclasses.field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        return str(self.fields["name"])

    @property
    def variables(self) -> dict[str, dict[str, Any]]:
        """Return the variables by key."""
        return {each["key"]: each for each in self.configuration}

    def parts(self, kind: str) -> list[dict[str, Any]]:
        """Return the steps, the triggers or the configuration."""
        return {"steps": self.steps, "triggers": self.triggers, "configuration": self.configuration}[kind]

    @property
    def called(self) -> list[int]:
        """Return the ids of the formulas that the steps of this one call."""
        ids = (str(step["properties"].get("formulaId", "")) for step in self.steps if step["type"] == "formula")
        return [int(text) for text in ids if text.isdecimal() and len(text) < 19]


@dataclasses.dataclass(slots=True)
class FormulaInstance:
    """One instance of a formula. Settings that were never given stay None."""

    id: int
    template: Template
    name: str
    active: bool
    configuration: dict[str, Any]
    settings: dict[str, Any] | None
    created_date: str
    updated_date: str
    created_at: float = dataclasses.field(default_factory=time.monotonic)

    def uses(self, instance_id: int) -> bool:
        """Return whether a variable that is not a plain value holds this element instance."""
        variables = self.template.variables
        return any(
            str(value) == str(instance_id)
            for key, value in self.configuration.items()
            if variables.get(key, {}).get("type") != "value"
        )


class Formulas:
    """All formulas of one store. The caller holds the lock of the store."""

    def __init__(self, timestamp: Callable[[], str], first_id: int) -> None:
        self._timestamp = timestamp
        self._ids = itertools.count(first_id)
        self.templates: dict[int, Template] = {}
        self.instances: dict[int, FormulaInstance] = {}

    def clear(self) -> None:
        """Forget everything; numbers are not given out again."""
        self.templates.clear()
        self.instances.clear()

    def next_id(self) -> int:
        """Return a number that no formula, part or formula instance had before."""
        return next(self._ids)

    def add(
        self,
        number: int,
        account_id: int,
        user_id: int,
        fields: dict[str, Any],
        parts: dict[str, list[dict[str, Any]]],
    ) -> Template:
        """Keep a new template under a number from `next_id`."""
        now = self._timestamp()
        steps, triggers, configuration = parts["steps"], parts["triggers"], parts["configuration"]
        template = Template(number, account_id, user_id, fields, steps, triggers, configuration, now, now)
        self.templates[template.id] = template
        return template

    def add_instance(
        self,
        template: Template,
        name: str,
        active: bool,
        configuration: dict[str, Any],
        settings: dict[str, Any] | None,
    ) -> FormulaInstance:
        """Keep a new formula instance."""
        now = self._timestamp()
        made = FormulaInstance(self.next_id(), template, name, active, configuration, settings, now, now)
        self.instances[made.id] = made
        return made

    def touch(self, kept: Template | FormulaInstance) -> None:
        """Note that something was changed."""
        kept.updated_date = self._timestamp()

    def instances_of(self, template: Template) -> list[FormulaInstance]:
        return [each for each in self.instances.values() if each.template is template]

    def users_of(self, instance_id: int) -> list[FormulaInstance]:
        """Return the formula instances that use this element instance."""
        return [each for each in self.instances.values() if each.uses(instance_id)]

    def callable_by(self, template: Template) -> list[Template]:
        """Return the templates that this one can call: not itself, and none that calls it, over others or not."""
        return [each for each in self.templates.values() if template.id not in self._reached(each)]

    def remove(self, template: Template) -> None:
        """Forget a template and its instances."""
        for instance in self.instances_of(template):
            del self.instances[instance.id]
        del self.templates[template.id]

    def hold(self, account_id: int, user_id: int, instance_id: int, name: str) -> FormulaInstance:
        """Make a formula instance that uses this element instance, so that it cannot be deleted."""
        empty: dict[str, list[dict[str, Any]]] = {"steps": [], "triggers": [], "configuration": []}
        template = self.add(self.next_id(), account_id, user_id, {"name": name, "active": True}, empty)
        made = self.add_instance(template, name, True, {"instance": str(instance_id)}, None)
        variable = {"id": self.next_id(), "key": "instance", "name": "instance", "type": "elementInstance"}
        template.configuration.append({**variable, "required": True})
        return made

    def _reached(self, template: Template) -> set[int]:
        found = {template.id}
        waiting = [template]
        while waiting:
            for number in waiting.pop().called:
                if number not in found:
                    found.add(number)
                    waiting += self._known((number,))
        return found

    def _known(self, numbers: Iterable[int]) -> list[Template]:
        return [self.templates[number] for number in numbers if number in self.templates]
