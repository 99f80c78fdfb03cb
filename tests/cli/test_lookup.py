# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup for tokens, from a template."""

from __future__ import annotations

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - keep:
        content: "{{ lookup('cloud_elements.platform.cloud_elements_token', 'payments', element_key='stripe') }}"
        dest: token
    - ansible.builtin.debug:
        msg: "{{ lookup('cloud_elements.platform.cloud_elements_token', item) | length }}"
      loop: [nothing, twice]
      ignore_errors: true
"""


def test_the_lookup_returns_the_token_of_the_one_instance_and_none_or_two_are_errors(ansible, emulator):
    stored = emulator.create(element_key="stripe", name="payments")
    emulator.create(element_key="closeio", name="payments")
    emulator.create(element_key="stripe", name="payments 2")
    twice = [emulator.create(element_key="stripe", name="twice")["id"] for _dummy in range(2)]
    run = ansible.playbook(PLAY, "-vvv")
    assert run.rc == 0, run.output
    assert (ansible.home / "token").read_text() == stored["token"]
    assert not any(row["token"] in run.output for row in emulator.instances)
    assert "does not exist" in run.output and "Traceback" not in run.output
    assert all(str(identity) in run.output for identity in twice)
    assert {seen.method for seen in emulator.requests} == {"GET"}


def test_its_documentation_is_found(ansible):
    run = ansible.command("ansible-doc", "-t", "lookup", "cloud_elements.platform.cloud_elements_token")
    assert run.rc == 0 and "CLOUD_ELEMENTS_USER_SECRET" in run.output
