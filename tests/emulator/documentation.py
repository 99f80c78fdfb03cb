# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the tables of README.md from the contract and the switches: `python -m tests.emulator.documentation`.

A test fails if a table is out of date.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from .contract import LOADER, PATH
from .switches import PRIVILEGES, Switches

README = Path(__file__).with_name("README.md")
_LABEL = re.compile(r"\b(TEST|DOC|SWG|CODE|DATA|ASSUMED)\b")
_METHODS = ("get", "post", "put", "patch", "delete")


def endpoints() -> Iterator[str]:
    """Yield a table of all paths, with the sources of each verb."""
    yield "| Path | Verbs and the sources of their behavior |"
    yield "| --- | --- |"
    document = yaml.load(PATH.read_text(encoding="utf-8"), Loader=LOADER)
    for path, operations in document["paths"].items():
        verbs = (f"{verb.upper()} ({_labels(operations[verb])})" for verb in _METHODS if verb in operations)
        yield f"| `{path}` | {', '.join(verbs)} |"


def switches() -> Iterator[str]:
    """Yield a table of all switches."""
    yield "| Switch | Default | Values | Source | Meaning |"
    yield "| --- | --- | --- | --- | --- |"
    for field in dataclasses.fields(Switches):
        about = field.metadata
        choices = about["choices"] or ((True, False) if isinstance(field.default, bool) else ())
        default = "all" if field.default == PRIVILEGES else field.default
        values = ", ".join(map(_code, choices))
        yield f"| `{field.name}` | {_code(default)} | {values} | {about['source']} | {about['help']} |"


TABLES = {"endpoints": endpoints, "switches": switches}


def with_tables(text: str) -> str:
    """Return the text of README.md with the tables between its markers brought up to date."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        head, _old, rest = text.partition(begin)
        tail = rest.partition(end)[2]
        text = f"{head}{begin}\n" + "".join(f"{line}\n" for line in table()) + f"\n{end}{tail}"
    return text


def _labels(operation: dict[str, Any]) -> str:
    return ", ".join(dict.fromkeys(_LABEL.findall(operation["description"])))


def _code(value: Any) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
