# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own the calls about the catalog of elements."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from .._core.errors import CloudElementsError
from .._core.text import quote
from .caller import PAGE_SIZE, Caller, segment
from .catalog import Element, element_from, element_keys_from, elements_from, oauth_token_from, oauth_url_from
from .http_messages import Request
from .models import MisplacedError
from .retry_policy import Effect


class ElementCalls:
    """Reads the catalog and asks for OAuth URLs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, element_key: str) -> Element | None:
        """Return an element with the configuration that it takes, or None if there is none."""
        request = Request("GET", f"/elements/{segment(element_key)}")
        what = f"Reading the element {quote(element_key)}"
        return self._caller.call(what, Effect.READ, request, _this(element_key), missing=None)

    def list(self) -> tuple[Element, ...]:
        """Return all elements that the user sees."""
        query = [("pageSize", str(PAGE_SIZE))]
        return self._caller.pages("Listing the elements", "/elements", query, elements_from, lambda row: row.key).rows

    def list_keys(self) -> tuple[str, ...]:
        """Return the keys of all elements that the user sees."""
        query = [("pageSize", str(PAGE_SIZE))]
        what = "Listing the element keys"
        return self._caller.pages(what, "/elements/keys", query, element_keys_from, lambda key: key).rows

    def oauth_token(self, element_key: str, parameters: Mapping[str, str]) -> tuple[str, str]:
        """Return a request token and its secret, the first step of OAuth 1 (vendor swagger; there is no POST form)."""
        request = Request("GET", f"/elements/{segment(element_key)}/oauth/token", query=tuple(parameters.items()))
        what = f"Asking for an OAuth 1 request token of the element {quote(element_key)}"
        return self._caller.call(what, Effect.READ, request, oauth_token_from)

    def oauth_url(self, element_key: str, parameters: Mapping[str, str]) -> str:
        """Return the URL where a user grants access.

        Ask by POST, so that no secret is in a URL that proxies may log, and by GET if POST is not allowed.
        """
        path = f"/elements/{segment(element_key)}/oauth/url"
        what = f"Asking for the OAuth URL of the element {quote(element_key)}"
        try:
            return self._caller.call(what, Effect.READ, Request("POST", path, body=parameters), oauth_url_from)
        except CloudElementsError as error:
            if error.status != 405:
                raise
        request = Request("GET", path, query=tuple(parameters.items()))
        return self._caller.call(what, Effect.READ, request, oauth_url_from)


def _this(element_key: str) -> Callable[[t.Any], Element]:
    """Return the parser for an answer about one element, which refuses an answer about another."""

    def parse(body: t.Any) -> Element:
        element = element_from(body)
        if element.key.casefold() != element_key.casefold():
            raise MisplacedError(f"the answer is about another element: {quote(element.key)}")
        return element

    return parse
