# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that can be found again wherever they turn up, and the search for them. How they are hidden is not known."""

from __future__ import annotations

import base64
import dataclasses
import html
import json
import typing as t
import urllib.parse
from collections.abc import Iterable, Mapping

from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import names_secret
from ansible_collections.cloud_elements.platform.tests.emulator.values import MASK


def canary(name: str) -> str:
    """Return a secret with all that is written differently here and there, between two words that are not."""
    return f"Canary{name}A+/=' \"%41<é>&\\z~{name}Canary"


def header_canary(name: str) -> str:
    """Return a secret as the platform gives them for its headers: printable, no space, no comma."""
    return f"Canary{name}A+/='\"%41<>&\\z~{name}Canary=="


def spellings(secret: str) -> dict[str, str]:
    """Return the ways to write a secret that are looked for, by what they are called."""
    raw = secret.encode()
    quoted = urllib.parse.quote(raw, safe="")
    escaped = json.dumps(secret)[1:-1]
    ways = {
        "plain": secret,
        "quote": quoted,
        "quote, with slashes": urllib.parse.quote(raw),
        "quote_plus": urllib.parse.quote_plus(raw),
        "quote, small": _small(quoted, "%", 2),
        "quote_plus, small": _small(urllib.parse.quote_plus(raw), "%", 2),
        "encodeURIComponent": urllib.parse.quote(raw, safe="!'()*~"),
        "quoted twice": urllib.parse.quote(quoted, safe=""),
        "JSON": escaped,
        "JSON, not only ASCII": json.dumps(secret, ensure_ascii=False)[1:-1],
        "JSON, large": _large(escaped),
        "JSON in JSON": json.dumps(escaped)[1:-1],
        "HTML": html.escape(secret),
        "HTML, with numbers": html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        "HTML, but for quotes": html.escape(secret, quote=False),
        "repr": repr(secret)[1:-1],
        "ascii": ascii(secret)[1:-1],
        "bytes": repr(raw)[2:-1],
        "base64": base64.b64encode(raw).decode().rstrip("="),
        "base64, for URLs": base64.urlsafe_b64encode(raw).decode().rstrip("="),
        "hex": raw.hex(),
        "hex, large": raw.hex().upper(),
    }
    for before in (1, 2):
        # Not the last character: it depends on what follows. Nor the first ones, which depend on what is before.
        inside = slice(before + 1, (before + len(raw)) * 8 // 6)
        ways[f"base64, {before} on"] = base64.b64encode(bytes(before) + raw).decode()[inside]
        ways[f"base64 for URLs, {before} on"] = base64.urlsafe_b64encode(bytes(before) + raw).decode()[inside]
    return ways


def _small(text: str, mark: str, size: int) -> str:
    first, *others = text.split(mark)
    return mark.join([first, *(part[:size].lower() + part[size:] for part in others)])


def _large(text: str) -> str:
    first, *others = text.split("\\u")
    return "\\u".join([first, *(part[:4].upper() + part[4:] for part in others)])


@dataclasses.dataclass
class Search:
    """Looks for secrets in all that is shown to it, and remembers where it looked.

    C(secrets) are the secrets by name. A canary counts as found by one half of it already.
    """

    secrets: dict[str, str] = dataclasses.field(default_factory=dict)
    places: dict[str, int] = dataclasses.field(default_factory=dict)
    found: list[str] = dataclasses.field(default_factory=list)
    runs: int = 0

    def know(self, **secrets: str) -> None:
        """Look for these too from now on."""
        self.secrets.update(secrets)

    @property
    def needles(self) -> dict[str, str]:
        """What is looked for, by what it is called."""
        return {
            f"{name} ({way})": spelled
            for name, secret in self.secrets.items()
            for way, spelled in [*spellings(secret).items(), *_halves(secret)]
        }

    def look(self, place: str, text: str) -> None:
        """Look for every spelling of every secret in a text."""
        self.places[place] = self.places.get(place, 0) + len(text)
        self.found += [f"{what} in {place}" for what, needle in self.needles.items() if needle in text]

    def add(self, other: Search) -> None:
        """Take over what another search looked for, and where."""
        self.secrets.update({secret: secret for secret in other.secrets.values()})
        for place, size in other.places.items():
            self.places[place] = self.places.get(place, 0) + size
        self.runs += other.runs

    def __str__(self) -> str:
        ways = len(next((spellings(secret) for secret in self.secrets.values()), {}))
        where = ", ".join(f"{place} ({size})" for place, size in sorted(self.places.items()))
        return f"{len(self.secrets)} secrets in {ways} spellings each, characters by place: {where}"


def _halves(secret: str) -> Iterable[tuple[str, str]]:
    if secret.startswith("Canary"):
        yield "its beginning", secret[: secret.index("+")]
        yield "its end", secret[secret.index("~") + 1 :].rstrip("=")


class Planter:
    """Replaces secrets by canaries, the same by the same."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def options(self, given: Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return the options of a task, or of an instance that is there, with a canary for each secret."""
        planted = dict(given)
        for option in ("api_key", "secret_configuration", "provider_data", "oauth_api_secret"):
            if planted.get(option):
                planted[option] = self.value(planted[option])
        if planted.get("configuration"):
            planted["configuration"] = {
                key: self.value(value) if names_secret(key) else value
                for key, value in planted["configuration"].items()
            }
        if planted.get("instances"):
            planted["instances"] = [self.options(item) for item in planted["instances"]]
        return planted

    def value(self, given: t.Any) -> t.Any:
        """Return a value with a canary for each text in it. What is empty or a mask stays."""
        if isinstance(given, Mapping):
            return {key: self.value(value) for key, value in given.items()}
        if not isinstance(given, str) or given in ("", MASK):
            return given
        if given not in self.planted:
            self.planted[given] = canary(f"n{len(self.planted)}n")
        return self.planted[given]
