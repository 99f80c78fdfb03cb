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
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils._export.test_instances import Loader
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.holdings import CANARY, PLAIN, fill
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.test_fleet_info import (
    essence,
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


def export(ansible, *options, into=None, fleet="fleet.yml", secrets="secrets.yml", plain=(*PLAIN, "username")):
    """Run the playbook export for an account, with paths as they are typed."""
    environment = into.environment if into else {}
    places = ["-e", f"export_dest={fleet}", "-e", f"export_secrets_dest={secrets}"]
    places += ["-e", json.dumps({"plain_keys": plain})] if plain else []
    return ansible.playbook(EXPORT, *places, *options, **environment)


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


def test_an_account_moves_as_a_whole(ansible, emulator, other, home):
    fill(emulator, SIZE)
    emulator.clear()
    assert export(ansible, "-vvv", plain=PLAIN).rc == 0
    assert writes(emulator) == []
    empty = fill_in(home, emulator)
    fleet = (home / "fleet.yml").read_text(encoding="utf-8")
    assert len(re.findall(r"^  - name: ", fleet, re.MULTILINE)) == SIZE
    assert stat.S_IMODE((home / "secrets.yml").stat().st_mode) == 0o600

    emulator.clear()
    same = provision(ansible, "fleet.yml", "secrets.yml")
    assert same.rc == 0 and not changed(same) and f"as described: {SIZE}" in same.output, same.output[-3000:]
    assert writes(emulator) == [] and len(emulator.requests) == 1, "one listing of one page"

    moved = provision(ansible, "fleet.yml", "secrets.yml", into=other)
    assert moved.rc == 0 and f"created: {SIZE}" in moved.output, moved.output[-3000:]
    assert essence(other).keys() == essence(emulator).keys()
    assert export(ansible, into=other, fleet="fleet2.yml", secrets="secrets2.yml", plain=PLAIN).rc == 0
    assert (home / "fleet2.yml").read_text(encoding="utf-8") == fleet
    assert (home / "secrets2.yml").read_text(encoding="utf-8") == empty
    for shown in (fleet, empty, same.output, moved.output):
        assert CANARY not in shown and emulator.user_secret not in shown


def test_the_roles_and_the_report_pass_plain_keys_on(ansible, emulator, home):
    given = {"username": "integration", "servicenow.subdomain": "example", "sort.key": ""}
    row = {"name": "tickets", "element_key": "servicenow", "configuration": given}
    row["secret_configuration"] = {"password": f"{CANARY}-1"}
    (home / "fleet.yml").write_text(yaml.safe_dump({"fleet_instances": [row], "plain_keys": ["sort.key"]}))
    one = {f"instance_{name}": value for name, value in row.items()} | {"instance_name": "c"}
    (home / "instance.yml").write_text(yaml.safe_dump(one))
    pruned = {"fleet_prune": True, "fleet_prune_tags": ["nobody"]}
    (home / "prune.yml").write_text(yaml.safe_dump(pruned))
    # An empty secret is refused, and an empty value of a plain key is not.
    for options in ((), ("--check",)):
        files = [word for name in ("fleet", "instance", "prune") for word in ("-e", f"@{name}.yml")]
        made = ansible.playbook(PROVISION, *files, *options)
        assert made.rc == 0 and "look like secrets" not in made.output, made.output
    assert sorted(row["name"] for row in emulator.instances) == ["c", "tickets"]
    report = ansible.playbook("cloud_elements.platform.report", "-e", "@fleet.yml")
    page = (home / "report.html").read_text()
    assert report.rc == 0 and "could not be compared" not in page and "is empty" not in page


def test_encrypted_secrets_are_read_and_never_written(ansible, emulator, home):
    emulator.create(**TICKETS)
    (home / "secrets.yml").write_text(f"secret_servicenow_tickets_password: {CANARY}\n")
    (home / "password").write_text("made-up")
    vault = ["--vault-password-file", "password"]
    assert ansible.command("ansible-vault", "encrypt", *vault, "secrets.yml").rc == 0
    encrypted = (home / "secrets.yml").read_text()
    locked = export(ansible)
    told = " ".join(locked.output.split())
    assert locked.rc != 0 and "--ask-vault-pass. Nothing was written." in told and not (home / "fleet.yml").exists()
    emulator.create(**{**TICKETS, "name": "more tickets"})
    lacking = export(ansible, *vault, "-vvv", "--diff")
    assert lacking.rc == 0 and CANARY not in locked.output + lacking.output
    assert f"1 of them not in {home}/secrets.yml: move them there from {home}/secrets.missing.yml" in lacking.output
    added = yaml.safe_load((home / "secrets.missing.yml").read_text())
    assert added == {"secret_servicenow_more_tickets_password": ""}
    assert '+  - name: "more tickets"' in lacking.output
    assert (home / "secrets.yml").read_text() == encrypted


def test_the_filters_narrow_and_check_mode_writes_nothing(ansible, emulator, other, home):
    emulator.create(**TICKETS)
    emulator.create(**{**TICKETS, "name": "b"})
    emulator.create(**{**TICKETS, "name": "c", "tags": ["test"]})
    predicted = export(ansible, "--check")
    assert predicted.rc == 0 and changed(predicted) and list(home.glob("*.yml")) == []
    filters = {"export_element_key": "servicenow", "export_tags": ["prod"], "export_name": "b"}
    (home / "variables.json").write_text(json.dumps(filters))
    assert export(ansible, "-e", "@variables.json").rc == 0
    assert [row["name"] for row in yaml.safe_load((home / "fleet.yml").read_text())["fleet_instances"]] == ["b"]
    elsewhere = export(ansible, into=other)
    assert elsewhere.rc != 0 and "CLOUD_ELEMENTS_BASE_URL" in elsewhere.output and "remove the file" in elsewhere.output
    assert [row["name"] for row in yaml.safe_load((home / "fleet.yml").read_text())["fleet_instances"]] == ["b"]
    none = export(ansible, "-e", "export_name=nobody")
    assert none.rc == 0 and yaml.safe_load((home / "fleet.yml").read_text()) == {"fleet_instances": []}


def test_empty_secrets_are_named_all_at_once_before_anything_is_written(ansible, emulator, other, home):
    fill(emulator, 60)
    assert export(ansible, plain=PLAIN).rc == 0
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


def test_instances_of_one_name_have_to_be_decided(ansible, emulator, other, home):
    first, second = (emulator.create(**TICKETS)["id"] for _dummy in range(2))
    run = export(ansible)
    assert run.rc == 0 and f"This one has the id {first}" in run.output
    fleet = (home / "fleet.yml").read_text()
    assert fleet.count("TO DECIDE") == 2 and str(second) in fleet
    variables = yaml.safe_load((home / "secrets.yml").read_text())
    (home / "secrets.yml").write_text(yaml.safe_dump(dict.fromkeys(variables, "made-up")))
    refused = provision(ansible, "fleet.yml", "secrets.yml", into=other)
    assert refused.rc != 0 and "tickets, element servicenow: 2 times" in refused.output and other.requests == []
    (home / "fleet.yml").write_text(fleet.replace("name: tickets", "name: old tickets", 1))
    decided = provision(ansible, "fleet.yml", "secrets.yml", into=other)
    assert decided.rc == 0, decided.output
    assert sorted(row["name"] for row in other.instances) == ["old tickets", "tickets"]


def test_the_playbook_provisions_an_instance_a_fleet_or_both(ansible, emulator, home):
    nothing = ansible.playbook(PROVISION)
    assert nothing.rc != 0 and "nothing to provision" in nothing.output and emulator.requests == []
    key = {"element_key": "stripe", "api_key": f"{CANARY}-key"}
    (home / "fleet.yml").write_text(yaml.safe_dump({"fleet_instances": [{"name": "a", **key}, {"name": "b", **key}]}))
    one = {"instance_name": "c", "instance_element_key": "stripe", "instance_api_key": f"{CANARY}-key"}
    (home / "instance.yml").write_text(yaml.safe_dump(one))
    both = provision(ansible, "fleet.yml", "instance.yml")
    assert both.rc == 0 and sorted(row["name"] for row in emulator.instances) == ["a", "b", "c"], both.output
    assert f"Instances: 2 at {emulator.url}, created: 2, changed: 0, removed: 0, as described: 0" in both.output
    assert re.search(rf"The instance c has the id \d+ at {emulator.url}\.", both.output)
    again = provision(ansible, "fleet.yml", "instance.yml")
    assert again.rc == 0 and not changed(again) and CANARY not in both.output
