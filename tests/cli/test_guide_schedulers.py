# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on schedulers and many accounts is followed in a project as init writes it."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._project import skeleton
from ansible_collections.cloud_elements.platform.tests.cli.pages import ROOT
from ansible_collections.cloud_elements.platform.tests.cli.project import (
    encrypted,
    unpacked,
    workflow_steps,
    write_accounts,
    write_project,
)
from ansible_collections.cloud_elements.platform.tests.cli.reader import Reader, follow, followed, section, sections
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

GROUPS = {"test": ["shop_test"], "prod": ["shop_prod", "shop_us"]}
STRIPE = "fleet_instances: [{name: payments, element_key: stripe, api_key: '{{ stripe_api_key }}'}]\n"
SECRET = "the-key-of-stripe"


@pytest.fixture
def emulator():
    """A platform with three accounts."""
    with Emulator(strict=True, accounts=[name for names in GROUPS.values() for name in names]) as running:
        yield running
        assert not any(account.violations for account in running.accounts.values())


def project(reader: Reader, folder: str = ".", groups=None, fleet: str = STRIPE):
    """Have a project with accounts, and the password that decrypts their secrets."""
    home = reader.ansible.home
    write_project(home / folder)
    write_accounts(home / folder, reader.emulator, groups or GROUPS, "made-up", fleet, stripe_api_key=SECRET)
    (home / "vault-password").write_text("made-up")
    for name in reader.emulator.environment:
        del reader.ansible.environment[name]
    reader.ansible.environment["ANSIBLE_VAULT_PASSWORD_FILE"] = str(home / "vault-password")
    return home


def instances(reader: Reader) -> list[str]:
    """Return the accounts that have the instance."""
    return [name for name, account in reader.emulator.accounts.items() if account.instances]


@section("schedulers", "Start a project")
def start(reader: Reader) -> None:
    done = reader.next()
    root = reader.ansible.home / "integrations"
    reader.sees("\n".join(sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())))
    assert f"{root}/README.md leads to a first reviewed change." in done.output
    assert all((root / name).read_text("utf-8") == text for name, text in skeleton().items())


@section("schedulers", "Choose accounts")
def choose(reader: Reader) -> None:
    project(reader)
    block = reader.next().output
    assert re.findall(r"^(\w+) +: ok=", block, re.MULTILINE) == ["shop_prod", "shop_us"]
    assert instances(reader) == ["shop_prod", "shop_us"] and SECRET not in block


@section("schedulers", "Keep one directory for each account")
def directories(reader: Reader) -> None:
    reader.write("paths.yml")
    given = yaml.safe_load((reader.ansible.home / "paths.yml").read_text())
    assert given.items() <= yaml.safe_load(skeleton()["inventory/group_vars/all.yml"]).items()


@section("schedulers", "Review a plan, and apply exactly this plan")
def review(reader: Reader) -> None:
    """The workflows of a new project do this, and a test follows them."""
    plan, apply = reader.passes()
    assert plan in [step.get("run") for step in workflow_steps("plan")]
    assert apply == workflow_steps("apply")[-1]["run"]


@section("schedulers", "Look for drift each night")
def drift(reader: Reader) -> None:
    """The workflow of a new project does no more than this, after the same steps as the one that applies plans."""
    home = project(reader, groups={"test": ["shop_test"]})
    run = reader.next(rc=2)
    *before, last = workflow_steps("drift")
    assert before == workflow_steps("apply")[: len(before)]
    assert f"{last['run']}\n" == reader.ran
    assert "is not as accounts/shop_test describes it: 1 resource differs" in " ".join(run.output.split())
    assert (home / "reports/shop_test.html").exists()
    assert json.loads((home / "reports/shop_test.json").read_text())["status"] == "drift"


@section("schedulers", "Encrypt secrets one by one")
def encrypt(reader: Reader) -> None:
    home = project(reader)
    listed = reader.next()
    reader.sees(listed.output)
    assert SECRET not in listed.output and reader.emulator.user_secret not in listed.output
    # What the guide warns of is so.
    file = home / "inventory/host_vars/shop_test.yml"
    file.write_text(encrypted({"all": yaml.safe_dump({"stripe_api_key": SECRET})}, "made-up")["all"])
    assert SECRET in reader.again().output


@section("schedulers", "The execution environment")
def execution_environment(reader: Reader) -> None:
    collections = reader.ansible.home / ".ansible/collections/ansible_collections/cloud_elements"
    collections.mkdir(parents=True)
    (collections / "platform").symlink_to(ROOT)
    reader.next()
    assert (reader.ansible.home / "context/Containerfile").is_file()


@section("schedulers", "Hand results on in a workflow")
def hand_on(reader: Reader) -> None:
    home = project(reader, groups={"test": ["shop_test"], "prod": ["shop_prod"]})
    for name in ("reviewed.yml", "notify.yml"):
        reader.write(name)

    def node(playbook, *options, rc=0):
        """Run a node of a workflow, and keep what it hands on for the next one."""
        run = reader.ansible.playbook(playbook, *options, ANSIBLE_SHOW_CUSTOM_STATS="true")
        assert run.rc == rc, run.output
        handed_on = re.search(r"^\tRUN: (\{.*)$", run.output, re.MULTILINE)
        if handed_on:
            (home / "artifacts.json").write_text(handed_on[1])
        return run.output

    assert "CUSTOM STATS" in node("provision.yml", "--check", "--limit", "shop_test")
    applied = node("provision.yml", "-e@artifacts.json", "-e@reviewed.yml", rc=2)
    assert instances(reader) == ["shop_test"] and "no plan cannot be read" in applied
    assert '"msg": "shop_test"' in node("notify.yml", "-e@artifacts.json")


@section("schedulers", "ansible-runner")
def runner(reader: Reader) -> None:
    home = project(reader, "runner/project", groups={"test": ["shop_test"]})
    # What the guide warns of is done once, with what is no secret here.
    (home / "runner/env").mkdir()
    for name in ("envvars", "extravars", "passwords"):
        (home / "runner/env" / name).write_text(json.dumps({"GIVEN": f"in-{name}"}))
    reader.next({"CLOUD_ELEMENTS_USER_SECRET": "in-the-environment"})
    assert instances(reader) == ["shop_test"] and not (home / "work").exists()
    stream, results = (unpacked((home / name).read_bytes()) for name in ("stream", "results"))
    assert all(f"in-{name}" in stream for name in ("envvars", "extravars", "passwords"))
    command = (home / "runner/artifacts/command").read_text()
    assert "in-envvars" in command and "in-the-environment" in command
    assert not any(secret in stream + results for secret in (SECRET, reader.emulator.user_secret, "made-up"))


@pytest.mark.parametrize("title", sections("schedulers"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("schedulers", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("schedulers") == set(sections("schedulers"))
