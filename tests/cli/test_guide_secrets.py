# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on secrets is followed. What a reader would do in between is played: typing a secret, editing a vault."""

from __future__ import annotations

import stat

import pytest
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


@section("secrets", "From a lookup")
def lookup(reader: Reader) -> None:
    configuration = {"username": "integration", "servicenow.subdomain": "example", "password": "the-first-password"}
    reader.emulator.create("servicenow", "tickets", configuration)
    folder = reader.ansible.home / "credentials"
    folder.mkdir()
    (folder / "servicenow-password").write_text("the-second-password\n")
    reader.write("nightly.yml")
    reader.emulator.switches.provider_status = 401
    refused = reader.next(rc=2)
    assert "The provider refuses the credentials" in refused.output
    assert "the-second-password" not in refused.output
    assert reader.sent() == [("PATCH", {"configuration": {"password": "the-second-password"}})]
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
