# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let plain pytest import the collection by its full name, and Ansible find it, from a checkout of any name."""

from __future__ import annotations

import contextlib
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent


def collection_tree() -> pathlib.Path:
    """Return the directory in which this checkout is a collection, with a link to it if its name is another."""
    if ROOT.parts[-3:] == ("ansible_collections", "cloud_elements", "platform"):
        return ROOT.parents[2]
    tree = ROOT / ".nox" / "tree"
    link = tree / "ansible_collections" / "cloud_elements" / "platform"
    link.parent.mkdir(parents=True, exist_ok=True)
    # It stays from an earlier run, or another worker was faster.
    with contextlib.suppress(FileExistsError):
        link.symlink_to(os.path.relpath(ROOT, link.parent))
    return tree


tree = str(collection_tree())
sys.path.insert(0, tree)
os.environ["ANSIBLE_COLLECTIONS_PATH"] = tree
# Tests start programs of their own, which import by the same names.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [tree, os.environ.get("PYTHONPATH")]))
