# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/emulator: what tests do when the emulator runs as a process of its own. No secrets are needed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .account import Account
from .errors import ApiError
from .faults import Fault
from .seed import KINDS

if TYPE_CHECKING:
    from .app import Application

PREFIX = "/emulator"


def add_routes(router: web.UrlDispatcher, application: Application) -> None:
    """Add each control call twice: for the first account, and for the one whose name is in the path."""
    control = _Control(application)
    router.add_route("GET", f"{PREFIX}/accounts", control.get_accounts)
    for method, path, handler in (
        ("GET", "/requests", control.get_requests),
        ("DELETE", "/requests", control.clear),
        ("GET", "/violations", control.get_violations),
        ("GET", "/connections", control.get_connections),
        ("GET", "/switches", control.get_switches),
        ("PATCH", "/switches", control.patch_switches),
        ("POST", "/faults", control.post_faults),
        ("DELETE", "/faults", control.delete_faults),
        ("POST", "/reset", control.reset),
        ("GET", "/instances", control.get_instances),
        ("POST", "/instances", control.post_instances),
        ("POST", "/hold", control.hold),
        ("POST", "/seed", control.seed),
    ):
        router.add_route(method, PREFIX + path, handler)
        router.add_route(method, f"{PREFIX}/accounts/{{account}}{path}", handler)


async def guarded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Run a control handler; whatever is wrong with the request is said in JSON."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.json_response({"message": error.reason}, status=error.status)
    except ApiError as error:
        return web.json_response({"message": error.message}, status=error.status)
    except (ValueError, TypeError, KeyError) as error:
        return web.json_response({"message": str(error)}, status=400)


class _Control:
    def __init__(self, application: Application) -> None:
        self._app = application

    def _account(self, request: web.Request) -> Account:
        name = request.match_info.get("account")
        if name is None:
            return self._app.first
        if name not in self._app.accounts:
            raise ApiError(404, f"There is no account {name}")
        return self._app.accounts[name]

    async def get_accounts(self, request: web.Request) -> web.Response:
        return web.json_response(list(self._app.accounts))

    async def get_requests(self, request: web.Request) -> web.Response:
        return web.json_response([seen.as_dict() for seen in self._account(request).requests])

    async def clear(self, request: web.Request) -> web.Response:
        if "account" in request.match_info:
            self._account(request).clear()
        else:
            self._app.clear()
        return web.json_response({})

    async def get_violations(self, request: web.Request) -> web.Response:
        return web.json_response(self._account(request).violations)

    async def get_connections(self, request: web.Request) -> web.Response:
        return web.json_response({"connections": self._app.connections})

    async def get_switches(self, request: web.Request) -> web.Response:
        return web.json_response({"strict": self._app.strict, **self._account(request).switches.as_dict()})

    async def patch_switches(self, request: web.Request) -> web.Response:
        switches = self._account(request).switches
        changes = await _object(request)
        strict = changes.pop("strict", self._app.strict)
        trial = dataclasses.replace(switches)
        for name, value in changes.items():
            trial.set(name, value)
        for name, value in changes.items():
            switches.set(name, value)
        self._app.strict = bool(strict)
        return await self.get_switches(request)

    async def post_faults(self, request: web.Request) -> web.Response:
        account = self._account(request)
        given = await request.json()
        faults = [Fault(**fields) for fields in (given if isinstance(given, list) else [given])]
        for fault in faults:
            account.inject(fault)
        return web.json_response({"waiting": len(account.faults)})

    async def delete_faults(self, request: web.Request) -> web.Response:
        self._account(request).heal()
        return web.json_response({})

    async def reset(self, request: web.Request) -> web.Response:
        if "account" in request.match_info:
            self._account(request).reset()
        else:
            self._app.reset()
        return web.json_response({})

    async def get_instances(self, request: web.Request) -> web.Response:
        return web.json_response(self._account(request).instances)

    async def post_instances(self, request: web.Request) -> web.Response:
        account = self._account(request)
        given = await request.json()
        if isinstance(given, list):
            return web.json_response([account.create(**fields) for fields in given])
        return web.json_response(account.create(**given))

    async def seed(self, request: web.Request) -> web.Response:
        fields = await _object(request)
        kind = fields.pop("kind", None)
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        return web.json_response(getattr(self._account(request).seed, kind)(**fields))

    async def hold(self, request: web.Request) -> web.Response:
        fields = await _object(request)
        return web.json_response(self._account(request).hold(int(fields["id"]), str(fields.get("name", "formula"))))


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except json.JSONDecodeError as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(given, dict):
        raise ValueError("the body is not an object")
    return given
