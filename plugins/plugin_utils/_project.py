# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Plan the files of a new project. It reads files, and writes none.

The action plugin `cloud_elements_project` calls this.
"""

from __future__ import annotations

import pathlib

from ._account_dir_files import Change, Directory, WriteError

SKELETON = pathlib.Path(__file__).resolve().parents[2] / "playbooks" / "files" / "skeleton"
HIDDEN = "dot_"
"""What stands for the dot of a hidden name in the skeleton, since a build of the collection leaves hidden files out."""
_MAY_BE_THERE = {".git"}


def plan_project(directory: Directory) -> list[Change]:
    """Return the files of a new project.

    Args:
        directory: The directory. It may be missing, be empty, or hold the `.git` of a new repository.

    Raises:
        WriteError: Something else is in it.
    """
    found = sorted(set(directory.names()) - _MAY_BE_THERE)
    if found:
        raise WriteError(
            f"{directory.path} is not empty: it has {', '.join(found[:5])}{', and more' if len(found) > 5 else ''}. "
            "Give a directory that is empty or not there yet."
        )
    return [Change(name, None, text) for name, text in skeleton().items()]


def skeleton() -> dict[str, str]:
    """Return the text of each file of the skeleton by its path in a project."""
    paths = sorted(path for path in SKELETON.rglob("*") if path.is_file())
    return {_name(path): path.read_text(encoding="utf-8") for path in paths}


def _name(path: pathlib.Path) -> str:
    parts = path.relative_to(SKELETON).parts
    return "/".join(f".{part.removeprefix(HIDDEN)}" if part.startswith(HIDDEN) else part for part in parts)
