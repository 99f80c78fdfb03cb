# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: no promise is made to code outside of it.

"""What the module for OAuth URLs does, from options to result."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._core.errors import CloudElementsError, ErrorKind
from .._core.text import quote
from .._reconcile.task import Task
from .instance.options import oauth_from

OAUTH1 = "oauth1"


def oauth_info(params: Mapping[str, t.Any], task: Task) -> dict[str, t.Any]:
    """Return the URL where a user grants access and, for OAuth 1, the request token that it is for.

    OAuth 1 needs the request token first (vendor documentation, authentication). Which of the two an element uses is
    told by the catalogue; where that may not be read, OAuth 2 is tried.
    """
    element_key, asked = oauth_from(params)
    token: str | None = None
    secret: str | None = None
    if _authentication(element_key, task) == OAUTH1:
        token, secret = task.client.oauth_token(element_key, asked)
        asked = {**asked, "requestToken": token}
    return {
        "changed": False,
        "oauth_url": task.client.oauth_url(element_key, asked),
        "request_token": token,
        "request_secret": secret,
    }


def _authentication(element_key: str, task: Task) -> str | None:
    """Return how an element authenticates, or None where the catalogue may not be read."""
    try:
        element = task.client.get_element(element_key)
    except CloudElementsError as error:
        if error.kind is ErrorKind.FORBIDDEN:
            return None
        raise
    if element is None:
        raise CloudElementsError(
            ErrorKind.NOT_FOUND, f"The platform has no element with the key {quote(element_key)}.", status=404
        )
    return element.authentication
