# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Own tables of options, and say which values of options are secret. Pure.

Each kind of resource has its table. `_module` hands it to Ansible.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .disclosure import may_be_shown
from .redaction import MASK


@dataclass(frozen=True)
class Options:
    """A table of options in the form of Ansible's argument spec, with the rules that Ansible itself can check."""

    spec: Mapping[str, Mapping[str, t.Any]]
    required_one_of: tuple[tuple[str, ...], ...] = ()
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    """The environment variable that stands in for an option, by option."""

    @property
    def secret(self) -> tuple[str, ...]:
        """The options whose values must not be shown."""
        return tuple(name for name, entry in self.spec.items() if entry.get("no_log"))

    def __add__(self, other: Options) -> Options:
        """Return both tables as one."""
        return Options(
            spec={**self.spec, **other.spec},
            required_one_of=self.required_one_of + other.required_one_of,
            mutually_exclusive=self.mutually_exclusive + other.mutually_exclusive,
            fallbacks={**self.fallbacks, **other.fallbacks},
        )


CLASSIFIED = ("configuration", "settings")
"""The options whose keys and values decide what of them is secret. They are `no_log` for the system log."""


def secrets_in(params: Mapping[str, t.Any], options: Options) -> Iterator[t.Any]:
    """Yield the values of a task's options that no message may show, but for those of nested options."""
    for name in options.secret:
        if "options" in options.spec[name]:
            continue
        if name in CLASSIFIED:
            plain_keys = params.get("plain_keys") or ()
            yield from (
                value
                for key, value in (params.get(name) or {}).items()
                if not isinstance(value, bool) and not may_be_shown(key, value, plain_keys, given=True)
            )
        else:
            yield params.get(name)


def may_be_secret(params: Mapping[str, t.Any], options: Options) -> Iterator[t.Any]:
    """Yield all values that may be secret in options that were refused, whatever their types: those of secret options,
    also in the items of a list, and those of options that there are none of, as their names may be misspelled."""
    for name, value in params.items():
        entry = options.spec.get(name, {"no_log": True})
        if "options" in entry:
            for item in value if isinstance(value, list) else [value]:
                nested = isinstance(item, Mapping)
                yield from may_be_secret(item, Options(entry["options"])) if nested else (item,)
        elif entry.get("no_log"):
            yield value


def invocation(params: Mapping[str, t.Any], options: Options, given: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the options of a task as they may be shown at `-vvv`.

    Of a secret mapping, show the keys. Of a secret list, show the number of items. Of a secret text, show nothing. An
    option that does not exist counts as secret: its name may be misspelled.

    Args:
        params: The options as they are used.
        options: The table of options.
        given: The options as they were given. A mapping may have been a text, with a secret as its key.
    """
    # A password in it is refused, but would be shown with the refusal.
    if "@" in str(params["base_url"]):
        params = {**params, "base_url": MASK}
    hidden = {*options.secret, *params.keys() - options.spec.keys()}
    return {
        "module_args": {
            name: _masked(given.get(name, value)) if name in hidden else value for name, value in params.items()
        }
    }


def _masked(value: t.Any) -> t.Any:
    if value is None:
        return None
    if isinstance(value, list):
        return f"{len(value)} items"
    return dict.fromkeys(value, MASK) if isinstance(value, Mapping) else MASK
