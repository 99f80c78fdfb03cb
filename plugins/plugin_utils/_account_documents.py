# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Know the files of an account, and read them as documents: each the options of one resource. It writes nothing.

`_account_reader` and the lookup `cloud_elements_account_problems` call this. `_account_files` opens the files.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ansible_collections.cloud_elements.platform.plugins.module_utils._core.text import did_you_mean

from ._account_files import SUFFIXES, Directory, UnreadableError
from ._account_kinds import KINDS_BY_NAME
from ._account_layout import FOLDERS, LISTS
from ._account_nodes import Node, Path, Problem
from ._account_yaml import parse


@dataclass(frozen=True)
class Document:
    """The options of one resource.

    Attributes:
        kind: One of `KINDS_BY_NAME`.
        file: The file, as messages name it.
        path: Where in the file the options are.
        node: The options.
    """

    kind: str
    file: str
    path: Path
    node: Node


def read(directory: Directory, include: Collection[str]) -> tuple[list[Document], list[Problem]]:
    """Return the documents of an account in a stable order, and what is wrong with its files.

    Args:
        directory: The directory of the account.
        include: The kinds to read.
    """
    unknown = [kind for kind in include if kind not in KINDS_BY_NAME]
    if unknown:
        kinds = ", ".join(KINDS_BY_NAME)
        text = f"{unknown[0]} is no kind of resource. include and account_include are lists of some of these: {kinds}."
        return [], [Problem(directory.path, None, (), text)]
    if not directory.exists():
        return [], [Problem(directory.path, None, (), "There is no such directory. Give the directory of an account.")]
    reader = _Reader(directory)
    for kind in KINDS_BY_NAME:
        if kind in include:
            if kind in LISTS:
                reader.read_list(kind)
            else:
                reader.read_folder(kind)
    if not reader.files and not reader.problems:
        names = ", ".join(
            [*(f"{LISTS[kind][0]}.yml" for kind in LISTS if kind in include)]
            + [f"{kind}/" for kind in FOLDERS if kind in include]
        )
        reader.report(directory.path, f"The directory describes nothing to read. It has no file of {names}.")
    return reader.documents, reader.problems


class _Reader:
    """Collects documents, the files that they are in, and problems."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.files = 0
        self.documents: list[Document] = []
        self.problems: list[Problem] = []

    def report(self, file: str, text: str, line: int | None = None, path: Path = ()) -> None:
        """Record a problem."""
        self.problems.append(Problem(file, line, path, text))

    def read_list(self, kind: str) -> None:
        """Read the file that lists all resources of a kind."""
        stem, key = LISTS[kind]
        names = self._directory.variants(stem)
        self.files += len(names)
        if len(names) > 1:
            self.report(self._directory.shown(names[1]), f"There is {names[0]} too. Keep one of them.")
        for name in names[:1]:
            node, file = self._parsed(name), self._directory.shown(name)
            if node is None:
                continue
            if not node.entries:
                self.report(file, f"The file must be a mapping with the key {key}.", node.line)
            elif key not in node.entries:
                self.report(file, "The key is missing, which holds the list. Add it.", node.line, (key,))
            for other in node.entries:
                if other != key:
                    self.report(
                        file,
                        f"The file must have no other key than {key}.{did_you_mean(other, [key])} Remove it.",
                        node.entries[other].line,
                        (other,),
                    )
            if key in node.entries:
                self._add_items(kind, file, (key,), node.entries[key])

    def read_folder(self, kind: str) -> None:
        """Read the folder that has a file for each resource of a kind."""
        try:
            for name, is_document in self._directory.entries(kind):
                self.files += 1
                file = self._directory.shown(name)
                if not is_document:
                    self.report(file, f"Only files that end in {', '.join(SUFFIXES)} may be here. Move it elsewhere.")
                    continue
                node = self._parsed(name)
                if node is not None:
                    self._add(Document(kind, file, (), node))
        except UnreadableError as error:
            self.problems += error.problems

    def _add_items(self, kind: str, file: str, path: Path, node: Node) -> None:
        if not isinstance(node.value, list):
            self.report(file, "This must be a list, which may be empty: [].", node.line, path)
        for position, item in enumerate(node.items):
            self._add(Document(kind, file, (*path, position), item))

    def _add(self, document: Document) -> None:
        if isinstance(document.node.value, dict):
            self.documents.append(document)
        else:
            self.report(
                document.file, "This must be a mapping of options to values.", document.node.line, document.path
            )

    def _parsed(self, name: str) -> Node | None:
        file = self._directory.shown(name)
        try:
            node, problems = parse(self._directory.text(name), file)
        except UnreadableError as error:
            self.problems += error.problems
            return None
        self.problems += problems
        return node
