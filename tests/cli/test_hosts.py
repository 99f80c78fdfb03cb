# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All playbooks work on one host of any inventory, with its variables, on the controller, or fail before they begin."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

PLAYBOOKS = [f"cloud_elements.platform.{name}" for name in ("provision", "export", "report", "deprovision")]
# What an inventory may say of a host for other purposes.
FAR = {
    "ansible_connection": "ssh",
    "ansible_host": "192.0.2.1",
    "ansible_become": True,
    "ansible_become_method": "su",
    "ansible_python_interpreter": "/nowhere/python",
}
FLEET = [{"name": "payments", "element_key": "stripe", "api_key": "canary-key"}]
OPTIONS = {
    "export_dest": "fleet.yml",
    "export_secrets_dest": "secrets.yml",
    "report_dest": "report.html",
    "deprovision_confirm": True,
}

CONNECTION = '''
DOCUMENTATION = """
name: marked
short_description: A local connection that says so
description: A local connection that says so.
author: Nobody
options: {}
"""

from ansible.plugins.connection.local import Connection as Local


class Connection(Local):
    transport = "marked"

    def exec_command(self, cmd, in_data=None, sudoable=True):
        with open("marks", "a") as marks:
            marks.write(f"{cmd}\\n")
        return super().exec_command(cmd, in_data, sudoable)
'''


@pytest.fixture
def other():
    """A second account, which the environment does not lead to."""
    with Emulator(strict=True, user_secret="user-of-the-other-account", organization_secret="of-the-other") as running:
        yield running
        assert running.violations == []


@pytest.fixture
def run(ansible):
    """Return what runs all playbooks one after the other on an inventory, with the options that they need."""

    def run(*options, hosts=None, playbooks=PLAYBOOKS, **environment):
        (ansible.home / "options.yml").write_text(yaml.safe_dump(OPTIONS))
        (ansible.home / "all.yml").write_text(yaml.safe_dump([{"import_playbook": name} for name in playbooks]))
        if hosts is not None:
            (ansible.home / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
            options = ("-i", "hosts.yml", *options)
        return ansible.playbook("all.yml", "-e@options.yml", *options, **environment)

    return run


def account(emulator):
    return {
        f"cloud_elements_{name}": value
        for name, value in {
            "user_secret": emulator.user_secret,
            "organization_secret": emulator.organization_secret,
            "base_url": emulator.url,
        }.items()
    }


def written(ansible):
    return sorted(path.name for path in ansible.home.glob("*") if path.name in OPTIONS.values())


def made_and_removed(emulator):
    return [seen.method for seen in emulator.requests if seen.method != "GET"] == ["POST", "DELETE"]


def test_localhost_as_a_host_of_the_inventory_is_the_controller(ansible, emulator, run):
    (ansible.home / "given.yml").write_text(yaml.safe_dump({"fleet_instances": FLEET}))
    done = run("-i", "localhost,", "-e@given.yml")
    assert done.rc == 0, done.output
    assert made_and_removed(emulator)
    assert len(written(ansible)) == 3


def test_a_host_has_an_account_of_its_own_and_its_inventory_does_not_lead_elsewhere(ansible, emulator, other, run):
    hosts = {
        "ours": {**FAR, **account(other), "fleet_instances": FLEET},
        "localhost": {**FAR, "cloud_elements_user_secret": ""},
        "theirs": {**FAR, **account(emulator)},
    }
    done = run("-e", "cloud_elements_hosts=ours", hosts=hosts)
    assert done.rc == 0, done.output
    assert made_and_removed(other) and emulator.requests == []
    assert len(written(ansible)) == 3
    assert f'At {other.url}: 1 removed, 0 left standing"' in done.output
    assert not any(secret in done.output for secret in (other.user_secret, other.organization_secret, "canary"))


def test_another_connection_can_be_named_and_carries_the_modules_of_the_collection_alone(ansible, emulator, run):
    plugins = ansible.home / "connections"
    plugins.mkdir()
    (plugins / "marked.py").write_text(CONNECTION)
    python = {**FAR, "ansible_become": False, "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    done = run(
        *("-e", "cloud_elements_hosts=far", "-e", "cloud_elements_connection=marked"),
        hosts={"far": {**python, "fleet_instances": FLEET}},
        ANSIBLE_CONNECTION_PLUGINS=str(plugins),
    )
    assert done.rc == 0, done.output
    assert made_and_removed(emulator)
    ran = [
        line
        for line in (ansible.home / "marks").read_text().splitlines()
        if "AnsiballZ" in line and "chmod" not in line
    ]
    assert ran and all("AnsiballZ_cloud_elements_" in line for line in ran)


@pytest.mark.parametrize("playbook", [*PLAYBOOKS, "cloud_elements.platform.validate"])
def test_a_pattern_or_a_limit_that_matches_nothing_fails(ansible, emulator, run, playbook):
    hosts = {"ours": {"fleet_instances": FLEET}, "theirs": {}}
    for options, words in (
        (
            ("-e", "cloud_elements_hosts=tehirs"),
            "cloud_elements_hosts is tehirs, which matches no host of the inventory.",
        ),
        (("--limit", "ours"), "cloud_elements_hosts is localhost, which matches no host of the inventory that --limit"),
        (("-e", "cloud_elements_hosts= "), "cloud_elements_hosts must be a pattern of hosts"),
    ):
        done = run(*options, hosts=hosts, playbooks=[playbook])
        assert done.rc != 0 and words in done.output, done.output
    assert emulator.requests == [] and written(ansible) == []


def test_a_limit_narrows_the_hosts(ansible, emulator, run):
    hosts = {"ours": {"fleet_instances": FLEET}, "theirs": {}}
    (ansible.home / "failed").write_text("ours\n")
    for limit in ("ours", "all:!theirs", "@failed"):
        done = run("-e", "cloud_elements_hosts=all", "--limit", limit, hosts=hosts, playbooks=PLAYBOOKS[:1])
        assert done.rc == 0, done.output
    assert run("--limit", "localhost", "-e", "deprovision_tags=x", playbooks=PLAYBOOKS[3:]).rc == 0
    assert [seen.method for seen in emulator.requests].count("POST") == 1


@pytest.mark.parametrize("playbook", PLAYBOOKS[1:3])
def test_what_is_for_one_account_refuses_two_before_it_writes_anything(ansible, emulator, run, playbook):
    done = run("-e", "cloud_elements_hosts=all", hosts={"ours": {}, "theirs": {}}, playbooks=[playbook])
    assert done.rc != 0 and "cloud_elements_hosts matches 2 hosts: ours, theirs." in done.output, done.output
    assert emulator.requests == [] and written(ansible) == []


def test_provision_and_deprovision_work_on_two_accounts_each_with_its_own_variables(ansible, emulator, other, run):
    hosts = {
        "ours": {**FAR, **account(other), "fleet_instances": FLEET},
        "theirs": {**FAR, **account(emulator), "fleet_instances": FLEET},
    }
    options = ("-e", "cloud_elements_hosts=all")
    done = run(
        *options, hosts=hosts, playbooks=[PLAYBOOKS[0], PLAYBOOKS[3]], CLOUD_ELEMENTS_BASE_URL="http://127.0.0.1:9"
    )
    assert done.rc == 0, done.output
    assert made_and_removed(emulator) and made_and_removed(other)
