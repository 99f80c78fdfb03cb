# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: no promise is made to code outside of it.

"""Write files into one directory: all of them are planned first, and each is replaced as a whole.

Whatever writes files on the controller calls this. It knows no kind of resource.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PUBLIC, PRIVATE = 0o644, 0o600
"""The modes of new files."""


class WriteError(Exception):
    """A file must not or cannot be written. The message names it."""


@dataclass(frozen=True)
class Change:
    """What becomes of one file.

    Attributes:
        name: The path within the directory.
        before: What the file holds. None if there is none.
        after: What it will hold. None if it goes.
        mode: The mode of a new file.
    """

    name: str
    before: str | None
    after: str | None
    mode: int = PUBLIC


@dataclass(frozen=True)
class Directory:
    """A directory, out of which no file is written.

    Attributes:
        path: Its absolute path.
    """

    path: str

    def shown(self, name: str) -> str:
        """Return the path of a file as messages name it."""
        return os.path.join(self.path, name)

    def read(self, name: str) -> str | None:
        """Return the text of a file, or None if there is none. What is not UTF-8 comes with signs in its place.

        Raises:
            WriteError: It leads out of the directory, is not a file, or cannot be read.
        """
        path = self._location(name)
        try:
            with open(path, encoding="utf-8", errors="replace", newline="") as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WriteError(f"{self.shown(name)} cannot be read: {error.strerror}.") from None

    def names(self, folder: str = "") -> list[str]:
        """Return the paths of what is in a folder of the directory, sorted. There may be no such folder.

        Raises:
            WriteError: It leads out of the directory, is not a folder, or cannot be listed.
        """
        try:
            found = sorted(os.listdir(self._location(folder, stat.S_ISDIR)))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise WriteError(f"{self.shown(folder)} cannot be listed: {error.strerror}.") from None
        return [os.path.join(folder, name) for name in found]

    def is_link(self, name: str) -> bool:
        """Tell whether a file is a symbolic link."""
        return os.path.islink(self.shown(name))

    def apply(self, changes: Iterable[Change]) -> None:
        """Write and remove files. What somebody else has written since they were read stays.

        Raises:
            WriteError: One of them cannot be written. Those before it are, and the message names them.
        """
        done: list[str] = []
        for change in changes:
            try:
                self._apply(change)
            except WriteError as error:
                before = f" Before it, this was written: {', '.join(done)}." if done else ""
                raise WriteError(f"{error}{before}") from None
            done.append(change.name)

    def _apply(self, change: Change) -> None:
        path, shown = self._location(change.name), self.shown(change.name)
        others = f"{shown} was written by somebody else in the meantime, so it is left as it is. Run again."
        if self.read(change.name) != change.before:
            raise WriteError(others)
        try:
            if change.after is None:
                os.unlink(path)
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                _replace(path, change.after, change.mode, new=change.before is None)
        except FileExistsError:
            raise WriteError(others) from None
        except OSError as error:
            raise WriteError(f"{shown} cannot be written: {error.strerror}.") from None

    def _location(self, name: str, is_right: Callable[[int], bool] = stat.S_ISREG) -> str:
        """Return the real path of a file or folder, which need not be there."""
        root = os.path.realpath(self.path)
        path = os.path.realpath(os.path.join(root, name))
        if os.path.commonpath([root, path]) != root:
            raise WriteError(
                f"{self.shown(name)} leads out of the directory by a symbolic link. Put the file itself there."
            )
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if not is_right(os.stat(path).st_mode):
                kind = "file" if is_right is stat.S_ISREG else "folder"
                raise WriteError(f"{self.shown(name)} has to be a {kind}, or not there yet. Move it elsewhere.")
        return path


def given_path(option: str, given: str) -> str:
    """Return the absolute path that an option names.

    Raises:
        WriteError: It is blank.
    """
    if not given.strip():
        raise WriteError(f"{option} is empty. If it comes from a variable, that one is empty.")
    return os.path.abspath(given)


def _replace(path: str, text: str, mode: int, *, new: bool) -> None:
    """Replace a file as a whole. Its mode stays. Nobody else can read the new file before it has the right mode.

    Raises:
        FileExistsError: It was to be a new file, and there is one by now.
    """
    with contextlib.suppress(FileNotFoundError):
        mode = stat.S_IMODE(os.stat(path).st_mode)
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".cloud_elements_")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            os.fchmod(file.fileno(), mode)
        if new:
            _link(temporary, path)
        else:
            os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _link(temporary: str, path: str) -> None:
    """Give a file its name, unless the name is taken. Some file systems have no links: they get a look before."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.replace(temporary, path)
    else:
        os.unlink(temporary)
