# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An export as the text of a file of variables, which reads back as exactly what it was made of. Pure."""

from __future__ import annotations

import re
import textwrap
import typing as t
from collections.abc import Iterable, Iterator, Mapping

from .instances import Export, ExportedInstance, printable

HEAD = """\
---
# A fleet of element instances, exported by cloud_elements.platform.export. It makes the same elsewhere:
#   ansible-playbook cloud_elements.platform.provision -e @fleet.yml -e @secrets.yml --check --diff
# A configuration key that is not here has the element's default. What is here is kept so: an instance that somebody
# disables is enabled again. In place of each secret is a variable of the file of secrets.
#
# Not here, because it cannot be moved:
# - Ids and element tokens. The platform gives new ones, so every application needs its new token.
# - Codes that OAuth instances were made with: they are spent. Tokens that the platform renews: obtain new ones.
# - Transformations and object definitions of single instances, and formula instances that use them.
# - Subscriptions for events at the provider, and events that wait. They are made anew where events are enabled here. As
#   long as both accounts have them enabled, both call the callback URL.
# - Elements of your own: they have to be in the other account already, with the same keys.
# - What the platform makes by itself: session ids, times, and the fingerprints for update_secrets=on_change.
"""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
# What YAML 1.1 takes for something else than a text.
_NO_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST_KEY = 1000
"""YAML takes a key of more than 1,024 characters only if a question mark says that it is one."""
# What Ansible takes for a template: also a text whose beginning sets other marks for one.
_TEMPLATE = re.compile(r"\{[{%#]|\A#jinja2:")


def fleet_file(export: Export) -> str:
    """Return the file of variables for an export, with what cannot be moved in its head, and notes as comments."""
    lines = [HEAD]
    if export.items:
        lines.append("fleet_instances:\n")
        lines.extend(line for item in export.items for line in _item(item))
    else:
        lines.append("fleet_instances: []\n")
    return "".join(lines)


def _item(item: ExportedInstance) -> Iterator[str]:
    """Yield the lines of an instance. Its secrets become references to variables."""
    for note in item.notes:
        yield textwrap.fill(printable(note), 120, initial_indent="  # ", subsequent_indent="  # ") + "\n"
    start = "  - "
    for option, value in item.options.items():
        for line in _option(option, value):
            yield f"{start}{line}\n"
            start = "    "


def _option(option: str, value: t.Any) -> Iterable[str]:
    if option == "secret_configuration":
        return [f"{option}:", *(_pair(key, _quoted(_reference(value[key]))) for key in value)]
    if isinstance(value, Mapping):
        return [f"{option}:", *(_pair(key, literal(value[key])) for key in value)]
    if isinstance(value, list) and value:
        return [f"{option}:", *(f"  - {literal(entry)}" for entry in value)]
    return [f"{option}: {literal(value)}"]


def _pair(key: str, value: str) -> str:
    """Return a key with its value, on the lines below the option. A long key has to be marked as one."""
    name = _scalar(key)
    return f"  {name}: {value}" if len(name) <= _LONGEST_KEY else f"  ? {name}\n      : {value}"


def _reference(variable: str) -> str:
    return f"{{{{ {variable} }}}}"


def literal(value: t.Any) -> str:
    """Return a value as YAML that means exactly it, whatever it looks like: a number, a date, a Jinja template."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[]"
    text = str(value)
    return f"!unsafe {_quoted(text)}" if _TEMPLATE.search(text) else _scalar(text)


def _scalar(text: str) -> str:
    """Return a text as YAML, without quotes where it can be taken for nothing else."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT else _quoted(text)


def _quoted(text: str) -> str:
    return f'"{"".join(map(_character, text))}"'


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return printable(character)
