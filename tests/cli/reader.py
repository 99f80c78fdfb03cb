# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who follows a guide as it stands, section by section, and what is known of how each section is followed."""

from __future__ import annotations

import re
import sys
import typing as t
from collections.abc import Callable, Mapping

from ansible_collections.cloud_elements.platform.tests.cli.pages import Block, guide

# Blocks that no test runs, by guide and caption or first line, each with the reason.
NOT_RUN: dict[tuple[str, str], str] = {}


class Reader:
    """Somebody who follows one section of a guide, and skips none of its blocks."""

    def __init__(self, name: str, section: str, ansible: t.Any, emulator: t.Any) -> None:
        self.ansible = ansible
        self.emulator = emulator
        self._blocks = guide(name)
        own = [block for block in self._blocks if block.section == section]
        self._commands = iter([block for block in own if block.language == "console"])
        self._outputs = iter([block for block in own if block.language == "text"])
        self.left = {block for block in own if (name, caption(block)) not in NOT_RUN}

    def write(self, name: str, exchanged: Mapping[str, str] | None = None) -> None:
        """Write a file of the guide, of whatever section, with what a reader exchanges in it."""
        (block,) = (block for block in self._blocks if block.caption == name)
        text = block.text
        for shown, real in (exchanged or {}).items():
            assert shown in text
            text = text.replace(shown, real)
        (self.ansible.home / name).write_text(text)
        self.left.discard(block)

    def next(self, environment: Mapping[str, str] | None = None, *typed: str, rc: int = 0, then: str = ""):
        """Run the next command of the section in an environment, with the lines that the reader types.

        In: also what the test runs after it in the same shell, to see what came of it.
        """
        block = next(self._commands)
        self.left.discard(block)
        self.ran = block.text + then
        return self.again(environment, *typed, rc=rc)

    def passes(self) -> list[str]:
        """Return the lines of the next command of the section, which another test runs."""
        block = next(self._commands)
        self.left.discard(block)
        return block.text.splitlines()

    def sees(self, text: str, exchanged: Mapping[str, str] | None = None) -> None:
        """Look for the next output that the guide shows in a text, whatever the white space in both.

        A line with … stands for any number of lines. In: also what is otherwise on the guide than here.
        """
        block = next(self._outputs)
        self.left.discard(block)
        shown = block.text
        for there, here in (exchanged or {}).items():
            assert there in shown
            shown = shown.replace(there, here)
        rest = in_one_line(text)
        for part in re.split(r"^…$", shown, flags=re.MULTILINE):
            assert in_one_line(part) in rest, text
            rest = rest.partition(in_one_line(part))[2]

    def again(self, environment: Mapping[str, str] | None = None, *typed: str, rc: int = 0):
        """Run the last command once more."""
        run = self.ansible.command("bash", "-c", self.ran, stdin="\n".join([*typed, ""]), **(environment or {}))
        assert run.rc == rc, run.output
        return run

    def sent(self) -> list[tuple[str, t.Any]]:
        """Return the writes since this was last asked: method and body."""
        seen = [(request.method, request.body) for request in self.emulator.requests if is_write(request)]
        self.emulator.clear()
        return seen

    @property
    def stored(self) -> dict[str, t.Any]:
        """The one instance that there is."""
        (instance,) = self.emulator.instances
        return t.cast("dict[str, t.Any]", instance)


def is_write(request):
    """Tell whether a request writes. One that asks for an OAuth URL does not, whatever its method."""
    return request.method != "GET" and not request.path.startswith("/elements/")


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def caption(block: Block) -> str:
    return block.caption or block.text.partition("\n")[0]


def changed(run):
    return not re.search(r"changed=0", run.output)


SCRIPTS: dict[tuple[str, str], Callable[[Reader], None]] = {}


def editor(reader: Reader, old: str, new: str) -> dict[str, str]:
    """Return the environment in which the reader's editor exchanges a text."""
    script = reader.ansible.home / "editor"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
        f"assert {old!r} in text\npath.write_text(text.replace({old!r}, {new!r}))\n"
    )
    script.chmod(0o700)
    return {"EDITOR": str(script)}


def section(name: str, title: str):
    """Say that a function follows a section of a guide."""

    def keep(follow: Callable[[Reader], None]) -> Callable[[Reader], None]:
        SCRIPTS[name, title] = follow
        return follow

    return keep


def sections(name: str) -> list[str]:
    """Return the sections of a guide that have code blocks."""
    return list(dict.fromkeys(block.section for block in guide(name)))


def follow(name: str, title: str, ansible: t.Any, emulator: t.Any) -> None:
    """Follow a section of a guide, and fail where a block of it was left out."""
    reader = Reader(name, title, ansible, emulator)
    SCRIPTS[name, title](reader)
    assert not reader.left, "neither run nor named in NOT_RUN with a reason"


def followed(name: str) -> set[str]:
    """Return the sections of a guide that something follows."""
    return {title for guide_name, title in SCRIPTS if guide_name == name}
