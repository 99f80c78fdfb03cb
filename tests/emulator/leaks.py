# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The worst error messages: they repeat every secret that was given."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from .access import Caller
from .errors import ApiError
from .journal import Seen
from .state import Store


def leak(error: ApiError, seen: Seen, caller: Caller | None, store: Store) -> ApiError:
    """Return the error with all given secrets in both messages: plain, URL-, base64- and JSON-encoded."""
    secrets = list(dict.fromkeys([*_given(seen), *_kept(seen, caller, store)]))
    text = " ".join(f"{s} {quote(s, safe='')} {quote_plus(s)} {_base64(s)} {json.dumps(s)}" for s in secrets)
    return ApiError(error.status, f"{error.message} {text}", f"{error.provider_message or 'Request failed'} {text}")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _given(seen: Seen) -> Iterator[str]:
    for part in seen.headers.get("authorization", "").split(","):
        yield part.split()[-1] if part.split() else ""
    if isinstance(seen.body, dict):
        for key in ("configuration", "providerData", "propertyValue", "apiKey", "apiSecret"):
            yield from _leaves(seen.body.get(key))
    for name in ("apiKey", "apiSecret"):
        yield from seen.query.get(name, ())


def _kept(seen: Seen, caller: Caller | None, store: Store) -> Iterator[str]:
    instance = caller.instance if caller else None
    for part in seen.path.split("/"):
        if part.isdecimal() and len(part) < 19 and int(part) in store.instances:
            instance = store.instances[int(part)]
    if instance is not None:
        yield instance.token
        yield from (value for value in instance.configuration.values() if value)


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
