# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Check the options of one document against the table of its kind, with the line of each problem. Pure.

`_account_checks` calls this. Ansible's own check would name no line, would stop at the first problem of a mapping, and
would convert: 1.10 to the text `1.1`, and a text to a list. Files say what they mean, as the JSON schemas do.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import did_you_mean, enumerated

from ._account_nodes import Encrypted, Node, Path, Problem, Variable

OptionSpec: t.TypeAlias = Mapping[str, t.Any]
"""An entry of a table of options, or such a table with its rules."""

_EXPECTED: Mapping[str, tuple[t.Any, str]] = {
    "str": (str, "a text. If it is one, put it in quotes"),
    "int": (int, "a whole number, without quotes"),
    "bool": (bool, "true or false, without quotes"),
    "dict": (Mapping, "a mapping of keys and values"),
    "list": (list, "a list"),
}


class OptionCheck:
    """Checks the options of one document. `problems` has all that is wrong with them.

    Attributes:
        unknown: Whether a variable stands for what decides about other options, so that these cannot be judged.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self.problems: list[Problem] = []
        self.unknown = False

    def options(self, node: Node, table: OptionSpec, path: Path) -> dict[str, t.Any]:
        """Return all options of a table as Ansible would hand them to the module.

        Args:
            node: The mapping.
            table: The entry of the table that has `options`, and maybe `required_one_of` and `mutually_exclusive`.
            path: Where the mapping is.
        """
        spec: Mapping[str, OptionSpec] = table["options"]
        given = {name for name, value in node.entries.items() if value.value is not None}
        for name, value in node.entries.items():
            if name not in spec:
                self._report(
                    value,
                    (*path, name),
                    f"There is no such option.{did_you_mean(name, spec)} The options are {enumerated(spec)}.",
                )
        for name, entry in spec.items():
            if entry.get("required") and name not in given:
                self._report(node, (*path, name), "The option is required. Add it.")
        for names in table.get("required_one_of", ()):
            if not given.intersection(names):
                self._report(node, path, f"One of {', '.join(names)} is required. Add one.")
        for names in table.get("mutually_exclusive", ()):
            if len(given.intersection(names)) > 1:
                self._report(node, path, f"Only one of {', '.join(names)} may be set. Remove the others.")
        return {
            name: self.value(node.entries[name], entry, (*path, name)) if name in given else entry.get("default")
            for name, entry in spec.items()
        }

    def value(self, node: Node, entry: OptionSpec, path: Path) -> t.Any:
        """Return the value of an option, with a text in the place of each variable in what has a form of its own."""
        kind = entry["type"]
        if node.deferred:
            if kind == "raw" or (kind == "str" and entry.get("no_log")):
                return _stand_in(node.value)
            self.unknown = True
            return None
        if kind == "raw":
            return node.data(_stand_in)
        expected, words = _EXPECTED[kind]
        if not isinstance(node.value, expected) or (kind == "int" and isinstance(node.value, bool)):
            self._report(node, path, f"This must be {words}.")
            return None
        if kind == "list":
            item = {"type": entry["elements"], **{key: entry[key] for key in _TABLE if key in entry}}
            return [self.value(each, item, (*path, position)) for position, each in enumerate(node.items)]
        if kind == "dict":
            return self.options(node, entry, path) if "options" in entry else _free(node)
        if node.value not in entry.get("choices", (node.value,)):
            self._report(
                node,
                path,
                f"This must be one of {', '.join(entry['choices'])}.{did_you_mean(node.value, entry['choices'])}",
            )
        return node.value

    def _report(self, node: Node, path: Path, text: str) -> None:
        self.problems.append(Problem(self._file, node.line, path, text))


_TABLE = ("options", "required_one_of", "mutually_exclusive")


def _stand_in(deferred: Variable | Encrypted) -> str:
    return deferred.name if isinstance(deferred, Variable) else "encrypted"


def _address(deferred: Variable | Encrypted) -> str:
    """Return a text that every configuration key takes, those for a URL too."""
    return f"https://{_stand_in(deferred).replace('_', '-')}.invalid/"


def _free(node: Node) -> dict[str, t.Any]:
    """Return a mapping whose keys are not options, such as a configuration."""
    return {
        key: _address(entry.value) if entry.deferred else entry.data(_stand_in) for key, entry in node.entries.items()
    }
