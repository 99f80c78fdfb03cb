# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new project is written, and leads to a first reviewed change as its own page says."""

from __future__ import annotations

import re

import pytest
from ansible_collections.cloud_elements.platform.tests.cli.conftest import Ansible
from ansible_collections.cloud_elements.platform.tests.cli.pages import blocks
from ansible_collections.cloud_elements.platform.tests.cli.project import URL, Project, editor, secrets_typed
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

ACCOUNTS = ["shop_test", "shop_prod"]
PASSWORD = "the-password-of-servicenow"


def test_init_only_predicts_a_project_in_check_mode_and_overwrites_nothing(tmp_path):
    """That it writes one shows where the guide on schedulers is followed."""
    ansible = Ansible(tmp_path, {})
    predicted = ansible.playbook("cloud_elements.platform.init", "-e", "init_dest=new", "--check", "--diff")
    assert predicted.rc == 0 and "+          vault_password: ${{ secrets.VAULT_PASSWORD }}" in predicted.output
    assert "changed=1" in predicted.output and not (tmp_path / "new").exists()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "README.md").write_text("mine")
    refused = ansible.playbook("cloud_elements.platform.init", "-e", "init_dest=new")
    assert refused.rc == 2 and "is not empty" in refused.output and "Nothing was written." in refused.output
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["README.md"]


@pytest.fixture
def emulator():
    """A platform with both accounts of a new project."""
    with Emulator(strict=True, accounts=ACCOUNTS) as running:
        yield running
        assert not any(account.violations for account in running.accounts.values())


def writes(account):
    return [seen.method for seen in account.requests if seen.method != "GET"]


def failed(run):
    """Return how many tasks failed for each account."""
    return dict(re.findall(r"^(\w+) +: .* failed=(\d+) ", run.output, re.MULTILINE))


def test_a_project_leads_to_a_first_reviewed_change_as_its_page_says(tmp_path, emulator):
    project = Project(Ansible(tmp_path, {"ANSIBLE_VAULT_PASSWORD_FILE": f"{tmp_path}/.vault-password"}))
    test, prod = (emulator.accounts[name] for name in ACCOUNTS)
    prod.seed.definition("contacts", [{"path": "email", "type": "string"}])
    install, password, encrypt, describe, push, change = blocks("playbooks/files/skeleton/README.md", "console")
    (fleet,) = blocks("playbooks/files/skeleton/README.md", "yaml")
    for block in (install, password):
        project.shell(block)
    for name in ACCOUNTS:
        project.exchange(f"inventory/host_vars/{name}.yml", URL, emulator.url)
    project.shell(encrypt, *secrets_typed(emulator.environment_of("shop_test")))
    project.encrypt("shop_prod", secrets_typed(emulator.environment_of("shop_prod")))
    project.shell(describe, EDITOR="true")
    project.shell(push)
    committed = project.shell("git ls-files; git grep --cached -n ''").output
    assert "reports/.gitignore\n" in committed and ".github/workflows/plan.yml\n" in committed
    for name in ACCOUNTS:
        assert f"accounts/{name}/fleet.yml" in committed
        assert not any(secret in committed for secret in secrets_typed(emulator.environment_of(name)))

    (project.path / "accounts/shop_test/fleet.yml").write_text(fleet)
    looked = project.shell(change, **editor(tmp_path, f"servicenow_password: {PASSWORD}"))
    assert "create  instance 'tickets' of element 'servicenow'" in looked.output
    assert re.search("To apply exactly this plan, .* -e provision_expected_plan=", looked.output)
    project.workflow("plan")
    (comment,) = project.comments()
    heads = re.findall(r"^#+ \S+|^`.*` at|^Checksum: ", comment, re.MULTILINE)
    unchanged, changed = (
        ["## Plan", "`1 common resource: 1 unchanged` at"],
        ["## Plan", "`1 instance: 1 to create` at", "### Instances"],
    )
    assert heads == ["# shop_prod", *unchanged, "Checksum: ", "# shop_test", *changed, "Checksum: "]
    assert writes(test) == writes(prod) == [] and PASSWORD not in comment

    # Somebody removes by hand what this account has, so that its plan is another one.
    assert prod.violations == []
    prod.reset()
    applied = project.workflow("apply", rc=2)
    assert "The plan is not the expected one" in applied.output
    assert failed(applied) == {"shop_prod": "1", "shop_test": "0"}
    assert (writes(test), writes(prod)) == (["POST"], [])
    (tickets,) = test.instances
    assert tickets["configuration"]["servicenow.subdomain"] == "example-test"
    assert tickets["configuration"]["password"] == PASSWORD
    (project.path / "reports/shop_test.html").touch()
    assert (project.path / "plans/shop_test.md").exists()
    assert project.shell("git status --porcelain plans reports").output == ""


def test_an_account_without_secrets_of_its_own_is_not_taken_for_that_of_the_environment(ansible, emulator):
    project = Project(ansible)
    run = project.shell("ansible-playbook export.yml --limit shop_test", rc=2)
    assert "Encrypt it in inventory/host_vars/shop_test.yml, see README.md." in run.output, run.output
    assert emulator.requests == []
