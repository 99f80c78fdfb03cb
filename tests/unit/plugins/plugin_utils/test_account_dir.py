# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the description of an account to files: any text reads back as itself, and every file has a place of its own."""

from __future__ import annotations

import os
import re

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.cloud_elements.platform.plugins.module_utils._resources.kinds import KINDS
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_names import LONGEST, file_stems
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_tree import (
    AccountError,
    account_files,
    is_ours,
    secrets_of,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_dir_yaml import (
    Reference,
    as_yaml,
    is_literal,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_layout import MARKER
from hypothesis import example, given, settings
from hypothesis import strategies as st

TEMPLATE = "{{ lookup('pipe', 'touch executed') }}"
ODD = [
    *(
        "",
        " ",
        "\n",
        "\n\n",
        "a\n",
        "a\n\n\n",
        " a\nb",
        "\n  a\n b\n",
        "a \nb\t\n",
        "a\n  \nb\n   ",
        "\ta\nb",
        "\n\ta\nb",
    ),
    *(
        "a\r\nb\n",
        "a\x00b\nc",
        "a\x85b\nc",
        "a\u2028b\nc\u2029",
        "\ufeffa\nb",
        "a\u202eb\n",
        "a\x1b[31mb\nc",
        "a\x7f\n",
    ),
    *("yes", "NO", "y", "null", "~", "1", "1.0", "1e3", "0o14", "0x1F", "1_000", ".inf", "2020-01-01", "12:30:45", "="),
    *(
        "<<",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a`",
        "'",
        '"',
        "\\",
        "\\n",
    ),
    *("---", "...", "--- a\n--- b\n", "...\n", "# a\n# b\n", "- a\n- b\n", "a: |\n  b\n", "$ANSIBLE_VAULT;1.1;AES256"),
    *(
        "{{ a }}",
        "{% a %}",
        "{# a #}",
        "{{ a }}\n{% b %}\n",
        "#jinja2: a\nb",
        "}}",
        "{a}",
        TEMPLATE,
        f"x\n{TEMPLATE}\n",
    ),
    *("!unsafe a", "🙂", "🙂\nü\n", "é", "日本\n", "x" * 5000, "word " * 500, "k" * 127, "a\n" * 50),
]
TEXTS = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LINES = st.lists(st.text(st.sampled_from(" \ta{}%#:-|'\"\\é\n"), max_size=6), max_size=6).map("\n".join)
SCALARS = st.one_of(
    TEXTS, LINES, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | LINES, inner, max_size=4),
    max_leaves=12,
)


def loaded(text):
    """Load a text as Ansible loads a file of variables, whose texts are templates."""
    return DataLoader().load(trust_as_template(text))


def templated(value):
    return Templar(loader=DataLoader(), variables={"a": "evaluated", "secret_a": "value"}).template(value)


@given(VALUES)
@settings(max_examples=400)
def test_ansible_reads_exactly_what_was_written(value):
    assert loaded(as_yaml({"value": value})) == {"value": value}


@pytest.mark.parametrize("text", ODD)
def test_no_text_is_ever_evaluated(text):
    written = as_yaml({"value": text, "list": [text], text: {text: "value"}})
    expected = {"value": text, "list": [text], text: {text: "value"}}
    assert loaded(written) == expected and templated(loaded(written)) == expected
    assert not os.path.exists("executed")


@given(LINES | TEXTS)
@example("a\n")
def test_texts_of_several_lines_read_like_code_unless_something_cannot_be_seen(text):
    written = as_yaml({"body": text})
    assert written.startswith(("body: |", "body: !unsafe |")) == is_literal(text)
    if is_literal(text):
        assert [line.removeprefix("  ") for line in written.split("\n")[1 : 1 + text.count("\n")]] == text.split("\n")[
            : text.count("\n")
        ]
    if text.isprintable() and text.strip() and "\t" not in text:
        assert is_literal(f"{text}\n{text}")


@given(TEXTS)
def test_what_cannot_be_seen_is_escaped(text):
    written = as_yaml({"value": text})
    assert all(sign.isprintable() or sign in "\n\t" for sign in written)
    assert "\t" not in written or is_literal(text)


def test_a_reference_is_the_only_template():
    written = as_yaml({"password": Reference("secret_a"), "b": "{{ secret_a }}", "c": "secret_a"})
    assert written == 'password: "{{ secret_a }}"\nb: !unsafe "{{ secret_a }}"\nc: secret_a\n'
    assert templated(loaded(written)) == {"password": "value", "b": "{{ secret_a }}", "c": "secret_a"}


def test_equal_values_are_repeated_and_half_characters_refused():
    shared = {"a": ["b"]}
    assert as_yaml([shared, shared]) == "- a:\n    - b\n- a:\n    - b\n"
    with pytest.raises(ValueError, match="half a character"):
        as_yaml({"a": "\ud800"})


NAMES = st.text(max_size=20) | st.sampled_from(
    [
        *("", ".", "..", "a", "A", "a.organization", "CON", "con", "nul.x", "COM1 .x", "a/b", "a\\b", "a\x00b", "a\nb"),
        *(
            "x" * 100,
            "x" * 101,
            "x" * 300,
            ".hidden",
            "a.",
            "a ",
            " a",
            "-",
            "é",
            "é",
            "a-0123456789ab",
            "~",
            "a:b",
            "*",
        ),
    ]
)
IDENTITIES = st.lists(
    st.tuples(NAMES) | st.tuples(NAMES, st.just("organization")) | st.tuples(NAMES, st.just("instance"), NAMES, NAMES),
    max_size=8,
)
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@given(IDENTITIES)
@settings(max_examples=400)
def test_every_file_has_a_place_of_its_own_on_every_file_system(identities):
    stems = file_stems(identities)
    assert len({stem.lower() for stem in stems}) == len(identities)
    for stem in stems:
        assert re.fullmatch(r"[A-Za-z0-9 ._-]+", stem) and len(stem) <= LONGEST
        assert stem == stem.strip(" .") and not DEVICE.fullmatch(stem.split(".")[0].strip())
    order = list(reversed(range(len(identities))))
    if len(set(identities)) == len(identities):
        assert file_stems([identities[number] for number in order]) == [stems[number] for number in order]


def test_plain_names_are_kept():
    plain = [
        ("contacts",),
        ("My contacts_v1.2",),
        ("a", "organization"),
        ("a", "instance", "sfdc", "crm"),
        ("x" * 100,),
    ]
    assert file_stems(plain) == [*("contacts", "My contacts_v1.2", "a.organization", "a.instance.sfdc.crm"), "x" * 100]


@pytest.mark.parametrize(
    "pair",
    [
        [("a",), ("A",)],
        [("a.organization",), ("a", "organization")],
        [("a", "instance", "b.c", "d"), ("a", "instance", "b", "c.d")],
        [("a",), ("a",)],
    ],
)
def test_names_that_would_have_one_file_get_a_hash(pair):
    first, second = file_stems(pair)
    assert first != second and all(re.search("-[0-9a-f]{12}$", stem) for stem in (first, second))


def account(**more):
    return {**{kind: [] for kind in KINDS}, "secrets": [], "notes": [], **more}


ROWS = {
    "instances": {"name": TEMPLATE, "element_key": TEMPLATE, "tags": [TEMPLATE], "configuration": {TEMPLATE: TEMPLATE}},
    "common_resources": {"name": TEMPLATE, "level": "account", "description": TEMPLATE, "fields": [{"path": TEMPLATE}]},
    "formulas": {
        "definition": {"name": TEMPLATE, "steps": [{"name": TEMPLATE, "properties": {"body": f"\n{TEMPLATE}"}}]}
    },
    "formula_instances": {"formula": TEMPLATE, "name": TEMPLATE, "settings": {"a": TEMPLATE}},
}
NOTE = {"kind": "formulas", "name": f"<b>{TEMPLATE}\n# x", "note": "TO CHANGE: *a*"}
SCHEMAS = {"fleet.json": '{"$schema": "x"}\n'}


def test_every_file_says_that_it_is_ours_and_names_its_schema():
    files = account_files(account(**{kind: [row] for kind, row in ROWS.items()}, notes=[NOTE]), schemas=SCHEMAS)
    folders = {name.partition("/")[0] for name in files}
    assert folders == {"fleet.yml", "formula_instances.yml", "common_resources", "formulas", "README.md", ".schemas"}
    assert all(is_ours(name, text) for name, text in files.items())
    for name, text in files.items():
        if name.endswith(".yml"):
            schema = re.match(r"# yaml-language-server: \$schema=(.+)\n", text)[1]
            folder = os.path.normpath(os.path.join(os.path.dirname(name), schema))
            assert re.fullmatch(r"\.schemas/(fleet|common_resource|formula|formula_instances)\.json", folder)
            assert not is_ours(name, text.replace(MARKER, "by me")) and not is_ours(name, f"a: b\n{text}")
    for kind, row in ROWS.items():
        (text,) = [
            text for name, text in files.items() if name.startswith((kind, {"instances": "fleet."}.get(kind, kind)))
        ]
        found = loaded(text)
        assert templated(found) == (row if kind in ("formulas", "common_resources") else {next(iter(found)): [row]})
    assert r"\<b\>\{\{ lookup('pipe', 'touch executed') \}\} \# x**: TO CHANGE: \*a\*" in files["README.md"]


def test_an_account_is_the_same_whatever_the_types_of_its_values():
    whole = account(**{kind: [row] for kind, row in ROWS.items()})
    tagged = loaded(as_yaml(whole))
    assert account_files(tagged) == account_files(whole)


def test_variables_stand_where_their_paths_lead_and_nowhere_else():
    secret = {"kind": "instances", "variable": "secret_a", "purpose": "Password of a"}
    row = {"name": "********", "secret_configuration": {"password": "********"}}
    given = account(instances=[row], secrets=[{**secret, "path": ["instances", 0, "secret_configuration", "password"]}])
    text = account_files(given)["fleet.yml"]
    assert text.endswith('  - name: "********"\n    secret_configuration:\n      password: "{{ secret_a }}"\n')
    assert given["instances"][0] == row and secrets_of(given, ["formulas"]) == []
    assert secrets_of(given, ["instances"]) == [{"variable": "secret_a", "purpose": "Password of a"}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"formulas": None},
        {"formulas": "text"},
        {"formulas": ["text"]},
        {"formulas": [{"definition": {}}]},
        {"common_resources": [{"name": 5}]},
        {"instances": [{"name": "\ud800"}]},
        {"secrets": [{"variable": "a b", "purpose": "x", "path": ["instances"]}]},
        {"secrets": [{"variable": "a", "purpose": "x", "path": ["instances", 0]}]},
        {"secrets": [{"variable": "a", "purpose": "x", "path": []}]},
        {"secrets": [{"variable": "a", "purpose": "x"}]},
        {
            "instances": [{"name": "b"}],
            "secrets": [{"variable": "a", "purpose": "x", "path": ["instances", 0, "name"]}],
        },
        {"secrets": [{"variable": "a\n", "purpose": "x", "path": ["instances"]}]},
    ],
)
def test_what_is_no_description_is_refused(wrong):
    with pytest.raises(AccountError, match=r"^account\."):
        account_files(account(**wrong))
    with pytest.raises(AccountError):
        secrets_of(account(secrets=[{"kind": "formulas", "variable": "a", "purpose": "b\nc: d"}]), ["formulas"])


def test_some_kinds_alone_leave_the_page_about_all_alone():
    assert set(account_files(account(), ["instances"])) == {"fleet.yml"}
    assert set(account_files(account(), ["formulas", "common_resources"])) == set()
