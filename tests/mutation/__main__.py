# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change the pure core in small ways, one at a time, and see whether the unit tests notice each change.

mutmut makes the changes ("mutants") and runs, for each, the tests that reach the changed function. It leaves alone what
lies outside of functions, and properties. A mutant that no test fails for fails the run, unless explained.yml says why
none can; so does an explanation of a mutant that a test fails for, or that is no longer there. Where the tests do not
end, that has to be explained too: it may only be a slow machine.

Runs in a copy of the collection, as the session `mutation` of noxfile.py makes it: mutmut writes beside it.
"""

from __future__ import annotations

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import time

import yaml

HERE = pathlib.Path(__file__).resolve().parent
PLATFORM = HERE.parents[1]
TOP = PLATFORM.parents[2]
MODULES = (
    *("_resources/instance/plan", "_resources/comparison", "_resources/instance/executor"),
    *("_reconcile/convergence", "_reconcile/races", "_api/retry_policy", "_api/models", "_api/values"),
    *("_resources/formula/template", "_resources/formula/plan", "_resources/formula_instance/plan"),
    *("_resources/common_resource/plan", "_resources/common_resource/comparison"),
)
# The quickest tests that state all that these modules do.
TESTS = (
    *("_resources/instance/test_plan", "_api/test_retry_policy", "_resources/instance/test_executor"),
    *("_api/test_models", "_secrets/test_fingerprint", "_reconcile/test_races", "_reconcile/test_create_once"),
    "_reconcile/test_convergence",
    *("_resources/instance/test_single", "_resources/instance/test_creation"),
    *("_resources/formula/test_template", "_resources/formula/test_plan", "_resources/formula_instance/test_plan"),
    *("_resources/common_resource/test_plan",),
)
NOTICED = ("killed", "timeout")


def configuration() -> str:
    platform = PLATFORM.relative_to(TOP)
    settings = {
        "source_paths": ["ansible_collections"],
        "only_mutate": [f"{platform}/plugins/module_utils/{name}.py" for name in MODULES],
        # How many times slower the tests must become to count as endless.
        "timeout_multiplier": ["10"],
        "pytest_add_cli_args": ["--import-mode=importlib", "-p", "no:cacheprovider", "--hypothesis-profile=verdict"],
        "pytest_add_cli_args_test_selection": [
            f"{platform}/tests/unit/plugins/module_utils/{name}.py" for name in TESTS
        ],
    }
    lines = [f"{name} =\n    " + "\n    ".join(values) for name, values in settings.items()]
    return "\n".join(["[mutmut]", *lines, ""])


def mutmut(*arguments: str) -> str:
    return subprocess.run(["mutmut", *arguments], cwd=TOP, check=True, stdout=subprocess.PIPE, text=True).stdout


def run(workers: int) -> None:
    log = TOP / "mutmut.log"
    with log.open("wb") as output:
        # It draws its progress anew for each mutant.
        target = None if sys.stdout.isatty() else output
        command = ["mutmut", "run", "--max-children", str(workers)]
        code = subprocess.run(command, cwd=TOP, check=False, stdout=target, stderr=subprocess.STDOUT).returncode
    if code:
        sys.exit(log.read_text(encoding="utf-8", errors="replace")[-20000:] or f"mutmut failed with {code}.")


def statuses() -> dict[str, str]:
    """Return how each mutant fared, by mutmut's name for it."""
    pairs = (line.strip().rpartition(": ") for line in mutmut("results", "--all", "true").splitlines())
    return {name: status for name, _colon, status in pairs}


def module_of(name: str) -> str:
    return name.rpartition(".")[0].rpartition(".")[2]


def row_of(name: str) -> str:
    """Return the module of a mutant as the table has it: several are called plan."""
    return "/".join(name.rpartition(".")[0].split(".")[-2:])


def spelled(name: str) -> str:
    """Return a mutant so that it stays the same when lines move: the function, and what changes in it."""
    function = name.rpartition(".")[2].partition("__mutmut_")[0].removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    shown = mutmut("show", name).splitlines()
    changes = [
        f"{line[0]} {line[1:].strip()}"
        for line in shown
        if line[:1] in ("+", "-") and not line.startswith(("+++ ", "--- "))
    ]
    return "\n".join([f"{module_of(name)}.{function}", *changes])


def indented(text: str) -> str:
    """Return a mutant as explained.yml has it."""
    return "    - |\n" + "".join(f"      {line}\n" for line in text.splitlines())


def main(workers: int) -> None:
    if (PLATFORM / ".git").exists() or PLATFORM.parts[-3:] != ("ansible_collections", "cloud_elements", "platform"):
        sys.exit("This works on a copy: start it with `python3 noxfile.py -s mutation`.")
    (TOP / "setup.cfg").write_text(configuration(), encoding="utf-8")
    started = time.monotonic()
    run(workers)
    results = statuses()
    entries = yaml.safe_load((HERE / "explained.yml").read_text(encoding="utf-8"))
    explained = {mutant.strip() for entry in entries for mutant in entry["mutants"]}
    left = {name: spelled(name) for name, status in results.items() if status != "killed"}
    new = {name: text for name, text in left.items() if text not in explained}
    stale = explained - set(left.values())

    table: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for name, status in results.items():
        kind = "new" if name in new else status if status in NOTICED else "explained"
        table[row_of(name)][kind] += 1
        table["together"][kind] += 1
    columns = ("killed", "timeout", "explained", "new")
    rows = ["/".join(name.split("/")[-2:]) for name in MODULES]
    print(f"{'':28}{'mutants':>10}" + "".join(f"{column:>10}" for column in columns))
    for row in (*rows, "together"):
        counts = table[row]
        print(f"{row:28}{counts.total():10}" + "".join(f"{counts[column]:10}" for column in columns))
    noticed = sum(table["together"][status] for status in NOTICED)
    print(f"{noticed / max(1, len(results)):.1%} noticed, {time.monotonic() - started:.0f} s with {workers} workers")
    for title, mutants in (
        ("No test fails for these, and nobody explains why:", new.values()),
        ("Explained, although a test fails for them, or no longer there:", sorted(stale)),
    ):
        if mutants:
            print(f"\n{title}\n" + "".join(map(indented, mutants)), end="")
    # A module that is called otherwise one day must not pass for want of mutants.
    if new or stale or not all(table[row] for row in rows):
        sys.exit("\nThe mutation check failed.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="nox -s mutation --", description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="how many mutants are tested at once")
    main(parser.parse_args().workers)
