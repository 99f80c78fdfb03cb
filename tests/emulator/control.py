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

from . import render
from .errors import ApiError
from .faults import Fault
from .rules import build, find_element
from .state import Instance

if TYPE_CHECKING:
    from .app import Application

PREFIX = "/emulator"
_SETTABLE = {field.name for field in dataclasses.fields(Instance)} - {"id", "token", "element"}


def add_routes(router: web.UrlDispatcher, application: Application) -> None:
    control = _Control(application)
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
    ):
        router.add_route(method, PREFIX + path, handler)


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


def create(application: Application, fields: dict[str, Any]) -> dict[str, Any]:
    """Put an instance straight into the store and return it unmasked.

    `fields`: element_key, name, configuration, tags, and disabled, valid, trace_logging, external_authentication,
    created_date.
    """
    fields = dict(fields)
    store, switches = application.store, application.switches
    with store.lock:
        element = find_element(store, fields.pop("element_key", "stripe"))
        name = fields.pop("name", None) or element.key
        configuration = fields.pop("configuration", None) or {}
        instance = build(store, switches, element, name, configuration, fields.pop("tags", None), mangle=False)
        for key, value in fields.items():
            if key not in _SETTABLE:
                raise ValueError(f"an instance has no field {key}")
            setattr(instance, key, value)
        return render.instance(instance, application.switches)


def unmasked(application: Application) -> list[dict[str, Any]]:
    switches = dataclasses.replace(application.switches, mask="none")
    with application.store.lock:
        return [render.instance(each, switches) for each in application.store.instances.values()]


class _Control:
    def __init__(self, application: Application) -> None:
        self._app = application

    async def get_requests(self, request: web.Request) -> web.Response:
        return web.json_response([seen.as_dict() for seen in self._app.journal.requests])

    async def clear(self, request: web.Request) -> web.Response:
        self._app.journal.clear()
        return web.json_response({})

    async def get_violations(self, request: web.Request) -> web.Response:
        return web.json_response(self._app.journal.violations)

    async def get_connections(self, request: web.Request) -> web.Response:
        return web.json_response({"connections": self._app.journal.connections})

    async def get_switches(self, request: web.Request) -> web.Response:
        return web.json_response({"strict": self._app.strict, **self._app.switches.as_dict()})

    async def patch_switches(self, request: web.Request) -> web.Response:
        changes = await _object(request)
        strict = changes.pop("strict", self._app.strict)
        trial = dataclasses.replace(self._app.switches)
        for name, value in changes.items():
            trial.set(name, value)
        for name, value in changes.items():
            self._app.switches.set(name, value)
        self._app.strict = bool(strict)
        return await self.get_switches(request)

    async def post_faults(self, request: web.Request) -> web.Response:
        given = await request.json()
        faults = [Fault(**fields) for fields in (given if isinstance(given, list) else [given])]
        for fault in faults:
            self._app.faults.inject(fault)
        return web.json_response({"waiting": len(self._app.faults)})

    async def delete_faults(self, request: web.Request) -> web.Response:
        self._app.faults.clear()
        return web.json_response({})

    async def reset(self, request: web.Request) -> web.Response:
        self._app.reset()
        return web.json_response({})

    async def get_instances(self, request: web.Request) -> web.Response:
        return web.json_response(unmasked(self._app))

    async def post_instances(self, request: web.Request) -> web.Response:
        given = await request.json()
        if isinstance(given, list):
            return web.json_response([create(self._app, fields) for fields in given])
        return web.json_response(create(self._app, given))

    async def hold(self, request: web.Request) -> web.Response:
        fields = await _object(request)
        return web.json_response(self._app.store.hold(int(fields["id"]), str(fields.get("name", "formula"))))


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except json.JSONDecodeError as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(given, dict):
        raise ValueError("the body is not an object")
    return given
