# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Try the tarball of a release as its users get it. The checkout only lends the demo and the tests."""

from __future__ import annotations

import os
import pathlib
import shutil
import sys

from .commands import RefusedError, run

NAME = "cloud_elements.platform"
AT_RUN_TIME = {"extensions", "meta", "playbooks", "plugins", "roles", "FILES.json", "MANIFEST.json"}
"""What an installed collection needs when it runs. The rest is for readers."""

ROLES = ["tests/cli/test_documentation.py", "-k", "playbooks_of_the_pages"]
"""The tests that run the plays of README.md and of each role's page, twice."""


def try_release(root: pathlib.Path, tarball: pathlib.Path, folder: pathlib.Path) -> None:
    """Import a tarball as Galaxy does, install it into an empty path, verify it, and run the demo and the roles on it.

    Args:
        root: The checkout.
        tarball: The tarball of the release.
        folder: A folder for what comes up.

    Raises:
        RefusedError: If something of it fails.
    """
    installed = folder / "installed"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "ANSIBLE_COLLECTIONS_PATH": str(installed),
        "ANSIBLE_HOME": str(folder / "home"),
        "INSTALLED_COLLECTIONS": str(installed),
    }

    def step(what: str, *command: str, cwd: pathlib.Path = folder) -> str:
        print(f"{what} …", flush=True)
        return run(*command, cwd=cwd, environment=environment)

    imported = step("Import the tarball as Galaxy does", sys.executable, "-m", "galaxy_importer.main", str(tarball))
    # The importer ends well after some errors.
    if errors := [line for line in imported.splitlines() if line.startswith("ERROR:")]:
        raise RefusedError("\n".join(errors))
    step("Install it", "ansible-galaxy", "collection", "install", "--offline", "-p", str(installed), str(tarball))
    step("Verify what is installed", "ansible-galaxy", "collection", "verify", "--offline", NAME)
    strip(installed / "ansible_collections" / "cloud_elements" / "platform")
    shown = step("Find it", "ansible-doc", f"{NAME}.cloud_elements_instance")
    if str(installed) not in "".join(shown.split()):
        raise RefusedError(f"Ansible finds another collection than the installed one:\n{shown}")
    print(step("Run the demo on it", sys.executable, "-m", "tests.demo", cwd=root))
    print(step("Run the roles on it", sys.executable, "-m", "pytest", "-q", "-n", "2", *ROLES, cwd=root))


def strip(tree: pathlib.Path) -> None:
    """Remove from an installed collection what it must not need to run."""
    for path in tree.iterdir():
        if path.name not in AT_RUN_TIME:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
