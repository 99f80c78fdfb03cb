# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on accounts as code is followed."""

from __future__ import annotations

import json

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    follow,
    followed,
    section,
    sections,
)
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

SECRET = "the-password-of-stripe"
DIR = "accounts/prod"


def fill(emulator: Emulator) -> None:
    """Click an account together."""
    shop = emulator.create("stripe", "payments", {"username": "the-key-of-stripe", "password": SECRET})
    emulator.seed.definition("contacts", [{"path": "email", "type": "string"}])
    formula = emulator.seed.formula(
        {
            "name": "sync contacts",
            "configuration": [
                {"key": "shop", "name": "Shop", "type": "elementInstance", "required": True},
                {"key": "cron", "name": "Schedule", "type": "value"},
            ],
            "triggers": [{"type": "manual"}],
            "steps": [{"name": "say", "type": "script", "properties": {"body": "done({});\n"}}],
        }
    )
    values = {"shop": str(shop["id"]), "cron": "0 0 0 * * ?"}
    emulator.seed.formula_instance(formula["id"], {"name": "nightly", "configuration": values})


def exported(reader: Reader) -> None:
    """Have the directory of the account, with its secrets filled in and encrypted."""
    fill(reader.emulator)
    home = reader.ansible.home
    (home / "vault-password").write_text("made-up")
    write_account(home / DIR, fill)
    secrets = home / DIR / "secrets.yml"
    names = [line.partition(":")[0] for line in secrets.read_text().splitlines() if line.startswith("secret_")]
    vault = VaultLib([("default", VaultSecret(b"made-up"))])
    secrets.write_bytes(vault.encrypt("".join(f"{name}: {SECRET}\n" for name in names)))
    reader.emulator.clear()


@section("accounts", "From an account to a directory")
def from_an_account(reader: Reader) -> None:
    fill(reader.emulator)
    assert changed(reader.next()) and reader.sent() == []
    home = reader.ansible.home
    files = (path.relative_to(home) for path in sorted((home / DIR).rglob("*")) if path.is_file())
    reader.sees("\n".join(str(path) for path in files if ".schemas" not in path.parts))


@section("accounts", "Fill in the secrets")
def fill_in(reader: Reader) -> None:
    fill(reader.emulator)
    (reader.ansible.home / "vault-password").write_text("made-up")
    write_account(reader.ansible.home / DIR, fill)
    reader.next({"EDITOR": "true"})
    assert reader.next().rc == 0


@section("accounts", "Review a plan and apply it")
def review(reader: Reader) -> None:
    exported(reader)
    home = reader.ansible.home
    file = home / DIR / "formula_instances.yml"
    file.write_text(file.read_text().replace("0 0 0 * * ?", "0 30 3 * * ?"))
    planned = reader.next()
    reader.sees(planned.output)
    plan = json.loads((home / "plan.json").read_text())
    assert [change["changes"][0]["after"] for change in plan["changes"]] == ["0 30 3 * * ?"] and reader.sent() == []
    assert changed(reader.next())
    assert [method for method, _body in reader.sent()] == ["PUT"] and SECRET not in planned.output


@section("accounts", "Watch for drift")
def watch(reader: Reader) -> None:
    exported(reader)
    reader.emulator.seed.definition("clicked", [{"path": "a", "type": "string"}])
    failed = reader.next(rc=2)
    assert "1 resource differs" in " ".join(failed.output.split())
    assert json.loads((reader.ansible.home / "drift.json").read_text())["status"] == "drift"


@section("accounts", "Move to another account")
def move(reader: Reader) -> None:
    exported(reader)
    with Emulator(strict=True) as other:
        names = {"user_secret": other.user_secret, "organization_secret": other.organization_secret}
        given = {f"cloud_elements_{name}": value for name, value in {**names, "base_url": other.url}.items()}
        (reader.ansible.home / "test.yml").write_text(json.dumps(given))
        assert changed(reader.next()) and [row["name"] for row in other.instances] == ["payments"]
        assert other.violations == []
    assert reader.sent() == []


@section("accounts", "Many accounts in one run")
def many(reader: Reader) -> None:
    fill(reader.emulator)
    secrets = {"user-secret": reader.emulator.user_secret, "organization-secret": reader.emulator.organization_secret}
    exchanged = {f"the-{name}-of-prod": value for name, value in secrets.items()}
    reader.write("accounts.yml", {**exchanged, "https://api.cloud-elements.com/elements/api-v2": reader.emulator.url})
    exported = reader.next(rc=2)  # The secrets of test are wrong.
    home = reader.ansible.home
    assert "fatal: [test]" in exported.output and "fatal: [prod]" not in exported.output
    assert [path.name for path in (home / "accounts").iterdir()] == ["prod"]
    reader.sees((home / "reports" / "summary.json").read_text())
    accounts = json.loads((home / "reports" / "summary.json").read_text())["accounts"]
    assert [(name, row["status"], row["report"]) for name, row in accounts.items()] == [
        ("prod", "in_sync", "prod.html"),
        ("test", "error", None),
    ]
    assert 'href="prod.html"' in (home / "reports" / "index.html").read_text()


@section("accounts", "Remove an account")
def remove(reader: Reader) -> None:
    exported(reader)
    reader.next()
    assert [method for method, _body in reader.sent()] == ["DELETE"] * 4 and reader.emulator.instances == []


@section("accounts", "From the vendor's command line tool")
def from_doctor(reader: Reader) -> None:
    home = reader.ansible.home
    (home / DIR / "formulas").mkdir(parents=True)
    template = {"id": 5, "name": "sync", "accountId": 7, "configuration": [], "triggers": [], "steps": []}
    (home / "formulas.json").write_text(json.dumps([template, {**template, "id": 6, "name": "other"}]))
    reader.next()


@pytest.mark.parametrize("title", sections("accounts"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("accounts", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("accounts") == set(sections("accounts"))
