# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Read an account from its directory, with the values of its variables.

The lookup `cloud_elements_account_dir` and the action plugin `cloud_elements_account_provision` call this.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ansible.errors import AnsibleError, AnsibleUndefinedVariable, AnsibleValueOmittedError
from ansible.parsing.vault import EncryptedString

from ._account_checks import check
from ._account_documents import read
from ._account_files import Directory, UnreadableError, unreadable
from ._account_kinds import KINDS_BY_NAME
from ._account_nodes import Problem
from ._account_variables import UnknownValueError, VariableValues, read_secrets, resolve
from ._places import expanded

_NO_PASSWORD = "If ansible-vault has encrypted it, give its password, for example with --ask-vault-pass."


class UnusableAccountError(ValueError):
    """The directory cannot be used. The message names all problems, with file and line, and shows no value."""


@dataclass(frozen=True)
class AccountReader:
    """Reads the directories of accounts.

    Attributes:
        variables: The variables of the host.
        template: Returns a variable with the templates in it resolved.
        load: Returns the text of a file, decrypted if ansible-vault has encrypted it.
        warn: Shows the user a warning.
    """

    variables: Mapping[str, t.Any]
    template: Callable[[t.Any], t.Any]
    load: Callable[[str], str]
    warn: Callable[[str], None]

    def read(
        self, path: str, include: Collection[str] = tuple(KINDS_BY_NAME), *, secrets: bool = True
    ) -> dict[str, t.Any]:
        """Return the options of each resource that a directory describes, by kind.

        Args:
            path: The directory. A relative path starts in the current directory.
            include: The kinds to read. The others are empty.
            secrets: Whether the values of secrets are wanted. If not, `secrets.yml` is not opened.

        Raises:
            UnusableAccountError: Something is wrong with it.
        """
        directory = Directory(expanded(path))
        account = check(*read(directory, include), include)
        _refuse(directory, account.problems)
        try:
            values = self._values(directory, secrets=secrets)
        except UnreadableError as error:
            _refuse(directory, error.problems)
        found, problems = resolve(account.documents, values, secrets=secrets)
        _refuse(directory, problems)
        return {kind: found.get(kind, []) for kind in KINDS_BY_NAME}

    def _values(self, directory: Directory, *, secrets: bool) -> VariableValues:
        if not secrets:
            advice = "Define it as a variable of the host. secrets.yml is not read."
            return VariableValues({}, self._of_host, _decrypted, advice)
        file = read_secrets(directory, self._decrypted_file)
        if file.is_exposed:
            self.warn(f"{file.name} holds secrets and is not encrypted: ansible-vault encrypt {file.name}")
        advice = f"Define it in {file.name}, or as a variable of the host."
        return VariableValues(file.variables, self._of_host, _decrypted, advice)

    def _of_host(self, name: str) -> t.Any:
        try:
            return self.template(self.variables[name])
        except AnsibleValueOmittedError:
            raise KeyError(name) from None
        except AnsibleUndefinedVariable as error:
            raise UnknownValueError(f"The variable {name} cannot be resolved: {error.message}") from None
        except AnsibleError:  # Its message may quote the template, or what a lookup returned.
            raise UnknownValueError(
                f"The variable {name} cannot be resolved. A task that uses it, such as one of debug, shows why."
            ) from None

    def _decrypted_file(self, path: str, shown: str) -> str:
        """Return the text of an encrypted file."""
        try:
            return str(self.load(path))
        except AnsibleError:
            raise unreadable(shown, f"The file cannot be decrypted. {_NO_PASSWORD}") from None


def _decrypted(ciphertext: str) -> str:
    try:
        return str(EncryptedString(ciphertext=ciphertext))
    except AnsibleError:
        raise UnknownValueError(f"The value cannot be decrypted. {_NO_PASSWORD}") from None


def _refuse(directory: Directory, problems: Sequence[Problem]) -> None:
    """Raise if there are problems."""
    if problems:
        raise UnusableAccountError("\n".join([f"The account in {directory.path} cannot be used.", *map(str, problems)]))
