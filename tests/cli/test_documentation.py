# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages show is run as it stands."""

from __future__ import annotations

import json
import re

from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT, blocks, guide, guides, plays
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

SECRETS = {
    "STRIPE_API_KEY": "sk_test_made-up-for-the-documentation",
    "SERVICENOW_PASSWORD": "made-up-password-for-the-documentation",
}


# What each playbook of a page makes, by its place there. What stands on two pages is run once.
MADE = {
    "README.md": [["payments"], ["payments"], ["blog", "shop"], ["tickets"]],
    "roles/instance/README.md": [["payments"], ["payments"]],
    "roles/fleet/README.md": [["payments", "tickets"]],
    "roles/account/README.md": [["payments"]],
}
PLAYBOOKS = {play: names for path, made in MADE.items() for play, names in zip(plays(path), made, strict=True)}


def test_the_playbooks_of_the_pages_work(tmp_path):
    """All in one run, each in a folder and on an account of its own."""
    accounts = [f"play{number}" for number in range(len(PLAYBOOKS))]
    with Emulator(strict=True, accounts=accounts) as emulator:
        ansible = Ansible(tmp_path, emulator.environment)
        for account, play in zip(accounts, PLAYBOOKS, strict=True):
            (tmp_path / account).mkdir()
            # The one thing that is not run as it stands: no test can reach the platform itself.
            play = re.sub(r"base_url: api\.openconnectors\S+", f"base_url: {emulator.url}", play)
            (tmp_path / account / "play.yml").write_text(play)
        # Each play finds its account by the folder that it is in.
        given = {
            f"cloud_elements_{kind}_secret": f"{{{{ secrets[playbook_dir | basename].cloud_elements_{kind}_secret }}}}"
            for kind in ("user", "organization")
        }
        given["secrets"] = emulator.inventory["all"]["hosts"]
        (tmp_path / "accounts.json").write_text(json.dumps(given))
        places = [f"{account}/play.yml" for account in accounts]
        options = (*ansible.hosts({"one": {}, "two": {}}), "-e", "@accounts.json")
        run = ansible.command("ansible-playbook", *places, *options, **SECRETS)
        assert run.rc == 0, run.output
        parts = run.output.split("\nPLAY [")
        ran = [part for part in parts if not part.startswith("RECAP")][1:]
        for account, names, output in zip(accounts, PLAYBOOKS.values(), ran, strict=True):
            made = emulator.accounts[account]
            assert sorted(row["name"] for row in made.instances) == names and made.violations == []
            assert "\nchanged: [" in output
            for secret in (*SECRETS.values(), *(row["token"] for row in made.instances), made.secrets.user):
                assert secret not in run.output
    for token in (tmp_path / "play1/stripe.token", tmp_path / "play4/one.token", tmp_path / "play4/two.token"):
        assert token.is_file()


def console(start: str) -> str:
    """Return the only block of commands in the README that begins with a text."""
    (block,) = (block for block in blocks("README.md", "console") if block.startswith(start))
    return block


def test_the_commands_of_the_readme_work(ansible, emulator):
    (variables,) = (block for block in blocks("README.md", "yaml") if block.startswith("instance_name:"))
    (ansible.home / "instance.yml").write_text(variables)
    hidden = ansible.command("bash", "-c", console("ANSIBLE_NO_LOG"), **SECRETS)
    assert hidden.rc == 0, hidden.output
    (stored,) = emulator.instances
    assert stored["token"] not in hidden.output and SECRETS["STRIPE_API_KEY"] not in hidden.output
    arguments = 'name=payments element_key=stripe api_key=\'{{ lookup("env", "STRIPE_API_KEY") }}\' tags=prod'
    shown = ansible.adhoc(arguments, **SECRETS)
    assert "SUCCESS" in shown.output and stored["token"] in shown.output
    assert SECRETS["STRIPE_API_KEY"] not in shown.output
    provision = console("ansible-playbook cloud_elements.platform.provision -e @instance.yml")
    provisioned = ansible.command("bash", "-c", provision, **SECRETS)
    assert provisioned.rc == 0 and f"has the id {stored['id']}" in provisioned.output, provisioned.output
    removed = ansible.command("bash", "-c", console("ansible localhost"))
    assert removed.rc == 0 and emulator.instances == []


def fill(emulator: Emulator) -> None:
    """Click an account together."""
    password = {"password": SECRETS["SERVICENOW_PASSWORD"]}
    emulator.create("servicenow", "tickets", {"username": "u", "servicenow.subdomain": "s", **password})


def test_an_account_moves_as_the_readme_says(ansible, emulator):
    """It is exported already. The account of the run is the other one."""
    folder = ansible.home / "accounts" / "prod"
    write_account(folder, fill)
    (tree,) = (block for block in blocks("README.md", "text") if block.startswith("accounts/prod/"))
    shown = {line.split()[0].partition("/")[0] for line in tree.splitlines()[1:]}
    assert {path.name for path in folder.iterdir()} - {".schemas"} == shown - {"common_resources", "formulas"}
    secrets = folder / "secrets.yml"
    secrets.write_text(secrets.read_text().replace('""', SECRETS["SERVICENOW_PASSWORD"]))
    (ansible.home / "vault-password").write_text("made-up")
    predict, apply = (
        block.replace("--ask-vault-pass", "--vault-password-file vault-password").replace(
            "vault encrypt", "vault encrypt --vault-password-file vault-password"
        )
        for block in blocks("README.md", "console")
        if ".provision -e account_dir" in block
    )
    planned = ansible.command("bash", "-c", predict)
    (plan,) = (block for block in blocks("README.md", "text") if block.startswith("create  instance"))
    for line in plan.replace("https://api.cloud-elements.com/elements/api-v2", emulator.url).splitlines():
        assert line in planned.output, planned.output
    assert emulator.instances == [] and secrets.read_text().startswith("$ANSIBLE_VAULT")
    moved = ansible.command("bash", "-c", apply)
    assert moved.rc == 0 and [row["name"] for row in emulator.instances] == ["tickets"], moved.output
    assert SECRETS["SERVICENOW_PASSWORD"] not in planned.output + moved.output


def test_what_the_readme_shows_of_the_guides_stands_there_too():
    """The tests of the guides run it."""
    guided = {line for name in guides() for block in guide(name) for line in block.text.splitlines()}
    for start in (
        "pip install",
        "ansible-playbook cloud_elements.platform.export",
        "ansible-playbook cloud_elements.platform.report",
    ):
        assert set(console(start).splitlines()) <= guided


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


def test_a_changed_clone_installs_as_the_readme_says_and_is_whole(ansible):
    ansible.forget_checkout()
    installed = ansible.command("bash", "-c", f"cd {ROOT} && {console('ansible-galaxy')}")
    assert "was installed successfully" in installed.output, installed.output
    there = ansible.home / ".ansible/collections/ansible_collections/cloud_elements/platform"
    for folder in ("extensions", "playbooks/files"):
        shipped, built = ({path.relative_to(root) for path in (root / folder).rglob("*")} for root in (ROOT, there))
        assert shipped == built, folder


def test_the_collection_runs_from_a_clone_as_the_readme_says(ansible):
    block = console("git clone")
    (ansible.home / "ansible_collections/cloud_elements").mkdir(parents=True)
    ansible.forget_checkout()
    # A link to this checkout stands for the clone of the repository.
    block = re.sub(r"git clone \S+", f"ln -s {ROOT}", block)
    documented = ansible.command("bash", "-c", f"{block}ansible-doc cloud_elements.platform.cloud_elements_instances")
    assert documented.rc == 0 and "prune_tags" in documented.output, documented.output
