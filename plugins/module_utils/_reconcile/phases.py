# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the types that an item passes through. Each phase takes one of them and returns the next; none is changed.

```
Parsed → Planned → Applied
   └────────┴─────────┴──→ Failed        Unknown: which one is meant, in check mode
```
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .._api.run import Secrecy
from .._core.errors import CloudElementsError
from .convergence import Converged
from .steps import O, Step

D = t.TypeVar("D")
"""A desired resource."""


@dataclass(frozen=True)
class Entry:
    """One item of the options.

    Attributes:
        label: Where it stands in the options and what it is called, for messages. Empty if the task is about one alone.
        options: The options as the user gave them.
        secrecy: What messages about it may show.
    """

    label: str
    options: Mapping[str, t.Any] = field(repr=False)
    secrecy: Secrecy = field(default_factory=Secrecy, repr=False)


@dataclass(frozen=True)
class Unknown:
    """An item of which check mode can say nothing, as its id is only known after a real run."""

    entry: Entry
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Parsed(t.Generic[D]):
    """An item whose options can be used."""

    entry: Entry
    desired: D
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planned(t.Generic[D, O]):
    """An item with what is there, and what is to be done about it.

    Attributes:
        entry: The item.
        desired: The resource as the user wants it.
        observed: The whole resource as the platform has it. None if there is none.
        steps: What is to be done. Empty if the resource is as desired.
        predicted: The resource as it will be. None if there will be none.
        warnings: What the user should know.
    """

    entry: Entry
    desired: D
    observed: O | None
    steps: tuple[Step[O], ...]
    predicted: O | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Applied(t.Generic[D, O]):
    """An item after all that was planned was done, or would be.

    Attributes:
        planned: The plan for it.
        steps: What was done. It differs from the plan if another run came first, for example.
        observed: The resource as it is now, or would be. None if it is gone.
        receipt: What a create came to. None if there was none.
        warnings: What the user should know, of all phases.
    """

    planned: Planned[D, O]
    steps: tuple[Step[O], ...]
    observed: O | None
    receipt: t.Any = None
    warnings: tuple[str, ...] = ()

    @property
    def entry(self) -> Entry:
        """The item."""
        return self.planned.entry

    def failed(self, error: CloudElementsError, warnings: tuple[str, ...] = ()) -> Failed[D, O]:
        """Return the item as failed, with all that was done to it."""
        return Failed(
            self.entry, error, (*self.warnings, *warnings), self.planned, self.steps, self.observed, self.receipt
        )


@dataclass(frozen=True)
class Failed(t.Generic[D, O]):
    """An item that came no further.

    Attributes:
        entry: The item.
        error: Why.
        warnings: What the user should know, of all phases.
        planned: The plan for it. None if it did not come to one.
        steps: What was done before.
        observed: The resource as it was last known. None if it is not there, or nothing is known.
        receipt: What a create came to. None if there was none.
    """

    entry: Entry
    error: CloudElementsError
    warnings: tuple[str, ...] = ()
    planned: Planned[D, O] | None = None
    steps: tuple[Step[O], ...] = ()
    observed: O | None = None
    receipt: t.Any = None


Item: t.TypeAlias = "Unknown | Parsed[t.Any] | Planned[t.Any, t.Any] | Applied[t.Any, t.Any] | Failed[t.Any, t.Any]"
"""An item in any phase."""


def warnings_of(items: Iterable[Item]) -> Iterator[str]:
    """Yield what came up for items, each warning with the label of its item."""
    for item in items:
        yield from (f"{item.entry.label}: {warning}" for warning in item.warnings)


def writes(items: Iterable[Item]) -> int:
    """Return how many items of a plan are written."""
    return sum(isinstance(item, Planned) and bool(item.steps) for item in items)


def failed(item: Item, error: CloudElementsError, warnings: tuple[str, ...] = ()) -> Failed[t.Any, t.Any]:
    """Return an item of any phase as failed, with all that is known of it. A second error is told after the first."""
    if isinstance(item, Failed):
        both = item.error.but(f"{item.error.message} {error.message}")
        return replace(item, error=both, warnings=(*item.warnings, *warnings))
    if isinstance(item, Applied):
        return item.failed(error, warnings)
    planned = item if isinstance(item, Planned) else None
    observed = planned.observed if planned else None
    return Failed(item.entry, error, (*item.warnings, *warnings), planned, observed=observed)


def applied(
    planned: Planned[D, O], outcome: Converged[O], warnings: tuple[str, ...] = ()
) -> Applied[D, O] | Failed[D, O]:
    """Return a planned item after its steps were carried out, as applied, or as failed if they came to an error."""
    done = Applied(planned, outcome.steps, outcome.observed, outcome.receipt, (*planned.warnings, *warnings))
    return done if outcome.error is None else done.failed(outcome.error)
