# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code blocks of the pages for users: Markdown, and reStructuredText."""

from __future__ import annotations

import dataclasses
import pathlib
import re
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]


def page(path: str) -> str:
    """Return the text of a page, by its path in the collection."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(path: str, language: str) -> list[str]:
    """Return the code blocks of a Markdown page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(path), re.MULTILINE | re.DOTALL)


def plays(path: str) -> list[str]:
    """Return the code blocks of a Markdown page that are playbooks."""
    return [block for block in blocks(path, "yaml") if block.startswith("- hosts:")]


@dataclasses.dataclass(frozen=True)
class Block:
    """A code block of a guide: the section that it is in, its language, the file that it is, and its text."""

    section: str
    language: str
    caption: str | None
    text: str


_SECTION_OR_BLOCK = re.compile(
    r"^(?P<title>\S[^\n]*)\n(?:=+|-+|~+)$"
    r"|^\.\. code-block:: (?P<language>\S+)\n(?:   :caption: (?P<caption>\S+)\n)?\n(?P<text>(?:   [^\n]*\n|\n)+)",
    re.MULTILINE,
)


def guide(name: str) -> list[Block]:
    """Return the code blocks of a guide, in order."""
    section = ""
    found = []
    for match in _SECTION_OR_BLOCK.finditer(page(f"docs/docsite/rst/{name}.rst")):
        section = match["title"] or section
        if match["language"]:
            text = textwrap.dedent(match["text"]).strip("\n") + "\n"
            found.append(Block(section, match["language"], match["caption"], text))
    return found


def guides() -> list[str]:
    """Return the names of all guides."""
    return sorted(path.stem for path in (ROOT / "docs/docsite/rst").glob("*.rst"))
