# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import base64
import contextlib
import html
import json
import re
import time
import urllib.parse

import pytest
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import (
    MASK,
    WITHHELD,
    Redactor,
)
from hypothesis import assume, given
from hypothesis import strategies as st

# White space at the ends would be taken for one with that around it, which is no harm.
any_secrets = st.text(min_size=6, max_size=20).filter(lambda text: text == text.strip())


def is_found_anywhere(text: str) -> bool:
    """Tell whether a secret has six letters or digits, so that it is recognized in whatever encoding."""
    return sum(sign.isascii() and sign.isalnum() for sign in text) >= 6


long_secrets = any_secrets.filter(is_found_anywhere)
surroundings = st.sampled_from(["", " ", "x", '"', "=", "é", "\n"])
COMMON_SPELLINGS = [
    str,
    lambda text: urllib.parse.quote(text, safe=""),
    urllib.parse.quote,
    urllib.parse.quote_plus,
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    html.escape,
    lambda text: html.escape(text, quote=False),
    lambda text: text.encode().hex(),
    lambda text: text.encode().hex().upper(),
]
RARE_SPELLINGS = [
    lambda text: urllib.parse.quote(text, safe="!'()*~"),
    lambda text: urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
    lambda text: re.sub("%..", lambda escape: escape[0].lower(), urllib.parse.quote(text, safe="")),
    lambda text: re.sub("%..", lambda escape: escape[0].lower(), urllib.parse.quote_plus(text)),
    lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    lambda text: "".join(f"\\u{ord(character):04X}" if character in "<>&='" else character for character in text),
    lambda text: html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    lambda text: repr(text)[1:-1],
]
SPELLINGS = [*COMMON_SPELLINGS, *RARE_SPELLINGS]


@given(any_secrets, st.sampled_from(COMMON_SPELLINGS), surroundings, surroundings.filter("=".__ne__))
def test_every_common_spelling_of_a_secret_is_masked(secret, spell, before, after):
    spelled = spell(secret)
    assert Redactor([secret]).text(f"{before}{spelled}{after}") == f"{before}{MASK}{after}"


@given(long_secrets, st.sampled_from(RARE_SPELLINGS), surroundings, surroundings)
def test_a_text_with_a_rare_spelling_of_a_secret_is_withheld(secret, spell, before, after):
    spelled = spell(secret)
    assert Redactor([secret]).text(f"{before}{spelled}{after}") in (f"{before}{MASK}{after}", WITHHELD)


@given(long_secrets, st.binary(min_size=0, max_size=5), st.binary(max_size=3))
def test_base64_of_a_secret_within_something_longer_is_masked_but_for_its_ends(secret, before, after):
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    shown = Redactor([secret]).text(encoded)
    if shown == WITHHELD:
        return
    assert MASK in shown
    # Before and after it, and one character at each end that holds bits of both.
    assert len(shown.replace("*", "")) <= -(-len(before) * 8 // 6) + -(-len(after) * 8 // 6) + 4


@given(long_secrets)
def test_a_secret_is_recognized_if_each_character_is_escaped_in_another_way(secret):
    ways = (str, SPELLINGS[1], SPELLINGS[7], html.escape)
    mixed = "".join(ways[place % 4](character) for place, character in enumerate(secret))
    assert Redactor([secret]).text(f"x {mixed} y") in (f"x {MASK} y", WITHHELD)


@pytest.mark.parametrize("spelled", ["canary-Ã©t", "canary-?t", "canary-\ufffdt", "canary-e\u0301t"])
def test_a_text_in_the_wrong_character_set_is_withheld(spelled):
    assert Redactor(["canary-\u00e9t"]).text(f"<{spelled}>") == WITHHELD


def _json_characters(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


ENCODINGS = {
    "percent": urllib.parse.quote,
    "percent, all of it": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": urllib.parse.quote_plus,
    "json": lambda text: json.dumps(text)[1:-1],
    "json, all of it": _json_characters,
    "json, large": lambda text: _json_characters(text).upper().replace("U", "u"),
    "key of an object": lambda text: json.dumps({"a": {text: 1}}),
    "html": html.escape,
    "html, all of it": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "html, hexadecimal": lambda text: "".join(f"&#x{ord(sign):X};" for sign in text),
    "repr": repr,
    "bytes": lambda text: repr(text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64, with more": lambda text: base64.b64encode(f"user:{text}:x".encode()).decode(),
    "base64, in lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex, separated": lambda text: text.encode().hex(":").upper(),
    "white space": " ".join,
    "zero width": "\u200b".join,
    "case": str.swapcase,
    "accents": "\u0336".join,
    "UTF-16 of ASCII": "\0".join,
}


def decodings(text: str):
    """Yield what a curious reader tries on a text. Nothing here is taken from what is tested."""
    yield urllib.parse.unquote(text)
    yield urllib.parse.unquote_plus(text)
    yield html.unescape(text)
    for sign in ("\u200b", "\u0336", "\0", " ", ":", "\n"):
        yield text.replace(sign, "")
    yield re.sub(r"\\u(....)", lambda escape: chr(int(escape[1], 16)), text, flags=re.IGNORECASE)
    for quoted in re.findall(r"b?'.*'|b?\".*\"", text):
        try:
            value = ast.literal_eval(quoted)
            yield value if isinstance(value, str) else value.decode()
        except (SyntaxError, ValueError):
            continue
    with contextlib.suppress(ValueError):
        yield json.loads(f'"{text}"')
    for word in re.findall(r"[\w+/=-]{6,}", text):
        for decode in (bytes.fromhex, lambda digits: base64.b64decode(f"{digits.rstrip('=')}==", b"-_", validate=True)):
            try:
                yield decode(word.replace("+", "-").replace("/", "_")).decode()
            except ValueError:
                continue


def read(text: str, steps: int) -> set[str]:
    """Return all that a curious reader finds in a text in so many steps."""
    found = {text}
    latest = {text}
    for _step in range(steps):
        latest = {decoded for each in latest for decoded in decodings(each)} - found
        found |= latest
    return {each.casefold() for each in found}


@pytest.mark.parametrize("secret", ["日本語パスワード", "a1!b2@c#d", "пароль-секрет", "🔑🔒🔓🔑🔒🔓🔏"])
@pytest.mark.parametrize("name", sorted(ENCODINGS.keys() - {"accents", "UTF-16 of ASCII", "form"}))
def test_a_secret_with_few_latin_letters_is_not_shown_however_it_is_encoded(secret, name):
    shown = Redactor([secret]).text(f"The value {ENCODINGS[name](secret)} is refused")
    assert shown == WITHHELD or MASK in shown
    assert ENCODINGS[name](secret) not in shown


@given(
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=8, max_size=30).filter(is_found_anywhere),
    st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=2),
    st.text("abc :é", max_size=9),
    st.text("xyz .,", max_size=9),
)
def test_no_composition_of_encodings_hides_a_secret(secret, names, before, after):
    secret = secret.strip()
    assume(is_found_anywhere(secret))
    encoded = secret
    for name in names:
        encoded = ENCODINGS[name](encoded)
    shown = Redactor([secret]).text(f"{before}{encoded}{after}")
    assert encoded not in shown
    assert not any(secret.casefold() in text for text in read(shown, len(names)))


@pytest.mark.parametrize("first", ENCODINGS)
def test_no_two_encodings_hide_a_secret(first):
    secret = "Canary'é~42+/&<Secret>"
    for second in ENCODINGS:
        encoded = ENCODINGS[second](ENCODINGS[first](secret))
        shown = Redactor([secret]).text(f"The value {encoded} is refused")
        assert encoded not in shown and not any("anary" in text for text in read(shown, 2)), second


def test_texts_that_are_shown_together_do_not_share_a_secret():
    redactor = Redactor(["canary-of-some-length"])
    assert redactor.texts(["a cana", "ry-of", "-some-"]) == [WITHHELD] * 3
    assert redactor.texts(["a canary-of-some-length", "b"]) == [f"a {MASK}", "b"]


@pytest.mark.parametrize("limit", range(1, 60))
def test_a_secret_that_is_cut_off_is_not_shown_in_part(limit):
    for spell in SPELLINGS:
        shown = Redactor(["Canary'42+/&<Secret>"]).text(
            f"It says {spell(chr(67) + 'anary' + chr(39) + '42+/&<Secret>')} here", limit
        )
        assert shown == WITHHELD or shown in f"It says {MASK} here"


@pytest.mark.parametrize(
    "hostile",
    ["%25" * 5000, "&amp;" * 3000, "\\" * 9000, "%2525" * 2000, "4" * 9000, "QUFB" * 2500, "ﷺ" * 9000, "\u200b" * 9000],
)
def test_hostile_text_is_searched_fast(hostile):
    redactor = Redactor(["canary-secret", "-----BEGIN KEY-----\n" + "MIIabcdefghijklm" * 100])
    began = time.process_time()
    redactor.text(hostile)
    assert time.process_time() - began < 5


def test_what_cannot_be_read_to_its_end_is_withheld():
    text = "canary"
    for _time in range(9):
        text = urllib.parse.quote(f"%{text}")
    assert Redactor(["canary-secret"]).text(text) == WITHHELD
    assert Redactor(["canary-secret"]).configuration({"site": text}, ["site"]) == {"site": MASK}


def test_values_within_a_json_secret_are_secrets():
    redactor = Redactor([json.dumps({"private_key": "canary-of-a-key-file", "n": ["canary-list"]})])
    assert redactor.text("canary-of-a-key-file, canary-list, private_key") == f"{MASK}, {MASK}, private_key"
    assert Redactor(["{canary: no json"]).text("{canary: no json}") == f"{MASK}}}"


def test_a_text_full_of_escapes_is_searched_fast():
    redactor = Redactor(["\\" * 40 + "'<&>\" %" * 20])
    for foreign in ("\\" * 100_000, "%25" * 30_000, "&amp;" * 20_000, " " * 100_000):
        began = time.process_time()
        redactor.text(foreign, limit=2000)
        assert time.process_time() - began < 2


GAPS = [" " * 5, " " * 24, "\n" + " " * 30, "\r\n\t " * 10, "\n " * 100]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("spell", [*SPELLINGS, lambda text: text.replace("<v>", "  <v>")])
def test_a_row_of_white_space_in_a_secret_is_found_in_every_spelling(gap, spell):
    secret = f"<key>{gap}<v>abcdefgh</v>{gap}</key>"
    began = time.process_time()
    assert Redactor([secret]).text(f"error near {spell(secret)} end") in (f"error near {MASK} end", WITHHELD)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("gap", GAPS)
def test_white_space_like_that_of_a_secret_is_searched_fast(gap):
    redactor = Redactor([f"<key>{gap}<v>abcdefgh</v></key>"])
    for foreign in (f"abcdefgh <key>{gap * 3}<v>", f"abcdefgh <key>{' ' * 2000}", f"abcdefgh{' ' * 100_000}"):
        began = time.process_time()
        assert redactor.text(foreign, limit=500) in (foreign[:500], WITHHELD)
        assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "piece",
    [
        " +",
        " %20",
        " &nbsp;",
        "\n\\n",
        "\\'",
        "\\u005c",
        "\\x5c",
        "\\\n",
        "\\ ",
        " \\",
        "% ",
        "&amp; ",
        "+ ",
        "\x0b\x0c ",
    ],
)
def test_ambiguous_neighbors_are_searched_fast(piece):
    secret = f"abc.{piece * 30}.xyz"
    redactor = Redactor([secret])
    began = time.process_time()
    for spell in SPELLINGS:
        spelled = spell(secret[:-5])
        redactor.text(f"{spelled}abcxyz{spelled}")
        assert redactor.text(f"x {spell(secret)} y") in (f"x {MASK} y", WITHHELD)
    assert time.process_time() - began < 20


def test_a_redactor_can_learn_more_secrets():
    known = Redactor(["canary-one"])
    assert known.knowing(["parrot-two"]).text("canary-one parrot-two") == f"{MASK} {MASK}"
    assert known.text("parrot-two") == "parrot-two"


def test_hidden_values_are_yielded_but_for_short_ones_of_other_keys():
    configuration = {"username": "who-is-it", "api.key": "k", "site": "x", "shown": "declared", "password": MASK}
    assert sorted(Redactor([]).hidden_in(configuration, ["shown"])) == ["k", "who-is-it"]


@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        (3, "key"),
        (5, f"key {MASK}"),
        (9, f"key {MASK}"),
        (10, f"key {MASK}"),
        (13, f"key {MASK} an"),
        (99, f"key {MASK} and {MASK}"),
    ],
)
def test_only_the_beginning_of_foreign_text_is_shown_and_a_secret_that_is_cut_off_is_masked(limit, shown):
    assert Redactor(["canary"]).text("key canary and canary", limit) == shown


@given(st.text(max_size=30))
def test_without_secrets_a_text_stays_as_it_is(text):
    assert Redactor([]).text(text) == text
    assert Redactor([None, "", {}, []]).text(text) == text


@given(st.text("abcdefgh .", max_size=30), st.lists(st.text("ijklmnop", min_size=1), max_size=3))
def test_text_that_holds_no_secret_stays_as_it_is(text, secrets):
    assert Redactor(secrets).text(text) == text


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("22", "id 39522 failed for 22.", f"id 39522 failed for {MASK}."),
        ("22", "pin=22&x", f"pin={MASK}&x"),
        ("true", "untrue is true", f"untrue is {MASK}"),
        ("a", "a banana", f"{MASK} banana"),
        ("12345", "912345 12345", f"912345 {MASK}"),
    ],
)
def test_a_short_secret_is_only_masked_as_a_word_of_its_own(secret, text, shown):
    assert Redactor([secret]).text(text) == shown


def test_numbers_and_booleans_are_secrets_as_the_platform_spells_them():
    assert Redactor([True, 123456]).text("true 123456 True") == f"{MASK} {MASK} True"


def test_secrets_within_structures_are_masked():
    redactor = Redactor([{"a": [{"b": "canary-one"}], "c": ("canary-two",)}])
    assert redactor.text("canary-one canary-two") == f"{MASK} {MASK}"


@given(st.permutations(["hunter2", "hunter2-canary", "my-hunter2-canary"]))
def test_a_secret_that_holds_another_one_is_masked_as_a_whole(secrets):
    assert Redactor(secrets).text("my-hunter2-canary, hunter2-canary, hunter2") == f"{MASK}, {MASK}, {MASK}"


@given(
    st.lists(st.text("abc", min_size=6, max_size=9), min_size=1, max_size=3),
    st.text("abc", max_size=12),
)
def test_of_overlapping_secrets_no_character_stays(secrets, text):
    text = f"{secrets[0]}{text}{secrets[-1]}"
    hidden = [False] * len(text)
    for secret in secrets:
        for start in range(len(text)):
            if text.startswith(secret, start):
                hidden[start : start + len(secret)] = [True] * len(secret)
    left = "".join(character for character, covered in zip(text, hidden, strict=True) if not covered)
    shown = Redactor(secrets).text(text)
    assert shown == WITHHELD or shown.replace("*", "") == left


def test_overlapping_secrets_become_one_mask():
    redactor = Redactor(["canary-first", "first-canary-of-great-length"])
    assert redactor.text("<canary-first-canary-of-great-length>") == f"<{MASK}>"


@given(long_secrets)
def test_the_representation_of_a_redactor_shows_no_secret(secret):
    assume(secret not in object.__repr__(Redactor([])))
    assert secret not in repr(Redactor([secret]))


names = st.sampled_from(["a", "b.url", "site", "username", "oauth.user.token", "password", "callback", "x.y_z"])
UNDECLARED_BUT_HARMLESS = ["base.url", "event.notification.enabled", "pagination.max", "filter.response.nulls"]


@given(st.dictionaries(names, st.text(min_size=1), min_size=1))
def test_what_only_the_server_told_is_masked(configuration):
    assert set(Redactor([]).configuration(configuration, ()).values()) == {MASK}


@given(st.dictionaries(names, st.text() | st.none()), st.lists(names))
def test_keys_are_sorted_and_empty_values_stay(configuration, declared):
    shown = Redactor([]).configuration(configuration, declared)
    assert list(shown) == sorted(configuration)
    assert all(shown[key] == value for key, value in configuration.items() if not value)


@given(st.dictionaries(names, st.text("abc ", min_size=1), min_size=1))
def test_what_the_user_declared_is_shown_unless_its_key_names_a_secret(configuration):
    shown = Redactor(["unrelated-secret"]).configuration(configuration, configuration)
    secret = {"oauth.user.token", "password"}
    assert shown == {key: MASK if key in secret else value for key, value in configuration.items()}
    assert Redactor(["unrelated-secret"], secret).configuration(configuration, configuration) == configuration


@pytest.mark.parametrize("key", UNDECLARED_BUT_HARMLESS)
def test_what_only_the_server_told_is_shown_under_harmless_keys(key):
    assert Redactor([]).configuration({key: "x"}, ()) == {key: "x"}


@pytest.mark.parametrize(
    "key", ["bulk.download.password", "bulk.api.key", "bulk.user.token", "bulk.s.secret", "bulk.download.passcode"]
)
def test_a_harmless_looking_key_that_names_a_secret_is_masked(key):
    assert Redactor([]).configuration({key: "x"}, ()) == {key: MASK}


@pytest.mark.parametrize("key", UNDECLARED_BUT_HARMLESS)
@pytest.mark.parametrize("value", ["https://u:p@h", "https://user@h/x", "u:p@h", ["a:b@c"], {"a": "//b@c"}])
def test_a_harmless_key_does_not_show_what_may_hold_a_password(key, value):
    assert Redactor([]).configuration({key: value}, ()) == {key: MASK}


@pytest.mark.parametrize("key", UNDECLARED_BUT_HARMLESS)
@pytest.mark.parametrize("secret", ["22", "canary-secret"])
def test_a_harmless_key_does_not_show_a_secret(key, secret):
    redactor = Redactor([secret])
    assert redactor.configuration({key: secret}, ()) == {key: MASK}
    assert redactor.configuration({key: f"https://h/?x={secret}&y=1"}, ()) == {key: MASK}


@pytest.mark.parametrize("key", UNDECLARED_BUT_HARMLESS)
@pytest.mark.parametrize(
    "value",
    [
        *("https://h/v1?api_key=hunter2hunter2", "https://h/?k=hunter2", "--password hunter2", "[" * 500 + "]" * 500),
        {"name": "Authorization", "value": "hunter2"},
    ],
)
def test_a_harmless_key_does_not_show_a_value_that_carries_a_secret(key, value):
    assert Redactor([]).configuration({key: value}) == {key: MASK}
    assert list(Redactor([]).hidden_in({key: value})) == [value]


def test_strings_within_json_that_is_nested_too_deeply_are_secrets():
    redactor = Redactor(["[" * 500 + '"canary-deep"' + "]" * 500])
    assert redactor.text("<canary-deep>") == f"<{MASK}>"
    assert Redactor(['{"n": NaN, "key": "canary-nan"}']).text("<canary-nan>") == f"<{MASK}>"


@given(st.lists(long_secrets, min_size=1, max_size=4), st.text(max_size=9), st.text(max_size=9))
def test_a_value_that_holds_a_long_secret_is_masked_in_every_spelling(secrets, before, after):
    redactor = Redactor(secrets)
    for spell in COMMON_SPELLINGS:
        assert redactor.configuration({"site": [f"{before}{spell(secrets[0])}{after}"]}, ["site"]) == {"site": MASK}


def test_a_value_that_holds_no_secret_or_a_short_one_is_shown():
    redactor = Redactor(["canary-one", "canary-two", "short"])
    assert redactor.configuration({"site": "xCANARY-TWOx"}, ["site"]) == {"site": MASK}
    for value in ("canary-three", "canary-", "a short one", "", None, 5, ["canary", "-one"]):
        assert redactor.configuration({"site": value}, ["site"]) == {"site": value}


def test_a_key_that_holds_a_secret_is_masked_unless_the_user_gives_it():
    configuration = {"my-canary-secret": "x", "site": "y"}
    redactor = Redactor(["canary-secret"])
    assert redactor.configuration(configuration, ["site"]) == {MASK: MASK, "site": "y"}
    assert redactor.configuration(configuration, configuration) == {**configuration, "my-canary-secret": MASK}


def test_a_declared_key_does_not_show_a_long_secret_but_is_not_hidden_by_a_short_one():
    configuration = {"site": "my-canary-secret-site", "count": "22"}
    assert Redactor(["canary-secret", "22"]).configuration(configuration, configuration) == {
        "count": "22",
        "site": MASK,
    }
