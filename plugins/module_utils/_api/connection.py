# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check and complete the connection options: the URL of the platform, the secrets, and the limits in time.

The module runner and the lookup call `connection_from` once for a task. Nothing here sends a request. The only I/O is
the check whether `ca_path` exists.
"""

from __future__ import annotations

import ipaddress
import os.path
import re
import typing as t
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._core.errors import invalid

API_PATH = "/elements/api-v2"
DEFAULT_BASE_URL = f"https://api.cloud-elements.com{API_PATH}"

_LONGEST = 1_000_000
"""Maximum seconds of an option: eleven days."""

_SECRET = re.compile(r"[\x21-\x2b\x2d-\x7e]+")


def is_sendable(secret: str) -> bool:
    """Return whether a secret or token can be part of the Authorization header.

    White space, commas and other characters would break the header, or change its meaning.
    """
    return _SECRET.fullmatch(secret) is not None


@dataclass(frozen=True)
class Connection:
    """The connection options of a task.

    Attributes:
        timeout: Maximum duration of one request in seconds.
        retries: Maximum number of times that a request is sent again.
        deadline: Maximum duration of the whole task in seconds, or None if there is no limit.
    """

    base_url: str
    user_secret: str = field(repr=False)
    organization_secret: str = field(repr=False)
    validate_certs: bool
    ca_path: str | None
    timeout: float
    retries: int
    deadline: float | None

    @property
    def host(self) -> str:
        """The host and port, for messages."""
        return urllib.parse.urlsplit(self.base_url).netloc

    @property
    def is_plain(self) -> bool:
        """Whether the connection is plain HTTP, which is allowed only to this host itself."""
        return self.base_url.startswith("http://")

    @property
    def is_usual(self) -> bool:
        """Whether the base URL ends with the usual path of the platform's API."""
        return self.base_url.endswith(API_PATH)


def connection_from(params: Mapping[str, t.Any]) -> Connection:
    """Build the connection from the options of a task.

    Args:
        params: The options of the module or lookup, with variables and environment variables applied.

    Raises:
        CloudElementsError: `invalid_options` if a secret or URL is missing, empty or unusable, or a number is out of
            range.
    """
    for option in ("timeout", "deadline"):
        value = params[option]
        if value is not None and not 0 < value < _LONGEST:
            raise invalid(
                f"{option} is {value}: it has to be a number of seconds, greater than 0 and less than {_LONGEST}."
            )
    if params["retries"] < 0:
        raise invalid(f"retries is {params['retries']}: it has to be 0 or more.")
    ca_path = params["ca_path"]
    if ca_path is not None and not os.path.exists(ca_path):
        raise invalid(f"ca_path is {ca_path!r}: there is no such file or directory on the host where the module runs.")
    return Connection(
        base_url=complete_base_url(params["base_url"]),
        user_secret=_secret(params, "user_secret"),
        organization_secret=_secret(params, "organization_secret"),
        validate_certs=params["validate_certs"],
        ca_path=ca_path,
        timeout=params["timeout"],
        retries=params["retries"],
        deadline=params["deadline"],
    )


def _secret(params: Mapping[str, t.Any], option: str) -> str:
    """Return a connection secret.

    Raises:
        CloudElementsError: `invalid_options` if the secret is missing, empty or unusable. The message never contains
            the secret.
    """
    value: str | None = params[option]
    if value is None:
        raise invalid(
            f"{option} is missing. Give it as an option, in the variable cloud_elements_{option}, or in the environment"
            f" variable CLOUD_ELEMENTS_{option.upper()} of the host where this runs: for a module the host of the task,"
            " for a lookup the controller. For modules, module_defaults work too (group/cloud_elements.platform.all)."
        )
    if not value:
        raise invalid(f"{option} is empty. If it comes from a variable, that one is empty.")
    if not is_sendable(value):
        raise invalid(
            f"{option} holds white space, a comma, or a character that is not printable ASCII, which no secret of the "
            "platform does. Look for a line break or a quote that came along when it was copied."
        )
    return value


def complete_base_url(given: str | None) -> str:
    """Complete the base URL, and remove a trailing slash.

    Args:
        given: `https://HOST/elements/api-v2`, `https://HOST` or `HOST`, or None for the default. The vendor's own tools
            differ in the forms that they accept.

    Raises:
        CloudElementsError: `invalid_options` for any other form, and for plain HTTP to another host than this one.
    """
    if given is None:
        return DEFAULT_BASE_URL
    text = given.strip()
    if not text:
        raise invalid("base_url is empty. Leave it out for the US production platform, or give the URL of your region.")
    if "://" not in text:
        text = f"https://{text}"
    if "@" in text:
        raise invalid("base_url holds a user name or password. Secrets belong in user_secret and organization_secret.")
    if "?" in text or "#" in text:
        raise invalid("base_url has a query or a fragment. It has to end with the path.")
    try:
        parts = urllib.parse.urlsplit(text)
    except ValueError:
        raise invalid("base_url is not a URL: its host or port cannot be read.") from None
    if parts.scheme not in ("https", "http") or re.search(r"[\s\\]", text) or not text.isprintable():
        raise invalid(f"base_url is {given!r}: it must look like https://HOST{API_PATH}, or be the host alone.")
    host = _host_of(parts.netloc)
    if parts.scheme == "http" and not _is_loopback(host):
        raise invalid(f"base_url is {given!r}: over plain HTTP the secrets could be read on the way. Use https.")
    path = parts.path.rstrip("/") or API_PATH
    return f"{parts.scheme}://{parts.netloc}{path}"


_AUTHORITY = re.compile(
    r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[\w-]+(?:\.[\w-]+)*\.?))(?::(?P<port>[1-9][0-9]{0,4}))?"
)


def _host_of(authority: str) -> str:
    """Extract the host from the authority of a URL.

    The host that is checked here must be the host that the HTTP library connects to. Parsers disagree about anything
    but a host and a port, such as `[::1]evil.example`, so all of it is refused.

    Raises:
        CloudElementsError: `invalid_options` if the authority is not a host with an optional port.
    """
    match = _AUTHORITY.fullmatch(authority)
    if match is None or not _is_address(match["address"]) or int(match["port"] or 443) >= 2**16:
        raise invalid(
            "base_url has no host that can be used. It must be a name or an IP address, which stands in brackets if it "
            f"is IPv6, and may have a port: https://HOST:PORT{API_PATH}."
        )
    return (match["address"] or match["name"]).lower()


def _is_address(text: str | None) -> bool:
    """Return whether the text in brackets is an IPv6 address, or there is none."""
    try:
        return text is None or ipaddress.IPv6Address(text) is not None
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    """Return whether a host name or address means this host itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
