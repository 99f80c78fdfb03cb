# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all tests of the emulator share: a client that checks every answer against the contract."""

from __future__ import annotations

import functools
from typing import Any

import requests
import yaml
from ansible_collections.cloud_elements.platform.tests.emulator import Emulator
from ansible_collections.cloud_elements.platform.tests.emulator.contract import LOADER, PATH
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

STRIPE = {"username": "sk_live", "password": "hunter2"}
SFDC = {"oauth.api.key": "app", "oauth.api.secret": "appsecret", "oauth.callback.url": "https://example.com/back"}


@functools.cache
def contract() -> OpenAPI:
    """The contract, for whatever host the answer came from."""
    document = yaml.load(PATH.read_text(encoding="utf-8"), Loader=LOADER)
    document["servers"] = [{"url": "/elements/api-v2"}]
    return OpenAPI.from_dict(document)


class Client:
    """Calls an account of the emulator. Answers that the contract does not know fail the test, unless `unchecked`."""

    def __init__(self, emulator: Emulator, account: str | None = None) -> None:
        self.emulator = emulator
        self.secrets = emulator.accounts[account or next(iter(emulator.accounts))].secrets
        self.session = requests.Session()
        self.session.trust_env = False
        self.unchecked = False

    def header(self, *, token: str | None = None, user: bool = True, organization: bool = True) -> str:
        parts = [f"User {self.secrets.user}"] if user else []
        parts += [f"Organization {self.secrets.organization}"] if organization else []
        parts += [f"Element {token}"] if token else []
        return ", ".join(parts)

    def call(self, method: str, path: str, body: Any = None, *, auth: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": self.header() if auth is None else auth, **options.pop("headers", {})}
        if not headers["Authorization"]:
            del headers["Authorization"]
        options.setdefault("timeout", 10)
        if body is not None:
            options["json"] = body
        response = self.session.request(
            method, self.emulator.url + path, headers=headers, allow_redirects=False, **options
        )
        if not self.unchecked and response.status_code not in (405, 415):
            request = RequestsOpenAPIRequest(response.request)
            contract().validate_response(request, RequestsOpenAPIResponse(response))
        return response

    def get(self, path: str, **options: Any) -> Any:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, **options)

    def create(self, element_key: str = "stripe", name: str = "one", **fields: Any) -> dict[str, Any]:
        fields.setdefault("configuration", SFDC if element_key == "sfdc" else STRIPE)
        response = self.post("/instances", {"element": {"key": element_key}, "name": name, **fields})
        assert response.status_code == 200, response.text
        return dict(response.json())

    def ping(self, token: str) -> Any:
        return self.get("/ping", auth=self.header(token=token, organization=False))
