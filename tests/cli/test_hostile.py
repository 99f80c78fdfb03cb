# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the platform says is never a template, and never breaks what prints it."""

from __future__ import annotations

import json

from ansible_collections.cloud_elements.platform.tests.emulator import Fault

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - cloud_elements.platform.cloud_elements_instance_info:
        include_token: true
      register: found
    - ansible.builtin.debug:
        var: found
    - keep:
        content: "{{ found.instances[0].name }}, {{ found.instances[0].tags | join(', ') }}"
        dest: seen
    - keep:
        content: "{{ lookup('cloud_elements.platform.cloud_elements_token', 'plain') }}"
        dest: token
"""
HALF = json.loads(r'"half \ud83d"')
TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'touch evil') }}"


def test_words_of_the_platform_are_taken_as_they_stand(ansible, emulator):
    odd = {"id": 7, "name": TEMPLATE, "token": TEMPLATE, "element": {"key": "stripe"}, "tags": [TEMPLATE, HALF]}
    plain = {**odd, "id": 8, "name": "plain", "configuration": {"base.url": "\x1b[31m{% raw %}"}}
    rows = [{**odd, "configuration": {"base.url": HALF}}, plain]
    emulator.inject(Fault("body", path="^/instances$", body=rows, times=None))
    run = ansible.playbook(PLAY, "-vvv")
    assert run.rc == 0, run.output
    assert "Traceback" not in run.output
    assert "\x1b" not in run.output
    assert (ansible.home / "token").read_text() == TEMPLATE
    assert (ansible.home / "seen").read_text(encoding="utf-8") == f"{TEMPLATE}, half \ufffd, {TEMPLATE}"
    assert not list(ansible.home.rglob("evil"))
