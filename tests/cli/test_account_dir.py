# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of an account on the command line: data that stays data, secrets that stay secret, and all mistakes."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.tests.cli.test_hosts import FAR

CANARY = "{{ lookup('pipe', 'touch evaluated') }}"
"""What every field may hold, and what nothing may evaluate."""

NAMES = {"name": CANARY, "element_key": "stripe"}
ACCOUNT = {
    "fleet.yml": {
        "fleet_instances": [
            {
                **NAMES,
                "tags": [CANARY],
                "secret_configuration": {"api.key": CANARY},
                "configuration": {"a note": CANARY},
            }
        ]
    },
    "common_resources/a.yml": {
        "name": CANARY,
        "description": CANARY,
        "fields": [{"path": CANARY, "display_name": CANARY, "type": "string"}],
        "transformations": [
            {
                "element_key": "stripe",
                "vendor_name": CANARY,
                "fields": [{"path": CANARY, "vendor_path": CANARY}],
                "configuration": [{"type": "inherit", "properties": {CANARY: CANARY}}],
                "script": CANARY,
            }
        ],
    },
    "formulas/a.yml": {
        "definition": {
            "name": CANARY,
            "description": CANARY,
            "configuration": [{"key": "note", "name": CANARY, "type": "value", "required": False}],
            "triggers": [{"type": "manual", "onSuccess": [CANARY]}],
            "steps": [{"name": CANARY, "type": "script", "properties": {"body": f"{CANARY} done()"}}],
        }
    },
    "formula_instances.yml": {
        "formula_instances": [
            {
                "formula": CANARY,
                "name": CANARY,
                "configuration": {"note": CANARY},
                "settings": {"notification.email": CANARY},
            }
        ]
    },
}

READ = "lookup('cloud_elements.platform.cloud_elements_account_dir', 'account'%s)"
READ_OPEN = READ.replace("'account'", "'open'") % ""
PLAY = f"""
- hosts: localhost
  gather_facts: false
  vars:
    account: "{{{{ {READ % ""} }}}}"
  tasks:
    - cloud_elements.platform.cloud_elements_account:
        instances: "{{{{ account.instances }}}}"
        common_resources: "{{{{ account.common_resources }}}}"
        formulas: "{{{{ account.formulas }}}}"
        formula_instances: "{{{{ account.formula_instances }}}}"
    - keep:
        content: "{{{{ account | to_json }}}}"
        dest: read.json
"""
TASKS = """
- hosts: localhost
  gather_facts: false
  tasks:
%s
"""


class Unsafe(str):
    """A text to be tagged in a file."""


class Dumper(yaml.SafeDumper):
    """Writes texts of the class as an export does."""


Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text), style='"'))


def tagged(data):
    if isinstance(data, dict):
        return {key: tagged(value) for key, value in data.items()}
    if isinstance(data, list):
        return [tagged(value) for value in data]
    return Unsafe(data) if isinstance(data, str) and "{" in data else data


@pytest.fixture
def write(ansible):
    """Write files to the directory of an account: data, or texts as they are."""

    def write_files(files, folder="account"):
        for name, content in files.items():
            path = ansible.home / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else yaml.dump(content, Dumper=Dumper))

    return write_files


def encrypted(text, password="the password"):
    return VaultLib().encrypt(text, secret=VaultSecret(password.encode())).decode()


def test_texts_of_every_field_arrive_in_the_module_as_they_are(ansible, emulator, write):
    write(tagged(ACCOUNT))
    run = ansible.playbook(PLAY, "--diff")
    assert run.rc == 0, run.output
    assert not (ansible.home / "evaluated").exists()
    sent = [json.dumps(seen.body) for seen in emulator.requests if seen.body is not None]
    assert len(sent) >= 5 and all(json.dumps(CANARY)[1:-1] in body for body in sent)
    read = json.loads((ansible.home / "read.json").read_text())
    assert read == {
        "instances": ACCOUNT["fleet.yml"]["fleet_instances"],
        "common_resources": [ACCOUNT["common_resources/a.yml"]],
        "formulas": [ACCOUNT["formulas/a.yml"]],
        "formula_instances": ACCOUNT["formula_instances.yml"]["formula_instances"],
    }


def test_a_template_in_any_field_is_refused_and_not_evaluated(ansible, emulator, write):
    write(ACCOUNT)
    run = ansible.playbook(PLAY)
    assert run.rc == 2
    found = set(re.findall(r"account/[a-z_/]+\.yml:[0-9]+: .*?: The text looks like a template", run.output))
    # A key is a text in any case.
    assert len(found) == json.dumps(ACCOUNT).count("touch") - 1
    for place in (
        "fleet.yml:7: fleet_instances[0].secret_configuration.api.key",
        "account/formulas/a.yml:4: definition.",
    ):
        assert place in run.output
    assert not (ansible.home / "evaluated").exists() and emulator.requests == []


def test_secrets_come_from_a_vault_and_from_the_host_and_are_not_shown(ansible, emulator, write):
    vaulted = "\n".join(f"          {line}" for line in encrypted("canary-inline").splitlines())
    write(
        {
            "fleet.yml": "fleet_instances:\n"
            "  - {name: one, element_key: stripe, api_key: '{{ secret_one }}'}\n"
            "  - {name: two, element_key: stripe, api_key: '{{ secret_two }}', tags: '{{ tags_of_two }}'}\n"
            "  - name: three\n    element_key: stripe\n    secret_configuration:\n"
            f"        api.key: !vault |\n{vaulted}\n",
            "secrets.yml": encrypted("secret_one: canary-one\nsecret_two: ''\nunused: !unsafe '{{ canary-unused }}'\n"),
        }
    )
    (ansible.home / "password").write_text("the password")
    tasks = """
    - cloud_elements.platform.cloud_elements_instances:
        instances: "{{ %s.instances }}"
""" % (READ % "")
    run = ansible.playbook(
        TASKS % tasks,
        *("-vvvv", "--diff", "--vault-password-file", "password"),
        *("-e", '{"secret_two": "{{ vault_two }}", "vault_two": "canary-two"}'),
        *("-e", '{"tags_of_two": ["{{ first_tag }}", "b"], "first_tag": "a"}'),
    )
    assert run.rc == 0, run.output
    made = {seen.body["name"]: seen.body for seen in emulator.requests if seen.method == "POST"}
    assert {name: body["configuration"]["api.key"] for name, body in made.items()} == {
        "one": "canary-one",
        "two": "canary-two",
        "three": "canary-inline",
    }
    assert made["two"]["tags"] == ["a", "b"]
    shown = run.output.replace('"vault_two": "canary-two"', "")
    assert not [name for name in ("one", "inline", "unused") if f"canary-{name}" in shown]


def test_all_that_is_missing_is_named_and_without_secrets_nothing_is_needed(ansible, emulator, write):
    fleet = (
        "fleet_instances:\n"
        "  - {name: one, element_key: stripe, api_key: '{{ secret_one }}'}\n"
        "  - name: two\n    element_key: stripe\n    secret_configuration:\n      api.key: '{{ secret_two }}'\n"
    )
    write({"fleet.yml": fleet, "secrets.yml": encrypted("secret_one: canary")})
    write({"fleet.yml": fleet, "secrets.yml": "secret_one: canary\n"}, "open")
    (ansible.home / "password").write_text("the password")
    (ansible.home / "other").write_text("another password")
    read = f"""
    - ansible.builtin.debug:
        msg: "{{{{ {READ % ""} }}}}"
      ignore_errors: true
"""
    others = f"""
    - ansible.builtin.debug:
        msg: "{{{{ {READ % ", secret=false"} }}}}"
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{{{ {READ % ", secrets=false, include=['instances']"} }}}}"
    - ansible.builtin.debug:
        msg: "{{{{ {READ_OPEN} }}}}"
      ignore_errors: true
"""
    run = ansible.playbook(TASKS % (read + others), "--vault-password-file", "other")
    assert "account/secrets.yml: The file cannot be decrypted. If ansible-vault has encrypted it, give" in run.output
    assert "The lookup has no option secret." in run.output
    assert '"api.key": null' in run.output and '"api_key": null' in run.output
    assert "open/secrets.yml holds secrets and is not encrypted: ansible-vault encrypt open/secrets" in run.output
    assert "canary" not in run.output
    run = ansible.playbook(TASKS % read, "--vault-password-file", "password")
    assert (
        "account/fleet.yml:6: fleet_instances[1].secret_configuration.api.key: The variable secret_two is not defined. "
        "Define it in account/secrets.yml, or as a variable of the host."
    ) in run.output
    assert "secret_one is" not in run.output and emulator.requests == []
    assert "not encrypted" not in run.output and "canary" not in run.output


def test_the_playbook_validates_without_a_connection_or_a_password(ansible, emulator, write):
    good = {
        **tagged(ACCOUNT),
        "common_resources/b.json": '{"name": "b"}',
        "secrets.yml": encrypted("secret_one: canary"),
    }
    mistakes = {
        "formulas/b.yml": "definition: {name: b}\nactve: true\n",
        "fleet.yml": "fleet_instances:\n- {name: 1}\n",
        "secrets.yml": "secret_one: canary\n",
    }
    write(good)
    write({**good, **mistakes}, "wrong")
    groups = {
        "fine": {
            "whole": {"account_dir": "account"},
            "partly": {"account_dir": "wrong", "account_include": ["formula_instances"]},
        },
        "refused": {"bad": {"account_dir": "wrong"}, "nothing": {}},
    }
    inventory = {name: {"hosts": hosts, "vars": FAR} for name, hosts in groups.items()}
    (ansible.home / "inventory.yml").write_text(yaml.safe_dump(inventory))
    lonely = {name: "" for name in ansible.environment if name.startswith("CLOUD_ELEMENTS_")}
    fine, refused = (
        ansible.playbook(
            *("cloud_elements.platform.validate", "-i", "inventory.yml", "-e", f"cloud_elements_hosts={group}"),
            **lonely,
        )
        for group in groups
    )
    assert fine.rc == 0 and fine.output.count("has no problems.") == 2, fine.output
    assert refused.rc == 2 and "account_dir is not set." in refused.failed["nothing"], refused.output
    assert "wrong/formulas/b.yml:2: actve: There is no such option. Did you mean 'active'?" in refused.output
    assert "wrong/fleet.yml:2: fleet_instances[0].name: This must be a text." in refused.output
    assert refused.failed["bad"] == "Problems in wrong: 2. They are shown above."
    exposed = "wrong/secrets.yml holds secrets and is not encrypted: ansible-vault encrypt wrong/secrets.yml"
    assert exposed in refused.output and "account/secrets.yml holds" not in fine.output
    assert "canary" not in fine.output + refused.output
    assert emulator.requests == []
