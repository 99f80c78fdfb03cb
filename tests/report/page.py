# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the playbook report, read without a browser."""

from __future__ import annotations

import dataclasses
import html.parser
from collections.abc import Iterator

_VOID = frozenset(["br", "col", "input", "link", "meta"])


@dataclasses.dataclass
class Node:
    """An element of the page: its tag, its attributes, and what is in it."""

    tag: str
    attributes: dict[str, str | None] = dataclasses.field(default_factory=dict)
    children: list[Node | str] = dataclasses.field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The classes."""
        return (self.attributes.get("class") or "").split()

    @property
    def text(self) -> str:
        """All text inside, white space folded as a browser folds it."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()

    def all(self, tag: str, name: str | None = None) -> list[Node]:
        """Return the elements inside with a tag, and with a class if one is given, in their order."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag and (name is None or name in child.classes):
                    found.append(child)
                found += child.all(tag, name)
        return found

    def one(self, tag: str, name: str | None = None) -> Node:
        """Return the only such element inside."""
        (found,) = self.all(tag, name)
        return found


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        assert len(node.attributes) == len(attrs), f"an attribute twice: {attrs}"
        self.path[-1].children.append(node)
        if tag not in _VOID:
            self.path.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.path[-1].tag == tag, f"</{tag}> closes <{self.path[-1].tag}>"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)


def read(text: str) -> Node:
    """Return the page as a tree. Fails where an element is not closed in its turn."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.path) == 1, f"not closed: {[node.tag for node in reader.path[1:]]}"
    return reader.path[0]


def figures(page: Node) -> dict[str, int]:
    """Return the figures at the top, by their names."""
    shown = page.one("dl", "figures")
    return {
        name.text: int(value.text.replace(",", ""))
        for name, value in zip(shown.all("dt"), shown.all("dd"), strict=True)
    }


def rows(table: Node) -> list[list[str]]:
    """Return the texts of the cells of a table, without its head."""
    return [
        [cell.text for cell in row.children if isinstance(cell, Node)]
        for body in table.all("tbody")
        for row in body.all("tr")
    ]


def section(page: Node, name: str) -> Node:
    """Return the section with an id."""
    (found,) = [part for part in page.all("section") if part.attributes["aria-labelledby"] == name]
    return found


def legend(part: Node) -> dict[str, int]:
    """Return the numbers of a legend, by their words."""
    entries = [entry.text.split(" ", 1) for entry in part.one("ul", "legend").all("li")]
    return {words: int(number.replace(",", "")) for number, words in entries}
