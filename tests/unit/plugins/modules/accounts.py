# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with resources of all kinds that depend on each other."""

from __future__ import annotations

import typing as t

from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

KINDS = ("instances", "common_resources", "formulas", "formula_instances")
CANARY = "canary-9f8e7d6c5b4a"
"""The beginning of every secret that is stored."""
TEMPLATE = "{{ lookup('pipe', 'touch executed') }}"
"""What must stay a text, wherever it stands."""
SCRIPT = (
    f"// {TEMPLATE} {{% raw %}}\nlet a = 'it''s \"x\"';  \n\n/******** banner ********/\n\tdone({{a: a, b: `\\t`}});\n"
)
CONTACTS: list[dict[str, t.Any]] = [{"path": "email", "type": "string"}, {"path": "address.city", "type": "string"}]
STEP_SCRIPT = f"// {TEMPLATE}\n/******** banner ********/\ndone({{ok: true}});\n"


def fill_account(emulator: Emulator) -> None:
    """Put resources of all kinds into an account."""
    seed = emulator.seed
    emulator.create(
        "servicenow",
        "tickets",
        {"username": "integration", "servicenow.subdomain": "example", "password": f"{CANARY}-tickets"},
        ["prod"],
    )
    payments = emulator.create("stripe", "payments", {"username": f"{CANARY}-key", "password": f"{CANARY}-pass"})
    mapping = {
        "vendorName": "customers",
        "fields": [{"path": "email", "type": "string", "vendorPath": "email"}],
        "configuration": [{"type": "passThrough", "properties": {"toVendor": False, "fromVendor": False}}],
        "script": {"body": SCRIPT},
    }
    seed.definition("contacts", CONTACTS)
    seed.transformation("contacts", "stripe", mapping)
    seed.definition("CONTACTS", CONTACTS[:1])
    seed.definition("shared", CONTACTS, level="organization")
    seed.definition("own", CONTACTS[:1], level="instance", owner_id=payments["id"])
    seed.transformation("own", "stripe", mapping, level="instance", owner_id=payments["id"])
    seed.formula(
        {
            "name": "notify",
            "description": TEMPLATE,
            "triggers": [{"type": "manual", "onSuccess": ["say"]}],
            "steps": [{"name": "say", "type": "script", "properties": {"body": STEP_SCRIPT}}],
        }
    )
    called = next(iter(next(iter(emulator.accounts.values())).store.formulas.templates.values()))
    formula = seed.formula(
        {
            "name": "sync contacts",
            "configuration": [
                {"key": "shop", "name": "Shop", "type": "elementInstance", "required": True},
                {"key": "cron", "name": "Schedule", "type": "value", "required": False},
                {"key": "hook", "name": "Webhook password", "type": "value", "required": False},
                {"key": "api.key", "name": "Key", "type": "value", "required": False},
            ],
            "triggers": [{"type": "manual", "onSuccess": ["login"]}],
            "steps": [
                {
                    "name": "login",
                    "type": "httpRequest",
                    "properties": {"url": "https://example.com", "method": "GET", "password": f"{CANARY}-step"},
                    "onSuccess": ["notify"],
                },
                {"name": "notify", "type": "formula", "properties": {"formulaId": str(called.id)}},
            ],
        }
    )
    values = {"shop": str(payments["id"]), "cron": TEMPLATE, "hook": f"{CANARY}-hook", "api.key": f"{CANARY}-api"}
    seed.formula_instance(formula["id"], {"name": "nightly", "configuration": values, "settings": {"a": "b"}})
    seed.formula_instance(formula["id"], {"name": "weekly", "configuration": {"shop": values["shop"]}, "active": False})


def values_of(result: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the values that the variables of a description stand for."""
    by_key = {
        ("tickets", "password"): f"{CANARY}-tickets",
        ("tickets", "username"): "integration",
        ("tickets", "servicenow.subdomain"): "example",
        ("payments", "username"): f"{CANARY}-key",
        ("payments", "password"): f"{CANARY}-pass",
        ("sync contacts", "password"): f"{CANARY}-step",
        ("nightly", "hook"): f"{CANARY}-hook",
        ("nightly", "api.key"): f"{CANARY}-api",
    }
    return {secret["variable"]: by_key[secret["name"], secret["key"]] for secret in result["secrets"]}
