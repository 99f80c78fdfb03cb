# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account as a company may have it, and the fleet file that has not been run for a while."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

CANARY = "canary-5b1d77e0-secret"
"""Begins every secret of the account and of the fleet file."""

_NAMES = {
    "sfdc": "sales eu, sales us, sales apac, partner portal, sandbox, migration 2025",
    "hubspotcrm": "newsletter, events, inbound",
    "pipedrive": "start-ups, resellers, trial",
    "closeio": "call centre, outbound",
    "stripe": "shop eu, shop us, wholesale, donations, spare parts, shop uk",
    "chargebee": "subscriptions, subscriptions test",
    "zuorav2": "enterprise billing",
    "zendesk": "support, support b2b, returns desk",
    "servicenow": "it tickets, facilities",
    "jira": "engineering, data platform",
    "quickbooks": "ledger us, ledger ca, ledger uk",
    "intacct": "group accounts",
    "sageone": "field offices",
    "twilio": "delivery texts, two-factor codes",
    "sendgrid": "receipts, reminders",
    "sftp": "bank statements, supplier uploads",
    "box": "contracts",
}
_DISABLED = {"migration 2025", "trial", "field offices"}
_INVALID = {"partner portal", "ledger ca"}
# A run of the fleet file would change these, enable the third, disable the fourth; the last two nobody wrote down.
_RETAGGED, _MOVED, _ENABLED, _OFF = "shop uk", "support b2b", "trial", "subscriptions test"
_UNNAMED = {"sandbox", "facilities"}
_NEW = [("stripe", "gift cards"), ("twilio", "courier texts")]


def populate(emulator: Emulator) -> None:
    """Put the account into the emulator."""
    for element_key, names in _NAMES.items():
        for name in names.split(", "):
            emulator.create(
                element_key,
                name,
                {"username": "integration", "password": f"{CANARY}-{name}", "subdomain": "acme"},
                ["ansible", "test" if "test" in name or name == "sandbox" else "prod"],
                disabled=name in _DISABLED,
                valid=name not in _INVALID,
            )


def fleet() -> list[dict[str, t.Any]]:
    """Return the instances of the fleet file. Their secrets are in variables, as they should be."""
    items = []
    for element_key, name in [(key, name) for key, names in _NAMES.items() for name in names.split(", ")] + _NEW:
        if name in _UNNAMED:
            continue
        items.append(
            {
                "name": name,
                "element_key": element_key,
                "configuration": {"username": "integration", "subdomain": "acme-b2b" if name == _MOVED else "acme"},
                "secret_configuration": {"password": f"{{{{ secret_{element_key}_{name.replace(' ', '_')} }}}}"},
                "tags": ["ansible", "uk" if name == _RETAGGED else "test" if "test" in name else "prod"],
                "enabled": name != _OFF and (name == _ENABLED or name not in _DISABLED),
            }
        )
    return items
