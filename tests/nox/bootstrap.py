# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare a run of `python3 noxfile.py` with nothing installed. Uses the standard library only."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys


def enter_venv(root: pathlib.Path, noxfile: str) -> None:
    """Make `.venv` with what the sessions need, and start the noxfile again with its interpreter.

    Args:
        root: The checkout.
        noxfile: The path of the noxfile.
    """
    venv = root / ".venv"
    python = str(venv / "bin" / "python")
    if sys.prefix == str(venv) or sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer with pip is needed.")
    # Some systems package venv without the pip that would go into it; our own pip can install there too.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-qq", *requirements(noxfile)], check=True)
    os.execv(python, [python, noxfile, *sys.argv[1:]])


def requirements(noxfile: str) -> list[str]:
    """Return what the noxfile needs, from its inline script metadata."""
    import tomllib  # Older Pythons, which are refused with a message, do not have it.

    lines = pathlib.Path(noxfile).read_text(encoding="utf-8").splitlines()
    start = lines.index("# /// script") + 1
    metadata = "\n".join(line.removeprefix("#") for line in lines[start : lines.index("# ///", start)])
    dependencies: list[str] = tomllib.loads(metadata)["dependencies"]
    return dependencies


def set_environment() -> None:
    """Set what all sessions inherit: where programs are found, whom pip and uv trust, and that bytecode is kept."""
    os.environ["PATH"] = os.pathsep.join(real_paths())
    # pip trusts the authorities that the system trusts; by default uv brings its own list.
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    # As pip does. Without it, each of many short processes compiles all of Ansible where no bytecode may be written.
    os.environ.setdefault("UV_COMPILE_BYTECODE", "1")
    # The same for our own files: pytest takes longer to rewrite the tests than to run most of them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def real_paths() -> list[str]:
    """Resolve pyenv's shims, which answer to python3.X even for versions that are not active.

    ansible-test and Ansible's interpreter discovery would take them for Pythons. Our own folder comes first, so that
    sessions find the ansible-galaxy beside nox.
    """
    paths = [os.path.join(sys.prefix, "bin")]
    for path in map(pathlib.Path, os.environ["PATH"].split(os.pathsep)):
        versions = path.parent / "versions"
        if path.name == "shims" and versions.is_dir():
            paths += [str(folder) for folder in sorted(versions.glob("3.1[1-9]*/bin"))]
        else:
            paths.append(str(path))
    return paths
