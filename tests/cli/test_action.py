# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin fills arguments of the module, shows how far a fleet is, and leaves the task alone.

Not beside the unit tests: once a process has loaded plugins of the controller, its modules warn in another way.
"""

from __future__ import annotations

import importlib
import re
import types

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleUndefinedVariable, AnsibleValueOmittedError
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.plugins.shell.sh import ShellModule
from ansible_collections.cloud_elements.platform.plugins.action.cloud_elements_instance import ActionModule
from ansible_collections.cloud_elements.platform.tests.cli import pages

PLUGINS = "ansible_collections.cloud_elements.platform.plugins"
GIVEN = {"name": "payments", "user_secret": "of-the-task"}


class Templar:
    """Resolves nothing, or fails as it is told."""

    def template(self, value):
        if isinstance(value, Exception):
            raise value
        return value


@pytest.fixture
def run(monkeypatch):
    """Return what runs the action with variables, and returns its result, what it executed, and the task."""

    def run(**variables):
        executed = []

        def keep(self, module_name=None, module_args=None, **how):
            executed.append({"module_name": module_name, "module_args": module_args, **how})

        monkeypatch.setattr(NormalAction, "_execute_module", keep)

        def as_ansible_does(self, tmp=None, task_vars=None):
            self._execute_module(task_vars=task_vars, wrap_async=True)
            self._execute_module(module_name="ansible.legacy.stat", module_args={"path": "x"}, task_vars=task_vars)
            return {"changed": True}

        monkeypatch.setattr(NormalAction, "run", as_ansible_does)
        task = types.SimpleNamespace(args=dict(GIVEN), action="cloud_elements.platform.cloud_elements_instance")
        action = ActionModule(task, None, None, None, Templar(), None)
        return action.run(task_vars=variables), executed, task

    return run


def test_missing_arguments_are_filled_in_a_copy_and_all_else_is_as_without_the_plugin(run):
    variables = {
        "cloud_elements_user_secret": "of-the-host",
        "cloud_elements_organization_secret": "of-the-host",
        "cloud_elements_deadline": "90",
        "cloud_elements_ca_path": "~/authority.pem",
        "cloud_elements_unknown": "",
        "cloud_elements_timeout": AnsibleValueOmittedError(),
    }
    result, (module, other), task = run(**variables)
    assert result == {"changed": True}
    assert module == {
        "module_name": None,
        "module_args": {
            **GIVEN,
            "organization_secret": "of-the-host",
            "deadline": "90",
            "ca_path": "~/authority.pem",
        },
        "task_vars": variables,
        "wrap_async": True,
    }
    assert other == {"module_name": "ansible.legacy.stat", "module_args": {"path": "x"}, "task_vars": variables}
    assert task.args == GIVEN


def test_every_module_that_connects_is_routed_to_the_plugin():
    runtime = yaml.safe_load(pages.page("meta/runtime.yml"))
    routed = {name: route["action_plugin"] for name, route in runtime["plugin_routing"]["modules"].items()}
    connecting = [
        path.stem for path in (pages.ROOT / "plugins" / "modules").glob("*.py") if "def main" in path.read_text("utf-8")
    ]
    assert {*connecting, "cloud_elements_account_provision"} == set(runtime["action_groups"]["all"])
    assert routed == dict.fromkeys(sorted(connecting), "cloud_elements.platform.cloud_elements_instance")
    account = importlib.import_module(f"{PLUGINS}.action.cloud_elements_account_provision")
    assert issubclass(account.ActionModule, ActionModule)


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("organization_secret", "", "is empty. Set it, or remove it."),
        ("base_url", None, "is empty. Set it, or remove it."),
        ("organization_secret", ["canary"], "is not a text."),
        ("retries", "inf", "is not a whole number."),
        ("validate_certs", "perhaps", "is not a boolean, such as true or false."),
        (
            "organization_secret",
            AnsibleUndefinedVariable("'nowhere' is undefined"),
            "cannot be resolved: 'nowhere' is undefined",
        ),
    ],
)
def test_nothing_runs_if_a_variable_cannot_be_used(run, option, value, problem):
    result, executed, _task = run(**{f"cloud_elements_{option}": value})
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"] == f"The variable cloud_elements_{option} {problem}"
    assert result["error"]["kind"] == "invalid_options"
    assert executed == []


def test_an_account_comes_from_one_place_with_a_plan_that_is_one(ansible, emulator):
    (ansible.home / "mine.json").write_text("{}")
    module = "cloud_elements.platform.cloud_elements_account_provision"
    arguments = [
        ({"account_dir": "prod", "formulas": [{"name": "sync"}]}, "Give either account_dir or formulas."),
        ({"plan_dest": "mine.json"}, "mine.json is there and is not a plan, so it is not overwritten."),
        ({"expected_plan": "mine.json"}, "mine.json cannot be used. It is not a plan"),
        ({"account_dir": "nowhere"}, "There is no such directory."),
    ]
    tasks = [{module: given, "register": "result", "failed_when": "not result.failed"} for given, _words in arguments]
    tasks = [task for each in tasks for task in (each, {"ansible.builtin.debug": {"msg": "{{ result.msg }}"}})]
    run = ansible.playbook([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    assert run.rc == 0 and emulator.requests == [], run.output
    for _given, words in arguments:
        assert words in run.output


FLEET = "cloud_elements.platform.cloud_elements_instances"


@pytest.mark.parametrize(
    ("action", "transport", "asynchronous", "followed"),
    [
        (FLEET, "local", 0, True),
        ("cloud_elements_instances", "local", 0, True),
        ("cloud_elements.platform.cloud_elements_instance", "local", 0, False),
        (FLEET, "ssh", 0, False),
        (FLEET, "local", 60, False),
    ],
)
def test_only_a_fleet_on_this_machine_gets_a_file_for_its_progress(
    monkeypatch, tmp_path, action, transport, asynchronous, followed
):
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(NormalAction, "_compute_environment_string", lambda _self, _raw=None: "OF=task")
    environments = []

    def run(self, tmp=None, task_vars=None):
        environments.append((self._compute_environment_string(), list(tmp_path.iterdir())))
        raise KeyboardInterrupt

    monkeypatch.setattr(NormalAction, "run", run)
    task = types.SimpleNamespace(args={}, action=action, async_val=asynchronous)
    connection = types.SimpleNamespace(transport=transport, _shell=ShellModule())
    plugin = ActionModule(task, connection, None, None, Templar(), None)
    with pytest.raises(KeyboardInterrupt):
        plugin.run(task_vars={"inventory_hostname": "prod"})
    ((environment, files),) = environments
    assert environment == (f"OF=task CLOUD_ELEMENTS_PROGRESS_FILE={files[0]}" if followed else "OF=task")
    assert len(files) == followed and list(tmp_path.iterdir()) == []


def test_a_run_of_more_than_ten_seconds_shows_how_far_it_is(ansible, emulator):
    emulator.switches.create_seconds = 1
    instances = [
        {"name": f"payments {number}", "element_key": "stripe", "api_key": "canary-key"} for number in range(28)
    ]
    tasks = [{FLEET: {"instances": instances, "concurrency": 2}, "no_log": True}]
    run = ansible.playbook([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    assert run.rc == 0, run.output
    (line,) = [line for line in run.output.splitlines() if "28 done" in line]
    assert re.fullmatch(r"\[localhost\] (\d+) of 28 done, \1 created, about \d seconds left", line)
    assert "payments" not in run.output and "canary" not in run.output
