# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role and the playbook: the same instance, its token handed on, and nothing shown."""

from __future__ import annotations

import json
import os

import yaml

CANARY = "canary-9f8e7d6c5b4a-secret"

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.instance
"""


def variables(ansible, **given):
    """Write the variables of the role to a file and return the option that reads it."""
    path = ansible.home / "variables.yml"
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    return f"-e@{path}"


# Looks at the token files whenever a Python process is about to do something, and writes down what it sees.
WATCHER = """
import os, stat, sys

def look(event, arguments, tokens={tokens!r}, busy=[]):
    if busy or not event.startswith(("os.", "open", "shutil.", "subprocess.", "tempfile.")):
        return
    busy.append(True)
    for token in tokens:
        try:
            with open(token) as file, open(f"{{token}}.seen", "a") as log:
                log.write(f"{{stat.S_IMODE(os.stat(token).st_mode):o}} {{file.read()}}\\n")
        except OSError:
            pass
    busy.clear()

sys.addaudithook(look)
"""


ROLE_THRICE = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.instance
      vars:
        instance_token_file: "{{ token_file }}"
      loop: "{{ token_files }}"
      loop_control:
        loop_var: token_file
    - keep:
        content: "{{ {'id': instance_id, 'token': instance_token} | to_json }}"
        dest: facts.json
"""


def test_the_role_hands_on_the_token_which_nobody_else_can_read_at_any_time_and_shows_no_secret(ansible, emulator):
    new, old = ansible.home / "new" / "token", ansible.home / "old" / "token"
    python_path = ansible.home / "watcher"
    for folder in (new.parent, old.parent, python_path):
        folder.mkdir()
    old.write_text("the old token")
    old.chmod(0o640)
    (python_path / "sitecustomize.py").write_text(WATCHER.format(tokens=[str(new), str(old)]))
    (ansible.home / "play.yml").write_text(ROLE_THRICE)
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_api_key=CANARY,
        instance_tags=["prod"],
        # The last time, nothing is left to do.
        token_files=[str(new), str(old), str(new)],
    )
    paths = os.pathsep.join([str(python_path), *filter(None, [ansible.environment.get("PYTHONPATH")])])
    command = f"umask 0; ansible-playbook play.yml {given} -vvvv --diff"
    run = ansible.command("bash", "-c", command, PYTHONPATH=paths)
    assert run.rc == 0, run.output
    (stored,) = emulator.instances
    assert json.loads((ansible.home / "facts.json").read_text()) == {"id": stored["id"], "token": stored["token"]}
    # The instance, and its token in either file.
    assert "changed=3" in run.output
    for file, before in ((new, set()), (old, {"640 the old token"})):
        seen = (file.parent / "token.seen").read_text()
        assert set(seen.splitlines()) - before == {f"600 {stored['token']}"}
        assert sorted(path.name for path in file.parent.iterdir()) == ["token", "token.seen"]
    for secret in (CANARY, stored["token"], emulator.user_secret, emulator.organization_secret):
        assert secret not in run.output


def test_the_role_says_why_it_failed(ansible, emulator):
    given = variables(ansible, instance_name="payments", instance_element_key="stripee", instance_api_key=CANARY)
    run = ansible.playbook(PLAY, given, "-vvv")
    assert run.rc != 0
    assert "stripee" in run.output.split("Fail if the instance could not", 1)[1]
    assert CANARY not in run.output


def test_on_many_hosts_the_role_runs_once_and_all_get_the_token(ansible, emulator):
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_api_key=CANARY,
        instance_run_once=True,
        instance_delegate_to="localhost",
    )
    hosts = ansible.hosts({"one": {}, "two": {}, "three": {}})
    keep = f"{PLAY}    - keep: {{content: '{{{{ instance_token }}}}', dest: 'token-{{{{ inventory_hostname }}}}'}}\n"
    run = ansible.playbook(keep.replace("hosts: localhost", "hosts: all"), *hosts, given)
    assert run.rc == 0, run.output
    (stored,) = emulator.instances
    assert [(ansible.home / f"token-{host}").read_text() for host in ("one", "two", "three")] == [stored["token"]] * 3
    assert [seen.method for seen in emulator.requests].count("POST") == 1


def test_without_a_place_for_the_token_nothing_is_made_and_no_directory_is_ever_removed(ansible, emulator):
    folder = ansible.home / "application"
    (folder / "data").mkdir(parents=True)
    instance = {"instance_name": "payments", "instance_element_key": "stripe"}
    gone = {**instance, "instance_state": "absent"}
    absolute = "It must be the absolute path of a file"
    refused = {
        "relative": ({**instance, "instance_token_file": "relative.token"}, absolute),
        "nowhere": (
            {**instance, "instance_token_file": f"{ansible.home}/nowhere/token"},
            "its directory does not exist",
        ),
        "directory": ({**gone, "instance_token_file": str(folder)}, "something is there that is no file"),
        "slash": ({**gone, "instance_token_file": f"{folder}/"}, absolute),
    }
    hosts = ansible.hosts({host: given for host, (given, _words) in refused.items()})
    run = ansible.playbook(PLAY.replace("hosts: localhost", "hosts: all"), *hosts)
    for host, (_given, words) in refused.items():
        assert words in run.failed[host], run.output
    assert emulator.requests == [] and (folder / "data").is_dir()


def test_the_role_removes_the_instance_and_the_file(ansible, emulator):
    token_file = ansible.home / "token"
    token_file.write_text(emulator.create(element_key="stripe", name="payments")["token"])
    given = {"instance_name": "payments", "instance_element_key": "stripe", "instance_token_file": str(token_file)}
    assert ansible.playbook(PLAY, variables(ansible, **given, instance_state="absent")).rc == 0
    assert emulator.instances == []
    assert not token_file.exists()


def test_the_playbook_predicts_in_check_mode_and_provisions_with_a_connection_from_variables(ansible, emulator):
    token_file = ansible.home / "token"
    instance = {"instance_name": "payments", "instance_element_key": "stripe", "instance_api_key": CANARY}
    given = variables(ansible, **instance, instance_token_file=str(token_file))
    predicted = ansible.playbook("cloud_elements.platform.provision", given, "--check", "--diff")
    plan = "cloud_elements.platform.instance : Show the plan"
    assert predicted.rc == 0 and "changed=1" in predicted.output, predicted.output
    assert predicted.said[plan] == ["create instance 'payments' of element 'stripe'"]
    assert f"The instance payments would be created at {emulator.url}." in predicted.output
    assert CANARY not in predicted.output and emulator.instances == [] and not token_file.exists()
    connection = {"cloud_elements_user_secret": emulator.user_secret, "cloud_elements_base_url": emulator.url}
    without = {"CLOUD_ELEMENTS_USER_SECRET": "", "CLOUD_ELEMENTS_BASE_URL": ""}
    real = ansible.playbook(
        "cloud_elements.platform.provision", variables(ansible, **instance, **connection), **without
    )
    assert real.rc == 0 and "changed=1" in real.output, real.output
    (stored,) = emulator.instances
    assert f"payments has the id {stored['id']}" in real.output


def test_an_id_that_is_not_known_yet_is_no_failure_in_check_mode(ansible, emulator):
    hosts = {"none": {"instance_existing_id": None}, "blank": {"instance_existing_id": ""}}
    options = (*ansible.hosts(hosts), "-e", "cloud_elements_hosts=all", variables(ansible, instance_tags=["prod"]))
    predicted = ansible.playbook("cloud_elements.platform.provision", *options, "--check")
    assert predicted.rc == 0 and "Check mode cannot know the id" in " ".join(predicted.output.split()), predicted.output
    assert predicted.output.count("Which instance is meant is not known in check mode") == 2, predicted.output
    assert emulator.requests == []
