# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Check the documents of an account without a platform, and return all that is wrong with them. Pure.

`_account_reader` and the lookup `cloud_elements_account_problems` call this. Each kind of resource judges its options
by the parser that its module has. What only a value of a variable decides is left to the module.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import quote
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.formula.template import CALLS
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import CALLED

from ._account_documents import Document
from ._account_kinds import KINDS_BY_NAME, formula_name, name_of
from ._account_nodes import Encrypted, Node, Path, Problem, Variable
from ._account_options import OptionCheck


@dataclass(frozen=True)
class Account:
    """An account as its directory describes it.

    Attributes:
        documents: The documents.
        problems: All that is wrong with them and with their files, in the order of the files and lines.
        warnings: What the user should be warned of, in the same order.
    """

    documents: Sequence[Document]
    problems: Sequence[Problem]
    warnings: Sequence[Problem]


def check(
    documents: Sequence[Document], found: Iterable[Problem] = (), include: Collection[str] = tuple(KINDS_BY_NAME)
) -> Account:
    """Check the documents of an account.

    Args:
        documents: All documents.
        found: What is wrong with their files.
        include: The kinds that were read.
    """
    problems = list(found)
    warnings: list[Problem] = []
    sound: list[Document] = []
    for document in documents:
        wrong, warned = _check_one(document)
        problems += wrong
        warnings += warned
        if not wrong:
            sound.append(document)
    problems += _twice(sound)
    warnings += _unresolved(sound, include)
    return Account(documents, sorted(problems, key=_place), sorted(warnings, key=_place))


def _place(problem: Problem) -> tuple[str, int]:
    return problem.file, problem.line or 0


def _check_one(document: Document) -> tuple[list[Problem], list[Problem]]:
    kind, line = KINDS_BY_NAME[document.kind], document.node.line
    checked = OptionCheck(document.file)
    params = checked.options(document.node, kind.table, document.path)
    if checked.problems or checked.unknown:
        return checked.problems, []
    try:
        warnings = kind.parse(params)
    except CloudElementsError as error:
        return [Problem(document.file, line, document.path, error.message)], []
    return [], [Problem(document.file, line, document.path, text) for text in warnings]


def _twice(documents: Sequence[Document]) -> Iterator[Problem]:
    first: dict[tuple[Hashable, ...], Document] = {}
    for document in documents:
        identity = KINDS_BY_NAME[document.kind].identity(document.node.data())
        other = first.setdefault((document.kind, *identity), document)
        if other is not document:
            yield Problem(
                document.file,
                document.node.line,
                document.path,
                f"The same {CALLED[document.kind]} is described at {other.file}:{other.node.line}. Remove or rename "
                "one of them.",
            )


@dataclass(frozen=True)
class _Reference:
    """What a document says that another document of the directory describes."""

    kind: str
    identity: tuple[Hashable, ...]
    line: int
    path: Path
    words: str


def _unresolved(documents: Sequence[Document], include: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for each reference to what no document provides. The account may have it."""
    provided: dict[str, set[tuple[Hashable, ...]]] = {}
    present = [document for document in documents if _value(document.node, "state") != "absent"]
    for document in present:
        data = document.node.data()
        name = (data.get("element_key"), data.get("name")) if document.kind == "instances" else (formula_name(data),)
        provided.setdefault(document.kind, set()).add(name)
    for document in present:
        for reference in _references(document):
            if reference.kind not in include:
                continue
            names = provided.get(reference.kind, set())
            known = {*reference.identity, *(part for name in names for part in name)}
            if reference.identity not in names and not any(isinstance(part, (Variable, Encrypted)) for part in known):
                yield Problem(
                    document.file,
                    reference.line,
                    reference.path,
                    f"{reference.words} is not described here. The account must have it, or add it.",
                )


def _references(document: Document) -> Iterator[_Reference]:
    entries, path = document.node.entries, document.path
    if document.kind == "formula_instances":
        yield from _formula(entries.get("formula"), (*path, "formula"))
        configuration = entries.get("configuration")
        for key, node in configuration.entries.items() if configuration else ():
            yield from _instance(node, (*path, "configuration", key))
    elif document.kind == "common_resources" and "instance" in entries:
        yield from _instance(entries["instance"], (*path, "instance"))
    elif document.kind == "formulas" and "definition" in entries:
        definition = entries["definition"].entries
        steps = definition["steps"].items if "steps" in definition else ()
        for position, step in enumerate(steps):
            called = step.entries["properties"].entries.get(CALLS) if "properties" in step.entries else None
            yield from _formula(called, (*path, "definition", "steps", position, "properties", CALLS))


def _formula(node: Node | None, path: Path) -> Iterator[_Reference]:
    if node is not None and name_of(node.value) is not None:
        yield _Reference("formulas", (node.value,), node.line, path, f"The formula {quote(str(node.value))}")


def _instance(node: Node, path: Path) -> Iterator[_Reference]:
    names = tuple(_value(node, key) for key in ("element_key", "name"))
    if None not in names:
        words = f"The instance {quote(str(names[1]))} of element {quote(str(names[0]))}"
        yield _Reference("instances", names, node.line, path, words)


def _value(node: Node, key: str) -> Hashable:
    entry = node.entries.get(key)
    return None if entry is None else name_of(entry.value)
