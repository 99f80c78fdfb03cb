# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every plugin are run as they stand."""

from __future__ import annotations

import importlib
import pathlib
import re
import typing as t

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

PLUGINS = pathlib.Path(__file__).resolve().parents[2] / "plugins"
SYNC = {
    "name": "sync contacts",
    "configuration": [
        {"key": "crm", "name": "CRM", "type": "elementInstance"},
        {"key": "shop", "name": "Shop", "type": "elementInstance"},
        {"key": "cron", "name": "Schedule", "type": "value"},
    ],
    "triggers": [{"type": "scheduled", "properties": {"cron": "${config.cron}"}}],
}
FLEET = "fleet_instances: [{name: tickets, element_key: stripe, api_key: '{{ stripe_api_key }}'}]"
VARIABLES = {
    "stripe_api_key": "made-up-key",
    "servicenow_password": "made-up-password",
    "sfdc_client_id": "made-up-client",
    "sfdc_client_secret": "made-up-client-secret",
    "sfdc_refresh_token": "made-up-refresh-token",
}


# Two plugins have examples that read the secrets of the account from the environment, and share it.
SHARED = "the environment"


def examples(plugin: str) -> str:
    module = importlib.import_module(f"ansible_collections.cloud_elements.platform.plugins.{plugin}")
    return t.cast("str", module.EXAMPLES)


def needs_directory(plugin: str) -> bool:
    """Tell whether examples read the directory of an account. Those of the module that writes one must not find it."""
    reads = ("cloud_elements_account_dir'", "account_dir: accounts/prod")
    return plugin.startswith("lookup.cloud_elements_account") or any(words in examples(plugin) for words in reads)


def account_of(plugin: str) -> str:
    return SHARED if "'CLOUD_ELEMENTS_USER_SECRET'" in examples(plugin) else plugin


def fill(account, plugin: str) -> None:
    """Put into the account of a plugin what its examples expect there."""
    if plugin != "modules.cloud_elements_instance" and not account.instances:
        account.create(element_key="stripe", name="payments", tags=["prod"])
    if plugin == "modules.cloud_elements_formula_instance":
        account.create(element_key="sfdc", name="crm")
        account.seed.formula(SYNC)
    if plugin == "modules.cloud_elements_common_resource_info":
        account.seed.definition("contacts", [{"path": "email"}])


KINDS = ("filter", "lookup", "modules")
PLUGIN_NAMES = sorted(f"{kind}.{path.stem}" for kind in KINDS for path in PLUGINS.glob(f"{kind}/*.py"))


@pytest.fixture
def emulator():
    """A platform with an account for each plugin."""
    with Emulator(strict=True, accounts=[SHARED, *PLUGIN_NAMES]) as running:
        yield running
        assert not any(account.violations for account in running.accounts.values())


@pytest.mark.parametrize("directory", [True, False])
def test_the_examples_work_as_they_stand(ansible, emulator, directory):
    """All in one run, each on a host of its own, so that no example finds what another one left."""
    if directory:
        (ansible.home / "accounts" / "prod").mkdir(parents=True)
        (ansible.home / "accounts" / "prod" / "fleet.yml").write_text(FLEET)
    plugins = [name for name in PLUGIN_NAMES if needs_directory(name) == directory]
    hosts = emulator.inventory["all"]["hosts"]
    plays = []
    for plugin in plugins:
        fill(emulator.accounts[account_of(plugin)], plugin)
        tasks = yaml.safe_load(examples(plugin))
        plays.append({"hosts": plugin, "gather_facts": False, "vars": VARIABLES, "tasks": tasks})
    inventory = ansible.hosts({plugin: hosts[account_of(plugin)] for plugin in plugins})
    run = ansible.playbook(plays, *inventory)
    done = dict(re.findall(r"^(\S+) +: ok=(\d+) ", run.output, re.MULTILINE))
    assert run.rc == 0 and done == {play["hosts"]: str(len(play["tasks"])) for play in plays}, run.output
