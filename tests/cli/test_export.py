# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks export and provision, as users call them: two files come out, and go in again."""

from __future__ import annotations

import json
import re
import stat

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.cloud_elements.platform.tests.cli.accounts import write_fleet
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils._export.test_instances import Loader
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.holdings import CANARY, PLAIN, fill
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_fleet_info import (
    secret_values,
)

SIZE = 100
EXPORT = "cloud_elements.platform.export"
PROVISION = "cloud_elements.platform.provision"
TICKETS = {
    "element_key": "servicenow",
    "name": "tickets",
    "configuration": {"username": "integration", "servicenow.subdomain": "example", "password": f"{CANARY}-1"},
    "tags": ["prod"],
}


@pytest.fixture
def other():
    """An emulator of another, empty account."""
    with Emulator(strict=True) as running:
        yield running
        assert running.violations == []


@pytest.fixture
def home(ansible):
    return ansible.home


def export(ansible, *options, plain=(*PLAIN, "username")):
    """Run the playbook export for an account, with paths as they are typed."""
    places = ["-e", "export_dest=fleet.yml", "-e", "export_secrets_dest=secrets.yml"]
    return ansible.playbook(EXPORT, *places, "-e", json.dumps({"plain_keys": plain}), *options)


def provision(ansible, *files, into=None):
    given = [word for file in files for word in ("-e", f"@{file}")]
    return ansible.playbook(PROVISION, *given, **(into.environment if into else {}))


def quoted(value):
    """Write a secret as YAML. Ansible would evaluate a template in a file of variables, unless the user tags it."""
    return ("!unsafe " if re.search("{[{%#]", value) else "") + json.dumps(value)


def fill_in(home, emulator):
    """Fill in the secrets as a user does: between the quotes. Return the file's text before that."""
    path = home / "secrets.yml"
    empty = path.read_text(encoding="utf-8")
    fleet = yaml.load((home / "fleet.yml").read_text(encoding="utf-8"), Loader)["fleet_instances"]
    secrets = [
        {"variable": reference.strip("{} "), "name": row["name"], "element_key": row["element_key"], "key": key}
        for row in fleet
        for key, reference in row.get("secret_configuration", {}).items()
    ]
    assert [secret["variable"] for secret in secrets] == list(yaml.safe_load(empty))
    values = secret_values({"secrets": secrets}, emulator)
    lines = [
        re.sub(r'^(secret_\w+): ""$', lambda line: f"{line[1]}: {quoted(values[line[1]])}", line)
        for line in empty.split("\n")
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return empty


def writes(emulator):
    return [seen.method for seen in emulator.requests if seen.method != "GET"]


def changed(run):
    return not re.search(r"changed=0", run.output)


def test_an_account_is_exported_and_is_as_the_files_describe_it(ansible, emulator, home):
    fill(emulator, SIZE)
    emulator.clear()
    exported = export(ansible, "-vvv", plain=PLAIN)
    assert exported.rc == 0 and writes(emulator) == [], exported.output[-3000:]
    empty = fill_in(home, emulator)
    fleet = (home / "fleet.yml").read_text(encoding="utf-8")
    assert len(re.findall(r"^  - name: ", fleet, re.MULTILINE)) == SIZE
    assert stat.S_IMODE((home / "secrets.yml").stat().st_mode) == 0o600

    emulator.clear()
    same = provision(ansible, "fleet.yml", "secrets.yml")
    assert same.rc == 0 and not changed(same) and f"as described: {SIZE}" in same.output, same.output[-3000:]
    assert writes(emulator) == [] and len(emulator.requests) == 1, "one listing of one page"
    for shown in (fleet, empty, exported.output, same.output):
        assert CANARY not in shown and emulator.user_secret not in shown


def test_secrets_that_are_encrypted_are_read_and_never_written(ansible, emulator, home):
    emulator.create(**TICKETS)
    emulator.create(**{**TICKETS, "name": "more tickets"})
    encrypted = encrypt(home, f"secret_servicenow_tickets_password: {CANARY}\n")
    lacking = export(ansible, "--vault-password-file", "password", "-vvv", "--diff")
    assert lacking.rc == 0 and CANARY not in lacking.output, lacking.output
    assert f"1 of them not in {home}/secrets.yml: move them there from {home}/secrets.missing.yml" in lacking.output
    added = yaml.safe_load((home / "secrets.missing.yml").read_text())
    assert added == {"secret_servicenow_more_tickets_password": ""}
    assert '+  - name: "more tickets"' in lacking.output
    assert (home / "secrets.yml").read_text() == encrypted


def encrypt(home, text):
    """Write secrets.yml as ansible-vault does, and the password for it, and return what is in it."""
    vault = VaultLib([("default", VaultSecret(b"made-up"))])
    (home / "password").write_text("made-up")
    (home / "secrets.yml").write_bytes(vault.encrypt(text))
    return (home / "secrets.yml").read_text()


def test_the_filters_narrow_and_what_has_to_be_decided_is_said(ansible, emulator, home):
    emulator.create(**TICKETS)
    emulator.create(**{**TICKETS, "name": "b", "tags": ["test"]})
    first, second = (emulator.create(**{**TICKETS, "name": "b"})["id"] for _dummy in range(2))
    filters = {"export_element_key": "servicenow", "export_tags": ["prod"], "export_name": "b"}
    run = ansible.playbook(
        [{"import_playbook": EXPORT, "vars": given} for given in (filters, {"export_name": "nobody"})],
        *("-e", "export_dest=fleet.yml", "-e", "export_secrets_dest=secrets.yml"),
    )
    assert run.rc == 0 and f"This one has the id {first}" in run.output, run.output
    # The second play wrote that nothing is called so, and kept what the first one wrote.
    assert yaml.safe_load((home / "fleet.yml").read_text()) == {"fleet_instances": []}
    (kept,) = home.glob("fleet.yml.*~")
    earlier = kept.read_text()
    assert [row["name"] for row in yaml.safe_load(earlier)["fleet_instances"]] == ["b", "b"]
    assert earlier.count("TO DECIDE") == 2 and str(second) in earlier


def test_empty_secrets_are_named_all_at_once_before_anything_is_written(ansible, emulator, other, home):
    fill(emulator, 60)
    write_fleet(home, emulator, PLAIN)
    variables = yaml.safe_load((home / "secrets.yml").read_text())
    # The first is filled in, the second is as well but misspelled, the third is missing, and the others are empty.
    right, misspelled = list(variables)[:2]
    empty = list(variables)[3:]
    given = {right: f"{CANARY}-a", f"{misspelled}_": f"{CANARY}-b", **dict.fromkeys(empty, "")}
    given["secret_of_somebody_else"] = "{{ not_defined }}"
    (home / "secrets.yml").write_text(yaml.safe_dump(given))
    run = provision(ansible, "fleet.yml", "secrets.yml", into=other)
    assert run.rc != 0 and other.requests == [] and CANARY not in run.output
    told = re.findall(r"^- (\S+) of .+, element ([^:\n]+)(?:: '(secret_\w+)' is undefined)?$", run.output, re.MULTILINE)
    assert len(told) == len(variables) - 1 and ("api.key", "greenhouse", "") in told
    assert [name for _key, _element, name in told if name] == list(variables)[1:3]
    assert f"variables that are empty: {', '.join(sorted(empty))}." in run.output
    assert f"that no instance uses: {misspelled}_." in run.output and "misspelled there?" in run.output


def test_the_playbook_provisions_an_instance_a_fleet_or_both(ansible, emulator, home):
    nothing = ansible.playbook(PROVISION)
    assert nothing.rc != 0 and "nothing to provision" in nothing.output and emulator.requests == []
    key = {"element_key": "stripe", "api_key": f"{CANARY}-key"}
    # An empty secret is refused, and an empty value of a plain key is not. Both roles and what prunes know which are.
    plain = {"username": "integration", "servicenow.subdomain": "example", "sort.key": ""}
    row = {"element_key": "servicenow", "configuration": plain, "secret_configuration": {"password": f"{CANARY}-1"}}
    given = {"fleet_instances": [{"name": "a", **key}, {"name": "b", **row}], "plain_keys": ["sort.key"]}
    pruned = {"fleet_prune": True, "fleet_prune_tags": ["nobody"]}
    (home / "fleet.yml").write_text(yaml.safe_dump({**given, **pruned}))
    one = {f"instance_{name}": value for name, value in {**row, "name": "c"}.items()}
    (home / "instance.yml").write_text(yaml.safe_dump(one))
    both = provision(ansible, "fleet.yml", "instance.yml")
    assert both.rc == 0 and sorted(row["name"] for row in emulator.instances) == ["a", "b", "c"], both.output
    assert f"Instances: 2 at {emulator.url}, created: 2, changed: 0, removed: 0, as described: 0" in both.output
    assert re.search(rf"The instance c has the id \d+ at {emulator.url}\.", both.output)
    assert "look like secrets" not in both.output and CANARY not in both.output
