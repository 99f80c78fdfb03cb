# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Say what files and pages about an account have in common: their head, and the words for a change. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

GENERATOR = "cloud_elements.platform"
"""What made a file, as the file says."""


def document(content: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the document of a file in JSON, with the head that tells what made it."""
    return {"generator": GENERATOR, "schema_version": 1, **content}


_OWNERS = {
    "element_key": "of element",
    "instance": "of instance",
    "formula": "of formula",
    "level": "at level",
}


def owners(names: Mapping[str, t.Any]) -> Iterator[tuple[str, str]]:
    """Yield what a resource belongs to, in words and by its name.

    Args:
        names: The names of the resource, as the return value `plan.changes` has them.
    """
    return ((words, names[key]) for key, words in _OWNERS.items() if names.get(key))


def done(action: str, actions: t.Sequence[str]) -> list[str]:
    """Return what is done to a resource, without the words that its action says already.

    Args:
        action: What becomes of the resource, in one word.
        actions: What is done, in words.
    """
    return list(actions[1:] if action in ("create", "remove", "prune") else actions)
