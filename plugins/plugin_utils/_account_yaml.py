# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Parse one YAML file of an account as data, with the line of each value. Pure.

Nothing is a template here. A scalar that is exactly `{{ NAME }}` stands for a variable, and `_account_variables` puts
the value in its place. `_account_documents` calls this. No message may hold a value, as any value may be a secret.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

import yaml
import yaml.constructor
import yaml.nodes
import yaml.reader
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.strict_json import DEEPEST

from ._account_nodes import Encrypted, Node, Path, Problem, Variable

MOST_NODES = 1_000_000
"""Values of one file, with those that aliases repeat. Every 100 characters of a text count as one more."""

_LONGEST_INTEGER = 1_000
"""Bits of an integer. Python takes minutes for much longer ones, or refuses to write them."""

# The parser of libyaml is ten times faster. Ansible takes it too if it is there.
_Loader: t.Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_PREFIX = "tag:yaml.org,2002:"
_TYPED: Mapping[str, t.Callable[[yaml.nodes.ScalarNode], t.Any]] = {
    f"{_PREFIX}null": _CONSTRUCTOR.construct_yaml_null,
    f"{_PREFIX}bool": _CONSTRUCTOR.construct_yaml_bool,
    f"{_PREFIX}int": _CONSTRUCTOR.construct_yaml_int,
    f"{_PREFIX}float": _CONSTRUCTOR.construct_yaml_float,
}
"""What a scalar becomes that is not a text. A date is a text, as JSON has none."""
_UNSAFE, _VAULT, _MERGE = "!unsafe", "!vault", "<<"

VARIABLE = r"\{\{ *([A-Za-z_][A-Za-z0-9_]*) *\}\}"
"""A text that stands for a variable. It is a regular expression of Python and of JSON schemas."""
# What Ansible takes for a template, in other files.
_TEMPLATE = re.compile(r"\{[{%#]|\A#jinja2:")


def parse(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the one document of a text, and what is wrong with it. There is no document if the YAML itself is wrong.

    Args:
        text: The text.
        file: The name of the file, for the problems.
    """
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        return None, [Problem(file, line, (), "There is a control character. Write it as an escape in double quotes.")]
    builder = _Builder(text, file)
    try:
        node = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = "" if mark is None else f" at column {mark.column + 1}"
        builder.report(None if mark is None else mark.line + 1, (), f"This is not YAML{at}. Correct the syntax.")
        return None, builder.problems
    except yaml.YAMLError:
        builder.report(None, (), "This is not YAML. Correct the syntax.")
        return None, builder.problems
    except _StopError:
        return None, builder.problems
    return node, builder.problems


class _StopError(Exception):
    """The rest of the file cannot be understood. The problem is recorded."""


class _Builder:
    """Builds nodes from the events of YAML's parser. It collects problems and goes on, as far as that is possible."""

    def __init__(self, text: str, file: str) -> None:
        self._loader = _Loader(text)
        self._file = file
        self._anchors: dict[str, tuple[Node, int, int]] = {}
        """The nodes that aliases repeat, each with its number of values and its levels."""
        self._size = 0
        self._deepest = 0
        self.problems: list[Problem] = []

    def report(self, line: int | None, path: Path, text: str) -> None:
        """Record a problem."""
        self.problems.append(Problem(self._file, line, path, text))

    def document(self) -> Node | None:
        """Return the document, or None if there is none or more than one."""
        self._loader.get_event()
        if self._loader.check_event(yaml.StreamEndEvent):
            self.report(None, (), "The file is empty.")
            return None
        self._loader.get_event()
        node = self._node((), unsafe=False)
        self._loader.get_event()
        if not self._loader.check_event(yaml.StreamEndEvent):
            self.report(
                _line(self._loader.peek_event()), (), "A second document begins here. Write each to its own file."
            )
            return None
        if node.value is None:
            self.report(None, (), "The file is empty.")
            return None
        return node

    def _node(self, path: Path, *, unsafe: bool) -> Node:
        event = self._loader.get_event()
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        before, self._deepest = (self._size, self._deepest), 0
        self._grow(1 + len(getattr(event, "value", "")) // 100, 0, event, path)
        unsafe = unsafe or event.tag == _UNSAFE
        if isinstance(event, yaml.ScalarEvent):
            node = Node(self._scalar(event, path, unsafe=unsafe), _line(event))
        else:
            if event.tag not in (None, "!", _UNSAFE):
                self._refuse_tag(event, path)
            build = self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
            node = Node(build(path, unsafe=unsafe), _line(event))
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._size - before[0], self._deepest - len(path))
        self._deepest = max(self._deepest, before[1])
        return node

    def _alias(self, event: yaml.AliasEvent, path: Path) -> Node:
        if event.anchor not in self._anchors:
            self.report(_line(event), path, "The alias has no anchor before it. Define the anchor first.")
            return Node(None, _line(event))
        node, size, levels = self._anchors[event.anchor]
        self._grow(size, levels, event, path)
        return Node(node.value, _line(event))

    def _grow(self, size: int, levels: int, event: yaml.Event, path: Path) -> None:
        """Count what comes at a place, before anything walks through it."""
        self._size += size
        self._deepest = max(self._deepest, len(path) + levels)
        if self._deepest > DEEPEST:
            self.report(_line(event), path[:3], f"This is nested more than {DEEPEST} levels deep.")
            raise _StopError
        if self._size > MOST_NODES:
            self.report(
                _line(event),
                path[:3],
                f"The file holds more than {MOST_NODES} values, with those that aliases repeat. Every 100 characters "
                "of a text count as one.",
            )
            raise _StopError

    def _sequence(self, path: Path, *, unsafe: bool) -> list[Node]:
        nodes: list[Node] = []
        while not self._loader.check_event(yaml.SequenceEndEvent):
            nodes.append(self._node((*path, len(nodes)), unsafe=unsafe))
        self._loader.get_event()
        return nodes

    def _mapping(self, path: Path, *, unsafe: bool) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        merged: list[Mapping[str, Node]] = []
        while not self._loader.check_event(yaml.MappingEndEvent):
            event = self._loader.peek_event()
            key = self._key(path)
            value = self._node((*path, key or "?"), unsafe=unsafe)
            if key is None:
                continue
            if key == _MERGE and not event.style:
                merged += self._merged(value, path)
            elif key in entries:
                self.report(
                    _line(event), (*path, key), f"The key is in line {entries[key].line} already. Remove one of them."
                )
            else:
                entries[key] = Node(value.value, _line(event))
        self._loader.get_event()
        for each in merged:
            for key, node in each.items():
                entries.setdefault(key, node)
        return entries

    def _key(self, path: Path) -> str | None:
        """Return the next key as it is written, or None if it is not a text: `on` and `1` are texts here."""
        event = self._loader.peek_event()
        if isinstance(event, yaml.ScalarEvent) and event.tag in (None, "!", _UNSAFE):
            self._loader.get_event()
            self._grow(1, 0, event, path)
            return str(event.value)
        self.report(
            _line(event),
            path,
            "A key must be a text, without a tag. If this is to be a variable, put it in quotes: '{{ NAME }}'.",
        )
        known = len(self.problems)
        self._node((*path, "?"), unsafe=True)
        del self.problems[known:]
        return None

    def _merged(self, node: Node, path: Path) -> list[Mapping[str, Node]]:
        parts = [node, *node.items] if isinstance(node.value, list) else [node]
        mappings = [part for part in parts if isinstance(part.value, Mapping)]
        if len(mappings) != max(1, len(node.items)):
            self.report(node.line, (*path, _MERGE), "Only a mapping can be merged, or a list of mappings.")
        return [part.entries for part in mappings]

    def _scalar(self, event: yaml.ScalarEvent, path: Path, *, unsafe: bool) -> t.Any:
        text = str(event.value)
        if event.tag == _VAULT:
            if not text.lstrip().startswith("$ANSIBLE_VAULT;"):
                self.report(_line(event), path, "The value is tagged !vault, but ansible-vault did not encrypt it.")
            return Encrypted(text)
        if event.tag not in (None, "!", _UNSAFE):
            self._refuse_tag(event, path)
            return None
        if not event.style and event.tag != "!":
            tag = self._loader.resolve(yaml.ScalarNode, text, (True, False))
            if tag in _TYPED:
                return self._typed(tag, event, path)
        variable = None if unsafe else re.fullmatch(VARIABLE, text)
        if variable:
            return Variable(variable[1])
        if not unsafe and _TEMPLATE.search(text):
            self.report(
                _line(event),
                path,
                "The text looks like a template, and none is evaluated here. For a variable, write exactly "
                "'{{ NAME }}'. To keep the text as it is, write !unsafe before it.",
            )
        return text

    def _typed(self, tag: str, event: yaml.ScalarEvent, path: Path) -> t.Any:
        try:
            value = _TYPED[tag](yaml.ScalarNode(tag, str(event.value)))
            if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
                raise ValueError
            return value
        except (ValueError, ArithmeticError):
            self.report(_line(event), path, "This cannot be read as a number. If it is a text, put it in quotes.")
            return None

    def _refuse_tag(self, event: t.Any, path: Path) -> None:
        self.report(_line(event), path, "The value has a tag other than !unsafe and !vault. Remove the tag.")


def _line(event: t.Any) -> int:
    return int(event.start_mark.line) + 1
