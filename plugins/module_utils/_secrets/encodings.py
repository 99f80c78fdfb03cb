# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encode secrets and decode texts, so that `redaction` recognizes a secret whoever encoded it. Pure.

`spellings` are common, and are masked. To be sure that nothing is left, a text is decoded in every way (`readings`).
Then it and the secret are squeezed, so that neither case nor separators matter.
"""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator

SHORTEST = 6
"""Characters that are not found in all kinds of text by chance. A shorter secret only counts as a word of its own."""

_MOST_LAYERS = 10
_MOST_DECODINGS = 3


class UnreadableError(ValueError):
    """A text has more layers of escapes than anybody makes who does not hide something."""


def spellings(secret: str) -> Iterator[str]:
    """Yield a secret in plain and percent-encoded, and as JSON, HTML, base64 and hexadecimal digits spell it."""
    raw = _raw(secret)
    yield from (secret, secret.strip() or secret)
    yield from (urllib.parse.quote(raw), urllib.parse.quote(raw, safe=""), urllib.parse.quote_plus(raw))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (html.escape(secret), html.escape(secret, quote=False))
    yield from (*_digits(raw, b"+/"), *_digits(raw, b"-_"))


def _digits(raw: bytes, others: bytes) -> Iterator[str]:
    """Yield bytes in hexadecimal digits and in base64, also as a part of something longer that was encoded as a whole.

    Basic authentication, for example, encodes the user name with the password.
    """
    if len(raw) < SHORTEST:
        return
    whole = base64.b64encode(raw, others).decode()
    yield from (raw.hex(), raw.hex().upper(), whole, whole.rstrip("="))
    for before in range(3):
        # Six bits a character. The first and the last one may have bits of what is before and after.
        part = slice(-(-before * 8 // 6), (before + len(raw)) * 8 // 6)
        yield base64.b64encode(bytes(before) + raw, others).decode()[part]


def forms(secret: str) -> set[str]:
    """Return what is looked for in a squeezed text: a secret with its escapes undone, in base64 and in hexadecimal.

    A secret with fewer than six letters and digits is looked for with all its visible characters.
    """
    written = list(_digits(_raw(secret), b"+/"))
    with contextlib.suppress(UnreadableError):
        written.extend(unescaped(secret))
    squeezes = (squeezed(spelling).split("\n") for spelling in written)
    found = {letters if len(letters) >= SHORTEST else visible for letters, visible in squeezes}
    return {form for form in found if len(form) >= SHORTEST}


def squeezed(text: str) -> str:
    """Return the ASCII letters and digits of a text in lower case, a line break, and all its visible characters."""
    folded = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    visible = "".join(folded.split())
    if not visible.isprintable():
        visible = "".join(filter(str.isprintable, visible))
    return f"{_NO_LETTERS.sub('', visible)}\n{visible}"


_NO_LETTERS = re.compile("[^a-z0-9]+")


def readings(text: str) -> Iterator[str]:
    """Yield a text and all that can be read out of it by undoing one encoding after another.

    Raises:
        UnreadableError: There are too many layers of escapes.
    """
    yield from _decoded(text, _MOST_DECODINGS)
    joined = re.sub("[^!-~]+", "", text)
    if _without_escapes(joined) != joined or not text.isprintable() or not text.isascii():
        # What was left out may have taken escapes or digits apart.
        yield from _decoded(joined, _MOST_DECODINGS)


def _decoded(text: str, times: int) -> Iterator[str]:
    """Yield a text with its escapes undone, and that as base64 and as hexadecimal digits, from each possible beginning.

    What is not such a digit is left out. Most texts decode to noise. Only a row of printable characters is decoded
    again.
    """
    for reading in unescaped(text):
        yield reading
        printable = "".join(re.findall(r"[\s!-~]{8,}", reading)) if times else ""
        for others in (b"+/", b"-_"):
            digits = re.sub(f"[^A-Za-z0-9{others.decode()}]", "", printable)
            for start in range(4 if digits else 0):
                whole = digits[start : len(digits) - ((len(digits) - start) % 4 == 1)]
                yield from _decoded(base64.b64decode(f"{whole}==", others).decode("latin-1"), times - 1)
        digits = re.sub("0x|[^0-9a-f]", "", printable.lower())
        for start in range(2 if digits else 0):
            whole = digits[start : len(digits) - (len(digits) - start) % 2]
            yield from _decoded(bytes.fromhex(whole).decode("latin-1"), times - 1)


def unescaped(text: str) -> Iterator[str]:
    """Yield a text, and then what it is each time that a layer of escapes is undone.

    Raises:
        UnreadableError: There are too many layers.
    """
    for _layer in range(_MOST_LAYERS):
        yield text
        escaped, text = text, _without_escapes(text)
        if text == escaped:
            return
    raise UnreadableError


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U(00[01][0-9a-fA-F]{5})|x([0-9a-fA-F]{2})|([abfnrtv])|(.))", re.DOTALL)
_UTF8 = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _without_escapes(text: str) -> str:
    """Undo one layer of escapes. If there is none, decode UTF-8 that was read as Latin-1."""
    plain = urllib.parse.unquote(html.unescape(_ESCAPE.sub(_escaped_character, text)), "latin-1")
    if plain == text:
        plain = _UTF8.sub(lambda match: match[0].encode("latin-1").decode(errors="replace"), text)
    # Two halves of a character become one.
    return plain if plain.isascii() else plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped_character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return chr(min(int(code, 16), 0x10FFFF)) if code else " " if match[4] else match[5]


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
