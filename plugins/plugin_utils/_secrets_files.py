# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Read the files of secrets, and say what becomes of them. It writes nothing.

The action plugins `cloud_elements_account_dir` and `cloud_elements_fleet_file` call this.
"""

from __future__ import annotations

import os.path
import typing as t
from collections.abc import Mapping, Sequence

from ansible.errors import AnsibleError

from ._secrets_form import ChangeError, FormError, SecretsPlan, missing_path, plan, variables_in


def plan_files(path: str, secrets: Sequence[Mapping[str, str]], loader: t.Any, *, partial: bool = False) -> SecretsPlan:
    """Return what becomes of a file of secrets and of the file beside it.

    Args:
        path: The file of secrets, which need not be there.
        secrets: What the export needs, each with its `variable` and `purpose`.
        loader: Ansible's loader, which decrypts.
        partial: Whether there are more secrets than these, so that variables in the file beside it stay.

    Raises:
        FormError: One of them cannot be read, or must not be changed. The message names it, and holds no value.
    """
    beside = missing_path(path)
    kept, missing = _read(path, loader), _read(beside, loader)
    try:
        return plan(secrets, kept, missing, partial=partial)
    except ChangeError as error:
        raise FormError(
            f"{beside} has to be changed, but {error}. Move what it has to {path}, and remove it."
        ) from None


def _read(path: str, loader: t.Any) -> str | None:
    """Return the text of a file of variables, decrypted if it is encrypted, or None if there is none."""
    if not os.path.exists(path):
        return None
    try:
        text = str(loader.get_text_file_contents(path))
    except AnsibleError:
        raise FormError(
            f"{path} cannot be read or decrypted, so it is not known which secrets it has. If ansible-vault has "
            "encrypted it, give its password, for example with --ask-vault-pass."
        ) from None
    try:
        variables_in(text)
    except FormError as error:
        raise FormError(f"{path} is not a file of secrets: {error}. Give another one.") from None
    return text
