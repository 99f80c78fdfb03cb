# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage the collection for sessions, and run sessions side by side."""

from __future__ import annotations

import atexit
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence


def pick(pythons: Sequence[str]) -> str:
    """Return the first of these Python versions that is on the machine, or the first of all."""
    return next((python for python in pythons if shutil.which(f"python{python}")), pythons[0])


def stage(root: pathlib.Path, name: str) -> pathlib.Path:
    """Copy what git knows to ansible_collections/cloud_elements/platform outside of the checkout, and return where.

    ansible-test takes no symlinks, and in a directory that git ignores it passes with 'All targets skipped'.
    """
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tree = folder / "ansible_collections" / "cloud_elements" / "platform"
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    for path in filter(None, names):
        source, target = root / path, tree / path
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    return tree


def side_by_side(noxfile: str, long: Sequence[str], others: Sequence[str]) -> int:
    """Run sessions in two lanes and return the exit code.

    Args:
        noxfile: The path of the noxfile.
        long: Sessions that keep all processors busy.
        others: Sessions that keep one busy at most. Their output comes at the end.
    """
    command = [sys.executable, noxfile, "-s"]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        beside = subprocess.Popen([*command, *others], stdout=printed, stderr=subprocess.STDOUT)
        result = subprocess.run([*command, *long], check=False).returncode
        result = beside.wait() or result
        printed.seek(0)
        sys.stdout.write(printed.read())
    return result
