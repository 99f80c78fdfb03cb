# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse what the platform tells of elements and OAuth. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .._secrets.disclosure import names_secret
from .._secrets.redaction import MASK
from .models import OddRow, ShapeError, rows_from
from .values import as_text


@dataclass(frozen=True)
class CatalogEntry:
    """One configuration entry of an element: what may or must be given under a key."""

    key: str
    name: str | None
    type: str | None
    default: str | None
    required: bool
    secret: bool
    internal: bool


@dataclass(frozen=True)
class Element:
    """An element of the catalog. `entries` is None if an answer did not include them."""

    key: str
    name: str | None
    hub: str | None
    authentication: str | None
    entries: tuple[CatalogEntry, ...] | None


def element_from(body: t.Any) -> Element:
    """Return the element in an answer of the platform.

    The fields of an entry have two namings: `required` and `type` in exported elements, `mandatory` and
    `configDataType` in the vendor's swagger.

    Raises:
        ShapeError: The answer has another shape.
    """
    # A key becomes a part of a path, where the dots would lead elsewhere.
    if not isinstance(body, Mapping) or not isinstance(body.get("key"), str) or body["key"] in ("", ".", ".."):
        raise ShapeError("the element is not an object with a key")
    authentication = body.get("authentication")
    authentication = authentication.get("type") if isinstance(authentication, Mapping) else None
    entries = body.get("configuration")
    return Element(
        key=body["key"],
        name=_text(body.get("name")),
        hub=_text(body.get("hub")),
        authentication=_text(authentication) or _text(body.get("authenticationType")),
        entries=tuple(_entry(entry) for entry in entries) if isinstance(entries, list) else None,
    )


def elements_from(body: t.Any) -> tuple[Element | OddRow, ...]:
    """Return the elements in an answer that lists them, and the rows that cannot be read but have an id.

    Raises:
        ShapeError: The answer is not a list, or it holds a row without an id.
    """
    return rows_from(body, element_from, "the element")


def element_keys_from(body: t.Any) -> tuple[str, ...]:
    """Return the element keys in an answer that lists them.

    Raises:
        ShapeError: The answer has another shape.
    """
    if not isinstance(body, list) or not all(isinstance(key, str) for key in body):
        raise ShapeError("the answer is not a list of element keys")
    return tuple(body)


def _entry(body: t.Any) -> CatalogEntry:
    if not isinstance(body, Mapping) or not isinstance(body.get("key"), str):
        raise ShapeError("a configuration entry of the element is not an object with a key")
    kind = _text(body.get("type")) or _text(body.get("configDataType"))
    secret = kind == "PASSWORD" or names_secret(body["key"])
    default = as_text(body.get("defaultValue")) or None
    return CatalogEntry(
        key=body["key"],
        name=_text(body.get("name")),
        type=kind,
        default=MASK if secret and default else default,
        required=body.get("required") is True or body.get("mandatory") is True,
        secret=secret,
        internal=body.get("internal") is True or body.get("hideFromConsole") is True or body.get("active") is False,
    )


def oauth_url_from(body: t.Any) -> str:
    """Return the OAuth URL in an answer (vendor swagger, OAuthRedirect).

    Raises:
        ShapeError: The answer has another shape.
    """
    url = body.get("oauthUrl") if isinstance(body, Mapping) else None
    if not isinstance(url, str) or not url:
        raise ShapeError("the answer has no oauthUrl")
    return url


def oauth_token_from(body: t.Any) -> tuple[str, str]:
    """Return the request token and its secret in an answer (vendor swagger, OAuthToken).

    Raises:
        ShapeError: The answer has another shape.
    """
    token = body.get("token") if isinstance(body, Mapping) else None
    secret = body.get("secret") if isinstance(body, Mapping) else None
    if not isinstance(token, str) or not isinstance(secret, str):
        raise ShapeError("the answer has no token and secret")
    return token, secret


def _text(value: t.Any) -> str | None:
    return value if isinstance(value, str) else None
