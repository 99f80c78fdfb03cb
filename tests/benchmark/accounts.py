# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many accounts for one run: their directories, the inventory, and the two commands that are compared."""

from __future__ import annotations

import pathlib

import yaml

INSTANCES = 50
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - cloud_elements.platform.cloud_elements_account:
        instances: "{{ lookup('cloud_elements.platform.cloud_elements_account_dir', account_dir).instances }}"
      no_log: true
"""


def write(folder: pathlib.Path, count: int) -> list[str]:
    """Write the directories of so many accounts, and return their names."""
    names = [f"account-{number:03}" for number in range(count)]
    for name in names:
        place = _directory(folder, name)
        place.mkdir(parents=True)
        instances = [
            {"name": f"payments {number}", "element_key": "stripe", "api_key": "{{ stripe_key }}"}
            for number in range(INSTANCES)
        ]
        (place / "fleet.yml").write_text(yaml.safe_dump({"fleet_instances": instances}), encoding="utf-8")
        # A word in the place of a secret: no values, so no warning for each account.
        (place / "secrets.yml").write_text('stripe_key: "{{ key_of_stripe }}"\n', encoding="utf-8")
    (folder / "bare.yml").write_text(PLAY, encoding="utf-8")
    return names


def options(names: list[str]) -> list[str]:
    """Return the options of the emulator for accounts of these names."""
    return [word for name in names for word in ("--account", name)]


def add_directories(folder: pathlib.Path, inventory: pathlib.Path) -> None:
    """Add the directory of each account to the inventory that the emulator wrote."""
    content = yaml.safe_load(inventory.read_text(encoding="utf-8"))
    for name, variables in content["all"]["hosts"].items():
        variables |= {"account_dir": str(_directory(folder, name)), "key_of_stripe": "made-up"}
    inventory.write_text(yaml.safe_dump(content), encoding="utf-8")


def bare(folder: pathlib.Path, inventory: pathlib.Path) -> list[str]:
    """Return the command of a play that runs the module for each account, and does nothing else."""
    return ["ansible-playbook", str(folder / "bare.yml"), "-i", str(inventory)]


def provision(inventory: pathlib.Path) -> list[str]:
    """Return the command of the playbook for all accounts."""
    playbook = "cloud_elements.platform.provision"
    return ["ansible-playbook", playbook, "-i", str(inventory), "-e", "cloud_elements_hosts=all"]


def _directory(folder: pathlib.Path, name: str) -> pathlib.Path:
    return folder / "accounts" / name
