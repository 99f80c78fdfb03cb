# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Say what a diff shows of the files of an account. Pure.

What an export writes holds no secret. What it replaces may: somebody may have filled in a password in place of a
variable. Such a file is not shown as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import may_be_shown

from ._account_dir_files import Change, Directory

WITHHELD = "(not shown, as it may hold secrets)\n"

_REFERENCE = re.compile(r"\{\{ *\w+ *\}\}")
_NAMES = frozenset(["element_key", "plain_keys"])
"""Options whose names look like those of secrets."""
_SECRETS = frozenset(["secret_configuration", "provider_data"])
"""Options with secrets under all keys."""


def diff_of(directory: Directory, changes: Iterable[Change]) -> list[dict[str, str]]:
    """Return what a diff shows of changes: the text of each file before and after."""
    return [
        {
            "before_header": directory.shown(change.name),
            "after_header": directory.shown(change.name),
            "before": _shown(change.before or ""),
            "after": change.after or "",
        }
        for change in changes
    ]


def _shown(text: str) -> str:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return WITHHELD if any(_is_secret(key, value) for key, value in _values(root, "", set())) else text
    except (yaml.YAMLError, ValueError, RecursionError):
        return WITHHELD


def _is_secret(key: str, node: yaml.ScalarNode) -> bool:
    text = str(node.value)
    if node.tag == "!vault" or _REFERENCE.fullmatch(text) or not text.strip():
        return False
    return key in _SECRETS or ("\n" not in text and not may_be_shown(key, text, (), given=True))


def _values(node: yaml.Node | None, key: str, seen: set[int]) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Yield the scalars of a document, each with the key that it is under, or with the option above that one."""
    if isinstance(node, yaml.ScalarNode):
        yield key, node
    if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _values(child, key, seen)
        return
    names = {name.value for name, _value in node.value}
    for name, value in node.value:
        own = str(name.value)
        # A variable of a formula has a key, a name and a type. Its key is no secret.
        if own not in _NAMES and not (own == "key" and {"key", "type"} <= names):
            yield from _values(value, key if key in _SECRETS else own, seen)
