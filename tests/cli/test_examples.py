# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every plugin are run as they stand."""

from __future__ import annotations

import importlib
import pathlib

import pytest
import yaml

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


def plugin_names() -> list[str]:
    return sorted(
        f"{path.parent.name}.{path.stem}"
        for kind in ("filter", "lookup", "modules")
        for path in PLUGINS.glob(f"{kind}/*.py")
    )


@pytest.mark.parametrize("plugin", plugin_names())
def test_the_examples_work_as_they_stand(ansible, emulator, plugin):
    documentation = importlib.import_module(f"ansible_collections.cloud_elements.platform.plugins.{plugin}")
    if plugin != "modules.cloud_elements_instance":
        emulator.create(element_key="stripe", name="payments", tags=["prod"])
    if plugin == "modules.cloud_elements_formula_instance":
        emulator.create(element_key="sfdc", name="crm")
        emulator.seed.formula(SYNC)
    if plugin == "modules.cloud_elements_common_resource_info":
        emulator.seed.definition("contacts", [{"path": "email"}])
    reads = ("cloud_elements_account_dir'", "account_dir: accounts/prod")
    if any(words in documentation.EXAMPLES for words in reads) or plugin.startswith("lookup.cloud_elements_account"):
        (ansible.home / "accounts" / "prod").mkdir(parents=True)
        (ansible.home / "accounts" / "prod" / "fleet.yml").write_text(FLEET)
    tasks = yaml.safe_load(documentation.EXAMPLES)
    variables = {**VARIABLES, "cloud_elements_base_url": emulator.url}
    run = ansible.playbook([{"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}])
    assert run.rc == 0, run.output
    assert f"ok={len(tasks)}" in run.output
