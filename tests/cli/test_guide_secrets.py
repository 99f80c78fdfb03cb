# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on secrets is followed. What a reader would do in between is played: typing a secret, editing a vault."""

from __future__ import annotations

import os
import re
import stat

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.fingerprint import PREFIX, Seal
from ansible_collections.cloud_elements.platform.tests.cli.pages import page
from ansible_collections.cloud_elements.platform.tests.cli.reader import (
    Reader,
    changed,
    editor,
    follow,
    followed,
    section,
    sections,
)

STRIPE_KEY = "sk_test_made-up-for-the-guide"
NEW_STRIPE_KEY = "sk_test_made-up-and-rotated"


@section("secrets", "From the environment")
def environment(reader: Reader) -> None:
    secrets = [reader.emulator.user_secret, reader.emulator.organization_secret]
    reader.write("payments.yml")
    empty = dict.fromkeys(("CLOUD_ELEMENTS_USER_SECRET", "CLOUD_ELEMENTS_ORGANIZATION_SECRET"), "")
    first = reader.next(empty, *secrets, STRIPE_KEY)
    before = reader.stored
    assert changed(first) and before["configuration"]["password"] == STRIPE_KEY
    assert [method for method, _body in reader.sent()] == ["POST"]
    assert not changed(reader.next(None, NEW_STRIPE_KEY)) and reader.sent() == []
    told = reader.next({"STRIPE_API_KEY": NEW_STRIPE_KEY})
    assert changed(told) and reader.sent() == [("PATCH", {"configuration": {"api.key": NEW_STRIPE_KEY}})]
    after = reader.stored
    assert (after["id"], after["token"]) == (before["id"], before["token"])
    assert after["configuration"]["password"] == NEW_STRIPE_KEY
    for secret in (*secrets, STRIPE_KEY, NEW_STRIPE_KEY, before["token"]):
        assert secret not in first.output + told.output


@section("secrets", "From ansible-vault")
def vault(reader: Reader) -> None:
    user, organization = reader.emulator.user_secret, reader.emulator.organization_secret
    for name in ("CLOUD_ELEMENTS_USER_SECRET", "CLOUD_ELEMENTS_ORGANIZATION_SECRET"):
        del reader.ansible.environment[name]
    (reader.ansible.home / "vault-password").write_text("made-up")
    reader.write("secrets.yml", {"the-user-secret": user, "the-organization-secret": organization})
    reader.next()
    assert (reader.ansible.home / "secrets.yml").read_text().startswith("$ANSIBLE_VAULT")
    reader.write("tickets.yml")
    assert changed(reader.next())
    before = reader.stored
    ((method, _body),) = reader.sent()
    assert method == "POST"
    assert changed(reader.next(editor(reader, "the-first-password", "the-second-password")))
    ((method, body),) = reader.sent()
    assert method == "PATCH" and body["configuration"] == {"password": "the-second-password"}
    after = reader.stored
    assert (after["id"], after["token"]) == (before["id"], before["token"])
    assert after["configuration"]["password"] == "the-second-password"
    third = reader.ansible.playbook("tickets.yml", "--vault-password-file", "vault-password")
    assert third.rc == 0 and not changed(third) and reader.sent() == []


@section("secrets", "From a lookup")
def lookup(reader: Reader) -> None:
    folder = reader.ansible.home / "credentials"
    folder.mkdir()
    (folder / "servicenow-password").write_text("the-first-password\n")
    reader.write("nightly.yml")
    assert changed(reader.next())
    assert [method for method, _body in reader.sent()] == ["POST"]
    (folder / "servicenow-password").write_text("the-second-password\n")
    second = [("PATCH", {"configuration": {"password": "the-second-password"}})]
    assert changed(reader.again()) and reader.sent() == second
    reader.emulator.switches.provider_status = 401
    refused = reader.again(rc=2)
    assert "The provider refuses the credentials" in refused.output
    assert "the-second-password" not in refused.output
    assert reader.sent() == second, "whether it is a new one or not"
    assert reader.stored["configuration"]["password"] == "the-second-password"


@section("secrets", "What Ansible prints")
def printed(reader: Reader) -> None:
    reader.emulator.switches.set("privileges", "-createElementInstances")
    assert STRIPE_KEY not in reader.next({"STRIPE_API_KEY": STRIPE_KEY}, rc=2).output
    call = reader.ansible.adhoc(f"api_key={STRIPE_KEY} name=payments element_key=stripe", ANSIBLE_NO_LOG="true")
    play = reader.ansible.playbook(WRITTEN_IN_THE_PLAYBOOK)
    # What the guide warns of is so: these two wrote the secret, and it is shown.
    assert call.rc == play.rc == 2
    assert STRIPE_KEY in call.output and STRIPE_KEY in play.output
    reader.emulator.switches.set("privileges", "createElementInstances,viewElements")
    created = reader.again({"STRIPE_API_KEY": STRIPE_KEY})
    assert STRIPE_KEY not in created.output and reader.stored["token"] not in created.output


WRITTEN_IN_THE_PLAYBOOK = f"""\
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Provision Stripe
      cloud_elements.platform.cloud_elements_instance:
        name: payments
        element_key: stripe
        api_key: {STRIPE_KEY}
        tags: "{{{{ nowhere }}}}"
      no_log: true
"""


@section("secrets", "The token is a result")
def token(reader: Reader) -> None:
    reader.emulator.create("stripe", "payments", {"username": "u", "password": "p"})
    reader.write("token.yml")
    run = reader.next()
    path = reader.ansible.home / "payments.token"
    assert path.read_text() == reader.stored["token"] and reader.stored["token"] not in run.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("title", sections("secrets"))
def test_a_section_can_be_followed_as_it_stands(ansible, emulator, title):
    follow("secrets", title, ansible, emulator)


def test_no_section_is_left_out():
    assert followed("secrets") == set(sections("secrets"))


def test_fingerprints_are_as_the_guide_says(ansible, emulator):
    (shown,) = re.findall(rf"``({PREFIX}\S+)``", page("docs/docsite/rst/secrets.rst"))
    secrets = {"password": "made-up-password"}
    mine = Seal(emulator.organization_secret, os.urandom(12))
    tags = {
        "kept": [mine.fingerprint(secrets)],
        "deleted": [],
        "edited": [mine.fingerprint(secrets)[:-1]],
        "organization secret changed": [Seal("another", os.urandom(12)).fingerprint(secrets)],
    }
    configuration = {"username": "u", "servicenow.subdomain": "s", **secrets}
    for name, given in tags.items():
        emulator.create("servicenow", name, configuration, [*given, "own"])
    wanted = {"element_key": "servicenow", "secret_configuration": secrets, "update_secrets": "on_change"}
    first = [{**wanted, "name": name, "tags": ["own"]} for name in tags]
    results = ansible.tasks(*first, *({**wanted, "name": name} for name in tags), options=("--diff",)).results
    assert [result["changed"] for result in results] == [False, True, True, True, False, False, False, False]
    assert all(result["instance"]["tags"] == ["own"] for result in results)
    assert PREFIX not in str(results)
    patches = [seen for seen in emulator.requests if seen.method != "GET"]
    assert len(patches) == 3
    for instance in emulator.instances:
        (kept,) = [tag for tag in instance["tags"] if tag != "own"]
        assert [len(part) for part in kept.split(":")] == [len(part) for part in shown.split(":")]
        assert mine.fits(kept, secrets) and not Seal("another", b"").fits(kept, secrets)
