# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Find and read the files of an account. This is the only part of the reader that opens files, and it writes none.

`_account_documents` calls it for what the directory describes, `_account_variables` for the file of secrets.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from ._account_nodes import Problem

SUFFIXES = (".yml", ".yaml", ".json")
LARGEST = 10_000_000
"""Bytes of one file."""


class UnreadableError(Exception):
    """A file cannot be used. It holds the problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def unreadable(file: str, text: str) -> UnreadableError:
    """Return the error for a file as a whole."""
    return UnreadableError(Problem(file, None, (), text))


@dataclass(frozen=True)
class Directory:
    """The directory of one account.

    Attributes:
        path: The path as the user gives it, which messages begin with.
    """

    path: str

    def shown(self, name: str) -> str:
        """Return a file of the directory as messages name it."""
        return os.path.join(self.path, name)

    def exists(self) -> bool:
        """Return whether it is there."""
        return os.path.isdir(self.path)

    def variants(self, stem: str) -> list[str]:
        """Return the files at the top of the directory with one of the suffixes."""
        return [stem + suffix for suffix in SUFFIXES if os.path.lexists(self.shown(stem + suffix))]

    def entries(self, folder: str) -> Iterator[tuple[str, bool]]:
        """Yield the files in a folder of the directory in the order of their names, and whether each is for documents.

        Hidden files are left out.

        Raises:
            UnreadableError: It is not a folder, leads out of the directory, or cannot be listed.
        """
        shown = self.shown(folder)
        if not os.path.lexists(shown):
            return
        self._refuse_outside(folder)
        try:
            names = sorted(os.listdir(shown))
        except OSError as error:
            raise unreadable(shown, f"It cannot be listed: {error.strerror}.") from None
        for name in names:
            if not name.startswith("."):
                yield os.path.join(folder, name), name.endswith(SUFFIXES)

    def location(self, name: str) -> str:
        """Return the real path of a file that is safe to open.

        Raises:
            UnreadableError: It leads out of the directory, is no regular file, or is too large.
        """
        self._refuse_outside(name)
        shown = self.shown(name)
        try:
            found = os.stat(shown)
        except OSError as error:
            raise unreadable(shown, f"It cannot be read: {error.strerror}.") from None
        if not stat.S_ISREG(found.st_mode):
            raise unreadable(shown, "This must be a file. Move it out of the directory.")
        if found.st_size > LARGEST:
            raise unreadable(
                shown, f"The file has more than {LARGEST} bytes. Split it, or remove what does not belong there."
            )
        return os.path.realpath(shown)

    def data(self, name: str) -> bytes:
        """Return what a file holds.

        Raises:
            UnreadableError: It cannot be read.
        """
        try:
            with open(self.location(name), "rb") as file:
                return file.read(LARGEST)
        except OSError as error:
            raise unreadable(self.shown(name), f"It cannot be read: {error.strerror}.") from None

    def text(self, name: str) -> str:
        """Return the text of a file.

        Raises:
            UnreadableError: It cannot be read, is encrypted, or is not UTF-8.
        """
        data = self.data(name)
        if is_encrypted(data):
            raise unreadable(
                self.shown(name),
                "The file is encrypted. Decrypt it, and encrypt secrets.yml alone, or single values with !vault.",
            )
        return decoded(data, self.shown(name))

    def _refuse_outside(self, name: str) -> None:
        root = os.path.realpath(self.path)
        if os.path.commonpath([root, os.path.realpath(self.shown(name))]) != root:
            raise unreadable(
                self.shown(name), "The symbolic link leads out of the directory. Put the file itself there."
            )


def is_encrypted(data: bytes) -> bool:
    """Return whether ansible-vault has encrypted a file."""
    return data.startswith(b"$ANSIBLE_VAULT;")


def decoded(data: bytes, shown: str) -> str:
    """Return the text that a file holds.

    Raises:
        UnreadableError: It is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            Problem(shown, line, (), "This is not UTF-8. Save the file with this encoding.")
        ) from None
