# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Own the text of the files that an export wants to have filled in. Pure; `_secrets_files` reads the files.

A file in which somebody has filled in anything is never rewritten, so no value is ever lost. Values are not read
either: of each variable, only its name counts, and whether it has a value.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from ._account_layout import MARKER

_FORM = f"""\
---
# The secrets of a fleet of element instances, {MARKER}. They are empty: fill each in
# between its quotes, remove what is not used, and encrypt the file before it goes anywhere:
#   ansible-vault encrypt secrets.yml
# Ansible takes values for templates. A secret that holds two opening braces, or one and a percent or number sign, needs
# !unsafe before its quotes.
# Keep the quotes: without them, 012345 becomes another number, and true and no are not texts. Between them, write a
# backslash as \\\\ and a double quote as \\".
"""

_MISSING = f"""\
---
# Secrets that the file of secrets does not have, {MARKER}. Move each variable there by
# hand and fill it in there. Every export rewrites or removes this file, unless a value is filled in here.
"""

_NULL = "tag:yaml.org,2002:null"


class FormError(ValueError):
    """A text is not a file of variables. The message says why, and holds no value."""


class ChangeError(ValueError):
    """A file would have to be changed, and must not be. The message says why, and holds no value."""


@dataclass(frozen=True)
class SecretsPlan:
    """What becomes of the two files.

    Attributes:
        form: The text of the new file of secrets, None if it exists.
        missing: The text of the file beside it, None if it stays as it is or is not needed.
        remove_missing: Whether the file beside it goes.
        lacking: The variables that the file of secrets does not have.
    """

    form: str | None
    missing: str | None
    remove_missing: bool
    lacking: tuple[str, ...]


def missing_path(path: str) -> str:
    """Return where the secrets go that a file does not have: `secrets.missing.yml` for `secrets.yml`."""
    stem, suffix = os.path.splitext(path)
    return f"{stem}.missing{suffix}"


def outcome(planned: SecretsPlan, path: str) -> str:
    """Say where the secrets of an export are, or are to be filled in, given the path of the file of secrets."""
    if planned.form is not None:
        return f"to be filled in in {path}"
    if not planned.lacking:
        return f"all of them in {path}"
    return f"{len(planned.lacking)} of them not in {path}: move them there from {missing_path(path)}"


def variables_in(text: str) -> dict[str, bool]:
    """Return the variables in a YAML document, and whether each has a value.

    Raises:
        FormError: The text is not a YAML mapping.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise FormError(f"it has an error in its YAML{line}") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise FormError("it is not YAML") from None
    if root is None or root.tag == _NULL:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise FormError("it is a list or a text, not variables with their values")
    return {key.value: _has_value(value) for key, value in root.value if isinstance(key, yaml.ScalarNode)}


def _has_value(node: yaml.Node) -> bool:
    return not (isinstance(node, yaml.ScalarNode) and (node.tag == _NULL or not node.value.strip()))


def plan(
    secrets: Sequence[Mapping[str, str]], kept: str | None, missing: str | None, *, partial: bool = False
) -> SecretsPlan:
    """Return what becomes of the file of secrets and of the file beside it.

    Args:
        secrets: What the export needs, each with its `variable` and `purpose`.
        kept: The text of the file of secrets, None if there is none.
        missing: The text of the file beside it, None if there is none.
        partial: Whether there are more secrets than these, so that variables in the file beside it stay.

    Raises:
        FormError: One of the texts is not a YAML mapping.
        ChangeError: The file beside it would have to be rewritten, and was filled in or written by somebody else.
    """
    present = {} if kept is None else variables_in(kept)
    beside = {} if missing is None else variables_in(missing)
    lacking = [secret for secret in secrets if kept is not None and secret["variable"] not in present]
    names = tuple(secret["variable"] for secret in lacking)
    form = _text(_FORM, secrets) if kept is None else None
    filled = sorted(name for name, has_value in beside.items() if has_value)
    if partial and missing is not None and MARKER in missing and not filled:
        entries = _entries(secret for secret in lacking if secret["variable"] not in beside)
        return SecretsPlan(form, missing + entries if entries else None, remove_missing=False, lacking=names)
    if missing is None or (MARKER in missing and not filled):
        text = _text(_MISSING, lacking) if lacking else None
        return SecretsPlan(form, text, remove_missing=missing is not None and not lacking, lacking=names)
    added = [name for name in names if name not in beside]
    if added:
        why = f"has values for {_listed(filled)}" if filled else "was not written by this playbook"
        raise ChangeError(f"it {why} and does not have {_listed(added)}")
    return SecretsPlan(form, None, remove_missing=False, lacking=names)


def _text(head: str, secrets: Sequence[Mapping[str, str]]) -> str:
    return head + (_entries(secrets) or "{}\n")


def _entries(secrets: Iterable[Mapping[str, str]]) -> str:
    return "".join(f'# {secret["purpose"]}\n{secret["variable"]}: ""\n' for secret in secrets)


def _listed(names: Sequence[str], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join([*names[:most], *([f"and {more} more"] if more > 0 else [])])
