# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Write data as YAML that means exactly it, for Ansible too. Pure; `_account_dir_tree` calls this.

PyYAML's own emitter does the writing. Here is only how each text is to be written: what is a template stays a text, and
what has several lines reads like the code that it mostly is.
"""

from __future__ import annotations

import re
import sys
import typing as t
from collections.abc import Mapping

import yaml

# What Ansible takes for a template.
_TEMPLATE = re.compile(r"\{[{%#]|\A#jinja2:")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
# What YAML 1.1 takes for something else than a text.
_NO_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_HALF = re.compile("[\ud800-\udfff]")
_TEXT, _UNSAFE = "tag:yaml.org,2002:str", "!unsafe"


class Reference(str):
    """The name of a variable, which is written as a reference to it."""

    __slots__ = ()


def as_yaml(value: t.Any) -> str:
    """Return JSON data as a YAML document that reads back as exactly the same.

    Args:
        value: The data. A `Reference` in it stands for a variable.

    Raises:
        ValueError: A text holds half a character (a surrogate), which no file can hold.
    """
    return yaml.dump(
        _normal(value),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=sys.maxsize,
    )


def _normal(value: t.Any) -> t.Any:
    """Return data in Python's own types: Ansible's are their subclasses."""
    if isinstance(value, Reference):
        return value
    if isinstance(value, str):
        if _HALF.search(value):
            raise ValueError("a text holds half a character (a surrogate)")
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_normal(str(key)): _normal(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    return float(value) if isinstance(value, float) else int(value)


class _Dumper(yaml.SafeDumper):
    """Writes each text in the one style that is chosen for it, and no text twice by reference."""

    def ignore_aliases(self, data: t.Any) -> bool:
        """Repeat equal values: an alias is hard to read and to change."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists within mappings, as is usual for Ansible."""
        super().increase_indent(flow, indentless=False)

    def analyze_scalar(self, scalar: str) -> t.Any:
        """Allow a literal block for spaces at the ends of lines too."""
        analysis: t.Any = super().analyze_scalar(scalar)
        analysis.allow_block = is_literal(scalar)
        return analysis

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Write a text with what cannot be seen in it escaped."""
        self.allow_unicode = all(sign.isascii() or sign.isprintable() for sign in text)
        super().write_double_quoted(text, split)
        self.allow_unicode = True


def is_literal(text: str) -> bool:
    """Tell whether a text is written as a literal block: it has several lines, and all of it can be seen.

    A tab before the first word cannot be told from indentation.
    """
    begins = text.lstrip(" \n")
    return "\n" in text and begins[:1] not in ("", "\t") and all(sign.isprintable() or sign in "\n\t" for sign in text)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    tag = _UNSAFE if _TEMPLATE.search(text) else _TEXT
    is_plain = tag == _TEXT and _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT
    return dumper.represent_scalar(tag, text, style="|" if is_literal(text) else None if is_plain else '"')


def _represent_reference(dumper: _Dumper, name: Reference) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TEXT, f"{{{{ {name} }}}}", style='"')


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Reference, _represent_reference)
