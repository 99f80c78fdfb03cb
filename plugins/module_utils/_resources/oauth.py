# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module for OAuth URLs, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._api.run import Run
from .._core.errors import CloudElementsError, ErrorKind, invalid
from .._core.text import quote
from .._secrets.argument_spec import Options
from .instance.options import element_key_from

# The API key is the client id that the provider shows to everybody: masked, it would break the URL that holds it.
OAUTH = Options(
    spec={
        "element_key": {"type": "str", "required": True, "no_log": False},
        "oauth_api_key": {"type": "str", "required": True, "no_log": False},
        "oauth_api_secret": {"type": "str", "required": True, "no_log": True},
        "callback_url": {"type": "str", "required": True},
        "scope": {"type": "str"},
        "state": {"type": "str"},
        "site_address": {"type": "str"},
    },
)

OAUTH1 = "oauth1"


_OAUTH_NAMES = {
    "oauth_api_key": "apiKey",
    "oauth_api_secret": "apiSecret",
    "callback_url": "callbackUrl",
    "scope": "scope",
    "state": "state",
    "site_address": "siteAddress",
}


def oauth_from(params: Mapping[str, t.Any]) -> tuple[str, dict[str, str]]:
    """Return the element key, and the parameters for an OAuth URL by the platform's names (vendor swagger, OAuthInfo).

    Raises:
        CloudElementsError: `invalid_options` if one is empty or not printable.
    """
    asked = {}
    for option, name in _OAUTH_NAMES.items():
        value = params[option]
        if value is None:
            continue
        if not value.strip():
            raise invalid(f"{option} is empty. If it comes from a variable, that one is empty.")
        if not value.isprintable():
            raise invalid(f"{option} holds a character that cannot be seen, such as a line break. Remove it.")
        asked[name] = value
    return t.cast("str", element_key_from(params["element_key"])), asked


def oauth_info(params: Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Return the URL where a user grants access and, for OAuth 1, the request token that it is for.

    OAuth 1 needs the request token first (vendor documentation, authentication). Which of the two an element uses is
    told by the catalog; where that may not be read, OAuth 2 is tried.
    """
    element_key, asked = oauth_from(params)
    token: str | None = None
    secret: str | None = None
    if _authentication(element_key, run) == OAUTH1:
        token, secret = run.client.elements.oauth_token(element_key, asked)
        asked = {**asked, "requestToken": token}
    return {
        "changed": False,
        "oauth_url": run.client.elements.oauth_url(element_key, asked),
        "request_token": token,
        "request_secret": secret,
    }


def _authentication(element_key: str, run: Run) -> str | None:
    """Return how an element authenticates, or None where the catalog may not be read."""
    try:
        element = run.client.elements.get(element_key)
    except CloudElementsError as error:
        if error.kind is ErrorKind.FORBIDDEN:
            return None
        raise
    if element is None:
        raise CloudElementsError(
            ErrorKind.NOT_FOUND, f"The platform has no element with the key {quote(element_key)}.", status=404
        )
    return element.authentication
