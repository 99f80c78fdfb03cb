# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new project provisions twenty accounts through ansible-runner, whose streams and artifacts show no secret."""

from __future__ import annotations

import json
import resource
import subprocess
import time
from collections.abc import Iterator

import pytest
from ansible_collections.cloud_elements.platform.tests.canaries import Search, canary
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.cli.project import unpacked, write_accounts, write_project
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

ACCOUNTS = [f"account{number:02}" for number in range(20)]
ENVIRONMENTS = {"test": ACCOUNTS[:10], "prod": ACCOUNTS[10:]}
SUBDOMAINS = {"test": "example-test", "prod": "example"}
VAULT_PASSWORD = canary("vault")
PASSWORD = canary("password")
FLEET = """
fleet_instances:
  - name: tickets
    element_key: servicenow
    configuration:
      username: integration
      servicenow.subdomain: "{{ servicenow_subdomain }}"
    secret_configuration:
      password: "{{ servicenow_password }}"
"""


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A platform with all accounts."""
    with Emulator(strict=True, accounts=ACCOUNTS) as running:
        yield running
        assert not any(account.violations for account in running.accounts.values())


def secrets_of(emulator: Emulator) -> list[str]:
    """Return the secrets of all accounts, and the tokens of their instances."""
    own = [secret for each in emulator.accounts.values() for secret in (each.secrets.user, each.secrets.organization)]
    return [*own, *(row["token"] for each in emulator.accounts.values() for row in each.instances)]


def test_twenty_accounts_are_provisioned_and_no_secret_is_in_what_runner_sends_and_keeps(tmp_path, emulator):
    sent, kept = tmp_path / "sent", tmp_path / "kept"
    write_project(sent / "project")
    write_accounts(sent / "project", emulator, ENVIRONMENTS, VAULT_PASSWORD, FLEET, servicenow_password=PASSWORD)
    # Where the worker runs has the password of the vault. What is sent does not.
    (tmp_path / "vault-password").write_text(VAULT_PASSWORD)
    ansible = Ansible(tmp_path, {"ANSIBLE_VAULT_PASSWORD_FILE": str(tmp_path / "vault-password")})

    def runner(*words: str, stream: bytes = b"") -> bytes:
        done = subprocess.run(
            ["ansible-runner", *words],
            cwd=tmp_path,
            env=ansible.environment,
            input=stream,
            capture_output=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0 and done.stderr == b"", done.stderr
        return done.stdout

    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    stream = runner("transmit", "sent", "--playbook", "provision.yml", "--forks", "10")
    result = runner("worker", "--private-data-dir", "kept", stream=stream)
    shown = runner("process", "sent", stream=result).decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = sum(getattr(after, name) - getattr(before, name) for name in ("ru_utime", "ru_stime"))
    print(
        f"\n{len(ACCOUNTS)} accounts: {time.monotonic() - began:.0f} s, {spent / len(ACCOUNTS):.1f} CPU seconds each, "
        f"{len(stream)} bytes sent, {len(result)} bytes back"
    )

    for group, names in ENVIRONMENTS.items():
        for name in names:
            (stored,) = emulator.accounts[name].instances
            wanted = {"username": "integration", "servicenow.subdomain": SUBDOMAINS[group], "password": PASSWORD}
            assert stored["name"] == "tickets" and stored["configuration"].items() >= wanted.items()
            assert [seen.method for seen in emulator.accounts[name].requests].count("POST") == 1

    events = [json.loads(path.read_text()) for path in (sent / "artifacts" / "job_events").glob("*.json")]
    (stats,) = (event["event_data"] for event in events if event["event"] == "playbook_on_stats")
    handed_on = stats["artifact_data"]["cloud_elements_accounts"]
    assert {name: figures["changed"] for name, figures in handed_on.items()} == dict.fromkeys(ACCOUNTS, True)

    search = Search({"vault password": VAULT_PASSWORD, "password": PASSWORD})
    texts = {"stream": unpacked(stream), "result": unpacked(result), "screen": shown}
    for place in (sent, kept):
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            kind = f"{place.name}, {path.relative_to(place).parts[0]}"
            texts[kind] = texts.get(kind, "") + path.read_text(errors="replace")
    for place, text in texts.items():
        search.look(place, text)
        assert not any(secret in text or json.dumps(secret)[1:-1] in text for secret in secrets_of(emulator)), place
    assert search.found == [] and search.places.keys() >= {"sent, artifacts", "kept, project"}
    print(search)
