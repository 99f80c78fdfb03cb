# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A large account moves to an empty one of the other engine, and is the same there, byte for byte."""

from __future__ import annotations

import collections
import json
import time

import yaml
from ansible_collections.cloud_elements.platform.tests.cli.accounts import describe
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.estate import (
    COMMON_RESOURCES,
    FORMULA_INSTANCES,
    FORMULAS,
    INSTANCES,
    fill_estate,
)
from ansible_collections.cloud_elements.platform.tests.unit.plugins.modules.holdings import CANARY, PLAIN


def play(ansible, emulator, *steps, options=(), **variables):
    """Run playbooks on directories, in one run."""
    plays = [
        {"import_playbook": f"cloud_elements.platform.{playbook}", "vars": {"account_dir": folder}}
        for playbook, folder in steps
    ]
    began, before = time.monotonic(), len(emulator.requests)
    given = {"cloud_elements_base_url": emulator.url, **variables}
    run = ansible.playbook(plays, "-e", json.dumps(given), *options)
    methods = collections.Counter(seen.method for seen in list(emulator.requests)[before:])
    print(f"{steps}: {time.monotonic() - began:.1f} s, {dict(methods)}")
    assert run.rc == 0, run.output[-4000:]
    return run


def secrets_of(emulator, secrets):
    """Return the value of each variable: what the account has under the key, or what is made up."""
    stored = {(row["element"]["key"], row["name"]): row["configuration"] for row in emulator.instances}
    store = next(iter(emulator.accounts.values())).store.formulas
    steps = {(each.name, step["name"]): step["properties"] for each in store.templates.values() for step in each.steps}
    values = {(each.template.name, each.name): each.configuration for each in store.instances.values()}
    found = {}
    for secret in secrets:
        if secret["kind"] == "instances":
            value = stored[secret["element_key"], secret["name"]].get(secret["key"])
        elif secret["kind"] == "formulas":
            value = steps[secret["name"], "send"][secret["key"]]
        else:
            value = values[secret["formula"], secret["name"]][secret["key"]]
        found[secret["variable"]] = value or f"made-up-for-{secret['variable']}"
    return found


def test_a_large_account_moves_and_is_the_same_byte_for_byte(ansible, emulator):
    emulator.switches.set("vdr_version", "v1")
    fill_estate(emulator)
    plain = {"plain_keys": list(PLAIN)}
    exported = play(ansible, emulator, ("export", "old"), **plain)
    described = describe(emulator, "account_info", **plain)
    secrets = ansible.home / "old" / "secrets.yml"
    names = set(yaml.safe_load(secrets.read_text("utf-8")))
    values = secrets_of(emulator, described["secrets"])
    assert names == set(values)
    secrets.write_text(yaml.safe_dump(values), "utf-8")
    with Emulator(strict=True) as other:
        other.switches.set("vdr_version", "v2")
        # One run: it is applied, applied again, and exported.
        steps = [("provision", "old"), ("provision", "old"), ("export", "new")]
        applied = play(ansible, other, *steps, options=("-vv",), **plain)
        first, again, _exported = applied.output.split("\nPLAY [")[1:]
        total = f"{INSTANCES} instances: {INSTANCES} to create; {COMMON_RESOURCES} common resources: "
        assert total in " ".join(first.split())
        assert f"{FORMULA_INSTANCES} formula instances: {FORMULA_INSTANCES} unchanged" in " ".join(again.split())
        assert other.violations == []
    files = [path.relative_to(ansible.home / "old") for path in (ansible.home / "old").rglob("*") if path.is_file()]
    assert len(files) == 4 + 4 + COMMON_RESOURCES + FORMULAS
    for file in files:
        if file.name != "secrets.yml":
            old, new = ((ansible.home / folder / file).read_bytes() for folder in ("old", "new"))
            assert old == new, file
            assert CANARY.encode() not in new, file
    assert CANARY not in exported.output + applied.output
