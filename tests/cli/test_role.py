# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role and the playbook: the same instance, its token handed on, and nothing shown."""

from __future__ import annotations

import os
import stat

import pytest
import yaml

CANARY = "canary-9f8e7d6c5b4a-secret"

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: cloud_elements.platform.instance
"""
# A task that writes a file costs as much as the role.
WITH_FACTS = f"""{PLAY}
    - ansible.builtin.copy:
        content: "{{{{ {{'id': instance_id, 'token': instance_token}} | to_json }}}}"
        dest: facts.json
        mode: "0600"
      no_log: true
"""


def variables(ansible, **given):
    """Write the variables of the role to a file and return the option that reads it."""
    path = ansible.home / "variables.yml"
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    return f"-e@{path}"


def test_the_role_hands_on_the_token_and_shows_neither_it_nor_a_secret(ansible, emulator):
    token_file = ansible.home / "token"
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_api_key=CANARY,
        instance_tags=["prod"],
        instance_token_file=str(token_file),
    )
    first = ansible.playbook(WITH_FACTS, given, "-vvvv", "--diff")
    second = ansible.playbook(WITH_FACTS, given, "-vvvv", "--diff")
    assert first.rc == second.rc == 0, first.output + second.output
    (stored,) = emulator.instances
    facts = yaml.safe_load((ansible.home / "facts.json").read_text())
    assert facts == {"id": stored["id"], "token": stored["token"]}
    assert token_file.read_text() == stored["token"]
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    for output in (first.output, second.output):
        for secret in (CANARY, stored["token"], emulator.user_secret, emulator.organization_secret):
            assert secret not in output
    assert "changed=0" in second.output


# Looks at the token file whenever a Python process is about to do something, and writes down what it sees.
WATCHER = """
import os, stat, sys

def look(event, arguments, token={token!r}, seen={seen!r}, busy=[]):
    if busy or not event.startswith(("os.", "open", "shutil.", "subprocess.", "tempfile.")):
        return
    busy.append(True)
    try:
        with open(token) as file, open(seen, "a") as log:
            log.write(f"{{stat.S_IMODE(os.stat(token).st_mode):o}} {{file.read()}}\\n")
    except OSError:
        pass
    busy.clear()

sys.addaudithook(look)
"""


@pytest.mark.parametrize("there", [None, "the old token"])
def test_nobody_else_can_read_the_token_file_at_any_time(ansible, emulator, there):
    (ansible.home / "place").mkdir()
    token_file, seen = ansible.home / "place" / "token", ansible.home / "seen"
    if there is not None:
        token_file.write_text(there)
        token_file.chmod(0o640)
    python_path = ansible.home / "watcher"
    python_path.mkdir()
    (python_path / "sitecustomize.py").write_text(WATCHER.format(token=str(token_file), seen=str(seen)))
    stored = emulator.create(element_key="stripe", name="payments")
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_token_file=str(token_file),
        instance_token_file_mode="0600",
    )
    play = ansible.home / "play.yml"
    play.write_text(PLAY)
    paths = os.pathsep.join([str(python_path), *filter(None, [ansible.environment.get("PYTHONPATH")])])
    for expected in ("changed=1", "changed=0"):
        run = ansible.command("bash", "-c", f"umask 0; ansible-playbook {play} {given}", PYTHONPATH=paths)
        assert run.rc == 0 and expected in run.output, run.output
    states = {None} if there is None else {f"640 {there}"}
    assert set(seen.read_text().splitlines()) - states == {f"600 {stored['token']}"}
    assert [path.name for path in token_file.parent.iterdir()] == ["token"]


def test_module_defaults_reach_the_role_and_variables_the_playbook(ansible, emulator):
    play = PLAY.replace(
        "  tasks:",
        f"""  module_defaults:
    group/cloud_elements.platform.all:
      user_secret: {emulator.user_secret}
      base_url: {emulator.url}
  tasks:""",
        1,
    )
    without = {"CLOUD_ELEMENTS_USER_SECRET": "", "CLOUD_ELEMENTS_BASE_URL": ""}
    given = variables(ansible, instance_name="payments", instance_element_key="stripe", instance_api_key=CANARY)
    run = ansible.playbook(play, given, **without)
    assert run.rc == 0, run.output
    connection = ansible.home / "connection.yml"
    connection.write_text(
        f"cloud_elements_user_secret: {emulator.user_secret}\ncloud_elements_base_url: {emulator.url}\n"
    )
    again = ansible.playbook("cloud_elements.platform.provision", given, f"-e@{connection}", **without)
    assert again.rc == 0 and "changed=0" in again.output, again.output


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
        instance_token_file=str(ansible.home / "token-{{ inventory_hostname }}"),
        ansible_connection="local",
        ansible_python_interpreter="{{ ansible_playbook_python }}",
    )
    run = ansible.playbook(PLAY.replace("hosts: localhost", "hosts: all"), "-i", "one,two,three", given)
    assert run.rc == 0, run.output
    (stored,) = emulator.instances
    assert [(ansible.home / f"token-{host}").read_text() for host in ("one", "two", "three")] == [stored["token"]] * 3
    assert [seen.method for seen in emulator.requests].count("POST") == 1


def test_the_role_makes_nothing_where_the_token_has_no_place(ansible, emulator):
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_api_key=CANARY,
        instance_token_file=str(ansible.home / "nowhere" / "token"),
    )
    run = ansible.playbook(PLAY, given)
    assert run.rc != 0 and "directory" in run.output and emulator.instances == []


def test_the_role_removes_the_instance_and_the_file(ansible, emulator):
    token_file = ansible.home / "token"
    given = {"instance_name": "payments", "instance_element_key": "stripe", "instance_token_file": str(token_file)}
    assert ansible.playbook(PLAY, variables(ansible, **given, instance_api_key=CANARY)).rc == 0
    assert token_file.exists()
    assert ansible.playbook(PLAY, variables(ansible, **given, instance_state="absent")).rc == 0
    assert emulator.instances == []
    assert not token_file.exists()


def test_the_role_predicts_in_check_mode(ansible, emulator):
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_api_key=CANARY,
        instance_token_file=str(ansible.home / "token"),
    )
    run = ansible.playbook(PLAY, given, "--check", "--diff")
    assert run.rc == 0, run.output
    plan = "cloud_elements.platform.instance : Show the plan"
    assert run.said[plan] == ["create instance 'payments' of element 'stripe'"] and CANARY not in run.output
    assert "changed=" in run.output and emulator.instances == []
    assert not (ansible.home / "token").exists()


def test_the_playbook_provisions_by_its_full_name(ansible, emulator):
    given = variables(ansible, instance_name="payments", instance_element_key="stripe", instance_api_key=CANARY)
    predicted = ansible.playbook("cloud_elements.platform.provision", given, "--check")
    assert f"The instance payments would be created at {emulator.url}." in predicted.output, predicted.output
    first = ansible.playbook("cloud_elements.platform.provision", given)
    second = ansible.playbook("cloud_elements.platform.provision", given)
    assert predicted.rc == first.rc == second.rc == 0, predicted.output + first.output + second.output
    (stored,) = emulator.instances
    assert f"payments has the id {stored['id']}" in first.output
    assert "changed=1" in predicted.output and "changed=1" in first.output and "changed=0" in second.output


@pytest.mark.parametrize("unknown", [None, ""])
def test_an_id_that_is_not_known_yet_is_no_failure_in_check_mode(ansible, emulator, unknown):
    given = variables(ansible, instance_existing_id=unknown, instance_tags=["prod"])
    predicted = ansible.playbook("cloud_elements.platform.provision", given, "--check")
    assert predicted.rc == 0 and "Check mode cannot know the id" in " ".join(predicted.output.split()), predicted.output
    real = ansible.playbook("cloud_elements.platform.provision", given)
    assert real.rc != 0 and "id is null or empty" in real.output and emulator.requests == []


def test_a_token_file_without_an_absolute_path_is_refused_before_anything_is_done(ansible, emulator):
    given = variables(
        ansible, instance_name="payments", instance_element_key="stripe", instance_token_file="relative.token"
    )
    run = ansible.playbook(PLAY, given)
    assert run.rc != 0 and "must be the absolute path of a file" in " ".join(run.output.split())
    assert emulator.requests == []


@pytest.mark.parametrize("ending", ["", "/"])
def test_the_role_never_removes_a_directory(ansible, emulator, ending):
    folder = ansible.home / "application"
    (folder / "data").mkdir(parents=True)
    emulator.create(element_key="stripe", name="payments")
    given = variables(
        ansible,
        instance_name="payments",
        instance_element_key="stripe",
        instance_state="absent",
        instance_token_file=f"{folder}{ending}",
    )
    run = ansible.playbook(PLAY, given)
    assert run.rc != 0 and "file" in run.output
    assert (folder / "data").is_dir() and len(emulator.instances) == 1
