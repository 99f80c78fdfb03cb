# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All playbooks work on one host of any inventory, with its variables, on the controller, or fail before they begin."""

from __future__ import annotations

import json
import re
import shutil

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.cli.pages import page
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

NAMES = ("provision", "export", "report", "deprovision")
PLAYBOOKS = [f"cloud_elements.platform.{name}" for name in NAMES]
VALIDATE = "cloud_elements.platform.validate"
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


def test_each_host_has_an_account_of_its_own_and_its_inventory_does_not_lead_elsewhere(ansible, emulator, other, run):
    plugins = ansible.home / "connections"
    plugins.mkdir()
    (plugins / "marked.py").write_text(CONNECTION)
    python = {**FAR, "ansible_become": False, "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    hosts = {
        # This is the controller, and its account that of the environment.
        "localhost": {**FAR, "fleet_instances": FLEET},
        "marked": {**python, **account(other), "cloud_elements_connection": "marked", "fleet_instances": FLEET},
        "theirs": {**FAR, "fleet_instances": FLEET, "cloud_elements_user_secret": ""},
    }
    places = {name: f"{{{{ inventory_hostname }}}}-{OPTIONS[name]}" for name in OPTIONS if name.endswith("_dest")}
    done = run(
        *("-e", "cloud_elements_hosts=localhost:marked", "-e", json.dumps(places)),
        hosts=hosts,
        ANSIBLE_CONNECTION_PLUGINS=str(plugins),
        ANSIBLE_SHOW_CUSTOM_STATS="true",
    )
    assert done.rc == 0, done.output
    for host, of_host in (("localhost", emulator), ("marked", other)):
        assert made_and_removed(of_host)
        assert len(list(ansible.home.glob(f"{host}-*"))) == 3
        assert f'At {of_host.url}: 1 removed, 0 left standing"' in done.output
        assert stats(done)["cloud_elements_accounts"][host]["summary"]["instances"]["removed"] == 1
        assert not any(text in done.output for text in (of_host.user_secret, of_host.organization_secret, "canary"))
    # Another connection carries the modules of the collection alone.
    ran = [
        line
        for line in (ansible.home / "marks").read_text().splitlines()
        if "AnsiballZ" in line and "chmod" not in line
    ]
    assert ran and all("AnsiballZ_cloud_elements_" in line for line in ran)


def test_a_pattern_or_a_limit_that_matches_nothing_fails(ansible, emulator, run):
    hosts = {"ours": {"fleet_instances": FLEET}, "theirs": {}}
    for options, words in (
        (
            ("-e", "cloud_elements_hosts=tehirs"),
            "cloud_elements_hosts is tehirs, which matches no host of the inventory.",
        ),
        (("--limit", "ours"), "cloud_elements_hosts is localhost, which matches no host of the inventory that --limit"),
        (("-e", "cloud_elements_hosts= "), "cloud_elements_hosts must be a pattern of hosts"),
    ):
        done = run(*options, hosts=hosts)
        assert done.rc != 0 and words in done.output, done.output
    assert emulator.requests == [] and written(ansible) == []


@pytest.mark.parametrize("name", [*NAMES, "validate"])
def test_every_playbook_asks_the_same_lookup_for_its_hosts(name):
    (play,) = yaml.safe_load(page(f"playbooks/{name}.yml"))
    lookup = "lookup('cloud_elements.platform.cloud_elements_hosts', cloud_elements_hosts | default('localhost'))"
    assert play["hosts"] == f"{{{{ {lookup} }}}}"


def test_a_limit_narrows_the_hosts(ansible, emulator, run):
    (ansible.home / "account").mkdir()
    (ansible.home / "account" / "fleet.yml").write_text("fleet_instances: []\n")
    hosts = {"ours": {"account_dir": "account"}, "theirs": {"account_dir": "nowhere"}}
    (ansible.home / "failed").write_text("ours\n")
    for limit in ("ours", "all:!theirs", "@failed"):
        done = run("-e", "cloud_elements_hosts=all", "--limit", limit, hosts=hosts, playbooks=[VALIDATE])
        assert done.rc == 0 and "account has no problems." in done.output, done.output
    assert run("--limit", "localhost", "-e", "account_dir=account", playbooks=[VALIDATE]).rc == 0


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
    for name in ("export", "provision", "deprovision"):
        # Variables of the play count as well as those of the inventory.
        play = [{"import_playbook": f"cloud_elements.platform.{name}", "vars": {**own, "deprovision_confirm": True}}]
        options = ("-i", "hosts.yml", "-e", "cloud_elements_hosts=all", "--forks", "2")
        done = ansible.playbook(play, *options, ANSIBLE_SHOW_CUSTOM_STATS="true")
        failed = dict(re.findall(r"^(\w+) +: .* failed=(\d)", done.output, re.MULTILINE))
        assert done.rc == 2 and failed == {"dead": "1", "ours": "0", "theirs": "0"}, done.output
        assert "nothing answers there" in told(done) and "canary" not in done.output
        (key,), figures[name] = stats(done), stats(done)["cloud_elements_accounts"]
        assert key == "cloud_elements_accounts"
        assert {host: figures[name][host]["base_url"] for host in urls} == urls
        if name == "export":
            for host in urls:
                names = {f"secret_stripe_payments_{key}": "canary" for key in ("username", "password")}
                (ansible.home / "accounts" / host / "secrets.yml").write_text(yaml.safe_dump(names))
            shutil.copytree(ansible.home / "accounts" / "ours", ansible.home / "accounts" / "dead")
    assert figures["export"]["ours"]["summary"]["instances"] == 1
    assert figures["provision"]["ours"]["summary"]["instances"]["unchanged"] == 1
    assert [figures[name]["theirs"]["changed"] for name in ("export", "provision", "deprovision")] == [
        True,
        False,
        True,
    ]
    assert figures["deprovision"]["ours"]["summary"]["instances"]["removed"] == 1
    assert {path.stem for path in ansible.home.glob("*.json")} == {*urls}
    assert emulator.instances == other.instances == []
