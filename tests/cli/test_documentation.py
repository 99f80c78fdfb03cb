# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages show is run as it stands."""

from __future__ import annotations

import re

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._version import collection_version
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT, blocks, plays
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

SECRETS = {
    "STRIPE_API_KEY": "sk_test_made-up-for-the-documentation",
    "SERVICENOW_PASSWORD": "made-up-password-for-the-documentation",
}


def test_the_pages_show_what_is_run_here():
    assert len(plays("README.md")) == 4
    assert len(plays("roles/instance/README.md")) == 2
    assert len(plays("roles/fleet/README.md")) == 1
    assert len(plays("roles/account/README.md")) == 1
    assert len([block for block in blocks("README.md", "console") if block.startswith(("ANSIBLE", "ansible "))]) == 2


@pytest.mark.parametrize(
    "play",
    [
        *plays("README.md"),
        *(play for role in ("instance", "fleet", "account") for play in plays(f"roles/{role}/README.md")),
    ],
)
def test_the_playbooks_of_the_pages_work_and_change_nothing_the_second_time(ansible, emulator, play):
    # The one thing that is not run as it stands: no test can reach the platform itself.
    play = re.sub(r"base_url: api\.openconnectors\S+", f"base_url: {emulator.url}", play)
    options = []
    if "hosts: all" in play:
        options = ["-i", "one,two", "-c", "local", "-e", "ansible_python_interpreter={{ansible_playbook_python}}"]
    first = ansible.playbook(play, *options, **SECRETS)
    second = ansible.playbook(play, *options, **SECRETS)
    assert first.rc == second.rc == 0, first.output + second.output
    assert len(emulator.instances) == (2 if "fleet" in play and "account" not in play else 1)
    assert re.search(r"changed=[1-9]", first.output)
    assert not re.search(r"changed=[1-9]", second.output)
    for secret in (*SECRETS.values(), *(row["token"] for row in emulator.instances), emulator.user_secret):
        assert secret not in first.output + second.output


def test_the_commands_of_the_readme_work(ansible, emulator):
    (variables,) = (block for block in blocks("README.md", "yaml") if block.startswith("instance_name:"))
    (ansible.home / "instance.yml").write_text(variables)
    commands = [
        block
        for block in blocks("README.md", "console")
        if block.startswith(("ANSIBLE_NO_LOG", "ansible ", "ansible-playbook cloud_elements.platform.provision"))
    ]
    create, absent, provision = commands
    hidden = ansible.command("bash", "-c", create, **SECRETS)
    assert hidden.rc == 0, hidden.output
    (stored,) = emulator.instances
    assert stored["token"] not in hidden.output and SECRETS["STRIPE_API_KEY"] not in hidden.output
    provisioned = ansible.command("bash", "-c", provision, **SECRETS)
    assert provisioned.rc == 0 and f"has the id {stored['id']}" in provisioned.output, provisioned.output
    removed = ansible.command("bash", "-c", absent)
    assert removed.rc == 0 and emulator.instances == []


def test_an_account_moves_as_the_readme_says(ansible, emulator):
    emulator.create(
        "servicenow",
        "tickets",
        {"username": "u", "servicenow.subdomain": "s", "password": SECRETS["SERVICENOW_PASSWORD"]},
    )
    (export,) = (block for block in blocks("README.md", "console") if ".export " in block)
    predict, apply = (
        block.replace("--ask-vault-pass", "--vault-password-file vault-password").replace(
            "vault encrypt", "vault encrypt --vault-password-file vault-password"
        )
        for block in blocks("README.md", "console")
        if ".provision -e account_dir" in block
    )
    (look,) = (block for block in blocks("README.md", "console") if ".report " in block)
    exported = ansible.command("bash", "-c", export)
    assert exported.rc == 0, exported.output
    (tree,) = (block for block in blocks("README.md", "text") if block.startswith("accounts/prod/"))
    shown = {line.split()[0].partition("/")[0] for line in tree.splitlines()[1:]}
    folder = ansible.home / "accounts" / "prod"
    assert {path.name for path in folder.iterdir()} - {".schemas"} == shown - {"common_resources", "formulas"}
    secrets = folder / "secrets.yml"
    assert secrets.read_text().count('""') == 3, "the password, and what may be a secret: user name and subdomain"
    secrets.write_text(secrets.read_text().replace('""', SECRETS["SERVICENOW_PASSWORD"]))
    (ansible.home / "vault-password").write_text("made-up")
    with Emulator(strict=True) as other:
        there = {**other.environment}
        planned = ansible.command("bash", "-c", predict, **there)
        (plan,) = (block for block in blocks("README.md", "text") if block.startswith("create  instance"))
        for line in plan.replace("https://api.cloud-elements.com/elements/api-v2", other.url).splitlines():
            assert line in planned.output, planned.output
        assert other.instances == []
        assert secrets.read_text().startswith("$ANSIBLE_VAULT")
        moved = ansible.command("bash", "-c", apply, **there)
        assert moved.rc == 0 and [row["name"] for row in other.instances] == ["tickets"], moved.output
        looked = ansible.command("bash", "-c", look, **there)
        assert looked.rc == 0 and "1 instance: 1 to remove" in looked.output and len(other.instances) == 1, (
            looked.output
        )
        assert "tickets" in (ansible.home / "report.html").read_text()
        assert other.violations == []
    assert SECRETS["SERVICENOW_PASSWORD"] not in exported.output + planned.output + moved.output + looked.output


def test_an_ad_hoc_call_returns_the_token(ansible, emulator):
    arguments = 'name=payments element_key=stripe api_key=\'{{ lookup("env", "STRIPE_API_KEY") }}\' tags=a,b'
    first = ansible.adhoc(arguments, **SECRETS)
    second = ansible.adhoc(arguments, **SECRETS)
    (stored,) = emulator.instances
    assert sorted(stored["tags"]) == ["a", "b"]
    assert "CHANGED" in first.output and stored["token"] in first.output
    assert "SUCCESS" in second.output and stored["token"] in second.output
    assert SECRETS["STRIPE_API_KEY"] not in first.output + second.output


# The two that show the project at work are run as they stand by whoever runs this, and they would run it again.
ELSEWHERE = ("python3 noxfile.py -s demo", "pip install")
PLAYED = ("export CLOUD_ELEMENTS", "ansible-vault encrypt", "ansible-galaxy collection install", "git clone")


def test_every_command_of_the_readme_is_known_here():
    starts = (
        "ANSIBLE_NO_LOG",
        "ansible localhost",
        "ansible-playbook cloud",
        "ansible-playbook --ask-vault-pass cloud",
        *ELSEWHERE,
        *PLAYED,
    )
    assert all(block.startswith(starts) for block in blocks("README.md", "console"))


def test_the_collection_installs_as_the_readme_says(ansible):
    (block,) = (block for block in blocks("README.md", "console") if block.startswith("pip install"))
    (reinstall,) = (block for block in blocks("README.md", "console") if block.startswith("ansible-galaxy"))
    _pip, install = block.splitlines()
    ansible.forget_checkout()
    for command in (install, reinstall):
        installed = ansible.command("bash", "-c", f"cd {ROOT} && {command}")
        assert "was installed successfully" in installed.output, installed.output
    there = ansible.home / ".ansible/collections/ansible_collections/cloud_elements/platform"
    for folder in ("extensions", "playbooks/files"):
        shipped, built = ({path.relative_to(root) for path in (root / folder).rglob("*")} for root in (ROOT, there))
        assert shipped == built, folder
    listed = ansible.command("ansible-galaxy", "collection", "list", "cloud_elements.platform")
    assert re.search(rf"^cloud_elements\.platform +{re.escape(collection_version())} *$", listed.output, re.MULTILINE)
    documented = ansible.command("ansible-doc", "cloud_elements.platform.cloud_elements_instances")
    assert documented.rc == 0 and "prune_tags" in documented.output


def test_the_collection_runs_from_a_clone_as_the_readme_says(ansible):
    (block,) = (block for block in blocks("README.md", "console") if block.startswith("git clone"))
    (ansible.home / "ansible_collections/cloud_elements").mkdir(parents=True)
    ansible.forget_checkout()
    # A link to this checkout stands for the clone of the repository.
    block = re.sub(r"git clone \S+", f"ln -s {ROOT}", block)
    documented = ansible.command("bash", "-c", f"{block}ansible-doc cloud_elements.platform.cloud_elements_instances")
    assert documented.rc == 0 and "prune_tags" in documented.output, documented.output
