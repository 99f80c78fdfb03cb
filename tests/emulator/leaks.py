# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The worst error messages: they repeat every secret that was given, and all that was told of the instance."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from .access import Caller
from .errors import ApiError
from .journal import Seen
from .render import masked
from .state import Store
from .switches import Switches
from .values import MASK

# Where a client might look, or a library might log. The first two are the platform's own.
HEADERS = ("Elements-Error", "Elements-Trace-Id", "WWW-Authenticate", "Warning")


def leak(error: ApiError, text: str) -> ApiError:
    """Return the error with a text in both messages."""
    return ApiError(error.status, f"{error.message} {text}", f"{error.provider_message or 'Request failed'} {text}")


def said(seen: Seen, caller: Caller | None, store: Store, switches: Switches, before: list[Seen]) -> str:
    """Return all secrets of a request, and all that was told before of the instance that it is about.

    They are plain, URL-, base64-, JSON-, HTML- and hex-encoded, as Python writes them, and as a part of what Basic
    authentication sends. Who quotes a message may only quote the beginning, so each begins with another one.
    """
    told = any(earlier.status == 200 and earlier.path.startswith("/instances") for earlier in before)
    kept = _kept(seen, caller, store, switches) if told else ()
    secrets = list(dict.fromkeys(filter(None, [*_given(seen), *kept])))
    spelled = list(dict.fromkeys(spelling for secret in secrets for spelling in _spellings(secret)))
    start = 7 * len(before) % len(spelled) if spelled else 0
    return " ".join(spelled[start:] + spelled[:start])


def headers(text: str, *names: str) -> dict[str, str]:
    """Return headers that hold a text, as far as headers can."""
    line = "".join(character if " " <= character <= "~" else quote(character) for character in text)
    return dict.fromkeys(names, line[:4000])


def _spellings(secret: str) -> Iterator[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield json.dumps(secret)
    yield quote(raw, safe="")
    yield _base64(raw)
    yield json.dumps(secret, ensure_ascii=False)
    yield quote_plus(raw)
    yield _small_escapes(quote(raw, safe=""))
    # As JavaScript's encodeURIComponent and as Gson write it.
    yield quote(raw, safe="!'()*")
    yield json.dumps(secret).replace("=", "\\u003d").replace("<", "\\u003C").replace("'", "\\u0027")
    yield html.escape(secret)
    yield html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
    yield from (_base64(user + raw + b":") for user in (b"u", b"us", b"use"))
    yield repr(secret)
    yield raw.hex()
    yield quote(quote(raw, safe=""), safe="")


def _small_escapes(text: str) -> str:
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _given(seen: Seen) -> Iterator[str]:
    for part in seen.headers.get("authorization", "").split(","):
        yield part.split()[-1] if part.split() else ""
    if isinstance(seen.body, dict):
        for key in ("configuration", "providerData", "propertyValue", "apiKey", "apiSecret"):
            yield from _leaves(seen.body.get(key))
    for name in ("apiKey", "apiSecret"):
        yield from seen.query.get(name, ())


def _kept(seen: Seen, caller: Caller | None, store: Store, switches: Switches) -> Iterator[str]:
    instance = caller.instance if caller else None
    for part in seen.path.split("/"):
        if part.isdecimal() and len(part) < 19 and int(part) in store.instances:
            instance = store.instances[int(part)]
    if instance is not None:
        yield instance.token
        yield from (value for value in masked(instance, switches).values() if value and value != MASK)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str):
        yield value
    elif value is not None and not isinstance(value, bool):
        yield json.dumps(value)
