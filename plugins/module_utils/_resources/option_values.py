# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check single values of options, for all kinds of resources. Pure."""

from __future__ import annotations

import math
import re
import typing as t
from collections.abc import Iterable, Mapping

from .._api.models import LARGEST_ID
from .._core.errors import invalid
from .._core.strict_json import DEEPEST, is_too_deep
from .._core.text import quote
from .._secrets.masks import holds_mask


def id_from(given: int | None, option: str = "id") -> int | None:
    """Return an id of the platform.

    Raises:
        CloudElementsError: `invalid_options` if the platform has no such ids.
    """
    # Ansible takes true and false for numbers.
    if given is not None and (isinstance(given, bool) or not 0 < given <= LARGEST_ID):
        raise invalid(f"{option} is {quote(str(given))}: the platform's ids are positive numbers of at most 19 digits.")
    return given


def name_from(given: str | None, option: str = "name") -> str | None:
    """Return a name that the platform keeps as it is.

    Raises:
        CloudElementsError: `invalid_options` for a name that the platform would change, or that looks like another one.
    """
    if given is None:
        return None
    if not given.strip():
        raise invalid(f"{option} is empty. If it comes from a variable, that one is empty.")
    refuse_changed(given, option)
    if given != given.strip():
        raise invalid(
            f"{option} is {quote(given)}: white space at its ends would make it look like another name. Remove it."
        )
    return given


def refuse_changed(text: str, option: str) -> None:
    """Raise for what the platform takes out of a text: HTML (vendor acceptance suite, elements/instances.js)."""
    if "<" in text:
        raise invalid(
            f"{option} holds {quote(text)}: the platform strips HTML, so it would be stored otherwise. Use no '<' in "
            "it."
        )
    if not text.isprintable():
        raise invalid(f"{option} holds {quote(text)}: it has a character that cannot be seen. Remove it.")


def secret_value(value: t.Any, where: str) -> t.Any:
    """Return a secret value that may be sent, or raise: an unset variable must not wipe what is stored."""
    if value is None or value in ([], {}) or (isinstance(value, str) and not value.strip()):
        raise invalid(f"{where} is empty. If it comes from a variable, that one is empty.")
    refuse_unsendable(value, where)
    refuse_white_space(value, where)
    return value


def refuse_white_space(value: t.Any, where: str) -> None:
    """Raise if a secret of one line, or one within it, has white space at its ends. A PEM needs its last newline."""
    if isinstance(value, str) and value != value.strip() and len(value.strip().splitlines()) <= 1:
        raise invalid(
            f"{where} has white space at its ends, such as a line break of the file that it was read from. Remove it, "
            "for example with the filter trim."
        )
    for child in _children(value):
        refuse_white_space(child, where)


def refuse_unsendable(value: t.Any, where: str) -> None:
    """Raise if a value must not be sent: a mask would replace the secret, and JSON does not have NaN."""
    if is_too_deep(value):
        raise invalid(f"{where} is nested more than {DEEPEST} levels deep.")
    if holds_mask(value):
        raise invalid(
            f"{where} is or holds a mask, which is shown in place of a secret. Sending it would replace the secret. "
            "Leave the key out, or give the secret itself."
        )
    refuse_unstorable(value, where)


def refuse_unstorable(value: t.Any, where: str) -> None:
    """Raise if a value, or one within it, is one that JSON or the platform cannot hold."""
    if isinstance(value, str) and re.search("[\ud800-\udfff]", value):
        raise invalid(f"{where} holds half a character (a surrogate), which cannot be stored.")
    if isinstance(value, float) and not math.isfinite(value):
        raise invalid(f"{where} is not a finite number, which JSON does not have.")
    for child in _children(value):
        refuse_unstorable(child, where)


def _children(value: t.Any) -> Iterable[t.Any]:
    return value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
