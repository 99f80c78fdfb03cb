# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Put the values of variables into the documents of an account.

`_account_reader` calls this after the checks. It brings what decrypts, and what knows the host. No message may hold a
value.
"""

from __future__ import annotations

import typing as t
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.disclosure import names_secret
from ansible_collections.cloud_elements.platform.plugins.module_utils._secrets.redaction import MASK

from ._account_documents import Document
from ._account_files import Directory, UnreadableError, decoded, is_encrypted, unreadable
from ._account_nodes import Encrypted, Node, Path, Problem, Variable
from ._account_yaml import parse

_SECRET_OPTIONS = ("api_key", "secret_configuration", "provider_data")
_KEPT = (("formulas", "definition"), ("formula_instances", "secret_configuration"))
"""The options in which a mask keeps the value that is there."""
_LEFT_OUT = object()


class UnknownValueError(Exception):
    """A value is not known. The message says why and what to do, after what stands for the value."""


class Values(t.Protocol):
    """Where values come from."""

    def of_variable(self, name: str) -> t.Any:
        """Return the value of a variable, or raise `UnknownValueError`."""

    def decrypted(self, encrypted: Encrypted) -> str:
        """Return a value that is encrypted by itself, or raise `UnknownValueError`."""


def resolve(
    documents: Iterable[Document], values: Values, *, secrets: bool
) -> tuple[dict[str, list[dict[str, t.Any]]], list[Problem]]:
    """Return the options of each document by kind, with values in place of variables, and what is wrong with these.

    Args:
        documents: The documents.
        values: Where the values come from.
        secrets: Whether secrets are wanted. If not, null comes in the place of each that is not written there.
    """
    resolver = _Resolver(values, secrets=secrets)
    found: dict[str, list[dict[str, t.Any]]] = {}
    for document in documents:
        found.setdefault(document.kind, []).append(resolver.options(document))
    return found, resolver.problems


class _Resolver:
    """Resolves documents, and collects the problems of all."""

    def __init__(self, values: Values, *, secrets: bool) -> None:
        self._values = values
        self._secrets = secrets
        self.problems: list[Problem] = []

    def options(self, document: Document) -> dict[str, t.Any]:
        """Return the options of a document."""
        entries = document.node.entries
        exempt = _texts(entries.get("plain_keys"))
        options = {}
        for option, node in entries.items():
            path = (*document.path, option)
            if option == "configuration" and document.kind in ("instances", "formula_instances"):
                options[option] = self._configuration(document, node, path, exempt)
            else:
                keeps = (document.kind, option) in _KEPT
                secret = option in _SECRET_OPTIONS and not keeps
                options[option] = self._value(document, node, path, secret=secret, unknown=MASK if keeps else None)
        return options

    def _configuration(self, document: Document, node: Node, path: Path, exempt: Container[str]) -> t.Any:
        """Return a configuration. A key of it that names a secret takes one, as in `secret_configuration`."""
        if not isinstance(node.value, Mapping):
            return self._value(document, node, path, secret=False)
        found = {}
        for key, entry in node.entries.items():
            secret = names_secret(key) and key not in exempt
            # Null would be a value. Left out, it is left alone.
            unknown = MASK if document.kind == "formula_instances" else _LEFT_OUT
            if entry.deferred and secret and not self._secrets:
                value = unknown
            else:
                value = self._value(document, entry, (*path, key), secret=secret, unknown=unknown)
            if value is not _LEFT_OUT:
                found[key] = value
        return found

    def _value(self, document: Document, node: Node, path: Path, *, secret: bool, unknown: t.Any = None) -> t.Any:
        """Return a value.

        Args:
            document: The document that it is in.
            node: Where it is written.
            path: Where it is in the document.
            secret: Whether it is a secret.
            unknown: What comes in its place if secrets are not wanted and its variable is not known without them. None
                if that is a problem.
        """
        if isinstance(node.value, Mapping):
            return {
                key: self._value(document, entry, (*path, key), secret=secret, unknown=unknown)
                for key, entry in node.entries.items()
            }
        if isinstance(node.value, list):
            return [
                self._value(document, entry, (*path, position), secret=secret, unknown=unknown)
                for position, entry in enumerate(node.items)
            ]
        if not node.deferred:
            return node.value
        if secret and not self._secrets:
            return None
        try:
            value = value_of(node.value, self._values)
        except UnknownValueError as error:
            if unknown is not None and not self._secrets:
                return unknown
            text = str(error)
        else:
            if not secret or not is_blank(value):
                return value
            text = f"{_named(node.value)} is empty. Fill it in."
        self.problems.append(Problem(document.file, node.line, path, text))
        return None


@dataclass(frozen=True)
class SecretsFile:
    """The file of secrets.

    Attributes:
        name: Its name, as messages show it.
        variables: Its variables.
        encrypted: Whether ansible-vault has encrypted it.
    """

    name: str
    variables: Mapping[str, Node]
    encrypted: bool

    @property
    def is_exposed(self) -> bool:
        """Whether it holds values that everybody who has the file can read."""
        written = (node for node in self.variables.values() if not node.deferred)
        return not self.encrypted and not all(is_blank(node.value) for node in written)


def read_secrets(directory: Directory, decrypt: t.Callable[[str, str], str]) -> SecretsFile:
    """Return the file of secrets. One that does not exist has no variables.

    Args:
        directory: The directory of the account.
        decrypt: Returns the text of an encrypted file, given its real path and its name for messages.

    Raises:
        UnreadableError: It cannot be read, or something is wrong with it.
    """
    names = directory.variants("secrets")
    if not names:
        return SecretsFile(directory.shown("secrets.yml"), {}, encrypted=False)
    shown = directory.shown(names[0])
    if len(names) > 1:
        raise unreadable(shown, f"There is {names[1]} too. Keep one of them.")
    data = directory.data(names[0])
    encrypted = is_encrypted(data)
    text = decrypt(directory.location(names[0]), shown) if encrypted else decoded(data, shown)
    node, problems = parse(text, shown)
    if node is not None and not isinstance(node.value, Mapping):
        problems.append(Problem(shown, node.line, (), "The file must hold variables: a mapping of names to values."))
    if problems:
        raise UnreadableError(*problems)
    return SecretsFile(shown, node.entries if node else {}, encrypted)


def value_of(deferred: Variable | Encrypted, values: Values) -> t.Any:
    """Return the value that something stands for.

    Raises:
        UnknownValueError: It is not known.
    """
    if isinstance(deferred, Encrypted):
        return values.decrypted(deferred)
    return values.of_variable(deferred.name)


def is_blank(value: t.Any) -> bool:
    """Return whether a value is certainly not a secret, but one that is still to be filled in."""
    return value is None or (isinstance(value, str) and not value.strip())


class VariableValues:
    """Values from the file of secrets, and if that has none, from the variables of a host.

    Args:
        secrets: The variables of the file of secrets.
        host: Returns the value of a variable of the host. Raises `KeyError` if there is none, and `UnknownValueError`
            if it has no value.
        decrypt: Returns the text of an encrypted value, or raises `UnknownValueError`.
        advice: What to do for a variable that is not defined, as the end of the message.
    """

    def __init__(
        self,
        secrets: Mapping[str, Node],
        host: t.Callable[[str], t.Any],
        decrypt: t.Callable[[str], str],
        advice: str,
    ) -> None:
        self._secrets = secrets
        self._host = host
        self._decrypt = decrypt
        self._advice = advice
        self._resolving: list[str] = []

    def of_variable(self, name: str) -> t.Any:
        """Return the value of a variable, or raise `UnknownValueError`. A blank in the file of secrets is no value."""
        if name in self._resolving:
            raise UnknownValueError(f"The variable {name} refers to itself. Give it a value.")
        self._resolving.append(name)
        try:
            value = self._plain(self._secrets[name]) if name in self._secrets else None
        finally:
            self._resolving.pop()
        if not is_blank(value):
            return value
        try:
            return self._host(name)
        except KeyError:
            pass
        if name in self._secrets:
            return value
        raise UnknownValueError(f"The variable {name} is not defined. {self._advice}")

    def decrypted(self, encrypted: Encrypted) -> str:
        """Return a value that is encrypted by itself, or raise `UnknownValueError`."""
        return self._decrypt(encrypted.ciphertext)

    def _plain(self, node: Node) -> t.Any:
        return node.data(lambda deferred: value_of(deferred, self))


def _named(deferred: Variable | Encrypted) -> str:
    return f"The variable {deferred.name}" if isinstance(deferred, Variable) else "The encrypted value"


def _texts(node: Node | None) -> frozenset[str]:
    return frozenset(item.value for item in (node.items if node else ()) if isinstance(item.value, str))
