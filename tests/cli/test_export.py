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


def test_without_plain_keys_only_what_is_harmless_is_readable(ansible, emulator, home):
    given = {**TICKETS["configuration"], "pagination.max": "150", "sort.key": "lastname"}
    emulator.create(**{**TICKETS, "configuration": given})
    assert export(ansible, plain=()).rc == 0
    (row,) = yaml.load((home / "fleet.yml").read_text(), Loader)["fleet_instances"]
    assert row["configuration"] == {"pagination.max": "150"} and "plain_keys" not in row
    assert row["secret_configuration"].keys() == {"username", "servicenow.subdomain", "password", "sort.key"}
    assert export(ansible, plain=("username", "sort.key"), secrets="secrets2.yml").rc == 0
    (row,) = yaml.load((home / "fleet.yml").read_text(), Loader)["fleet_instances"]
    assert row["configuration"] == {"pagination.max": "150", "username": "integration", "sort.key": "lastname"}
    assert row["plain_keys"] == ["sort.key"], "a task would take it for a secret"


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


def test_secrets_that_were_filled_in_are_never_edited(ansible, emulator, home):
    emulator.create(**TICKETS)
    assert export(ansible).rc == 0
    fill_in(home, emulator)
    with (home / "secrets.yml").open("a") as file:
        file.write('\nmine: "two\n{}\nlines"\n')
        file.write("\nlocked: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162")
    filled = (home / "secrets.yml").read_bytes()
    emulator.create(**{**TICKETS, "name": "more tickets"})
    more = export(ansible, "--diff", "-vvv")
    assert more.rc == 0 and CANARY not in more.output, more.output
    assert f"1 of them not in {home}/secrets.yml: move them there from {home}/secrets.missing.yml" in more.output
    missing = home / "secrets.missing.yml"
    assert yaml.safe_load(missing.read_text()) == {"secret_servicenow_more_tickets_password": ""}
    assert stat.S_IMODE(missing.stat().st_mode) == 0o600
    again = export(ansible, "--diff")
    assert again.rc == 0 and not changed(again) and CANARY not in again.output
    assert (home / "secrets.yml").read_bytes() == filled
    assert export(ansible, "-e", "export_name=tickets").rc == 0
    assert not missing.exists() and (home / "secrets.yml").read_bytes() == filled


def test_missing_secrets_that_were_filled_in_are_never_edited_either(ansible, emulator, home):
    emulator.create(**TICKETS)
    (home / "secrets.yml").write_text("---\n{}\n")
    assert export(ansible).rc == 0 and (home / "secrets.yml").read_text() == "---\n{}\n"
    missing = home / "secrets.missing.yml"
    filled = missing.read_text().replace('""', f'"{CANARY}"')
    missing.write_text(filled)
    same = export(ansible)
    assert same.rc == 0 and not changed(same) and missing.read_text() == filled
    fleet = (home / "fleet.yml").read_text()
    emulator.create(**{**TICKETS, "name": "more tickets"})
    refused = export(ansible, "-vvv")
    told = " ".join(refused.output.split())
    assert refused.rc != 0 and CANARY not in told
    assert f"{missing} has to be changed, but it has values for secret_servicenow_tickets_password and" in told, told
    assert "does not have secret_servicenow_more_tickets_password" in told and "Nothing was written" in told
    assert missing.read_text() == filled and (home / "fleet.yml").read_text() == fleet


def test_a_secret_is_not_given_to_an_instance_that_is_called_alike(ansible, emulator, home):
    emulator.create(**{**TICKETS, "name": "Foo bar", "tags": ["eu"]})
    emulator.create(**{**TICKETS, "name": "foo-bar", "tags": ["us"]})
    assert export(ansible, "-e", '{"export_tags": ["eu"]}').rc == 0
    fill_in(home, emulator)
    filled = yaml.safe_load((home / "secrets.yml").read_text())
    second = export(ansible, "-e", '{"export_tags": ["us"]}')
    assert second.rc == 0 and "1 of them not in" in second.output, second.output
    (used,) = re.findall(r"\{\{ (\w+) \}\}", (home / "fleet.yml").read_text())
    assert used not in filled and yaml.safe_load((home / "secrets.missing.yml").read_text()) == {used: ""}
    assert yaml.safe_load((home / "secrets.yml").read_text()) == filled


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ("---\n- name: A play\n  hosts: localhost\n", "it is a list or a text"),
        ("a: b\n\tc: d\n", "it has an error in its YAML in line 2"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "cannot be read or decrypted"),
    ],
)
@pytest.mark.parametrize("name", ["secrets.yml", "secrets.missing.yml"])
def test_what_is_not_a_file_of_secrets_is_refused_before_anything_is_asked(ansible, emulator, home, name, there, why):
    (home / name).write_text(there)
    run = export(ansible)
    told = " ".join(run.output.split())
    assert run.rc != 0 and f"{home / name} " in told and why in told and "Nothing was written" in told, run.output
    assert "censored" not in told and emulator.requests == []
    assert (home / name).read_text() == there and not (home / "fleet.yml").exists()


def test_encrypted_secrets_are_read_and_never_written(ansible, emulator, home):
    emulator.create(**TICKETS)
    (home / "secrets.yml").write_text(f"secret_servicenow_tickets_password: {CANARY}\n")
    (home / "password").write_text("made-up")
    vault = ["--vault-password-file", "password"]
    assert ansible.command("ansible-vault", "encrypt", *vault, "secrets.yml").rc == 0
    encrypted = (home / "secrets.yml").read_text()
    locked = export(ansible)
    assert locked.rc != 0 and "--ask-vault-pass" in locked.output and not (home / "fleet.yml").exists()
    complete = export(ansible, *vault)
    assert complete.rc == 0 and (home / "fleet.yml").exists(), complete.output
    emulator.create(**{**TICKETS, "name": "more tickets"})
    lacking = export(ansible, *vault, "-vvv")
    assert lacking.rc == 0 and CANARY not in locked.output + complete.output + lacking.output
    added = yaml.safe_load((home / "secrets.missing.yml").read_text())
    assert (
        added == {"secret_servicenow_more_tickets_password": ""} and "more tickets" in (home / "fleet.yml").read_text()
    )
    assert (home / "secrets.yml").read_text() == encrypted


def test_files_that_were_mixed_up_are_not_overwritten(ansible, emulator, home):
    emulator.create(**TICKETS)
    (home / "secrets.yml").write_text("secret_servicenow_tickets_password: a\n")
    run = export(ansible, fleet="secrets.yml", secrets="fleet.yml")
    assert run.rc != 0 and "was not written by this playbook" in " ".join(run.output.split())
    assert (home / "secrets.yml").read_text() == "secret_servicenow_tickets_password: a\n"
    assert not (home / "fleet.yml").exists() and emulator.requests == []
    assert export(ansible, fleet="a.yml", secrets="./a.yml").rc != 0
    assert export(ansible, fleet="nowhere/a.yml").rc != 0
    assert export(ansible, fleet="new.missing.yml", secrets="new.yml").rc != 0
    assert ansible.playbook(EXPORT).rc != 0 and emulator.requests == []


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
