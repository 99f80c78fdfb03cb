# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of development sessions as a script, and the workflows that call its sessions."""

from __future__ import annotations

import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import tomllib
import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils import _module

ROOT = pathlib.Path(_module.__file__).resolve().parents[2]
# In place of nox and antsibull-nox, it notes the sessions, and prints them in place of running them.
STUB = """
import functools, json, os, sys
from unittest.mock import MagicMock
found = {}
def session(function=None, name=None, default=True, **_):
    if function is None:
        return functools.partial(session, name=name, default=default)
    found[name or function.__name__] = default
    return function
sys.modules[__name__] = MagicMock(session=session, main=lambda: print(json.dumps([os.getcwd(), found])))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Return where the sessions start if they are called from elsewhere, and which there are, with their default."""
    folder = tmp_path_factory.mktemp("elsewhere")
    for name in ("nox", "antsibull_nox"):
        (folder / f"{name}.py").write_text(STUB, encoding="utf-8")
    script = os.path.relpath(ROOT / "noxfile.py", folder)
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    run = subprocess.run(
        [sys.executable, script, "-l"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def sessions(started):
    """All sessions, with those that antsibull-nox adds for the tables of its file."""
    tables = tomllib.loads((ROOT / "antsibull-nox.toml").read_text(encoding="utf-8"))["sessions"]
    return {**started[1], **{table.replace("_", "-"): True for table in tables}}


def combinations(job):
    """Return the values of the matrix in each run of a job."""
    matrix = job.get("strategy", {}).get("matrix", {})
    axes = {name: values for name, values in matrix.items() if name != "include"}
    crossed = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    return matrix.get("include", crossed)


def called(workflow):
    """Return each session that a workflow calls, with the Python that it runs on."""
    text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text(encoding="utf-8")
    calls = set()
    for job in yaml.safe_load(text)["jobs"].values():
        for values in combinations(job):
            filled = re.sub(
                r"\$\{\{ matrix\.(\w+) \}\}", lambda match, of=values: of[match[1]], json.dumps(job["steps"])
            )
            steps = json.loads(filled)
            (python,) = (step["with"]["python-version"] for step in steps if "python-version" in step.get("with", {}))
            runs = (step["run"].partition("noxfile.py -s ")[2] for step in steps if "run" in step)
            calls |= {(name, python) for run in runs for name in run.partition(" -- ")[0].split()}
    return calls


def test_the_sessions_start_in_their_own_folder_from_wherever_they_are_called(started):
    assert started[0] == str(ROOT)


@pytest.mark.parametrize("workflow", ["pull-request", "weekly", "release"])
def test_a_workflow_calls_sessions_that_exist(workflow, sessions):
    names = {name for name, _python in called(workflow)}
    assert names and names <= sessions.keys()


def test_a_pull_request_runs_all_default_sessions_and_the_demo(sessions):
    names = {name for name, _python in called("pull-request")}
    assert {name for name, default in sessions.items() if default} | {"demo"} <= names


def test_each_week_runs_every_release_of_ansible_core_with_all_tests_and_every_slow_session(sessions):
    names = {name for name, _python in called("weekly")}
    cores = {name.removeprefix("whole-") for name in sessions if name.startswith("whole-")}
    assert {f"{kind}-{core}" for core in cores for kind in ("whole", "ansible-test")} <= names
    assert {"faults", "mutation", "coverage", "report", "release"} <= names


@pytest.mark.parametrize("core", ["2.19", "2.20", "2.21"])
def test_a_pull_request_sees_every_supported_release_of_ansible_core(core):
    names = {name for name, _python in called("pull-request")}
    assert {f"ansible-test-{core}", f"cli-{core}"} <= names


def test_the_pages_for_developers_name_sessions_and_files_that_exist(sessions):
    pages = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "TESTING.md")}
    commands = "\n".join(re.findall(r"noxfile\.py(.*)$", "\n".join(pages.values()), re.MULTILINE))
    named = {name for call in re.findall(r" -s ([^`]+?)(?: --|`|$)", commands, re.MULTILINE) for name in call.split()}
    assert len(named) > 5 and named <= sessions.keys()
    rows = re.findall(r"^\| (`[^|]+)\|", pages["TESTING.md"], re.MULTILINE)
    table = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    theirs = {"formatters", "codeqa", "yamllint", "typing", "antsibull-nox-config", "matrix-generator"}
    assert sessions.keys() <= table <= sessions.keys() | theirs
    paths = re.findall(r"`((?:tests|docs|changelogs|roles|plugins|meta|\.ci)/[\w./-]+)`", "\n".join(pages.values()))
    made = {"docs/docsite/rst/NAME.rst", "tests/cli/test_guide_NAME.py", "plugins/modules/cloud_elements_hub_info.py"}
    assert len(paths) > 20 and not [path for path in set(paths) - made if not (ROOT / path).exists()]


def test_the_release_of_a_tag_is_what_the_commit_states():
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert '-s release -- "${GITHUB_REF_NAME#v}" --as-committed --output dist\n' in text
    assert "collection publish dist/*.tar.gz\n" in text
