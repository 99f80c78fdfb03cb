# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential type for AWX leads everything to the account of the credential. AWX's own code injects it."""

from __future__ import annotations

import yaml
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import (
    CONNECTION,
    CONNECTION_SECRETS,
    usable_environment,
)
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

TYPE = yaml.safe_load((ROOT / "extensions/awx/credential_type.yml").read_text("utf-8"))


def inject(folder, **inputs):
    """Return the environment of a job with a credential, and the one that AWX shows."""
    kept = ManagedCredentialType("x", TYPE["name"], TYPE["kind"], TYPE["inputs"], TYPE["injectors"])
    environment, shown, arguments = {}, {}, []
    inject_credential(kept, Credential(inputs), environment, shown, arguments, str(folder))
    assert arguments == [] and list(folder.iterdir()) == [], "no secret on the command line or in a file"
    return environment, shown


def test_a_credential_sets_each_option_of_the_connection_and_what_is_blank_counts_as_not_set(tmp_path):
    fields = {field["id"]: field for field in TYPE["inputs"]["fields"]}
    assert list(fields) == list(CONNECTION.spec)
    assert (
        TYPE["inputs"]["required"]
        == list(CONNECTION_SECRETS)
        == [name for name in fields if fields[name].get("secret")]
    )
    given = {"user_secret": "u", "organization_secret": "o"}
    environment, shown = inject(tmp_path, **given)
    assert environment.keys() == set(CONNECTION.fallbacks.values()) and usable_environment(environment) == given
    assert "u" not in shown.values() and "o" not in shown.values()
    more = {
        "base_url": "b",
        "validate_certs": "false",
        "ca_path": "/c",
        "timeout": "1.5",
        "retries": "2",
        "deadline": "9",
    }
    environment, _shown = inject(tmp_path, **given, **more)
    # AWX sets a boolean that is missing to False, which would turn the check of certificates off.
    assert {field["type"] for field in fields.values()} == {"string"}
    typed = {"validate_certs": False, "timeout": 1.5, "retries": 2, "deadline": 9.0}
    assert usable_environment(environment) == {**given, **more, **typed}


def test_a_job_with_a_credential_reaches_its_account_by_modules_playbooks_roles_and_the_lookup(tmp_path, emulator):
    stored = emulator.create("stripe", "payments", {"username": "u", "password": "p"})
    secrets = {"user_secret": emulator.user_secret, "organization_secret": emulator.organization_secret}
    environment, _shown = inject(tmp_path, base_url=emulator.url, **secrets)
    token = "{{ lookup('cloud_elements.platform.cloud_elements_token', 'payments') }}"
    tasks = [
        {"cloud_elements.platform.cloud_elements_fleet_info": {}, "register": "result"},
        {"ansible.builtin.assert": {"that": f"result.base_url == '{emulator.url}'"}},
        {"keep": {"content": token, "dest": "token"}},
    ]
    # The playbook runs the role.
    provision = {
        "import_playbook": "cloud_elements.platform.provision",
        "vars": {"instance_name": "payments", "instance_element_key": "stripe"},
    }
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    run = Ansible(tmp_path, environment).playbook([play, provision])
    assert run.rc == 0, run.output
    assert (tmp_path / "token").read_text() == stored["token"]
    assert f"The instance payments has the id {stored['id']} at {emulator.url}" in " ".join(run.output.split())
    assert not any(secret in run.output for secret in secrets.values())
