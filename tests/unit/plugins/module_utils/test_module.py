# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible.module_utils.common.parameters import PASS_VARS
from ansible.module_utils.testing import patch_module_args
from ansible_collections.cloud_elements.platform.plugins.module_utils import _module
from ansible_collections.cloud_elements.platform.plugins.module_utils._api import run as the_run
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection import DEFAULT_BASE_URL
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.connection_options import CONNECTION
from ansible_collections.cloud_elements.platform.plugins.module_utils._api.http_messages import Request
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.errors import CloudElementsError, ErrorKind
from ansible_collections.cloud_elements.platform.plugins.module_utils._module import run_module
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.argument_spec import INSTANCE
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.instance.single import ensure_instance
from ansible_collections.cloud_elements.platform.tests.unit.plugins.module_utils.conversation import (
    Stage,
    Turn,
    listed,
    patched,
    refused,
    row,
)

# Since ansible-core 2.21 a result has its invocation only if it is asked for; before, nobody can ask.
ASKED = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}

GIVEN = {
    "user_secret": "canary-user",
    "organization_secret": "canary-organization",
    "name": "payments",
    "element_key": "stripe",
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    """Leave nothing of the tester's own environment that options would fall back on."""
    for variable in CONNECTION.fallbacks.values():
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def run(monkeypatch, capsys):
    """Return what runs a module in this process and gives back its exit code and its result."""

    def run(*script, engine=ensure_instance, check_mode=False, **options):
        stage = Stage(*script)
        stage.close = lambda: None
        monkeypatch.setattr(the_run, "Transport", lambda connection: stage)
        merged = {**GIVEN, **ASKED, **options, "_ansible_check_mode": check_mode}
        args = {name: value for name, value in merged.items() if value is not None}
        with stage, patch_module_args(args), pytest.raises(SystemExit) as ended:
            run_module(CONNECTION + INSTANCE, engine, writes=True)
        return ended.value.code, json.loads(capsys.readouterr().out)

    return run


def raising(error):
    def engine(params, _run):
        raise error

    return engine


def test_a_success_returns_what_was_done_and_how_often_the_platform_was_called(run):
    code, result = run(listed(row(7)), patched({"tags": ["a"]}, row(7, tags=["a"])), tags=["a"])
    assert code == 0
    assert (result["changed"], result["id"], result["token"]) == (True, 7, "token-of-7")
    assert result["actions"] == ["set tags to a"]
    assert result["api_calls"] == {"GET": 1, "PATCH": 1}
    assert result["base_url"] == DEFAULT_BASE_URL
    assert "error" not in result


@pytest.mark.parametrize("secret", ["7", "2", "true", "token", "stripe", "payments"])
def test_a_secret_that_is_found_in_other_values_by_chance_does_not_cut_them_to_pieces(run, secret):
    _code, result = run(listed(row(7)), api_key=secret)
    assert (result["id"], result["token"]) == (7, "token-of-7")
    assert (result["instance"]["name"], result["instance"]["element_key"]) == ("payments", "stripe")


def test_the_invocation_shows_the_keys_of_what_was_given_and_no_secret(run):
    _code, result = run(
        listed(row(7)),
        Turn(Request("GET", "/elements/stripe"), refused(403)),
        api_key="canary-api-key",
        secret_configuration={"password": "canary-password"},
        provider_data={"code": "canary-code"},
        configuration={"site": "x"},
    )
    shown = result["invocation"]["module_args"]
    assert set(shown["secret_configuration"]) == {"password"}
    assert "canary" not in json.dumps(result)


@pytest.mark.parametrize("url", ["https://u:canary@api.example.com", "canary@host", "https://canary:@[broken"])
def test_the_invocation_shows_no_base_url_that_may_hold_a_password(run, url):
    code, result = run(base_url=url)
    assert code == 1
    assert result["invocation"]["module_args"]["base_url"] == "********"
    assert "canary" not in json.dumps(result["invocation"])


def test_the_invocation_shows_any_other_base_url(run):
    url = "https://api.example.com/elements/api-v2"
    assert run(listed(row(7)), base_url=url)[1]["invocation"]["module_args"]["base_url"] == url


def test_options_that_ansible_refuses_fail_like_those_that_we_refuse(run):
    code, result = run(api_key="absnt", api_kye="canary", secret_configuration={"password": "canary"}, state="absnt")
    assert code == 1
    assert result["error"]["kind"] == "invalid_options"
    shown = result["invocation"]["module_args"]
    assert (shown["api_kye"], shown["secret_configuration"], shown["name"]) == (
        "********",
        {"password": "********"},
        "payments",
    )
    assert "canary" not in json.dumps(result)


def test_a_refusal_quotes_what_is_no_secret(run):
    assert run(api_key="canary", state="absnt")[1]["msg"].endswith("got: absnt. state: did you mean 'absent'?")


def test_a_text_in_place_of_secrets_is_refused_before_it_is_taken_apart(run):
    code, result = run(secret_configuration="canary==")
    assert (code, result["error"]["kind"]) == (1, "invalid_options")
    assert "secret_configuration must be a mapping" in result["msg"]
    assert "canary" not in json.dumps(result)


def test_secrets_can_be_given_as_json(run):
    _code, result = run(listed(row(7)), secret_configuration=json.dumps({"password": "canary-password"}))
    assert result["id"] == 7
    assert result["invocation"]["module_args"]["secret_configuration"] == "********"


def test_a_failure_says_why_for_people_and_for_machines_and_what_was_done_before(run):
    body = {"tags": ["a"]}
    code, result = run(listed(row(7)), patched(body, row(7)), patched(body, refused(403)), tags=["a"])
    assert code == 1
    assert result["failed"]
    assert result["changed"]
    assert result["error"]["kind"] == "forbidden"
    assert result["error"]["status"] == 403
    assert result["actions"] == ["set tags to a"]
    assert result["msg"].endswith("Done before that: set tags to a.")
    assert result["api_calls"] == {"GET": 1, "PATCH": 2}


def test_a_missing_secret_is_a_failure_without_any_request(run):
    code, result = run(user_secret=None)
    assert code == 1
    assert result["error"]["kind"] == "invalid_options"
    assert "CLOUD_ELEMENTS_USER_SECRET" in result["msg"]


def test_options_fall_back_on_the_environment(run, monkeypatch):
    monkeypatch.setenv("CLOUD_ELEMENTS_USER_SECRET", "from-the-environment")
    assert run(listed(row(7)), user_secret=None)[0] == 0


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_blank_environment_variable_is_not_set(run, monkeypatch, blank):
    for variable in CONNECTION.fallbacks.values():
        monkeypatch.setenv(variable, blank)
    code, result = run(listed(row(7)))
    assert (code, result["base_url"]) == (0, DEFAULT_BASE_URL)
    assert "user_secret is missing" in run(user_secret=None)[1]["msg"]


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("timeout", "canary", "is not a number."),
        ("deadline", "600 s", "is not a number."),
        ("retries", "5.5", "is not a whole number."),
        ("retries", "inf", "is not a whole number."),
        ("validate_certs", "canary", "is not a boolean, such as true or false."),
    ],
)
def test_an_environment_variable_of_another_type_is_named_unless_an_option_comes_first(
    run, monkeypatch, option, value, problem
):
    variable = f"CLOUD_ELEMENTS_{option.upper()}"
    monkeypatch.setenv(variable, value)
    code, result = run()
    assert (code, result["error"]["kind"]) == (1, "invalid_options")
    assert result["msg"] == f"The environment variable {variable} {problem}"
    assert run(listed(row(7)), **{option: 1})[0] == 0


@pytest.mark.parametrize("option", CONNECTION.spec)
@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_blank_option_is_refused_whatever_the_environment_has(monkeypatch, capsys, option, blank):
    monkeypatch.setenv(f"CLOUD_ELEMENTS_{option.upper()}", "1")
    with patch_module_args({**GIVEN, option: blank}), pytest.raises(SystemExit) as ended:
        run_module(CONNECTION + INSTANCE, ensure_instance)
    result = json.loads(capsys.readouterr().out)
    assert (ended.value.code, result["error"]["kind"]) == (1, "invalid_options")
    assert result["msg"] == f"{option} is empty. If it comes from a variable, that one is empty."


def test_a_base_url_without_the_path_of_the_platforms_own_is_used_and_warned_of(run):
    result = run(listed(row(7)), base_url="https://proxy.example.com/platform")[1]
    assert "failed" not in result
    expected = "base_url is https://proxy.example.com/platform, which does not end with /elements/api-v2"
    assert any(expected in str(warning) for warning in result["warnings"])


def test_a_missing_library_is_a_failure_of_its_own_kind(run, monkeypatch):
    monkeypatch.setattr(_module, "REQUESTS_IMPORT_ERROR", "traceback")
    code, result = run()
    assert code == 1
    assert result["error"]["kind"] == "missing_library"


def test_a_mistake_of_ours_tells_where_and_nothing_of_what_it_was_about(run):
    code, result = run(engine=raising(ValueError("canary")))
    assert code == 1
    assert result["error"]["kind"] == "internal"
    assert "ValueError in test_module.py" in result["msg"]
    assert "canary" not in json.dumps(result)


def test_warnings_are_given_also_where_the_task_fails(run):
    def engine(params, run):
        run.warn("mind this")
        run.warn("mind this")
        raise CloudElementsError(ErrorKind.REFUSED, "No.")

    result = run(engine=engine)[1]
    assert [warning for warning in result.get("warnings", []) if "mind this" in str(warning)]


def test_check_mode_is_passed_on_and_nothing_was_done_where_it_fails(run):
    _code, result = run(listed(row(7)), check_mode=True, tags=["a"])
    assert result["changed"]
    assert result["api_calls"] == {"GET": 1}
