# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser that looks at the page: found, or installed from the system's packages where that can be done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
"""For a machine without a screen, and so that nothing but the page is asked for."""

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_APT = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]


def find() -> str | None:
    """Return the path of the browser, None where there is none. The variable CHROMIUM names another."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def main() -> None:
    """Make sure that there is a browser, or say what to do."""
    if find() is not None:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            "The page is looked at in Chromium, which is not installed and can not be installed from here. Install it, "
            "on Debian with `sudo apt-get install chromium`, or let the environment variable CHROMIUM say where it is, "
            "and run this again."
        )
    print("Chromium is not installed: installing it from the system's packages.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*_APT, "update"], env=environment, check=True)
    # The fonts are for what others write: names in any script.
    packages = ["chromium", "fonts-dejavu-core"]
    subprocess.run([*_APT, "install", "-y", "--no-install-recommends", *packages], env=environment, check=True)


if __name__ == "__main__":
    main()
