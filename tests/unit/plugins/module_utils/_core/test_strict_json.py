# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._core.strict_json import (
    DEEPEST,
    TooDeepError,
    embedded,
    is_too_deep,
    parse,
    parse_bytes,
    walk,
)
from hypothesis import given
from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    return opening * depth + "1" + closing * depth


@given(values, st.booleans())
def test_valid_json_is_parsed(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert parse(text) == parse_bytes(text.encode()) == value


@given(st.text() | st.text('[]{}",:0123456789.eE+-tfn \\ud8', max_size=40))
def test_any_text_is_parsed_or_refused_with_one_error(text):
    try:
        value = parse(text)
    except ValueError:
        return
    assert not is_too_deep(value)


@given(st.binary())
def test_any_bytes_are_parsed_or_refused_with_one_error(content):
    try:
        parse_bytes(content)
    except ValueError:
        return


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e999", "[-1e999]", '{"a": NaN}', "9" * 5000, "", " ", "\ufeff1"]
)
def test_extensions_of_json_are_refused(text):
    with pytest.raises(ValueError):
        parse(text)


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_no_depth_breaks_the_parser(opening, closing):
    levels = 2 if len(opening) > 5 else 1
    assert parse(nested(DEEPEST // levels, opening, closing)) is not None
    for depth in (DEEPEST // levels + 1, 500, 1_000, 10_000, 1_000_000):
        with pytest.raises(ValueError):
            parse(nested(depth, opening, closing))


def test_embedded_json_is_told_from_other_text():
    assert embedded(' {"a": [1]}') == {"a": [1]} and embedded("\n[]") == []
    assert all(embedded(text) is None for text in ("", "5", '"a"', "null", "{a}", "[1] x", "[" * 50, f"[{'9' * 5000}]"))


@pytest.mark.parametrize("depth", [DEEPEST + 1, 500, 1_000_000])
def test_embedded_json_that_is_too_deep_is_not_taken_for_other_text(depth):
    assert embedded(nested(DEEPEST)) is not None
    with pytest.raises(TooDeepError):
        embedded(nested(depth))


def test_depth_is_measured_without_recursion():
    value: list = []
    for _level in range(100_000):
        value = [value]
    assert is_too_deep(value)
    assert not is_too_deep([[[1] * 1000] * 1000, {"a": {}}])


@pytest.mark.parametrize(
    "content",
    [b'"\xff"', b'"\xed\xa0\x80"', '"ü"'.encode("latin-1"), '"a"'.encode("utf-16"), '"a"'.encode("utf-32"), b"\x00"],
)
def test_another_encoding_is_refused(content):
    with pytest.raises(ValueError):
        parse_bytes(content)


def test_a_byte_order_mark_is_ignored():
    assert parse_bytes(b'\xef\xbb\xbf{"id": 7}') == {"id": 7}


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"a\ud83d"', "a\ufffd"),
        (r'"\uDE00\uD83D"', "\ufffd\ufffd"),
        (r'{"\udfff": ["\uDBFF"]}', {"\ufffd": ["\ufffd"]}),
        (r'"\\ud83d"', "\\ud83d"),
    ],
)
def test_half_a_surrogate_pair_is_replaced(spelled, value):
    assert parse_bytes(spelled.encode()) == value


@given(st.lists(st.integers(0xD7F0, 0xE010), max_size=8))
def test_every_parsed_text_can_be_encoded(codes):
    content = "".join(map(r"\u{:04x}".format, codes))
    parse_bytes(f'["{content}"]'.encode())[0].encode()


def test_a_walk_yields_all_values_also_those_of_embedded_json():
    value = {"a": [1, '{"b": ["c"]}'], "d": ("e", None)}
    strings = {part for part in walk(value) if isinstance(part, str)}
    assert strings == {'{"b": ["c"]}', "c", "e"}
    assert {1, None} <= {part for part in walk(value) if not isinstance(part, (dict, list, tuple))}


def test_a_walk_yields_the_strings_of_json_that_is_too_deep_and_then_raises():
    found = []
    with pytest.raises(TooDeepError):
        for part in walk(["[" * 500 + '"deep"' + "]" * 500, "other"]):
            found.append(part)
    assert {"deep", "other"} <= {part for part in found if isinstance(part, str)}
