# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare ways to provision instances, in one run against the emulator with a delay, and draw the result.

Requests and connections are counted exactly. Times are whole processes and only mean something beside each other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import pathlib
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import typing as t
import urllib.parse
import urllib.request
from collections.abc import Iterator

import yaml

from . import accounts

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULE = "cloud_elements.platform.cloud_elements_instance"
DELAY = 0.05
CONCURRENCY = 8
FLEET = 1000
LOOP = 50


@dataclasses.dataclass(frozen=True)
class Measured:
    """What one way took: seconds, CPU seconds, requests and connections, for how many instances."""

    way: str
    instances: int
    seconds: float
    cpu: float
    requests: int
    connections: int


class Emulator:
    """The emulator in a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._origin = urllib.parse.urljoin(environment["CLOUD_ELEMENTS_BASE_URL"], "/emulator/")

    def call(self, method: str, path: str, body: t.Any = None) -> t.Any:
        """Call the control interface."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._origin + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def reset(self, instances: list[dict[str, t.Any]] | None = None) -> None:
        """Forget everything, and have some instances."""
        self.call("POST", "reset", {})
        if instances:
            self.call("POST", "instances", instances)
        self.call("DELETE", "requests")


@contextlib.contextmanager
def emulator(folder: pathlib.Path, delay: float, *options: str) -> Iterator[Emulator]:
    """Start the emulator."""
    file = folder / f"environment-{delay}"
    command = [
        sys.executable,
        "-m",
        "tests.emulator",
        "--port",
        "0",
        "--environment",
        str(file),
        "--latency",
        str(delay),
        *options,
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            while not file.exists():
                if process.poll() is not None:
                    sys.exit("The emulator does not start.")
                time.sleep(0.05)
            words = shlex.split(file.read_text(encoding="utf-8"))
            yield Emulator(dict(word.split("=", 1) for word in words if "=" in word))
        finally:
            process.terminate()


def many_accounts(folder: pathlib.Path, count: int) -> str:
    """Return what one run over many accounts takes, as a table.

    The play of bare tasks is the limit: the module once for each account, with data from the same lookup. The time of
    the emulator is not counted.
    """
    names = accounts.write(folder, count)
    file = folder / "accounts.yml"
    lines = [
        f"| {count} accounts of {accounts.INSTANCES} instances | Forks | Seconds | CPU seconds each | To bare tasks |",
        "|---|---:|---:|---:|---:|",
    ]
    with emulator(folder, 0, "--inventory", str(file), *accounts.options(names)) as server:
        run = Runner(folder, server)
        accounts.add_directories(folder, file)
        for forks in (5, 10, 20):
            server.reset()
            for state in ("new", "unchanged"):
                bare = run.command("bare", count, *accounts.bare(folder, file), "--forks", str(forks))
                if state == "new":
                    server.reset()
                whole = run.command("provision", count, *accounts.provision(file), "--forks", str(forks))
                for way, measured in (("bare tasks", bare), ("the playbook provision", whole)):
                    cpu, ratio = measured.cpu / count, measured.cpu / bare.cpu
                    lines.append(f"| {way}, {state} | {forks} | {measured.seconds:.0f} | {cpu:.2f} | {ratio:.2f} |")
    return "\n".join(lines)


def stripes(count: int) -> list[dict[str, t.Any]]:
    """Return that many instances as a user describes them."""
    return [
        {"name": f"payments {number}", "element_key": "stripe", "api_key": f"key-{number}"} for number in range(count)
    ]


def play(tasks: list[dict[str, t.Any]], **variables: t.Any) -> list[dict[str, t.Any]]:
    """Return a playbook for the controller."""
    return [{"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}]


URI: dict[str, t.Any] = {
    "url": "{{ lookup('env', 'CLOUD_ELEMENTS_BASE_URL') }}/instances",
    "headers": {
        "Authorization": (
            "User {{ lookup('env', 'CLOUD_ELEMENTS_USER_SECRET') }}, "
            "Organization {{ lookup('env', 'CLOUD_ELEMENTS_ORGANIZATION_SECRET') }}"
        )
    },
}
URI_POST: dict[str, t.Any] = {
    "method": "POST",
    "body_format": "json",
    "body": {
        "element": {"key": "stripe"},
        "name": "{{ item.name }}",
        "configuration": {"api.key": "{{ item.api_key }}"},
    },
}
EACH = {"name": "{{ item.name }}", "element_key": "stripe", "api_key": "{{ item.api_key }}"}
FLEET_TASK = {
    "cloud_elements.platform.cloud_elements_instances": {"instances": "{{ all }}", "concurrency": CONCURRENCY}
}
# As a user writes it: one list, then a create for each name that is not there.
URI_LOOP: list[dict[str, t.Any]] = [
    {"ansible.builtin.uri": {**URI, "status_code": [200, 404]}, "register": "there", "no_log": True},
    {
        "ansible.builtin.uri": {**URI, **URI_POST},
        "loop": "{{ all }}",
        "when": "item.name not in (there.json if there.status == 200 else []) | map(attribute='name')",
        "no_log": True,
    },
]
ROLE: list[dict[str, t.Any]] = [
    {
        "ansible.builtin.include_role": {"name": "cloud_elements.platform.fleet"},
        "vars": {"fleet_instances": "{{ all }}", "fleet_concurrency": CONCURRENCY},
    }
]


class Runner:
    """Runs the ways and measures them."""

    def __init__(self, folder: pathlib.Path, server: Emulator) -> None:
        self._folder = folder
        self._server = server
        self._environment = {
            **os.environ,
            **server.environment,
            "ANSIBLE_COLLECTIONS_PATH": str(folder),
            "PYTHONPATH": str(folder),
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }

    def command(self, way: str, instances: int, *words: str) -> Measured:
        """Measure a command."""
        self._server.call("DELETE", "requests")
        began, used = time.perf_counter(), _cpu_of_children()
        done = subprocess.run(words, env=self._environment, capture_output=True, text=True, check=False)
        seconds, cpu = time.perf_counter() - began, _cpu_of_children() - used
        if done.returncode:
            sys.exit(f"{way} failed:\n{done.stdout}{done.stderr}")
        # The last connection is the one that asks.
        connections = self._server.call("GET", "connections")["connections"] - 1
        requests = len(self._server.call("GET", "requests"))
        return Measured(way, instances, seconds, cpu, requests, connections)

    def provision(self, way: str, instances: list[dict[str, t.Any]]) -> Measured:
        """Measure the playbook `provision` with a fleet."""
        path = self._folder / "fleet.yml"
        path.write_text(yaml.safe_dump({"fleet_instances": instances}), encoding="utf-8")
        command = ("ansible-playbook", "cloud_elements.platform.provision", "-e", f"@{path}")
        return self.command(way, len(instances), *command)

    def playbook(self, way: str, instances: int, tasks: list[dict[str, t.Any]], **variables: t.Any) -> Measured:
        """Measure a playbook."""
        path = self._folder / "playbook.yml"
        path.write_text(yaml.safe_dump(play(tasks, **variables)), encoding="utf-8")
        return self.command(way, instances, "ansible-playbook", str(path))


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ways(run: Runner, server: Emulator) -> Iterator[Measured]:
    """Measure every way."""
    quiet = {"no_log": True}
    yield run.playbook("an empty play", 0, [{"ansible.builtin.meta": "noop"}])
    for way, tasks in (
        ("a loop of uri", URI_LOOP),
        ("a loop of the single module", [{MODULE: EACH, "loop": "{{ all }}", **quiet}]),
        ("one fleet task", [{**FLEET_TASK, **quiet}]),
    ):  # fmt: skip
        server.reset()
        yield run.playbook(way, LOOP, tasks, all=stripes(LOOP))
    server.reset()
    yield run.playbook("one fleet task", FLEET, [{**FLEET_TASK, **quiet}], all=stripes(FLEET))
    yield run.playbook("one fleet task, unchanged", FLEET, [{**FLEET_TASK, **quiet}], all=stripes(FLEET))
    yield run.playbook("the fleet role, unchanged", FLEET, ROLE, all=stripes(FLEET))
    server.reset()
    yield run.playbook("the fleet role", FLEET, ROLE, all=stripes(FLEET))
    yield run.provision("the playbook provision, unchanged", stripes(FLEET))
    server.reset()
    yield run.provision("the playbook provision", stripes(FLEET))
    server.reset()
    bare = [sys.executable, str(HERE / "bare.py"), str(FLEET), str(CONCURRENCY)]
    yield run.command("a bare threaded client", FLEET, *bare)
    item = {"item": stripes(1)[0]}
    server.reset()
    three = [{"ansible.builtin.uri": {**URI, "status_code": [200, 404]}, "loop": [1, 2, 3], **quiet}]
    one = [{"ansible.builtin.uri": {**URI, **URI_POST}, **quiet}]
    yield run.playbook("four uri tasks", 1, [*three, *one], **item)
    server.reset()
    yield run.playbook("the single module", 1, [{MODULE: EACH, **quiet}], **item)


def table(rows: list[Measured]) -> str:
    """Return what was measured as a table."""
    lines = ["| Way | Instances | Seconds | CPU seconds | Requests | Connections |", "|---|---:|---:|---:|---:|---:|"]
    lines += [
        f"| {row.way} | {row.instances} | {row.seconds:.1f} | {row.cpu:.1f} | {row.requests} | {row.connections} |"
        for row in rows
    ]
    return "\n".join(lines)


def draw(rows: list[Measured], path: pathlib.Path) -> None:
    """Draw the seconds that each way takes for one instance."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "benchmark"
    empty = rows[0].seconds
    drawn = ("a loop of uri", "a loop of the single module", "one fleet task", "a bare threaded client")
    shown = [row for row in rows if row.way in drawn][::-1]
    labels = [f"{row.way}\n({row.instances} instances)" for row in shown]
    values = [1000 * (row.seconds - (0 if "bare" in row.way else empty)) / row.instances for row in shown]
    figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
    bars = axes.barh(labels, values, color=["#2a6f97"] * len(shown))
    axes.bar_label(bars, [f"{value:.0f} ms" for value in values], padding=4)
    axes.set_xlabel(f"milliseconds for one instance; the API answers after {1000 * DELAY:.0f} ms")
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    path.write_text("\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n", encoding="utf-8")


def growth(folder: pathlib.Path) -> str:
    """Return how an unchanged fleet task grows with the fleet, as a table."""
    lines = ["| Instances, unchanged | CPU seconds | Memory, MB | Requests |", "|---:|---:|---:|---:|"]
    with emulator(folder, 0) as server:
        environment = {**os.environ, **server.environment, "PYTHONPATH": str(folder)}
        for count in (1000, 3000, 10000):
            server.reset([{"element_key": "stripe", "name": f"instance {n}", "tags": ["fleet"]} for n in range(count)])
            command = [sys.executable, str(HERE / "growth.py"), str(count)]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            told = json.loads(done.stdout)
            lines.append(f"| {count} | {told['cpu']:.2f} | {told['memory']:.0f} | {told['requests']} |")
    return "\n".join(lines)


def answers(folder: pathlib.Path) -> str:
    """Return how fast the emulator answers when it has 10,000 instances, as a table."""
    with emulator(folder, 0) as server:
        server.reset([{"element_key": "stripe", "name": f"instance {n}"} for n in range(10_000)])
        command = [sys.executable, str(HERE / "requests_per_second.py")]
        environment = {**os.environ, **server.environment}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return f"| The emulator, with 10,000 instances | Requests a second |\n|---|---:|\n{done.stdout}"


def main() -> None:
    """Measure, print and draw. With `accounts N` as arguments, measure one run over N accounts alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        link = folder / "ansible_collections" / "cloud_elements" / "platform"
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT)
        if sys.argv[1:2] == ["accounts"]:
            print(many_accounts(folder, int(sys.argv[2])))
            return
        with emulator(folder, DELAY) as server:
            rows = list(ways(Runner(folder, server), server))
        print(table(rows), end="\n\n")
        by_way = {(row.way, row.instances): row for row in rows}
        empty = rows[0].seconds
        fleet, bare = by_way["one fleet task", FLEET], by_way["a bare threaded client", FLEET]
        single, uri = by_way["the single module", 1], by_way["four uri tasks", 1]
        print(f"One fleet task, less an empty play, to the bare client: {(fleet.seconds - empty) / bare.seconds:.2f}")
        print(f"The single module to uri with as many requests: {single.seconds / uri.seconds:.2f}")
        for way in ("the fleet role", "the playbook provision"):
            for state in ("", ", unchanged"):
                ratio = by_way[way + state, FLEET].cpu / by_way["one fleet task" + state, FLEET].cpu
                print(f"CPU of {way}{state} to that of the bare task: {ratio:.2f}")
        print()
        print(growth(folder), end="\n\n")
        print(answers(folder), end="\n\n")
        print(many_accounts(folder, 100))
        draw(rows, ROOT / "docs" / "benchmark.svg")


if __name__ == "__main__":
    main()
