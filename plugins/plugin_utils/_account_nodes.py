# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Own the values of the files of an account, each with its line, and the problems that messages name. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import plain

Path: t.TypeAlias = tuple[str | int, ...]
"""Where a value is in a file: keys, and positions in lists."""


@dataclass(frozen=True)
class Variable:
    """Stands for the value of a variable."""

    name: str

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True)
class Encrypted:
    """Stands for a value that ansible-vault has encrypted by itself."""

    ciphertext: str

    def __str__(self) -> str:
        """Return words for it."""
        return "an encrypted value"


@dataclass(frozen=True)
class Node:
    """A value and the line that it begins in. That of an entry of a mapping is the line of its key."""

    value: t.Any
    line: int

    @property
    def deferred(self) -> bool:
        """Whether something else stands for the value."""
        return isinstance(self.value, (Variable, Encrypted))

    @property
    def entries(self) -> Mapping[str, Node]:
        """The entries of a mapping. Nothing has none."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> Sequence[Node]:
        """The items of a list. Nothing has none."""
        return self.value if isinstance(self.value, list) else ()

    def data(self, put: t.Callable[[Variable | Encrypted], t.Any] = lambda deferred: deferred) -> t.Any:
        """Return the value without lines.

        Args:
            put: Returns what comes in the place of a value that something else stands for.
        """
        if isinstance(self.value, Mapping):
            return {key: node.data(put) for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data(put) for node in self.value]
        return put(self.value) if self.deferred else self.value


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file, where, and what to do."""

    file: str
    line: int | None
    path: Path
    text: str

    def __str__(self) -> str:
        """Return it as one line, as compilers write it."""
        where = [plain(self.file, 1000) + (f":{self.line}" if self.line else ""), key_at(self.path)]
        return ": ".join([*filter(None, where), self.text])


def key_at(path: Iterable[str | int]) -> str:
    """Return a place in a file as people write it: `fleet_instances[0].configuration.base.url`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{plain(step)}" for step in path)
    return "".join(steps).removeprefix(".")
