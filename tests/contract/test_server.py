# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command, TLS, and how fast it is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import trustme
import yaml
from ansible_collections.cloud_elements.platform.tests import emulator as package
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator, Tls
from ansible_collections.cloud_elements.platform.tests.emulator.__main__ import _parser

ROOT = Path(package.__file__).parent.parent.parent


@pytest.fixture
def command(tmp_path):
    started = []

    def run(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulator", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_what_to_export_and_stops_when_told(command, tmp_path, number):
    target = tmp_path / "environment"
    process = command(
        "--port", "0", "--strict", "--switch", "mask=none", "--instances", "3", "--environment", str(target)
    )
    lines = [process.stdout.readline() for _dummy in range(4)]
    assert lines[0].startswith("# The emulator listens on http://127.0.0.1:")
    exported = "".join(lines[1:])
    assert target.read_text(encoding="utf-8") == exported
    assert target.stat().st_mode & 0o777 == 0o600
    shell = subprocess.run(
        ["sh", "-c", f". {target}; env"], check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}
    )
    environment = dict(line.split("=", 1) for line in shell.stdout.splitlines() if line.startswith("CLOUD_ELEMENTS_"))
    header = (
        f"User {environment['CLOUD_ELEMENTS_USER_SECRET']}, "
        f"Organization {environment['CLOUD_ELEMENTS_ORGANIZATION_SECRET']}"
    )
    url = environment["CLOUD_ELEMENTS_BASE_URL"]
    rows = requests.get(f"{url}/instances", headers={"Authorization": header}, timeout=5).json()
    assert [row["configuration"]["password"] for row in rows] == ["secret"] * 3
    assert requests.get(f"{url}/nothing/at/all", timeout=5).status_code == 404
    process.send_signal(number)
    _out, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert errors == ""


def test_every_account_is_a_host_of_the_inventory(command, tmp_path):
    target = tmp_path / "accounts.yml"
    arguments = ["--account", "lab", "--account", "prod-1", "--inventory", str(target), "--instances", "2"]
    process = command("--port", "0", *arguments)
    printed = [process.stdout.readline() for _dummy in range(6)]
    assert printed[4:] == ["# This is the account lab. All accounts: lab, prod-1\n", f"# Inventory: {target}\n"]
    assert target.stat().st_mode & 0o777 == 0o600
    inventory = yaml.safe_load(target.read_text(encoding="utf-8"))["all"]
    assert inventory["vars"]["ansible_connection"] == "local"
    assert list(inventory["hosts"]) == ["lab", "prod-1"]
    seen = set()
    for host in inventory["hosts"].values():
        secrets = host["cloud_elements_user_secret"], host["cloud_elements_organization_secret"]
        header = "User {}, Organization {}".format(*secrets)
        url = f"{host['cloud_elements_base_url']}/instances"
        rows = requests.get(url, headers={"Authorization": header}, timeout=5).json()
        assert [row["name"] for row in rows] == ["instance 1", "instance 2"]
        seen |= {row["id"] for row in rows}
    assert len(seen) == 4


def test_ansible_reads_the_inventory(command, tmp_path):
    target = tmp_path / "accounts.yaml"
    process = command("--port", "0", "--account", "lab", "--account", "prod", "--inventory", str(target))
    while not process.stdout.readline().startswith("# Inventory"):
        pass
    options = ["-i", str(target), "all", "-m", "ansible.builtin.debug", "-a", "var=cloud_elements_base_url"]
    shown = subprocess.run(
        [sys.executable, "-m", "ansible", "adhoc", *options], check=True, capture_output=True, text=True
    ).stdout
    assert all(f"{host} | SUCCESS" in shown for host in ("lab", "prod"))
    assert "http://127.0.0.1:" in shown


def test_help_describes_every_option():
    assert [action.dest for action in _parser()._actions if not action.help] == []


def test_a_taken_port_is_said_without_a_traceback_with_the_option_that_helps(command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = command("--port", str(port))
        _out, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.startswith(f"emulator: cannot listen on 127.0.0.1:{port}: ")
    assert errors.endswith("; --port 0 takes a free port\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--switch", "mask=some"], "mask is one of"),
        (["--switch", "nope=1"], "no such switch"),
        (["--switch", "mask"], "NAME=VALUE"),
        (["--port", "99999"], "not a port"),
        (["--certfile", "x"], "together"),
        (["--account", "a", "--account", "a"], "must differ"),
        (["--account", "a b"], "not letters"),
        (["--inventory", "hosts"], ".yml or .yaml"),
    ],
)
def test_a_wrong_argument_is_said(command, arguments, expected):
    process = command(*arguments)
    _out, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert expected in errors


def test_files_that_do_not_work_are_said(command):
    for arguments in (
        ["--certfile", "/no", "--keyfile", "/no"],
        ["--environment", "/no/such/folder/file"],
        ["--inventory", "/no/such/folder/file.yml"],
    ):
        process = command("--port", "0", *arguments)
        _out, errors = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "Traceback" not in errors


def test_tls(tmp_path):
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    with Emulator(tls=Tls(str(tmp_path / "cert.pem"), str(tmp_path / "key.pem"))) as emulator:
        assert emulator.url.startswith("https://127.0.0.1:")
        url = emulator.url + "/hubs"
        assert requests.get(url, verify=str(tmp_path / "ca.pem"), timeout=5).status_code == 401
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(url, timeout=5)
        assert emulator.connections == 2
        assert len(emulator.requests) == 1


def test_two_emulators_at_once_and_starting_is_fast():
    started = time.monotonic()
    with Emulator() as one, Emulator() as two:
        assert one.port != two.port
        one.create()
        assert two.instances == []
    assert time.monotonic() - started < 1


def test_a_taken_port_in_the_process():
    with Emulator() as one, pytest.raises(OSError, match="in use"), Emulator(port=one.port):
        pass
