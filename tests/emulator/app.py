# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The web application: finds the handler, lets callers in, checks, logs, strikes with faults."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from . import access, contract, control, elements, instances, leaks, organization, resources, usage
from .account import Account
from .call import Call, Handler
from .common_resources import routes as common_resources
from .contract import MISSING, Operation
from .errors import ApiError
from .faults import spoil
from .formulas import routes as formulas
from .journal import Seen

_LOGGER = logging.getLogger(__name__)
BASE_PATH = "/elements/api-v2"
# TEST, vendor acceptance suite: general/headers.js (exact value).
EXPOSE_HEADERS = (
    "Elements-Returned-Count, Elements-Total-Count, Elements-Request-Id, Elements-Next-Page-Token, "
    "Elements-Trace-Id, Elements-Error, Content-Disposition"
)
_TOP = (
    "instances",
    "elements",
    "formulas",
    "hubs",
    "accounts",
    "organizations",
    "ping",
    "objects",
    "usage",
    "vdrs",
    "common-resources",
)
_RESERVED = "elements|instances|formulas|hubs|ping|usage|accounts/instances|common-resources|vdrs"
_AIOHTTP_OWN = {404: "There is no such resource", 405: "Request method '{method}' not supported"}


class Application:
    """One emulator without its server. `web` is the aiohttp application."""

    def __init__(self, strict: bool, accounts: Sequence[Account]) -> None:
        self.strict = strict
        self.accounts = {account.name: account for account in accounts}
        self.first = accounts[0]
        self.connections = 0
        self._operations: dict[Any, Operation] = {}
        self.web = web.Application(middlewares=[self._middleware], client_max_size=64 * 1024 * 1024)
        control.add_routes(self.web.router, self)
        known = contract.load()
        for method, path, handler in (
            *instances.ROUTES,
            *elements.ROUTES,
            *organization.ROUTES,
            *common_resources.ROUTES,
            *formulas.ROUTES,
            *usage.ROUTES,
            *resources.ROUTES,
        ):
            self._add(known[method, path], handler)

    def reset(self) -> None:
        """Forget everything of all accounts but the switches."""
        for account in self.accounts.values():
            account.reset()
        self.connections = 0

    def clear(self) -> None:
        """Forget the requests and violations of all accounts, and the connections."""
        for account in self.accounts.values():
            account.clear()
        self.connections = 0

    def _add(self, operation: Operation, handler: Handler) -> None:
        def pattern(match: re.Match[str]) -> str:
            if match[1] in operation.integers:
                return f"{{{match[1]}:[0-9]+}}"
            if match[1] == "resource" and operation.path.startswith("/{resource}"):
                return f"{{resource:(?!(?:{_RESERVED})(?:/|$))[^/]+}}"
            return f"{{{match[1]}:[^/]+}}"

        async def endpoint(request: web.Request) -> web.StreamResponse:
            # The middleware calls `handler` itself, with what it has read and checked.
            raise NotImplementedError

        self._operations[endpoint] = operation
        if operation.method == "GET" and operation.path == "/{resource}":
            self._resource = endpoint
        endpoint.handle = handler  # type: ignore[attr-defined]
        path = re.sub(r"\{(\w+)\}", pattern, operation.path)
        self.web.router.add_route(operation.method, f"{BASE_PATH}{path}{{_slash:/?}}", endpoint)

    @web.middleware
    async def _middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path == control.PREFIX or request.path.startswith(control.PREFIX + "/"):
            return await control.guarded(request, handler)
        seen = Seen(
            method=request.method,
            path=_below_base(request.path),
            query=parse_qs(request.rel_url.raw_query_string, keep_blank_values=True, errors="replace"),
            headers={name.lower(): text for name, text in request.headers.items()},
        )
        raw = await request.read()
        body, unreadable = _parsed(raw)
        seen.body = None if body is MISSING else body
        account = self._account(request)
        account.journal.add(seen)
        request_id = os.urandom(12).hex()
        fault = account.faults.take(request.method, seen.path)
        if account.switches.latency:
            await asyncio.sleep(account.switches.latency)
        if fault and fault.kind == "latency" and fault.when == "before":
            await asyncio.sleep(fault.pause)
        if fault is None or fault.effect:
            response = await self._answer(account, request, seen, body, unreadable, request_id)
        else:
            response = self._error(request_id, ApiError(500, fault.message))
        if account.switches.echo_secrets:
            text = self._said(account, request, seen)
            response.headers.update(leaks.headers(text, *leaks.HEADERS))
            fault = fault and fault.saying(text, leaks.headers(text, *leaks.HEADERS, "Elements-Request-Id"))
        if fault is None:
            seen.status = response.status
            return response
        seen.fault = fault.name
        spoilt, seen.status = await spoil(fault, request, response, request_id)
        return spoilt

    def _account(self, request: web.Request) -> Account:
        """Find the account of a request by its user secret, else by its organization secret, else take the first."""
        if len(self.accounts) == 1:
            return self.first
        secrets = dict(access.parts(request.headers.get("Authorization", "")))
        for scheme in ("user", "organization"):
            for account in self.accounts.values():
                if secrets.get(scheme) == getattr(account.secrets, scheme):
                    return account
        return self.first

    async def _answer(
        self, account: Account, request: web.Request, seen: Seen, body: Any, unreadable: bool, request_id: str
    ) -> web.Response:
        """Return the right answer to a request, errors included."""
        store, switches = account.store, account.switches
        endpoint = request.match_info.handler
        operation = self._operations.get(endpoint)
        authorization = request.headers.get("Authorization", "")
        caller = None
        try:
            if operation is None:
                raise self._no_operation(request, seen)
            caller = access.read(authorization, account.secrets, store, switches)
            parameters = {name: text for name, text in request.match_info.items() if name != "_slash"}
            if operation.path == "/accounts" and caller.token is not None:
                # With an element token it is a resource of the element, such as the accounts of a CRM.
                endpoint, parameters = self._resource, {"resource": "accounts"}
                operation = self._operations[endpoint]
            if operation.path.startswith("/{resource}") and caller.token is None:
                seen.violations.append("path: not in the contract")
                raise ApiError(404, _AIOHTTP_OWN[404])
            seen.violations += _violations(request, operation, seen, body, unreadable, authorization)
            if operation.kind == "platform" and caller.token is not None:
                seen.notes.append("element token on a platform call that does not need it")
            access.check(caller, switches, operation.kind, operation.path)
            self._refuse(request, seen, unreadable)
            if operation.id in ("createInstance", "createElementInstance") and switches.create_seconds:
                await asyncio.sleep(switches.create_seconds)
            call = Call(
                request.method, operation.path, parameters, seen.query, body, caller, store, switches, seen.headers
            )
            with store.lock:
                answer = endpoint.handle(call)  # type: ignore[attr-defined]
                response = self._success(request_id, answer)
        except ApiError as error:
            if switches.echo_secrets:
                error = leaks.leak(error, self._said(account, request, seen))
            response = self._error(request_id, error)
        except Exception:
            _LOGGER.exception("%s %s", seen.method, seen.path)
            seen.notes.append("the emulator failed")
            response = self._error(request_id, ApiError(500, "The emulator failed; its log says why"))
        if caller is not None and caller.instance is not None:
            response.headers["Elements-Element-Instance-Id"] = str(caller.instance.id)
            if operation is not None and operation.kind == "element" and not operation.path.startswith("/instances"):
                store.used(caller.instance, seen.method, seen.path, response.status)
        return response

    def _said(self, account: Account, request: web.Request, seen: Seen) -> str:
        """Return all secrets that belong to a request, or were told of its instance, in every spelling."""
        store, switches = account.store, account.switches
        caller = access.read(request.headers.get("Authorization", ""), account.secrets, store, switches)
        return leaks.said(seen, caller, store, switches, [each for each in account.requests if each is not seen])

    def _no_operation(self, request: web.Request, seen: Seen) -> ApiError:
        status = getattr(request.match_info.http_exception, "status", 404)
        if seen.path.strip("/").split("/")[0] not in _TOP:
            status = 404
        seen.violations.append("method: not in the contract" if status == 405 else "path: not in the contract")
        text = _AIOHTTP_OWN.get(status, _AIOHTTP_OWN[404])
        return ApiError(status, text.format(method=request.method))

    def _refuse(self, request: web.Request, seen: Seen, unreadable: bool) -> None:
        if unreadable:
            raise ApiError(400, "The body is not JSON")
        if self.strict and seen.violations:
            status = 415 if any(text.startswith("header Content-Type") for text in seen.violations) else 400
            raise ApiError(status, f"contract: {'; '.join(seen.violations)}")

    def _success(self, request_id: str, answer: Any) -> web.Response:
        response = _json(answer.status, answer.body, request_id)
        response.headers.update(answer.headers)
        return response

    def _error(self, request_id: str, error: ApiError) -> web.Response:
        body = {"requestId": request_id, "message": error.message}
        if error.provider_message is not None:
            body["providerMessage"] = error.provider_message
        return _json(error.status, body, request_id)


def _json(status: int, body: Any, request_id: str) -> web.Response:
    headers = {"Elements-Request-Id": request_id, "Access-Control-Expose-Headers": EXPOSE_HEADERS}
    if body is MISSING:
        return web.Response(status=status, headers=headers)
    encoded = _encoded(body)
    return web.Response(
        status=status, body=encoded, headers={**headers, "Content-Type": "application/json;charset=UTF-8"}
    )


def _encoded(body: Any) -> bytes:
    try:
        return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair can only be sent escaped
        return json.dumps(body, separators=(",", ":")).encode()


def _below_base(path: str) -> str:
    return path.removeprefix(BASE_PATH) if path.startswith(BASE_PATH + "/") else path


def _parsed(raw: bytes) -> tuple[Any, bool]:
    """Return the body (MISSING where there is none) and whether it is unreadable."""
    if not raw.strip():
        return MISSING, False
    try:
        return json.loads(raw, parse_constant=_no_number, parse_float=_finite), False
    except (ValueError, RecursionError):
        return MISSING, True


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _violations(
    request: web.Request, operation: Operation, seen: Seen, body: Any, unreadable: bool, authorization: str
) -> list[str]:
    found = operation.check(seen.query, body) if not unreadable else ["body: not JSON"]
    if body is not MISSING and request.content_type != "application/json":
        found.append("header Content-Type: not application/json")
    return [*found, *access.violations(authorization)]
