# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is shown on the way through Ansible either: not on the screen, in a file, in a log, nor to other processes.

Secrets come by the environment, by a file of variables and by a vault. What Ansible itself prints of a command or of
the text of a playbook is in the guide about secrets; here none is written there.
"""

from __future__ import annotations

import html
import json
import os
import pathlib
import re
import shutil
import tempfile
import threading

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.tests.canaries import Search, canary, header_canary
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

INSTANCE, INSTANCES, INSTANCE_INFO, OAUTH_INFO, FORMULA, FORMULA_INSTANCE, COMMON_RESOURCE = (
    f"cloud_elements.platform.cloud_elements_{module}"
    for module in (
        *("instance", "instances", "instance_info", "oauth_info"),
        *("formula", "formula_instance", "common_resource"),
    )
)
LOUD = ("-vvvv", "--diff")

# In the place of what modules log with: it writes to a file, as the journal and then, as that fails, as syslog.
LOGGERS = {
    "sitecustomize.py": (
        "import os\nimport syslog\n\n\n"
        "def write(*words):\n"
        "    with open(os.environ['LOGGED'], 'a') as log:\n"
        "        log.write(f'{words}\\n')\n\n\n"
        "syslog.syslog = write\n"
    ),
    "systemd/__init__.py": "",
    "systemd/daemon.py": "def booted():\n    return True\n",
    "systemd/journal.py": (
        "import os\n\n\n"
        "def send(**fields):\n"
        "    with open(os.environ['LOGGED'], 'a') as log:\n"
        "        log.write(f'{fields}\\n')\n"
        "    raise OSError\n\n\n"
        "sendv = send\n"
    ),
}


class Processes:
    """Reads again and again which processes run and with what arguments, as everybody on the host can."""

    def __init__(self) -> None:
        self.commands: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.commands.add(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    continue  # It has ended.

    def __enter__(self) -> Processes:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._over.set()
        self._thread.join()


SECRETS = {
    "first": canary("first"),
    "second": canary("second"),
    "key": canary("key"),
    "misplaced": canary("misplaced"),
    "client": canary("client"),
    "code": canary("code"),
    "stored": canary("stored"),
    "role": canary("role"),
    "fleet": canary("fleet"),
    # A key of several lines, and what JSON in a text holds.
    "lines": "-----BEGIN KEY-----\nCanarylinesAAAA/BBBB+CCCC==\nDDDDEEEElinesCanary\n-----END KEY-----\n",
}


@pytest.fixture
def emulator():
    """A slow emulator that repeats secrets wherever it can, to a user whose own are canaries."""
    with Emulator(user_secret=header_canary("user"), organization_secret=header_canary("organization")) as running:
        running.switches.echo_secrets = True
        running.switches.provider_data_echoed = True
        running.switches.mask = "none"
        running.switches.create_seconds = 0.3
        yield running


class Stage:
    """Runs playbooks with everything on that writes something, and searches all of it."""

    def __init__(self, ansible: Ansible, emulator: Emulator) -> None:
        self.ansible = ansible
        self.emulator = emulator
        self.home = ansible.home
        own = {"user_secret": emulator.user_secret, "organization_secret": emulator.organization_secret}
        self.search = Search({**own, **SECRETS})
        self.given = {self._write("variables.json", json.dumps(SECRETS))}
        for name, text in LOGGERS.items():
            self._write(f"loggers/{name}", text)
        # Not in the home: the path of a socket that newer releases of Ansible make there must be short.
        self.tmp = pathlib.Path(tempfile.mkdtemp(prefix="canaries-"))
        ansible.environment.update(
            {
                "PYTHONPATH": os.pathsep.join([str(self.home / "loggers"), os.environ.get("PYTHONPATH", "")]),
                "LOGGED": str(self.home / "system.log"),
                "ANSIBLE_LOG_PATH": str(self.home / "ansible.log"),
                "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit",
                "JUNIT_OUTPUT_DIR": str(self.home / "junit"),
                "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
                "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.home / "facts"),
                "ANSIBLE_REMOTE_TMP": str(self.home / "remote"),
                "ANSIBLE_LOCAL_TEMP": str(self.home / "local"),
                "TMPDIR": str(self.tmp),
            }
        )

    def _write(self, name: str, text: str) -> pathlib.Path:
        path = self.home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def give(self, name: str, text: str) -> str:
        """Write a file that may hold secrets, as it is the user's own, and return its path."""
        path = self._write(name, text)
        self.given.add(path)
        return str(path)

    def run(self, play, *options: str, rc: int = 0, shows_tokens: bool = False, **environment: str):
        """Run a playbook and search what it printed and wrote, and the processes that it started."""
        with Processes() as processes:
            run = self.ansible.playbook(play, f"-e@{self.home}/variables.json", *LOUD, *options, **environment)
        assert run.rc == rc, run.output
        assert any("AnsiballZ_cloud_elements_" in command for command in processes.commands)
        texts = {"screen": run.output, "processes": "\n".join(processes.commands), **self._files()}
        tokens = [(row["name"], row["token"]) for row in self.emulator.instances]
        self.search.know(**{f"token of {name}": token for name, token in tokens})
        for place, text in texts.items():
            self.search.look(place, _without(tokens, text) if shows_tokens else text)
        assert self.search.found == []
        self.search.runs += 1
        return run

    def _files(self) -> dict[str, str]:
        """Return the contents of all files that are not the user's own, by kind."""
        texts: dict[str, str] = {}
        for folder in (self.home, self.tmp):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path not in self.given:
                    kind = path.relative_to(folder.parent).parts[1]
                    texts[kind] = texts.get(kind, "") + path.read_text(encoding="utf-8", errors="replace")
        return texts

    def left(self) -> list[str]:
        """Return the files that are left in directories for temporary ones."""
        folders = (self.tmp, self.home / "local", self.home / "remote")
        return [str(path) for folder in folders for path in folder.rglob("*") if path.is_file()]


def _without(tokens: list[tuple[str, str]], text: str) -> str:
    """Return a text without the tokens that a result tells, where it tells them: under a name, or C(token)."""
    text = html.unescape(text)
    for name, token in tokens:
        text = re.sub(rf'"(token|{re.escape(name)})": "{re.escape(token)}"', "", text)
    return text


@pytest.fixture
def stage(ansible, emulator):
    """What runs playbooks and searches. In the end it prints where (C(pytest -s))."""
    stage = Stage(ansible, emulator)
    yield stage
    print(f"\n{stage.search.runs} runs of playbooks, {stage.search}")
    shutil.rmtree(stage.tmp)


TICKETS = {
    "name": "tickets",
    "element_key": "servicenow",
    "configuration": {"username": "integration", "servicenow.subdomain": "example"},
    "secret_configuration": {"password": "{{ first }}"},
    "update_secrets": "on_change",
}
CRM = {
    "name": "crm",
    "element_key": "sfdc",
    "configuration": {"oauth.callback.url": "https://www.example.com/callback"},
    "secret_configuration": {"oauth.api.key": "{{ key }}", "oauth.api.secret": "{{ client }}"},
    "provider_data": {"code": "{{ code }}"},
}
STRIPE = {"name": "payments", "element_key": "stripe", "api_key": "{{ key }}", "tags": ["a"]}
OAUTH = {
    "element_key": "sfdc",
    "oauth_api_key": "public",
    "oauth_api_secret": "{{ client }}",
    "callback_url": "https://www.example.com/callback",
}
TASKS = [
    {INSTANCE: TICKETS},
    {INSTANCE: {**TICKETS, "secret_configuration": {"password": "{{ second }}"}, "tags": ["x"]}},
    {INSTANCE: {**TICKETS, "name": "misplaced", "configuration": {"username": "u", "password": "{{ misplaced }}"}}},
    {INSTANCE: {**STRIPE, "name": "lines", "api_key": "{{ lines }}"}},
    {INSTANCE: CRM},
    # The code is spent, which the provider says.
    {INSTANCE: {**CRM, "name": "crm 2"}},
    {INSTANCE: {"name": "refused", "element_key": "servicenow", "verify": True}},
    {INSTANCE: {**STRIPE, "state": "absnt", "configuration": "password={{ misplaced }}"}},
    {INSTANCE: {**STRIPE, "secret_configuration": "{{ first }}"}},
    {INSTANCES: {"instances": [TICKETS, STRIPE, {**CRM, "name": "crm 3"}, {**TICKETS, "name": "new"}]}},
    {INSTANCES: {"instances": [STRIPE, ["{{ key }}"]]}},
    {INSTANCES: {"instances": [{**STRIPE, "api_kye": "{{ key }}", "state": "absnt"}]}},
    {INSTANCE_INFO: {"name": "tickets", "include_token": True}},
    {OAUTH_INFO: OAUTH},
    {OAUTH_INFO: {**OAUTH, "element_key": "stripe"}},
]


def test_no_task_shows_a_secret(stage, emulator):
    stored = {"username": "integration", "servicenow.subdomain": "example", "password": SECRETS["stored"]}
    refused = emulator.create("servicenow", "refused", stored)
    emulator.switches.provider_status = {refused["id"]: 401}
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [{**task, "ignore_errors": True} for task in TASKS]}]
    first = stage.run(play, shows_tokens=True)
    # One of each: a change, and a failure.
    play[0]["tasks"] = [play[0]["tasks"][number] for number in (1, 5)]
    second = stage.run(play, shows_tokens=True, ANSIBLE_STDOUT_CALLBACK="minimal", ANSIBLE_DISPLAY_TRACEBACK="always")
    # What is tried by the tasks is what was meant: some succeed, and some fail for each of the reasons.
    # What the platform says is withheld, as it repeats secrets in spellings that are not masked.
    assert "withheld, as it repeats a secret" in first.output
    for words in (
        "Creating the instance 'crm 2'",
        "credentials_refused",
        "OAuth URL of the element 'stripe' failed",
        "must be a mapping",
    ):
        assert words in first.output, words
    assert "changed=" in first.output and "CHANGED" in second.output and "FAILED" in second.output
    for name in ("ansible.log", "system.log", "junit"):
        assert stage.search.places[name] > 1000
    assert "Invoked with" in (stage.home / "system.log").read_text()
    assert stage.left() == []


SEND = {"name": "send", "type": "amqpRequest", "properties": {"url": "amqps://user:{{ role }}@mq.example.com/v"}}
SYNC = {
    "name": "sync",
    "configuration": [{"key": key, "name": "Value", "type": "value"} for key in ("plain", "api.key")],
    "triggers": [{"type": "manual"}],
    "steps": [SEND],
}
NIGHTLY = {"formula": "sync", "name": "nightly", "secret_configuration": {"api.key": "{{ key }}"}}
FORMULA_TASKS = [
    {FORMULA: {"definition": SYNC}},
    {FORMULA: {"definition": {**SYNC, "description": "changed"}}},
    {FORMULA: {"definition": "{{ role }}"}},
    {FORMULA_INSTANCE: NIGHTLY},
    {FORMULA_INSTANCE: {**NIGHTLY, "secret_configuration": {"api.key": "{{ fleet }}"}}},
    {FORMULA_INSTANCE: {**NIGHTLY, "configuration": {"api.key": "{{ fleet }}", "plain": {"name": "{{ key }}"}}}},
    {FORMULA_INSTANCE: {**NIGHTLY, "settings": "{{ key }}", "secret_configuration": "{{ key }}"}},
    {FORMULA: {"name": "sync", "state": "absent"}},
]
# A script that holds the secrets of the connection, and options in the wrong places.
LEAKY = {"element_key": "stripe", "vendor_name": "customers", "script": "let a = 1;\nlet b = '{{ own }}';\ndone(a);\n"}
CONTACTS = {"name": "contacts", "fields": [{"path": "email"}], "transformations": [LEAKY]}
COMMON_RESOURCE_TASKS = [
    {COMMON_RESOURCE: CONTACTS},
    {COMMON_RESOURCE: {**CONTACTS, "transformations": [{**LEAKY, "vendor_name": "changed"}]}},
    {COMMON_RESOURCE: {**CONTACTS, "transformations": "{{ key }}"}},
    {COMMON_RESOURCE: {**CONTACTS, "transformations": [{**LEAKY, "scrpit": "{{ key }}", "script": ["{{ key }}"]}]}},
    {COMMON_RESOURCE: {"name": "contacts", "state": "absent"}},
]


def test_no_task_about_formulas_and_common_resources_shows_a_secret(stage):
    tasks = [{**task, "ignore_errors": True} for task in FORMULA_TASKS + COMMON_RESOURCE_TASKS]
    own = {"own": "{{ lookup('ansible.builtin.env', 'CLOUD_ELEMENTS_USER_SECRET') }}"}
    run = stage.run([{"hosts": "localhost", "gather_facts": False, "vars": own, "tasks": tasks}])
    for words in (
        *("create formula instance", "send secrets api.key", "in_use", "look like credentials"),
        *("create common resource 'contacts'", "vendor_name", "delete mapping to element"),
    ):
        assert words in run.output, words
    assert stage.left() == []


ROLES = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/cloud_elements.platform.all:
      user_secret: "{{ cloud_elements_user_secret }}"
      organization_secret: "{{ cloud_elements_organization_secret }}"
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.instance
      vars:
        instance_name: of the role
        instance_element_key: servicenow
        instance_configuration: {username: integration, servicenow.subdomain: example, x.password: "{{ misplaced }}"}
        instance_secret_configuration: {password: "{{ role }}"}
        instance_token_file: "{{ playbook_dir }}/token"
    - keep:
        content: "{{ lookup('cloud_elements.platform.cloud_elements_token', 'of the role') }}"
        dest: looked-up
    - ansible.builtin.set_fact:
        canary_id: "{{ instance_id }}"
        cacheable: true
    - ansible.builtin.debug:
        msg: "{{ lookup('cloud_elements.platform.cloud_elements_token', item.name, **item.options) }}"
      loop:
        - {name: nothing, options: {}}
        - {name: twice, options: {}}
        - {name: of the role, options: {element_key: nothing}}
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ lookup('cloud_elements.platform.cloud_elements_token', 'of the role', user_secret={'secret': key}) }}"
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ lookup('cloud_elements.platform.cloud_elements_token', 'of the role', user_secert=key) }}"
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ lookup('cloud_elements.platform.cloud_elements_token', {'of the role': key}) }}"
      ignore_errors: true
    - ansible.builtin.include_role:
        name: cloud_elements.platform.fleet
      vars:
        fleet_instances:
          - {name: of the fleet, element_key: stripe, api_key: "{{ fleet }}", tags: [x]}
          - name: of the fleet
            element_key: closeio
            secret_configuration: {username: "{{ fleet }}", password: "{{ key }}"}
          - {id: 1, api_key: "{{ fleet }}"}
        fleet_prune: true
        fleet_prune_tags: [x]
"""


PLAYBOOKS = """
- import_playbook: cloud_elements.platform.provision
  vars:
    instance_name: of the playbook
    instance_element_key: servicenow
    instance_configuration: {username: integration, servicenow.subdomain: example}
    instance_secret_configuration: {password: "{{ role }}"}
# Once more, with what the provider and the platform refuse.
- import_playbook: cloud_elements.platform.provision
  vars:
    instance_name: refused
    instance_element_key: sfdc
    instance_configuration: {username: integration, servicenow.subdomain: example}
    instance_secret_configuration: {password: "{{ role }}"}
    instance_provider_data: {x: "{{ code }}"}
"""


def test_no_role_playbook_or_lookup_shows_a_secret_or_a_token(stage, emulator):
    for _dummy in range(2):
        emulator.create("stripe", "twice", {"username": SECRETS["stored"], "password": SECRETS["stored"]})
    password = stage.give("vault-password", "the password of the vault")
    own = {f"cloud_elements_{name}": getattr(emulator, name) for name in ("user_secret", "organization_secret")}
    vault = VaultLib([("default", VaultSecret(b"the password of the vault"))]).encrypt(json.dumps(own))
    stage.given |= {stage.home / "token", stage.home / "looked-up"}
    secrets = (f"-e@{stage.give('vault.json', vault.decode())}", "--vault-password-file", password)
    without = {"CLOUD_ELEMENTS_USER_SECRET": "", "CLOUD_ELEMENTS_ORGANIZATION_SECRET": ""}
    run = stage.run(ROLES, *secrets, **without, rc=2)
    assert "1 of 3 instances failed, all others were done." in run.output, run.output
    tokens = {row["name"]: row["token"] for row in emulator.instances}
    for name in ("token", "looked-up"):
        assert (stage.home / name).read_text() == tokens["of the role"]
    assert "canary_id" in stage._files()["facts"]
    run = stage.run(PLAYBOOKS, *secrets, **without, rc=2, ANSIBLE_STDOUT_CALLBACK="minimal")
    assert "The instance of the playbook has the id" in run.output and "Creating the instance 'refused'" in run.output
    assert stage.left() == []
