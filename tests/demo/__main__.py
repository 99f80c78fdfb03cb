# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provision Stripe instances at the emulator in the three ways that users have, each twice, and say what happened."""

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
OPTIONS = "name={name} element_key={{{{ instance_element_key }}}} api_key={{{{ instance_api_key }}}} tags=demo"

WAYS = {
    "playbook": ["ansible-playbook", "cloud_elements.platform.provision", *VARIABLES, "-e", "instance_name={name}"],
    "role": ["ansible-playbook", str(HERE / "role.yml"), *VARIABLES, "-e", "instance_name={name}"],
    "ad hoc call": [
        *("ansible", "localhost", *VARIABLES),
        *("-m", "cloud_elements.platform.cloud_elements_instance", "-a", OPTIONS),
    ],
}


@contextlib.contextmanager
def emulator(folder: pathlib.Path) -> Iterator[dict[str, str]]:
    """Start the emulator on a free port; give the environment variables that lead to it."""
    file = folder / "environment"
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--strict", "--environment", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 30
            while not (file.exists() and file.read_text(encoding="utf-8").endswith("\n")):
                if process.poll() is not None or time.monotonic() > deadline:
                    sys.exit("The emulator does not start.")
                time.sleep(0.05)
            words = shlex.split(file.read_text(encoding="utf-8"))
            yield dict(word.split("=", 1) for word in words if "=" in word)
        finally:
            process.terminate()


def methods_so_far(base_url: str) -> list[str]:
    """Ask the emulator which requests it has seen."""
    url = urllib.parse.urljoin(base_url, "/emulator/requests")
    with urllib.request.urlopen(url, timeout=10) as response:
        return [request["method"] for request in json.load(response)]


def run(way: str, environment: dict[str, str]) -> tuple[bool, list[str]]:
    """Run one way once; tell whether it changed something, and which requests that took."""
    name = f"demo-{way.replace(' ', '-')}"
    before = len(methods_so_far(environment["CLOUD_ELEMENTS_BASE_URL"]))
    command = [word.format(name=name) if "{name}" in word else word for word in WAYS[way]]
    result = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode:
        sys.exit(f"{shlex.join(command)}\n{result.stdout}")
    if API_KEY in result.stdout:
        sys.exit(f"The {way} shows the API key.")
    changed = bool(re.search(r"\bchanged=[1-9]|\| CHANGED =>", result.stdout))
    return changed, methods_so_far(environment["CLOUD_ELEMENTS_BASE_URL"])[before:]


def describe(outcome: tuple[bool, list[str]]) -> str:
    changed, methods = outcome
    return f"{'changed' if changed else 'unchanged'} ({', '.join(methods)})"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        link = folder / "ansible_collections" / "cloud_elements" / "platform"
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT)
        with emulator(folder) as reached:
            environment = {**os.environ, **reached, "ANSIBLE_COLLECTIONS_PATH": name, "STRIPE_API_KEY": API_KEY}
            print(f"The emulator answers at {reached['CLOUD_ELEMENTS_BASE_URL']}. One Stripe instance for each way:\n")
            print(f"{'by':<14}{'first run':<40}second run")
            as_expected = True
            for way in WAYS:
                first, second = run(way, environment), run(way, environment)
                print(f"{way:<14}{describe(first):<40}{describe(second)}", flush=True)
                as_expected &= first[0] and not second[0]
    if not as_expected:
        sys.exit("\nA first run must change something, and a second run nothing.")
    print("\nEvery second run found its instance and left it alone. No output showed the API key.")


if __name__ == "__main__":
    main()
