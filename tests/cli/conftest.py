# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real command line against the emulator."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import typing as t
from collections.abc import Iterator

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

MODULE = "cloud_elements.platform.cloud_elements_instance"


@dataclasses.dataclass(frozen=True)
class Run:
    """What a command did: its exit code, all that it printed, and the results of the tasks that were asked for."""

    rc: int
    output: str
    results: list[dict[str, t.Any]]

    @property
    def said(self) -> dict[str, t.Any]:
        """What the debug tasks of a playbook said on localhost, by the name of the task."""
        shown = r"TASK \[(.+)\] \*+\n(?:(?!TASK \[).*\n)*?ok: \[localhost\] => (\{(?:\n .*)+\n\})\n"
        return {task: json.loads(result).get("msg") for task, result in re.findall(shown, self.output)}

    @property
    def failed(self) -> dict[str, str]:
        """What each host that failed said in the end, in one line or, at a higher verbosity, in many."""
        shown = r"^fatal: \[(\w+)\]: FAILED! => (?=\{)(.*(?:\n .*)*(?:\n\})?)$"
        return {host: json.loads(result).get("msg") for host, result in re.findall(shown, self.output, re.MULTILINE)}


class Ansible:
    """Runs Ansible's commands as a user does, in a home of their own."""

    def __init__(self, home: pathlib.Path, environment: dict[str, str]) -> None:
        self.home = home
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLOUD_ELEMENTS_")},
            # No shim of a version manager may be taken for a Python.
            "PATH": os.pathsep.join([os.path.dirname(sys.executable), "/usr/bin", "/bin"]),
            "HOME": str(home),
            "ANSIBLE_HOME": str(home / ".ansible"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_ACTION_PLUGINS": str(pathlib.Path(__file__).parent / "action_plugins"),
            **environment,
        }
        # The session release tries what is installed in place of this checkout.
        if installed := os.environ.get("INSTALLED_COLLECTIONS"):
            self.forget_checkout()
            self.environment["ANSIBLE_COLLECTIONS_PATH"] = installed

    def forget_checkout(self) -> None:
        """From now on, find only what is installed, and not the collection in this checkout, by either of its ways."""
        for name in ("ANSIBLE_COLLECTIONS_PATH", "PYTHONPATH"):
            self.environment.pop(name, None)

    def command(self, *words: str, stdin: str | None = None, **environment: str) -> Run:
        """Run a command to its end."""
        done = subprocess.run(
            words,
            cwd=self.home,
            env={**self.environment, **environment},
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )
        return Run(done.returncode, done.stdout, [])

    def playbook(self, play: str | list[dict[str, t.Any]], *options: str, **environment: str) -> Run:
        """Run a playbook, given as its name, as text or as data."""
        if isinstance(play, list) or "\n" in play:
            path = self.home / "playbook.yml"
            path.write_text(play if isinstance(play, str) else yaml.safe_dump(play), encoding="utf-8")
            play = str(path)
        return self.command("ansible-playbook", play, *options, **environment)

    def hosts(self, hosts: dict[str, dict[str, t.Any]]) -> tuple[str, str]:
        """Write an inventory of hosts that all are this machine, with variables, and return the option to read it."""
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        content = {"all": {"hosts": hosts, "vars": local}}
        (self.home / "hosts.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return ("-i", "hosts.yml")

    def adhoc(self, arguments: str, *options: str, **environment: str) -> Run:
        """Call the module for one instance as a user does from the shell."""
        return self.command("ansible", "localhost", "-m", MODULE, "-a", arguments, *options, **environment)

    def tasks(self, *arguments: dict[str, t.Any], options: tuple[str, ...] = (), **environment: str) -> Run:
        """Run the module once for each set of arguments, whether they fail or not, and keep the results."""
        names = [f"result_{number}" for number in range(len(arguments))]
        tasks: list[dict[str, t.Any]] = [
            {MODULE: given, "register": name, "ignore_errors": True}
            for name, given in zip(names, arguments, strict=True)
        ]
        tasks.append({"keep": {"content": f"{{{{ [{', '.join(names)}] | to_json }}}}", "dest": "results.json"}})
        run = self.playbook([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], *options, **environment)
        assert run.rc == 0, run.output
        return dataclasses.replace(run, results=json.loads((self.home / "results.json").read_text()))

    def task(self, options: tuple[str, ...] = (), **arguments: t.Any) -> dict[str, t.Any]:
        """Run the module once and return its result."""
        return self.tasks(arguments, options=options).results[0]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator that refuses what the contract does not allow."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


@pytest.fixture
def ansible(tmp_path: pathlib.Path, emulator: Emulator) -> Ansible:
    """The command line, with the environment that leads to the emulator."""
    return Ansible(tmp_path, emulator.environment)
