# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the YAML of an account means, and what is said of YAML that means nothing."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_nodes import (
    Encrypted,
    Variable,
    key_at,
)
from ansible_collections.cloud_elements.platform.plugins.plugin_utils._account_yaml import MOST_NODES, parse
from hypothesis import example, given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN_TEXTS = TEXTS.filter(lambda text: "{" not in text and not text.startswith("#jinja2:"))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | PLAIN_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXTS.filter(lambda key: key != "<<"), inner),
    max_leaves=12,
)


def problems(text):
    return [str(problem) for problem in parse(text, "f.yml")[1]]


def data(text):
    node, found = parse(text, "f.yml")
    assert found == []
    return node.data()


@given(DATA.filter(lambda value: value is not None), st.booleans())
def test_data_is_read_as_it_was_written_and_as_ansible_reads_it(value, unicode):
    text = yaml.safe_dump({"a": value}, allow_unicode=unicode)
    assert data(text) == {"a": value} == DataLoader().load(text)


@given(DATA)
@example({"a": "\U0001f600"})
def test_json_is_read_as_it_was_written(value):
    text = json.dumps({"a": value}, ensure_ascii=False)
    if any(ord(sign) == 0x7F or 0x80 <= ord(sign) < 0xA0 or ord(sign) in (0xFEFF, 0xFFFE, 0xFFFF) for sign in text):
        return
    assert data(text) == {"a": value}


@given(TEXTS)
@example("{{ lookup('pipe', 'id') }}")
@example("{{ name }}")
@example("#jinja2: a")
def test_every_text_that_is_tagged_unsafe_is_itself(text):
    tagged = f"a: !unsafe {yaml.safe_dump(text, default_style=chr(34), width=1000)}"
    assert data(tagged) == {"a": text}


@given(st.text(st.sampled_from("ab1:-[]{},&*!|>'\"#%?~<= \n\t\\x0u\x00\u2028"), max_size=40) | st.text(max_size=40))
def test_no_text_ends_in_an_exception(text):
    node, found = parse(text, "f.yml")
    assert node is not None or found


@pytest.mark.parametrize("text", ['"{{ secret_a }}"', "'{{secret_a}}'", '"{{  secret_a  }}"'])
def test_a_text_that_is_exactly_a_variable_stands_for_it(text):
    assert data(f"a: [{text}]") == {"a": [Variable("secret_a")]}


@pytest.mark.parametrize(
    "text",
    [
        *('"{{ a.b }}"', '"{{ a }} "', '"x{{ a }}"', '"{{ lookup(1) }}"', '"{{ a | b }}"', '"{% if a %}"', '"{# a #}"'),
        *('"{{ 1a }}"', '"#jinja2: b"', "|\n    {{ a }}\n", '"{{ a }}{{ b }}"'),
    ],
)
def test_any_other_template_is_an_error_that_says_what_to_write(text):
    (problem,) = problems(f"b:\n  a: {text}")
    assert problem.startswith("f.yml:2: b.a: The text looks like a template") and "!unsafe" in problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!unsafe {a: '{{ b | c }}'}", {"a": "{{ b | c }}"}),
        ("!unsafe ['{{ b }}', 1]", ["{{ b }}", 1]),
        ("!unsafe '5'", "5"),
        ("!unsafe 5", 5),
        ("2020-01-01", "2020-01-01"),
        ("=", "="),
        ("1.5", 1.5),
        ("!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  61", Encrypted("$ANSIBLE_VAULT;1.1;AES256\n61")),
        ("{on: 1, 2: 3, null: 4}", {"on": 1, "2": 3, "null": 4}),
        ("[&a {b: 1, c: 2}, {<<: *a, c: 3}, {<<: [*a, {d: 4}]}]", [{"b": 1, "c": 2}, {"b": 1, "c": 3}]),
    ],
)
def test_a_value_means(text, value):
    found = data(f"a: {text}")["a"]
    assert (found[:2] if isinstance(found, list) else found) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "f.yml: The file is empty."),
        ("# nothing\n---\n", "f.yml: The file is empty."),
        ("~", "f.yml: The file is empty."),
        ("a: 1\n---\nb: 2", "f.yml:2: A second document begins here."),
        ("a: 1\nb: 2\na: 3", "f.yml:3: a: The key is in line 1 already."),
        ("a:\n  <<: &b {c: 1}\n  <<: 3", "f.yml:3: a.<<: Only a mapping can be merged"),
        ("a: {{ b }}", "f.yml:1: a: A key must be a text, without a tag."),
        ("? !unsafe [1]\n: 2", "f.yml:1: A key must be a text"),
        ("!vault a: 1", "f.yml:1: A key must be a text"),
        ("a:\n- !!python/object:os.system {}", "f.yml:2: a[0]: The value has a tag other than"),
        ("a: !!str 5", "f.yml:1: a: The value has a tag other than"),
        ("a: !vault {}", "f.yml:1: a: The value has a tag other than"),
        ("a: !vault b", "f.yml:1: a: The value is tagged !vault, but"),
        ("a: *b", "f.yml:1: a: The alias has no anchor before it."),
        ("a: &b [*b]", "f.yml:1: a[0]: The alias has no anchor before it."),
        ("a: [", "f.yml:2: This is not YAML at column 1."),
        ("a:\n\tb: 1", "f.yml:2: This is not YAML at column 1."),
        ("a: 1\nb: \x00", "f.yml:2: There is a control character."),
        (f"a: {'1' * 5000}", "f.yml:1: a: This cannot be read as a number."),
        (f"a: 0x{'f' * 5000}", "f.yml:1: a: This cannot be read as a number."),
        (f"a: 1{':59' * 3000}", "f.yml:1: a: This cannot be read as a number."),
        ("[" * 300, "f.yml:1: [0][0][0]: This is nested more than 100 levels deep."),
        (f"a: &a {'[' * 60}{']' * 60}\nb: {'[' * 50}*a{']' * 50}", "f.yml:2: b[0][0]: This is nested more than"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, problem):
    assert problems(text)[-1].startswith(problem)


def test_aliases_cannot_make_more_values_than_a_file_may_have():
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 30)]
    (problem,) = problems("\n".join(lines))
    assert f"The file holds more than {MOST_NODES} values" in problem


def test_aliases_cannot_repeat_a_long_text_without_end():
    repeated = "\n".join(f"b{number}: *a" for number in range(200))
    (problem,) = problems(f"a: &a {'x' * 1_000_000}\n{repeated}")
    assert "Every 100 characters of a text count as one." in problem


def test_all_problems_come_at_once_and_show_no_value():
    found = problems("a: '{{ canary() }}'\nb: !x canary\nc: !vault canary\nd: 1\nd: canary\ne: *canary\nf: [canary")
    assert [problem.split(":")[1] for problem in found] == ["1", "2", "3", "5", "6", "8"]
    assert "canary" not in "".join(found)


def test_lines_are_those_of_keys_and_items():
    node, _none = parse("a:\n  b: |\n    x\n    y\n  c:\n    - d\n    -\n      e: 1\n", "f.yml")
    inner = node.entries["a"]
    assert (inner.line, inner.entries["b"].line, inner.entries["c"].line) == (1, 2, 5)
    assert [item.line for item in inner.entries["c"].items] == [6, 8]


def test_a_place_is_on_one_line_and_short():
    assert key_at(("a", 0, "b.c", "d\n\x1be")) == "a[0].b.c.d e"
    assert len(key_at(("a" * 10_000,))) < 300
