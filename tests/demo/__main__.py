# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provision Stripe instances at the emulator in the ways that users have, each twice, and say what happened.

The emulator has two accounts. The first is reached by environment variables, both together by an inventory.
The collection is the one of this checkout, or what is installed in the path that `INSTALLED_COLLECTIONS` names.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
API_KEY = "sk_test_a-made-up-key-of-the-demo"
VARIABLES = ["-e", f"@{HERE / 'variables.yml'}"]
ACCOUNTS = ["test", "prod"]
OPTIONS = "name={name} element_key={{{{ instance_element_key }}}} api_key={{{{ instance_api_key }}}} tags=demo"

WAYS = {
    "playbook": ["ansible-playbook", "cloud_elements.platform.provision", *VARIABLES, "-e", "instance_name={name}"],
    "role": ["ansible-playbook", str(HERE / "role.yml"), *VARIABLES, "-e", "instance_name={name}"],
    "ad hoc call": [
        *("ansible", "localhost", *VARIABLES),
        *("-m", "cloud_elements.platform.cloud_elements_instance", "-a", OPTIONS),
    ],
    "inventory": [
        *("ansible-playbook", str(HERE / "accounts.yml"), "-i", "{inventory}", *VARIABLES),
        *("-e", "instance_name={name}"),
    ],
}


@contextlib.contextmanager
def emulator(inventory: pathlib.Path) -> Iterator[dict[str, str]]:
    """Start the emulator on a free port, and yield the environment variables that lead to its first account."""
    file = inventory.with_name("environment")
    accounts = [word for name in ACCOUNTS for word in ("--account", name)]
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--strict", *accounts]
    command += ["--environment", str(file), "--inventory", str(inventory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 30
            # The inventory comes last, and both files are complete as soon as they are there.
            while not inventory.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    sys.exit("The emulator does not start.")
                time.sleep(0.05)
            words = shlex.split(file.read_text(encoding="utf-8"))
            yield dict(word.split("=", 1) for word in words if "=" in word)
        finally:
            process.terminate()


def link_checkout(folder: pathlib.Path) -> str:
    """Link the checkout where Ansible finds the collection, and return the path of collections."""
    link = folder / "ansible_collections" / "cloud_elements" / "platform"
    link.parent.mkdir(parents=True)
    link.symlink_to(ROOT)
    return str(folder)


def methods_so_far(base_url: str) -> dict[str, list[str]]:
    """Ask the emulator which requests each account has seen."""
    methods = {}
    for account in ACCOUNTS:
        url = urllib.parse.urljoin(base_url, f"/emulator/accounts/{account}/requests")
        with urllib.request.urlopen(url, timeout=10) as response:
            methods[account] = [request["method"] for request in json.load(response)]
    return methods


def run(way: str, inventory: pathlib.Path, environment: dict[str, str]) -> tuple[bool, dict[str, list[str]]]:
    """Run one way once; return whether it changed something, and which requests it sent to which account."""
    values = {"name": f"demo-{way.replace(' ', '-')}", "inventory": str(inventory)}
    before = methods_so_far(environment["CLOUD_ELEMENTS_BASE_URL"])
    command = [word.format(**values) if re.search(r"\{(name|inventory)\}", word) else word for word in WAYS[way]]
    result = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode:
        sys.exit(f"{shlex.join(command)}\n{result.stdout}")
    if API_KEY in result.stdout:
        sys.exit(f"The {way} shows the API key.")
    changed = bool(re.search(r"\bchanged=[1-9]|\| CHANGED =>", result.stdout))
    after = methods_so_far(environment["CLOUD_ELEMENTS_BASE_URL"])
    return changed, {account: methods[len(before[account]) :] for account, methods in after.items()}


def describe(outcome: tuple[bool, dict[str, list[str]]]) -> str:
    changed, methods = outcome
    sent = "; ".join(f"{account}: {', '.join(sent)}" for account, sent in methods.items() if sent)
    return f"{'changed' if changed else 'unchanged'} ({sent})"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collections = os.environ.get("INSTALLED_COLLECTIONS") or link_checkout(folder)
        inventory = folder / "accounts.yml"
        with emulator(inventory) as reached:
            environment = {**os.environ, **reached, "ANSIBLE_COLLECTIONS_PATH": collections, "STRIPE_API_KEY": API_KEY}
            print(f"The emulator answers at {reached['CLOUD_ELEMENTS_BASE_URL']}.")
            print(f"It has the accounts {' and '.join(ACCOUNTS)}. One Stripe instance for each way and account:\n")
            print(f"{'by':<14}{'first run':<78}second run")
            as_expected = True
            for way in WAYS:
                first, second = run(way, inventory, environment), run(way, inventory, environment)
                print(f"{way:<14}{describe(first):<78}{describe(second)}", flush=True)
                reached_accounts = [account for account, methods in first[1].items() if methods]
                as_expected &= first[0] and not second[0]
                as_expected &= reached_accounts == (ACCOUNTS if way == "inventory" else ACCOUNTS[:1])
    if not as_expected:
        sys.exit("\nA first run must change something, a second run nothing, and each must reach its accounts only.")
    print("\nEvery second run found its instances and left them alone. No output showed the API key.")


if __name__ == "__main__":
    main()
