# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the values of variables come from, and what comes in their place if secrets are not wanted."""

from __future__ import annotations

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_documents import Document
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_files import (
    Directory,
    UnreadableError,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_nodes import Encrypted, Variable
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_variables import (
    UnknownValueError,
    VariableValues,
    read_secrets,
    resolve,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_yaml import parse

VAULTED = "!vault '$ANSIBLE_VAULT;1.1;AES256'"


def decrypt(ciphertext):
    assert ciphertext.startswith("$ANSIBLE_VAULT")
    return "decrypted"


def no_password(_ciphertext):
    raise UnknownValueError("The value cannot be decrypted.")


def resolved(text, secrets_file="{}", *, kind="instances", secrets=True, host=None, decrypt=decrypt):
    """Return the options and the problems of one document."""
    document = Document(kind, "f.yml", ("x",), parse(text, "f.yml")[0])
    variables = parse(secrets_file, "secrets.yml")[0].entries
    values = VariableValues(variables, (host or {}).__getitem__, decrypt, "Define it.")
    found, problems = resolve([document], values, secrets=secrets)
    return found[kind][0], [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("secrets_file", "host", "value"),
    [
        ("a: b", {}, "b"),
        ("a: b", {"a": "c"}, "b"),
        ("{}", {"a": "c"}, "c"),
        ("a: ''", {"a": "c"}, "c"),
        ("a: ~", {"a": "c"}, "c"),
        ("a: '{{ b }}'\nb: '{{ c }}'\nc: d", {}, "d"),
        ("a: '{{ b }}'", {"b": "c"}, "c"),
        ("a: ['{{ b }}', {c: 1}]\nb: d", {}, ["d", {"c": 1}]),
        (f"a: {VAULTED}", {}, "decrypted"),
        ("a: !unsafe '{{ b }}'", {"b": "c"}, "{{ b }}"),
        ("{}", {"a": "{{ b }}"}, "{{ b }}"),
    ],
)
def test_a_value_comes_from_the_file_of_secrets_and_else_from_the_host(secrets_file, host, value):
    options, problems = resolved("{name: n, secret_configuration: {k: '{{ a }}'}}", secrets_file, host=host)
    assert problems == [] and options == {"name": "n", "secret_configuration": {"k": value}}


def test_a_variable_may_stand_for_any_value_anywhere():
    options, problems = resolved(
        "{id: '{{ a }}', tags: ['{{ b }}'], definition: {steps: ['{{ a }}', {x: '{{ b }}'}]}, "
        "configuration: '{{ c }}'}",
        "{a: 7, b: t, c: {d: e}}",
    )
    assert problems == []
    assert options == {
        "id": 7,
        "tags": ["t"],
        "definition": {"steps": [7, {"x": "t"}]},
        "configuration": {"d": "e"},
    }


def test_all_values_that_are_not_known_are_named_at_once():
    _options, problems = resolved(
        "name: '{{ a }}'\napi_key: '{{ b }}'\nconfiguration:\n  url: '{{ c }}'\n  password: '{{ d }}'\n"
        f"provider_data:\n  code: '{{{{ e }}}}'\n  state: {VAULTED}\n",
        "{b: '', d: ' ', e: '{{ f }}', f: '{{ e }}'}",
        decrypt=no_password,
    )
    assert problems == [
        "f.yml:1: x.name: The variable a is not defined. Define it.",
        "f.yml:2: x.api_key: The variable b is empty. Fill it in.",
        "f.yml:4: x.configuration.url: The variable c is not defined. Define it.",
        "f.yml:5: x.configuration.password: The variable d is empty. Fill it in.",
        "f.yml:7: x.provider_data.code: The variable e refers to itself. Give it a value.",
        "f.yml:8: x.provider_data.state: The value cannot be decrypted.",
    ]


def test_an_empty_value_is_one_where_no_secret_belongs():
    options, problems = resolved(
        "{configuration: {url: '{{ a }}', password: '{{ a }}'}, plain_keys: [password]}", "a: ''"
    )
    assert problems == [] and options["configuration"] == {"url": "", "password": ""}


@pytest.mark.parametrize("reference", ["'{{ a }}'", VAULTED])
def test_without_secrets_null_comes_in_their_place_and_nothing_is_looked_up(reference):
    text = (
        f"{{name: n, api_key: {reference}, secret_configuration: {{k: {reference}, l: [{reference}]}}, "
        f"provider_data: {reference}, configuration: {{password: {reference}, pin: literal, url: u}}}}"
    )
    options, problems = resolved(text, secrets=False, decrypt=no_password)
    assert problems == []
    assert options == {
        "name": "n",
        "api_key": None,
        "secret_configuration": {"k": None, "l": [None]},
        "provider_data": None,
        "configuration": {"pin": "literal", "url": "u"},
    }


def test_without_secrets_other_variables_are_those_of_the_host():
    text = "{name: '{{ a }}', configuration: {url: '{{ b }}'}}"
    assert resolved(text, secrets=False, host={"a": "n", "b": "u"}) == (
        {"name": "n", "configuration": {"url": "u"}},
        [],
    )
    options, problems = resolved(text, secrets=False)
    assert options["configuration"] == {} and len(problems) == 1  # It is left out, and so left alone.


def test_without_secrets_a_mask_in_a_formula_keeps_what_is_there():
    text = f"definition: {{name: n, steps: [{{name: s, properties: {{url: '{{{{ a }}}}', body: {VAULTED}}}}}]}}"
    options, problems = resolved(text, kind="formulas", secrets=False, decrypt=no_password)
    assert problems == []
    assert options["definition"]["steps"][0]["properties"] == {"url": "********", "body": "********"}
    assert resolved(text, "a: b", kind="formulas")[0]["definition"]["steps"][0]["properties"]["url"] == "b"


def test_what_names_a_secret_in_the_configuration_of_other_kinds_is_no_secret():
    text = "{name: n, transformations: [{element_key: e, configuration: [{type: t, password: '{{ a }}'}]}]}"
    for configuration in ("transformations", "definition"):
        options, problems = resolved(
            text.replace("transformations", configuration), kind="common_resources", secrets=False
        )
        assert len(problems) == 1 and options["name"] == "n"


def variables_in(tmp_path, **files):
    """Return the variables of a file of secrets, and whether everybody can read values in it."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = read_secrets(Directory(str(tmp_path)), lambda path, shown: f"a: {path == str(tmp_path / 'secrets.yml')}")
    return {name: node.data() for name, node in found.variables.items()}, found.is_exposed


@pytest.mark.parametrize(
    ("content", "variables", "exposed"),
    [
        (b"a: b", {"a": "b"}, True),
        (b"a: [b]", {"a": ["b"]}, True),
        (b"a: ''\nc: ~", {"a": "", "c": None}, False),
        (b"a: '{{ b }}'", {"a": Variable("b")}, False),
        (b"a: !vault $ANSIBLE_VAULT;1", {"a": Encrypted("$ANSIBLE_VAULT;1")}, False),
        (b"$ANSIBLE_VAULT;1.1;AES256\n61", {"a": True}, False),
    ],
)
def test_the_file_of_secrets_may_be_plain_or_encrypted(tmp_path, content, variables, exposed):
    assert variables_in(tmp_path, **{"secrets.yml": content}) == (variables, exposed)


def test_the_file_of_secrets_may_be_missing(tmp_path):
    assert variables_in(tmp_path) == ({}, False)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[canary]", 1),
        (b"a: canary: b", 1),
        (b"a: b\nc: '{{ canary() }}'", 2),
        (b"a: *canary", 1),
        (b"a: \xffcanary", 1),
    ],
)
def test_what_is_wrong_with_the_file_of_secrets_is_said_without_a_value(tmp_path, content, line):
    with pytest.raises(UnreadableError) as raised:
        variables_in(tmp_path, **{"secrets.yml": content})
    (problem,) = map(str, raised.value.problems)
    assert problem.startswith(f"{tmp_path}/secrets.yml:{line}: ") and "canary" not in problem


def test_two_files_of_secrets_are_a_problem(tmp_path):
    with pytest.raises(UnreadableError) as raised:
        variables_in(tmp_path, **{"secrets.yml": b"{}", "secrets.json": b"{}"})
    assert str(raised.value.problems[0]).endswith("secrets.yml: There is secrets.json too. Keep one of them.")
