# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check options as they were given, before Ansible converts them. Pure."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping

from .._core.errors import invalid
from .._core.text import nearest, quote
from .._secrets.argument_spec import Options


def refuse_texts(given: Mapping[str, t.Any], options: Options, where: str = "") -> None:
    """Raise `invalid_options` if a text was given for an option that takes a mapping with secrets.

    Ansible takes a text apart into keys and values at each `=`. A part of a secret would become a key, and keys are
    shown. JSON is accepted, as a command line has no other way.

    Args:
        given: The options as they were given.
        options: The table of options.
        where: The item that the options belong to, as the beginning of the message.
    """
    for name, value in given.items():
        entry = options.spec.get(name, {})
        if "options" in entry and value is not None:
            for position, item in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(item, Mapping):
                    raise invalid(f"{name} must be a list of mappings, and {name}[{position}] is not a mapping.")
                refuse_texts(item, Options(entry["options"]), f"{name}[{position}]: ")
        elif name in ("secret_configuration", "provider_data") and _is_no_json_object(value):
            raise invalid(f"{where}{name} must be a mapping of keys and values, or one as JSON. It is a text.")


def _is_no_json_object(value: t.Any) -> bool:
    return isinstance(value, str) and not value.lstrip().startswith("{")


def misspelled_choices(given: Mapping[str, t.Any], options: Options, where: str = "") -> Iterator[str]:
    """Yield a question for each value that is not a choice of its option, but is like one."""
    for name, value in given.items():
        entry = options.spec.get(name, {})
        if "options" in entry:
            for position, item in enumerate(value if isinstance(value, list) else ()):
                if isinstance(item, Mapping):
                    yield from misspelled_choices(item, Options(entry["options"]), f"{name}[{position}]: ")
        elif "choices" in entry and isinstance(value, str) and value not in entry["choices"]:
            near = nearest(value, entry["choices"])
            if near is not None:
                yield f"{where}{name}: did you mean {quote(near)}?"
