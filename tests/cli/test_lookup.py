# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup for tokens, from a template."""

from __future__ import annotations

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{{ lookup('cloud_elements.platform.cloud_elements_token', %s) }}"
        dest: token
        mode: "0600"
      no_log: true
"""


def test_the_lookup_returns_the_token_of_the_one_instance(ansible, emulator):
    stored = emulator.create(element_key="stripe", name="payments")
    emulator.create(element_key="closeio", name="payments")
    emulator.create(element_key="stripe", name="payments 2")
    run = ansible.playbook(PLAY % "'payments', element_key='stripe'", "-vvv")
    assert run.rc == 0, run.output
    assert (ansible.home / "token").read_text() == stored["token"]
    assert stored["token"] not in run.output
    assert {seen.method for seen in emulator.requests} == {"GET"}


def test_the_connection_can_come_from_variables(ansible, emulator):
    stored = emulator.create(element_key="stripe", name="payments")
    run = ansible.playbook(
        PLAY % "'payments'",
        # As it is with a vault: one variable refers to another.
        *("-e", "cloud_elements_user_secret='{{ vault_user_secret }}'"),
        *("-e", f"vault_user_secret={emulator.user_secret}"),
        CLOUD_ELEMENTS_USER_SECRET="",
    )
    assert run.rc == 0, run.output
    assert (ansible.home / "token").read_text() == stored["token"]


def test_no_match_and_two_matches_are_errors(ansible, emulator):
    play = PLAY.replace("no_log: true", "no_log: false")
    missing = ansible.playbook(play % "'payments'")
    assert missing.rc != 0 and "does not exist" in missing.output and "Traceback" not in missing.output
    identities = [emulator.create(element_key="stripe", name="payments")["id"] for _dummy in range(2)]
    doubled = ansible.playbook(play % "'payments'")
    assert doubled.rc != 0 and all(str(identity) in doubled.output for identity in identities)


def test_its_documentation_is_found(ansible):
    run = ansible.command("ansible-doc", "-t", "lookup", "cloud_elements.platform.cloud_elements_token")
    assert run.rc == 0 and "CLOUD_ELEMENTS_USER_SECRET" in run.output
