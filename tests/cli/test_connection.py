# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two accounts are at hand, with secrets of their own, and each task reaches the one that the precedence names."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator

INFO = "cloud_elements.platform.cloud_elements_instance_info"
TOKEN = "{{ lookup('cloud_elements.platform.cloud_elements_token', 'payments') }}"


@pytest.fixture
def other():
    """The second account: one that the environment does not lead to."""
    with Emulator(strict=True, user_secret="user-of-the-other-account", organization_secret="of-the-other") as running:
        yield running
        assert running.violations == []


def options(account):
    """Return the options that lead to an account."""
    return {
        "user_secret": account.user_secret,
        "organization_secret": account.organization_secret,
        "base_url": account.url,
    }


def variables(account):
    """Return the variables that lead to an account."""
    return {f"cloud_elements_{option}": value for option, value in options(account).items()}


def task(account, given=None, module=INFO, **keywords):
    """Return a task, and one that fails unless it reached the account."""
    register = {"register": "result", **keywords}
    reached = {"ansible.builtin.assert": {"that": f"result.base_url == '{account.url}'"}}
    return [{module: given or {}, **register}, reached]


def looked_up(stored, template=TOKEN, **keywords):
    """Return a task that fails unless the lookup finds the token of an instance."""
    found = {"ansible.builtin.assert": {"that": "token == expected"}, "no_log": True}
    return [{**found, "vars": {"token": template, "expected": stored["token"], **keywords}}]


def play(*tasks, hosts="localhost", **keywords):
    return {"hosts": hosts, "gather_facts": False, **keywords, "tasks": [one for pair in tasks for one in pair]}


def hides_all(run, *accounts):
    return not any(
        secret in run.output for account in accounts for secret in (account.user_secret, account.organization_secret)
    )


def test_an_option_wins_over_module_defaults_these_over_variables_and_these_over_the_environment(
    ansible, emulator, other
):
    defaults = {"group/cloud_elements.platform.all": options(emulator)}
    of_one = {INFO: options(emulator)}
    of_another = {"cloud_elements.platform.cloud_elements_instance": {"base_url": "http://127.0.0.1:9"}}
    run = ansible.playbook(
        [
            play(
                task(emulator),
                task(other, vars=variables(other)),
                task(emulator, vars=variables(other), module_defaults=defaults),
                task(emulator, vars=variables(other), module_defaults=of_one),
                task(other, vars=variables(other), module_defaults=of_another),
                task(other, options(other), module_defaults=defaults),
                # Each option is looked for by itself: here the secrets are those of the other account.
                [{INFO: {"base_url": other.url}, "register": "result", "ignore_errors": True}],
                [{"ansible.builtin.assert": {"that": "result.error.kind == 'unauthorized'"}}],
            )
        ],
        "-vvv",
        ANSIBLE_INJECT_INVOCATION="true",
    )
    assert run.rc == 0, run.output
    assert len(emulator.requests) == 3 and [seen.status for seen in other.requests] == [404] * 3 + [401]
    assert hides_all(run, emulator, other)


def test_the_variables_are_those_of_the_host_wherever_and_however_the_task_runs(ansible, emulator, other):
    # Ansible itself looks for the job in the home of the user, whatever HOME says.
    ours = {**variables(other), "ansible_async_dir": str(ansible.home / "jobs")}
    looped = {f"cloud_elements_{option}": f"{{{{ item.{option} }}}}" for option in options(other)}
    both = [options(other), options(emulator)]
    run = ansible.playbook(
        [
            play(
                task(other, delegate_to="theirs"),
                task(other, run_once=True, delegate_to="{{ item }}", loop=["theirs"])[:1],
                [{"ansible.builtin.assert": {"that": f"result.results[0].base_url == '{other.url}'"}}],
                [{INFO: {}, "vars": looped, "loop": both, "no_log": True, "register": "result"}],
                [{"ansible.builtin.assert": {"that": "result.results | map(attribute='base_url') == urls"}}],
                task(other, **{"async": 60, "poll": 1}),
                hosts="ours",
                vars={"urls": [account["base_url"] for account in both]},
            )
        ],
        *ansible.hosts({"ours": ours, "theirs": variables(emulator)}),
        "-vvv",
    )
    assert run.rc == 0, run.output
    assert len(emulator.requests) == 1 and len(other.requests) == 4
    assert hides_all(run, emulator, other)


def test_an_ad_hoc_call_reaches_the_account_of_each_host(ansible, emulator, other):
    hosts = ansible.hosts({"ours": variables(other), "theirs": variables(emulator)})
    run = ansible.command("ansible", "all", "-m", INFO, *hosts, "-vvv", CLOUD_ELEMENTS_BASE_URL="http://127.0.0.1:9")
    assert run.rc == 0, run.output
    assert len(other.requests) == len(emulator.requests) == 1
    assert hides_all(run, emulator, other)


def test_extra_variables_win_over_others_and_can_be_vaulted_refer_to_others_and_be_left_out(ansible, emulator, other):
    (ansible.home / "password").write_text("made-up")
    vault = ("--vault-password-file", "password")
    encrypt = ("ansible-vault", "encrypt_string", *vault, "--name", "cloud_elements_user_secret", other.user_secret)
    encrypted = ansible.command(*encrypt)
    assert encrypted.rc == 0
    rest = {
        "cloud_elements_organization_secret": "{{ kept_elsewhere }}",
        "kept_elsewhere": other.organization_secret,
        "cloud_elements_base_url": other.url,
        "cloud_elements_ca_path": "{{ nothing | default(omit) }}",
        "cloud_elements_timeout": "{{ 30 }}",
        "cloud_elements_validate_certs": "no",
    }
    text = encrypted.output.partition("\nEncryption successful")[0] + "\n" + yaml.safe_dump(rest)
    (ansible.home / "account.yml").write_text(text)
    stored = other.create("stripe", "payments", {"username": "u", "password": "p"})
    # The play and the task name the other one.
    ours = variables(emulator)
    tasks = [task(other, vars=ours), looked_up(stored, **ours)]
    run = ansible.playbook([play(*tasks, vars=ours)], "-e@account.yml", *vault, "-vvv")
    assert run.rc == 0, run.output
    assert emulator.requests == [] and hides_all(run, emulator, other)


NOT_USABLE = {
    "blank": ("organization_secret", " \n", "The variable cloud_elements_organization_secret is empty."),
    "no_number": ("timeout", "canary-in-a-wrong-place", "The variable cloud_elements_timeout is not a number."),
    "mapping": ("user_secret", {"a": "canary-in-a-mapping"}, "The variable cloud_elements_user_secret is not a text."),
    "undefined": (
        "user_secret",
        "{{ nowhere }}",
        "The variable cloud_elements_user_secret cannot be resolved: 'nowhere' is undefined",
    ),
}


def test_a_variable_that_cannot_be_used_is_named_and_nothing_is_sent(ansible, emulator):
    hosts = {
        name: {f"cloud_elements_{option}": value, "expected": words}
        for name, (option, value, words) in NOT_USABLE.items()
    }
    run = ansible.playbook(
        [
            play(
                [{INFO: {}, "register": "result", "ignore_errors": True}],
                [{"ansible.builtin.assert": {"that": ["expected in result.msg", "result.error.kind == kind"]}}],
                [{"ansible.builtin.set_fact": {"token": TOKEN}, "register": "result", "ignore_errors": True}],
                [{"ansible.builtin.assert": {"that": "expected in result.msg"}}],
                hosts="all",
                vars={"kind": "invalid_options"},
            )
        ],
        *ansible.hosts(hosts),
    )
    assert run.rc == 0, run.output
    assert emulator.requests == [] and "canary" not in run.output


def test_a_blank_environment_variable_is_not_set_and_one_of_another_type_is_named(ansible, emulator):
    emulator.create("stripe", "payments", {"username": "u", "password": "p"})
    looked_up = {"ansible.builtin.set_fact": {"token": TOKEN}, "register": "result"}
    failed = {"register": "result", "ignore_errors": True}
    expected = "'The environment variable CLOUD_ELEMENTS_RETRIES is not a whole number.' in result.msg"
    blank = {f"CLOUD_ELEMENTS_{name}": " " for name in ("VALIDATE_CERTS", "CA_PATH", "TIMEOUT", "DEADLINE")}
    run = ansible.playbook(
        [
            play(
                [{INFO: {}, "environment": {"CLOUD_ELEMENTS_RETRIES": ""}}],
                # An option or a variable comes first, so that nobody asks for what the environment has.
                task(emulator, {"retries": 1}),
                [{**looked_up, "vars": {"cloud_elements_retries": 1}}],
                [{INFO: {}, **failed}, {"ansible.builtin.assert": {"that": [expected, "result.error.kind == kind"]}}],
                [{**looked_up, **failed}, {"ansible.builtin.assert": {"that": expected}}],
                vars={"kind": "invalid_options"},
            )
        ],
        **blank,
        CLOUD_ELEMENTS_RETRIES="inf",
    )
    assert run.rc == 0, run.output
    assert len(emulator.requests) == 3


TOKEN_GIVEN = "{{ lookup('cloud_elements.platform.cloud_elements_token', 'payments', **given) }}"
STRIPE = {"name": "payments", "element_key": "stripe"}


def roles(account, **keywords):
    """Return tasks that run both roles, and fail unless they reached the account."""
    given = {
        "instance": {"instance_name": "payments", "instance_element_key": "stripe"},
        "fleet": {"fleet_instances": [STRIPE]},
    }
    variables = keywords.pop("vars", {})
    return [
        task
        for role, own in given.items()
        for task in (
            {
                "ansible.builtin.include_role": {"name": f"cloud_elements.platform.{role}"},
                "vars": {**own, **variables},
                **keywords,
            },
            {"ansible.builtin.assert": {"that": f"{role}_result.base_url == '{account.url}'"}},
        )
    ]


def test_roles_and_the_lookup_have_the_same_precedence(ansible, emulator, other):
    ours, theirs = (
        account.create("stripe", "payments", {"username": "u", "password": "p"}) for account in (emulator, other)
    )
    defaults = {"group/cloud_elements.platform.all": options(emulator)}
    run = ansible.playbook(
        [
            play(looked_up(ours), roles(other, vars=variables(other)), looked_up(theirs, **variables(other))),
            play(
                roles(emulator),
                # No defaults of modules are for a lookup.
                looked_up(theirs),
                looked_up(ours, TOKEN_GIVEN, given=options(emulator)),
                vars=variables(other),
                module_defaults=defaults,
            ),
        ]
    )
    assert run.rc == 0, run.output
