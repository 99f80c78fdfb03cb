# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook export writes a whole account to a directory, and nothing of it is ever a template."""

from __future__ import annotations

import json
import re
import stat

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_account
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.accounts import (
    CANARY,
    TEMPLATE,
    fill_account,
)

EXPORT = "cloud_elements.platform.export"
DIR = "accounts/prod"
FILES = [
    *(".schemas", "README.md", "common_resources", "fleet.yml", "formula_instances.yml", "formulas", "secrets.yml"),
]


@pytest.fixture
def home(ansible):
    return ansible.home


@pytest.fixture
def account(emulator):
    """An account with resources of all kinds, and one of each kind whose every text would be a template."""
    fill_account(emulator)
    emulator.create("stripe", TEMPLATE, {"pagination.max": TEMPLATE}, [TEMPLATE])
    emulator.seed.definition(TEMPLATE, [{"path": TEMPLATE, "type": "string"}])
    mapping = {"vendorName": TEMPLATE, "fields": [{"path": TEMPLATE, "type": "string", "vendorPath": TEMPLATE}]}
    mapping["configuration"] = [{"type": "transformDate", "properties": {TEMPLATE: TEMPLATE}}]
    emulator.seed.transformation(TEMPLATE, "stripe", {**mapping, "script": {"body": f"{TEMPLATE}\n{TEMPLATE}\n"}})
    step = {
        "name": TEMPLATE,
        "type": "script",
        "properties": {"body": f"{TEMPLATE}; done();", TEMPLATE: f"a\n{TEMPLATE}"},
    }
    formula = emulator.seed.formula(
        {
            "name": TEMPLATE,
            "description": TEMPLATE,
            "configuration": [{"key": "cron", "name": TEMPLATE, "type": "value", "description": TEMPLATE}],
            "triggers": [{"type": "manual", "name": TEMPLATE, "onSuccess": [TEMPLATE], "properties": {"a": TEMPLATE}}],
            "steps": [step],
        }
    )
    emulator.seed.formula_instance(
        formula["id"], {"name": TEMPLATE, "configuration": {"cron": TEMPLATE}, "settings": {"a": TEMPLATE}}
    )
    return emulator


def export(ansible, *options, **variables):
    given = {"account_dir": DIR, "plain_keys": ["servicenow.subdomain"], **variables}
    return ansible.playbook(EXPORT, "-e", json.dumps(given), *options)


def told(run):
    return " ".join(run.output.split())


def tree(home):
    """Return all files of the directory with their texts."""
    root = home / DIR
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in sorted(root.rglob("*")) if path.is_file()}


def test_an_account_is_exported_and_never_evaluated(ansible, account, home):
    predicted = export(ansible, "--check", "--diff")
    assert predicted.rc == 0 and "changed=1" in predicted.output and not (home / DIR).exists(), predicted.output
    assert "+  - name: tickets" in predicted.output
    first = export(ansible, "-vvv", "--diff")
    assert first.rc == 0 and f"in {home}/{DIR}" in told(first), first.output
    files = tree(home)
    assert {name.partition("/")[0] for name in files} == set(FILES) and len(files) == 4 + 5 + 3 + 4, sorted(files)
    assert stat.S_IMODE((home / DIR / "secrets.yml").stat().st_mode) == 0o600
    shown = "".join([predicted.output, first.output, *files.values(), *files])
    assert not any(text in shown for text in (CANARY, account.user_secret, account.organization_secret))
    assert not re.search(r"https?://127|\d{4}-\d\d-\d\d|version", "".join(files.values()))
    assert re.search(r"body: !unsafe \|\n +// \{\{ lookup", files["formulas/notify.yml"]), "code reads like code"
    read = read_as_variables(ansible, home)
    assert read.count(json.dumps(TEMPLATE)) > 20 and "made-up-value" in read
    assert not list(home.rglob("executed"))


def read_as_variables(ansible, home):
    """Return all that Ansible takes the files for if they are files of variables, whose texts are templates."""
    secrets = home / DIR / "secrets.yml"
    secrets.write_text(secrets.read_text().replace('""', '"made-up-value"'))
    names = [f"{home}/{DIR}/{name}" for name in tree(home) if name.endswith(".yml")]
    tasks = [
        {"ansible.builtin.include_vars": {"file": name, "name": f"read_{number}"}} for number, name in enumerate(names)
    ]
    everything = ", ".join(f"read_{number}" for number, name in enumerate(names) if "secrets" not in name)
    tasks.append(
        {"name": "Show", "ansible.builtin.debug": {"msg": f"{{{{ [fleet_instances, {everything}] | to_json }}}}"}}
    )
    given = [word for name in ("fleet", "formula_instances", "secrets") for word in ("-e", f"@{DIR}/{name}.yml")]
    run = ansible.playbook([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], *given)
    assert run.rc == 0, run.output
    return run.said["Show"]


def test_what_is_there_is_kept_refused_or_removed(ansible, emulator, home):
    fill_account(emulator)
    root = home / DIR
    write_account(root, fill_account, ("servicenow.subdomain",))
    (home / "password").write_text("made-up")
    lacking = "secret_servicenow_tickets_password"
    secrets = re.sub(f"{lacking}.*\n", "", (root / "secrets.yml").read_text()).replace('""', CANARY)
    (root / "secrets.yml").write_bytes(VaultLib([("default", VaultSecret(b"made-up"))]).encrypt(secrets))
    fleet = (root / "fleet.yml").read_text()
    (root / "fleet.yml").write_text(re.sub("password: .*", f"password: {CANARY}", fleet))
    (root / "formulas" / "old.yml").write_text((root / "formulas" / "notify.yml").read_text())
    before = tree(home)
    locked = export(ansible, "--diff", "-vvv")
    assert locked.rc != 0 and "--ask-vault-pass" in locked.output and "Nothing was written" in told(locked)
    assert tree(home) == before

    prune = {"account_prune_files": True, "account_include": ["formulas", "formula_instances"]}
    given = {"account_dir": DIR, "plain_keys": ["servicenow.subdomain"]}
    plays = [{"import_playbook": EXPORT, "vars": {**given, **more}} for more in ({}, prune)]
    run = ansible.playbook(plays, "--vault-password-file", "password", "--diff", "-vvv")
    assert run.rc == 0 and "would make them again: formulas/old.yml." in told(run), run.output
    assert f"1 of them not in {root}/secrets.yml: move them there from {root}/secrets.missing.yml" in run.output
    after = tree(home)
    assert yaml.safe_load(after.pop("secrets.missing.yml")) == {lacking: ""}
    del before["formulas/old.yml"]
    assert after == {**before, "fleet.yml": fleet} and CANARY not in locked.output + run.output


def test_a_directory_and_single_files_are_not_written_in_one_run(ansible, emulator):
    mixed = export(ansible, export_dest="fleet.yml")
    assert mixed.rc != 0 and "either account_dir, or export_dest" in told(mixed) and emulator.requests == []
