# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All playbooks work on one host of any inventory, with its variables, on the controller, or fail before they begin."""

from __future__ import annotations

import json

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


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_places_of_two_accounts_must_not_be_one_before_anything_is_written(ansible, emulator, run, playbook):
    (ansible.home / "accounts").mkdir()
    (ansible.home / "link").symlink_to("accounts")
    places = {
        "provision": {"ours": {"account_dir": "accounts/../accounts"}, "theirs": {"account_dir": "link"}},
        "export": {"ours": {}, "theirs": {}},
        "report": {"ours": {"report_data_dest": "report.html"}, "theirs": {"report_dest": "theirs.html"}},
        "deprovision": {"ours": {"account_dir": "accounts"}, "theirs": {"account_dir": "link"}},
    }
    hosts = places[playbook.rpartition(".")[2]]
    done = run("-e", "cloud_elements_hosts=all", hosts=hosts, playbooks=[playbook])
    assert done.rc == 2 and "cloud_elements_hosts matches 2 hosts: ours, theirs." in told(done), done.output
    assert "lead to the same place" in told(done) and "Nothing was written." in told(done)
    assert emulator.requests == [] and written(ansible) == [] and not list((ansible.home / "accounts").iterdir())


def test_a_confirmation_for_some_hosts_removes_nothing(ansible, emulator, run):
    hosts = {"ours": {"fleet_instances": FLEET, "confirmed": True}, "theirs": {"fleet_instances": FLEET}}
    confirm = "deprovision_confirm={{ confirmed | default(false) }}"
    done = run("-e", "cloud_elements_hosts=all", "-e", confirm, hosts=hosts, playbooks=PLAYBOOKS[3:])
    assert done.rc == 2 and "deprovision_confirm is true for some hosts of the run only." in told(done), done.output
    assert emulator.requests == []


def told(done):
    return " ".join(done.output.split())


def stats(done):
    """Return what a run hands to a scheduler."""
    return json.loads(done.output.partition("RUN: ")[2].partition("\n")[0])


def test_accounts_of_one_run_have_places_and_figures_of_their_own_and_a_dead_one_fails_alone(
    ansible, emulator, other, run
):
    for each in (emulator, other):
        each.create("stripe", "payments", {"username": "canary-user", "password": "canary-key"}, ["prod"])
    dead = {"cloud_elements_base_url": "http://127.0.0.1:9", "cloud_elements_retries": 0}
    hosts = {
        "dead": {**FAR, **account(emulator), **dead},
        "ours": {**FAR, **account(other)},
        "theirs": {**FAR, **account(emulator)},
    }
    own = {"account_dir": "accounts/{{ inventory_hostname }}", "provision_plan_dest": "{{ inventory_hostname }}.json"}
    (ansible.home / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    (ansible.home / "accounts").mkdir()
    urls = {"ours": other.url, "theirs": emulator.url}
    figures = {}
    for name in ("export", "provision", "report", "deprovision"):
        # Variables of the play count as well as those of the inventory.
        given = {**own, "report_dest": "{{ inventory_hostname }}.html", "deprovision_confirm": True}
        play = [{"import_playbook": f"cloud_elements.platform.{name}", "vars": given}]
        options = ("-i", "hosts.yml", "-e", "cloud_elements_hosts=all", "--forks", "2")
        done = ansible.playbook(play, *options, ANSIBLE_SHOW_CUSTOM_STATS="true")
        assert done.rc == 2 and "fatal: [dead]" in done.output, done.output
        assert not any(f"fatal: [{host}]" in done.output for host in urls), done.output
        assert "canary" not in done.output
        (key,), figures[name] = stats(done), stats(done)["cloud_elements_accounts"]
        assert key == "cloud_elements_accounts"
        assert {host: figures[name][host]["base_url"] for host in urls} == urls
        if name == "export":
            (ansible.home / "accounts" / "dead").symlink_to("nowhere")
            for host in urls:
                names = {f"secret_stripe_payments_{key}": "canary" for key in ("username", "password")}
                (ansible.home / "accounts" / host / "secrets.yml").write_text(yaml.safe_dump(names))
    assert figures["export"]["ours"]["summary"]["instances"] == 1
    assert figures["provision"]["ours"]["summary"]["instances"]["unchanged"] == 1
    assert [figures[name]["theirs"]["changed"] for name in ("export", "provision", "deprovision")] == [
        True,
        False,
        True,
    ]
    assert figures["report"]["ours"]["status"] == "in_sync"
    assert figures["deprovision"]["ours"]["summary"]["instances"]["removed"] == 1
    assert {path.name for path in ansible.home.glob("*.html")} == {f"{host}.html" for host in urls}
    assert {path.stem for path in ansible.home.glob("*.json")} == {*urls}
    assert emulator.instances == other.instances == []


def test_provision_and_deprovision_work_on_two_accounts_each_with_its_own_variables(ansible, emulator, other, run):
    hosts = {
        "ours": {**FAR, **account(other), "fleet_instances": FLEET},
        "theirs": {**FAR, **account(emulator), "fleet_instances": FLEET},
    }
    options = ("-e", "cloud_elements_hosts=all")
    done = run(
        *options,
        hosts=hosts,
        playbooks=[PLAYBOOKS[0], PLAYBOOKS[3]],
        CLOUD_ELEMENTS_BASE_URL="http://127.0.0.1:9",
        ANSIBLE_SHOW_CUSTOM_STATS="true",
    )
    assert done.rc == 0, done.output
    assert made_and_removed(emulator) and made_and_removed(other)
    assert stats(done)["cloud_elements_accounts"]["ours"]["summary"]["instances"]["removed"] == 1
