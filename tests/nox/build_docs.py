# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the docsite of the collection into a folder, and fail at the first thing that is not as it should be.

References to what is in ansible-core lead to Ansible's own docsite. Which of them are right is found out from the
ansible-core that is installed, so nothing is fetched.
"""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys
import zlib

NAME = "cloud_elements.platform"
ANSIBLE_DOCSITE = "https://docs.ansible.com/projects/ansible/devel/"
# Pages of Ansible's docsite that the generated pages refer to by these labels.
PAGES = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def main(folder: pathlib.Path) -> None:
    """Build the docsite in a folder, which is made anew, and say where it is."""
    shutil.rmtree(folder, ignore_errors=True)
    sources = folder / "rst"
    # antsibull-docs refuses a folder that others may write to.
    sources.mkdir(mode=0o755, parents=True)
    site = ["--title", NAME, "--project", NAME, "--copyright", f"the {NAME} contributors"]
    run(
        "antsibull-docs",
        "sphinx-init",
        "--use-current",
        "--fail-on-error",
        "--dest-dir",
        str(folder),
        *site,
        NAME,
        quiet=True,
    )
    inventory = folder / "ansible.inv"
    write_inventory(inventory)
    with (folder / "conf.py").open("a", encoding="utf-8") as configuration:
        configuration.write(f"\nintersphinx_mapping = {{'ansible': ({ANSIBLE_DOCSITE!r}, {str(inventory)!r})}}\n")
    config = ["--config-file", str(folder / "antsibull-docs.cfg")]
    options = ["--use-current", "--fail-on-error", "--cleanup", "everything", "--dest-dir", str(sources)]
    run("antsibull-docs", *config, "collection", *options, NAME)
    html = folder / "html"
    run("sphinx-build", "--quiet", "--fail-on-warning", "--nitpicky", "-c", str(folder), str(sources), str(html))
    print(f"The docsite is in {html / 'index.html'}")


def write_inventory(path: pathlib.Path) -> None:
    """Write what there is in ansible-core, in the form in which Sphinx sites tell each other what they have."""
    labels = dict(PAGES)
    for kind in ("module", "lookup"):
        listed = run("ansible-doc", "--list", "--type", kind, "--json", "ansible.builtin", quiet=True)
        for plugin in json.loads(listed):
            page = f"collections/{plugin.replace('.', '/')}_{kind}.html"
            labels[f"ansible_collections.{plugin}_{kind}"] = page
    header = (
        "# Sphinx inventory version 2\n# Project: Ansible\n# Version: devel\n# The remainder is compressed with zlib.\n"
    )
    lines = "".join(f"{label} std:label -1 {page}#{anchor(label)} -\n" for label, page in labels.items())
    path.write_bytes(header.encode() + zlib.compress(lines.encode()))


def anchor(label: str) -> str:
    """Return the anchor that Sphinx makes of a label."""
    return label.replace(".", "-").replace("_", "-")


def run(*command: str, quiet: bool = False) -> str:
    """Run a command, stop where it fails, and return what it printed if that is not to be shown."""
    done = subprocess.run(command, stdout=subprocess.PIPE if quiet else None, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout or ""


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
