# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is calling, and whether they may."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from .errors import ApiError
from .state import Instance, Store
from .switches import Switches

# CODE: verbatim in a descendant of this platform.
REFUSED = "Invalid Organization or User secret, or invalid Element token provided."
_SCHEMES = ("user", "organization", "element")
# What a disabled instance answers all the same (TEST, vendor acceptance suite: elements/instances.js).
OBJECTS = ("/objects", "/hubs/{hub}/objects")
_PART = re.compile(r"\s*(\w+)(:?)\s+(\S+)\s*$")


@dataclasses.dataclass(frozen=True)
class Secrets:
    user: str
    organization: str


@dataclasses.dataclass
class Caller:
    """The parts of an Authorization header: which are right, and the instance that the element token belongs to."""

    user: bool = False
    organization: bool = False
    wrong: bool = False
    token: str | None = None
    instance: Instance | None = None


def read(header: str, secrets: Secrets, store: Store, switches: Switches) -> Caller:
    """Read `User U, Organization O, Element T`, in any order (DOC authentication)."""
    caller = Caller()
    for part in header.split(","):
        match = _PART.match(part)
        if not match or (match[2] and switches.colon_after_scheme == "refused"):
            caller.wrong = caller.wrong or bool(part.strip())
            continue
        scheme, secret = match[1].lower(), match[3]
        if scheme == "user":
            caller.user = secret == secrets.user
            caller.wrong |= not caller.user
        elif scheme == "organization":
            caller.organization = secret == secrets.organization
            caller.wrong |= not caller.organization
        elif scheme == "element":
            caller.token = secret
            caller.instance = store.by_token(secret)
        else:
            caller.wrong = True
    return caller


def parts(header: str) -> Iterator[tuple[str, str]]:
    """Yield the lower-case scheme and the secret of each part of an Authorization header that has this form."""
    for part in header.split(","):
        if match := _PART.match(part):
            yield match[1].lower(), match[3]


def violations(header: str) -> list[str]:
    """Return what is not `Scheme secret` with a known scheme, each of them once. Never a secret."""
    schemes = [part.split() for part in header.split(",")] if header else []
    # CODE: one public client writes a colon after Element.
    wrong = [parts for parts in schemes if len(parts) != 2 or parts[0].lower() not in (*_SCHEMES, "element:")]
    names = [parts[0].lower().rstrip(":") for parts in schemes if parts]
    if wrong or len(names) != len(set(names)):
        return ["header Authorization: not User, Organization and Element, each with one secret"]
    return []


def check(caller: Caller, switches: Switches, kind: str, path: str) -> None:
    """Raise ApiError where this caller may not make a call of this kind: platform, catalog or element."""
    if kind == "catalog":
        if switches.catalog_auth == "forbidden":
            raise ApiError(403, "User does not have the 'viewElements' privilege.")
        if switches.catalog_auth == "open" and not caller.wrong:
            return
    if caller.wrong or not caller.user:
        raise ApiError(401, REFUSED)
    stale = caller.token is not None and caller.instance is None
    if kind == "element":
        by_token = path.startswith("/instances")
        if caller.instance is None or (by_token and not caller.organization):
            raise ApiError(401, REFUSED)
        if caller.instance.disabled and not by_token and path not in OBJECTS:
            raise ApiError(403, "The element instance is disabled.")
        return
    if not caller.organization and not (kind == "catalog" and caller.instance):
        raise ApiError(401, REFUSED)
    if stale and switches.stale_token == "everywhere":
        raise ApiError(401, REFUSED)


def require(switches: Switches, privilege: str) -> None:
    """Raise ApiError 403 without this privilege (TEST, vendor acceptance suite: organizations/rbac.js)."""
    if privilege not in switches.privileges:
        raise ApiError(403, f"User does not have the '{privilege}' privilege.")
