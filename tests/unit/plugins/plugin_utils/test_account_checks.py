# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of a directory are read, what is said of the others, and what is checked in all of them together."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.cloud_elements.platform.plugins.plugin_utils import _account_files
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_checks import check
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_documents import Document, read
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_files import Directory
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_kinds import KINDS_BY_NAME
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_yaml import parse
from hypothesis import given
from hypothesis import strategies as st

FORMULA = "definition: {name: %s, steps: [{name: s, type: script, properties: {body: done()}}]}\n"


@pytest.fixture
def write(tmp_path):
    """Write files to the directory of an account, each under its name."""

    def write_files(**files):
        for name, content in files.items():
            path = tmp_path / "account" / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(tmp_path / "account")

    return write_files


def checked(path, include=tuple(KINDS_BY_NAME)):
    return check(*read(Directory(path), include), include)


def texts(path, include=tuple(KINDS_BY_NAME)):
    """Return the problems without the name of the directory."""
    return [str(problem).replace(f"{path}/", "") for problem in checked(path, include).problems]


def warnings(path, include=tuple(KINDS_BY_NAME)):
    return [str(problem).replace(f"{path}/", "") for problem in checked(path, include).warnings]


def test_all_files_of_an_account_are_read_in_a_stable_order(write):
    path = write(
        **{
            "fleet.yml": "fleet_instances: [{name: b, element_key: stripe}, {name: a, element_key: stripe}]",
            "common_resources__z.yml": "name: z",
            "common_resources__a.yaml": "name: a",
            "formulas__sync.json": '{"definition": {"name": "sync"}}',
            "formulas__.gitkeep": "",
            "formula_instances.yaml": "formula_instances: [{formula: sync, name: nightly}]",
            "secrets.yml": "not: [read",
            "README.md": "# Ours",
        }
    )
    account = checked(path)
    assert account.problems == account.warnings == []
    found = [(document.kind, document.node.data().get("name")) for document in account.documents]
    assert found == [
        *(("instances", "b"), ("instances", "a"), ("common_resources", "a"), ("common_resources", "z")),
        *(("formulas", None), ("formula_instances", "nightly")),
    ]


def test_a_kind_that_is_not_included_is_not_opened(write):
    path = write(**{"fleet.yml": "[", "formulas__a.yml": FORMULA % "a", "formula_instances.yml": "["})
    assert texts(path, ["formulas"]) == []
    assert len(texts(path)) == 2


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("fleet.yml", "", "fleet.yml: The file is empty."),
        ("fleet.yml", "[]", "fleet.yml:1: The file must be a mapping with the key fleet_instances."),
        ("fleet.yml", "{}", "fleet.yml:1: The file must be a mapping with the key fleet_instances."),
        ("fleet.yml", "fleet_instance: []", "fleet.yml:1: fleet_instance: The file must have no other key"),
        ("fleet.yml", "fleet_instances:", "fleet.yml:1: fleet_instances: This must be a list, which may be empty"),
        ("fleet.yml", "fleet_instances: [a]", "fleet.yml:1: fleet_instances[0]: This must be a mapping of options"),
        ("fleet.yml", b"a: \xff", "fleet.yml:1: This is not UTF-8."),
        ("fleet.yml", "$ANSIBLE_VAULT;1.1;AES256\n61", "fleet.yml: The file is encrypted."),
        ("formulas__a.yml", "[]", "formulas/a.yml:1: This must be a mapping of options to values."),
        ("formulas__a.yml~", "a", "formulas/a.yml~: Only files that end in .yml, .yaml, .json may be here."),
        ("formulas__a__b.yml", "a", "formulas/a: Only files that end in"),
        ("formulas__a.yml__b.yml", "a", "formulas/a.yml: This must be a file."),
        ("formulas", "a", "formulas: It cannot be listed: Not a directory."),
    ],
)
def test_what_cannot_be_read_is_said(write, name, content, problem):
    assert texts(write(**{name: content}))[-1].startswith(problem)


def test_no_directory_and_one_without_an_account_are_problems(write, tmp_path):
    assert texts(str(tmp_path / "none"))[0].endswith("There is no such directory. Give the directory of an account.")
    path = write(**{"README.md": ""})
    assert "It has no file of fleet.yml, formula_instances.yml, common_resources/, formulas/." in texts(path)[0]
    assert "It has no file of formulas/." in texts(path, ["formulas"])[0]
    os.mkdir(f"{path}/formulas")
    assert "describes nothing" in texts(path)[0]


def test_a_kind_that_there_is_not_is_a_problem(write):
    account = checked(write(**{"fleet.yml": "fleet_instances: []\n"}), ["instances", "instance"])
    (problem,) = map(str, account.problems)
    assert "instance is no kind of resource. include and account_include are lists of some of these: " in problem


def test_two_files_of_one_kind_are_a_problem(write):
    path = write(**{"fleet.yml": "fleet_instances: []", "fleet.json": "{}"})
    assert texts(path) == ["fleet.json: There is fleet.yml too. Keep one of them."]


def test_nothing_outside_of_the_directory_is_opened(write, tmp_path):
    path = write(**{"formulas__a.yml": FORMULA % "a", "real__b.yml": "name: b"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.yml").write_text("canary: [")
    os.symlink(tmp_path / "out" / "b.yml", f"{path}/formulas/b.yml")
    os.symlink(tmp_path / "out", f"{path}/common_resources")
    os.symlink(tmp_path / "out" / "none", f"{path}/fleet.yml")
    leads_out = "The symbolic link leads out of the directory. Put the file itself there."
    assert texts(path) == [f"{name}: {leads_out}" for name in ("common_resources", "fleet.yml", "formulas/b.yml")]
    os.unlink(f"{path}/common_resources")
    os.symlink("real", f"{path}/common_resources")
    assert len(texts(path)) == 2
    # The directory itself may be a link.
    os.symlink(path, tmp_path / "link")
    assert len(texts(str(tmp_path / "link"))) == 2


def test_a_pipe_and_a_huge_file_are_not_read(write, monkeypatch):
    path = write(**{"formulas__a.yml": FORMULA % "a", "formulas__b.yml": FORMULA % ("b" * 200)})
    os.mkfifo(f"{path}/fleet.yml")
    monkeypatch.setattr(_account_files, "LARGEST", 200)
    problems = texts(path)
    assert problems[0] == "fleet.yml: This must be a file. Move it out of the directory."
    assert problems[1].startswith("formulas/b.yml: The file has more than 200 bytes.")


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("instances", "{name: a, elment_key: b}", "elment_key: There is no such option. Did you mean 'element_key'?"),
        ("instances", "{element_key: b}", ": One of name, id is required."),
        ("instances", "{name: ~, id: ~}", ": One of name, id is required."),
        ("instances", "{name: 1.10}", "name: This must be a text. If it is one, put it in quotes."),
        ("instances", "{id: '1'}", "id: This must be a whole number, without quotes."),
        ("instances", "{id: true}", "id: This must be a whole number, without quotes."),
        ("instances", "{name: a, enabled: 'yes'}", "enabled: This must be true or false, without quotes."),
        ("instances", "{name: a, configuration: a=b}", "configuration: This must be a mapping of keys and values."),
        ("instances", "{name: a, tags: a}", "tags: This must be a list."),
        ("instances", "{name: a, tags: [a, ~]}", "tags[1]: This must be a text."),
        (
            "instances",
            "{name: a, state: presnt}",
            "state: This must be one of present, absent. Did you mean 'present'?",
        ),
        ("instances", "{name: a<b}", ": name holds 'a<b'"),
        ("instances", "{name: a, reauthenticate: true}", ": reauthenticate needs provider_data"),
        ("instances", "{id: 0}", ": id is '0'"),
        (
            "instances",
            "{name: a, configuration: {'a b': '********'}}",
            ": configuration, key 'a b', is or holds a mask",
        ),
        ("common_resources", "{}", "name: The option is required."),
        ("common_resources", "{name: ~}", "name: The option is required."),
        ("common_resources", "{name: a, fields: [{type: b}]}", "fields[0].path: The option is required."),
        ("common_resources", "{name: a, level: instance}", ": instance is required at level instance"),
        (
            "common_resources",
            "{name: a, transformations: [{element_key: b, script: 1}]}",
            ": transformations[0].script must be a text",
        ),
        (
            "common_resources",
            "{name: a, transformations: [{element_key: b, fields: [{path: c, vendr_path: d}]}]}",
            "transformations[0].fields[0].vendr_path: There is no such option. Did you mean 'vendor_path'?",
        ),
        ("formulas", "{active: true}", ": One of name, definition is required."),
        ("formulas", "{definition: {}}", ": Neither name, nor the name of the definition"),
        ("formulas", "{definition: {name: a, steps: [{name: b}]}}", ": A step 'b' of the definition has no type."),
        ("formulas", "{definition: {name: [a]}}", ": The name of the definition is not a text."),
        ("formula_instances", "{name: a}", "formula: The option is required."),
        ("formula_instances", "{name: a, formula: b, formula_id: 1}", "formula_id: There is no such option."),
        ("formulas", "{name: a, id: 1}", "id: There is no such option."),
        (
            "formula_instances",
            "{name: a, formula: b, configuration: {c: {name: d}}}",
            ": configuration, key 'c', names",
        ),
    ],
)
def test_what_the_module_refuses_is_a_problem(write, kind, content, problem):
    listed = {"instances": ("fleet", "fleet_instances"), "formula_instances": ("formula_instances",) * 2}
    if kind in listed:
        file, key = listed[kind]
        found = texts(write(**{f"{file}.yml": f"{key}: [{content}]"}))
        at = f"{file}.yml:1: {key}[0]"
        expected = f"{at}{problem}" if problem.startswith(":") else f"{at}.{problem}"
    else:
        found = texts(write(**{f"{kind}__x.yml": content}))
        expected = f"{kind}/x.yml:1: {problem.removeprefix(': ')}"
    assert len(found) == 1 and found[0].startswith(expected), found


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("instances", "{id: '{{ a }}', name: b, enabled: '{{ c }}', tags: '{{ d }}', configuration: '{{ e }}'}"),
        ("instances", "{name: '{{ a }}', element_key: '{{ b }}', state: '{{ c }}', reauthenticate: '{{ d }}'}"),
        ("instances", "{name: a, configuration: {event.notification.callback.url: '{{ b }}', password: '{{ c }}'}}"),
        (
            "instances",
            "{name: a, api_key: '{{ b }}', secret_configuration: {c: '{{ d }}'}, provider_data: {e: '{{ f }}'}}",
        ),
        ("instances", "{name: a, api_key: !vault '$ANSIBLE_VAULT;1.1;AES256', reauthenticate: false}"),
        ("common_resources", "{name: a, level: '{{ b }}', instance: {element_key: '{{ c }}', name: '{{ d }}'}}"),
        ("common_resources", "{name: a, transformations: [{element_key: b, script: '{{ c }}', is_legacy: '{{ d }}'}]}"),
        ("common_resources", "{name: a, transformations: '{{ b }}', purge_transformations: true}"),
        ("formulas", "{definition: '{{ a }}'}"),
        ("formulas", "{definition: {name: a, steps: [{name: b, type: '{{ c }}', properties: {d: '{{ e }}'}}]}}"),
        (
            "formula_instances",
            "{name: a, formula: '{{ b }}', configuration: {c: {element_key: '{{ d }}', name: '{{ e }}'}}}",
        ),
        ("formula_instances", "{name: a, formula: '{{ b }}', settings: {c: '{{ d }}'}}"),
    ],
)
def test_a_variable_may_stand_for_a_value_of_any_type(write, kind, content):
    listed = {"instances": ("fleet", "fleet_instances"), "formula_instances": ("formula_instances",) * 2}
    if kind in listed:
        file, key = listed[kind]
        path = write(**{f"{file}.yml": f"{key}: [{content}]"})
    else:
        path = write(**{f"{kind}__x.yml": content})
    assert texts(path) == []
    assert not [text for text in warnings(path) if "not described" in text]


def test_within_a_definition_a_variable_stands_for_a_text(write):
    path = write(**{"formulas__a.yml": "definition:\n  name: a\n  active: '{{ b }}'"})
    assert texts(path) == ["formulas/a.yml:1: active of the definition is neither true nor false."]


def test_no_two_documents_describe_the_same(write):
    path = write(
        **{
            "fleet.yml": "fleet_instances:\n"
            "- {name: a, element_key: b}\n- {name: a, element_key: c}\n- {name: a, element_key: b}\n"
            "- {id: 1, name: a, element_key: b}\n- {id: 1}\n"
            "- {name: '{{ a }}'}\n- {name: '{{ b }}'}\n- {name: '{{ a }}'}",
            "common_resources__a.yml": "{name: a}",
            "common_resources__b.yml": "{name: a, level: organization}",
            "common_resources__c.yml": "{name: a, level: instance, instance: {element_key: b, name: a}}",
            "common_resources__d.yml": "{level: account, name: a}",
            "common_resources__e.yml": "{name: a, level: instance, instance: {name: a, element_key: b}}",
            "formulas__a.yml": FORMULA % "a",
            "formulas__b.yml": "{name: b, " + (FORMULA % "a").strip() + "}",
            "formulas__c.yml": "name: a",
            "formula_instances.yml": "formula_instances:\n"
            "- {name: a, formula: a}\n- {name: a, formula: b}\n- {name: a, formula: a}\n- {name: b, formula: a}",
        }
    )
    found = texts(path)
    assert [problem.split(": ")[0] for problem in found] == [
        *("common_resources/d.yml:1", "common_resources/e.yml:1", "fleet.yml:4", "fleet.yml:6", "fleet.yml:9"),
        *("formula_instances.yml:4", "formulas/c.yml:1"),
    ]
    assert f"The same instance is described at {path}/fleet.yml:2." in str(checked(path).problems[2])


def test_a_reference_to_what_is_not_described_is_a_warning(write):
    files = {
        "fleet.yml": "fleet_instances: [{name: a, element_key: b}, {name: gone, element_key: b, state: absent}]",
        "common_resources__a.yml": "{name: a, level: instance, instance: {element_key: b, name: z}}",
        "common_resources__b.yml": "{name: b, level: instance, instance: {element_key: b, name: a}}",
        "common_resources__c.yml": "{name: c, level: instance, instance: {id: 1}}",
        "formulas__sync.yml": "definition:\n  name: sync\n  steps:\n"
        "  - {name: s, type: formula, properties: {formulaName: sync}}\n"
        "  - name: t\n    type: formula\n    properties:\n      formulaName: other\n",
        "formula_instances.yml": "formula_instances:\n- {name: a, formula: sync, configuration: {x: 7}}\n"
        "- name: b\n  formula: other\n  configuration:\n    c: {element_key: b, name: a}\n"
        "    d: {element_key: b, name: gone}\n- {name: c, formula: nowhere, state: absent}\n",
    }
    path = write(**files)
    assert texts(path) == []
    expected = [
        "common_resources/a.yml:1: instance: The instance 'z' of element 'b' is not described here.",
        "formula_instances.yml:4: formula_instances[1].formula: The formula 'other' is not described here.",
        "formula_instances.yml:7: formula_instances[1].configuration.d: The instance 'gone' of element 'b' is not",
        "formulas/sync.yml:8: definition.steps[1].properties.formulaName: The formula 'other' is not described here.",
    ]
    found = warnings(path)
    assert len(found) == len(expected)
    assert all(text.startswith(words) for text, words in zip(found, expected, strict=True))
    # What is not read may be described.
    assert [text for text in warnings(path, ["common_resources", "formula_instances"]) if "not described" in text] == []
    # A variable may be any name.
    path = write(**{"fleet.yml": "fleet_instances: [{name: '{{ a }}', element_key: b}]"})
    assert [text.split(": ")[0] for text in warnings(path)] == [
        "formula_instances.yml:4",
        "formulas/sync.yml:8",
    ]


def test_what_the_modules_warn_of_is_a_warning(write):
    path = write(**{"fleet.yml": "fleet_instances:\n- {name: a, element_key: b, configuration: {password: canary}}"})
    (warning,) = warnings(path)
    assert warning.startswith("fleet.yml:2: fleet_instances[0]: These keys in configuration look like secrets")
    assert "canary" not in warning


INNER = [
    *("name", "id", "key", "type", "active", "configuration", "steps", "triggers", "properties", "formulaName", "body"),
    *("formulaId", "element_key", "subFormulas", "onSuccess", "fields", "path", "script", "password", "value"),
]
VALUES = st.recursive(
    st.sampled_from([None, True, 0, 7, -1, 1.5, "a", "", "7", "instance", "{{ x }}", "elementInstance"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", KINDS_BY_NAME)
@given(data=st.data())
def test_no_document_ends_in_an_exception(kind, data):
    names = sorted(KINDS_BY_NAME[kind].options.spec)
    contents = st.dictionaries(st.sampled_from(names), VALUES, max_size=5).map(lambda found: {"name": "n", **found})
    documents = [
        Document(kind, "f.yml", (position,), parse(json.dumps(content), "f.yml")[0])
        for position, content in enumerate(data.draw(st.lists(contents, min_size=1, max_size=3)))
    ]
    assert check(documents).documents == documents
